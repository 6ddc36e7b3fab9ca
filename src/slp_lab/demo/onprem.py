"""SSM On-Prem as a person with a browser uses it: the steps of a cut-over (ONPREM)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from slp_lab.demo.cssm import CssmPages

_VERSION = re.compile(r"to (\d+-\d{6}) or later")
_PAUSE_S = 3.0


class OnPremPages:
    """What a person does in every SSM On-Prem that there is.

    Args:
        cssm: the lab's pages, CSSM's and On-Prem's.
        say: tells what is done.
    """

    def __init__(self, cssm: CssmPages, say: Callable[[str], None]) -> None:
        self._cssm = cssm
        self._say = say
        self._done: set[str] = set()
        self._synchronised = 0.0

    def attend(self, title: str, told: str, udi: tuple[str, str]) -> None:
        """Does what a step asks for; what is done once for all routers is done once.

        Raises:
            LookupError: the instructions ask for nothing that is known here.
        """
        if "SLAC" in title:
            self._bring_slac(udi)
        elif "Upgrade SSM On-Prem" in title:
            self._upgrade(_wanted(told))
        elif "Register the local account" in title:
            self._register()
        elif "Collect usage" in title:
            self.synchronise()
        else:
            raise LookupError(f"I do not know how to: {title}")

    def synchronise(self) -> None:
        """Has every On-Prem synchronised with CSSM; not again and again."""
        if time.monotonic() - self._synchronised < _PAUSE_S:
            return
        self._synchronised = time.monotonic()
        for row in self._cssm.onprems():
            self._cssm.in_onprem(row["host"], "synchronise")
            self._say(f"{row['host']}: synchronised with CSSM")

    def _upgrade(self, version: str) -> None:
        for row in self._cssm.onprems():
            if row["version"] < version:
                self._cssm.in_onprem(row["host"], "upgrade", version=version)
                self._say(f"{row['host']}: upgraded from {row['version']} to {version}")

    def _register(self) -> None:
        if "registered" in self._done:
            return
        for row in self._cssm.onprems():
            for tenant in row["urls"]:
                self._cssm.in_onprem(row["host"], "register", tenant=tenant)
                self._say(f"{row['host']}: local account {tenant} registered again")
        self._done.add("registered")

    def _bring_slac(self, udi: tuple[str, str]) -> None:
        pid, sn = udi
        if f"slac {sn}" in self._done:
            return
        code = self._cssm.generate_slac(pid, sn, self._cssm.export_licence(pid))
        for row in self._cssm.onprems():
            self._cssm.import_into_onprem(row["host"], code)
            self._say(f"{row['host']}: imported a SLAC for {pid} {sn}")
        self._done.add(f"slac {sn}")


def _wanted(told: str) -> str:
    match = _VERSION.search(told)
    if match is None:
        raise LookupError(f"the instructions name no version: {told}")
    return match[1]
