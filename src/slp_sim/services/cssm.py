"""CSSM as routers reach it: trust, usage, authorization, conversion, and registration of old."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from slp_sim.formats import (
    FormatError,
    Usage,
    confirmation_code,
    read_report,
)
from slp_sim.ports import LabClock, Reply, Request
from slp_sim.services.account import (
    Accounts,
    Pool,
    ProductInstance,
    Refused,
    SmartAccount,
    Token,
    VirtualAccount,
    short_tag,
)
from slp_sim.services.acks import Acknowledgements

MAX_SKEW = timedelta(hours=1)


@dataclass(frozen=True)
class Timing:
    """How long CSSM takes, in lab seconds."""

    ack_s: float = 240
    dlc_s: float = 1800


class Cssm:
    """The service behind ``smartreceiver.cisco.com`` and the call-home URL of the lab.

    Args:
        accounts: the world that this CSSM keeps.
        clock: the lab's clock.
        timing: how long acknowledgements and conversions take.
        log: gets one line for each request; never a secret.
    """

    def __init__(
        self,
        accounts: Accounts,
        clock: LabClock,
        *,
        timing: Timing | None = None,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.accounts = accounts
        self.clock = clock
        self.timing = timing or Timing()
        self.log = log
        self.acks = Acknowledgements(accounts, clock)
        self._answers: Mapping[str, Callable[[Request, VirtualAccount | None], Reply]] = {
            "trust": self._trust,
            "usage": self._usage,
            "poll": self._poll,
            "authorization": self._authorize,
            "authorization_return": self._authorization_return,
            "dlc": self._dlc,
            "register": self._register,
            "deregister": self._deregister,
            "renew": self._renew,
        }

    def handle(self, request: Request, home: VirtualAccount | None = None) -> Reply:
        """Answers a router.

        Args:
            home: the virtual account of the CSLU that forwards it; routers that CSSM does not
                know yet are put there.
        """
        try:
            reply = self._answers[request.kind](request, home)
        except Refused as refusal:
            reply = Reply(ok=False, reason=str(refusal))
        outcome = "ok" if reply.ok else f"refused: {reply.reason}"
        self.log(f"{request.kind} from PID:{request.pid},SN:{request.sn}: {outcome}")
        return reply

    # --- trust and registration -----------------------------------------------------------------

    def _trust(self, request: Request, _home: VirtualAccount | None) -> Reply:
        self._check_clock(request)
        if request.hostname.lower() in (request.pid.lower(), request.pid.lower().split("/")[0]):
            raise Refused("the host name must differ from the product identifier")
        secret = request.body.get("token")
        if secret is None:
            instance = self._registered(request)
        else:
            account, virtual, token = self._spend(str(secret))
            instance = self._instance(request, account, virtual)
            instance.export_allowed = token.export_allowed
        if instance.trust_id is None:
            seed = f"{request.pid}{request.sn}{self.clock.now().isoformat()}"
            instance.trust_id = hashlib.sha256(seed.encode()).hexdigest()[:32]
        reply = self._identity(instance)
        if secret is None:  # a registration that becomes a trust code brings no policy with it
            return reply
        return replace(reply, body={**reply.body, "policy": self.policy_of(instance.udi)})

    def _register(self, request: Request, _home: VirtualAccount | None) -> Reply:
        self._check_clock(request)
        account, virtual, token = self._spend(str(request.body.get("token") or ""))
        instance = self._instance(request, account, virtual)
        instance.registered = True
        instance.export_allowed = token.export_allowed
        return self._identity(instance)

    def _deregister(self, request: Request, _home: VirtualAccount | None) -> Reply:
        instance = self._registered(request)
        found = self.accounts.find(instance.udi)
        if found:
            del found[0].instances[instance.udi]
        return Reply(ok=True)

    def _renew(self, request: Request, _home: VirtualAccount | None) -> Reply:
        self._check_clock(request)
        return self._identity(self._registered(request))

    def _registered(self, request: Request) -> ProductInstance:
        found = self.accounts.find((request.pid, request.sn))
        if found is None or not (found[1].registered or found[1].trust_id):
            raise Refused("the product instance is not registered")
        found[1].last_contact = self.clock.now()
        found[1].hostname = request.hostname
        return found[1]

    def _identity(self, instance: ProductInstance) -> Reply:
        return Reply(
            ok=True,
            body={
                "trust_id": instance.trust_id,
                "smart_account": instance.account,
                "virtual_account": instance.virtual_account,
                "export_allowed": instance.export_allowed,
            },
        )

    def _check_clock(self, request: Request) -> None:
        if abs(request.sent_at - self.clock.now()) >= MAX_SKEW:
            raise Refused("the time of the product instance differs from CSSM by an hour or more")

    def _spend(self, secret: str) -> tuple[SmartAccount, VirtualAccount, Token]:
        found = self.accounts.token(secret)
        if found is None:
            raise Refused("the token is not valid")
        account, virtual, token = found
        state = token.state(self.clock.now())
        if state == "used up":
            raise Refused("the token has reached its maximum number of uses")
        if state != "valid":
            raise Refused(f"the token has {'been ' if state == 'revoked' else ''}{state}")
        token.used += 1
        if token.uses_left is not None:
            token.uses_left -= 1
        return account, virtual, token

    def _instance(
        self, request: Request, account: SmartAccount, virtual: VirtualAccount
    ) -> ProductInstance:
        found = self.accounts.find((request.pid, request.sn))
        now = self.clock.now()
        if found is None:
            instance = ProductInstance(
                request.pid, request.sn, request.hostname, account.name, virtual.name
            )
            instance.first_seen = now
        else:
            instance = found[1]
        self.accounts.move(instance, account.name, virtual)
        instance.hostname, instance.last_contact = request.hostname, now
        return instance

    def _known(self, request: Request, home: VirtualAccount | None) -> ProductInstance:
        """Returns the instance that may use the services, new ones only by way of a CSLU."""
        found = self.accounts.find((request.pid, request.sn))
        if found is not None:
            instance = found[1]
            if home is None and not (instance.trust_id or instance.registered):
                raise Refused("trust is not established")
            instance.last_contact = self.clock.now()
            instance.hostname = request.hostname
            return instance
        if home is None:
            raise Refused("trust is not established")
        account = next(a for a, v in self.accounts.virtual_accounts() if v is home)
        return self._instance(request, account, home)

    # --- usage ----------------------------------------------------------------------------------

    def _usage(self, request: Request, home: VirtualAccount | None) -> Reply:
        instance = self._known(request, home)
        reports: Sequence[Mapping[str, Any]] = request.body.get("reports") or ()
        poll_id = self.receive(instance, reports)
        return Reply(ok=True, poll_id=poll_id, poll_after_s=self.timing.ack_s)

    def receive(
        self,
        instance: ProductInstance,
        reports: Sequence[Mapping[str, Any]],
        *,
        refuse_duplicates: bool = False,
    ) -> int:
        """Takes usage reports of one router and returns the id to ask for the acknowledgement.

        A router that lost an answer sends the same reports again and gets them acknowledged
        again; the API and file uploads refuse them (``refuse_duplicates``).

        Raises:
            Refused: a report is altered, foreign, or known already.
        """
        usages = [self._checked(instance, report) for report in reports]
        if not usages:
            raise Refused("no data to process")
        new = [u for u in usages if u.report_id not in instance.reports]
        if refuse_duplicates and not new:
            raise Refused("the usage reports are duplicates of reports received before")
        for usage, report in zip(usages, reports, strict=True):
            signature = str(report["signature"]["value"])
            if instance.reports.setdefault(usage.report_id, signature) != signature:
                raise Refused(f"report {usage.report_id} was received before with other content")
        for usage in new:
            instance.usage[short_tag(usage.entitlement_tag)] = usage.count
        return self.acks.promise(
            instance.udi, self.timing.ack_s, tuple(u.report_id for u in usages)
        )

    def _checked(self, instance: ProductInstance, report: Mapping[str, Any]) -> Usage:
        try:
            usage = read_report(report)
        except FormatError as error:
            raise Refused(str(error)) from error
        if not usage.intact:
            raise Refused(f"the signature of report {usage.report_id} does not fit")
        if (usage.pid, usage.sn) != instance.udi:
            raise Refused(f"report {usage.report_id} is of PID:{usage.pid},SN:{usage.sn}")
        return usage

    def _poll(self, request: Request, _home: VirtualAccount | None) -> Reply:
        poll_id = int(request.body.get("poll_id") or 0)
        pending = self.acks.of(poll_id)
        if pending.udi != (request.pid, request.sn):
            raise Refused("the poll id belongs to another product instance")
        answer = self.acks.ask(poll_id)
        if isinstance(answer, float):
            return Reply(ok=True, poll_id=poll_id, poll_after_s=answer)
        policy = None if pending.conversion else self.policy_of((request.pid, request.sn))
        ack = {"policy": policy, "acked": list(answer.acked), "dlc_done": answer.dlc_done}
        return Reply(ok=True, body={"ack": ack})

    def policy_of(self, udi: tuple[str, str]) -> Mapping[str, Any] | None:
        """Returns the policy of the virtual account that a router is in, as plain JSON."""
        found = self.accounts.find(udi)
        policy = found[0].policy if found else None
        return policy.as_mapping() if policy else None

    # --- device-led conversion ------------------------------------------------------------------

    def _dlc(self, request: Request, home: VirtualAccount | None) -> Reply:
        instance = self._known(request, home)
        poll_id = self.convert(instance, request.body.get("features") or {})
        return Reply(ok=True, poll_id=poll_id, poll_after_s=self.timing.dlc_s)

    def convert(self, instance: ProductInstance, features: Mapping[str, Mapping[str, int]]) -> int:
        """Takes what a router collected, and books it after a while; a second time is no harm."""
        if instance.dlc_done_at is None:
            instance.dlc = {name: dict(counts) for name, counts in features.items()}
            instance.dlc_done_at = self.clock.now() + timedelta(seconds=self.timing.dlc_s)
        left = (instance.dlc_done_at - self.clock.now()).total_seconds()
        return self.acks.promise(instance.udi, max(left, 0.0), (), conversion=True)

    # --- authorization --------------------------------------------------------------------------

    def _authorize(self, request: Request, home: VirtualAccount | None) -> Reply:
        instance = self._known(request, home)
        tag = str(request.body.get("regid") or request.body.get("tag") or "")
        count = int(request.body.get("count") or 1)
        pool, code = self.authorize(instance, tag, count, self.clock.now())
        return Reply(
            ok=True,
            body={
                "tag": pool.short,
                "regid": pool.tag,
                "display_name": pool.name,
                "description": pool.description,
                "count": count,
                "confirmation_code": code,
            },
        )

    def authorize(
        self, instance: ProductInstance, tag: str, count: int, at: datetime
    ) -> tuple[Pool, str]:
        """Grants an export-controlled licence; granted before, it is granted again unchanged.

        Returns:
            The pool, and the confirmation code that the router will show.

        Raises:
            Refused: no such licence, none free, or the token did not allow export control.
        """
        if not instance.export_allowed:
            raise Refused(
                "export-controlled functionality is not allowed for this product instance"
            )
        virtual = self.accounts.virtual(instance.account, instance.virtual_account)
        held = instance.authorized.get(short_tag(tag))
        pool = virtual.take(tag, count, already=held.count if held else 0)
        if held is None or held.count != count or instance.confirmation_code is None:
            instance.authorized[pool.short] = pool.entitlement(count)
            rows = instance.authorized.values()
            instance.confirmation_code = confirmation_code(*instance.udi, rows, at)
        return pool, instance.confirmation_code

    def _authorization_return(self, request: Request, home: VirtualAccount | None) -> Reply:
        instance = self._known(request, home)
        self.give_back(instance)
        return Reply(ok=True)

    def give_back(self, instance: ProductInstance) -> None:
        """Takes authorizations back into the account.

        Raises:
            Refused: the router holds none.
        """
        if not instance.authorized:
            raise Refused("the product instance holds no authorization")
        instance.authorized.clear()
        instance.confirmation_code = None
