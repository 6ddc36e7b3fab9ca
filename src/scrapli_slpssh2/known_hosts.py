"""OpenSSH's ``known_hosts``: which keys a host may show, ports, patterns and hashes included."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

DEFAULT_FILE = "~/.ssh/known_hosts"
Verdict = Literal["known", "unknown", "changed", "revoked"]


@dataclass(frozen=True)
class HostKey:
    """One line: its host field, its key, and whether the key is revoked."""

    hosts: str
    key_type: str
    key: bytes
    revoked: bool = False


def read_entries(file: Path) -> tuple[HostKey, ...]:
    """Returns the usable lines of ``file``; none where there is no such file."""
    file = file.expanduser()
    if file.exists() and not file.is_file():  # a pipe would wait for ever; /dev/null holds nothing
        return ()
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ()
    return tuple(_entries(text))


def _entries(text: str) -> Iterator[HostKey]:
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        marker = words.pop(0) if words[0].startswith("@") else ""
        if marker == "@cert-authority" or len(words) < 3:
            continue
        try:
            key = base64.b64decode(words[2], validate=True)
        except binascii.Error:
            continue
        yield HostKey(words[0], words[1], key, revoked=marker == "@revoked")


def names(host: str, port: int) -> tuple[str, ...]:
    """Returns the names to look for, best first: ``[host]:port``, then ``host`` (as OpenSSH)."""
    return (host,) if port == 22 else (f"[{host}]:{port}", host)


def entries_for(entries: tuple[HostKey, ...], host: str, port: int) -> tuple[HostKey, ...]:
    """Returns the lines that speak of ``host``; those with the port win over those without."""
    for name in names(host, port):
        found = tuple(e for e in entries if _speaks_of(e.hosts, name))
        if found:
            return found
    return ()


def verdict(entries: tuple[HostKey, ...], host: str, port: int, key: bytes) -> Verdict:
    """Tells what ``known_hosts`` says of ``key`` for ``host``."""
    found = entries_for(entries, host, port)
    if any(e.revoked and e.key == key for e in found):
        return "revoked"
    good = [e for e in found if not e.revoked]
    if any(e.key == key for e in good):
        return "known"
    return "changed" if good else "unknown"


def refusal(
    entries: tuple[HostKey, ...], host: str, port: int, key: bytes, file: str
) -> str | None:
    """Returns why ``key`` is not accepted, with its fingerprint; ``None`` where it is known."""
    says = verdict(entries, host, port, key)
    if says == "known":
        return None
    text = {
        "unknown": "is not in",
        "changed": "differs from the one in",
        "revoked": "is revoked in",
    }
    return f"host key {fingerprint(key)} of {host}:{port} {text[says]} {file}"


def fingerprint(key: bytes) -> str:
    """Returns the fingerprint as ``ssh-keygen -l`` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def _speaks_of(field: str, name: str) -> bool:
    hit = False
    for pattern in field.split(","):
        if pattern.startswith("|1|"):
            hit = hit or _hashed(pattern, name)
        elif pattern.startswith("!"):
            if _like(name, pattern[1:]):
                return False
        else:
            hit = hit or _like(name, pattern)
    return hit


def _like(name: str, pattern: str) -> bool:
    escaped = pattern.lower().replace("[", "[[]")  # in this file a bracket is only a bracket
    return fnmatchcase(name.lower(), escaped)


def _hashed(pattern: str, name: str) -> bool:
    try:
        _, _, salt, digest = pattern.split("|")
        mac = hmac.new(base64.b64decode(salt), name.encode(), hashlib.sha1)
        return hmac.compare_digest(mac.digest(), base64.b64decode(digest))
    except (ValueError, binascii.Error):
        return False
