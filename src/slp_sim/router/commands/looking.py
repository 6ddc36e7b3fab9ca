"""``show …`` beyond licensing: interfaces, routes, processors, install mode, the line itself."""

from __future__ import annotations

from collections.abc import Callable

from slp_sim.router.commands.who import installs, privileged
from slp_sim.router.grammar import Grammar
from slp_sim.router.render import config, hardware, interfaces, platform
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""

    def show(words: str, text: Callable[[Router], str]) -> None:
        exec_.add(f"show {words}", lambda line: text(line.router))

    show("interfaces", interfaces.interfaces)
    show("interfaces description", interfaces.description)
    exec_.add("show interfaces <interface:port>", _named(interfaces.interfaces))
    show("ip interface", interfaces.ip_interface)
    show("ip interface brief", interfaces.brief)
    exec_.add("show ip interface <interface:port>", _named(interfaces.ip_interface))
    show("ipv6 interface", interfaces.ipv6_interface)
    show("ip route", interfaces.routes)
    show("processes cpu [sorted]", hardware.processes)
    show("processes cpu history", hardware.processes_history)
    show("inventory raw", platform.inventory)
    show("memory statistics", hardware.memory)
    show("platform", hardware.platform)
    show("flash:", hardware.flash)
    exec_.add("show bootflash:", lambda line: hardware.flash(line.router))
    exec_.add("show cdp", lambda _line: "% CDP is not enabled\n")
    exec_.add("show lldp", lambda _line: "% LLDP is not enabled\n")
    exec_.add("show running-config interface <interface:port>", running_interface, privileged)
    every = config.running_config_all
    exec_.add("show running-config all", lambda x: every(x.router), privileged)
    exec_.add("show running-config full", lambda x: config.running_config(x.router), privileged)
    exec_.add("show install log", lambda line: hardware.install_log(line.router), installs)
    exec_.add("show install active", lambda x: hardware.install_state(x.router, "CU"), installs)
    exec_.add("show install inactive", lambda x: hardware.install_state(x.router, "I"), installs)
    exec_.add("show terminal", terminal)
    exec_.add("show history", lambda line: "".join(f"  {x}\n" for x in line.history))
    exec_.add("show banner {exec|login|motd}", banner)


def banner(line: Vty) -> str:
    """Returns ``show banner``."""
    word = line.last_line.split()[-1].lower()
    kind = next(kind for kind in ("exec", "login", "motd") if kind.startswith(word))
    text = line.router.banner(kind)
    return f"{text}\n" if text else ""


def _named(text: Callable[[Router, str | None], str]) -> Callable[..., str]:
    def show(line: Vty, interface: str) -> str:
        return text(line.router, interface)

    return show


def running_interface(line: Vty, interface: str) -> str:
    """Returns one interface's part of the configuration."""
    return config.one_section(line.router, f"interface {interface}")


def terminal(line: Vty) -> str:
    """Returns ``show terminal``."""
    return (
        'Line 2, Location: "", Type: "xterm"\n'
        f"Length: {line.length} lines, Width: {line.width} columns\n"
        "Status: PSI Enabled, Ready, Active, Automore On\n"
        "Capabilities: none\nModem state: Ready\n"
        f"Monitoring is {'on' if line.monitor else 'off'}\n"
        "History is enabled, history size is 20.\n"
    )
