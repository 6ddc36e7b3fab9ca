"""Who saved outputs say that they are of: two routers in one folder, one router in two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from slp_core.state import Mixed

Kind = Literal["host", "chassis", "udi", "pid"]

_HOSTS = re.compile(
    r"^(?:(?P<up>[\w.\-]+) uptime is \d|hostname (?P<conf>[\w.\-]+)"
    r"|(?P<prompt>[\w.\-]+?)(?:\([\w\-]+\))*[>#] ?(?:do )?(?:sh\w*|dir)\b"
    r"|-{6,} ?show (?P<section>[^\n]*?) ?-{6,})",
    re.MULTILINE,
)
_SERIALS = re.compile(
    r"^[ \t]*Processor board ID (?P<board>[A-Z0-9]{6,})"
    r"|^[ \t]*NAME: \"Chassis\"[^\n]*\n[ \t]*PID: *(?P<cpid>\S+)[^\n]*SN: *(?P<csn>[A-Z0-9]{6,})"
    r"|\blicense udi pid (?P<lpid>\S+) sn (?P<lsn>[A-Z0-9]{6,})"
    r"|\bPID:(?P<upid>[^\s,]+),[ \t]*SN:(?P<usn>[A-Z0-9]{6,})"
    r"|^[ \t*]*(?:\S+[ \t]+)?(?P<tpid>[\w/.+\-]+)[ \t]+(?P<tsn>[A-Z0-9]{6,})"
    r"[ \t]+(?P=tpid):(?P=tsn)"
    r"|^[Cc]isco (?P<vpid>[\w/.+\-]+) \([^\n]*processor",
    re.MULTILINE,
)
_VIRTUAL = re.compile(r"^(?:CSR1000V|C8000V|ISRV)", re.I)
_PROMPT = 20
"""A prompt shows no more of a host name than this."""

_ENOUGH = 2000
"""No file of one router names it more often."""

_WORDS: dict[Kind, str] = {
    "host": "host names",
    "chassis": "serial numbers",
    "udi": "serial numbers (UDI)",
    "pid": "PIDs",
}


@dataclass(frozen=True)
class Claim:
    """One line that names the router it came from.

    Attributes:
        kind: ``chassis`` is the number of the chassis; that of the UDI may be a board's.
        place: file and line.
    """

    kind: Kind
    value: str
    file: str
    place: str
    line: str

    def __str__(self) -> str:
        return f"{self.place} `{self.line}`"


def claims_of(file: str, text: str, *, hosts: bool = True) -> list[Claim]:
    """Returns what the lines of one saved output say of the router that printed them."""
    text = text.replace("\r\n", "\n")
    claims: list[Claim] = []
    for match in islice(_SERIALS.finditer(text), _ENOUGH):
        claims += [_claim(kind, value, file, text, match) for kind, value in _serial(match)]
    if hosts:
        claims += _hosts(file, text)
    return claims


def _serial(match: re.Match[str]) -> Iterator[tuple[Kind, str]]:
    part = match.groupdict()
    for sn in (part["board"], part["csn"]):
        if sn:
            yield "chassis", sn
    for sn in (part["lsn"], part["usn"], part["tsn"]):
        if sn:
            yield "udi", sn
    for name in ("cpid", "lpid", "upid", "tpid", "vpid"):
        if part[name]:
            yield "pid", part[name]


def _hosts(file: str, text: str) -> Iterator[Claim]:
    startup = "startup" in file
    for match in islice(_HOSTS.finditer(text), _ENOUGH):
        section = match["section"]
        if section is not None:
            startup = "startup" in section
            continue
        name = match["up"] or match["prompt"] or (None if startup else match["conf"])
        if name:  # a startup configuration may be older than the name
            yield _claim("host", name.removesuffix("-stby"), file, text, match)


def _claim(kind: Kind, value: str, file: str, text: str, match: re.Match[str]) -> Claim:
    at = match.start() + len(match[0]) - len(match[0].lstrip())
    number = text.count("\n", 0, at) + 1
    begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", match.end() - 1)
    raw = text[begin : end if end >= 0 else None].replace("\n", " ").strip()
    line = "".join(c for c in raw if c.isprintable())[:100]
    return Claim(kind, value, file, f"{file}:{number}", line)


def two_routers(
    moments: Mapping[str, Sequence[Claim]], facts: Mapping[str, Any] | None = None
) -> Iterator[Mixed]:
    """Yields what shows that the outputs in one folder are of two routers.

    A host name may change from one moment to another; a serial number does not. The members of a
    pair or stack are listed together: two outputs are of two routers where they share none.

    Args:
        moments: what was claimed, by moment.
        facts: ``router.yaml``, which may name another router too.
    """
    every = [claim for claims in moments.values() for claim in claims]
    pairs = [_unlike([c for c in claims if c.kind == "host"], _one_host)
             for claims in moments.values()]  # fmt: skip
    pairs.append(_unlike([c for c in every if c.kind == "chassis"], _equal))
    pairs.append(_apart([c for c in every if c.kind == "udi"], _equal))
    pairs.append(_apart([c for c in every if c.kind == "pid"], one_pid))
    pairs.append(_virtual(every))
    for pair in pairs:
        if pair is not None:
            yield _mixed(*pair)
    yield from _against_facts(every, facts or {})


def _mixed(one: Claim, other: Claim) -> Mixed:
    word = _WORDS[one.kind]
    return Mixed(
        rule="READ-1",
        text=f"outputs of two routers in one folder: two {word}, {one} and {other}",
        remedy="keep one folder a router; save the outputs of this one again",
    )


def _against_facts(every: Sequence[Claim], facts: Mapping[str, Any]) -> Iterator[Mixed]:
    serials = [c for c in every if c.kind in ("udi", "chassis")]
    said = facts.get("serial")
    if said and serials and str(said) not in {c.value for c in serials}:
        yield Mixed(
            rule="READ-1",
            text=f"router.yaml is of another router: serial {said}, and {serials[0]}",
            remedy="correct router.yaml, or save the outputs of this router",
        )


def _unlike(claims: Sequence[Claim], same: Any) -> tuple[Claim, Claim] | None:
    """Returns the first claim and one that does not agree with it."""
    other = next((c for c in claims if not same(claims[0].value, c.value)), None)
    return (claims[0], other) if other is not None else None


def _apart(claims: Sequence[Claim], same: Any) -> tuple[Claim, Claim] | None:
    """Returns a claim of each of two files that agree in none."""
    files: dict[str, list[Claim]] = {}
    for claim in claims:
        files.setdefault(claim.file, []).append(claim)
    groups = list(files.values())
    for number, group in enumerate(groups):
        for other in groups[number + 1 :]:
            if not any(same(a.value, b.value) for a in group for b in other):
                return group[0], other[0]
    return None


def _virtual(every: Sequence[Claim]) -> tuple[Claim, Claim] | None:
    """On a virtual router the number of the chassis is that of the UDI; a board it has not."""
    if not any(c.kind == "pid" and _VIRTUAL.match(c.value) for c in every):
        return None
    udi = [c for c in every if c.kind == "udi"]
    board = [c for c in every if c.kind == "chassis"]
    if not udi or not board or {c.value for c in udi} & {c.value for c in board}:
        return None
    return board[0], udi[0]


def _equal(one: str, other: str) -> bool:
    return one == other


def _one_host(one: str, other: str) -> bool:
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return short == long or (len(short) >= _PROMPT and long.startswith(short))


def one_pid(one: str, other: str) -> bool:
    """Tells whether two spellings may be of one router: a suffix is left out at times.

    A virtual router keeps its PID under an image of another product; routers of the ASR 900
    family are named by chassis or by processor.
    """
    if _VIRTUAL.match(one) and _VIRTUAL.match(other):
        return True
    short, long = sorted((_plain(one), _plain(other)), key=len)
    family = all(p.startswith(("ASR9", "A9")) for p in (short, long))
    return long.startswith(short) or short in long or family


def _plain(pid: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", pid.upper().removesuffix("/K9"))


class Serials:
    """Which folder each serial number was seen in: all that is kept of a router."""

    def __init__(self) -> None:
        self._folders: dict[str, dict[str, str]] = {}

    def add(self, folder: str, claims: Iterable[Claim]) -> None:
        """Notes the serial numbers of one folder."""
        for claim in claims:
            if claim.kind in ("chassis", "udi"):
                places = self._folders.setdefault(claim.value, {})
                places.setdefault(folder, f"{folder}/{claim}")

    def elsewhere(self, folder: str) -> Iterator[Mixed]:
        """Yields the other folders that hold outputs of the router in ``folder``; each once."""
        told = set()
        for serial, places in self._folders.items():
            for other in places:
                if folder in places and other != folder and other not in told:
                    told.add(other)
                    yield Mixed(
                        rule="READ-2",
                        text=f"the router with serial number {serial} is in two folders: "
                        f"{places[folder]} and {places[other]}",
                        remedy=f"keep one of the folders {folder} and {other}; another moment of "
                        "the same router is saved as <command>__<moment>.txt",
                    )
