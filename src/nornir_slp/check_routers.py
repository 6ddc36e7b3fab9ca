"""What ``slp doctor`` asks of the routers themselves, and of the files that lead to them."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nornir_slp.check_model import Check
from slp_core.errors import InventoryError, SlpError, UsageError

if TYPE_CHECKING:
    from nornir.core.inventory import Host

_CONNECT_S = 5.0
_WORKERS = 50
_KEY_FILES = ("auth_private_key", "key_file", "ssh_config_file")
_SERVICE_FILES = ("ca", "certificate", "key")


class Reaching(Enum):
    """How far the doctor goes."""

    OFFLINE = "offline"
    CONNECT = "connect"
    ONE_LOGIN = "one login per credential and group"
    EVERY_LOGIN = "every router is logged in to"

    @classmethod
    def of(cls, *, offline: bool, no_login: bool, every: bool) -> Self:
        """Returns what these options mean.

        Raises:
            UsageError: they contradict each other.
        """
        if every and (offline or no_login):
            raise UsageError("--all logs in, --offline and --no-login do not", remedy="choose one")
        name = "OFFLINE" if offline else "CONNECT" if no_login else "ONE_LOGIN"
        return cls["EVERY_LOGIN" if every else name]


# --- files and addresses -------------------------------------------------------------------------


def files_and_addresses(hosts: list[Host]) -> Iterator[Check]:
    """Yields a check for each file that is named and missing, and for hosts without an address."""
    files: dict[str, list[str]] = {}
    for host in hosts:
        for what, path in _named_files(host):
            if not path.is_file():
                files.setdefault(f"{what} {path} is missing", []).append(host.name)
    for text, names in files.items():
        yield Check("files", "failed", f"{', '.join(names)}: {text}", "correct the path")
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        lost = [n for n in pool.map(_without_address, hosts) if n]
    if lost:
        text = f"{', '.join(lost)}: no hostname, and the name itself leads to no address"
        yield Check("addresses", "failed", text, "give hostname: ADDRESS in hosts.yaml")


def _named_files(host: Host) -> Iterator[tuple[str, Path]]:
    from nornir.core.inventory import Host

    from slp_tasks.inventory import host_settings

    settings = host_settings(host)
    for driver in ("scrapli", "netmiko"):
        extras = Host.get_connection_parameters(host, driver).extras or {}
        for key, value in extras.items():
            if key in _KEY_FILES and isinstance(value, str) and value:
                yield key, Path(str(value)).expanduser()
    for service in ("cssm", "onprem", "rest"):
        for key in _SERVICE_FILES:
            path = getattr(getattr(settings, service), key, None)
            if path:
                yield f"{service}.{key}", Path(path)


def _without_address(host: Host) -> str:
    from slp_tasks.inventory import host_settings

    if host.hostname or host_settings(host).is_fake:
        return ""
    try:
        socket.getaddrinfo(host.name, None)
    except (OSError, UnicodeError):
        return host.name
    return ""


# --- routers -------------------------------------------------------------------------------------


def routers(hosts: list[Host], reaching: Reaching) -> Iterator[Check]:
    """Yields whether routers answer and let us in; every one that does not, with its reason."""
    from slp_tasks.inventory import host_settings

    if reaching is Reaching.OFFLINE or not hosts:
        return
    chosen = {h.name: h for h in _logins(hosts, reaching)}
    real = [h for h in hosts if not host_settings(h).is_fake and h.name not in chosen]
    yield from _asked("reachability", "answer", real, _connect)
    yield from _asked("login", "let us in", list(chosen.values()), _log_in)


def _logins(hosts: list[Host], reaching: Reaching) -> list[Host]:
    if reaching is Reaching.CONNECT:
        return []
    if reaching is Reaching.EVERY_LOGIN:
        return hosts
    first: dict[Any, Host] = {}
    for host in hosts:
        first.setdefault(_credential(host), host)
    return list(first.values())


def _credential(host: Host) -> Any:
    """Returns what two routers have in common that one login stands for."""
    from slp_tasks.inventory import host_settings

    of = host_settings(host)
    ways = (of.driver, of.transport, of.enable, of.known_hosts)
    return (tuple(g.name for g in host.groups), host.username, host.password, *map(str, ways))


def _asked(
    what: str, verb: str, hosts: list[Host], ask: Callable[[Host], SlpError | None]
) -> Iterator[Check]:
    if not hosts:
        return
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        errors = list(pool.map(ask, hosts))
    reasons: dict[tuple[str, str, bool], list[str]] = {}
    for host, error in zip(hosts, errors, strict=True):
        if error is not None:
            key = (error.what, error.remedy or "", isinstance(error, UsageError))
            reasons.setdefault(key, []).append(host.name)
    for (why, remedy, ours), names in reasons.items():
        text = f"{', '.join(names)}: {why}"
        yield Check(what, "failed", text, remedy, "setup" if ours else "router")
    well = sum(error is None for error in errors)
    if well:
        yield Check(what, "ok", f"{well} of {len(hosts)} routers {verb}", about="router")


def _connect(host: Host) -> SlpError | None:
    from slp_core.errors import ConnectFailed

    try:
        address = (host.hostname or host.name, host.port or 22)
        with socket.create_connection(address, timeout=_CONNECT_S):
            return None
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return ConnectFailed(str(reason), remedy="check address, port and the way to it")


def _log_in(host: Host) -> SlpError | None:
    """Logs in as a run would, host key first, and asks for the time of day."""
    from slp_tasks.connection.opening import open_session

    if str(host.password or "").startswith("prompt:") and not sys.stdin.isatty():
        return InventoryError("its password is asked of a person, and none is here", remedy="")
    try:
        with open_session(host) as session:
            session.run("show clock")
    except SlpError as error:
        return error
    except Exception as error:  # noqa: BLE001 - one odd router must not hide the others
        return SlpError(f"it cannot be logged in to ({type(error).__name__})")
    return None
