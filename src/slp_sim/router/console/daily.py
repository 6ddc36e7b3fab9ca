"""What people also type at a router: who is here, archives, debugging, other hosts."""

from __future__ import annotations

from collections.abc import Callable

from slp_sim.router import routing, ssh_keys
from slp_sim.router.commands.who import privileged
from slp_sim.router.configuration import Configuration
from slp_sim.router.console import daily_shows
from slp_sim.router.dialogue import Dialogue, Wait
from slp_sim.router.grammar import Grammar, Match
from slp_sim.router.render import config_lock, hardware, platform
from slp_sim.router.render.config import contents
from slp_sim.router.render.differences import differences
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

_SKIP = ("Building ", "Current ", "Using ", "version ", "end")


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""

    def show(words: str, text: Callable[[Router], str]) -> None:
        exec_.add(f"show {words}", lambda line: text(line.router))

    for words in ("show users [all]", "who", "where"):
        exec_.add(words, daily_shows.users)
    exec_.add("show configuration lock", config_lock.lock)
    exec_.add("show ssh", daily_shows.ssh)
    exec_.add("show line", daily_shows.lines)
    show("ip ssh", ssh_keys.ip_ssh)
    exec_.add("show crypto key mypubkey rsa", lambda x: ssh_keys.mypubkey(x.router), privileged)
    show("ip arp", daily_shows.arp)
    show("arp", daily_shows.arp)
    show("hosts", daily_shows.hosts)
    show("vrf", daily_shows.vrfs)
    show("ntp associations", daily_shows.ntp_associations)
    show("ip http server {all|status}", daily_shows.http_server)
    show("crypto pki trustpoints", daily_shows.trustpoints)
    show("environment [all]", daily_shows.environment)
    show("call-home [all|detail]", daily_shows.call_home)
    show("alias", daily_shows.aliases)
    show("memory", hardware.memory)
    exec_.add("show debugging", debugging)
    exec_.add("debug <rest...>", debug, privileged)
    exec_.add("undebug {all|<rest...>}", undebug, privileged)
    exec_.add("no debug all", undebug, privileged)
    exec_.add("show archive", archive, privileged)
    exec_.add("show archive config differences [<source> [<target>]]", diff, privileged)
    exec_.add("traceroute <target>", traceroute)
    exec_.add("show tech-support [license]", tech_support, privileged)
    exec_.add("show clock detail", clock_detail)
    exec_.add("help", lambda _line: _HELP)


_HELP = """\
Help may be requested at any point in a command by entering
a question mark '?'.  If nothing matches, the help list will
be empty and you must backup until entering a '?' shows the
available options.

"""


def clock_detail(line: Vty) -> str:
    """Returns ``show clock detail``."""
    source = "NTP" if line.router.synchronised() else "hardware calendar"
    return f"{platform.clock(line.router)}Time source is {source}\n"


# --- debugging ----------------------------------------------------------------------------------


def debug(line: Vty, rest: str) -> str:
    """Turns debugging on; nothing is printed of it here."""
    line.router.debugging.append(rest)
    return f"{rest} debugging is on\n"


def undebug(line: Vty, rest: str = "") -> str:
    """Turns debugging off."""
    on = line.router.debugging
    if rest in on:
        on.remove(rest)
        return f"{rest} debugging is off\n"
    on.clear()
    return "All possible debugging has been turned off\n"


def debugging(line: Vty) -> str:
    """Returns ``show debugging``."""
    rows = "".join(f"  {what} debugging is on\n" for what in line.router.debugging)
    return f"\n{rows}\n" if rows else "\n"


# --- archives -----------------------------------------------------------------------------------


def archive(line: Vty) -> str:
    """Returns ``show archive``: nothing archives here."""
    rows = line.router.running.section("archive")
    path = next((r.split()[-1] for r in rows if r.startswith("path ")), None)
    if path is None:
        return "Archive feature not enabled\n"
    return (
        "The maximum archive configurations allowed is 10.\n"
        f"The next archive file will be named {path}-1\n Archive #  Name\n"
    )


def diff(line: Vty, source: str = "", target: str = "") -> str:
    """Returns ``show archive config differences``: by default startup against running."""
    router = line.router
    found = []
    for name, usual in ((source, "nvram:startup-config"), (target, "system:running-config")):
        path = name or usual
        data = contents(router, path)
        if data is None:
            return f"%Error opening {path} (No such file or directory)\n"
        rows = data.decode(errors="replace").splitlines()
        found.append(Configuration(r for r in rows if not r.startswith(_SKIP)))
    return differences(*found)


# --- other hosts --------------------------------------------------------------------------------


def traceroute(line: Vty, target: str) -> Dialogue:
    """Traces a route; everything beyond the router is one hop away."""
    router = line.router
    if not routing.resolves(router, target, None):
        yield "% Unrecognized host or address.\n"
        return
    yield f"Type escape sequence to abort.\nTracing the route to {target}\n"
    yield "VRF info: (vrf in name/id, vrf out name/id)\n"
    if routing.leads_out(router, None):
        yield f"  1 {target} 1 msec *  1 msec\n"
        return
    for hop in range(1, 31):
        yield f"{hop:>3} "
        for _ in range(3):
            yield Wait(3.0, stoppable=True)
            yield " * "
        yield "\n"


# --- tech support -------------------------------------------------------------------------------


def tech_support(line: Vty) -> str:
    """Returns ``show tech-support``: what a support engineer asks for, one after another."""
    licences = ["license all", "license tech support", "license history message"]
    rest = ["running-config", "startup-config", "boot", "install summary", "inventory", "logging"]
    text = ""
    for words in ("clock", "version", *licences, *([] if _licences_only(line) else rest)):
        match = line.exec_grammar.match(f"show {words}", line)
        if isinstance(match, Match):
            answer = match.handler(line, **match.args)
            text += f"\n------------------ show {words} ------------------\n\n\n{answer}"
    return text


def _licences_only(line: Vty) -> bool:
    return "license".startswith(line.last_line.split()[-1].lower())
