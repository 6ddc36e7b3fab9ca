"""``slp bundle``: usage reports of an air-gapped fleet out in one archive, answers back in one."""

from __future__ import annotations

import getpass
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.view import Answer
from slp_cli.commands.runs import RunName
from slp_cli.options import command
from slp_cli.ui import Ui
from slp_core.errors import InputError, SlpError, UsageError
from slp_core.state import Udi

if TYPE_CHECKING:
    from nornir_slp.services.serve_run import Asked
    from slp_exchange.bundle import Answer as Found
    from slp_exchange.bundle import Expected, Item, Manifest
    from slp_fleet.api import Fleet

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Carries usage reports and acknowledgements of a fleet across an air gap.",
)
NOTHING_DONE = 3


@app.command("export")
@command
def export(
    ui: Ui,
    run: RunName = "latest",
    to: Annotated[Path, typer.Option("--to", help="Archive to write.")] = Path("usage.zip"),
    folder: Annotated[
        Path | None,
        typer.Option("--from", help="Reports of slp usage save --to, instead of a run's."),
    ] = None,
) -> int:
    """Packs the usage reports that a run waits with into one archive, byte for byte.

    Carry it to a machine that reaches CSSM, and give it to slp cssm upload there; or unpack it and
    upload each file in CSSM's web page.
    """
    from slp_exchange.bundle import write_bundle

    if folder is not None:
        manifest = pack_folder(ui, folder, to)
        return _packed(ui, to, manifest)
    from nornir_slp.services.serve_run import waiting
    from nornir_slp.store import find_run, open_fleet

    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, run)
        packed = [_item(a) for a in waiting(fleet, run_id)]
        if not packed:
            ui.warn(f"nothing is packed: no router of run {run_id} waits with a usage report")
            return NOTHING_DONE
        now = datetime.now(UTC)
        manifest = write_bundle(to, "usage", packed, made=now, run=run_id)
        ui.say(f"wrote {to} with the reports of {len(packed)} routers")
        for name in _unsaved(fleet, run_id):
            ui.warn(f"{name}: has not saved its report yet; export again later")
    return _packed(ui, to, manifest)


@app.command("import")
@command
def import_(
    ui: Ui,
    source: Annotated[
        Path, typer.Argument(help="Archive of slp cssm upload, or a folder or zip of downloads.")
    ],
    run: RunName = "latest",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="Without a run: check the archive, and put each answer into DIR/ROUTER.",
            metavar="DIR",
        ),
    ] = None,
) -> int:
    """Gives acknowledgements to the routers of a run that wait for them.

    Each must be complete, an acknowledgement, and its router's own; anything else is refused and
    discarded. Exit code 1: something was refused or is missing.
    """
    if to is not None:
        return _imported(ui, _unpacked(source, to), f"slp usage import --from {to}")
    from nornir_slp.services.serve_run import waiting
    from nornir_slp.store import find_run, open_fleet

    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, run)
        asked = {a.router: a for a in waiting(fleet, run_id)}
        if not asked:
            raise UsageError(
                f"no router of run {run_id} waits for an acknowledgement",
                remedy="name another RUN; without one: slp bundle import SOURCE --to DIR",
            )
        found = {a.router: a for a in _answers(source, [_expected(a) for a in asked.values()])}
        rows = [_handed(fleet, run_id, asked[n], found.get(n)) for n in asked]
    return _imported(ui, rows, f"slp resume {run_id}, if it is at rest")


# --- out ----------------------------------------------------------------------------------------


def pack_folder(ui: Ui, folder: Path, to: Path) -> Manifest:
    """Packs the usage reports that lie in a folder as ``ROUTER/NAME``.

    Raises:
        InputError: there is none, or one is no usage report.
    """
    from nornir_slp.services.sources import folder_loads
    from slp_exchange.bundle import Item, write_bundle

    items = [
        Item(x.router, x.reports.udi, x.name, x.data, x.saved, x.reports.ids, wants=x.wants)
        for x in folder_loads(folder)
    ]
    manifest = write_bundle(to, "usage", items, made=datetime.now(UTC))
    ui.say(f"wrote {to} with the reports of {len(items)} routers")
    return manifest


def _item(asked: Asked) -> Item:
    from slp_exchange.bundle import Item
    from slp_exchange.reports import read_usage

    try:
        data = asked.report.read_bytes()
        saved = datetime.fromtimestamp(asked.report.stat().st_mtime, UTC)
    except OSError as error:
        raise InputError(
            f"the router's report cannot be read: {error.strerror}", where=str(asked.report)
        ) from error
    reports = read_usage(data, where=str(asked.report))
    udi, name = reports.udi, asked.report.name
    return Item(asked.router, udi, name, data, saved, reports.ids, wants=asked.wants)


def _unsaved(fleet: Fleet, run_id: str) -> Iterator[str]:
    """Yields routers whose report is still to come."""
    for router in fleet.run(run_id).routers:
        states = [s.state.value for s in router.steps if s.kind == "usage_save"]
        if any(s in ("pending", "running", "waiting") for s in states):
            yield router.router


def _packed(ui: Ui, to: Path, manifest: Manifest) -> int:
    from nornir_slp.sheet import Sheet

    rows = [(e.router, e.sn, e.file, str(len(e.report_ids)), e.sha256[:16]) for e in manifest.files]
    sheet = Sheet(("router", "serial number", "file", "reports", "SHA-256"), rows)
    data = manifest.model_dump(mode="json", exclude_none=True)
    ui.answer(Answer(sheet, data=lambda: data))
    ui.say(f"where CSSM is reached: slp cssm upload {to} --to acks.zip")
    return 0


# --- in -----------------------------------------------------------------------------------------


def _expected(asked: Asked) -> Expected:
    from slp_exchange.bundle import Expected

    try:
        report = hashlib.sha256(asked.report.read_bytes()).hexdigest()
    except OSError:
        report = None
    return Expected(asked.router, asked.plan.udi, report)


def _answers(source: Path, expected: Iterable[Expected]) -> Iterator[Found]:
    from slp_exchange.bundle import match_answers, match_folder, open_archive

    if source.is_dir():
        yield from match_folder(source, expected)
        return
    with open_archive(source) as archive:
        yield from match_answers(archive, list(expected))


Row = tuple[str, str, str, str]


def _handed(fleet: Fleet, run_id: str, asked: Asked, found: Found | None) -> Row:
    """Hands one answer to its router; returns router, serial number, outcome and why."""
    sn = asked.plan.udi.sn if asked.plan.udi else ""
    if found is None:
        return asked.router, sn, "missing", "nothing in it is for this router"
    if found.data is None:
        return asked.router, sn, "refused", f"{found.name}: {found.refused}"
    try:
        _confirm(fleet, run_id, asked, found.data)
    except SlpError as error:
        return asked.router, sn, "refused", str(error)
    return asked.router, sn, "done", ""


def _unpacked(source: Path, to: Path) -> list[Row]:
    """Puts each answer of an archive into its router's folder; nothing where one is not whole."""
    from slp_core.planner.collecting import ACK_FILE
    from slp_exchange.bundle import Expected, match_answers, open_archive

    if source.is_dir():
        raise UsageError(
            "this is a folder already",
            where=str(source),
            remedy=f"slp usage import --from {source}",
        )
    with open_archive(source) as archive:
        entries = {e.router: e for e in archive.entries()}
        wanted = [Expected(n, Udi(pid=e.pid, sn=e.sn)) for n, e in entries.items()]
        found = {a.router: a for a in match_answers(archive, wanted)}
    rows = []
    for name, entry in entries.items():
        answer = found[name]
        if answer.data is None:
            rows.append((name, entry.sn, "refused", f"{answer.name}: {answer.refused}"))
            continue
        _keep(to / _plain(name), entry.wants or ACK_FILE, answer.data)
        rows.append((name, entry.sn, "done", ""))
    return rows


def _plain(name: str) -> str:
    """Returns a name of an archive as the one folder or file that it is."""
    if name in ("", ".", "..") or not name.isprintable() or set("/\\") & set(name):
        raise InputError(f"{name!r} in it is no plain name", remedy="export the archive again")
    return name


def _confirm(fleet: Fleet, run_id: str, asked: Asked, data: bytes) -> None:
    from nornir_slp.one_step.handed import refuse_wrong_file

    with tempfile.TemporaryDirectory(prefix="slp-") as folder:
        file = _keep(Path(folder), asked.wants, data)
        refuse_wrong_file(asked.plan, asked.step.id, file)
        fleet.confirm(run_id, asked.router, asked.step.id, by=getpass.getuser(), file=file)


def _keep(folder: Path, name: str, data: bytes) -> Path:
    from nornir_slp.services.answers import write_private

    path = folder / _plain(name)
    write_private(path, data)
    return path


def _imported(ui: Ui, rows: list[Row], then: str) -> int:
    from nornir_slp.sheet import Sheet

    sheet = Sheet(("router", "serial number", "state", "why"), rows, styled=("state",))
    keys = ("router", "sn", "state", "why")
    data = {"schema_version": 1, "files": [dict(zip(keys, r, strict=True)) for r in rows]}
    ui.answer(Answer(sheet, data=lambda: data))
    done = sum(r[2] == "done" for r in rows)
    ui.say(f"{done} of {len(rows)} taken" + (f"; then: {then}" if done else ""))
    return 0 if done == len(rows) else 1
