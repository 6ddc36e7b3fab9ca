"""Hands files to CSSM and brings the answers; what happened is kept in a book of receipts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from nornir_slp.services.sources import Load
from nornir_slp.workspace import Workspace
from slp_core.errors import InputError
from slp_core.files import read_license_file
from slp_core.state import Udi
from slp_exchange.cssm import Cssm
from slp_exchange.errors import Refusal
from slp_exchange.models import Home, Receipt
from slp_exchange.polling import Promises
from slp_exchange.receipts import ReceiptBook, Row

CONVERTS = (
    "it also carries device-led conversion (DLC), which CSSM's API does not take: upload it in "
    "CSSM's web page (Reports > Usage Data Files)"
)


@dataclass(frozen=True)
class Brought:
    """What came back for one file: an answer, or why there is none."""

    row: Row
    data: bytes | None = field(default=None, repr=False)
    error: str | None = None
    pending: bool = False


class Courier:
    """Hands usage reports over and fetches acknowledgements.

    Args:
        account: where routers belong; unset: where CSSM lists them.
    """

    def __init__(
        self, space: Workspace, cssm: Cssm, book: ReceiptBook, account: str | None
    ) -> None:
        self._space = space
        self._cssm = cssm
        self._promises = Promises(cssm)
        self._account = account
        self.book = book
        self._listed: dict[Udi, Home] | None = None

    def now(self) -> datetime:
        """Returns the time by CSSM's clock."""
        return self._cssm.web.clock.now()

    def hand_over(self, loads: Iterable[Load]) -> Iterator[Row]:
        """Hands each file over, once, and yields what became of it."""
        for load in loads:
            row = Row(
                router=load.router,
                pid=load.reports.udi.pid,
                sn=load.reports.udi.sn,
                name=load.name,
                sha256=load.sha256,
                action="acknowledgements",
                handed=self.now(),
                wants=load.wants,
            )
            known = self.book.of(load.sha256)
            done = self.book.hand_over(row, partial(self._send, load))
            self._tell(done, again=known is not None and done is known)
            yield done

    def collect(self, within_s: float, rows: Iterable[Row] | None = None) -> Iterator[Brought]:
        """Yields the answer to each file that CSSM has, as they come.

        Args:
            rows: only these; unset: all that are open in the book.
        """
        wanted = list(self.book.open_rows() if rows is None else rows)
        by_id = {r.poll_id: r for r in wanted if r.poll_id is not None}
        receipts = [got for r in by_id.values() if (got := r.receipt()) is not None]
        for receipt, answer in self._promises.wait(receipts, within_s=within_s):
            yield self._brought(by_id[receipt.poll_id], answer)

    def _brought(self, row: Row, answer: bytes | Refusal) -> Brought:
        if isinstance(answer, Refusal):
            if answer.cause in ("pending", "throttled", "unavailable", "unreachable", "unanswered"):
                return Brought(row, error=str(answer), pending=True)
            self.book.close_row(row, str(answer))
            return Brought(row, error=str(answer))
        wrong = _wrong(row, answer)
        if wrong is not None:
            self.book.close_row(row, wrong)
            return Brought(row, error=wrong)
        self._space.say(f"{row.router}: CSSM's answer is here ({len(answer)} bytes)")
        return Brought(row, answer)

    def _send(self, load: Load) -> Receipt:
        if load.reports.converts:
            raise Refusal("unsupported", CONVERTS, where=f"{load.router}: {load.name}")
        if not load.reports.rows:
            raise Refusal("rejected", "it holds no report", where=f"{load.router}: {load.name}")
        home = self._home(load.reports.udi)
        return self._promises.report_usage(home, load.reports.udi, load.reports.rows)

    def _home(self, udi: Udi) -> Home:
        if self._account or self._cssm.data.account:
            return self._cssm.home(self._account)
        every = self._cssm.homes()
        if len(every) == 1:
            return every[0]
        if self._listed is None:
            self._listed = {}
            for home in every:
                for instance in self._cssm.instances(home):
                    self._listed[instance.udi] = home
        if udi not in self._listed:
            raise Refusal(
                "not-found",
                "CSSM lists this router in none of its accounts",
                where=f"{udi.pid} {udi.sn}",
                remedy="say where it belongs with --account",
            )
        return self._listed[udi]

    def _tell(self, row: Row, *, again: bool) -> None:
        if row.state == "handed":
            self._space.say(f"{row.router}: {'has it already' if again else 'uploaded'}")
        elif row.error:
            self._space.warn(f"{row.router}: {row.error}")


def _wrong(row: Row, data: bytes) -> str | None:
    """Returns why an answer cannot be this router's (F25)."""
    try:
        read = read_license_file(data, where=f"CSSM's answer for {row.router}")
    except InputError as error:
        return str(error)
    if not read.fits(row.udi):
        return f"CSSM's answer is for serial number {read.udis[0].sn}, not for {row.sn}"
    return None


def ended(brought: Iterable[Brought], rows: Iterable[Row]) -> int:
    """Returns the exit code: 0 all answered, 1 something was refused, 4 something is to come."""
    came = list(brought)
    states = Counter(r.state for r in rows)
    if states["refused"] or states["sending"] or any(b.error and not b.pending for b in came):
        return 1
    return 4 if any(b.pending for b in came) or states["handed"] else 0
