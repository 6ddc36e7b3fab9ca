"""A plan on a terminal: what will change on each router, why, and what stands in the way."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from slp_cli.tables import Sheet
from slp_cli.ui import inert
from slp_cli.words import model_name
from slp_core.plan import Notice, Plan, Prediction, RouterPlan, digest

GROUP_FROM = 9  # routers from which identical plans are shown once
_NAMES = 8  # routers named in a group's heading
_PARTS = 3  # paths of one head that are named one by one


@dataclass(frozen=True)
class Alike:
    """Routers whose plans differ in nothing but what is the router's own."""

    routers: tuple[RouterPlan, ...]

    @property
    def first(self) -> RouterPlan:
        """The plan that stands for all."""
        return self.routers[0]


def alike(plans: Sequence[RouterPlan]) -> list[Alike]:
    """Returns the plans grouped by what would be shown of them, largest group first."""
    groups: dict[str, list[RouterPlan]] = defaultdict(list)
    for plan in plans:
        groups[_likeness(plan)].append(plan)
    return sorted((Alike(tuple(g)) for g in groups.values()), key=lambda g: -len(g.routers))


def _likeness(plan: RouterPlan) -> str:
    own = [re.escape(x) for x in (plan.router, plan.udi.sn if plan.udi else plan.router)]
    words = re.compile(rf"(?<![\w-])(?:{'|'.join(own)})(?![\w-])")

    def common(text: str) -> str:
        return words.sub("…", text)

    return digest(
        {
            "model": plan.model,
            "platform": plan.platform,
            "release": plan.release,
            "changes": [common(c) for c in plan.changes],
            "steps": [[s.kind, common(s.title), list(s.reasons)] for s in plan.steps],
            "open": [[p.path, p.kind] for p in plan.predictions if p.kind != "equals"],
            "notices": [[n.rule, n.severity, common(n.text), n.allowed] for n in plan.notices],
        }
    )


def show(
    console: Console,
    plan: Plan,
    *,
    each: bool | None = None,
    predictions: bool = False,
    total: bool = True,
) -> None:
    """Prints the plan like a diff, and the totals.

    Args:
        each: one block a router; unset, identical plans of many routers are shown once.
        predictions: also every expectation that is exact.
        total: also the last line.
    """
    single = each if each is not None else len(plan.routers) < GROUP_FROM
    groups = [Alike((p,)) for p in plan.routers] if single else alike(plan.routers)
    for group in groups:
        _show_group(console, group, predictions=predictions)
        console.print()
    if total:
        console.print(Text(totals(plan), style="bold"))


def totals(plan: Plan) -> str:
    """Returns the last line: how many routers will be changed, need nothing, or are blocked."""
    blocked = sum(bool(p.blockers) for p in plan.routers)
    nothing = sum(not p.steps and not p.blockers for p in plan.routers)
    change = len(plan.routers) - blocked - nothing
    kinds = Counter(s.kind.value for p in plan.routers if not p.blockers for s in p.steps)
    reloads = kinds["install_activate"] + kinds["reload"]
    persons = kinds["person"]
    return (
        f"Plan: {change} to migrate, {nothing} need nothing, {blocked} blocked; "
        f"{sum(kinds.values())} steps, {reloads} reloads, {persons} steps of a person."
    )


def sheet(plan: Plan) -> Sheet:
    """Returns one row a router."""
    columns = (
        "router", "serial", "model", "release", "target", "topology", "steps", "changes",
        "warnings", "blockers",
    )  # fmt: skip
    return Sheet(columns, [_row(p) for p in plan.routers])


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


def _show_group(console: Console, group: Alike, *, predictions: bool) -> None:
    plan = group.first
    console.print(_heading(group))
    for change in plan.changes:
        console.print(Text(inert(f"  ~ {change}"), style="yellow"))
    if not plan.steps and not plan.blockers:
        console.print(Text("  nothing to do", style="green"))
    for number, step in enumerate(plan.steps, 1):
        _show_step(console, number, plan, step.id)
    _show_predictions(console, plan.predictions, exact=predictions)
    for notice in plan.notices:
        _show_notice(console, notice)


def _heading(group: Alike) -> Text:
    plan = group.first
    names = [p.router for p in group.routers]
    shown = ", ".join(names[:_NAMES]) + (
        f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    )
    line = Text(inert(shown), style="bold")
    if len(names) > 1:
        line.append(f" ({len(names)} routers)", style="bold")
    pid = {p.udi.pid for p in group.routers if p.udi}
    sn = f" {plan.udi.sn}" if plan.udi and len(names) == 1 else ""
    target = plan.target.release or plan.release or "?"
    where = plan.target.topology
    via = f" ({where.transport})" if where.transport else ""
    facts = (
        f"  {', '.join(sorted(pid)) or 'no PID'}{sn}  {model_name(plan.model)}  "
        f"{plan.release or '?'} → {target}  {where.kind}{via}"
    )
    line.append(inert(facts), style="dim")
    return line


def _show_step(console: Console, number: int, plan: RouterPlan, step_id: str) -> None:
    step = next(s for s in plan.steps if s.id == step_id)
    line = Text(f"  {number:>3} ")
    line.append(inert(step.title), style="magenta" if step.person else "")
    if step.reasons:
        line.append(f"  [{', '.join(step.reasons)}]", style="cyan")
    if step.why:
        line.append(inert(f"  {step.why}"), style="dim")
    console.print(line)
    if step.person is not None:
        console.print(Text(inert(f"        person, at {step.person.where}:"), style="magenta"))
        for instruction in step.person.instructions:
            console.print(Text(inert(f"        • {instruction}"), style="magenta"))


def _show_predictions(console: Console, predictions: Sequence[Prediction], *, exact: bool) -> None:
    """Prints what is not predicted exactly: in short, or with ``exact`` every expectation."""
    for kind, label in (
        ("equals", "will be"),
        ("unchanged", "stays"),
        ("newly_issued", "newly issued"),
        ("unobservable", "cannot be seen"),
    ):
        some = [p for p in predictions if p.kind == kind]
        if not some or (kind == "equals" and not exact):
            continue
        if exact:
            console.print(Text(f"  {label}:", style="dim"))
            for prediction in some:
                console.print(Text(inert(f"      {_prediction(prediction)}")))
        else:
            line = Text(f"  {label}: ", style="dim")
            line.append(inert(", ".join(in_short(some))))
            console.print(line)
    count = sum(p.kind == "equals" for p in predictions)
    if count and not exact:
        console.print(Text(f"  {count} values predicted exactly (--predictions)", style="dim"))


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


def _show_notice(console: Console, notice: Notice) -> None:
    if notice.allowed is not None:
        label, style = "allowed", "yellow"
    else:
        label, style = (
            notice.severity,
            {"blocker": "bold red", "warning": "yellow"}.get(notice.severity, "dim"),
        )
    console.print(Text(inert(f"  ! {label} {notice.rule}: {notice.text}"), style=style))
    if notice.allowed is not None:
        console.print(Text(inert(f"      the operator's reason: {notice.allowed}")))
    if notice.remedy:
        console.print(Text(inert(f"      {notice.remedy}"), style="dim"))
    if notice.severity == "blocker" and notice.allowed is None and notice.overridable:
        told = f"      may be overridden: --allow {notice.rule}='your reason'"
        console.print(Text(told, style="dim"))
