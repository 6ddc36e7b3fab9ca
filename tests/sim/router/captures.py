"""The captures of the guide, and a comparison that only blanks and line ends escape."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from slp_sim.router.spec import RouterSpec

DATA = Path(__file__).parents[2] / "captures" / "data"
FOLDERS = {p.name.split("_")[0]: p for p in sorted(DATA.iterdir()) if p.is_dir()}


@dataclass(frozen=True)
class Explained:
    """A difference between a capture and the simulator, and why it stays."""

    where: str
    """Scenario and slug, as ``s2/post/show-version``; a trailing ``*`` takes all that follow."""
    captured: str
    printed: str
    why: str

    def concerns(self, where: str) -> bool:
        if self.where.endswith("*"):
            return where.startswith(self.where[:-1])
        return where == self.where


def captured(scenario: str, phase: str, slug: str) -> str:
    """Returns a capture, as a router lays it out where such a copy exists."""
    base = FOLDERS[scenario] / phase
    device = base / f"{slug}.device.txt"
    path = device if device.exists() else base / f"{slug}.txt"
    return path.read_text(encoding="utf-8")


def sidecar(scenario: str, phase: str, slug: str) -> dict[str, Any]:
    """Returns what stands beside a capture."""
    path = FOLDERS[scenario] / phase / f"{slug}.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def command_of(slug: str) -> str:
    """Returns the command of a capture's file name."""
    name = slug.split("__")[0]
    if name.startswith("dir"):
        return "dir bootflash:"
    text = name.replace("-", " ")
    return text.replace("cerm information", "cerm-information")


def squeezed(text: str) -> str:
    """Returns a text without blanks and line ends; rules of any length are alike."""
    text = re.sub(r"-{4,}", "----", re.sub(r"={4,}", "====", text))
    return re.sub(r"\s+", "", text)


def compare(where: str, capture: str, printed: str, explained: list[Explained]) -> str | None:
    """Returns how a printed text differs from its capture; None where it does not."""
    head, cut, tail = capture.partition("<output truncated>")
    for one in explained:
        if one.concerns(where):
            head, tail = (x.replace(one.captured, one.printed) for x in (head, tail))
    got = squeezed(printed)
    wanted = squeezed(head)
    if cut:
        rest = [squeezed(x) for x in tail.splitlines() if squeezed(x) and "truncated" not in x]
        missing = [x for x in rest if x not in got]
        if missing:
            return f"{where}: not printed: {missing[0]}"
        return None if got.startswith(wanted) else _first_difference(where, wanted, got)
    return None if got == wanted else _first_difference(where, wanted, got)


def _first_difference(where: str, wanted: str, got: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b), None)
    at = min(len(wanted), len(got)) if at is None else at
    start = max(at - 50, 0)
    return f"{where}:\n captured …{wanted[start : at + 60]}…\n printed  …{got[start : at + 60]}…"


def spec_of(scenario: str) -> RouterSpec:
    """Returns the router of a scenario before its migration."""
    path = Path(__file__).with_name("captured.yaml")
    return RouterSpec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))[scenario])
