"""The portal's pages: plain HTML, everything escaped, no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from slp_sim.lab import Lab
from slp_sim.services.portal import DONE

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}"
    "td,th{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:left}"
    "form{display:flex;gap:.5rem;flex-wrap:wrap;margin:.5rem 0 1.5rem}"
    "h2{margin-top:2rem;font-size:1.1rem}.bad{color:#a00}"
)


def page(title: str, body: str) -> str:
    """Returns a whole document."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Returns a table; cells that begin with ``<a`` or ``<form`` are ours and stay as they are."""
    top = "".join(f"<th>{escape(h)}" for h in head)
    lines = "".join("<tr>" + "".join(f"<td>{_cell(c)}" for c in row) for row in rows)
    return f"<table><tr>{top}{lines}</table>"


class Markup(str):
    """HTML that was made here and needs no escaping."""

    __slots__ = ()


def _cell(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value))


def form(action: str, label: str, *fields: str, file: bool = False) -> Markup:
    """Returns a form with text fields of these names; ``name=value`` gives a default."""
    inputs = []
    for item in fields:
        name, _, value = item.partition("=")
        inputs.append(
            f'<label>{escape(name)} <input name="{escape(name)}" value="{escape(value)}"></label>'
        )
    kind = ' enctype="multipart/form-data"' if file else ""
    chooser = '<input type="file" name="file" required>' if file else ""
    return Markup(
        f'<form method="post" action="{escape(action)}"{kind}>{chooser}{"".join(inputs)}'
        f"<button>{escape(label)}</button></form>"
    )


def overview(lab: Lab) -> str:
    """Returns CSSM's page: inventory, usage data files, and what can be done."""
    portal, now = lab.portal, lab.clock.now()
    accounts = lab.network.cssm.accounts
    balances, tokens = [], []
    for account, virtual in accounts.virtual_accounts():
        home = f"{account.name}/{virtual.name}"
        for pool in virtual.pools.values():
            b = virtual.balance(pool)
            used = (pool.total, b.reserved, b.authorized, b.in_use, b.free, b.status)
            balances.append((home, pool.name or pool.short, pool.short, *used))
        for token in virtual.tokens:
            left = "" if token.uses_left is None else token.uses_left
            tokens.append((home, token.name, f"{token.expires:%Y-%m-%d}", left, token.state(now)))
    uploads = []
    for upload in portal.uploads.values():
        state = portal.state(upload)
        url = f"/cssm/usage-files/{upload.id}/ack"
        link = Markup(f'<a href="{url}">Download</a>') if state == DONE else ""
        uploads.append((upload.name, upload.account, state, upload.error or "", link))
    instances = [
        (i.display_name, i.hostname, f"{i.account}/{i.virtual_account}", i.last_contact or "")
        for i in portal.instances()
    ]
    return page(
        f"Cisco Smart Software Manager (simulated: {lab.scenario.name})",
        "<h2>Licences</h2>"
        + table(
            ("Account", "Licence", "Tag", "Bought", "Reserved", "Authorized", "Used", "Free", ""),
            balances,
        )
        + "<h2>Product instances</h2>"
        + table(("Name", "Host", "Account", "Last contact"), instances)
        + "<h2>Usage data files</h2>"
        + table(("File", "Account", "Status", "", "Acknowledgement"), uploads)
        + form("/cssm/usage-files", "Upload usage data", "account", file=True)
        + "<h2>Update reserved licences</h2>"
        + form(
            "/cssm/reservations/update",
            "Generate authorization code",
            "pid",
            "sn",
            "tag",
            "count=1",
        )
        + form("/cssm/reservations/confirm", "Enter confirmation code", "pid", "sn", "code")
        + "<h2>Authorize licence-enforced features</h2>"
        + form("/cssm/slac", "Generate authorization code", "pid", "sn", "tag", "count=1")
        + "<h2>Registration tokens</h2>"
        + table(("Account", "Name", "Expires", "Uses left", "State"), tokens)
        + form("/cssm/tokens", "New token", "account", "name", "days=30", "uses")
        + form("/cssm/tokens/revoke", "Revoke", "account", "name"),
    )
