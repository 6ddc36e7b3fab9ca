"""Addresses of services: read, and refused where credentials would travel in the clear."""

from __future__ import annotations

from urllib.parse import urlsplit

from slp_core.errors import UsageError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_local(url: str) -> bool:
    """Tells whether a service is on this machine; others are spoken to over TLS alone.

    Raises:
        UsageError: it is no address, holds a password, or is not https.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError("the address of the service cannot be read", where="url") from None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(
            "the address of the service is no URL", where="url", remedy="write https://HOST"
        )
    if parts.username or parts.password:
        raise UsageError(
            "the address of the service holds a user name",
            where="url",
            remedy="give credentials by client_id and client_secret",
        )
    local = host in _LOOPBACK
    if parts.scheme == "http" and not local:
        raise UsageError(
            f"credentials would go to {host} unencrypted",
            where="url",
            remedy="write https://; http is for a laboratory on this machine alone",
        )
    return local


def origin_of(url: str) -> str | None:
    """Returns the address without its path where it has none; None where it names a path."""
    parts = urlsplit(url)
    if parts.path.strip("/") or parts.query:
        return None
    return f"{parts.scheme}://{parts.netloc}"
