"""Every exception class of every client library is translated, in one place (style 4)."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from slp_core.errors import (
    AuthFailed,
    CommandRejected,
    ConnectFailed,
    DeadlineExceeded,
    HostKeyRejected,
    RouterError,
    SessionLost,
    SlpError,
)
from slp_core.secrets import REDACTOR
from slp_tasks.connection.errors import class_for, ours

LIBRARIES = (
    "scrapli.exceptions",
    "scrapli_slpssh2.transport",
    "scrapli_slpfake.transport",
    "nornir_scrapli.exceptions",
    "ssh2.exceptions",
    "netmiko.exceptions",
    "netmiko",
    "paramiko.ssh_exception",
    "asyncssh",
    "asyncssh.misc",
    "asyncssh.sftp",
    "asyncssh.process",
    "nornir.core.exceptions",
)


def classes(module: str) -> list[type[BaseException]]:
    found = [
        value
        for _, value in inspect.getmembers(import_module(module), inspect.isclass)
        if issubclass(value, Exception)
        and not issubclass(value, SlpError | Warning)
        and value.__module__.partition(".")[0] == module.partition(".")[0]
    ]
    assert found, f"{module} has no exceptions any more: look where they went"
    return found


@pytest.mark.parametrize("module", LIBRARIES)
def test_every_exception_class_is_translated(module: str) -> None:
    missing = [c.__qualname__ for c in classes(module) if class_for(c) is None]
    assert missing == [], f"{module}: add these to slp_tasks.connection.errors"


@pytest.mark.parametrize(
    ("module", "name", "kind"),
    [
        ("scrapli.exceptions", "ScrapliTimeout", DeadlineExceeded),
        ("scrapli.exceptions", "ScrapliConnectionError", SessionLost),
        ("scrapli.exceptions", "ScrapliAuthenticationFailed", AuthFailed),
        ("scrapli_slpssh2.transport", "HostKeyRefused", HostKeyRejected),
        ("scrapli_slpssh2.transport", "ConnectTimeout", ConnectFailed),
        ("netmiko.exceptions", "ReadTimeout", DeadlineExceeded),
        ("netmiko.exceptions", "NetmikoAuthenticationException", AuthFailed),
        ("netmiko.exceptions", "ConfigInvalidException", CommandRejected),
        ("paramiko.ssh_exception", "BadHostKeyException", HostKeyRejected),
        ("asyncssh", "HostKeyNotVerifiable", HostKeyRejected),
        ("asyncssh", "PermissionDenied", AuthFailed),
    ],
)
def test_what_decides_about_retries_is_told_apart(
    module: str, name: str, kind: type[SlpError]
) -> None:
    assert class_for(getattr(import_module(module), name)) is kind


def test_while_connecting_a_lost_session_is_a_failure_to_connect() -> None:
    from scrapli.exceptions import ScrapliConnectionError

    error = ScrapliConnectionError("closed")
    assert isinstance(ours(error, "r1", opening=True), ConnectFailed)
    assert isinstance(ours(error, "r1"), SessionLost)


def test_what_openssh_says_in_the_channel_is_no_wrong_password() -> None:
    from scrapli.exceptions import ScrapliAuthenticationFailed

    said = {"Host key verification failed": HostKeyRejected, "No route to host": ConnectFailed}
    for text, kind in said.items():
        assert type(ours(ScrapliAuthenticationFailed(text), "r1", opening=True)) is kind


def test_an_unknown_error_is_a_router_error_that_names_the_router() -> None:
    found = ours(LookupError("odd"), "r1")
    assert type(found) is RouterError
    assert found.where == "r1"


def test_f31_secrets_do_not_pass_through_messages() -> None:
    REDACTOR.add("very-secret-token-1")
    found = ours(ValueError("sent very-secret-token-1"), "r1")
    assert "very-secret-token-1" not in str(found)
