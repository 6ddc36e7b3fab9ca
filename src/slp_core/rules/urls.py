"""Which URL fits which topology: CSLU, SSM On-Prem, CSSM (C08)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

_CSLU_PATH = "/cslu/v1/pi"
_CSLU_PORT = 8182
_SMART_PATH = "/licservice/license"
_OLD_ONPREM = ("/smarttransport", "/transportgateway", "/its/service")
_ONPREM_PLACE = "copy it from SSM On-Prem (Inventory > General, CSLU Transport URL)"


@dataclass(frozen=True)
class Misfit:
    """Why a URL does not fit, and what to do."""

    severity: Literal["blocker", "warning"]
    text: str
    remedy: str


def misfit(kind: str, transport: str | None, url: str) -> Misfit | None:
    """Returns why a URL does not fit a topology; ``None`` where it does.

    Args:
        transport: of the topology; ``callhome`` sends to the addresses of its own profile.
    """
    if kind in ("cslu", "cslu-offline"):
        return _of_cslu(url)
    if kind == "onprem":
        return _of_onprem(url)
    if kind == "direct" and transport != "callhome":
        return _of_cssm(url)
    return None


def _of_cslu(url: str) -> Misfit | None:
    host, path = _parts(url)
    remedy = f"http://<host of CSLU>:{_CSLU_PORT}{_CSLU_PATH}"
    if _is_cisco(host):
        return Misfit("blocker", f"{host} is Cisco's own host, not a CSLU", remedy)
    if path.startswith((_SMART_PATH, *_OLD_ONPREM)):
        return Misfit("blocker", f"{url} is no address of CSLU", remedy)
    tenant = _tenant(path)
    if tenant:
        return Misfit(
            "warning",
            f"{url} names the tenant {tenant!r}: that is how SSM On-Prem is addressed",
            "name the topology onprem, or take the tenant away",
        )
    if path.rstrip("/") != _CSLU_PATH:
        return Misfit("warning", f"{url} has not the path {_CSLU_PATH}", remedy)
    parts = urlsplit(url)
    if parts.scheme.lower() == "https" and (parts.port or 443) == _CSLU_PORT:
        return Misfit("warning", f"port {_CSLU_PORT} of CSLU speaks http, not https", remedy)
    if parts.scheme.lower() == "http" and (parts.port or 80) != _CSLU_PORT:
        return Misfit("warning", f"CSLU listens on port {_CSLU_PORT} by default", remedy)
    return None


def _of_onprem(url: str) -> Misfit | None:
    host, path = _parts(url)
    if _is_cisco(host):
        return Misfit("blocker", f"{host} is Cisco's own host, not SSM On-Prem", _ONPREM_PLACE)
    if path.startswith((_SMART_PATH, *_OLD_ONPREM)):
        return Misfit(
            "blocker", f"{url} is how On-Prem was addressed before the migration", _ONPREM_PLACE
        )
    if not path.startswith(_CSLU_PATH):
        return Misfit("blocker", f"{url} has not the path {_CSLU_PATH}/<tenant>", _ONPREM_PLACE)
    if not _tenant(path):
        return Misfit("blocker", f"{url} names no tenant", _ONPREM_PLACE)
    return None


def _of_cssm(url: str) -> Misfit | None:
    host, path = _parts(url)
    remedy = f"leave url out, or end it in {_SMART_PATH}"
    if path.startswith(_CSLU_PATH):
        return Misfit("blocker", f"{url} is an address of CSLU or SSM On-Prem, not of CSSM", remedy)
    if path.startswith(_OLD_ONPREM) or not path.rstrip("/").endswith(_SMART_PATH):
        blocks = path.startswith(_OLD_ONPREM)
        return Misfit(
            "blocker" if blocks else "warning",
            f"{url} is not how transport smart addresses {host}",
            remedy,
        )
    return None


def _parts(url: str) -> tuple[str, str]:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return (parts.hostname or "").lower(), parts.path.lower()


def tenant_of(url: str) -> str:
    """Returns the local account of SSM On-Prem that an address names; empty: none."""
    return _tenant(_parts(url)[1])


def _tenant(path: str) -> str:
    """Returns the tenant of an On-Prem URL; blanks may stand in it as ``%20``."""
    return unquote(path.partition(_CSLU_PATH)[2]).strip("/ ")


def _is_cisco(host: str) -> bool:
    return host == "cisco.com" or host.endswith(".cisco.com")
