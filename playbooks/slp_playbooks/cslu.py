"""CSLU: a router under Smart Licensing Using Policy reports to a CSLU (TOPO-CSLU).

nornir.run(task=cslu, url="http://192.168.0.1:8182/cslu/v1/pi")
"""

from __future__ import annotations

from typing import Any

from nornir.core.task import Result, Task

from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.slac import slac
from slp_tasks.steps.topology import topology
from slp_tasks.steps.usage_sync import usage_sync

__all__ = ["cslu"]


def cslu(
    task: Task,
    url: str,
    hseck9: bool = False,
    options: dict[str, Any] | None = None,
    **settings: Any,
) -> Result:
    """Nornir task: topology, authorization, report, save; trust is not needed here.

    Args:
        url: as CSLU shows it; its port is 8182.
        options, settings: as in ``slp_playbooks.direct``.
    """
    given = options or {}
    task.run(task=topology, topology={"kind": "cslu", "url": url, **settings}, **given)
    if hseck9:
        task.run(task=slac, **given)
    task.run(task=usage_sync, **given)
    task.run(task=save_config, **given)
    return Result(host=task.host, changed=bool(task.results.changed))
