"""A router reached by netmiko."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from netmiko import ConnectHandler
from netmiko.base_connection import BaseConnection

from interop.network import Router


@contextmanager
def connected(router: Router, **more: object) -> Iterator[BaseConnection]:
    handler = ConnectHandler(
        device_type="cisco_xe",
        host=router.address,
        port=router.port,
        username=router.username,
        password=router.password,
        **more,
    )
    try:
        yield handler
    finally:
        handler.disconnect()
