"""Who may use a command: by privilege of the line, by what the release and the licensing bring."""

from __future__ import annotations

from slp_sim.router.catalog import Release
from slp_sim.router.vty import Vty


def privileged(line: Vty) -> bool:
    """Commands of privileged EXEC."""
    return line.privilege >= 15


def user(line: Vty) -> bool:
    """Commands of user EXEC only."""
    return line.privilege < 15


def smart_release(line: Vty) -> bool:
    """Licensing commands that Smart Licensing brought, before and under SLP."""
    return line.router.agent.model in ("smart", "slp")


def csl(line: Vty) -> bool:
    """Commands of Cisco Software Licensing."""
    return line.router.agent.model == "csl"


def slp(line: Vty) -> bool:
    """Commands that exist under SLP only."""
    return privileged(line) and line.router.agent.model == "slp"


def before_slp(line: Vty) -> bool:
    """Commands of Smart Licensing that SLP took away."""
    return privileged(line) and line.router.agent.model == "smart"


def reservation(line: Vty) -> bool:
    """Reservation commands: they need ``license smart reservation``."""
    return privileged(line) and line.router.agent.model == "smart"


def installs(line: Vty) -> bool:
    """Install mode: from 16.6 on."""
    return privileged(line) and line.router.release >= Release(16, 6, 1)


def crypto(line: Vty) -> bool:
    """Platforms with a crypto throughput of their own."""
    platform = line.router.platform
    return platform.crypto or platform.tiers or line.router.spec.crypto_kbps is not None


def router_class(line: Vty) -> bool:
    """Platforms whose throughput is licensed: not the ASR 900 family."""
    return not line.router.platform.classic


def exports(line: Vty) -> bool:
    """Platforms with export restrictions on their encryption."""
    return privileged(line) and router_class(line)


def rum_listing(line: Vty) -> bool:
    """The list of usage reports came after SLP itself."""
    return slp(line) and line.router.release >= Release(17, 6, 1)
