"""What a person does in CSSM: upload and download files, update reservations, make tokens."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from slp_sim.formats import (
    Ack,
    Entitlement,
    FormatError,
    ack_file,
    parse_auth_request,
    parse_import,
    parse_slr_request_code,
    parse_usage,
    read_report,
    slac_file,
    slr_code_file,
)
from slp_sim.services.account import (
    ProductInstance,
    Refused,
    Reservation,
    Token,
    Udi,
    VirtualAccount,
    short_tag,
)
from slp_sim.services.cssm import Cssm

PROCESSING = "Data Being Processed"
DONE = "No Errors"
FAILED = "Errors Found"


@dataclass
class Upload:
    """A usage data file and what became of it."""

    id: int
    name: str
    received: datetime
    account: str
    polls: dict[Udi, int] = field(default_factory=dict)
    error: str | None = None


class Portal:
    """The person's side of one CSSM.

    Args:
        misaddressed: tells whether the next file for a router shall name another (F25).
    """

    def __init__(
        self, cssm: Cssm, *, misaddressed: Callable[[Udi], bool] = lambda _: False
    ) -> None:
        self._cssm = cssm
        self._misaddressed = misaddressed
        self._accounts = cssm.accounts
        self.uploads: dict[int, Upload] = {}

    # --- usage data files -----------------------------------------------------------------------

    def upload_usage(self, data: bytes, name: str, home: str | None = None) -> Upload:
        """Takes a usage data file; its acknowledgement is ready after a while.

        Args:
            home: ``Smart Account/virtual account`` for routers that CSSM does not know yet; may
                be left out where there is only one.
        """
        upload = Upload(len(self.uploads) + 1, name, self._cssm.clock.now(), home or "")
        self.uploads[upload.id] = upload
        try:
            self._take(upload, data, home)
        except (Refused, FormatError) as error:
            upload.error = str(error)
        self._cssm.log(f"usage file {name}: {upload.error or 'received'}")
        return upload

    def _take(self, upload: Upload, data: bytes, home: str | None) -> None:
        content = parse_usage(data)
        by_udi: dict[Udi, list[Mapping[str, object]]] = {}
        for report in content.reports:
            usage = read_report(report)
            by_udi.setdefault((usage.pid, usage.sn), []).append(report)
        sudi = content.system.get("sudi") or {}
        owner = (str(sudi.get("udi_pid")), str(sudi.get("udi_serial_number")))
        hostname = str(content.system.get("hostname") or "")
        for udi, reports in by_udi.items():
            instance = self.instance(udi, hostname if udi == owner else "", home)
            upload.account = f"{instance.account}/{instance.virtual_account}"
            upload.polls[udi] = self._cssm.receive(instance, reports, refuse_duplicates=True)
        conversion = content.system.get("conversion")
        if conversion:
            instance = self.instance(owner, hostname, home)
            poll = self._cssm.convert(instance, conversion)
            upload.polls.setdefault(owner, poll)
        if not upload.polls:
            raise Refused("no data to process")

    def state(self, upload: Upload) -> str:
        """Returns what the list of usage data files shows for a file."""
        if upload.error is not None:
            return FAILED
        return DONE if self._ready(upload) is not None else PROCESSING

    def _ready(self, upload: Upload) -> list[Ack] | None:
        answers = [self._cssm.acks.ask(poll) for poll in upload.polls.values()]
        acks = [a for a in answers if isinstance(a, Ack)]
        return acks if len(acks) == len(answers) else None

    def ack(self, upload_id: int) -> tuple[str, bytes]:
        """Returns name and content of the acknowledgement file.

        Raises:
            Refused: no such upload, it had errors, or it is still being processed.
        """
        upload = self.uploads.get(upload_id)
        if upload is None:
            raise Refused(f"there is no usage data file {upload_id}")
        if upload.error is not None:
            raise Refused(upload.error)
        acks = self._ready(upload)
        if acks is None:
            raise Refused(f"{upload.name}: {PROCESSING}")
        acks = [replace(a, sn=self._serial((a.pid, a.sn))) for a in acks]
        account, _, virtual = upload.account.partition("/")
        policy = self._accounts.virtual(account, virtual).policy
        return f"ACK_{upload.name}", ack_file(acks, policy, (account, virtual))

    def _serial(self, udi: Udi) -> str:
        """Returns the serial that a file is addressed to: another one where files are mixed up."""
        return f"{udi[1][:-1]}?" if self._misaddressed(udi) else udi[1]

    # --- reservations ---------------------------------------------------------------------------

    def reserve(self, request_code: str, licences: Mapping[str, int], home: str | None) -> bytes:
        """Returns the authorization code for a router's first reservation.

        Raises:
            Refused: a wrong code, too few licences, or a reservation exists already.
        """
        try:
            udi = parse_slr_request_code(request_code)
        except FormatError as error:
            raise Refused(str(error)) from error
        instance = self.instance(udi, "", home)
        if instance.reservation is not None:
            raise Refused("the product instance has a reservation; update it instead")
        instance.reservation = Reservation((), "")
        try:
            return self._reserve(instance, licences)
        except Refused:
            instance.reservation = None
            raise

    def update_reservation(self, pid: str, sn: str, licences: Mapping[str, int]) -> bytes:
        """Returns a new code: what is reserved stays, ``licences`` (tag: count) are set.

        Raises:
            Refused: no reservation to update, or too few licences.
        """
        instance = self._found(pid, sn)
        if instance.reservation is None:
            raise Refused("the product instance has no reservation to update")
        return self._reserve(instance, licences)

    def _reserve(self, instance: ProductInstance, licences: Mapping[str, int]) -> bytes:
        reservation = instance.reservation
        assert reservation is not None
        virtual = self._accounts.virtual(instance.account, instance.virtual_account)
        wanted = {short_tag(e.tag): e for e in reservation.entitlements}
        for tag, count in licences.items():
            held = wanted.get(short_tag(tag))
            pool = virtual.take(tag, count, already=held.count if held else 0)
            wanted[pool.short] = pool.entitlement(count)
        rows = tuple(wanted.values())
        data = slr_code_file(
            pid=instance.pid,
            sn=self._serial(instance.udi),
            entitlements=rows,
            issued=self._cssm.clock.now(),
        )
        reservation.pending = rows
        reservation.pending_code = parse_import(data).authorizations[0].confirmation_code
        self._cssm.log(f"reservation code for PID:{instance.pid},SN:{instance.sn}")
        return data

    def enter_confirmation(self, pid: str, sn: str, code: str) -> None:
        """Completes a reservation with the code that the router showed.

        Raises:
            Refused: nothing waits for a code, or it is another one.
        """
        instance = self._found(pid, sn)
        reservation = instance.reservation
        if reservation is None or reservation.pending is None:
            raise Refused("no reservation waits for a confirmation code")
        if code.strip().lower() != reservation.pending_code:
            raise Refused("the confirmation code is not valid for this product instance")
        reservation.entitlements = reservation.pending
        reservation.confirmation_code = code.strip().lower()
        reservation.pending = reservation.pending_code = None
        self._cssm.log(f"reservation confirmed for PID:{pid},SN:{sn}")

    # --- authorization codes --------------------------------------------------------------------

    def generate_slac(
        self, pid: str, sn: str, tag: str, count: int = 1, home: str | None = None
    ) -> bytes:
        """Returns a SLAC for one router ("Authorize License-Enforced Features").

        Raises:
            Refused: too few licences, or the router is in no account and there are several.
        """
        instance = self.instance((pid, sn), "", home)
        virtual = self._accounts.virtual(instance.account, instance.virtual_account)
        held = instance.authorized.get(short_tag(tag))
        pool = virtual.take(tag, count, already=held.count if held else 0)
        return self._slac(instance, {**instance.authorized, pool.short: pool.entitlement(count)})

    def answer_request(self, data: bytes, home: str | None = None) -> bytes:
        """Returns the SLAC that a router's request file asks for.

        Raises:
            Refused: no request for one router, or too few licences.
        """
        try:
            requests = parse_auth_request(data)
            (request,) = requests
            sudi, keys = request["sudi"], request["keys"]
            udi = str(sudi["udi_pid"]), str(sudi["udi_serial_number"])
            wanted = [(str(k["entitlement"]), int(k["count"])) for k in keys]
        except (FormatError, KeyError, TypeError, ValueError) as error:
            raise Refused(f"the file is no authorization request of one router: {error}") from error
        result = b""
        for tag, count in wanted:
            result = self.generate_slac(*udi, tag, count, home)
        if not result:
            raise Refused("the request names no licence")
        return result

    def _slac(self, instance: ProductInstance, rows: dict[str, Entitlement]) -> bytes:
        now = self._cssm.clock.now()
        sn = self._serial(instance.udi)
        data = slac_file(pid=instance.pid, sn=sn, entitlements=rows.values(), issued=now)
        instance.authorized = rows
        instance.confirmation_code = parse_import(data).authorizations[0].confirmation_code
        self._cssm.log(f"SLAC for PID:{instance.pid},SN:{instance.sn}")
        return data

    # --- tokens and product instances -----------------------------------------------------------

    def create_token(
        self,
        home: str | None,
        *,
        name: str,
        days: int = 30,
        uses: int | None = None,
        export_allowed: bool = True,
    ) -> Token:
        """Returns a new registration token of a virtual account.

        Raises:
            Refused: days outside 1 to 365 (TOKEN-1), or no such account.
        """
        if not 1 <= days <= 365:
            raise Refused("a token is valid for 1 to 365 days")
        expires = self._cssm.clock.now() + timedelta(days=days)
        token = Token(name, secrets.token_urlsafe(48), expires, uses, export_allowed)
        self._home(home).tokens.append(token)
        return token

    def revoke_token(self, home: str | None, name: str) -> None:
        """Revokes every token of this name.

        Raises:
            Refused: there is none.
        """
        found = [t for t in self._home(home).tokens if t.name == name]
        if not found:
            raise Refused(f"there is no token {name}")
        for token in found:
            token.revoked = True

    def remove_instance(self, pid: str, sn: str) -> None:
        """Removes a product instance with all that it holds.

        Raises:
            Refused: CSSM does not know it.
        """
        self._found(pid, sn)
        for _, virtual in self._accounts.virtual_accounts():
            virtual.instances.pop((pid, sn), None)

    def instances(self) -> Iterable[ProductInstance]:
        """Yields every product instance of every account."""
        for _, virtual in self._accounts.virtual_accounts():
            yield from virtual.instances.values()

    def _found(self, pid: str, sn: str) -> ProductInstance:
        found = self._accounts.find((pid, sn))
        if found is None:
            raise Refused(f"there is no product instance PID:{pid},SN:{sn}")
        return found[1]

    def _home(self, home: str | None) -> VirtualAccount:
        everything = list(self._accounts.virtual_accounts())
        if home:
            return self._accounts.home(home)
        if len(everything) != 1:
            raise Refused("a Smart Account and virtual account must be chosen")
        return everything[0][1]

    def instance(self, udi: Udi, hostname: str, home: str | None) -> ProductInstance:
        """Returns a product instance; a new one of ``home`` where CSSM does not know it yet.

        Raises:
            Refused: it is new, and the account is missing or unknown.
        """
        found = self._accounts.find(udi)
        if found is not None:
            return found[1]
        virtual = self._home(home)
        account = next(a for a, v in self._accounts.virtual_accounts() if v is virtual)
        instance = ProductInstance(*udi, hostname, account.name, virtual.name)
        instance.first_seen = instance.last_contact = self._cssm.clock.now()
        virtual.instances[udi] = instance
        return instance
