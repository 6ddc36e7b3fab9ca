"""Preflight: is this the router that was planned, and is it ready (UP-3, F47)? Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import PlanMismatch, StepFailed
from slp_core.parsing import assemble
from slp_core.plan import RouterPlan
from slp_core.platforms import platform_of
from slp_core.release import Release
from slp_core.rules.access import crosses, new_key, refused_key
from slp_core.rules.concern import Concern
from slp_core.rules.data import builtin_rules
from slp_core.rules.image_change import check_change
from slp_core.rules.issu import not_ready
from slp_core.rules.messages import check_messages
from slp_core.rules.next_boot import boot_troubles
from slp_core.rules.ready import SKEW_LIMIT_S, named_like_pid
from slp_core.rules.upgrade import TIMER_REMEDY, names_release, rollback_timer
from slp_core.state import RouterState
from slp_core.steps.around import PreflightParams, SaveConfigParams
from slp_core.steps.authorization import TrustParams
from slp_core.steps.base import StepParams
from slp_core.steps.image import InstallAddParams, IssuActivateParams, StageImageParams
from slp_core.targets import Image
from slp_core.way import RULE, way_before_reload
from slp_tasks.held_tokens import token_troubles
from slp_tasks.installing import package_of
from slp_tasks.look import (
    CLOCK,
    INSTALL,
    REDUNDANCY,
    RUNNING,
    STARTUP,
    VERSION,
    LooksOnly,
    boot_of,
    config_lines,
    has_filesystem_file,
    udi_notes,
)
from slp_tasks.server_way import LOOK_S, REMEDY, WayVerdict, look_at_way
from slp_tasks.step import Probe, StepContext
from slp_tasks.task import FiledOptions, carry_out

_SKEW_NOTED_S = 300.0
SSH = "show ip ssh"
_WRONG_ROUTER = "check the address in the inventory, then assess and plan again"


@dataclass(frozen=True)
class _Problem:
    """What stands in the way; ``identity`` problems cannot be overridden."""

    text: str
    rule: str = "UP-3"
    code: str = StepFailed.code
    remedy: str = "put that right on the router, then `slp retry`"


@dataclass(frozen=True)
class _Seen:
    """All that the checks read, asked once."""

    plan: RouterPlan
    state: RouterState
    unsaved: int
    skew_s: float | None
    filesystem: str

    def has(self, kind: type[StepParams]) -> bool:
        return any(isinstance(step.params, kind) for step in self.plan.steps)

    @property
    def reloads(self) -> bool:
        return any(step.facts.reloads for step in self.plan.steps)

    @property
    def activates(self) -> bool:
        return any(step.facts.uncommitted for step in self.plan.steps)


class Preflight(LooksOnly[PreflightParams]):
    """``done`` = ready; ``blocked`` = one sentence with the first problem."""

    params = PreflightParams

    def probe(self, ctx: StepContext[PreflightParams]) -> Probe:
        seen = _read(ctx)
        state = seen.state
        noted: dict[str, Any] = {
            **udi_notes(state.udi),
            "release": state.release.short if state.release else None,
            "boot": boot_of(state, ctx.clock.now()).as_notes(),
            "skew_s": round(seen.skew_s, 1) if seen.skew_s is not None else None,
            "unsaved_lines": seen.unsaved,
        }
        strangers = list(_identity(seen))
        way = None if strangers else _way(ctx, seen)
        tokens = [] if strangers else list(token_troubles(seen.plan, ctx.secrets))
        problems = [*strangers, *_readiness(seen)]
        problems += [
            _Problem(t.text, "TOKEN-1", remedy=t.remedy) for t in tokens if t.kind != "unasked"
        ]
        if way is not None:
            noted["way"] = way.text
            problems += [_Problem(way.text, RULE, remedy=REMEDY)] if way.kind == "barred" else []
        allowed = [p for p in problems if p.rule and ctx.plan.allows(p.rule)]
        standing = [p for p in problems if p not in allowed]
        noted["warnings"] = [p.text for p in allowed] + list(_warnings(seen))
        noted["warnings"] += [t.text for t in tokens if t.kind == "unasked"]
        noted["warnings"] += [way.text] if way is not None and way.kind == "unseen" else []
        if standing:
            text = "; ".join(p.text for p in standing)
            remedy = "; ".join(dict.fromkeys(p.remedy for p in standing))
            return Probe("blocked", text, seen=noted, code=standing[0].code, remedy=remedy)
        warned = "; ".join(noted["warnings"])
        return Probe("done", f"ready ({warned})" if warned else "ready", seen=noted)


def _read(ctx: StepContext[PreflightParams]) -> _Seen:
    filesystem = ctx.flash
    commands = [VERSION, f"dir {filesystem}", INSTALL, "show boot", REDUNDANCY]
    commands += [SSH] if _refuses_keys(ctx.plan) else []
    began = ctx.clock.now()
    outputs = {c: ctx.session.run(c) for c in commands}
    asked = ctx.clock.now()
    outputs[CLOCK] = ctx.session.run(CLOCK)
    answered = ctx.clock.now()
    state = assemble(ctx.plan.router, outputs, read_at=began)
    running, startup = (
        config_lines(ctx.session.run(c, timeout=ctx.clock.patience(120)))
        for c in (RUNNING, STARTUP)
    )
    time = state.clock.time if state.clock else None
    return _Seen(
        plan=ctx.plan,
        state=state.model_copy(update={"config": running}),
        unsaved=len(set(running) ^ set(startup)),
        skew_s=skew(time, asked, answered) if time else None,
        filesystem=filesystem,
    )


def skew(router: datetime, asked: datetime, answered: datetime) -> float:
    """Returns how far the router's clock is outside the time of asking: router minus ours."""
    if router < asked - timedelta(seconds=1):
        return (router - asked).total_seconds()
    if router > answered:
        return (router - answered).total_seconds()
    return 0.0


def _identity(seen: _Seen) -> Iterator[_Problem]:
    state, plan = seen.state, seen.plan
    if plan.udi is not None and state.udi is None:
        yield _Problem(
            "the router does not show its PID and serial number",
            "",
            PlanMismatch.code,
            remedy=_WRONG_ROUTER,
        )
    elif plan.udi is not None and state.udi is not None:
        found, planned = state.udi, plan.udi
        if (found.pid, found.sn) != (planned.pid, planned.sn):
            yield _Problem(
                f"this router is {found.pid} {found.sn}, "
                f"the plan was made for {planned.pid} {planned.sn}",
                "",
                PlanMismatch.code,
                remedy=_WRONG_ROUTER,
            )
    if plan.release is None or state.release is None:
        return
    known = [Release.parse(plan.release)]
    known += [Release.parse(plan.target.release)] if plan.target.release else []
    if not any(state.release.satisfies(r) for r in known):
        yield _Problem(
            f"the router runs {state.release}, the plan was made for {plan.release}",
            "",
            PlanMismatch.code,
            remedy="assess and plan again",
        )


def _readiness(seen: _Seen) -> Iterator[_Problem]:
    if seen.state.controller_mode and any(step.facts.managed for step in seen.plan.steps):
        yield _Problem(
            "the router is in SD-WAN controller mode (UP-8): it would refuse this plan",
            "",
            remedy="use the SD-WAN manager, then assess and plan again",
        )
    if seen.reloads:
        why = refused_key(seen.state, *_releases(seen.plan), builtin_rules())
        if why is not None:
            yield _Problem(
                why, "ACCESS-1", remedy=f"{new_key(builtin_rules().ssh_key.bits)}; `slp retry`"
            )
        yield from _boots_again(seen)
        yield from _install_is_settled(seen)
        yield from _fits(seen)
        yield from _has_room(seen)
    if seen.skew_s is not None and abs(seen.skew_s) >= SKEW_LIMIT_S and seen.has(TrustParams):
        yield _Problem(
            f"the router's clock is off by {abs(seen.skew_s) / 60:.0f} minutes: "
            "CSSM refuses trust beyond one hour",
            "READY-2",
            remedy="set it or use NTP, then `slp retry`",
        )
    state = seen.state
    name, udi = state.hostname, state.udi
    if seen.has(TrustParams) and name and udi and named_like_pid(name, udi.pid):
        yield _Problem(
            "the host name equals the PID: CSSM refuses trust to it",
            "READY-1",
            remedy="give it another host name, then assess and plan again",
        )


def _refuses_keys(plan: RouterPlan) -> bool:
    """Tells whether the upgrade reaches the release from which on SSH refuses short keys (C06)."""
    return crosses(*_releases(plan), builtin_rules().ssh_key.since)


def _releases(plan: RouterPlan) -> tuple[Release | None, Release | None]:
    """Returns where the plan begins and where it leads."""
    present, goal = plan.release, plan.target.release
    return (Release.parse(present) if present else None, Release.parse(goal) if goal else None)


def _way(ctx: StepContext[PreflightParams], seen: _Seen) -> WayVerdict | None:
    """Looks at the way to the licence server while the router still runs as it did."""
    way = way_before_reload(seen.plan, seen.state)
    if way is None:
        return None
    return look_at_way(ctx.session, seen.plan.router, way, timeout=ctx.clock.patience(LOOK_S))


def _boots_again(seen: _Seen) -> Iterator[_Problem]:
    boot = seen.state.boot
    for trouble, remedy in boot_troubles(boot):
        yield _Problem(trouble, remedy=f"{remedy}, then `slp retry`")
    first = next((x for x in seen.state.config or () if x.startswith("boot system ")), None)
    install = boot is not None and boot.mode == "install"
    if install and first and "packages.conf" not in first and seen.activates:
        yield _Problem(f"install mode, but `{first}` stands first: it must be packages.conf")
    if seen.unsaved and not seen.has(SaveConfigParams):
        yield _Problem(f"{seen.unsaved} configuration lines are not saved")


def _install_is_settled(seen: _Seen) -> Iterator[_Problem]:
    install = seen.state.install
    target = seen.plan.target.release
    wanted = Release.parse(target) if target else None
    waiting = [p.version for p in (install.packages or () if install else ()) if p.state == "U"]
    strange = [v for v in waiting if wanted is None or not names_release(v, wanted)]
    for version in strange:
        yield _Problem(f"{version} is activated and not committed: commit or abort it")
    timer = rollback_timer(seen.state)
    if timer is not None and not waiting:
        yield _Problem(f"{timer}: the router would take the upgrade back", remedy=TIMER_REMEDY)
    if seen.has(IssuActivateParams):
        for why in not_ready(seen.state):
            yield _Problem(f"{why}: ISSU is not possible", "UP-2")
        return
    redundancy = seen.state.redundancy
    peer = redundancy.peer_state if redundancy else None
    alone = ("STANDBY HOT", "DISABLED", "NOT AVAILABLE", "NONE")
    if peer and not any(word in peer.upper() for word in alone):
        yield _Problem(f"the standby is not ready ({peer})")


def _fits(seen: _Seen) -> Iterator[_Problem]:
    """Yields that the image is of another family or variant than what runs (UP-10, UP-11)."""
    for concern in _against_image(seen):
        if concern.severity == "blocker":
            yield _Problem(concern.text, concern.rule, remedy=concern.remedy)


def _against_image(seen: _Seen) -> Iterator[Concern]:
    image, target = _staged(seen), seen.plan.target.release
    if image is None:
        return
    rules, udi = builtin_rules(), seen.state.udi or seen.plan.udi
    platform = platform_of(udi.pid if udi is not None else None, rules)
    goal = Release.parse(target) if target else None
    row = platform.row if platform is not None else None
    yield from check_change(seen.state, row, goal, image.name, rules)


def _staged(seen: _Seen) -> Image | None:
    params = (step.params for step in seen.plan.steps)
    return next((p.image for p in params if isinstance(p, StageImageParams)), None)


def _has_room(seen: _Seen) -> Iterator[_Problem]:
    image = _staged(seen)
    size, name = (image.size or 0, image.name) if image else (0, "")
    storage = next((s for s in seen.state.storage or () if s.free is not None), None)
    if not size or storage is None or storage.free is None:
        return
    goal = seen.plan.target.release
    if goal is not None and package_of(seen.state, goal) is not None:
        return  # staged and added by an earlier run
    need = 0 if has_filesystem_file(seen.state, name) == size else size
    if seen.has(InstallAddParams) or seen.activates:
        need += size  # unpacked beside the image
    if storage.free < need:
        yield _Problem(
            f"{seen.filesystem} has {storage.free:,} bytes free, the upgrade needs {need:,}; "
            "nothing is deleted without being asked for",
            remedy="make room (`install remove inactive`), then `slp retry`",
        )


def _warnings(seen: _Seen) -> Iterator[str]:
    if seen.skew_s is not None and _SKEW_NOTED_S <= abs(seen.skew_s) < SKEW_LIMIT_S:
        yield f"the router's clock is off by {abs(seen.skew_s):.0f} s"
    if seen.unsaved and seen.has(SaveConfigParams):
        yield f"{seen.unsaved} configuration lines are not saved yet; the plan saves them"
    yield from (c.text for c in check_messages(seen.state))
    if seen.reloads:
        yield from (c.text for c in _against_image(seen) if c.severity == "warning")


def preflight(task: Task, plan: RouterPlan, **options: Unpack[FiledOptions]) -> Result:
    """Nornir task: checks that the host is ready for ``plan``; never changes anything."""
    return carry_out(task, Preflight(), plan=plan, **options)
