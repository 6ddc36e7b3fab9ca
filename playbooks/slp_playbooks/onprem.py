"""SSM On-Prem: from an On-Prem too old for Smart Licensing Using Policy, in its order (ONPREM).

    cut_over(load_nornir(Path("inventory")), image={...}, release="17.3.2", files=Path("files"),
             url="https://ssm.example.net/cslu/v1/pi/Local-1")

A person works in the pages of CSSM and On-Prem, once for all routers; the others wait. A router
that fails is left where it is, the rest go on; run again, what is done is not done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nornir.core import Nornir
from nornir.core.task import AggregatedResult, Result, Task

from slp_core.state import RouterState
from slp_playbooks.upgrade import upgrade
from slp_tasks.collect import collect_state
from slp_tasks.steps.dlc_done import dlc_done
from slp_tasks.steps.dlc_wait import dlc_wait
from slp_tasks.steps.factory_reset import factory_reset
from slp_tasks.steps.reload import reload
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.slac import slac
from slp_tasks.steps.topology import topology
from slp_tasks.steps.usage_sync import usage_report, usage_sync

__all__ = ["Asked", "ask", "cut_over"]


@dataclass(frozen=True)
class Asked:
    """What a person does, where, and the rule that asks for it."""

    rule: str
    where: str
    instructions: tuple[str, ...]


UPGRADE_ONPREM = Asked(
    "ONPREM-1",
    "SSM On-Prem",
    ("Upgrade SSM On-Prem to 8-202102 or later.", "Note the CSLU URL of the local account."),
)
BRING_SLAC = Asked(
    "ONPREM-2",
    "CSSM, then SSM On-Prem",
    ("Generate a SLAC for HSECK9 for each router in CSSM.", "Import the files into SSM On-Prem."),
)
REGISTER_AGAIN = Asked(
    "ONPREM-4",
    "SSM On-Prem",
    ("Register the local account again, online or by files.",),
)
SYNCHRONISE = Asked(
    "ONPREM-9",
    "SSM On-Prem",
    ("Synchronise the local account with CSSM, online or by files.",),
)
SYNCHRONISE_LAST = Asked(
    "ONPREM-10",
    "SSM On-Prem",
    ("Synchronise the local account once more: conversions are answered with it.",),
)


_RESET = ("17.3.", "17.4.")
"""Releases whose licence data is reset after the local account was registered again (ONPREM-7)."""


def cut_over(
    nornir: Nornir,
    *,
    image: Mapping[str, Any],
    release: str,
    files: Path,
    url: str | None = None,
    hseck9: bool = False,
    dlc: bool = False,
    bundle: bool = False,
    person: Callable[[Asked], None] | None = None,
    options: dict[str, Any] | None = None,
) -> dict[str, AggregatedResult]:
    """Returns the results of each part; a person is asked in between.

    Args:
        url: as SSM On-Prem shows it; set where On-Prem has not written it by itself.
        hseck9: routers above 250 Mbps that need a SLAC.
        dlc: routers whose licences are converted.
        person: does, or waits for, what is asked; by default says it and waits for Enter.
        options: for every task: ``clock``, ``sleep`` …
    """
    asked = person or ask
    done: dict[str, AggregatedResult] = {}
    asked(UPGRADE_ONPREM)
    if hseck9:
        asked(BRING_SLAC)
    done["ONPREM-3"] = nornir.run(
        task=upgrade, image=image, release=release, files=files, bundle=bundle, options=options
    )
    asked(REGISTER_AGAIN)
    done["ONPREM-7"] = nornir.run(
        task=settle, release=release, url=url, hseck9=hseck9, dlc=dlc, options=options
    )
    asked(SYNCHRONISE)
    done["ONPREM-9"] = nornir.run(task=answered, options=options)
    if dlc:
        asked(SYNCHRONISE_LAST)
        done["ONPREM-10"] = nornir.run(task=dlc_done, **(options or {}))
    return done


def settle(
    task: Task,
    release: str,
    url: str | None,
    hseck9: bool,
    dlc: bool,
    options: dict[str, Any] | None = None,
) -> Result:
    """Nornir task: transport, SLAC, reset where 17.3 and 17.4 need it, first report."""
    given = options or {}
    if url is not None:
        task.run(task=topology, topology={"kind": "onprem", "url": url}, **given)
    if hseck9:
        task.run(task=slac, **given)
    task.run(task=save_config, **given)
    if release.startswith(_RESET) and not _has_reported(task, given):
        task.run(task=factory_reset, always=True, **given)
        task.run(task=reload, **given)  # and nothing is saved between the two
        if hseck9:
            task.run(task=slac, **given)  # the reset clears authorization codes too
    if dlc:
        task.run(task=dlc_wait, **given)
    task.run(task=usage_report, **given)
    return Result(host=task.host, changed=bool(task.results.changed))


def _has_reported(task: Task, given: Mapping[str, Any]) -> bool:
    """Tells whether a report has left: the reset is behind it then."""
    read = task.run(task=collect_state, clock=given.get("clock"))
    licensing = RouterState.from_json(read.result).licensing
    reporting = licensing.reporting if licensing else None
    return reporting is not None and (reporting.last_report_push or reporting.last_ack) is not None


def answered(task: Task, options: dict[str, Any] | None = None) -> Result:
    """Nornir task: the acknowledgement is on the router, everything is saved."""
    given = options or {}
    task.run(task=usage_sync, **given)
    task.run(task=save_config, **given)
    return Result(host=task.host, changed=bool(task.results.changed))


def ask(asked: Asked) -> None:
    """Says what a person has to do, and waits for Enter."""
    print(f"\n{asked.rule}, in {asked.where}:")
    for line in asked.instructions:
        print(f"  - {line}")
    input("Done? [Enter] ")
