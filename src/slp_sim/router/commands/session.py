"""Commands about the session itself."""

from __future__ import annotations

from collections import deque

from slp_sim.router.accounts import may_enable
from slp_sim.router.commands.who import privileged
from slp_sim.router.dialogue import Ask, Dialogue, Hangup
from slp_sim.router.grammar import Grammar
from slp_sim.router.render import config_lock
from slp_sim.router.vty import Vty


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    exec_.add("enable [15]", enable)
    exec_.add("disable", disable)
    exec_.add("{exit|logout|quit}", leave)
    exec_.add("terminal length <number:0-512>", terminal_length)
    exec_.add("terminal width <number:0-512>", terminal_width)
    exec_.add("terminal monitor", terminal_monitor)
    exec_.add("terminal no monitor", terminal_no_monitor)
    exec_.add("terminal exec prompt timestamp", timestamps)
    exec_.add("terminal no exec prompt timestamp", no_timestamps)
    exec_.add("terminal no {length|width}", terminal_default)
    exec_.add("terminal default {length|width}", terminal_default)
    exec_.add("terminal history size <number:0-256>", history_size)
    exec_.add("configure", configure, privileged)
    exec_.add("configure terminal", configure_terminal, privileged)
    exec_.add("configure terminal lock", configure_exclusive, config_lock.offered)
    exec_.add("clear counters", clear_counters, privileged)
    exec_.add("clear line vty <number:0-999>", clear_line, privileged)
    exec_.add("clear logging", clear_logging, privileged)


def enable(line: Vty) -> Dialogue:
    """Asks for the secret, three times at most, where there is one."""
    router = line.router
    if line.privilege >= 15:
        return
    if router.running.value("enable secret") is None:
        yield "% Error in authentication.\n\n"
        return
    for _ in range(3):
        answer = yield Ask("Password: ", hidden=True)
        if may_enable(router.running, router.serial, answer):
            line.privilege = 15
            return
    yield "% Bad secrets\n\n"


def disable(line: Vty) -> None:
    """Goes back to user EXEC."""
    line.privilege = 1


def leave(_line: Vty) -> Dialogue:
    """Ends the session."""
    yield Hangup()


def terminal_length(line: Vty, number: str) -> None:
    """Sets the page length; 0 stops paging."""
    line.length = int(number)


def terminal_width(line: Vty, number: str) -> None:
    """Sets the line width."""
    line.width = int(number)


def terminal_monitor(line: Vty) -> None:
    """Has system messages shown on this line."""
    line.monitor = True


def terminal_no_monitor(line: Vty) -> None:
    """Ends that."""
    line.monitor = False


def timestamps(line: Vty) -> None:
    """Puts load and time before each output."""
    line.timestamps = True


def no_timestamps(line: Vty) -> None:
    """Ends that."""
    line.timestamps = False


def configure_terminal(line: Vty) -> str:
    """Enters configuration mode, unless somebody else holds it exclusively."""
    if line.router.spec.controller_mode:
        return "Please use the equivalent command - config-transaction\n"
    refused = config_lock.refusal(line)
    if refused is not None:
        return refused
    line.config_paths = []
    return "Enter configuration commands, one per line.  End with CNTL/Z.\n"


def configure_exclusive(line: Vty) -> str:
    """Enters configuration mode and keeps all others out, where that mode is configured."""
    said = configure_terminal(line)
    line.exclusive = line.config_paths is not None
    return said


def terminal_default(line: Vty) -> None:
    """Sets page length or width as it was."""
    if line.last_line.lower().split()[-1].startswith("l"):
        line.length = 24
    else:
        line.width = 80


def history_size(line: Vty, number: str) -> None:
    """Sets how many lines the history keeps."""
    line.history = deque(line.history, maxlen=int(number))


def configure(line: Vty) -> Dialogue:
    """Asks where the configuration comes from."""
    question = "Configuring from terminal, memory, or network [terminal]? "
    answer = (yield Ask(question)).strip().lower()
    if answer and not "terminal".startswith(answer):
        yield '?Must be "terminal", "memory" or "network"\n'
        return
    yield configure_terminal(line)


def clear_counters(line: Vty) -> Dialogue:
    """Sets the counters of the interfaces to zero, where they are."""
    key = yield Ask('Clear "show interface" counters on all interfaces [confirm]', key=True)
    yield "\n"
    if key in ("", "\r", "\n", "y", "Y"):
        line.router.log("CLEAR-5-COUNTERS", f"Clear counter on all interfaces by {line.username}")


def clear_line(line: Vty, number: str) -> Dialogue:
    """Ends another session."""
    key = yield Ask("[confirm]", key=True)
    yield "\n"
    if key not in ("", "\r", "\n", "y", "Y"):
        return
    other = next((x for x in line.router.lines if str(x.vty) == number), None)
    if other is line:
        yield "% Not allowed to clear current line\n"
        return
    if other is not None:
        other.close()
    yield " [OK]\n"


def clear_logging(line: Vty) -> Dialogue:
    """Empties the log buffer."""
    key = yield Ask("Clear logging buffer [confirm]", key=True)
    yield "\n"
    if key in ("", "\r", "\n", "y", "Y"):
        line.router.syslog.clear()
