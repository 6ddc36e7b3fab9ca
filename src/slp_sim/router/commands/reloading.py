"""``reload`` with its questions."""

from __future__ import annotations

from datetime import datetime, timedelta

from slp_sim.router.commands.who import privileged
from slp_sim.router.dialogue import Ask, Dialogue, Hangup, Wait
from slp_sim.router.grammar import Grammar
from slp_sim.router.render.text import uptime
from slp_sim.router.vty import Vty


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    exec_.add("reload", reload, privileged)
    exec_.add("reload reason <rest...>", reload, privileged)
    exec_.add("reload in <minutes:delay>", reload_in, privileged)
    exec_.add("reload in <minutes:delay> <rest...>", reload_in, privileged)
    exec_.add("reload at <time:daytime>", reload_at, privileged)
    exec_.add("reload at <time:daytime> <rest...>", reload_at, privileged)
    exec_.add("reload /noverify", reload, privileged)
    exec_.add("reload cancel", cancel, privileged)
    exec_.add("show reload", show_reload, privileged)


def confirmed(key: str) -> bool:
    """Tells whether a key answers ``[confirm]`` with yes."""
    return key in ("", "\r", "\n", "y", "Y")


def reload(line: Vty, rest: str = "") -> Dialogue:
    """Asks whether to save, asks once more, and goes down."""
    router = line.router
    yield from _save_first(line)
    key = yield Ask("Proceed with reload? [confirm]", key=True)
    if not confirmed(key):
        yield "\n"
        return
    router.reload_in(0.0 if router.faults.on("F02") else 1.0, rest or "Reload Command")
    if not router.faults.on("F02"):
        yield "\n"
        yield Wait(1.0)
    yield Hangup()


def _save_first(line: Vty) -> Dialogue:
    router = line.router
    if not router.modified() and not router.faults.on("F15"):
        return
    question = "\nSystem configuration has been modified. Save? [yes/no]: "
    while True:
        answer = (yield Ask(question)).strip().lower()
        if answer and "yes".startswith(answer):
            yield "Building configuration...\n"
            router.save()
            yield "[OK]\n"
            return
        if answer and "no".startswith(answer):
            return
        yield "% Please answer 'yes' or 'no'.\n"
        question = "System configuration has been modified. Save? [yes/no]: "


def reload_in(line: Vty, minutes: str, rest: str = "") -> Dialogue:
    """Schedules a reload in so many minutes, or hours and minutes."""
    hours, _, left = minutes.rpartition(":")
    yield from _scheduled(line, (int(hours or 0) * 60 + int(left)) * 60, rest)


def reload_at(line: Vty, time: str, rest: str = "") -> Dialogue:
    """Schedules a reload for a time of day; one that is past is tomorrow's."""
    now = line.router.now()
    clock = datetime.strptime(time, "%H:%M")
    when = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    when += timedelta(days=1) if when <= now else timedelta()
    yield from _scheduled(line, (when - now).total_seconds(), rest)


def _scheduled(line: Vty, seconds: float, rest: str) -> Dialogue:
    router = line.router
    yield from _save_first(line)
    when = router.now() + timedelta(seconds=seconds)
    yield f"Reload scheduled for {_when(when)} (in {uptime(seconds)}) "
    yield f"by {line.username} on vty{line.vty} (127.0.0.1)\n"
    yield f"Reload reason: {rest or 'Reload Command'}\n"
    key = yield Ask("Proceed with reload? [confirm]", key=True)
    yield "\n"
    if not confirmed(key):
        return
    left = f"{int(seconds) // 3600}:{int(seconds) % 3600 // 60:02}:{int(seconds) % 60:02}"
    yield f"\n\n***\n*** --- SHUTDOWN in {left} ---\n***\n"
    router.reload_at = when
    router.log("SYS-5-SCHEDULED_RELOAD", f"Reload requested for {_when(when)} by {line.username}.")

    def due() -> None:
        if router.reload_at == when and router.up:
            router.reload(rest or "Reload Command")

    router.clock.at(router.clock.now() + timedelta(seconds=seconds), due)


def _when(when: datetime) -> str:
    return f"{when:%H:%M:%S} UTC {when:%a %b} {when.day} {when:%Y}"


def cancel(line: Vty) -> str:
    """Takes a scheduled reload back."""
    if line.router.reload_at is None:
        return "%No reload is scheduled.\n"
    router = line.router
    router.reload_at = None
    router.log(
        "SYS-5-SCHEDULED_RELOAD_CANCELLED", f"Scheduled reload cancelled at {_when(router.now())}"
    )
    return "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n"


def show_reload(line: Vty) -> str:
    """Tells of a scheduled reload."""
    when = line.router.reload_at
    if when is None:
        return "No reload is scheduled.\n"
    left = uptime((when - line.router.now()).total_seconds())
    return f"Reload scheduled for {_when(when)} (in {left})\n"
