"""Upgrade: an image proven on flash, one reload, the new release kept (UP-2, UP-4).

nornir.run(task=upgrade, image={"name": "x.bin", "source": "images/x.bin"}, release="17.3.2",
           files=Path("files"))
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nornir.core.task import Result, Task

from slp_tasks.steps.backup import backup
from slp_tasks.steps.boot_variable import boot_variable
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.install_add import install_add
from slp_tasks.steps.install_commit import install_commit
from slp_tasks.steps.issu_activate import issu_activate
from slp_tasks.steps.reload import reload
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.stage_image import stage_image

__all__ = ["upgrade"]


def upgrade(
    task: Task,
    image: Mapping[str, Any],
    release: str,
    files: Path,
    bundle: bool = False,
    issu: bool = False,
    filesystem: str = "bootflash:",
    options: dict[str, Any] | None = None,
) -> Result:
    """Nornir task: backup, save, stage, then add, activate and commit, or boot another bundle.

    Args:
        image: as ``slp_core.targets.Image``: ``name``, ``source``, ``sha512`` …
        bundle: the router boots image files, not ``packages.conf``.
        issu: it has two processors and is upgraded in service.
        options: for every task: ``clock``, ``sleep`` …
    """
    given = options or {}
    file = f"{filesystem}{image['name']}"
    task.run(task=backup, files=files, **given)
    task.run(task=save_config, **given)
    task.run(task=stage_image, image=dict(image), filesystem=filesystem, **given)
    if bundle:
        task.run(task=boot_variable, file=file, **given)
        task.run(task=save_config, **given)
        task.run(task=reload, release=release, **given)
    else:
        task.run(task=install_add, file=file, release=release, **given)
        activate = issu_activate if issu else install_activate
        task.run(task=activate, release=release, **given)
        task.run(task=install_commit, release=release, **given)
    return Result(host=task.host, changed=bool(task.results.changed))
