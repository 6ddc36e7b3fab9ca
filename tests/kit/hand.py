"""A person at the keyboard of a simulated router, and small worlds around it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from slp_sim.clock import ManualClock
from slp_sim.formats import Policy, Requirement, read_report
from slp_sim.ports import (
    Close,
    Connected,
    Delay,
    FileReply,
    FileRequest,
    Output,
    Reply,
    Request,
    Wake,
)
from slp_sim.router.console.exec import open_terminal
from slp_sim.router.router import Router
from slp_sim.router.spec import RouterSpec

PASSWORD = "lab-pw"


def policy_with(first: int = 30, frequency: int = 60) -> Policy:
    """Returns an account's policy."""
    return Policy(
        "SLP Policy",
        {
            "perpetual": Requirement(first, frequency, 60),
            "subscription": Requirement(120, 150, 120),
            "enforced": Requirement(0, 90, 60, first_source="CISCO default"),
            "export": Requirement(0, 30, 30, first_source="CISCO default"),
        },
    )


class World:
    """A CSSM that says yes, after the time that it needs."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.requests: list[Request] = []
        self.files: dict[str, bytes] = {}
        self.carried: list[FileRequest] = []
        self.names = {"files", "images", "server.example"}
        self.bars: dict[str, Connected] = {}
        self.refuse: dict[str, Reply] = {}
        self.policy: Policy | None = policy_with()
        self.trusted = False
        self.ack_s = 240.0
        self.dlc_s = 1800.0
        self.slac_code = "30bdf5aa"
        self.slac_description = "Export licence"
        self._polls: dict[int, dict[str, Any]] = {}

    def send(self, request: Request) -> Reply:
        self.requests.append(request)
        if request.kind in self.refuse:
            return self.refuse[request.kind]
        if request.kind in ("usage", "dlc") and request.via != "cslu" and not self.trusted:
            return Reply(False, "trust is not established")
        if request.kind in ("trust", "register", "renew"):
            self.trusted = True
            account = {"smart_account": "Eg-SA-01", "virtual_account": "Eg-VA-01"}
            return Reply(True, body={"trust_id": "t1", **account})
        if request.kind == "usage":
            return self._later(request, self.ack_s, {"dlc_done": False})
        if request.kind == "dlc":
            return self._later(request, self.dlc_s, {"dlc_done": True})
        if request.kind == "poll":
            return Reply(True, body={"ack": self._polls[request.body["poll_id"]]})
        if request.kind == "authorization":
            body = {"regid": request.body["regid"], "tag": request.body["tag"], "count": 1}
            names = {"display_name": request.body["tag"], "description": self.slac_description}
            return Reply(True, body=body | names | {"confirmation_code": self.slac_code})
        return Reply(True)

    def _later(self, request: Request, seconds: float, ack: dict[str, Any]) -> Reply:
        ids = [read_report(r).report_id for r in request.body.get("reports", ())]
        poll_id = len(self.requests)
        policy = self.policy.as_mapping() if self.policy else None
        self._polls[poll_id] = {"acked": ids, "policy": policy, **ack}
        return Reply(True, poll_id=poll_id, poll_after_s=seconds)

    def carry(self, request: FileRequest) -> FileReply:
        self.carried.append(request)
        if request.data is not None:
            self.files[request.url] = request.data
            return FileReply(data=b"")
        data = self.files.get(request.url)
        return FileReply(problem="no file") if data is None else FileReply(data=data)

    def resolves(self, pid: str, sn: str, host: str) -> bool:
        return host in self.names

    def connects(self, pid: str, sn: str, host: str, port: int) -> Connected:
        if host in self.bars:
            return self.bars[host]
        return "open" if port in (80, 443) else "refused"

    def sent(self, kind: str) -> list[Request]:
        """Returns what was asked of this kind."""
        return [r for r in self.requests if r.kind == kind]


class Hand:
    """Types at one VTY line; waits by moving the clock."""

    def __init__(self, router: Router, clock: ManualClock, user: str = "admin") -> None:
        self.router, self.clock, self.user = router, clock, user
        self.closed = False
        self.text = ""
        self.open()

    def open(self) -> None:
        """Logs in (again)."""
        self.shell = open_terminal(self.router, self.user)
        self.closed = False
        self._take(self.shell.start())

    def _take(self, actions: list[Any]) -> str:
        new = ""
        for action in actions:
            if isinstance(action, Output):
                new += action.data.decode()
            elif isinstance(action, Wake):
                self.clock.advance(action.seconds)
                new += self._take(self.shell.wake())
            elif isinstance(action, Close):
                self.closed = True
            else:
                assert isinstance(action, Delay)
                self.clock.advance(action.seconds)
        self.text += new
        return new

    def press(self, keys: str) -> str:
        """Types keys as they are; returns what came."""
        return self._take(self.shell.feed(keys.encode()))

    def type(self, line: str, *answers: str) -> str:
        """Types a line and its answers; returns what came, without echo and prompt."""
        raw = self.press(line + "\r")
        for answer in answers:
            raw += self.press(answer)
        text = raw.replace("\r\n", "\n")
        _echo, _, rest = text.partition("\n")
        if self.closed or rest.endswith((": ", "? ", "]")):
            return rest
        lines = rest.split("\n")
        return "\n".join(lines[:-1]) + ("\n" if len(lines) > 1 else "")

    def show(self, line: str) -> str:
        """Returns an output in full."""
        if self.shell.length:
            self.type("terminal length 0")
        return self.type(line)

    def configure(self, *lines: str) -> str:
        """Types configuration lines; returns what came."""
        text = self.type("configure terminal")
        for line in lines:
            text += self.type(line)
        return text + self.type("end")

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        self.clock.advance(seconds)

    def wait_until(self, clock: str) -> None:
        """Lets time pass until ``HH:MM:SS.f`` of the lab's present day."""
        hour, minute, second = clock.split(":")
        now = self.clock.now()
        base = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        seconds = (base - now).total_seconds() + float(second)
        assert seconds >= 0, f"{clock} is past: it is {now:%H:%M:%S}"
        self.clock.advance(seconds)

    def wait_for_boot(self) -> None:
        """Waits until the router is up again, and logs in."""
        for _ in range(20_000):
            if self.router.is_up() and self.closed:
                break
            self.clock.advance(1.0)
            if not self.router.is_up():
                self.closed = True
        assert self.router.is_up(), "the router did not come back"
        self.open()


def router_of(
    spec: dict[str, Any] | RouterSpec, *, at: datetime | None = None, seed: int = 1
) -> tuple[Router, World, Hand]:
    """Returns a router in a world of its own, and a hand that is logged in."""
    clock = ManualClock(at or datetime(2021, 1, 19, 4, 0, tzinfo=UTC))
    world = World(clock)
    made = spec if isinstance(spec, RouterSpec) else RouterSpec.model_validate(spec)
    router = Router(made, clock, world, seed=seed)
    return router, world, Hand(router, clock)
