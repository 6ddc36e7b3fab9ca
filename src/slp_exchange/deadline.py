"""An answer has a deadline as a whole: a service that sends a byte a second ends like a silent one.

httpx knows time-outs of single reads. Here every read and write of a connection gets at most what
is left of the request's deadline: also while headers arrive, with TLS, and through a proxy.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

ANSWER_S = 120.0
"""For one request, its answer included: CSSM takes some seconds, a large report a minute."""


class Deadline(threading.local):
    """When the request that this thread makes must have its answer.

    Args:
        seconds: from its beginning to its end.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._at: float | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Begins now and ends with the request."""
        self._at = self._now() + self._seconds
        try:
            yield
        finally:
            self._at = None

    def left(self, timeout: float | None, kind: type[Exception]) -> float | None:
        """Returns how long to wait at most.

        Raises:
            kind: nothing is left.
        """
        if self._at is None:
            return timeout
        left = self._at - self._now()
        if left <= 0:
            raise kind("the answer did not end in time")
        return left if timeout is None else min(timeout, left)


def guard(client: httpx.Client, deadline: Deadline) -> None:
    """Has every connection of a client obey the deadline."""
    for transport in (client._transport, *client._mounts.values()):
        pool: Any = getattr(transport, "_pool", None)  # a test's own transport has none
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend, deadline)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._deadline.left(timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._backend = backend
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._deadline)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)
