"""Tokens that CSSM is asked for at the moment of use: ``cssm:`` references of a host.

Credentials stand under ``data.slp.cssm`` as references. One desk for each service of the process,
so that many routers share one token (TOKEN-1).
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Literal

from nornir.core.inventory import Host

from slp_core.clock import Clock
from slp_core.errors import SecretError
from slp_core.secrets import SecretStore
from slp_core.token_reference import TokenReference, is_asked_of_cssm, parse_token_reference
from slp_exchange.cssm import Cssm
from slp_exchange.service import ServiceData
from slp_exchange.tokens import TokenDesk
from slp_tasks.host_data import host_clock, host_settings

_DESKS: dict[tuple[ServiceData, Path], TokenDesk] = {}
_LOCK = threading.Lock()


def with_service_tokens(
    host: Host, secrets: SecretStore, clock: Clock | None = None
) -> SecretStore:
    """Returns ``secrets`` with CSSM, as the host's inventory knows it, to be asked for tokens."""

    def source(reference: str) -> str:
        return _desk(host, secrets, clock).token(_wanted(reference))

    def judge(reference: str) -> str | None:
        if service_data(host, "cssm") is None:
            return None
        desk = _desk(host, secrets, clock)
        if is_asked_of_cssm(reference):
            desk.check(_wanted(reference))
            return None
        return desk.trouble(secrets.resolve(reference))

    return secrets.with_tokens(source, judge)


def check_token(host: Host, secrets: SecretStore, reference: str) -> None:
    """Proves that a token can be had when it is needed; makes none.

    Raises:
        SecretError: credentials are missing.
        SlpError: CSSM does not let us in, or shows no such account.
    """
    if is_asked_of_cssm(reference):
        _desk(host, secrets, None).check(_wanted(reference))
    else:
        secrets.resolve(reference)


def service_data(host: Host, service: Literal["cssm", "onprem"]) -> ServiceData | None:
    """Returns what the inventory says of a service; None: nothing."""
    settings = host_settings(host)
    return settings.cssm if service == "cssm" else settings.onprem


def _wanted(reference: str) -> TokenReference:
    return parse_token_reference(reference)


def _desk(host: Host, secrets: SecretStore, clock: Clock | None) -> TokenDesk:
    data = service_data(host, "cssm")
    if data is None:
        raise SecretError(
            "a token shall come from CSSM, and the inventory does not say how to ask it",
            where=host.name,
            remedy="give data.slp.cssm: client_id, client_secret (references)",
        )
    key = data, host_settings(host).folder
    with _LOCK:
        if key not in _DESKS:
            _DESKS[key] = TokenDesk(Cssm(data, secrets, clock=clock or host_clock(host)))
        return _DESKS[key]
