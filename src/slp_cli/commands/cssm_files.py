"""``slp cssm upload``, ``poll``, ``slac`` and ``serve-run``: files to CSSM, its answers back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.services.asking import Asking
from nornir_slp.view import Answer
from slp_cli.asking_options import service_command
from slp_cli.commands.runs import RunName
from slp_cli.ui import Ui
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from nornir_slp.services.courier import Brought, Courier
    from slp_exchange.receipts import Row

Within = Annotated[
    float, typer.Option("--within", help="Minutes to wait for answers.", min=0, max=60 * 24 * 30)
]
Receipts = Annotated[
    Path | None,
    typer.Option(
        "--receipts", help="File that records what was uploaded; default: beside --to, .receipts."
    ),
]


@service_command
def upload(
    ui: Ui,
    asking: Asking,
    sources: Annotated[
        list[Path],
        typer.Argument(
            help="Archives of slp bundle export, folders of slp usage save --to, or usage files.",
            metavar="SOURCE...",
        ),
    ],
    to: Annotated[
        Path, typer.Option("--to", help="Archive (.zip) or folder that gets the answers.")
    ] = Path("acks.zip"),
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the answers.")] = True,
    within: Within = 60.0,
    receipts: Receipts = None,
) -> int:
    """Uploads usage reports to CSSM and downloads their acknowledgements, byte for byte.

    Nothing is uploaded twice: the receipts file records what CSSM accepted. Exit code 1: CSSM
    refused something. 4: answers are still pending; slp cssm poll waits for them.
    """
    from nornir_slp.services.courier import Courier
    from nornir_slp.services.reach import cssm
    from nornir_slp.services.sources import loads_of
    from slp_exchange.receipts import ReceiptBook

    loads = loads_of(sources)
    with ReceiptBook(receipts or beside(to)) as book, cssm(ui, asking) as client:
        courier = Courier(ui, client, book, asking.account)
        rows = list(courier.hand_over(loads))
        return _bring(ui, courier, rows, to, within if wait else 0.0)


@service_command
def poll(
    ui: Ui,
    asking: Asking,
    to: Annotated[
        Path, typer.Option("--to", help="Archive (.zip) or folder that gets the answers.")
    ] = Path("acks.zip"),
    within: Within = 60.0,
    receipts: Receipts = None,
) -> int:
    """Waits for CSSM's answers to what slp cssm upload has uploaded."""
    from nornir_slp.services.courier import Courier
    from nornir_slp.services.reach import cssm
    from slp_exchange.receipts import ReceiptBook

    path = receipts or beside(to)
    if not path.exists():
        raise UsageError(
            "nothing was uploaded from here",
            where=str(path),
            remedy="give --receipts or --to as slp cssm upload had it",
        )
    with ReceiptBook(path) as book, cssm(ui, asking) as client:
        courier = Courier(ui, client, book, asking.account)
        return _bring(ui, courier, [r for r in book.rows if r.poll_id is not None], to, within)


@service_command
def slac(
    ui: Ui,
    asking: Asking,
    request: Annotated[
        Path,
        typer.Argument(
            help="File that the router saved: authorization request … save.", metavar="FILE"
        ),
    ],
    to: Annotated[Path, typer.Option("--to", help="File that gets the authorization code.")] = Path(
        "slac.txt"
    ),
    within: Within = 60.0,
) -> int:
    """Requests from CSSM the authorization code (SLAC) for a router's request file."""
    from nornir_slp.services.answers import write_private
    from nornir_slp.services.reach import cssm
    from slp_core.files import MAX_BYTES
    from slp_core.reading import read_bytes
    from slp_exchange.errors import Refusal
    from slp_exchange.polling import Promises
    from slp_exchange.reports import read_request

    udi, row = read_request(read_bytes(request, limit=MAX_BYTES), where=str(request))
    with cssm(ui, asking) as client:
        promises = Promises(client)
        receipt = promises.request_authorization(client.home(asking.account), udi, row)
        ui.say(f"requested for {udi.pid} {udi.sn}; waiting for CSSM")
        ((_, answer),) = promises.wait([receipt], within_s=within * 60)
    if isinstance(answer, Refusal):
        raise answer
    write_private(to, answer)
    ui.say(f"wrote {to}: slp slac --file {to} installs it")
    return 0


@service_command
def serve_run(
    ui: Ui,
    asking: Asking,
    run: RunName = "latest",
    within: Within = 60.0,
    follow: Annotated[
        bool, typer.Option("--follow", help="Continue until the run ends or pauses.")
    ] = False,
) -> int:
    """Uploads the usage reports of a waiting run, and gives it the acknowledgements.

    Run it beside slp apply, or when the run is at rest. Other steps that wait for a person are
    left to a person. Exit code 1: CSSM refused something. 4: answers are still pending.
    """
    from nornir_slp.services.courier import Courier
    from nornir_slp.services.reach import cssm
    from nornir_slp.services.serve_run import serve
    from nornir_slp.store import find_run, open_fleet
    from slp_exchange.receipts import ReceiptBook

    with open_fleet(ui) as fleet, cssm(ui, asking) as client:
        run_id = find_run(fleet, run)
        with ReceiptBook(fleet.store.root / "exchange" / f"{run_id}.json") as book:
            courier = Courier(ui, client, book, asking.account)
            return serve(
                ui,
                fleet,
                run_id,
                courier,
                within=timedelta(minutes=within),
                follow=follow,
                pause=client.web.pause,
            )


def beside(to: Path) -> Path:
    """Returns where receipts are kept unless ``--receipts`` says otherwise."""
    return to.with_name(f"{to.name}.receipts")


def _bring(ui: Ui, courier: Courier, rows: list[Row], to: Path, within_min: float) -> int:
    """Fetches what is there in time, shows how each file ended; returns the exit code."""
    from nornir_slp.services.answers import Basket, bring
    from nornir_slp.services.courier import ended

    basket = Basket(ui, to, courier.now())
    answers = bring(ui, courier, basket, rows, within_min)
    _show(ui, rows, answers)
    if any(b.data is not None for b in answers):
        ui.say(basket.told())
    code = ended(answers, rows)
    if code == 4:
        ui.warn(f"answers are still pending: slp cssm poll --to {to}")
    return code


def _show(ui: Ui, rows: Iterable[Row], came: Iterable[Brought]) -> None:
    from nornir_slp.sheet import Sheet

    errors = {id(b.row): b.error for b in came if b.error}
    rows = list(rows)
    table = [(r.router, r.sn, r.name, _word(r), errors.get(id(r)) or r.error or "") for r in rows]
    sheet = Sheet(("router", "serial number", "file", "state", "why"), table, styled=("state",))
    ui.answer(
        Answer(
            sheet,
            data=lambda: {
                "schema_version": 1,
                "files": [
                    {
                        "router": r.router,
                        "pid": r.pid,
                        "sn": r.sn,
                        "file": r.name,
                        "sha256": r.sha256,
                        "state": _word(r),
                        "error": errors.get(id(r)) or r.error,
                    }
                    for r in rows
                ],
            },
        )
    )


def _word(row: Row) -> str:
    words = {"answered": "done", "refused": "failed", "handed": "waiting", "sending": "failed"}
    return words[row.state]
