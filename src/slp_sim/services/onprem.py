"""SSM On-Prem: a relay with tenants, a version, and its own stock of authorization codes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from slp_sim.formats import Authorization, FormatError, parse_import
from slp_sim.ports import LabClock, Reply, Request
from slp_sim.services.account import Refused, Udi, VirtualAccount, short_tag
from slp_sim.services.cslu import Cslu
from slp_sim.services.cssm import Cssm

MINIMUM = (8, 202102)
"""The first version that understands Smart Licensing Using Policy (ONPREM)."""

DOWN_REV = (
    "The CSSM OnPrem that this product instance is connected to is down rev and does not support "
    "the enhanced policy and usage reporting mode"
)
_VERSION = re.compile(r"(\d+)-(\d{6})")
_OLD_PATH = "/Transportgateway/services/DeviceRequestHandler"
_CLASSIC = ("register", "deregister", "renew")
MOVED = "The local account has another transport URL"


def parse_version(text: str) -> tuple[int, int]:
    """Returns ``(8, 202102)`` of ``8-202102``.

    Raises:
        Refused: it is no version.
    """
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        raise Refused(f"{text!r} is no version of SSM On-Prem; write it as 8-202102")
    return int(match[1]), int(match[2])


class Tenant(Cslu):
    """One local account of an On-Prem: what its routers send stays here until it synchronises."""

    def __init__(
        self, cssm: Cssm, home: VirtualAccount, clock: LabClock, codes: dict[Udi, Authorization]
    ) -> None:
        super().__init__(cssm, home, clock, connected=False)
        self._codes = codes

    def handle(self, request: Request) -> Reply:
        """Answers a router from what is here."""
        if request.kind == "authorization":
            return self._authorize(request)
        return super().handle(request)

    def _authorize(self, request: Request) -> Reply:
        code = self._codes.get((request.pid, request.sn))
        wanted = short_tag(str(request.body.get("regid") or request.body.get("tag") or ""))
        rows = code.entitlements if code else ()
        entry = next((e for e in rows if short_tag(e.tag) == wanted), None)
        if code is None or entry is None:
            return Reply(ok=False, reason="no authorization code is held for this device")
        return Reply(
            ok=True,
            body={
                "tag": short_tag(entry.tag),
                "regid": entry.tag,
                "display_name": entry.display_name,
                "description": entry.description,
                "count": entry.count,
                "confirmation_code": code.confirmation_code,
            },
        )


class OnPrem:
    """One SSM On-Prem.

    Attributes:
        host: name or address in its URLs.
        tenants: local accounts by the last part of their URL.
    """

    def __init__(
        self,
        cssm: Cssm,
        clock: LabClock,
        *,
        host: str,
        version: str,
        tenants: Mapping[str, VirtualAccount],
    ) -> None:
        self.host = host
        self.version = parse_version(version)
        self._cssm = cssm
        self._homes = dict(tenants)
        self._codes: dict[Udi, Authorization] = {}
        self.tenants = {n: Tenant(cssm, v, clock, self._codes) for n, v in tenants.items()}
        self._again: set[str] = set()

    @property
    def homes(self) -> Mapping[str, VirtualAccount]:
        """The virtual account in CSSM of each tenant."""
        return self._homes

    def urls(self) -> dict[str, str]:
        """Returns the tenants' "CSLU transport URLs", to be copied as they are."""
        return {name: f"https://{self.host}/cslu/v1/pi/{name}" for name in self.tenants}

    def handle(self, request: Request, path: str) -> Reply:
        """Answers a router by the path of the URL that it was given.

        A classic registration comes over the Transportgateway path, everything of Smart Licensing
        Using Policy by a tenant's; mixed up, the answer is empty.
        """
        if path.lower() == _OLD_PATH.lower():
            return self._moved(request) or self._classic(request)
        tenant = self.tenants.get(path.rpartition("/")[2])
        if tenant is None or not path.lower().startswith("/cslu/v1/pi/"):
            return Reply(ok=False, reason="Received empty response from server")
        if self.version < MINIMUM:
            return Reply(ok=False, reason=DOWN_REV)
        return tenant.handle(request)

    def _classic(self, request: Request) -> Reply:
        if request.kind not in (*_CLASSIC, "trust"):
            return Reply(ok=False, reason="Received empty response from server")
        return self._cssm.handle(request)

    def _moved(self, request: Request) -> Reply | None:
        """Sends a router that speaks Smart Licensing Using Policy to its tenant's URL (ONPREM-4).

        Only after its local account was registered again.
        """
        if request.kind in _CLASSIC:
            return None
        udi = (request.pid, request.sn)
        homes = {n: h for n, h in self._homes.items() if n in self._again}
        own = next((n for n, h in homes.items() if udi in h.instances), None)
        if own is None and len(self._homes) == 1:
            own = next(iter(homes), None)
        if own is None:
            return None
        return Reply(ok=False, reason=MOVED, body={"transport_url": self.urls()[own]})

    # --- what a person does here ----------------------------------------------------------------

    def register_again(self, tenant: str) -> None:
        """Registers a local account with CSSM again, after an upgrade (ONPREM-4).

        From now on its routers are told the tenant's URL when they call the old one.

        Raises:
            Refused: there is no such account, or this version is too old.
        """
        if tenant not in self.tenants:
            raise Refused(
                f"there is no local account {tenant}; there are {', '.join(self.tenants)}"
            )
        if self.version < MINIMUM:
            raise Refused("upgrade SSM On-Prem first: this version knows nothing of it")
        self._again.add(tenant)

    def upgrade(self, version: str) -> None:
        """Installs another version (ONPREM-1).

        Raises:
            Refused: it is no version, or an older one.
        """
        new = parse_version(version)
        if new < self.version:
            raise Refused("SSM On-Prem cannot go back to an older version")
        self.version = new

    def import_slac(self, data: bytes) -> int:
        """Takes authorization codes from CSSM and returns how many (ONPREM-2).

        Raises:
            Refused: there is none in the file.
        """
        try:
            codes = [c for c in parse_import(data).authorizations if c.kind == "slac"]
        except FormatError as error:
            raise Refused(str(error)) from error
        if not codes:
            raise Refused("the file holds no authorization code")
        self._codes.update({(c.pid, c.sn): c for c in codes})
        return len(codes)

    def synchronise(self) -> int:
        """Sends what was collected to CSSM, and returns for how many routers (ONPREM-9).

        Their acknowledgements are there when CSSM has them.
        """
        return sum(tenant.forward() for tenant in self.tenants.values())
