"""A small world: one virtual account, one CSSM, one CSLU, and a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slp_sim.clock import ManualClock
from slp_sim.formats import cisco_default_policy, rum_report
from slp_sim.ports import Reply, Request
from slp_sim.services.account import Accounts, Pool, SmartAccount, Token, VirtualAccount
from slp_sim.services.cslu import Cslu
from slp_sim.services.cssm import Cssm
from slp_sim.services.network import LabNetwork
from slp_sim.services.portal import Portal

HSEC = "regid.2019-03.com.cisco.DNA_HSEC,1.0_509c"
SEC = "regid.2014-12.com.cisco.ISR_4351_Security,1.0_df7d"
UDI = ("ISR4351/K9", "FDO1")
CSLU_URL = "http://192.168.0.1:8182/cslu/v1/pi"


@dataclass
class World:
    clock: ManualClock = field(default_factory=ManualClock)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.virtual = VirtualAccount("VA", 2)
        for tag, total in ((HSEC, 1), (SEC, 5)):
            pool = Pool(tag, tag.split(",")[0], "a licence", total)
            self.virtual.pools[pool.short] = pool
        self.virtual.policy = cisco_default_policy()
        expires = self.clock.now() + timedelta(days=30)
        self.token = Token("fleet", "the-token-itself", expires, uses_left=2)
        self.virtual.tokens.append(self.token)
        account = SmartAccount("SA", "sa.example", 1, {"VA": self.virtual})
        self.cssm = Cssm(Accounts({"SA": account}), self.clock, log=self.log.append)
        self.portal = Portal(self.cssm)
        self.cslu = Cslu(self.cssm, self.virtual, self.clock)
        self.network = LabNetwork(self.cssm, cslus={CSLU_URL: self.cslu})

    def request(self, kind: Any, body: dict[str, Any] | None = None, **changes: Any) -> Request:
        facts = {
            "pid": "ISR4351/K9",
            "sn": "FDO1",
            "hostname": "r1",
            "via": "smart",
            "url": None,
            "sent_at": self.clock.now(),
        }
        return Request(kind=kind, body=body or {}, **(facts | changes))

    def send(self, kind: Any, body: dict[str, Any] | None = None, **changes: Any) -> Reply:
        return self.network.send(self.request(kind, body, **changes))

    def trust(self, **changes: Any) -> Reply:
        return self.send("trust", {"token": self.token.secret}, **changes)

    def report(self, report_id: int = 1, tag: str = SEC, **changes: Any) -> dict[str, Any]:
        facts = {
            "pid": "ISR4351/K9",
            "sn": "FDO1",
            "report_id": report_id,
            "software_tag": "regid.x,1.0_a",
            "entitlement_tag": tag,
            "software_version": "17.03.02",
            "start": self.clock.now(),
            "end": self.clock.now(),
        }
        return rum_report(**(facts | changes))
