"""A plan on a terminal: what will change on each router, why, and what stands in the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nornir_slp.gathered import Gathered, Group, gather
from nornir_slp.plan_file import Span, plan_at, plans_in
from nornir_slp.sheet import Sheet
from nornir_slp.view import Line, Page
from nornir_slp.words import model_name
from slp_core.plan import Notice, Plan, Prediction, RouterPlan, StepSpec

GROUP_FROM = 9  # routers from which identical plans are shown once
UNVERIFIED = "(not verified)"
_PARTS = 3  # paths of one head that are named one by one
_MARKS = (  # what a line of change says, its sign and its colour
    ("→ not migrated", "-", "red"),
    ("→ no prediction", "?", "yellow"),
    (" none → ", "+", "green"),
)


def page(
    plan: Plan,
    *,
    each: bool | None = None,
    predictions: bool = False,
    total: bool = True,
) -> Page:
    """Yields a plan like a diff, and the totals.

    Args:
        each: one block a router; unset, identical plans of many routers are shown once.
        predictions: also every expectation that is exact.
        total: also the last line.
    """
    found = gather(plan.routers)
    single = each if each is not None else found.routers < GROUP_FROM
    blocks = _singly(plan.routers) if single else ((g, g.place) for g in found.largest_first)
    for group, one in blocks:
        yield from _group(group, one, predictions=predictions)
    if total:
        yield Line.of(found.totals, "bold")


def page_of_file(
    path: Path,
    found: Gathered[Span],
    *,
    each: bool | None = None,
    predictions: bool = False,
) -> Page:
    """Yields the plan that was saved in ``path``; only what is printed is read from it again.

    Args:
        found: its groups and totals, gathered while it was written.
    """
    if each if each is not None else found.routers < GROUP_FROM:
        for group, one in _singly(plans_in(path)):
            yield from _group(group, one, predictions=predictions)
    else:
        with path.open("rb") as file:
            for alike in found.largest_first:
                one = plan_at(file, alike.place)
                yield from _group(alike, one, predictions=predictions)
    yield Line.of(found.totals, "bold")


def totals(plan: Plan) -> str:
    """Returns the last line: how many routers will be changed, need nothing, or are blocked."""
    return gather(plan.routers).totals


def sheet(plans: Iterable[RouterPlan]) -> Sheet:
    """Returns one row a router."""
    columns = (
        "router", "serial", "model", "release", "target", "topology", "steps", "changes",
        "warnings", "blockers",
    )  # fmt: skip
    return Sheet(columns, [_row(p) for p in plans])


def _row(plan: RouterPlan) -> tuple[str, ...]:
    def told(severity: str) -> str:
        return "; ".join(f"{n.rule}: {n.text}" for n in plan.notices if n.severity == severity)

    return (
        plan.router,
        plan.udi.sn if plan.udi else "",
        plan.model,
        plan.release or "",
        plan.target.release or "",
        plan.target.topology.kind,
        str(len(plan.steps)),
        "; ".join(plan.changes),
        told("warning"),
        "; ".join(f"{n.rule}: {n.text}" for n in plan.blockers),
    )


def _singly(plans: Iterable[RouterPlan]) -> Iterator[tuple[Group[None], RouterPlan]]:
    for plan in plans:
        group: Group[None] = Group(None)
        group.add(plan)
        yield group, plan


def _group(group: Group[Any], plan: RouterPlan, *, predictions: bool) -> Page:
    yield _heading(group, plan).after("")
    for change in plan.changes:
        sign, style = next(((s, c) for w, s, c in _MARKS if w in change), ("~", "yellow"))
        yield Line.of(change, style).after(f"  {sign} ")
    if not plan.steps and not plan.blockers:
        yield Line.of("  nothing to do", "green")
    for number, step in enumerate(plan.steps, 1):
        yield from _step(number, step)
    yield from _predictions(plan.predictions, exact=predictions)
    for notice in plan.notices:
        yield from _notice(notice)
    yield Line.of()


def _heading(group: Group[Any], plan: RouterPlan) -> Line:
    more = group.count - len(group.names)
    shown = ", ".join(group.names) + (f" and {more} more" if more else "")
    line = Line.of(shown, "bold")
    if group.count > 1:
        line.add(f" ({group.count} routers)", "bold")
    sn = f" {plan.udi.sn}" if plan.udi and group.count == 1 else ""
    release = plan.release or "?"
    target = plan.target.release or release
    way = f"{release} → {target}" if target != release else f"stays at {release}"
    where = plan.target.topology
    via = f" ({where.transport})" if where.transport else ""
    facts = (
        f"  {', '.join(sorted(group.pids)) or 'no PID'}{sn}  {model_name(plan.model)}  "
        f"{way}  {where.kind}{via}"
    )
    line.add(facts, "dim")
    return line


def _step(number: int, step: StepSpec) -> Page:
    line = Line.of(step.title, "magenta" if step.person else "")
    if step.reasons:
        line.add(f"  [{', '.join(step.reasons)}]", "cyan")
    if step.why:
        line.add(f"  {step.why}", "dim")
    yield line.after(f"  {number:>3} ")
    if step.person is not None:
        where = Line.of(f"person, at {step.person.where}:", "magenta")
        yield where.after(" " * 8)
        for instruction in step.person.instructions:
            yield Line.of(instruction, "magenta").after(" " * 8 + "• ")


def _predictions(predictions: Sequence[Prediction], *, exact: bool) -> Page:
    """Yields what is not predicted exactly: in short, or with ``exact`` every expectation."""
    for kind, label in (
        ("equals", "will be"),
        ("unchanged", "stays"),
        ("newly_issued", "newly issued"),
        ("unobservable", "cannot be told"),
    ):
        some = [p for p in predictions if p.kind == kind]
        if not some or (kind == "equals" and not exact):
            continue
        if exact:
            yield Line.of(f"  {label}:", "dim")
            for prediction in some:
                yield Line.of(_prediction(prediction)).after(" " * 6)
        else:
            line = Line.of(f"{label}: ", "dim")
            line.add(", ".join(in_short(some)))
            yield line.after("  ")
    count = sum(p.kind == "equals" for p in predictions)
    if count and not exact:
        yield Line.of(f"{count} values predicted exactly (--predictions)", "dim").after("  ")


def in_short(predictions: Sequence[Prediction]) -> list[str]:
    """Returns the paths with what is alike said once: ``licenses.count (5)``, ``policy (15)``."""
    plain = [re.sub(r"\[[^]]*]", "", p.path) for p in predictions]
    heads = Counter(path.partition(".")[0] for path in dict.fromkeys(plain))
    told: Counter[str] = Counter()
    for path in plain:
        head = path.partition(".")[0]
        told[head if heads[head] > _PARTS else path] += 1
    return [f"{path} ({n})" if n > 1 else path for path, n in told.items()]


def _prediction(prediction: Prediction) -> str:
    told = prediction.path
    if prediction.kind == "equals":
        told += f" = {prediction.value}"
    if prediction.kind == "unobservable" and prediction.why:
        told += f" ({prediction.why})"
    return told + (f" [{', '.join(prediction.rules)}]" if prediction.rules else "")


def _notice(notice: Notice) -> Page:
    label = "allowed" if notice.allowed is not None else notice.severity
    style = {"blocker": "bold red", "warning": "yellow", "allowed": "yellow"}.get(label, "dim")
    line = Line.of(f"{label} {notice.rule}: {notice.text}", style)
    if UNVERIFIED in notice.source:
        line.add(f"  {UNVERIFIED}", "dim")
    yield line.after("  ! ")
    if notice.allowed is not None:
        yield Line.of(f"the operator's reason: {notice.allowed}").after(" " * 6)
    if notice.remedy:
        yield Line.of(notice.remedy, "dim").after(" " * 6)
    if notice.severity == "blocker" and notice.allowed is None:
        scope = f" (counts for {notice.scope})" if notice.scope else ""
        told = f"may be overridden: --allow {notice.rule}='your reason'{scope}"
        fixed = f"cannot be overridden{scope}"
        yield Line.of(told if notice.overridable else fixed, "dim").after(" " * 6)
