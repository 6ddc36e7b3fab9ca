"""The captures of the guide, and a comparison line by line that only blanks escape."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from slp_sim.router.spec import RouterSpec

DATA = Path(__file__).parents[1] / "captures" / "data"
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


_WIDE = 60
"""Only lines longer than this were wrapped when the guide was printed."""


def rows_of(text: str) -> list[str]:
    """Returns the lines of a text that say anything, one blank between words, rules alike."""
    text = re.sub(r"-{4,}", "----", re.sub(r"={4,}", "====", text))
    rows = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return [row for row in rows if row]


def compare(where: str, capture: str, printed: str, explained: list[Explained]) -> str | None:
    """Returns how a printed text differs from its capture, line by line; None where it does not.

    A long printed line may stand on several lines of the capture, as the guide's pages wrap it.
    Behind a cut, every line of the capture must follow in its order.
    """
    head, cut, tail = capture.partition("<output truncated>")
    for one in explained:
        if one.concerns(where):
            head, tail = (x.replace(one.captured, one.printed) for x in (head, tail))
    got, wanted = rows_of(printed), rows_of(head)
    at = 0
    for row in got:
        if at == len(wanted):
            break
        taken = _taken(row, wanted[at:])
        if not taken:
            return f"{where}:\n captured  {wanted[at]}\n printed   {row}"
        at += taken
    if at < len(wanted):
        return f"{where}: not printed: {wanted[at]}"
    rest = got[len(_before(got, wanted)) :]
    if not cut:
        return f"{where}: not captured: {rest[0]}" if rest else None
    for row in rows_of(tail):
        if "truncated" in row:
            continue
        if row not in rest:
            return f"{where}: not printed behind the cut: {row}"
        rest = rest[rest.index(row) + 1 :]
    return None


def _taken(row: str, wanted: list[str]) -> int:
    """Returns how many captured lines are one printed line; 0 where they are not."""
    if row == wanted[0]:
        return 1
    if len(row) <= _WIDE:
        return 0
    for count in range(2, min(len(wanted), 4) + 1):
        if re.fullmatch(" ?".join(map(re.escape, wanted[:count])), row):
            return count
    return 0


def _before(got: list[str], wanted: list[str]) -> list[str]:
    """Returns the printed lines that the captured ones stand for."""
    at = 0
    for number, row in enumerate(got):
        if at == len(wanted):
            return got[:number]
        at += _taken(row, wanted[at:])
    return got


def spec_of(scenario: str) -> RouterSpec:
    """Returns the router of a scenario before its migration."""
    path = Path(__file__).with_name("captured.yaml")
    return RouterSpec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))[scenario])
