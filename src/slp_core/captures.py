"""Saved outputs of routers: one folder a router, one file a command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slp_core.errors import InputError, UsageError
from slp_core.mixed import Claim, Serials, claims_of, two_routers
from slp_core.parsing import known_commands, resolve
from slp_core.saved_text import read_saved
from slp_core.state import Mixed
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
    mixed: tuple[Mixed, ...] = ()


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
    texts = {path: read_saved(path) for files in by_moment.values() for path in files.values()}
    facts = _facts(folder / "router.yaml")
    claims = {
        moment: [c for path in files.values() for c in claims_of(path.name, texts[path])]
        for moment, files in by_moment.items()
    }
    return Capture(
        folder.name,
        _outputs({stem: texts[path] for stem, (_, path) in chosen.items()}),
        facts,
        _mapping(folder / "target.yaml"),
        {
            moment: _outputs({stem: texts[path] for stem, path in by_moment[moment].items()})
            for moment in sorted(by_moment)
        },
        tuple(two_routers(claims, facts)),
    )


def _device(path: Path) -> bool:
    return path.name.endswith(".device.txt")


def _outputs(texts: Mapping[str, str]) -> dict[str, str]:
    """Returns the texts of files, by command in full; a tech-support is split."""
    outputs: dict[str, str] = {}
    for stem, text in sorted(texts.items()):
        parts = split_tech_support(text)
        for command, part in parts.items():
            outputs.setdefault(command, part)
        if not parts:
            outputs[_command(stem)] = text
    return outputs


def target_in(folder: Path) -> dict[str, Any] | None:
    """Returns where a router should go whose outputs cannot be read; ``None`` where unknown."""
    try:
        return _mapping(folder / "target.yaml")
    except InputError:
        return None


def folders_in(folder: Path) -> list[Path]:
    """Returns the folders under ``folder`` that hold outputs, by name.

    Raises:
        InputError: there is none, or they cannot be listed.
    """
    try:
        folders = sorted(p for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(folder)) from error
    found = [path for path in folders if any(path.glob("*.txt"))]
    if not found:
        raise InputError(
            "holds no captures", where=str(folder), remedy="expected <router>/<command-slug>.txt"
        )
    return found


def serials_in(folders: Iterable[Path]) -> Serials:
    """Returns which serial number is in which folder; a file that cannot be read is left out."""
    serials = Serials()
    for folder in folders:
        claims: list[Claim] = []
        for path in sorted(folder.glob("*.txt")):
            try:
                claims += claims_of(path.name, read_saved(path), hosts=False)
            except InputError:  # told when its router is read
                continue
        serials.add(folder.name, claims)
    return serials


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


def _facts(path: Path) -> dict[str, Any]:
    """Returns ``router.yaml``; YAML reads a serial number of digits alone as a number."""
    facts = _mapping(path) or {}
    for name in ("pid", "serial"):
        value = facts.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            facts[name] = str(value)
        elif value is not None and not isinstance(value, str):
            raise InputError(f"{name} is no text", where=str(path), remedy=f"write {name}: '…'")
    if not isinstance(facts.get("group") or {}, dict):
        raise InputError("group is no mapping", where=str(path), remedy="write group: {site: …}")
    return facts


def _mapping(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    loaded = read_yaml(path)
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise InputError("holds no mapping", where=str(path))
    return loaded
