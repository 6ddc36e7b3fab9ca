"""Nornir tasks, one for each thing that is done to a router: ``nr.run(task=trust, token=…)``.

The result of a step's task (``Result.result``) is a ``StepResult``; all take the keywords of
``TaskOptions``, checked by type; ``docs/tasks.md`` says of each
what it sends, changes and never does. ``upgrade_image`` and ``migrate`` are made of several.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slp_playbooks.migrate import migrate
    from slp_playbooks.upgrade import upgrade as upgrade_image
    from slp_tasks.collect import collect_state
    from slp_tasks.steps.backup import backup
    from slp_tasks.steps.boot_variable import boot_variable
    from slp_tasks.steps.call_home import call_home
    from slp_tasks.steps.deregister import deregister
    from slp_tasks.steps.dlc_done import dlc_done
    from slp_tasks.steps.dlc_wait import dlc_wait
    from slp_tasks.steps.factory_reset import factory_reset
    from slp_tasks.steps.install_activate import install_activate
    from slp_tasks.steps.install_add import install_add
    from slp_tasks.steps.install_commit import install_commit
    from slp_tasks.steps.issu_activate import issu_activate
    from slp_tasks.steps.mode_switch import mode_switch
    from slp_tasks.steps.preflight import preflight
    from slp_tasks.steps.register import register
    from slp_tasks.steps.reload import reload
    from slp_tasks.steps.renew import renew
    from slp_tasks.steps.reservation_install import reservation_install
    from slp_tasks.steps.reservation_request import reservation_request
    from slp_tasks.steps.reservation_return import reservation_return
    from slp_tasks.steps.rollback import rollback
    from slp_tasks.steps.save_config import save_config
    from slp_tasks.steps.slac import slac
    from slp_tasks.steps.slac_import import slac_import
    from slp_tasks.steps.slac_request import slac_request
    from slp_tasks.steps.slac_return import slac_return
    from slp_tasks.steps.slac_wait import slac_wait
    from slp_tasks.steps.stage_image import stage_image
    from slp_tasks.steps.throughput import throughput
    from slp_tasks.steps.topology import topology
    from slp_tasks.steps.trust import trust
    from slp_tasks.steps.usage_import import usage_import
    from slp_tasks.steps.usage_save import usage_save
    from slp_tasks.steps.usage_sync import usage_report, usage_sync
    from slp_tasks.steps.verify import verify
    from slp_tasks.task import StepResult, TaskOptions

_ELSEWHERE = {
    "StepResult": "slp_tasks.task:StepResult",
    "TaskOptions": "slp_tasks.task:TaskOptions",
    "collect_state": "slp_tasks.collect:collect_state",
    "migrate": "slp_playbooks.migrate:migrate",
    "upgrade_image": "slp_playbooks.upgrade:upgrade",
    "usage_report": "slp_tasks.steps.usage_sync:usage_report",
}

__all__ = [
    "StepResult",
    "TaskOptions",
    "backup",
    "boot_variable",
    "call_home",
    "collect_state",
    "deregister",
    "dlc_done",
    "dlc_wait",
    "factory_reset",
    "install_activate",
    "install_add",
    "install_commit",
    "issu_activate",
    "migrate",
    "mode_switch",
    "preflight",
    "register",
    "reload",
    "renew",
    "reservation_install",
    "reservation_request",
    "reservation_return",
    "rollback",
    "save_config",
    "slac",
    "slac_import",
    "slac_request",
    "slac_return",
    "slac_wait",
    "stage_image",
    "throughput",
    "topology",
    "trust",
    "upgrade_image",
    "usage_import",
    "usage_report",
    "usage_save",
    "usage_sync",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, _, known_as = _ELSEWHERE.get(name, f"slp_tasks.steps.{name}:{name}").partition(":")
    return getattr(import_module(home), known_as)


def __dir__() -> list[str]:
    return __all__
