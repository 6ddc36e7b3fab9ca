"""The steps of a plan, in the one order that is safe."""

from __future__ import annotations

from typing import Literal

from slp_core.plan import PersonTask, StepSpec
from slp_core.planner.authorization_steps import (
    awaited_slac,
    reservation_steps,
    slac_line_steps,
    slac_steps,
)
from slp_core.planner.collecting import Steps
from slp_core.planner.firmware_stop import firmware_stop, renewal_steps, stopped, stopping
from slp_core.planner.install_steps import activation_steps, add_step, commit_step, undone
from slp_core.planner.onprem import (
    TENANT_URL,
    cut_over_after,
    cut_over_before,
    cut_over_end,
    synchronise_account,
)
from slp_core.planner.registration_steps import register_again
from slp_core.planner.situation import Situation
from slp_core.planner.usage_steps import reports_first, synchronise, usage_steps
from slp_core.rules.dlc import outstanding
from slp_core.rules.model import Model
from slp_core.rules.throughput import as_virtual, judged, needs_hseck9, same_level
from slp_core.state import Level
from slp_core.steps.around import BackupParams, PreflightParams, SaveConfigParams, VerifyParams
from slp_core.steps.authorization import Scope, TrustParams
from slp_core.steps.image import BootVariableParams, ReloadParams, RollbackParams, StageImageParams
from slp_core.steps.throughput import ThroughputParams
from slp_core.steps.usage import DlcDoneParams, DlcWaitParams
from slp_core.steps.way import TopologyParams
from slp_core.topology_lines import Difference, difference, has_vrf_keyword, wanted_lines


def steps_of(s: Situation) -> tuple[StepSpec, ...]:
    """Returns the steps that take a router to its target; none where it is there already."""
    middle = Steps()
    if s.stages_only:
        staging_steps(s, middle)
        return framed(middle, save=False, verify=False)
    if s.cuts_over:
        cut_over_before(s, middle)
    if s.slac.need == "reservation":
        reservation_steps(s, middle)
    slac_line_steps(s, middle)
    if reports_first(s) and s.reports_now is not None:
        why = "the storage of usage reports changes at 17.7.1a; by the present topology"
        usage_steps(s, middle, ("REP-8",), why, row=s.reports_now)
    if s.upgrade:
        upgrade_by_stop(s, middle, (s.transport.rule,))
    if s.leaves_slp:
        register_again(s, middle)
    else:
        _after(s, middle)
    return framed(middle)


def framed(
    middle: Steps, *, save: bool = True, verify: bool = True, kept_for: tuple[str, ...] = ()
) -> tuple[StepSpec, ...]:
    """Returns the steps, numbered, between checking and saving; none where nothing is to do.

    Args:
        save: the configuration is saved at the end.
        verify: the router is held against its predictions at the end.
        kept_for: rules that ask for the saving besides.
    """
    if not middle.specs:
        return ()
    steps = Steps()
    steps.add(PreflightParams(), ("UP-3",))
    steps.add(BackupParams(), ("UP-3",))
    for step in middle.specs:
        steps.specs.append(
            step.model_copy(update={"id": f"{len(steps.specs) + 1:02d}{step.id[2:]}"})
        )
    if save:
        steps.add(SaveConfigParams(), ("UP-3", *kept_for))
    if verify:
        steps.add(VerifyParams(moment="end"), ("UP-4", "REP-9"))
    return tuple(steps.specs)


def upgrade_by_stop(s: Situation, steps: Steps, reasons: tuple[str, ...]) -> None:
    """Adds the upgrade, and before it the stop at which ROMMON is renewed, where one is due."""
    stop = firmware_stop(s)
    if stop is not None:
        begin = len(steps.specs)
        upgrade_steps(stopping(s, *stop), steps, ("ROMMON-2",), moment="stop")
        renewal_steps(s, steps, stop[0])
        steps.specs[begin:] = [x.told(beyond=_goal(s)) for x in steps.specs[begin:]]
        s = stopped(s, stop[0])
    upgrade_steps(s, steps, reasons)


def upgrade_steps(
    s: Situation,
    steps: Steps,
    reasons: tuple[str, ...],
    *,
    moment: Literal["stop", "upgrade"] = "upgrade",
) -> None:
    """Adds the steps that bring the new release up, in the router's own boot mode (UP-2).

    Where the run takes a failed upgrade back by itself, it is committed only after the look.
    """
    goal = _goal(s)
    name = s.image.name if s.image else ""
    file = f"{s.filesystem}{name}"
    _stage(s, steps)
    steps.add(SaveConfigParams(), ("UP-3",), title="Save the configuration before the reload")
    installs = s.boots_after == "install"
    if installs:
        activation_steps(s, steps, file=file, release=goal)
    else:
        steps.add(BootVariableParams(file=file), ("UP-2",))
        steps.add(SaveConfigParams(), ("UP-2",), title="Save the boot variable")
        reload = undone(s, ReloadParams(save=False, release=goal))
        steps.add(reload, ("UP-2", "UP-4"))
    if installs and not s.takes_back:
        commit_step(steps, goal)
    steps.add(
        undone(s, VerifyParams(moment=moment)),
        ("UP-4", *reasons),
        title="Verify the router after the upgrade"
        if moment == "upgrade"
        else _look_at_stop(s, goal),
    )
    if s.takes_back:
        steps.add(
            RollbackParams(on_failure=True),
            ("UP-4",),
            title="Roll the upgrade back if it failed",
            why=f"asked for (rollback auto): back to {s.state.release}, and the router stops there",
        )
        if installs:
            commit_step(steps, goal)


def _look_at_stop(s: Situation, goal: str) -> str:
    if s.model is Model.CLASSIC:
        return f"Check that {goal} has recorded the PAK licences"
    return f"Check that {goal} runs"


def _goal(s: Situation) -> str:
    """Returns the release of an upgrade; where there is none, nothing is to upgrade."""
    assert s.goal is not None
    return s.goal.short


def staging_steps(s: Situation, steps: Steps) -> None:
    """Adds the steps up to where a router would go out of service; a later plan goes on.

    In bundle mode not even the boot variable is touched: the next reload, whoever asks for it,
    must not be the upgrade.
    """
    if not s.upgrade or s.added:
        return
    _stage(s, steps)
    name = s.image.name if s.image else ""
    if s.boots_after == "install" and not s.one_shot:
        add_step(s, steps, file=f"{s.filesystem}{name}", release=_goal(s))


def _stage(s: Situation, steps: Steps) -> None:
    if s.image is None:
        return
    copied = s.image.source is not None
    steps.add(
        StageImageParams(image=s.image, filesystem=s.filesystem),
        ("UP-3",),
        why="" if copied else "no source is given: the image is expected on flash",
    )


def _after(s: Situation, steps: Steps) -> None:
    awaited_slac(s, steps)
    if s.cuts_over:
        cut_over_after(s, steps)
        if not s.transport.kept:
            topology_step(s, steps, url_file=TENANT_URL if s.wanted_url is None else None)
    elif not s.transport_settles_itself:
        topology_step(s, steps)
    if s.trust_wanted:
        trust_step(s, steps)
    slac_steps(s, steps)
    if s.target.throughput is not None and not runs_at(s, s.target.throughput):
        throughput_step(s, steps)
    if s.cuts_over:
        cut_over_end(s, steps)
    if s.dlc or (s.model is Model.SLP and outstanding(s.state)):
        steps.add(
            DlcWaitParams(),
            ("DLC-3", "DLC-4", "DLC-5"),
            why="about an hour after the upgrade; reporting before it needs a second round",
        )
    if _report_asked_for(s, steps):
        usage_steps(
            s, steps, ("REP-7", *s.reporting.rules[:1]), "one first synchronisation, always"
        )
    if s.dlc or (s.model is Model.SLP and outstanding(s.state)):
        steps.add(
            DlcDoneParams(),
            ("DLC-4", "DLC-6", *(("ONPREM-10",) if s.cuts_over else ())),
            why="can trail the usage acknowledgement by half an hour",
            person=_synchronised_again(s),
        )
    if s.cuts_over and s.dlc:
        synchronise_account(steps)


def _synchronised_again(s: Situation) -> PersonTask | None:
    if s.topology.report != "sync-person":
        return None
    return synchronise(s.topology.where, "If it is long in coming")


def topology_step(s: Situation, steps: Steps, *, url_file: str | None = None) -> None:
    """Adds what makes the router report in the way that the topology asks for.

    Args:
        url_file: what a person hands the URL in by that nobody knew when the plan was made.
    """
    params = TopologyParams(topology=s.target.topology)
    if url_file is not None:
        params = params.model_copy(update={"url_file": url_file})
    steps.add(params, (s.topology.rule,), why=_replaced(s))


def _replaced(s: Situation) -> str:
    """Returns which configured lines will be gone, as far as the configuration was seen."""
    lines = _difference(s).replaces
    return f"replaces: {'; '.join(lines)}" if lines else ""


def topology_stands(s: Situation) -> bool:
    """Tells whether the configuration was seen and lacks nothing of the topology."""
    return s.state.config is not None and not _difference(s).sends


def _difference(s: Situation) -> Difference:
    topology = s.target.topology
    if topology.kind == "onprem" and topology.url is None:
        return Difference((), ())  # the plan is blocked for it, and nothing can be compared
    wanted = wanted_lines(topology, vrf_keyword=has_vrf_keyword(s.state))
    return difference(wanted, s.state.config or (), s.state)


def trust_step(
    s: Situation, steps: Steps, *, force: bool = False, scope: Scope | None = None
) -> None:
    """Adds the request for a trust code, with the token that the topology names."""
    params = TrustParams(token=s.target.topology.token, scope=scope or s.scope, force=force)
    steps.add(params, (s.topology.rule, "TOKEN-1"))


def throughput_step(s: Situation, steps: Steps) -> None:
    """Adds the throughput of the target, as the platform counts it and in its order."""
    wanted, t = s.target.throughput, s.target
    virtual = s.platform is not None and s.platform.virtual
    level, crypto = (wanted, None) if virtual else (t.platform_level, wanted)
    if virtual and level is not None:
        level = as_virtual(level, s.rules)
    params = ThroughputParams(level=level, crypto=crypto)
    if t.boot_level is not None:
        params = params.model_copy(update={"boot_level": t.boot_level})
    if hseck9_line_wanted(s):
        params = params.model_copy(update={"hseck9": True})
    named = [str(x) for x in (wanted, t.platform_level, t.boot_level) if x is not None]
    steps.add(
        params,
        ("THR-1", "SLAC-12"),
        title=f"Set the throughput to {', '.join(named)}",
        why="after the SLAC: hardware refuses more than 250 Mbps before it",
    )


def hseck9_line_wanted(s: Situation) -> bool:
    """Tells whether the wanted throughput hangs on a line that the router lacks (SLAC-6)."""
    series = s.platform.row.series if s.platform is not None else ""
    line = any(x.strip() == "license feature hseck9" for x in s.state.config or ())
    wanted = needs_hseck9(s.target.throughput, s.rules)
    return wanted and series in s.rules.hseck9_line and not line


def runs_at(s: Situation, wanted: Level) -> bool:
    """Tells whether the router shows this throughput already."""
    return same_level(judged(s.state, s.platform), wanted)


def _report_asked_for(s: Situation, steps: Steps) -> bool:
    if s.migrates or outstanding(s.state):  # what was reported before it was collected (DLC-5)
        return True
    changed = any(x.facts.asks_for_report for x in steps.specs)
    reporting = s.state.licensing.reporting if s.state.licensing else None
    return changed or reporting is None or reporting.last_ack is None
