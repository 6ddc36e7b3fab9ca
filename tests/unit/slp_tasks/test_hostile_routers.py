"""A router that says too much is given up within bounds, in time that grows with what it said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from slp_core.errors import RouterTooLoud, SlpError
from slp_tasks.connection import hearing, openssh
from slp_tasks.connection.prompts import (
    anchored,
    at_end,
    open_question,
    plain,
    tidy,
    without_logs,
)
from slp_tasks.connection.terminal import Terminal

NAME = "edge-1"


class Channel:
    """A router of which every word is written by a test."""

    def __init__(self, answer: Callable[[str], Iterator[str]]) -> None:
        self._answer = answer
        self._coming: Iterator[str] = iter(())
        self.said = 0
        self.closed = False

    def write(self, text: str, *, hidden: bool = False) -> None:
        del hidden
        self._coming = self._answer(text.rstrip("\n"))

    def read(self, timeout: float) -> str:
        del timeout
        text = next(self._coming)
        self.said += len(text)
        return text

    def close(self) -> None:
        self.closed = True


def settled(answer: Callable[[str], Iterator[str]]) -> tuple[Channel, Terminal]:
    """Returns a terminal that is logged in and meets ``answer`` from then on."""

    def router(command: str) -> Iterator[str]:
        if command in ("", "show privilege") or command.startswith("terminal "):
            return iter([f"{command}\n{NAME}#"])
        return answer(command)

    channel = Channel(router)
    terminal = Terminal(channel, NAME)
    terminal.settle(enable=lambda: None)
    channel.said = 0
    return channel, terminal


LINE = "x" * 60 + "\n"
ENDLESS = {
    "at login": LINE * 100,
    "in lines": LINE * 1000,
    "in one line": "y" * 60_000,
    "of prompts": f"{NAME}>\nother#\n" * 3000,
    "of what is no text": "\ufffd" * 60_000,
}


@pytest.mark.parametrize("kind", sorted(ENDLESS))
def test_endless_output_at_login_ends_the_login(kind: str) -> None:
    channel = Channel(lambda _: repeat(ENDLESS[kind]))
    with pytest.raises(RouterTooLoud) as caught:
        Terminal(channel, NAME).settle(enable=lambda: None)
    assert channel.closed
    assert channel.said <= hearing.MAX_LOGIN + len(ENDLESS[kind])
    assert caught.value.where == NAME
    assert caught.value.remedy


@pytest.mark.parametrize("kind", sorted(ENDLESS))
def test_endless_output_without_echo_ends_the_command_soon(kind: str) -> None:
    channel, terminal = settled(lambda _: repeat(ENDLESS[kind]))
    with pytest.raises(RouterTooLoud):
        terminal.run("show version")
    assert channel.closed
    assert terminal.lost
    assert channel.said <= hearing.MAX_HEAD + len(ENDLESS[kind])


def test_endless_output_after_the_echo_ends_the_command() -> None:
    def answer(command: str) -> Iterator[str]:
        yield command + "\n"
        yield from repeat(LINE * 1000)

    channel, terminal = settled(answer)
    with pytest.raises(RouterTooLoud, match="32 MB"):
        terminal.run("show version")
    assert channel.said <= hearing.MAX_COMMAND + len(LINE) * 1001


def test_a_line_without_end_ends_the_command() -> None:
    def answer(command: str) -> Iterator[str]:
        yield command + "\n"
        yield from repeat("z" * 4096)

    channel, terminal = settled(answer)
    with pytest.raises(RouterTooLoud, match="line"):
        terminal.run("show version")
    assert channel.said <= hearing.MAX_LINE + 2 * 4096


def test_a_session_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "MAX_SESSION", 300_000)
    channel, terminal = settled(lambda c: iter([f"{c}\n", LINE * 1000, f"{NAME}#"]))
    for _ in range(4):
        terminal.run("show clock")
    with pytest.raises(RouterTooLoud, match="session"):
        terminal.run("show clock")
    assert channel.said < 400_000


def test_a_prompt_that_never_comes_after_a_pause_is_bounded_too() -> None:
    channel, terminal = settled(lambda _: iter(()))
    channel._answer = lambda _: repeat(LINE * 1000)
    assert terminal.alive() is False
    assert channel.said <= hearing.MAX_LOGIN + len(LINE) * 1000


def test_a_tech_support_of_many_megabytes_is_taken_whole() -> None:
    block = "------------------ show version ------------------\n" + LINE * 1000
    channel, terminal = settled(lambda c: iter([f"{c}\n", *[block] * 200, f"{NAME}#"]))
    text = terminal.run("show tech-support")
    assert len(text) == len(block) * 200 - 1  # the last line break goes with the prompt
    assert not channel.closed


def test_what_was_on_its_way_before_the_echo_does_no_harm() -> None:
    log = "\n*Nov 22 03:31:11.123: %SYS-5-CONFIG_I: Configured from console by admin\n"
    channel, terminal = settled(
        lambda c: iter([log * 100, c[:5], c[5:], f"\nanswer\n{NAME}#"]),
    )
    assert terminal.run("show clock") == "answer"
    assert not channel.closed


def steps(work: Callable[[int], object], small: int) -> float:
    """Returns how many times more CPU four times as much takes."""

    def seconds(size: int) -> float:
        best = 1e9
        for _ in range(3):
            begun = time.process_time()
            work(size)
            best = min(best, time.process_time() - begun)
        return best

    return seconds(4 * small) / max(seconds(small), 1e-3)


def _bytewise(size: int) -> None:
    def answer(command: str) -> Iterator[str]:
        yield command + "\n"
        for _ in range(size):
            yield "1"
            yield "\n"
        yield f"\n{NAME}#"

    settled(answer)[1].run("show clock")


LOG = "\n*Nov 22 03:31:11.123: %SYS-5-CONFIG_I: Configured"
WORK: dict[str, tuple[Callable[[int], object], int]] = {
    "reads of a byte": (_bytewise, 1_000),
    "log lines": (lambda n: tidy(LOG * n + "\nend", "show logging", anchored(NAME)), 5_000),
    "digits": (lambda n: without_logs("\n" + "1" * n), 4_000),
    "blanks": (lambda n: tidy("x" + " \n" * n + "x", "show clock", anchored(NAME)), 50_000),
    "brackets": (lambda n: open_question("[" * n), 4_000),
    "parentheses": (lambda n: at_end(anchored(NAME), f"\n{NAME}(" * n), 20_000),
    "escapes": (lambda n: plain(b"\x1b]1" * n), 20_000),
    "an OpenSSH that ends": (lambda n: openssh._why("a" * n, NAME), 4_000),
}


@pytest.mark.parametrize("kind", sorted(WORK))
def test_time_grows_with_the_output_and_not_with_its_square(kind: str) -> None:
    work, size = WORK[kind]
    assert steps(work, size) < 11  # 4 where it is linear, 16 where it is quadratic


def test_openssh_is_given_up_when_its_login_prints_without_end() -> None:
    class Pty:
        said = 0

        def write(self, text: str, *, hidden: bool = False) -> None:
            raise AssertionError("nothing was asked")

        def read(self, timeout: float) -> str:
            self.said += 4096
            return LINE * 67

    pty = Pty()
    with pytest.raises(SlpError):
        openssh.log_in(pty, "secret", "marker", NAME, timeout=3600)
    assert pty.said <= hearing.MAX_LOGIN + 8192
