"""A service or a router's web server that never ends its answer is given up by its deadline."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from slp_core.errors import ConnectFailed, SlpError, StepFailed
from slp_exchange.errors import Refusal
from slp_exchange.router_rest import RestLogin, RouterRest
from slp_exchange.web import Call, Web

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
DRIPS = {
    "in the headers": (HEAD + b"x-long: ", b"a"),
    "in the body": (HEAD + b"content-length: 100000\r\n\r\n{", b" "),
    "in chunks": (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@contextmanager
def service(head: bytes, more: bytes) -> Iterator[tuple[str, Callable[[], int]]]:
    """Answers every request with ``head`` and then ``more``, again and again, without end."""
    ended = threading.Event()
    sent = [0]
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with suppress(OSError):
            while not ended.is_set():
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(head)
                    while not ended.wait(0.01):
                        connection.sendall(more)
                        sent[0] += len(more)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", lambda: sent[0]
    finally:
        ended.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


@pytest.mark.parametrize("kind", sorted(DRIPS))
def test_a_service_that_sends_a_byte_now_and_then_is_given_up(kind: str) -> None:
    with service(*DRIPS[kind]) as (url, _):
        web = Web(url, answer_s=0.3, sleep=lambda _: None)
        with pytest.raises(Refusal) as caught:
            web.send(Call("POST", f"{url}/api", repeatable=False))
        web.close()
    assert caught.value.remedy


@pytest.mark.parametrize("kind", sorted(DRIPS))
def test_a_routers_web_server_that_drips_is_given_up(kind: str) -> None:
    with service(*DRIPS[kind]) as (url, _):
        login = RestLogin(url, "lab", "secret", "edge-1", verify=False)
        with RouterRest(login, answer_s=0.3) as rest, pytest.raises(ConnectFailed):
            rest.reports()


def test_an_answer_without_end_is_given_up_by_its_size() -> None:
    block = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    with service(HEAD + b"transfer-encoding: chunked\r\n\r\n", block * 8) as (url, sent):
        web = Web(url, sleep=lambda _: None)
        with pytest.raises(SlpError, match="no end"):
            web.send(Call("POST", f"{url}/api", repeatable=False))
        web.close()
        login = RestLogin(url, "lab", "secret", "edge-1", verify=False)
        with RouterRest(login) as rest, pytest.raises(StepFailed):
            rest.reports()
        assert sent() < 2 * 96 * 1024 * 1024
