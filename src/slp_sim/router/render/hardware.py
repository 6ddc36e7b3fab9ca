"""Processors, memory, slots, flash and packages, as far as the router's state tells of them."""

from __future__ import annotations

from datetime import datetime

from slp_sim.router.catalog import stable
from slp_sim.router.processors import Processor
from slp_sim.router.router import Router

_PROCESSES = ("Chunk Manager", "Load Meter", "SAUtilRepSave", "SASRcvWQWrk1", "SSH Process")


def processes(router: Router) -> str:
    """Returns ``show processes cpu``."""
    text = (
        "CPU utilization for five seconds: 3%/0%; one minute: 2%; five minutes: 2%\n"
        " PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process \n"
    )
    up = int((router.now() - router.booted_at).total_seconds())
    for number, name in enumerate(_PROCESSES, 1):
        ran = up * number // 60
        text += f"{number:>4}{ran:>12}{up:>12}{ran * 1000 // max(up, 1):>11}"
        text += f"  0.00%  0.00%  0.00%   0 {name:<16} \n"
    return text


def processes_history(router: Router) -> str:
    """Returns ``show processes cpu history``: an idle router's three graphs."""
    text = ""
    for title, count, unit in (
        ("last 60 seconds", 60, "CPU% per second"),
        ("last 60 minutes", 60, "CPU% per minute"),
        ("last 72 hours", 72, "CPU% per hour"),
    ):
        marks = [2 + stable(f"{router.serial}{title}{n}", 3) for n in range(count)]
        text += f"{router.hostname}   {router.now():%I:%M:%S %p %A %b} {router.now().day} "
        text += f"{router.now():%Y} UTC\n\n\n      " + "".join(str(m) for m in marks) + "\n"
        text += "".join(f"{level:>4}\n" for level in range(100, 0, -10))
        ruler = "".join(f"{'.' * 4}{'5' if n % 2 == 0 else '0'}" for n in range(count // 5))
        text += f"     0{ruler}\n               {unit} ({title})\n\n\n"
    return text


def memory(router: Router) -> str:
    """Returns ``show memory statistics``."""
    total = 2_063_596_344
    used = 270_000_000 + stable(router.serial, 20_000_000)
    free = total - used
    return (
        "                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)\n"
        f"Processor  7F6F0D5010   {total}   {used}   {free}   {free - 5_000_000}"
        f"   {free - 70_000_000}\n"
        " lsmpi_io  7F6E4D41A8     6295128     6294304         824         824         412\n"
    )


def platform(router: Router) -> str:
    """Returns ``show platform``."""
    up = int((router.now() - router.booted_at).total_seconds())
    ago = f"{up // 86400}d{up % 86400 // 3600:02}h" if up >= 86400 else _clock(up)
    board = router.pid.split("/")[0]
    rows = [("0", router.pid, "ok"), (" 0/0", f"{board}-3x1GE", "ok")]
    for processor in router.processors.slots():
        rows.append((processor.name, router.pid, _role(router, processor)))
    rows.append(("F0", router.pid, "ok, active"))
    text = (
        f"Chassis type: {router.pid:<17}\n\n"
        "Slot      Type                State                 Insert time (ago) \n"
        "--------- ------------------- --------------------- ----------------- \n"
    )
    return text + "".join(f"{a:<9} {b:<19} {c:<21} {ago:<13}\n" for a, b, c in rows) + "\n"


def _role(router: Router, processor: Processor) -> str:
    if processor is router.processors.active:
        return "ok, active"
    return "ok, standby" if router.processors.peer()[0] > 1 else "booting"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def flash(router: Router) -> str:
    """Returns ``show flash:``."""
    text = "-#- --length-- ---------date/time--------- path\n"
    for number, file in enumerate(sorted(router.flash.files.values(), key=lambda x: x.name), 2):
        when = f"{file.modified:%b %d %Y %H:%M:%S}.0000000000 +00:00"
        text += f"{number:<4}{file.size:>10} {when} /bootflash/{file.name}\n"
    free = router.flash.free
    return f"{text}\n{free} bytes available ({router.flash.total - free} bytes used)\n"


def install_state(router: Router, states: str) -> str:
    """Returns ``show install active`` or ``inactive``."""
    rule = "-" * 80 + "\n"
    rows = [p for p in router.install.packages if p.state in states]
    if not rows:
        return "No packages found\n" if states == "CU" else "No inactive packages\n"
    body = "".join(f"IMG   {p.state}    {p.row}{' ' * 44}\n" for p in rows)
    slots = " ".join(p.name for p in router.processors.slots())
    word = "Active" if states == "CU" else "Inactive"
    return (
        f"[ {slots} ] {word} Package(s) Information:\n"
        "State (St): I - Inactive, U - Activated & Uncommitted,\n"
        f"            C - Activated & Committed, D - Deactivated & Uncommitted\n{rule}"
        f"Type  St   Filename/Version    \n{rule}{body}\n{rule}\n"
    )


def install_log(router: Router) -> str:
    """Returns ``show install log``: the operations since the router is in service."""
    text = ""
    done = [x.split(" ", 1) for x in router.event_log if x.split(" ", 1)[1].startswith("install ")]
    for number, (when, what) in enumerate(done):
        words = what.split()
        at = f"{datetime.fromisoformat(when):%a %b %d %H:%M:%S} UTC {when[:4]}"
        operation = f"install_{words[1]}({' '.join(words[2:])})"
        text += f"[{number}|{operation}]: END SUCCESS {at}\n"
    busy, since = router.install.busy, router.install.busy_since
    if busy is not None:
        text += f"[{len(done)}|{busy}]: START {since:%a %b %d %H:%M:%S} UTC {since:%Y}\n"
    return text or "No install operations have been performed\n"
