"""What a router shows of itself beside its licensing: boot, flash, installs, processors, keys."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from slp_core.release import Release
from slp_core.state.base import Frozen, Level


class Boot(Frozen):
    """How and when the router last came up."""

    restarted_at: datetime | None = None
    uptime_s: int | None = None
    returned_by: str | None = None
    reload_reason: str | None = None
    mode: Literal["install", "bundle"] | None = None
    image: str | None = None
    config_register: str | None = None
    next_config_register: str | None = None
    variables: tuple[str, ...] | None = None
    manual: bool | None = None
    standby_variables: tuple[str, ...] | None = None
    standby_config_register: str | None = None


class FlashFile(Frozen):
    """One entry of ``dir``; ``size`` in bytes."""

    name: str
    size: int | None = None
    directory: bool = False
    modified: datetime | None = None


class Storage(Frozen):
    """One file system; sizes in bytes."""

    filesystem: str
    total: int | None = None
    free: int | None = None
    files: tuple[FlashFile, ...] | None = None


class Ssh(Frozen):
    """The SSH server by which the router is reached; ``modulus_bits`` is of its RSA key."""

    enabled: bool | None = None
    version: str | None = None
    key_name: str | None = None
    modulus_bits: int | None = None


class RsaKey(Frozen):
    """One RSA key pair; ``bits`` is its modulus, unset where the output does not tell."""

    name: str
    bits: int | None = None


class SnmpUser(Frozen):
    """One user of SNMPv3, with its algorithms; none is ``None``."""

    name: str
    authentication: str | None = None
    privacy: str | None = None


class SlotFirmware(Frozen):
    """What one slot boots by: ROMMON, CPLD and FPGA; unset where it has none."""

    slot: str
    rommon: str | None = None
    cpld: str | None = None
    fpga: str | None = None


class InstallPackage(Frozen):
    """One row of ``show install summary``; ``state`` is I, U, C or D."""

    kind: str
    state: str
    version: str
    location: str | None = None


class Install(Frozen):
    """What install mode has in hand."""

    packages: tuple[InstallPackage, ...] | None = None
    auto_abort: str | None = None
    auto_abort_left_s: int | None = None


class Redundancy(Frozen):
    """The processors of the router; ``switchovers`` counts since the chassis came up."""

    configured_mode: str | None = None
    operating_mode: str | None = None
    peer_state: str | None = None
    processors: int | None = None
    switchovers: int | None = None
    last_switchover: str | None = None
    active_location: str | None = None
    active_release: Release | None = None
    peer_release: Release | None = None


class Issu(Frozen):
    """In-service upgrade: whether the router is fit for it, and what is under way.

    Attributes:
        status: ``Enabled`` where every condition is met.
        idle: whether the router says that nothing is under way.
        state: of the operation that is under way, such as ``Activated state``.
        last: the last command of it, which older releases print instead.
        terminal: whether that state is reached on both processors, in the router's words.
    """

    status: str | None = None
    previous: str | None = None
    idle: bool | None = None
    state: str | None = None
    last: str | None = None
    terminal: str | None = None


class RouterClock(Frozen):
    """The router's own time; ``skew_s`` is the router minus our clock, in seconds."""

    time: datetime | None = None
    authoritative: bool | None = None
    synchronised: bool | None = None
    skew_s: float | None = None


class Throughput(Frozen):
    """Platform and crypto throughput as the router prints them."""

    level: Level | None = None
    crypto: Level | None = None
    crypto_configured: Level | None = None


class Cerm(Frozen):
    """Crypto export restrictions manager."""

    functionality: str | None = None
    tunnels_max: int | None = None
    tls_sessions_max: int | None = None


class Ports(Frozen):
    """The physical ports that the configuration names, by whether it shuts them."""

    up: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
