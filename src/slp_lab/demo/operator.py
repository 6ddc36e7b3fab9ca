"""The demo's operator: a person's part of the air-gapped and reservation steps.

A process of its own that uses only what a person has: what ``slp show`` says, the files that it
names, the web pages of CSSM, and ``slp confirm``. ``python -m slp_cli.demo_operator --help``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from slp_core.private_files import write_private
from slp_lab.demo.cssm import CssmPages, NotYet
from slp_lab.demo.onprem import OnPremPages

_LOOK_S = 1.0
_UPLOAD = re.compile(r"out/([\w.-]+)")
_DROP = re.compile(r"drop it as ([\w.-]+\w)")


class Operator:
    """Looks for steps that wait for a person, and does what they say.

    Args:
        inventory: as every command takes it.
        cssm: CSSM's pages.
        desk: folder for downloads.
        say: tells what is done.
        slp: runs a command line of ``slp`` and returns its exit code.
    """

    def __init__(
        self,
        inventory: Path,
        cssm: CssmPages,
        desk: Path,
        say: Callable[[str], None],
        slp: Callable[[list[str]], int],
    ) -> None:
        self._run = slp
        self._inventory = inventory
        self._cssm = cssm
        self._desk = desk
        self._say = say
        self._onprem = OnPremPages(cssm, say)
        self._uploads: dict[tuple[str, str], int] = {}
        self._done: set[tuple[str, str]] = set()

    def look(self) -> None:
        """Does whatever waits for a person and can be done now."""
        run = self._slp("show", "latest") or {}
        for router in run.get("routers", ()):
            for step in router["steps"]:
                key = (router["router"], step["step"])
                if step["state"] == "person" and key not in self._done:
                    self._attend(run["id"], router, step)
                elif step["state"] == "waiting" and "SSM On-Prem" in (step.get("where") or ""):
                    self._onprem.synchronise()

    def _attend(self, run: str, router: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        name, where = router["router"], step.get("where") or ""
        told = " ".join(step.get("instructions") or ())
        file: Path | None = None
        try:
            if "Usage Data Files" in where:
                file = self._carry_usage(run, router, step["step"], told)
            elif "Update Reserved Licenses" in where:
                file = self._update_reservation(router, told)
            elif "Enter Confirmation Code" in where:
                self._enter_code(run, router)
            elif "Authorize License-Enforced Features" in where:
                file = self._generate_slac(router, told)
            elif "SSM On-Prem" in where:
                self._onprem.attend(step["title"], told, _udi(router))
            else:
                self._say(f"{name}: I do not know how to: {told}")
                self._done.add((name, step["step"]))
                return
        except NotYet:
            return
        except (OSError, LookupError, ValueError) as error:
            self._say(f"{name}: {error}")
            return
        self._confirm(run, name, step["step"], file)

    # --- what a person does in CSSM -------------------------------------------------------------

    def _carry_usage(self, run: str, router: Mapping[str, Any], step: str, told: str) -> Path:
        """Uploads the usage report, waits for its status, downloads the acknowledgement."""
        name = router["router"]
        key = (name, step)
        if key not in self._uploads:
            out = self._folder(run, name) / "out" / _found(_UPLOAD, told)
            self._uploads[key] = self._cssm.upload_usage(out)
            self._say(f"{name}: uploaded {out.name} in CSSM")
        ack = self._cssm.acknowledgement(self._uploads[key])
        return self._drop(name, _found(_DROP, told), ack)

    def _update_reservation(self, router: Mapping[str, Any], told: str) -> Path:
        """Adds HSECK9 to what is reserved, and downloads the code."""
        pid, sn = _udi(router)
        tag = self._cssm.export_licence(pid)
        code = self._cssm.update_reservation(pid, sn, tag)
        self._say(f"{router['router']}: added {tag} to the reservation in CSSM")
        return self._drop(router["router"], _found(_DROP, told), code)

    def _enter_code(self, run: str, router: Mapping[str, Any]) -> None:
        """Enters the confirmation code that the router showed, from the file that keeps it."""
        name = router["router"]
        kept = self._folder(run, name) / "out" / "confirmation_code.txt"
        code = kept.read_text(encoding="utf-8").strip()
        self._cssm.enter_confirmation(*_udi(router), code)
        self._say(f"{name}: entered the confirmation code in CSSM")

    def _generate_slac(self, router: Mapping[str, Any], told: str) -> Path:
        """Has CSSM authorize HSECK9 for a router, and downloads the code."""
        pid, sn = _udi(router)
        code = self._cssm.generate_slac(pid, sn, self._cssm.export_licence(pid))
        self._say(f"{router['router']}: generated a SLAC in CSSM")
        return self._drop(router["router"], _found(_DROP, told), code)

    # --- what a person does at the desk -----------------------------------------------------------

    def _drop(self, router: str, name: str, data: bytes) -> Path:
        return write_private(self._desk / router / name, data)

    def _confirm(self, run: str, router: str, step: str, file: Path | None) -> None:
        extra = ["--file", str(file)] if file else []
        words = ["confirm", run, router, step, *extra]
        self._say(f"$ slp {' '.join(words)}")
        code = self._run([*words, "--by", "demo operator", "--quiet", *self._where()])
        if code == 0:
            self._done.add((router, step))
        if file is not None:
            file.unlink()

    def _folder(self, run: str, router: str) -> Path:
        shown = self._slp("show", run, router)
        if not shown:
            raise LookupError("slp show tells no folder")
        return Path(shown["folder"])

    def _slp(self, *words: str) -> dict[str, Any] | None:
        """Returns what ``slp … --json`` prints; None where it fails."""
        page, noise = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(page), contextlib.redirect_stderr(noise):
            code = self._run([*words, "--json", *self._where()])
        if code != 0:
            return None
        found: dict[str, Any] = json.loads(page.getvalue())
        return found

    def _where(self) -> list[str]:
        return ["--inventory", str(self._inventory)]


def _found(pattern: re.Pattern[str], told: str) -> str:
    match = pattern.search(told)
    if match is None:
        raise LookupError(f"the instructions name no file: {told}")
    return match[1]


def _udi(router: Mapping[str, Any]) -> tuple[str, str]:
    before = router["before"]
    return str(before["udi.pid"]), str(before["udi.sn"])


def main(slp: Callable[[list[str]], int]) -> None:
    """Plays the operator until standard input ends; ``slp`` runs a command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--cssm", required=True, help="URL of the lab's web pages")
    parser.add_argument("--desk", type=Path, required=True, help="folder for downloads")
    given = parser.parse_args()
    over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait, daemon=True).start()
    pages = CssmPages(given.cssm)
    operator = Operator(
        given.inventory, pages, given.desk, lambda text: print(text, flush=True), slp
    )
    while not over.is_set():
        began = time.monotonic()
        operator.look()
        over.wait(max(_LOOK_S - (time.monotonic() - began), 0.1))
