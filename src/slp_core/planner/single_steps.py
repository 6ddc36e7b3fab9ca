"""The steps of one job, framed by what every change is framed by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from slp_core.plan import PersonTask, StepSpec
from slp_core.planner.authorization_steps import reservation_steps, slac_steps
from slp_core.planner.collecting import ACK_FILE, POLICY_FILE, Steps
from slp_core.planner.registration_steps import (
    call_home_step,
    deregister_step,
    mode_steps,
    register_step,
    registered,
    renew_steps,
)
from slp_core.planner.situation import Situation
from slp_core.planner.steps import (
    framed,
    hseck9_line_wanted,
    runs_at,
    staging_steps,
    throughput_step,
    topology_stands,
    topology_step,
    trust_step,
    upgrade_steps,
)
from slp_core.planner.usage_steps import import_step, save_step
from slp_core.rules import classic
from slp_core.rules.reporting import synchronised
from slp_core.rules.rollback import way_back
from slp_core.rules.slac import is_hseck9_tag, reserved
from slp_core.rules.throughput import same_level
from slp_core.steps.around import PersonParams, SaveConfigParams
from slp_core.steps.authorization import SlacParams, SlacRequestParams, SlacReturnParams
from slp_core.steps.image import ReloadParams, RollbackParams
from slp_core.steps.reservation import ReservationRequestParams, ReservationReturnParams
from slp_core.steps.usage import UsageImportParams, UsageSyncParams

Params = Mapping[str, Any]
_SAVED = ("topology", "throughput", "call-home", "register", "slac")
"""Jobs that change the configuration, or that a reload must not undo (B9-7)."""
_CODES = ("slac-request", "slac-return", "slr", "slr-request", "slr-return")
_UNSEEN = ("upgrade", "save", "usage-save", *_CODES)
"""Jobs that end without the last look: the upgrade has its own, the others leave nothing to see."""


def single_steps(s: Situation, job: str, params: Params) -> tuple[StepSpec, ...]:
    """Returns the steps of a job (``Job``) with check and backup before them; none where done."""
    steps = Steps()
    _JOBS[job](s, steps, params)
    _asked_scope(steps, params)
    return framed(steps, save=job in _SAVED, verify=job not in _UNSEEN)


def _asked_scope(steps: Steps, params: Params) -> None:
    """Has steps that speak to one or all members speak to those that were asked for."""
    if params.get("scope") is not None:
        steps.found = [
            x.told(scope=params["scope"]) if x.params.known("scope") else x for x in steps.found
        ]


def _upgrade(s: Situation, steps: Steps, params: Params) -> None:
    del params
    if s.stages_only:
        staging_steps(s, steps)
    elif s.upgrade:
        upgrade_steps(s, steps, (s.transport.rule,) if s.migrates else ())


def _topology(s: Situation, steps: Steps, params: Params) -> None:
    del params
    if not topology_stands(s):
        topology_step(s, steps)


def _trust(s: Situation, steps: Steps, params: Params) -> None:
    trust = s.state.licensing.trust if s.state.licensing else None
    if trust is None or trust.installed_on is None or params.get("force"):
        trust_step(s, steps, force=bool(params.get("force")))


def _slac(s: Situation, steps: Steps, params: Params) -> None:
    slac_steps(s, steps)
    if params.get("mode"):
        steps.found = [
            x.told(mode=params["mode"]) if isinstance(x.params, SlacParams) else x
            for x in steps.found
        ]


def _slac_request(s: Situation, steps: Steps, params: Params) -> None:
    del params
    if s.slac.need in ("request", "file"):
        request = SlacRequestParams(
            file="slac_request", feature="hseck9", scope=s.scope, mode="add"
        )
        steps.add(request, (s.slac.rule, s.topology.rule))


def _slac_return(s: Situation, steps: Steps, params: Params) -> None:
    how: Literal["online", "offline"] = params.get("how") or "offline"
    steps.add(
        SlacReturnParams(how=how, scope=s.scope, file="slac_return_code.txt"),
        ("SLAC-9", s.topology.rule),
        why="" if how == "online" else "then a person enters the return code in CSSM",
    )


def _slr_request(s: Situation, steps: Steps, params: Params) -> None:
    steps.add(
        ReservationRequestParams(scope=params.get("scope") or s.scope, file="request_code.txt"),
        ("MODEL-SLR",),
        why="a person enters it in CSSM, and gets the authorization code",
    )


def _slr_return(s: Situation, steps: Steps, params: Params) -> None:
    del params
    steps.add(
        ReservationReturnParams(scope=s.scope, file="return_code.txt"),
        ("MODEL-SLR",),
        why="the licences leave the account's books only when a person enters the return code",
    )


def _slr(s: Situation, steps: Steps, params: Params) -> None:
    del params
    if not any(is_hseck9_tag(x.tag, s.state, s.rules) for x in reserved(s.state)):
        reservation_steps(s, steps)


def _usage_save(s: Situation, steps: Steps, params: Params) -> None:
    reasons = ("REP-7", s.topology.rule)
    number = params.get("number")
    save_step(steps, reasons, what=params.get("what") or "unreported", number=number)
    _by(steps, params)


def _by(steps: Steps, params: Params) -> None:
    """Has the step last added go by the REST interface, where that was asked for."""
    if params.get("by"):
        last = steps.found.pop()
        steps.found.append(last.told(by=params["by"]))


def _usage_import(s: Situation, steps: Steps, params: Params) -> None:
    if params.get("kind") == "policy":
        _policy_import(s, steps)
        _by(steps, params)
        return
    steps.add(
        PersonParams(provides=(ACK_FILE,), needs=()),
        ("REP-9", s.topology.rule),
        title="Download the acknowledgement",
        person=PersonTask(
            where="CSSM: Reports > Usage Data Files",
            instructions=(
                f"Download the acknowledgement of the report of {s.udi_text}.",
                f"Drop it as {ACK_FILE}.",
            ),
        ),
    )
    import_step(steps, (s.topology.rule,))
    _by(steps, params)


def _policy_import(s: Situation, steps: Steps) -> None:
    steps.add(
        PersonParams(provides=(POLICY_FILE,), needs=()),
        ("POL-1", s.topology.rule),
        title="Download the policy",
        person=PersonTask(
            where="CSSM: Reports > Reporting Policy",
            instructions=("Download the policy.", f"Drop it as {POLICY_FILE}."),
        ),
    )
    policy = UsageImportParams(file=POLICY_FILE, kind="policy")
    steps.add(policy, ("POL-1", s.topology.rule))


def _usage_sync(s: Situation, steps: Steps, params: Params) -> None:
    del params
    if synchronised(s.state):
        return
    steps.add(UsageSyncParams(scope=s.scope), ("REP-7", "REP-9", s.topology.rule))


def _throughput(s: Situation, steps: Steps, params: Params) -> None:
    t = s.target
    level = s.state.throughput.level if s.state.throughput else None
    done = (
        (t.throughput is None or runs_at(s, t.throughput))
        and (t.platform_level is None or same_level(level, t.platform_level))
        and (t.boot_level is None or _configured(s, f"license boot level {t.boot_level}"))
        and not hseck9_line_wanted(s)
    )
    if done:
        return
    throughput_step(s, steps)
    if params.get("reload"):
        steps.add(SaveConfigParams(), ("UP-3",), title="Save the throughput")
        steps.add(
            ReloadParams(save=False, release=None),
            ("THR-1",),
            title="Reload to apply the throughput",
            why="boot level and crypto throughput count from the next boot on",
        )


def _configured(s: Situation, line: str) -> bool:
    return any(x.strip() == line for x in s.state.config or ())


def _save(s: Situation, steps: Steps, params: Params) -> None:
    del s, params
    steps.add(SaveConfigParams(), ("UP-3",))


def _call_home(s: Situation, steps: Steps, params: Params) -> None:
    del params
    call_home_step(s, steps)


def _register(s: Situation, steps: Steps, params: Params) -> None:
    if not registered(s) or params.get("force"):
        register_step(s, steps, force=bool(params.get("force")))


def _renew(s: Situation, steps: Steps, params: Params) -> None:
    del s
    renew_steps(steps, params.get("what") or ("auth", "id"))


def _deregister(s: Situation, steps: Steps, params: Params) -> None:
    del params
    if registered(s):
        deregister_step(steps)


def _mode(s: Situation, steps: Steps, params: Params) -> None:
    wanted: Literal["smart", "no-license"] = params.get("mode") or "smart"
    if classic.mode_of(s.state).value != wanted:
        mode_steps(steps, wanted)


def _rollback(s: Situation, steps: Steps, params: Params) -> None:
    way = way_back(s.state, release=params.get("release"), boot=tuple(params.get("boot") or ()))
    if way is None:
        return
    reloads = "and reload" if way.reloads else "without a reload"
    steps.add(
        RollbackParams(release=way.release, boot=way.boot),
        ("UP-4",),
        title=f"Roll back to {way.release}"
        if way.release
        else f"Restore the boot variable, {reloads}",
        why=way.why,
    )


_JOBS: dict[str, Callable[[Situation, Steps, Params], None]] = {
    "upgrade": _upgrade,
    "topology": _topology,
    "trust": _trust,
    "slac": _slac,
    "slac-request": _slac_request,
    "slac-return": _slac_return,
    "slr": _slr,
    "slr-request": _slr_request,
    "slr-return": _slr_return,
    "usage-save": _usage_save,
    "usage-import": _usage_import,
    "usage-sync": _usage_sync,
    "throughput": _throughput,
    "save": _save,
    "call-home": _call_home,
    "register": _register,
    "renew": _renew,
    "deregister": _deregister,
    "mode": _mode,
    "rollback": _rollback,
}
