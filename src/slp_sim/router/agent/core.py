"""The agent: its values, and the small questions that commands and listings ask of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from slp_sim.ports import Reply, Request, RequestKind
from slp_sim.router import routing
from slp_sim.router.agent.state import (
    Code,
    CodeEntry,
    Dlc,
    Licence,
    Past,
    Registration,
    Report,
    Slp,
    Traffic,
)
from slp_sim.router.catalog import regid_for, tag_for
from slp_sim.router.device import Device
from slp_sim.router.spec import AgentModel, LicensingSpec

SMART_URL = "https://smartreceiver.cisco.com/licservice/license"
CALLHOME_URL = "https://tools.cisco.com/its/service/oddce/services/DDCEService"
NO_DNS = "Unable to resolve server hostname/domain name"


class Agent:
    """The licensing of one device, in whichever era its release belongs to."""

    def __init__(
        self, device: Device, spec: LicensingSpec, redirected: Callable[[Agent, Reply], None]
    ) -> None:
        self.device = device
        self._redirected = redirected
        pid = device.pid
        tag = spec.hseck9_tag or tag_for(pid, "hseck9")
        self.hsec = (tag, spec.hseck9_regid or regid_for(tag))
        self.licences = [Licence.of(x, pid, spec.model, self.hsec) for x in spec.licences]
        self.flag_throughput = spec.export_flag_throughput
        self.default_transport: str = spec.transport or (
            "cslu" if self.model == "slp" else "callhome"
        )
        self.registration: Registration | None = None
        self.universal = spec.model == "plr"
        self.reservation_on = spec.reservation is not None or spec.model in ("slr", "plr")
        self.reservation: Code | None = None
        self.reservation_at: datetime | None = None
        self.slac: Code | None = None
        self.eval_ends: datetime | None = None
        self.slp = Slp()
        self.dlc: Dlc | None = None
        self.level = spec.boot_level or next((x.feature for x in self.licences), "metroaccess")
        """What ``show version`` of the classic family calls the licence level."""
        self.shut_ports: list[str] = []
        """Ports that disabling Smart Licensing has shut (the ASR 900 family)."""
        self.history: list[Past] = []
        self._asked: dict[str, tuple[datetime, int]] = {}
        self.traffic: dict[str, Traffic] = {}
        self.events: list[str] = []
        self.csl_before: list[Licence] | None = None
        self.pak_snapshot = False
        self._from_spec(spec)

    def _from_spec(self, spec: LicensingSpec) -> None:
        now = self.now()
        if spec.registration is not None:
            r = spec.registration
            expires = r.expires_at or r.registered_at + timedelta(days=365)
            authorized = r.authorized_at or r.registered_at
            lag = expires - r.registered_at - timedelta(days=365)
            self.registration = Registration(
                r.smart_account,
                r.virtual_account,
                r.registered_at,
                expires,
                authorized,
                r.deadline_at or authorized + timedelta(days=90) + lag,
                r.export_controlled,
                failed_at=r.failed_at,
                failure_reason=r.failure_reason,
                next_attempt_at=r.next_attempt_at,
            )
        if self.universal and spec.reservation is None:
            since = now - timedelta(seconds=self.device.spec.up_s)
            code = self.device.digest("universal")
            self.reservation, self.reservation_at = Code("UNIVERSAL", since, code, []), since
        if spec.reservation is not None:
            s = spec.reservation
            entries = [CodeEntry.of(x) for x in s.licences]
            self.reservation = Code("SPECIFIC", s.installed_at, s.confirmation_code, entries)
            self.reservation_at = s.registered_at or s.installed_at
        if spec.model == "eval":
            self.eval_ends = now + timedelta(seconds=spec.evaluation_left_s)
        if self.model == "slp":
            self._start_in_slp(spec, now)

    def _start_in_slp(self, spec: LicensingSpec, now: datetime) -> None:
        slp = self.slp
        slp.started_at = now - timedelta(seconds=min(self.device.spec.up_s, 86400 * 300))
        slp.deadline = slp.started_at + timedelta(days=self.first_report_days())
        if spec.trust is not None:
            slp.trust_at = spec.trust.installed_at
            slp.smart_account = spec.trust.smart_account or None
            slp.virtual_account = spec.trust.virtual_account or None
            slp.account_at = spec.trust.installed_at
        count = spec.unacknowledged_reports or (
            int(self.device.faults.param("F40", "count", 1200))
            if self.device.faults.on("F40")
            else 0
        )
        self.pile_up(count)

    def pile_up(self, count: int) -> None:
        """Leaves so many reports unacknowledged (F40)."""
        now = self.now()
        for i in range(count):
            licence = self.licences[i % len(self.licences)] if self.licences else None
            tag = licence.regid if licence else self.hsec[1]
            start = now - timedelta(hours=count - i)
            self.slp.reports.append(
                Report(
                    self.new_report_id(start),
                    tag,
                    1,
                    start,
                    start + timedelta(hours=1),
                    "UNACK",
                    "ProductReload",
                )
            )

    # --- small questions ------------------------------------------------------------------------

    def now(self) -> datetime:
        """Returns the router's own time."""
        return self.device.now()

    @property
    def model(self) -> AgentModel:
        """The era that is in force."""
        return self.device.licensing_model

    @model.setter
    def model(self, model: AgentModel) -> None:
        self.device.licensing_model = model

    @property
    def udi(self) -> str:
        """The UDI as most lines print it."""
        return f"PID:{self.device.pid},SN:{self.device.serial}"

    @property
    def slr(self) -> bool:
        """Whether a specific reservation is installed."""
        return self.reservation is not None

    def transport(self) -> str:
        """Returns the transport in force: configured, or else the one that the agent keeps."""
        configured = self.device.running.value("license smart transport")
        if configured in ("smart", "callhome", "cslu", "off", "automatic"):
            return configured
        if self.model != "slp" and self.default_transport not in ("callhome", "smart"):
            return "callhome"
        return self.default_transport

    def smart_url(self) -> str:
        """Returns the URL of transport smart."""
        config = self.device.running
        return config.value("license smart url smart") or self._plain_url() or SMART_URL

    def _plain_url(self) -> str | None:
        for value in self.device.running.values("license smart url"):
            if "://" in value and " " not in value:
                return value
        return None

    def callhome_url(self) -> str:
        """Returns where call-home profiles send to; Cisco's address where none says it."""
        for line in self.device.running.section("call-home"):
            words = line.split()
            if words[:3] == ["destination", "address", "http"] and len(words) > 3:
                return words[3]
        return CALLHOME_URL

    def cslu_url(self) -> str | None:
        """Returns the address of CSLU (or SSM On-Prem); None where none is configured."""
        return self.device.running.value("license smart url cslu")

    def hseck9_allowed(self) -> bool:
        """Tells whether export-controlled features may be used."""
        codes = [c for c in (self.slac, self.reservation) if c is not None]
        if any(e.restricted for code in codes for e in code.entries):
            return True
        if self.model == "csl":
            return any(x.restricted and x.kind == "pak" and x.in_use for x in self.licences)
        if any(e.restricted for e in self.slp.legacy) or self.slp.carried_over:
            return True
        if self.model == "smart" and self.registration is not None:
            return any(x.restricted and x.in_use for x in self.licences)
        return False

    def authorized_above_250m(self) -> bool:
        """Tells whether more than 250 Mbit/s may be used."""
        flag = self.model != "slp" and self.flag_throughput
        return flag or self.hseck9_allowed()

    def in_use(self) -> list[Licence]:
        """Returns what is listed as in use, in this era's order."""
        return [x for x in self.licences if x.in_use]

    def first_report_days(self) -> int:
        """Returns within how many days the first report is required."""
        rules = self.slp.policy.requirements
        kinds = {x.license_type for x in self.in_use() if not x.restricted}
        days = [rules["subscription"].first] if "Subscription" in kinds else []
        if not days or "Perpetual" in kinds:
            days.append(rules["perpetual"].first)
        return min(days)

    def new_report_id(self, at: datetime) -> int:
        """Returns a report id: like the time, and never used before."""
        self.slp.next_report_id = max(int(at.timestamp()), self.slp.next_report_id + 1)
        return self.slp.next_report_id

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Has ``act`` called in so many lab seconds, unless the router reloads before."""
        device = self.device
        life = device.life

        def due() -> None:
            if device.up and device.life == life:
                act()

        device.clock.at(device.clock.now() + timedelta(seconds=seconds), due)

    # --- sending --------------------------------------------------------------------------------

    def send(self, kind: RequestKind, body: dict[str, object] | None = None) -> Reply:
        """Sends a request by the transport in force and returns what came of it."""
        transport = self.transport()
        url: str | None = None
        if transport == "off":
            return Reply(False, "Transport is off", reached=False)
        if transport == "cslu":
            url = self.cslu_url()
        elif transport == "smart":
            url = self.smart_url()
        else:
            url = self.callhome_url()
        device = self.device
        dns = device.faults.on("F34", "dns")
        vrf = routing.vrf_of_licensing(device, transport)
        if url is None or dns or not routing.leads_out(device, vrf):
            return Reply(False, NO_DNS, reached=False)
        via = transport if transport in ("smart", "callhome", "cslu") else "cslu"
        request = Request(
            kind=kind,
            pid=device.pid,
            sn=device.serial,
            hostname=device.hostname,
            via=via,  # type: ignore[arg-type]  # one of three by the line above
            url=url,
            sent_at=self.now(),
            body=body or {},
        )
        reply = device.network.send(request)
        if "transport_url" in reply.body:
            self._redirected(self, reply)
        return reply

    def server(self) -> str:
        """Returns what messages call the other side."""
        if self.transport() == "cslu":
            return "Cisco Smart License Utility (CSLU)"
        return "Cisco Smart Software Manager (CSSM)"

    def comm_failed(self, reason: str) -> None:
        """Logs that nobody answered, or that an SSM On-Prem is too old to understand."""
        if "is down rev" in reason:
            self.device.log("SMART_LIC-4-REPORTING_NOT_SUPPORTED", f"{reason}.")
            self.event("SAEVT_COMM_FAIL", error=reason)
            return
        self.slp.comm_failed = True
        self.device.log(
            "SMART_LIC-3-COMM_FAILED",
            f"Communications failure with the {self.server()} : {reason}",
        )
        self.event("SAEVT_COMM_FAIL", error=reason)

    def comm_restored(self) -> None:
        """Logs that the other side answers again, if it had not."""
        if self.slp.comm_failed:
            self.slp.comm_failed = False
            self.device.log(
                "SMART_LIC-5-COMM_RESTORED", f"Communications with {self.server()} restored"
            )
            self.event("SAEVT_COMM_RESTORED")

    def event(self, name: str, **values: object) -> None:
        """Adds a line to ``show license eventlog``."""
        words = "".join(f' {k}="{v}"' for k, v in values.items())
        self.events.append(f"{self.now():%Y-%m-%d %H:%M:%S.%f}"[:-3] + f" UTC {name}{words}")
        del self.events[:-500]

    def asks(self, channel: str) -> None:
        """Notes that a request went out whose answer is due."""
        self._asked[channel] = (self.now(), self.device.life)

    def unanswered(self, channel: str) -> datetime | None:
        """Returns when a request went that this boot still waits for."""
        at, life = self._asked.get(channel, (None, 0))
        return at if life == self.device.life else None

    def past(self, channel: str, text: str) -> None:
        """Adds to ``show license history message`` and to the statistics."""
        now = self.now()
        self._asked.pop(channel, None)
        self.history.append(Past(channel, now, text))
        self.traffic.setdefault(channel, Traffic()).note(text, now)
        del self.history[:-100]
