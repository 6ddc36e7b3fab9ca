"""What an operator is shown and asked before a plan is carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from nornir_slp.inert import inert
from nornir_slp.views.plan import totals
from slp_cli.ui import Ui
from slp_core.errors import InputError, InventoryError, SecretError
from slp_core.plan import Plan, RouterPlan
from slp_core.secrets import SecretStore
from slp_core.targets import Target
from slp_core.token_reference import is_asked_of_cssm
from slp_fleet.model import RunOptions
from slp_fleet.waves import make_waves

_NAMED = 6
_UNSET = object()


def approved(
    ui: Ui,
    plan: Plan,
    options: RunOptions,
    *,
    yes: bool,
    notes: Mapping[str, str] | None = None,
) -> bool:
    """Shows in short what will be done, and returns whether the operator wants it.

    Args:
        notes: what there is to know of a router besides, by its name.

    Raises:
        SecretError: a token that the plan needs is not there; better now than at 2 a.m.
    """
    _check_secrets(ui, plan)
    for line in summary(plan, options):
        ui.show(Text(inert(line)))
    for router, changed in (notes or {}).items():
        ui.warn(f"  {router}: {changed}")
    if yes:
        return True
    if not ui.interactive:
        ui.warn("nothing was done: there is nobody to ask; give --yes to approve")
        return False
    return typer.confirm("Carry this out?", default=False, err=True)


def summary(plan: Plan, options: RunOptions) -> Iterator[str]:
    """Yields the lines that say what a run of this plan will do, and how careful it will be."""
    runnable = [p for p in plan.routers if _open(p, options)]
    yield totals(plan)
    waves = make_waves(runnable, canary=options.canary, wave_size=options.wave_size)
    sizes = [len(w) for w in waves]
    canary = f"canary {sizes[0]}, then " if options.canary and sizes else ""
    rest = sizes[1:] if options.canary else sizes
    yield f"  waves      {canary}{', '.join(map(str, rest)) or 'nothing'}"
    yield f"  failures   no further router is started after more than {options.max_failures}"
    for key, number in options.per_group.items():
        yield f"  {key:<10} at most {number} of one {key} out of service"
    if options.window:
        yield f"  window     {options.window}"
    persons = [p.router for p in runnable if any(s.person for s in p.steps)]
    if persons:
        yield f"  a person   is needed for {_names(persons)}"
    blocked = [p for p in plan.routers if not _open(p, options)]
    for rule, count in Counter(n.rule for p in blocked for n in p.blockers).items():
        names = [p.router for p in blocked if any(n.rule == rule for n in p.blockers)]
        yield f"  blocked    {count} by {rule}: {_names(names)}"
    for rule, reason in options.allow.items():
        yield f"  allowed    {rule}: {reason}"
    if options.dry_run:
        yield "  dry run    every router is looked at, none is changed"


def changed_targets(ui: Ui, plan: Plan) -> dict[str, str]:
    """Returns, by router, where the inventory says another target by now than the plan leads to.

    No error: options of ``slp plan`` win over the inventory, and the plan is what was approved.
    """
    from slp_tasks.host_data import host_target
    from slp_tasks.inventory import load_nornir

    try:
        hosts = load_nornir(ui.inventory).inventory.hosts
    except InventoryError:  # refused in its own words when the run is made
        return {}
    base = ui.inventory if ui.inventory.is_dir() else ui.inventory.parent
    changed = {}
    for router in plan.routers:
        host = hosts.get(router.router)
        wanted = host_target(host) if host is not None else None
        keys = _differing(wanted, router.target, base.resolve()) if wanted else []
        if keys:
            changed[router.router] = f"the inventory says otherwise than the plan: {_names(keys)}"
    return changed


def _differing(wanted: Mapping[str, Any], planned: Target, base: Path) -> list[str]:
    """Returns each key of an inventory's target, with its value, where the plan has another."""
    from slp_core.targets import load_target

    topology = {"topology": planned.topology.to_json()}  # where options alone have said it
    try:
        now = _flat(load_target({**topology, **wanted}, where="", base=base).to_json())
    except InputError as error:
        return [f"its target cannot be read ({error.what})"]
    have = _flat(planned.to_json())
    return [
        f"{key} {value} (planned: {have.get(key, 'nothing')})"
        for key, value in now.items()
        if key.partition(".")[0] in wanted and have.get(key, _UNSET) != value
    ]


def _flat(target: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values of a target by dotted key."""
    flat = {}
    for key, value in target.items():
        inner = value if isinstance(value, Mapping) else {"": value}
        flat.update({f"{key}.{k}".rstrip("."): v for k, v in inner.items()})
    return flat


def _open(plan: RouterPlan, options: RunOptions) -> bool:
    return all(n.rule in options.allow for n in plan.blockers)


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _check_secrets(ui: Ui, plan: Plan) -> None:
    base = ui.inventory if ui.inventory.is_dir() else ui.inventory.parent
    store = SecretStore(base)
    asked = {
        reference: p.router
        for p in plan.routers
        for s in p.steps
        if not p.blockers and (reference := s.params.token_reference())
    }
    for reference, router in sorted(asked.items()):
        try:
            if reference.startswith(("env:", "file:")):
                store.resolve(reference)
            elif is_asked_of_cssm(reference):
                _check_service(ui, store, reference, router)
        except SecretError as error:
            raise SecretError(error.what, where="the plan", remedy=error.remedy) from error


def _check_service(ui: Ui, store: SecretStore, reference: str, router: str) -> None:
    """Proves that CSSM would give a token to this router; makes none."""
    from slp_tasks.inventory import load_nornir
    from slp_tasks.service_tokens import check_token

    host = load_nornir(ui.inventory).inventory.hosts.get(router)
    if host is not None:  # a router that is not there is refused when the run is made (F47)
        check_token(host, store, reference)
