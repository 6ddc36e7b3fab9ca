"""Saved outputs of routers: one folder a router, one file a command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slp_core.errors import InputError, UsageError
from slp_core.parsing import known_commands, resolve
from slp_core.reading import read_bytes
from slp_core.yaml_files import read_yaml

_TECH_HEAD = re.compile(
    r"^-{6,} ?((?:show|dir)\b[^\n-]*(?:-[^\n-]+)*?) ?-{6,}[ \r]*$", re.MULTILINE
)


@dataclass(frozen=True)
class Capture:
    """What was saved of one router.

    Attributes:
        name: the folder's name.
        outputs: command in full → text.
        facts: ``router.yaml``, what an operator knows besides; may be empty.
        target: ``target.yaml``, where the router should go; None where there is none.
        moments: the same by moment (``command__moment.txt``; what has none was saved first), each
            command in full → text. What was saved at one moment is of one moment.
    """

    name: str
    outputs: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)
    target: dict[str, Any] | None = None
    moments: dict[str, dict[str, str]] = field(default_factory=dict)


def slug(command: str) -> str:
    """Returns the file name of a command: ``dir bootflash:`` → ``dir-bootflash``."""
    return re.sub(r"[^a-z0-9]+", "-", command.lower()).strip("-")


def read_router(folder: Path, *, variant: str | None = None) -> Capture:
    """Returns the capture in ``folder``.

    Of several moments (``command__moment.txt``) the last in alphabetical order counts, unless
    ``variant`` names one; of two layouts ``.device.txt``.

    Raises:
        InputError: the folder holds no outputs, or a file is no text.
    """
    chosen: dict[str, tuple[tuple[bool, str], Path]] = {}
    by_moment: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.txt"), key=lambda p: (_device(p), p.name)):
        stem, _, moment = path.name.removesuffix(".txt").removesuffix(".device").partition("__")
        by_moment.setdefault(moment, {})[stem] = path  # .device comes last and wins
        rank = (variant is not None and moment == variant, moment)
        if stem not in chosen or rank >= chosen[stem][0]:
            chosen[stem] = (rank, path)
    if not chosen:
        raise InputError(
            "holds no outputs", where=str(folder), remedy="expected <command-slug>.txt files"
        )
    return Capture(
        folder.name,
        _outputs({stem: path for stem, (_, path) in chosen.items()}),
        _mapping(folder / "router.yaml") or {},
        _mapping(folder / "target.yaml"),
        {moment: _outputs(by_moment[moment]) for moment in sorted(by_moment)},
    )


def _device(path: Path) -> bool:
    return path.name.endswith(".device.txt")


def _outputs(files: Mapping[str, Path]) -> dict[str, str]:
    """Returns the texts of files, by command in full; a tech-support is split."""
    outputs: dict[str, str] = {}
    for stem, path in sorted(files.items()):
        text = _text(path)
        parts = split_tech_support(text)
        for command, part in parts.items():
            outputs.setdefault(command, part)
        if not parts:
            outputs[_command(stem)] = text
    return outputs


def read_captures(folder: Path) -> Iterator[Capture]:
    """Yields the capture of every router under ``folder``, by name."""
    folders = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    found = [path for path in folders if any(path.glob("*.txt"))]
    if not found:
        raise InputError(
            "holds no captures", where=str(folder), remedy="expected <router>/<command-slug>.txt"
        )
    for path in found:
        yield read_router(path)


def split_tech_support(text: str) -> dict[str, str]:
    """Returns the outputs of a ``show tech-support``, by command in full; those with a parser.

    Each begins with ``------------------ show version ------------------``. Of a command that was
    run twice the first output counts. Empty where ``text`` has no such line.
    """
    found: dict[str, str] = {}
    heads = list(_TECH_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=False):
        try:
            _, command = resolve(head[1])
        except UsageError:
            continue
        found.setdefault(command, text[head.end() : end])
    return found


def _command(stem: str) -> str:
    """Returns the command whose slug ``stem`` is; one without a parser comes as its words."""
    if stem == "dir" or stem.startswith("dir-"):
        return f"dir {stem[4:]}:" if stem != "dir" else "dir"
    for command in known_commands():
        if slug(command) == stem:
            return command
    try:
        return resolve(stem.replace("-", " "))[1]
    except UsageError:
        return stem.replace("-", " ")


def _text(path: Path) -> str:
    return read_bytes(path).decode("utf-8", errors="replace")


def _mapping(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    loaded = read_yaml(path)
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise InputError("holds no mapping", where=str(path))
    return loaded
