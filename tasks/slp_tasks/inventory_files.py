"""One file of an inventory, read strictly: what PyYAML passes over in silence is an error here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from slp_core.errors import InputError, InventoryError
from slp_core.reading import parse_json, read_text
from slp_core.yaml_files import line_of, load_yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "<<"
_KINDS = {"hosts": "host", "groups": "group", "defaults": "key"}
_INDENT = "indent with blanks, never with tabs; quote a value that holds `: ` or begins with % or @"
_ONCE = "keep one of the two"


def read_inventory_file(folder: Path, stem: str) -> dict[str, Any] | None:
    """Returns what ``stem`` (``hosts``, ``groups``, ``defaults``) holds; None: no such file.

    Raises:
        InventoryError: it cannot be read, is malformed, or a key stands twice in one mapping.
    """
    file = _file(folder, stem)
    if file is None:
        return None
    try:
        text = read_text(file)
        data = _json(text, file) if file.suffix == ".json" else _yaml(text, file, _KINDS[stem])
    except InputError as error:
        raise InventoryError(error.what, where=error.where, remedy=error.remedy) from error
    return as_mapping(data, str(file))


def find_line(folder: Path, stem: str, path: Sequence[str]) -> str | None:
    """Returns ``FILE:LINE`` of the key at ``path`` in one of the files; None: it is not there."""
    file = _file(folder, stem)
    line = line_of(file, path) if file else None
    return None if line is None else f"{file}:{line}"


def _file(folder: Path, stem: str) -> Path | None:
    files = (folder / (stem + suffix) for suffix in (".json", ".yaml", ".yml"))
    return next((file for file in files if file.is_file()), None)


def _json(text: str, file: Path) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InventoryError(f"{twice!r} stands there twice", where=str(file), remedy=_ONCE)
        return data

    parse_json(text, str(file), remedy="correct it, then run again")  # says what is wrong, bounded
    return json.loads(text, object_pairs_hook=once)


def _yaml(text: str, file: Path, kind: str) -> Any:
    try:
        data = load_yaml(text, str(file))
    except InputError as error:
        raise InventoryError(error.what, where=error.where, remedy=_INDENT) from error
    root = yaml.compose(text, Loader=_LOADER)  # bounded: it was judged above
    for mapping in _mappings(root) if root is not None else ():
        _no_key_twice(mapping, file, kind if mapping is root else "key")
    return data


def _mappings(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Yields every mapping once, however often an anchor leads to it."""
    waiting, known = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in known:
            continue
        known.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _no_key_twice(mapping: yaml.MappingNode, file: Path, kind: str) -> None:
    lines: dict[str, int] = {}
    for key, _ in mapping.value:
        if not isinstance(key, yaml.ScalarNode) or key.value == _MERGE:
            continue
        line = key.start_mark.line + 1
        if key.value in lines:
            raise InventoryError(
                f"the {kind} {key.value!r} stands there twice, in lines {lines[key.value]} "
                f"and {line}: only the last would count",
                where=f"{file}:{line}",
                remedy=_ONCE,
            )
        lines[key.value] = line


def as_mapping(value: Any, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InventoryError("a mapping is expected here", where=where)
    return value
