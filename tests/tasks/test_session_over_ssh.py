"""Sessions over SSH survive what real routers and networks do (rows of the robustness table)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from nornir.core.inventory import Defaults, Host

from kit.ssh_standin import PASSWORD, ServerThread, Standin, write_known_hosts
from slp_core.errors import (
    AuthFailed,
    CommandRejected,
    ConnectFailed,
    DeadlineExceeded,
    HostKeyRejected,
    PrivilegeMissing,
    RouterTooLoud,
    SessionLost,
    SlpError,
)
from slp_tasks.connection import scp
from slp_tasks.connection.hearing import MAX_LINE
from slp_tasks.connection.opening import open_session
from slp_tasks.session import Answer, rejection


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


WAYS = {
    "scrapli": {"driver": "scrapli", "transport": "ssh"},
    "netmiko": {"driver": "netmiko", "transport": "ssh"},
    "openssh": {"driver": "scrapli", "transport": "system"},
}


@pytest.fixture(params=sorted(WAYS))
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reach(stack: ExitStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> Any:
    """Starts a stand-in and returns it with a session that is not yet open."""
    monkeypatch.setenv("T_PASSWORD", PASSWORD)

    def start(
        standin: Standin | None = None, lines: Any = Standin.known_hosts_line, **slp: Any
    ) -> Any:
        running = stack.enter_context(ServerThread(standin or Standin()))
        known = write_known_hosts(tmp_path, lines(running) if callable(lines) else lines)
        host = Host(
            name="edge-1",
            hostname=running.host,
            port=running.port,
            username="lab",
            password="env:T_PASSWORD",
            defaults=Defaults(),
            data={"slp": {"known_hosts": str(known), **WAYS[way], **slp}},
        )
        return running, stack.enter_context(open_session(host))

    return start


def test_a_command_returns_what_was_printed(reach: Any) -> None:
    standin, session = reach()
    assert session.run("show privilege") == "Current privilege level is 15"
    assert session.hostname == "edge-1"
    assert standin.typed[-5:-1] == [
        "terminal width 511", "terminal length 0", "terminal no monitor", "show privilege",
    ]  # fmt: skip


def test_f19_a_rejection_is_text_and_recognised(reach: Any) -> None:
    _, session = reach()
    assert rejection(session.run("frobnicate")) == "% Invalid input detected at '^' marker."


def test_silent_router_ends_at_the_deadline_of_the_operation(reach: Any) -> None:
    _, session = reach()
    session.run("show privilege")
    threads, began = threading.active_count(), time.monotonic()
    with pytest.raises(DeadlineExceeded):
        session.run("silent", timeout=0.5)
    assert time.monotonic() - began < 5
    assert threading.active_count() <= threads, "a helper thread was started"


def test_dripping_router_ends_at_the_deadline_too(reach: Any) -> None:
    _, session = reach()
    session.run("show privilege")
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        session.run("drip", timeout=0.6)
    assert time.monotonic() - began < 5


def test_f03_after_a_lost_session_the_next_command_opens_a_new_one(reach: Any) -> None:
    standin, session = reach()
    with pytest.raises(SessionLost):
        session.run("drop", timeout=10)
    assert session.run("show privilege") == "Current privilege level is 15"
    assert len(standin.logins) == 2


def test_f02_the_socket_dying_on_the_confirm_is_the_expected_outcome(reach: Any) -> None:
    _, session = reach()
    said = session.dialogue("reload", [Answer("[confirm]", "")], timeout=10, drop_ok=True)
    assert "Proceed with reload?" in said
    assert session.lost


def test_f12_questions_are_met_literally(reach: Any) -> None:
    _, session = reach()
    answers = [Answer("[y/n]", "wrong"), Answer("[y/n/q]", "q")]
    assert "you said q" in session.dialogue("ask", answers, timeout=10)


def test_an_unexpected_question_is_named(reach: Any) -> None:
    _, session = reach()
    with pytest.raises(DeadlineExceeded, match=r"Are you sure\? \[y/n/q\]"):
        session.run("ask", timeout=0.4)


def test_f17_lines_like_prompts_do_not_cut_an_answer_short(reach: Any) -> None:
    _, session = reach()
    assert session.run("lookalike").splitlines() == [
        "first", "Router#", "show run | include hash#", "last line",
    ]  # fmt: skip


def test_f16_a_log_line_after_the_prompt_does_not_hide_it(reach: Any) -> None:
    _, session = reach()
    assert session.run("noisy", timeout=10).startswith("answer")
    assert session.run("show privilege", timeout=10).endswith("Current privilege level is 15")


def test_f13_paging_left_on_is_paged_through(reach: Any) -> None:
    _, session = reach()
    assert session.run("pages", timeout=10).split("\n") == ["page one", "page two"]


def test_f33_megabytes_of_output_arrive_whole(reach: Any, way: str) -> None:
    _, session = reach()
    lines = 50_000 if way == "scrapli" else 5_000
    assert len(session.run(f"big {lines}", timeout=60)) == lines * 99 - 1


def test_configuration_mode_that_cannot_be_entered_is_said(reach: Any) -> None:
    _, session = reach()
    with pytest.raises(CommandRejected):
        session.configure(["license smart transport smart"], timeout=10)


def test_enable_secret_is_given_when_asked(reach: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T_ENABLE", "en-able-9")
    standin, session = reach(Standin(prompt_end=">", secret="en-able-9"), enable="env:T_ENABLE")
    assert session.run("show privilege").endswith("15")
    assert "en-able-9" in standin.typed


def test_f28_a_wrong_enable_secret_is_never_tried_again(
    reach: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T_ENABLE", "wrong-one")
    standin, session = reach(Standin(prompt_end=">", secret="right"), enable="env:T_ENABLE")
    with pytest.raises(AuthFailed):
        session.run("show privilege")
    assert standin.typed.count("wrong-one") == 1


def test_missing_enable_secret_is_said(reach: Any) -> None:
    _, session = reach(Standin(prompt_end=">", secret="right"))
    with pytest.raises(PrivilegeMissing):
        session.run("show privilege")


def test_keyboard_interactive_only_servers_are_logged_in_to(reach: Any) -> None:
    standin, session = reach(Standin(methods=("keyboard-interactive",)))
    assert session.run("show privilege").endswith("15")
    assert standin.logins == [("keyboard-interactive", PASSWORD)]


@pytest.mark.parametrize(
    "methods",
    [("password",), ("keyboard-interactive",), ("password", "keyboard-interactive")],
    ids="+".join,
)
def test_f28_a_wrong_password_is_offered_once(
    reach: Any, monkeypatch: pytest.MonkeyPatch, methods: tuple[str, ...]
) -> None:
    standin, session = reach(Standin(methods=methods))
    monkeypatch.setenv("T_PASSWORD", "not-the-password")
    with pytest.raises(AuthFailed) as caught:
        session.run("show privilege")
    assert standin.logins == [(methods[0], "not-the-password")]
    assert "not-the-password" not in str(caught.value)


@pytest.mark.parametrize("way", ["netmiko", "openssh"])  # libssh2 answers every round by itself
def test_f28_a_server_that_asks_again_is_not_answered_again(reach: Any) -> None:
    standin, session = reach(Standin(methods=("keyboard-interactive",), rounds=2))
    with pytest.raises(AuthFailed):
        session.run("show privilege")
    assert standin.logins == [("keyboard-interactive", PASSWORD)]


def test_a_server_that_takes_keys_alone_refuses_the_login(reach: Any) -> None:
    standin, session = reach(Standin(methods=("publickey",)))
    with pytest.raises(AuthFailed):
        session.run("show privilege")
    assert standin.logins == []


@pytest.mark.parametrize("lines", ["", "# nothing\n"])
def test_f32_an_unknown_host_key_is_refused_before_the_password(
    reach: Any, lines: str, way: str
) -> None:
    standin, session = reach(lines=lines)
    with pytest.raises(HostKeyRejected) as caught:
        session.run("show privilege")
    if way != "openssh":  # the fingerprint, so that it can be compared at once
        assert "host key SHA256:" in str(caught.value)
        assert "is not in" in str(caught.value)
    assert standin.logins == []


def test_f32_a_changed_host_key_is_refused_before_the_password(reach: Any, way: str) -> None:
    other = Standin().known_hosts_line().split()[1:]
    lines = lambda s: f"[{s.host}]:{s.port} {' '.join(other)}\n"  # noqa: E731
    running, session = reach(lines=lines)
    with pytest.raises(HostKeyRejected) as caught:
        session.run("show privilege")
    assert running.logins == []
    if way != "openssh":
        assert "differs from the one in" in str(caught.value)


def test_known_hosts_without_a_port_serves_where_none_has_it(reach: Any) -> None:
    _, session = reach(lines=lambda s: s.known_hosts_line(with_port=False))
    assert session.run("show privilege").endswith("15")


def test_a_router_that_never_speaks_fails_within_the_connect_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("T_PASSWORD", PASSWORD)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        host = Host(
            name="mute", hostname="127.0.0.1", port=mute.getsockname()[1], username="lab",
            password="env:T_PASSWORD", defaults=Defaults(),
            data={"slp": {"connect_timeout": 1, **WAYS[way]}},
        )  # fmt: skip
        began = time.monotonic()
        with open_session(host) as session, pytest.raises(ConnectFailed):
            session.run("show privilege")
        assert time.monotonic() - began < 15


def test_f10_a_refused_connection_is_a_failure_to_connect(
    monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("T_PASSWORD", PASSWORD)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    host = Host(
        name="down", hostname="127.0.0.1", port=port, username="lab",
        password="env:T_PASSWORD", defaults=Defaults(), data={"slp": WAYS[way]},
    )  # fmt: skip
    with open_session(host) as session, pytest.raises(ConnectFailed):
        session.run("show privilege")


def test_a_revoked_host_key_is_refused_before_the_password(reach: Any) -> None:
    standin, session = reach(
        lines=lambda s: f"@revoked {s.known_hosts_line()}{s.known_hosts_line()}"
    )
    with pytest.raises(HostKeyRejected):
        session.run("show privilege")
    assert standin.logins == []


def test_a_hashed_known_hosts_line_is_understood(reach: Any) -> None:
    _, session = reach(lines=lambda s: s.known_hosts_line(hashed=True))
    assert session.run("show privilege").endswith("15")


def test_old_routers_with_sha1_key_exchange_and_rsa_keys_are_reached(reach: Any) -> None:
    old = {
        "kex_algs": ["diffie-hellman-group14-sha1"],
        "encryption_algs": ["aes128-ctr", "aes256-ctr"],
        "signature_algs": ["ssh-rsa"],
        "mac_algs": ["hmac-sha1"],
    }
    _, session = reach(Standin(algorithms=old))
    assert session.run("show privilege").endswith("15")


def test_f26_f27_nothing_stays_open(reach: Any) -> None:
    standin, session = reach()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(8):
        session.run("show privilege")
        session.close()
    deadline = time.monotonic() + 5
    while standin.open_sessions and time.monotonic() < deadline:
        time.sleep(0.01)
    assert standin.open_sessions == 0
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2


def test_f31_the_password_and_a_hidden_answer_stay_out_of_the_logs(
    reach: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _, session = reach()
    session.dialogue("ask", [Answer("[y/n/q]", "quite-secret-55", hidden=True)], timeout=10)
    assert PASSWORD not in caplog.text


def test_scp_of_a_router_without_scp_names_the_remedy(reach: Any, tmp_path: Path) -> None:
    _, session = reach()
    file = tmp_path / "image.bin"
    file.write_bytes(b"x" * 10)
    with pytest.raises(SlpError) as caught:
        session.put(file, "bootflash:image.bin", timeout=10)
    assert caught.value.where == "edge-1"


def test_endless_output_ends_the_session_over_every_driver(reach: Any) -> None:
    standin, session = reach()
    session.run("show privilege")
    with pytest.raises(RouterTooLoud):
        session.run("flood", timeout=120)
    assert session.lost
    assert standin.copied < MAX_LINE + 8 * 1024 * 1024  # what windows and buffers hold besides


@pytest.mark.parametrize("way", ["scrapli"], indirect=True)
@pytest.mark.parametrize(
    "copies",
    [(1 << 40,), ((1 << 20) + 1,) * 9],
    ids=["one without end", "one after the other"],
)
def test_a_copy_that_does_not_end_is_given_up(
    reach: Any, tmp_path: Path, copies: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scp, "MAX_DOWNLOAD", 2 << 20)
    standin, session = reach(Standin(copies=copies))
    with pytest.raises(RouterTooLoud, match="MB"):
        session.get("bootflash:x", tmp_path / "x", timeout=60)
    assert standin.copied < 8 * 1024 * 1024
    assert [p.name for p in tmp_path.iterdir()] == ["known_hosts"]


def test_f31_openssh_is_started_without_our_secrets(
    reach: Any, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it starts in turn (a proxy command, a local command) would know them too."""
    if way != "openssh":
        pytest.skip("no other way starts a program")
    monkeypatch.setenv("SLP_TOKEN", "token-of-ours")
    _, session = reach()
    session.run("show privilege")
    child = session._reach._stream.transport.session.pid
    environment = Path(f"/proc/{child}/environ").read_bytes().decode().split("\0")
    assert Path(f"/proc/{child}/cmdline").read_bytes().startswith((b"ssh\0", b"/usr/bin/ssh\0"))
    assert not any(PASSWORD in x or "token-of-ours" in x for x in environment)
    names = {x.partition("=")[0] for x in environment if x}
    assert {"PATH", "HOME"} <= names
    assert {n for n in names if not n.startswith("LC_")} <= {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TZ", "TMPDIR", "LANG", "LANGUAGE",
        "SSH_AUTH_SOCK",
    }  # fmt: skip
