"""What one configuration has and another has not, as ``show archive config differences`` prints."""

from __future__ import annotations

from slp_sim.router.configuration import Configuration

Section = dict[str, list[str]]


def differences(old: Configuration, new: Configuration) -> str:
    """Returns the lines of ``new`` that ``old`` lacks (``+``) and the other way round (``-``)."""
    before, after = dict(old.sections()), dict(new.sections())
    text = _side("+", after, before) + _side("-", before, after)
    return "!Contextual Config Diffs:\n" + (text or "!No changes were found\n")


def _side(mark: str, has: Section, lacks: Section) -> str:
    text = ""
    for head, rows in has.items():
        if head not in lacks:
            text += f"{mark}{head}\n" + "".join(f" {mark}{row}\n" for row in rows)
            continue
        own = [row for row in rows if row not in lacks[head]]
        text += f"{head}\n" + "".join(f" {mark}{row}\n" for row in own) if own else ""
    return text
