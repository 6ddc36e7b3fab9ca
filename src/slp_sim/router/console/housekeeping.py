"""Small things that people do at a router: clock, directories, names of files."""

from __future__ import annotations

from datetime import UTC, datetime

from slp_sim.router.commands.reloading import confirmed
from slp_sim.router.commands.who import privileged
from slp_sim.router.dialogue import Ask, Dialogue
from slp_sim.router.flash import File, plain
from slp_sim.router.grammar import Grammar, Reject
from slp_sim.router.vty import Vty


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    day = "{<day:1-31> <month:month>|<month:month> <day:1-31>}"
    exec_.add(f"clock set <time:clock> {day} <year:1993-2035>", clock_set, privileged)
    exec_.add("mkdir <path>", mkdir, privileged)
    exec_.add("rmdir <path>", rmdir, privileged)
    exec_.add("rename <path> <target>", rename, privileged)


def clock_set(line: Vty, time: str, day: str, month: str, year: str) -> Reject | None:
    """Sets the clock; NTP, where it works, sets it right again at once."""
    router = line.router
    try:
        when = datetime.strptime(f"{time} {day} {month[:3]} {year}", "%H:%M:%S %d %b %Y")
    except ValueError:
        return Reject("invalid", line.last_line.index(f" {day} ") + 1)
    if not router.synchronised():
        was = router.now()
        router.clock_offset = (when.replace(tzinfo=UTC) - router.clock.now()).total_seconds()
        router.log(
            "SYS-6-CLOCKUPDATE",
            f"System clock has been updated from {was:%H:%M:%S} UTC {was:%a %b %d %Y} "
            f"to {when:%H:%M:%S} UTC {when:%a %b %d %Y}, configured from console by "
            f"{line.username} on vty0 (127.0.0.1).",
        )
    return None


def mkdir(line: Vty, path: str) -> Dialogue:
    """Makes a directory."""
    flash, name = line.router.flash, plain(path).rstrip("/")
    name = (yield Ask(f"Create directory filename [{name}]? ")).strip() or name
    if not name or name in flash.files:
        yield f"%Error Creating dir bootflash:/{name} (Can't create a file that exists)\n"
        return
    flash.files[name] = File(name, 4096, b"", line.router.now(), directory=True)
    yield f"Created dir bootflash:/{name}\n"


def rmdir(line: Vty, path: str) -> Dialogue:
    """Removes an empty directory."""
    flash, name = line.router.flash, plain(path).rstrip("/")
    name = (yield Ask(f"Remove directory filename [{name}]? ")).strip() or name
    key = yield Ask(f"Delete bootflash:/{name}? [confirm]", key=True)
    yield "\n"
    if not confirmed(key):
        return
    found = flash.files.get(name)
    if found is None or not found.directory:
        yield f"%Error Removing dir bootflash:/{name} (No such file or directory)\n"
    elif any(x.startswith(f"{name}/") for x in flash.files):
        yield f"%Error Removing dir bootflash:/{name} (Directory not empty)\n"
    else:
        del flash.files[name]
        yield f"Removed dir bootflash:/{name}\n"


def rename(line: Vty, path: str, target: str) -> Dialogue:
    """Gives a file another name."""
    flash, name = line.router.flash, plain(target)
    name = (yield Ask(f"Destination filename [{name}]? ")).strip() or name
    file = flash.get(path)
    if file is None:
        yield f"%Error renaming {path} (No such file or directory)\n"
        return
    if name in flash.files:
        yield f"%Error renaming {path} (File exists)\n"
        return
    del flash.files[file.name]
    file.name = name
    flash.files[name] = file
    line.router.record(f"file renamed {plain(path)} {name}")
