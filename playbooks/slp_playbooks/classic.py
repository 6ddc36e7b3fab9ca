"""Classic: the ASR 900 family keeps Smart Licensing as it was before SLP (B9).

nornir.run(task=to_smart, token="env:SLP_TOKEN")        # traditional → Smart, registered
nornir.run(task=upgraded, image={...}, release="17.8.1", token="env:SLP_TOKEN", files=Path("files"))
nornir.run(task=renewed)
nornir.run(task=given_back)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nornir.core.task import Result, Task

from slp_playbooks.upgrade import upgrade
from slp_tasks.steps.deregister import deregister
from slp_tasks.steps.mode_switch import mode_switch
from slp_tasks.steps.register import register
from slp_tasks.steps.reload import reload
from slp_tasks.steps.renew import renew
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.throughput import throughput

__all__ = ["given_back", "no_license", "renewed", "to_smart", "upgraded"]


def to_smart(
    task: Task,
    token: str,
    boot_level: str | None = None,
    options: dict[str, Any] | None = None,
) -> Result:
    """Nornir task: the mode is Smart (with a reload where it was not), the router registered.

    Args:
        boot_level: in force by the same reload; without one a default level boots (B9-1).

    Source: B9-2, B9-5, B9-6, B9-7.
    """
    given = options or {}
    if task.run(task=mode_switch, mode="smart", **given).changed:
        if boot_level is not None:
            task.run(task=throughput, boot_level=boot_level, **given)
        task.run(task=save_config, **given)
        task.run(task=reload, **given)
    _registered(task, token, given)
    return Result(host=task.host, changed=bool(task.results.changed))


def upgraded(
    task: Task,
    image: Mapping[str, Any],
    release: str,
    files: Path,
    token: str | None = None,
    bundle: bool = True,
    options: dict[str, Any] | None = None,
) -> Result:
    """Nornir task: the new release runs; a registration that the reload undid is made again.

    Source: B9-9; B9-3 says which releases keep the record of PAK licences: plan a stop there.
    """
    given = options or {}
    task.run(
        task=upgrade, image=image, release=release, files=files, bundle=bundle, options=options
    )
    if token is not None:
        _registered(task, token, given)
    return Result(host=task.host, changed=bool(task.results.changed))


def renewed(task: Task, options: dict[str, Any] | None = None) -> Result:
    """Nornir task: authorization and identity are renewed (B9-6, B9-13)."""
    given = options or {}
    task.run(task=renew, what="auth", **given)
    task.run(task=renew, what="id", **given)
    return Result(host=task.host, changed=bool(task.results.changed))


def given_back(task: Task, options: dict[str, Any] | None = None) -> Result:
    """Nornir task: deregistered; 30 days of evaluation begin (B9-18)."""
    given = options or {}
    task.run(task=deregister, **given)
    task.run(task=save_config, **given)
    return Result(host=task.host, changed=bool(task.results.changed))


def no_license(
    task: Task,
    second_way_in: str,
    ports: Sequence[str] = (),
    options: dict[str, Any] | None = None,
) -> Result:
    """Nornir task: Smart Licensing is disabled; ports may go down (B9-15).

    Args:
        second_way_in: how the router is reached when its ports are down, such as its console.
        ports: brought up before the reload; licensed ports do not come back by it alone (B9-17).
    """
    given = options or {}
    switched = task.run(
        task=mode_switch, mode="no-license", second_way_in=second_way_in, ports=ports, **given
    )
    if switched.changed:
        task.run(task=save_config, **given)
        task.run(task=reload, **given)
    return Result(host=task.host, changed=bool(task.results.changed))


def _registered(task: Task, token: str, given: dict[str, Any]) -> None:
    task.run(task=register, token=token, **given)
    task.run(task=save_config, **given)  # else a switch-over would lose it (B9-7)
