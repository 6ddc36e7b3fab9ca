"""The network between the routers of a lab and their services: names, routes, faults."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from slp_sim.ports import Connected, FileReply, FileRequest, Reply, Request
from slp_sim.services.account import Udi
from slp_sim.services.cslu import Cslu
from slp_sim.services.cssm import Cssm
from slp_sim.services.faults import ServiceFaults
from slp_sim.services.file_server import FileServer
from slp_sim.services.onprem import OnPrem

SMART_URL = "https://smartreceiver.cisco.com/licservice/license"
CALLHOME_URL = "https://tools.cisco.com/its/service/oddce/services/DDCEService"
CSLU_PORT = 8182
CSLU_LOCAL = "cslu-local"

NO_DNS = "Unable to resolve server hostname/domain name"
NO_ROUTE = "Communications failure"
NO_CALLHOME = "Fail to send out Call Home HTTP message."
EMPTY = "Received empty response from server"


@dataclass
class Path:
    """What lies between one router and its services; changed at will while the lab runs.

    Attributes:
        refuses, drops, unrouted: places (``host`` or ``host:port``) where a connection is refused,
            never answered, or has no way.
    """

    dns: bool = True
    cssm: bool = True
    cslu: bool = True
    refuses: list[str] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    unrouted: list[str] = field(default_factory=list)

    def barred(self, host: str, port: int) -> Connected | None:
        """Returns what bars the way to a place, if anything does."""
        for places, outcome in _BARS:
            if {host, f"{host}:{port}"} & {p.lower() for p in getattr(self, places)}:
                return outcome
        return None


_BARS: tuple[tuple[str, Connected], ...] = (
    ("refuses", "refused"),
    ("drops", "silent"),
    ("unrouted", "unreachable"),
)
_WEB_PORTS = (80, 443)
_FILE_PORTS = (21, 22, 80, 443)


@dataclass
class LabNetwork:
    """Carries requests to the service behind their URL.

    Attributes:
        cslus: by the URL that routers are configured with, without a trailing slash.
        onprems: by host name or address.
        hosts: names of the lab's own DNS beside Cisco's two.
        listens: other places that answer, such as a proxy: ``host:port``.
        paths: by PID and serial; a router without an entry reaches everything.
        faults: what goes wrong with the services, by router.
        files: where ``copy`` fetches and stores files.
    """

    cssm: Cssm
    cslus: dict[str, Cslu] = field(default_factory=dict)
    onprems: dict[str, OnPrem] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    listens: set[str] = field(default_factory=set)
    paths: dict[Udi, Path] = field(default_factory=dict)
    files: FileServer = field(default_factory=FileServer)
    faults: ServiceFaults = field(default_factory=ServiceFaults)
    counts: dict[str, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def send(self, request: Request) -> Reply:
        """Carries a request to the service behind its URL, if there is one."""
        with self.lock:
            self.counts[request.kind] = self.counts.get(request.kind, 0) + 1
            troubled = self.faults.answer(request)
            if troubled is not None:
                return troubled
            path = self.paths.get((request.pid, request.sn), Path())
            if _barred(path, request.url):
                return _unreached(NO_ROUTE)
            onprem = self.onprems.get(_host(request.url or ""))
            if onprem is not None and request.via != "smart":
                return self._to_onprem(request, path, onprem)
            if request.via == "cslu":
                return self._to_cslu(request, path)
            return self._to_cssm(request, path)

    def carry(self, request: FileRequest) -> FileReply:
        """Fetches or stores a file for ``copy`` and its like."""
        host = _host(request.url)
        with self.lock:
            if not _is_address(request.url) and not self.resolves(request.pid, request.sn, host):
                return FileReply(problem="unresolved")
            if host not in self.files.hosts:
                return FileReply(problem="unreachable")
            return self.files.handle(request)

    def resolves(self, pid: str, sn: str, host: str) -> bool:
        """Tells whether a name server that this router reaches knows a host."""
        known = {_host(SMART_URL), _host(CALLHOME_URL), *self.onprems, *self.files.hosts}
        name = host.lower()
        found = name in known or self._resolves(f"//{name}")
        found = found or name in {_host(f"//{place}") for place in self.listens}
        return found and self.paths.get((pid, sn), Path()).dns

    def connects(self, pid: str, sn: str, host: str, port: int) -> Connected:
        """Returns what becomes of a router's TCP connection to a host."""
        path, name = self.paths.get((pid, sn), Path()), host.lower()
        barred = path.barred(name, port)
        if barred is not None:
            return barred
        if name in {_host(SMART_URL), _host(CALLHOME_URL)}:
            return _answers(port in _WEB_PORTS, way=path.cssm)
        if name in self.onprems:
            return _answers(port in _WEB_PORTS, way=path.cslu)
        if name in {_host(u) for u in self.cslus}:
            return _answers(self._listens(f"http://{name}:{port}"), way=path.cslu)
        files = name in self.files.hosts and port in _FILE_PORTS
        return _answers(files or f"{name}:{port}" in {x.lower() for x in self.listens}, way=True)

    def _to_cssm(self, request: Request, path: Path) -> Reply:
        usual = SMART_URL if request.via == "smart" else CALLHOME_URL
        url = request.url or usual
        if not path.dns and not _is_address(url):
            return _unreached(NO_DNS)
        if _host(url) not in {_host(SMART_URL), _host(CALLHOME_URL)}:
            known = _host(url) in self.hosts | set(self.onprems) or _is_address(url)
            return _unreached(NO_ROUTE if known else NO_DNS)
        if not path.cssm:
            return _unreached(NO_ROUTE if request.via == "smart" else NO_CALLHOME)
        if not _same(url, usual):
            return Reply(ok=False, reason=EMPTY)
        return self.cssm.handle(request)

    def _to_cslu(self, request: Request, path: Path) -> Reply:
        url = request.url or f"http://{CSLU_LOCAL}:{CSLU_PORT}/cslu/v1/pi"
        cslu = next((c for known, c in self.cslus.items() if _same(url, known)), None)
        if not _is_address(url) and (not path.dns or not self._resolves(url)):
            return _unreached(NO_DNS)
        if not path.cslu or not self._listens(url):
            return _unreached(NO_ROUTE)
        return cslu.handle(request) if cslu else Reply(ok=False, reason=EMPTY)

    def _to_onprem(self, request: Request, path: Path, onprem: OnPrem) -> Reply:
        url = request.url or ""
        if not path.dns and not _is_address(url):
            return _unreached(NO_DNS)
        if not path.cslu:
            return _unreached(NO_ROUTE)
        return onprem.handle(request, urlsplit(url).path)

    def _resolves(self, url: str) -> bool:
        return _host(url) in self.hosts | {_host(u) for u in self.cslus}

    def _listens(self, url: str) -> bool:
        where = urlsplit(url)
        return any(
            (where.hostname, where.port) == (known.hostname, known.port)
            for known in map(urlsplit, self.cslus)
        )


def _answers(listening: bool, *, way: bool) -> Connected:
    if not way:
        return "silent"
    return "open" if listening else "refused"


def _barred(path: Path, url: str | None) -> bool:
    """Tells whether the way to a URL's server is barred."""
    where = urlsplit(url or "")
    port = where.port or (443 if where.scheme == "https" else 80)
    return bool(where.hostname) and path.barred(_host(url or ""), port) is not None


def _unreached(reason: str) -> Reply:
    return Reply(ok=False, reached=False, reason=reason)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _is_address(url: str) -> bool:
    try:
        ip_address(_host(url))
    except ValueError:
        return False
    return True


def _same(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()
