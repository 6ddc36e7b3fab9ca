"""Air gap: nothing is sent; usage goes out and acknowledgements come in as files (TOPO-AIRGAP).

nornir.run(task=usage_out, files=Path("files"))   # files/<router>/out/usage_report
...                                               # a person carries them to CSSM and back
nornir.run(task=answers_in, files=Path("files"))  # files/<router>/in/ACK_usage_report
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nornir.core.task import Result, Task

from slp_core.folders import folder_name
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.slac_import import slac_import
from slp_tasks.steps.slac_request import slac_request
from slp_tasks.steps.topology import topology
from slp_tasks.steps.usage_import import usage_import
from slp_tasks.steps.usage_save import usage_save

__all__ = ["answers_in", "usage_out"]

REPORT, ACK = "usage_report", "ACK_usage_report"
REQUEST, SLAC = "slac_request", "slac.txt"


def usage_out(
    task: Task, files: Path, hseck9: bool = False, options: dict[str, Any] | None = None
) -> Result:
    """Nornir task: transport off, usage saved and brought to ``<files>/<router>/out/``.

    Args:
        hseck9: bring a request for the export authorization out too, where there is none.
    """
    given = options or {}
    task.run(task=topology, topology={"kind": "airgap"}, **given)
    if hseck9:
        task.run(task=slac_request, files=files, file=REQUEST, **given)
    task.run(task=usage_save, files=files, file=REPORT, **given)
    return Result(host=task.host, changed=bool(task.results.changed))


def answers_in(task: Task, files: Path, options: dict[str, Any] | None = None) -> Result:
    """Nornir task: what lies in ``<files>/<router>/in/`` is imported, then everything is saved.

    A SLAC comes before the acknowledgement; a router without files is left alone.
    """
    given = options or {}
    folder = files / folder_name(task.host.name) / "in"
    if (folder / SLAC).is_file():
        task.run(task=slac_import, files=files, file=SLAC, **given)
    if (folder / ACK).is_file():
        task.run(task=usage_import, files=files, file=ACK, **given)
        task.run(task=save_config, **given)
    return Result(host=task.host, changed=bool(task.results.changed))
