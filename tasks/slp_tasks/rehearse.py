"""A step in a dry run: it looks, never waits, and shows every line that it would send.

A router is looked at as it is now. What comes after a step that was not carried out cannot be
looked at: there the lines come from the plan, and the step says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from slp_core.errors import InputError, UsageError
from slp_core.plan import StepKind, StepSpec
from slp_core.rules.throughput import throughput_lines
from slp_core.targets import Topology
from slp_core.topology_lines import wanted_lines
from slp_tasks import usage_rest
from slp_tasks.step import Notes, Probe, Step, StepContext
from slp_tasks.steps import deregister, factory_reset, install_commit, issu_activate, save_config
from slp_tasks.steps.call_home import SetCallHome
from slp_tasks.steps.mode_switch import LINE
from slp_tasks.steps.usage_save import selection

WOULD = "would_act"
"""Note of a step that was rehearsed and would have acted."""
_LOOKS = (StepKind.PREFLIGHT, StepKind.BACKUP, StepKind.VERIFY)
_UNDONE = (StepKind.SAVE_CONFIG, StepKind.USAGE_SYNC)
"""Kinds that are done as long as nothing changes: a step before them makes them act again."""

_BY_REST: Mapping[StepKind, Callable[[StepContext], Iterable[str]]] = {
    StepKind.USAGE_SAVE: usage_rest.asks,
    StepKind.USAGE_IMPORT: lambda ctx: (usage_rest.command(ctx),),
}


def rehearse(step: Step, ctx: StepContext) -> Probe:
    """Returns the probe of a dry run: ``done``, ``blocked``, or ``ready`` with what it would send.

    ``seen["sends"]`` holds the lines; a secret stands in them by name.
    """
    ahead = any(notes.get(WOULD) for notes in ctx.earlier.values())
    try:
        probe = step.probe(ctx)
    except InputError as error:
        if not ahead and ctx.step.waits_for != "person":
            raise
        probe = Probe("waiting", error.what)
    if probe.state == "done" and not (ahead and ctx.step.kind in _UNDONE):
        return probe
    if probe.state == "blocked" and not ahead:
        return probe
    if ctx.step.kind in _LOOKS:
        return Probe("ready", probe.detail, seen={"sends": []})
    if probe.state == "ready" and "sends" in probe.seen:
        return Probe("ready", probe.detail, seen={**probe.seen, WOULD: True})
    waits = f"would wait: {probe.detail}" if probe.state == "waiting" else probe.detail
    told = f"after the steps before it; now: {probe.detail}" if ahead else waits
    seen: Notes = {"sends": list(_planned(ctx)), WOULD: True, "from_plan": True}
    return Probe("ready", told, seen=seen)


def _planned(ctx: StepContext) -> tuple[str, ...]:
    """Returns what the step sends by the way that it takes: lines, or requests to the router."""
    requests = _BY_REST.get(ctx.step.kind)
    if requests is not None and usage_rest.by_rest(ctx):
        return tuple(requests(ctx))
    return planned_lines(ctx.step)


def planned_lines(step: StepSpec) -> tuple[str, ...]:
    """Returns what a step sends by its parameters alone, at most; nothing where it only looks."""
    p = step.params
    flash = str(p.get("filesystem") or "bootflash:")
    match step.kind:
        case StepKind.SAVE_CONFIG:
            return (save_config.COMMAND,)
        case StepKind.RESERVATION_INSTALL:
            file = f"{flash}{p.get('file')}"
            return (f"scp {p.get('file')} {file}", f"license smart reservation install file {file}")
        case StepKind.RESERVATION_REQUEST:
            scope = p.get("scope") or "local"
            return ("license smart reservation", f"license smart reservation request {scope}")
        case StepKind.RESERVATION_RETURN:
            return (f"license smart reservation return {p.get('scope') or 'local'}",)
        case StepKind.STAGE_IMAGE:
            return (_copy(p.get("image") or {}, flash),)
        case StepKind.INSTALL_ADD:
            return (f"install add file {p.get('file')}",)
        case StepKind.INSTALL_ACTIVATE:
            if p.get("file"):
                return (f"install add file {p['file']} activate commit",)
            minutes = p.get("auto_abort_minutes")
            return ("install activate" + (f" auto-abort-timer {minutes}" if minutes else ""),)
        case StepKind.ISSU_ACTIVATE:
            return (issu_activate.COMMAND,)
        case StepKind.INSTALL_COMMIT:
            return (install_commit.COMMAND,)
        case StepKind.BOOT_VARIABLE:
            return (f"boot system {p.get('file')}",)
        case StepKind.RELOAD:
            return ("reload",)
        case StepKind.TOPOLOGY:
            return _topology(p)
        case StepKind.CALL_HOME:
            return _topology(p, SetCallHome.template)
        case _:
            return _licensing(step, flash)


def _licensing(step: StepSpec, flash: str) -> tuple[str, ...]:
    p = step.params
    scope, force = p.get("scope") or "local", " force" if p.get("force") else ""
    file = f"{flash}{p.get('file')}"
    match step.kind:
        case StepKind.TRUST:
            return (f"license smart trust idtoken TOKEN {scope}{force}",)
        case StepKind.SLAC | StepKind.SLAC_REQUEST:
            feature, mode = p.get("feature") or "hseck9", p.get("mode") or "add"
            smart = "license smart authorization request"
            saved = (f"{smart} save {file}",) if step.kind is StepKind.SLAC_REQUEST else ()
            return (f"{smart} {mode} {feature} {scope}", *saved)
        case StepKind.SLAC_RETURN:
            how = "online" if p.get("how") == "online" else f"offline {file}"
            return (f"license smart authorization return {scope} {how}",)
        case StepKind.SLAC_IMPORT | StepKind.USAGE_IMPORT:
            return (f"scp {p.get('file')} {file}", f"license smart import {file}")
        case StepKind.USAGE_SYNC:
            return (f"license smart sync {scope}",)
        case StepKind.USAGE_SAVE:
            return (f"license smart save usage {selection(p)} file {file}",)
        case StepKind.THROUGHPUT:
            return throughput_lines(p)
        case StepKind.REGISTER:
            return (f"license smart register idtoken TOKEN{force}",)
        case StepKind.RENEW:
            return (f"license smart renew {p.get('what') or 'auth'}",)
        case StepKind.DEREGISTER:
            return (deregister.COMMAND,)
        case StepKind.MODE_SWITCH:
            return (LINE if p.get("mode") == "smart" else f"no {LINE}",)
        case StepKind.FACTORY_RESET:
            return (factory_reset.COMMAND,)
        case _:
            return ()


def _topology(params: dict[str, Any], template: str | None = None) -> tuple[str, ...]:
    try:
        return wanted_lines(Topology.model_validate(params["topology"]), template=template)
    except UsageError:  # the step itself says what its template lacks
        return ()


def _copy(image: dict[str, Any], flash: str) -> str:
    source, name = image.get("source"), image.get("name")
    if source is None:
        return f"verify /sha512 {flash}{name}"
    return f"{'copy' if '://' in str(source) else 'scp'} {source} {flash}{name}"
