"""The steps of a plan, in the one order that is safe."""

from __future__ import annotations

from typing import Any, Literal

from slp_core.plan import PersonTask, StepKind, StepSpec
from slp_core.planner.authorization_steps import reservation_steps, slac_steps
from slp_core.planner.collecting import Steps
from slp_core.planner.install_steps import activation_steps, add_step, commit_step, undone
from slp_core.planner.onprem import cut_over_after, cut_over_before, cut_over_end
from slp_core.planner.registration_steps import register_again
from slp_core.planner.situation import Situation
from slp_core.planner.usage_steps import synchronise, usage_steps
from slp_core.rules.dlc import outstanding
from slp_core.rules.model import Model
from slp_core.rules.throughput import judged, needs_hseck9, same_level
from slp_core.state import Level
from slp_core.topology_lines import Difference, difference, has_vrf_keyword, wanted_lines

_ASK_FOR_REPORT = frozenset(
    {
        StepKind.TOPOLOGY,
        StepKind.TRUST,
        StepKind.SLAC,
        StepKind.SLAC_IMPORT,
        StepKind.DLC_WAIT,
    }
)


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
    if s.model is Model.SLP and s.upgrade and s.crosses:
        usage_steps(s, middle, ("REP-8",), "the storage of usage reports changes at 17.7.1a")
    if s.upgrade:
        upgrade_steps(s, middle, (s.transport.rule,))
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
    if not middle.found:
        return ()
    steps = Steps()
    steps.add(StepKind.PREFLIGHT, "Check that the router is ready", ("UP-3",))
    steps.add(StepKind.BACKUP, "Keep configurations and licence state", ("UP-3",))
    for step in middle.found:
        steps.found.append(
            step.model_copy(update={"id": f"{len(steps.found) + 1:02d}{step.id[2:]}"})
        )
    if save:
        steps.add(StepKind.SAVE_CONFIG, "Save the configuration", ("UP-3", *kept_for))
    if verify:
        steps.add(
            StepKind.VERIFY,
            "Hold the router against the plan",
            ("UP-4", "REP-9"),
            params={"moment": "end"},
        )
    return tuple(steps.found)


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
    goal = s.goal.short if s.goal else None
    name = s.image.name if s.image else ""
    file = f"{s.filesystem}{name}"
    _stage(s, steps)
    steps.add(StepKind.SAVE_CONFIG, "Save the configuration before the reload", ("UP-3",))
    installs = s.boots_after == "install"
    if installs:
        activation_steps(s, steps, name=name, file=file, release=goal)
    else:
        steps.add(StepKind.BOOT_VARIABLE, f"Boot from {name}", ("UP-2",), params={"file": file})
        steps.add(StepKind.SAVE_CONFIG, "Save the boot variable", ("UP-2",))
        steps.add(
            StepKind.RELOAD,
            f"Reload into {goal}",
            ("UP-2", "UP-4"),
            params={"save": False, "release": goal, **undone(s)},
        )
    if installs and not s.takes_back:
        commit_step(steps, goal)
    steps.add(
        StepKind.VERIFY,
        "Hold the router against what the upgrade should leave"
        if moment == "upgrade"
        else f"Look whether {goal} has recorded the PAK licences",
        ("UP-4", *reasons),
        params={"moment": moment, **undone(s)},
    )
    if s.takes_back:
        steps.add(
            StepKind.ROLLBACK,
            "Take the upgrade back, if it failed",
            ("UP-4",),
            why=f"asked for (rollback auto): back to {s.state.release}, and the router stops there",
            params={"on_failure": True},
        )
        if installs:
            commit_step(steps, goal)


def staging_steps(s: Situation, steps: Steps) -> None:
    """Adds the steps up to where a router would go out of service; a later plan goes on.

    In bundle mode not even the boot variable is touched: the next reload, whoever asks for it,
    must not be the upgrade.
    """
    if not s.upgrade or s.added:
        return
    _stage(s, steps)
    name = s.image.name if s.image else ""
    if s.boots_after == "install" and s.target.install != "one-shot":
        goal = s.goal.short if s.goal else None
        add_step(s, steps, name=name, file=f"{s.filesystem}{name}", release=goal)


def _stage(s: Situation, steps: Steps) -> None:
    if s.image is None:
        return
    copied = s.image.source is not None
    steps.add(
        StepKind.STAGE_IMAGE,
        f"{'Copy and prove' if copied else 'Prove'} the image {s.image.name}",
        ("UP-3",),
        why="" if copied else "no source is given: the image is expected on flash",
        params={"image": s.image.to_json(), "filesystem": s.filesystem},
    )


def _after(s: Situation, steps: Steps) -> None:
    if s.cuts_over:
        cut_over_after(s, steps)
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
            StepKind.DLC_WAIT,
            "Wait until conversion data is collected",
            ("DLC-3", "DLC-4", "DLC-5"),
            why="about an hour after the upgrade; reporting before it needs a second round",
        )
    if _report_asked_for(s, steps):
        usage_steps(
            s, steps, ("REP-7", *s.reporting.rules[:1]), "one first synchronisation, always"
        )
    if s.dlc or (s.model is Model.SLP and outstanding(s.state)):
        steps.add(
            StepKind.DLC_DONE,
            "Wait until the conversion is acknowledged",
            ("DLC-4", "DLC-6", *(("ONPREM-10",) if s.cuts_over else ())),
            why="can trail the usage acknowledgement by half an hour",
            person=_synchronised_again(s),
        )


def _synchronised_again(s: Situation) -> PersonTask | None:
    if s.topology.report != "sync-person":
        return None
    return synchronise(s.topology.where, "If it is long in coming")


def topology_step(s: Situation, steps: Steps) -> None:
    """Adds what makes the router report in the way that the topology asks for."""
    steps.add(
        StepKind.TOPOLOGY,
        f"Set up the topology {s.topology.kind}",
        (s.topology.rule,),
        why=_replaced(s),
        params={"topology": s.target.topology.to_json()},
    )


def _replaced(s: Situation) -> str:
    """Returns which configured lines will be gone, as far as the configuration was seen."""
    found = _difference(s).replaces
    return f"replaces: {'; '.join(found)}" if found else ""


def topology_stands(s: Situation) -> bool:
    """Tells whether the configuration was seen and lacks nothing of the topology."""
    return s.state.config is not None and not _difference(s).sends


def _difference(s: Situation) -> Difference:
    topology = s.target.topology
    if topology.kind == "onprem" and topology.url is None:
        return Difference((), ())  # the plan is blocked for it, and nothing can be compared
    wanted = wanted_lines(topology, vrf_keyword=has_vrf_keyword(s.state))
    return difference(wanted, s.state.config or (), s.state)


def trust_step(s: Situation, steps: Steps, *, force: bool = False) -> None:
    """Adds the request for a trust code, with the token that the topology names."""
    steps.add(
        StepKind.TRUST,
        "Install a new trust code" if force else "Install a trust code",
        (s.topology.rule, "TOKEN-1"),
        params={
            "token": s.target.topology.token,
            "scope": s.scope,
            "force": force,
        },
    )


def throughput_step(s: Situation, steps: Steps) -> None:
    """Adds the throughput of the target, as the platform counts it and in its order."""
    wanted, t = s.target.throughput, s.target
    virtual = s.platform is not None and s.platform.virtual
    params: dict[str, Any] = (
        {"level": wanted, "crypto": None}
        if virtual
        else {"level": t.platform_level, "crypto": wanted}
    )
    if t.boot_level is not None:
        params["boot_level"] = t.boot_level
    if hseck9_line_wanted(s):
        params["hseck9"] = True
    named = [str(x) for x in (wanted, t.platform_level, t.boot_level) if x is not None]
    steps.add(
        StepKind.THROUGHPUT,
        f"Set the throughput to {', '.join(named)}",
        ("THR-1", "SLAC-12"),
        why="after the SLAC: hardware refuses more than 250 Mbps before it",
        params=params,
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
    if s.migrates:
        return True
    changed = any(x.kind in _ASK_FOR_REPORT for x in steps.found)
    reporting = s.state.licensing.reporting if s.state.licensing else None
    return changed or reporting is None or reporting.last_ack is None
