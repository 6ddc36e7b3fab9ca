"""Trust and usage: what is asked of CSSM, on line and by files."""

from __future__ import annotations

from typing import Any

from slp_sim import formats
from slp_tasks.steps.trust import trust
from slp_tasks.steps.usage_import import usage_import
from slp_tasks.steps.usage_save import usage_save
from slp_tasks.steps.usage_sync import usage_report, usage_sync
from tasks.matrix.routers import HOME, SENT, TOKEN, before, slp
from tasks.matrix.row import Row, World

STATUS, USAGE = "show license status", "show license usage"
ASK = "license smart trust idtoken"
STAMP = r"\w{3} \d\d \d\d:\d\d:\d\d \d{4}"
INSTALLED = rf"Trust Code Installed: {STAMP}"
NO_TRUST = r"Trust Code Installed: <none>"
ACKED = rf"Last ACK received: {STAMP}"
NOT_ACKED = r"Last ACK received: <none>"


def asks(state: str, router: dict[str, Any], *more: str, case: str = "", **rest: Any) -> Row:
    """Returns a row of trust that sends one command, ``more`` being its end."""
    ends = " ".join(more) or "local"
    return Row(
        "trust",
        state,
        trust,
        router,
        rest.pop("args", {"token": TOKEN}),
        case=case,
        sends=(f"{ASK} {SENT} {ends}",),
        events=("trust requested", "trust installed"),
        shows=rest.pop("shows", {STATUS: INSTALLED}),
        **rest,
    )


def refused_trust(state: str, router: dict[str, Any], says: str, **rest: Any) -> Row:
    """Returns a row of trust that cannot come to anything, and sends nothing."""
    args = rest.pop("args", {"token": TOKEN})
    return Row("trust", state, trust, router, args, refused=says, **rest)


EXPIRED = f"{ASK} old-token-0002 local"
TRUST = [
    asks("none", slp("smart")),
    asks("none", slp("callhome"), case="callhome"),
    asks("none", slp("smart", peer_serial="FDO2222X001"), "all", case="pair",
         args={"token": TOKEN, "scope": "all"},
         shows={STATUS: rf"Standby: PID:ISR4351/K9,SN:FDO2222X001\n +INSTALLED on {STAMP}"}),
    Row("trust", "present", trust, slp("smart", trust=True), {"token": TOKEN},
        shows={STATUS: INSTALLED}),
    asks("present, force", slp("smart", trust=True), "local", "force",
         args={"token": TOKEN, "force": True},
         again=((f"{ASK} {SENT} local force",), "force replaces what is there, each time")),
    refused_trust("no transport", slp("off"), "transport is off"),
    refused_trust("before SLP", before(), "does not run Smart Licensing Using Policy"),
    refused_trust("no token", slp("smart"), "env:SLP_NOT_SET", args={"token": "env:SLP_NOT_SET"}),
    Row("trust", "token refused", trust, slp("smart"), {"token": "env:SLP_TOKEN_EXPIRED"},
        case="expired", sends=(EXPIRED,), events=("trust requested", "trust refused"),
        shows={STATUS: NO_TRUST}, refused="the token has expired",
        again=((EXPIRED,), "a token may be renewed in CSSM meanwhile: asked anew")),
]  # fmt: skip


def reported(world: World) -> None:
    """Usage was sent; its answer is a while off."""
    world.did(usage_report)


def answered(world: World) -> None:
    """Usage was sent and acknowledged."""
    world.did(usage_sync)


SYNC = ("license smart sync local",)
USAGE_SYNC = [
    Row("usage_sync", "unreported", usage_sync, slp("smart", trust=True), sends=SYNC,
        events=("usage sync",), shows={STATUS: ACKED}),
    Row("usage_sync", "unreported", usage_sync, slp("cslu"), sends=SYNC, case="cslu",
        events=("usage sync",), shows={STATUS: ACKED}),
    Row("usage_sync", "unreported", usage_sync,
        slp("smart", trust=True, peer_serial="FDO2222X001"), {"scope": "all"}, case="pair",
        sends=("license smart sync all",), events=("usage sync",), shows={STATUS: ACKED}),
    Row("usage_sync", "unreported", usage_report, slp("smart", trust=True), sends=SYNC,
        case="report-only", events=("usage sync",),
        shows={STATUS: rf"Last report push: {STAMP}"}),
    Row("usage_sync", "report under way", usage_report, slp("smart", trust=True),
        case="report-only", prepare=reported),
    Row("usage_sync", "everything acknowledged", usage_sync, slp("smart", trust=True),
        prepare=answered, shows={STATUS: ACKED}),
    Row("usage_sync", "everything acknowledged", usage_report, slp("smart", trust=True),
        prepare=answered, case="report-only", shows={STATUS: ACKED}),
    Row("usage_sync", "no transport", usage_sync, slp("off"),
        refused="transport is off"),
    Row("usage_sync", "before SLP", usage_sync, before(),
        refused="does not run Smart Licensing Using Policy"),
]  # fmt: skip

SAVE = ("license smart save usage unreported file bootflash:usage_report",)


def saved(world: World) -> None:
    """A report was saved; a person carries it."""
    world.did(usage_save)


def lost(world: World) -> None:
    """A report was saved, and the file on this side is gone."""
    saved(world)
    world.out("usage_report").unlink()


def ack(world: World) -> None:
    """A saved report was carried to CSSM, its answer lies here."""
    saved(world)
    made, data = world.made, world.out("usage_report").read_bytes()
    with made.lab.lock:
        upload = made.lab.portal.upload_usage(data, "usage_report", HOME)
    made.clock.sleep(900)
    with made.lab.lock:
        world.drop("ACK_usage_report", made.lab.portal.ack(upload.id)[1])


def imported(world: World) -> None:
    """The answer was imported."""
    ack(world)
    world.did(usage_import, file="ACK_usage_report")


def policy(world: World) -> None:
    """A policy lies here."""
    world.drop("policy.txt", formats.policy_file(formats.cisco_default_policy()))
    world.made.clock.sleep(120)


def misaddressed(world: World) -> None:
    """The answer to another router's report lies here."""
    ack(world)
    path = world.tmp / "files" / "r1" / "in" / "ACK_usage_report"
    serial = world.made.router().serial.encode()
    path.write_bytes(path.read_bytes().replace(serial, b"FDO77777777"))


def save(state: str, router: dict[str, Any], **rest: Any) -> Row:
    """Returns a row of a report that is saved."""
    return Row("usage_save", state, usage_save, router, sends=SAVE,
               writes=("usage_report",), **rest)  # fmt: skip


USAGE_SAVE = [
    save("unreported", slp("off"), shows={"dir bootflash:": "usage_report"}),
    save("unreported", slp("cslu", path={"cslu": False}), case="server-not-reached"),
    Row("usage_save", "unreported", usage_save, slp("off"), {"what": "all"}, case="all",
        sends=("license smart save usage all file bootflash:usage_report_all",),
        writes=("usage_report_all",)),
    Row("usage_save", "unreported", usage_save, slp("off"), {"what": "days", "days": 30},
        case="days", writes=("usage_report_days_30",),
        sends=("license smart save usage days 30 file bootflash:usage_report_days_30",)),
    Row("usage_save", "saved already", usage_save, slp("off"), prepare=saved),
    save("saved, lost here", slp("off"), prepare=lost),
    save("acknowledged since", slp("off"), prepare=imported),
    Row("usage_save", "before SLP", usage_save, before(),
        refused="does not run Smart Licensing Using Policy"),
]  # fmt: skip

IMPORT = ("license smart import bootflash:ACK_usage_report",)
FILE = {"file": "ACK_usage_report"}
USAGE_IMPORT = [
    Row("usage_import", "answer here", usage_import, slp("off"), FILE, prepare=ack,
        sends=IMPORT, writes=("ACK_usage_report",),
        events=("file written ACK_usage_report", "imported ack+policy"), shows={STATUS: ACKED}),
    Row("usage_import", "policy here", usage_import, slp("off"),
        {"file": "policy.txt", "kind": "policy"}, prepare=policy,
        sends=("license smart import bootflash:policy.txt",), writes=("policy.txt",),
        events=("file written policy.txt", "imported policy"),
        shows={STATUS: rf"Policy in use: Installed On {STAMP}"}),
    Row("usage_import", "imported already", usage_import, slp("off"), FILE,
        prepare=imported, shows={STATUS: ACKED}),
    Row("usage_import", "file missing", usage_import, slp("off"), FILE,
        refused="ACK_usage_report is missing", shows={STATUS: NOT_ACKED}),
    Row("usage_import", "file of another router", usage_import, slp("off"), FILE,
        prepare=misaddressed, refused="FDO77777777", shows={STATUS: NOT_ACKED}),
    Row("usage_import", "before SLP", usage_import, before(), FILE,
        prepare=lambda w: w.drop("ACK_usage_report", b"<x/>"),
        refused="does not run Smart Licensing Using Policy"),
]  # fmt: skip

ROWS = [*TRUST, *USAGE_SYNC, *USAGE_SAVE, *USAGE_IMPORT]
