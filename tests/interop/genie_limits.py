"""Where Genie is not right, each with the argument; the tests hold that it still is so.

``captured`` says that the same parser fails in the same way on outputs of real routers (the
scenarios named are those of ``tests/captures/data``), which is why the parser is the one at fault.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """One parser that cannot read one kind of output."""

    routers: tuple[str, ...]
    command: str
    error: str
    why: str
    captured: str = ""


LIMITS = (
    Limit(
        ("registered", "reserved", "evaluation"),
        "show license usage",
        "SchemaMissingKeyError",
        "its schema demands lines (Feature Name, Enforcement type, License type) that agents "
        "before Smart Licensing Using Policy do not print",
        captured="s1, s2 and s4, pre",
    ),
    Limit(
        ("registered", "reserved", "evaluation"),
        "show license all",
        "UnboundLocalError",
        "it knows the layout of Smart Licensing Using Policy only: a status line before a section "
        "of that layout makes it crash",
    ),
    Limit(
        ("registered", "reserved", "evaluation"),
        "show license tech support",
        "AttributeError",
        "as above: a registration section is unknown to it",
        captured="a1, pre (fails too, at its schema)",
    ),
    Limit(
        ("pak", "rtu"),
        "show license all",
        "SchemaEmptyParserError",
        "the listing of licence stores (StoreIndex, Feature, Version) is not in any parser",
        captured="s5, pre",
    ),
    Limit(
        ("rtu",),
        "show license",
        "AttributeError",
        "a running evaluation period (8 weeks 3 days) matches none of its patterns for "
        "Period left, and it does not look whether they matched",
        captured="s6, pre; a5, pre",
    ),
    Limit(
        ("evaluation",),
        "show license summary",
        "SchemaEmptyParserError",
        "a licence without a name leaves the first column empty, and its pattern needs a name",
        captured="s4, pre",
    ),
    Limit(
        ("reserved", "pak"),
        "show platform hardware throughput crypto",
        "SchemaEmptyParserError",
        "it reads the layout of platforms with tiers only, not the one line of the ISR 1000",
        captured="s2 and s5, pre and post",
    ),
    Limit(
        ("slp173", "slp176"),
        "show license tech support",
        "SchemaUnsupportedKeyError",
        "its schema for the conversion section lacks the line Status, which agents of that age "
        "print on platforms with conversion",
        captured="s1, s4, s5 and s6, post, in the same section of `show license all`",
    ),
)
