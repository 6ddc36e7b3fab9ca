"""The service that an inventory and the options mean, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nornir_slp.services.asking import Asking
from nornir_slp.workspace import Workspace
from slp_core.clock import Clock, SystemClock
from slp_core.errors import InventoryError, UsageError
from slp_core.secrets import SecretStore

if TYPE_CHECKING:
    from nornir.core.inventory import Host

    from slp_exchange.cssm import Cssm
    from slp_exchange.onprem import OnPrem
    from slp_exchange.service import ServiceData

Service = Literal["cssm", "onprem"]


@contextmanager
def cssm(space: Workspace, asking: Asking) -> Iterator[Cssm]:
    """Opens the CSSM that is meant, and closes it."""
    from slp_exchange.cssm import Cssm

    data, clock = found(space, asking, "cssm")
    client = Cssm(data, secret_store(space), clock=clock)
    space.detail(f"asks {client.name}")
    try:
        yield client
    finally:
        client.close()


@contextmanager
def onprem(space: Workspace, asking: Asking) -> Iterator[OnPrem]:
    """Opens the SSM On-Prem that is meant, and closes it."""
    from slp_exchange.onprem import OnPrem

    data, clock = found(space, asking, "onprem")
    client = OnPrem(data, secret_store(space), clock=clock)
    space.detail(f"asks {client.name}")
    try:
        yield client
    finally:
        client.close()


def found(space: Workspace, asking: Asking, service: Service) -> tuple[ServiceData, Clock]:
    """Returns what inventory and options say of a service, and the clock that it goes by.

    A machine that carries files between networks has no inventory: options alone do as well.

    Raises:
        UsageError: the routers of the inventory name several, or something is wrong.
    """
    from slp_exchange.service import ServiceData

    hosts = _hosts(space)
    told, clock = _told(hosts, service)
    given = {
        "account": asking.account,
        "url": asking.url,
        "api": asking.api,
        "client_id": asking.client_id,
        "client_secret": asking.client_secret,
        "ca": str(asking.ca.resolve()) if asking.ca else None,
    }
    own = {k: v for k, v in vars(told).items() if v is not None} if told is not None else {}
    merged = {**own, **{k: v for k, v in given.items() if v is not None}}
    base = space.base
    return ServiceData.of(merged, base=base, where=f"data.slp.{service} and options"), clock


def secret_store(space: Workspace) -> SecretStore:
    """Returns the store whose ``file:`` references start at the inventory."""
    base = space.base
    return SecretStore(base if base.is_dir() else Path())


def _hosts(space: Workspace) -> list[Host]:
    if not space.inventory.exists():
        if space.inventory != Path("inventory"):
            raise InventoryError("there is no inventory", where=str(space.inventory))
        return []
    from slp_tasks.inventory import load_nornir

    return list(load_nornir(space.inventory, limit=space.limit).inventory.hosts.values())


def _told(hosts: list[Host], service: Service) -> tuple[ServiceData | None, Clock]:
    from slp_tasks.inventory import host_clock
    from slp_tasks.service_tokens import service_data

    told = {host.name: data for host in hosts if (data := service_data(host, service)) is not None}
    every = {data.model_copy(update={"account": None}): name for name, data in told.items()}
    if len(every) > 1:
        names = ", ".join(list(every.values())[:3])
        raise UsageError(
            f"the routers name {len(every)} of them in data.slp.{service} ({names}, …)",
            remedy="choose routers with --limit",
        )
    clock = host_clock(hosts[0]) if hosts else SystemClock()
    accounts = {data.account for data in told.values()}
    one = next(iter(every), None)
    if one is not None and len(accounts) == 1:  # else all accounts are meant, or --account says
        one = one.model_copy(update={"account": next(iter(accounts))})
    return one, clock
