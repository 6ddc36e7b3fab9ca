"""Where a file is, as ``copy`` names it: on a server, or in one of the router's file systems."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from slp_sim.router import routing
from slp_sim.router.flash import plain


@dataclass(frozen=True)
class Place:
    """A file somewhere: on a server, or in one of the router's own file systems."""

    kind: str
    path: str
    host: str = ""
    vrf: str | None = None
    username: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, text: str) -> Place:
        """Returns the place that a word of the command names."""
        kind, colon, rest = text.partition(":")
        if kind.lower() not in routing.SOURCES or not colon:
            return cls(kind.lower() if colon else "bootflash", plain(text))
        where = urlsplit(f"{kind.lower()}:{rest}")
        host, _, vrf = where.netloc.rpartition("@")[2].partition(";")
        return cls(
            kind.lower(),
            where.path.removeprefix("/"),
            host,
            vrf or None,
            where.username,
            where.password,
        )

    @property
    def remote(self) -> bool:
        """Tells whether it is on a server."""
        return self.kind in routing.SOURCES

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    def shown(self) -> str:
        """Returns it as messages name it: without a user's password."""
        if not self.remote:
            return f"{self.kind}:/{self.path}"
        who = "*:*@" if self.username not in (None, "anonymous") else ""
        vrf = f";{self.vrf}" if self.vrf else ""
        return f"{self.kind}://{who}{self.host}{vrf}/{self.path}"
