"""What ``?`` lists and a tab adds, in EXEC, in every configuration mode, after ``do`` and ``|``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from slp_sim.router.commands.config_modes import config_grammar, mode_of
from slp_sim.router.console.keyboard import Editor
from slp_sim.router.grammar import Grammar, Listing, Reject
from slp_sim.router.vty import Vty, reject_text

_PAGED = ("show", "more", "dir")
"""Commands whose output can be filtered."""


@cache
def _data() -> dict[str, Any]:
    text = resources.files("slp_sim.data").joinpath("help.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return data


@dataclass(frozen=True)
class _Place:
    """Which grammars answer for a line, and which part of it is theirs."""

    grammars: list[tuple[str, Grammar]]
    line: str
    skipped: int


def answer(who: Vty, editor: Editor, char: str, prompt: str) -> str:
    """Returns what is printed for ``?`` or a tab; Ctrl-L and Ctrl-R print the line once more."""
    text = "\n"
    if char == "?":
        text = f"?\n{help_text(who, editor.text[: editor.at], prompt)}"
    elif char == "\t" and editor.at == len(editor.text):
        line = completed(who, editor.text)
        if line is not None:
            editor.take()
            for added in line:
                editor.insert(added)
    return f"{text}{prompt}{editor.shown()}"


def help_text(who: Vty, line: str, prompt: str) -> str:
    """Returns what ``?`` prints after ``line``."""
    place = _place(who, line)
    command, bar, tail = place.line.partition("|")
    if bar and who.config_paths is None:
        return _filters(tail)
    title, found = _listing(place, who)
    if isinstance(found, Reject):
        if place.line and not place.line[-1].isspace():
            return "% Unrecognized command\n"
        return reject_text(Reject(found.kind, found.column + place.skipped), line, prompt)
    if command and not command[-1].isspace():
        if not found.words:
            return "% Unrecognized command\n"
        return "  ".join(found.words) + "\n\n"
    rows = [
        (w, found.meanings[w])
        if w in found.meanings
        else (_shown(w), _meaning(found.path, w, title))
        for w in found.words
    ]
    if found.path[:1] and found.path[0] in _PAGED and found.ends:
        rows.append(("|", "Output modifiers"))
    if found.ends:
        rows.append(("<cr>", "<cr>"))
    head = f"{_data()['titles'].get(title, 'Configuration commands')}:\n" if not command else ""
    return head + _table(rows) + "\n"


def completed(who: Vty, line: str) -> str | None:
    """Returns the line as a tab completes it; None where that is not clear."""
    place = _place(who, line)
    _, found = _listing(place, who)
    last = place.line.rsplit(" ", 1)[-1]
    if not last or isinstance(found, Reject) or len(found.words) != 1:
        return None
    word = found.words[0]
    return f"{line[: len(line) - len(last)]}{word} " if not word.startswith("<") else None


def _place(who: Vty, line: str) -> _Place:
    if who.config_paths is None:
        return _Place([("exec", who.exec_grammar)], line, 0)
    words = line.split()
    first = words[0].lower() if words else ""
    if first == "do" and line.lstrip() != first:
        rest = line.lstrip()[2:].lstrip()
        return _Place([("exec", who.exec_grammar)], rest, len(line) - len(rest))
    rest = line
    if first in ("no", "default") and line.lstrip() != first:
        rest = line.lstrip()[len(first) :].lstrip()
    grammars = []
    paths = who.config_paths
    if paths:
        for depth in range(len(paths[0]) - 1, -1, -1):
            mode = mode_of(paths[0][depth], *paths[0][:depth])
            if mode is not None:
                grammars.append((mode.label, mode.grammar))
    return _Place([*grammars, ("config", config_grammar())], rest, len(line) - len(rest))


def _listing(place: _Place, who: Vty) -> tuple[str, Listing | Reject]:
    """Returns the answer of the innermost mode that knows the line, as a router gives it."""
    answers = [(title, grammar.listing(place.line, who)) for title, grammar in place.grammars]
    known = (x for x in answers if isinstance(x[1], Listing) and (x[1].words or x[1].ends))
    title, found = next(known, answers[-1])
    if isinstance(found, Listing) and title != "exec" and not found.path:
        found = _with_common(found, place.line)
    return title, found


def _with_common(found: Listing, line: str) -> Listing:
    """Adds the words that every configuration mode has."""
    partial = line.strip().lower()
    common = [x for x in ("default", "do", "end", "exit", "no") if x.startswith(partial)]
    return Listing(found.path, sorted({*found.words, *common}), found.ends, found.meanings)


def _filters(tail: str) -> str:
    word, blank, _ = tail.lstrip().partition(" ")
    filters: dict[str, str] = _data()["filters"]
    if blank and word:
        return "  LINE  Regular Expression\n\n"
    hits = [x for x in filters if x.startswith(word.lower())]
    if word:
        return "  ".join(hits) + "\n\n" if hits else "% Unrecognized command\n"
    return _table([(x, filters[x]) for x in hits]) + "\n"


def _shown(word: str) -> str:
    if not word.startswith("<"):
        return word
    return str(_data()["parameters"].get(word, ["WORD"])[0])


def _meaning(path: tuple[str, ...], word: str, title: str) -> str:
    if word.startswith("<"):
        return str(_data()["parameters"].get(word, ["", ""])[1])
    meanings: dict[str, str] = _data()["words"]
    keys = [" ".join([*path[n:], word.lower()]) for n in range(len(path) + 1)]
    keys.insert(0, f"{title} {keys[0]}")
    return next((meanings[key] for key in keys if key in meanings), "")


def _table(rows: list[tuple[str, str]]) -> str:
    wide = max((len(word) for word, _ in rows), default=0)
    return "".join(f"  {word:<{wide}}  {text}".rstrip() + "\n" for word, text in rows)


__all__ = ["answer"]
