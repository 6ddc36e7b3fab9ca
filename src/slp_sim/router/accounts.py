"""Users and secrets: what the configuration keeps of them, and who may pass.

Nothing is kept in clear: a password is right where its scrambled form stands in the configuration.
"""

from __future__ import annotations

import hashlib
import re

from slp_sim.router.configuration import Configuration

_USER = re.compile(
    r"username (\S+)(?: privilege (\d+))?(?: algorithm-type \S+)? (?:secret|password)"
    r"(?: (\d))? (\S+)$"
)
_ENABLE = re.compile(
    r"enable(?: algorithm-type \S+)? (?:secret|password)(?: level 15)?(?: (\d))? (\S+)$"
)


def scrambled(secret: str, salt: str) -> str:
    """Returns a secret as a configuration shows it."""
    digest = hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2, r=8, p=1, dklen=24).hex()
    return f"$9${digest[:14]}${digest[14:]}"


def kept(line: str, serial: str) -> str:
    """Returns a line as the configuration keeps it: without what must not be read."""
    found = _USER.match(line)
    if found is not None:
        name, privilege, kind, secret = found.groups()
        rank = f" privilege {privilege}" if privilege and privilege != "1" else ""
        hidden = secret if kind in ("5", "8", "9") else scrambled(secret, name)
        return f"username {name}{rank} secret {kind if hidden == secret else 9} {hidden}"
    found = _ENABLE.match(line)
    if found is not None:
        kind, secret = found.groups()
        hidden = secret if kind in ("5", "8", "9") else scrambled(secret, serial)
        return f"enable secret {kind if hidden == secret else 9} {hidden}"
    return line


def privilege_of(config: Configuration, name: str) -> int:
    """Returns the privilege level that a user logs in with."""
    found = re.search(r"privilege (\d+)", config.value(f"username {name}") or "")
    return int(found[1]) if found else 1


def may_log_in(config: Configuration, name: str, password: str) -> bool:
    """Tells whether a user's password is the one that the configuration keeps."""
    line = config.value(f"username {name}") if name and " " not in name else None
    return line is not None and line.split()[-1:] == [scrambled(password, name)]


def may_enable(config: Configuration, serial: str, secret: str) -> bool:
    """Tells whether a secret opens privileged EXEC."""
    return (config.value("enable secret") or "").split()[-1:] == [scrambled(secret, serial)]
