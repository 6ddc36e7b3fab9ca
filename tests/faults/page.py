"""The page of the faults, made from the lab's list, ``slp explain`` and the cases of the tests.

``PYTHONPATH=tests python -m faults.page > docs/faults.md`` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from faults.cases import CASES, Case
from nornir_slp.glossary import look_up
from slp_sim.fault_list import CONDITIONS, FaultKind, fault_list
from slp_sim.router.faults import MOMENTS

_HEAD = f"""# The faults

What goes wrong in this field, how a lab does it, and how a run ends. `slp explain F07` says the
same of one fault; [the lab's page](lab.md#faults) says how to ask for it. Written by `make docs`.

A run ends in one of two ways: it carries on, or it stops at that step with one sentence (what, on
which router, what to do), and goes on from there with `slp retry` once that is put right. Each row
is driven through whole runs by the tests in `tests/faults`; the last column is what they hold.

Faults marked *lasting* take a `moment`: {", ".join(f"`{m}`" for m in MOMENTS)}.

| fault | in a lab | strikes | what slp does | the run |
|---|---|---|---|---|
"""


def page() -> str:
    """Returns the page as Markdown."""
    return _HEAD + "".join(f"| {' | '.join(_row(n, k))} |\n" for n, k in fault_list().items())


def _row(number: str, kind: FaultKind) -> Iterator[str]:
    entry = look_up(number)
    yield number
    yield _lab(number, kind)
    yield _strikes(number, kind)
    yield f"{entry.title} {entry.answer}"
    yield _ends(number)


def _lab(number: str, kind: FaultKind) -> str:
    if kind.client:
        return "–"
    if kind.always:
        return f"no switch: {kind.always}"
    said = [kind.does]
    said += [f"`{number}-{v}`: {what}" for v, what in kind.variants.items()]
    for name, param in kind.params.items():
        default = f" ({param.default:g})" if param.default is not None else ""
        said.append(f"`{name}`: {param.means}{default}")
    return "; ".join(said)


def _strikes(number: str, kind: FaultKind) -> str:
    if kind.client:
        return "the client or the run"
    said = [kind.when + (" (*lasting*)" if kind.lasting else "")]
    said.append(CONDITIONS[kind.strikes].words if kind.strikes else "any router")
    for variant, needed in kind.variant_strikes.items():
        said.append(f"`{number}-{variant}`: {CONDITIONS[needed].words}")
    return "; ".join(said)


def _ends(number: str) -> str:
    cases = [c for c in CASES if c.fault.partition("-")[0] == number]
    if not cases:
        return "has tests of its own"
    return "; ".join(dict.fromkeys(_end(c) for c in cases))


def _end(case: Case) -> str:
    if case.stops is None:
        return f"`{case.id}` goes on"
    return f"`{case.id}` stops at `{case.stops}`"


if __name__ == "__main__":
    sys.stdout.write(page())
