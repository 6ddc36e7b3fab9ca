"""One router at one time: all that its outputs say, and what they say against each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field

from slp_core.release import Release
from slp_core.state.base import Contradiction, Evidence, Frozen, Udi
from slp_core.state.licensing import License, Licensing, same_tag
from slp_core.state.platform import (
    Boot,
    Cerm,
    Install,
    Issu,
    Ports,
    Redundancy,
    RouterClock,
    RsaKey,
    SlotFirmware,
    SnmpUser,
    Ssh,
    Storage,
    Throughput,
)


class UnknownLine(Frozen):
    """A line that no parser understood; kept, shown, never dropped."""

    command: str
    line: int
    text: str


class BadNews(Frozen):
    """A system message among the lines of an output that means trouble (C12)."""

    command: str
    line: int
    facility: str
    severity: int
    mnemonic: str
    text: str


class CommandSeen(Frozen):
    """One output that was read: ``status`` is ok, empty, foreign, rejected or cut."""

    command: str
    status: Literal["ok", "empty", "foreign", "rejected", "cut"]


class Mixed(Frozen):
    """What shows that saved outputs are not of one router, or that it was saved twice."""

    rule: str
    text: str
    remedy: str


class RouterState(Frozen):
    """All that is known of one router at one time.

    ``evidence`` maps dotted paths of this model (``licensing.transport.kind``,
    ``licensing.licenses[ISR_4400_Hsec].status``) to the lines that they came from; ``also`` maps
    those that another output contradicts to what it says.
    """

    name: str
    read_at: datetime | None = None
    hostname: str | None = None
    udi: Udi | None = None
    peers: tuple[Udi, ...] | None = None
    release: Release | None = None
    build: str | None = None
    """What an experimental build is called beside its train."""
    image_id: str | None = None
    """The image's own name, such as ``X86_64_LINUX_IOSD-UNIVERSALK9-M``."""
    rommon: str | None = None
    """The version of ROMMON that the router booted by, such as ``16.2(1r)``."""
    controller_mode: bool | None = None
    boot: Boot | None = None
    storage: tuple[Storage, ...] | None = None
    install: Install | None = None
    redundancy: Redundancy | None = None
    issu: Issu | None = None
    clock: RouterClock | None = None
    ssh: Ssh | None = None
    rsa_keys: tuple[RsaKey, ...] | None = None
    snmp_users: tuple[SnmpUser, ...] | None = None
    firmware: tuple[SlotFirmware, ...] | None = None
    throughput: Throughput | None = None
    cerm: Cerm | None = None
    licensing: Licensing | None = None
    ports: Ports | None = None
    interface_vrfs: dict[str, str] | None = None
    """The VRF of each interface of the running configuration that is in one."""
    config: tuple[str, ...] | None = None
    startup_config: tuple[str, ...] | None = None
    commands: tuple[CommandSeen, ...] = ()
    unknown: tuple[UnknownLine, ...] = ()
    messages: tuple[BadNews, ...] = ()
    """Messages of trouble among the outputs that no later message took back."""
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    also: dict[str, tuple[Contradiction, ...]] = Field(default_factory=dict)
    mixed: tuple[Mixed, ...] = ()

    def license(self, tag: str) -> License | None:
        """Returns the licence with this entitlement tag, complete or cut by ``...``."""
        if self.licensing is None:
            return None
        return next((x for x in self.licensing.licenses or () if same_tag(x.tag, tag)), None)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Reads what ``to_json`` wrote."""
        return cls.model_validate(data)
