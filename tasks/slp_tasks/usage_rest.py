"""Usage by the router's REST interface: the other way of ``usage_save`` and ``usage_import``.

A step takes it where its parameter ``by`` is ``rest``, or where the host's ``data.slp.rest`` says
``prefer: true``. Nothing is written to flash; the files here are the same as by the CLI.
"""

from __future__ import annotations

import hashlib

from slp_core.errors import StepFailed, UsageError
from slp_core.steps.usage import UsageImportParams, UsageSaveParams
from slp_exchange.router_rest import BASE, RouterRest, usage_file
from slp_tasks.importing import handed
from slp_tasks.look import router_time
from slp_tasks.outgoing import outgoing
from slp_tasks.sending import digest_of, incoming
from slp_tasks.step import Notes, StepContext


def by_rest(ctx: StepContext[UsageSaveParams | UsageImportParams]) -> bool:
    """Tells whether this step goes by the REST interface."""
    return (ctx.params.by or ("rest" if ctx.session.prefers_rest else "cli")) == "rest"


def asks(ctx: StepContext[UsageSaveParams]) -> list[str]:
    """Returns what is asked of the router for its reports, as a dry run shows it."""
    days = _days(ctx)
    wanted = "/all-reports" if days is None else f"/days/{days}"
    return [f"POST {BASE}/close-reports", f"GET {BASE}{wanted}"]


def is_fetched(ctx: StepContext[UsageSaveParams]) -> bool:
    """Tells whether the file here is what was fetched, or what the router would answer again."""
    local = outgoing(ctx)
    if not local.is_file():
        return False
    noted = ctx.notes.get("md5")
    if noted:
        return bool(digest_of(local) == noted)
    with RouterRest(ctx.session.rest()) as rest:
        return local.read_bytes() == usage_file(rest.reports(_days(ctx)))


def fetch(ctx: StepContext[UsageSaveParams]) -> str:
    """Brings the reports to ``out/``; returns the MD5 of the file.

    Raises:
        StepFailed: the router has none.
    """
    with RouterRest(ctx.session.rest()) as rest:
        rest.close_reports()
        reports = rest.reports(_days(ctx))
    if not reports:
        raise StepFailed("the router has no usage to report", where=ctx.plan.router)
    ctx.files.write("out", outgoing(ctx).name, usage_file(reports))
    return digest_of(outgoing(ctx))


def hand_in(ctx: StepContext[UsageImportParams]) -> Notes:
    """Hands the dropped file to the router; returns when and what."""
    path = handed(ctx)
    data = path.read_bytes()
    at = router_time(ctx)
    with RouterRest(ctx.session.rest()) as rest:
        rest.import_file(data)
    digest = hashlib.sha256(data).hexdigest()
    ctx.files.write("in", _marker(path.name), f"{digest}\n".encode())
    return {"sent_at": at.isoformat(), "sha256": digest}


def was_handed_in(ctx: StepContext[UsageImportParams]) -> bool:
    """Tells whether this very file was handed in before: nothing on the router's flash tells it."""
    path = handed(ctx)
    marker = incoming(ctx, _marker(path.name))
    return marker.is_file() and marker.read_text().strip() == digest_of(path, "sha256")


def command(ctx: StepContext[UsageImportParams]) -> str:
    """Returns what is asked for an import, as a dry run shows it."""
    return f"POST {BASE}/import ({handed(ctx).name})"


def _marker(name: str) -> str:
    return f"{name}.imported"


def _days(ctx: StepContext[UsageSaveParams]) -> int | None:
    if ctx.params.what == "rum-id":
        raise UsageError(
            "the REST interface has no single reports", remedy="give all or days, or use the CLI"
        )
    return ctx.params.days if ctx.params.what == "days" else None
