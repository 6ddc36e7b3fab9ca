"""Direct: a router under Smart Licensing Using Policy reports to CSSM itself (TOPO-DIRECT).

nornir.run(task=direct, token="env:SLP_TOKEN", source_interface="GigabitEthernet0/0/2")
"""

from __future__ import annotations

from typing import Any

from nornir.core.task import Result, Task

from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.slac import slac
from slp_tasks.steps.topology import topology
from slp_tasks.steps.trust import trust
from slp_tasks.steps.usage_sync import usage_sync

__all__ = ["direct"]


def direct(
    task: Task,
    token: str,
    hseck9: bool = False,
    options: dict[str, Any] | None = None,
    **settings: Any,
) -> Result:
    """Nornir task: topology, trust, authorization, report, save; each only where it is missing.

    Args:
        token: reference to a token of CSSM, such as ``env:SLP_TOKEN``.
        hseck9: ask for the export authorization too.
        options: for every task: ``clock``, ``sleep`` …
        settings: of ``slp_core.targets.Topology``, such as ``name_servers`` or ``vrf``.
    """
    given = options or {}
    wanted = {"kind": "direct", "transport": "smart", "url": "default", **settings}
    task.run(task=topology, topology=wanted, **given)
    task.run(task=trust, token=token, **given)
    if hseck9:
        task.run(task=slac, **given)
    task.run(task=usage_sync, **given)
    task.run(task=save_config, **given)
    return Result(host=task.host, changed=bool(task.results.changed))
