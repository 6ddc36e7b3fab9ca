"""Wall two: whatever asks for it, nothing but one printable line leaves for a router."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slp_core.errors import NeverSent
from slp_tasks.connection import openssh
from slp_tasks.connection.router_session import RouterSession
from slp_tasks.connection.terminal import Terminal
from slp_tasks.session import Answer

NAME = "edge-1"
BREAKS = ("\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029")
UNTYPEABLE = (
    *BREAKS,
    *map(chr, (0, 3, 4, 7, 8, 9, 18, 21, 22, 23, 26, 27, 30, 127, 0x9B)),
    "\u00e9",  # a line of seven bits would get something else
    "\u010d",  # of which the second byte, by seven bits, is a return
    "\u202e",
    "\ufeff",
)


class Typed:
    """A router that keeps what was typed, and answers each line with its prompt."""

    def __init__(self, asks: str = "") -> None:
        self.typed: list[str] = []
        self.asks = asks
        self._coming: Iterator[str] = iter(())

    def write(self, text: str, *, hidden: bool = False) -> None:
        del hidden
        self.typed.append(text)
        line = text.rstrip("\n")
        says = f"{line}\n{NAME}(config)#" if line == "configure terminal" else f"{line}\n{NAME}#"
        self._coming = iter([f"{line}\n{self.asks}" if line == "asks" else says])

    def read(self, timeout: float) -> str:
        del timeout
        return next(self._coming)

    def close(self) -> None:
        pass


def terminal_on(channel: Typed) -> Terminal:
    terminal = Terminal(channel, NAME)
    terminal.settle(enable=lambda: None)
    channel.typed.clear()
    return terminal


@pytest.fixture
def channel() -> Typed:
    return Typed(asks="Sure? [y/n]")


@pytest.fixture
def terminal(channel: Typed) -> Terminal:
    return terminal_on(channel)


@pytest.mark.parametrize("odd", UNTYPEABLE, ids=ascii)
def test_a_command_with_anything_but_printable_text_is_never_sent(
    odd: str, terminal: Terminal, channel: Typed
) -> None:
    for command in (f"show{odd}clock", f"{odd}show clock", f"show clock{odd}"):
        with pytest.raises(NeverSent) as caught:
            terminal.run(command)
        assert caught.value.where == NAME
    assert channel.typed == []


@pytest.mark.parametrize("odd", UNTYPEABLE, ids=ascii)
def test_of_lines_with_an_odd_one_none_is_sent(
    odd: str, terminal: Terminal, channel: Typed
) -> None:
    with pytest.raises(NeverSent):
        terminal.configure(["ip name-server 192.0.2.1", f"license smart url cslu http://c{odd}x"])
    assert channel.typed == []


@pytest.mark.parametrize("odd", UNTYPEABLE, ids=ascii)
def test_of_a_dialogue_with_an_odd_answer_nothing_is_sent(
    odd: str, terminal: Terminal, channel: Typed
) -> None:
    with pytest.raises(NeverSent):
        terminal.dialogue("asks", (Answer("[y/n]", f"y{odd}reload"),))
    assert channel.typed == []


@pytest.mark.parametrize("odd", UNTYPEABLE, ids=ascii)
def test_an_enable_secret_is_one_line_or_is_not_sent(odd: str) -> None:
    channel = Typed()
    secret = f"s3cret{odd}reload"

    def write(text: str, *, hidden: bool = False) -> None:
        channel.typed.append(text)
        asks = {"\n": f"{NAME}>", "enable\n": "enable\nPassword: "}
        channel._coming = iter([asks.get(text, f"{NAME}#")])

    channel.write = write  # type: ignore[method-assign]
    with pytest.raises(NeverSent) as caught:
        Terminal(channel, NAME).settle(enable=lambda: secret)
    assert secret not in "".join(channel.typed)
    assert "s3cret" not in str(caught.value)


def test_a_question_mark_asks_for_help_and_is_sent_in_a_secret_alone(
    terminal: Terminal, channel: Typed
) -> None:
    with pytest.raises(NeverSent, match="question mark"):
        terminal.run("copy http://h/x?y bootflash:x")
    assert channel.typed == []
    terminal.dialogue("asks", (Answer("[y/n]", "a?b", hidden=True),))
    assert channel.typed == ["asks\n", "a?b\n"]


def test_what_was_not_sent_is_not_told_either(terminal: Terminal) -> None:
    with pytest.raises(NeverSent) as caught:
        terminal.dialogue("license smart trust idtoken T0KEN-77\nlocal", hidden=True)
    assert "T0KEN-77" not in str(caught.value)
    assert "line break" in str(caught.value)


def test_the_session_is_as_good_as_before(terminal: Terminal, channel: Typed) -> None:
    with pytest.raises(NeverSent):
        terminal.run("show\nreload")
    assert not terminal.lost
    assert terminal.run("show clock") == ""
    assert channel.typed == ["show clock\n"]


class Shelf:
    """A way to a router that keeps what was asked to be copied."""

    prefers_rest = False

    def __init__(self) -> None:
        self.copied: list[str] = []

    def put(self, local: Path, remote: str, *, timeout: float) -> None:
        self.copied.append(remote)

    def get(self, remote: str, local: Path, *, timeout: float) -> None:
        self.copied.append(remote)

    def close(self) -> None:
        pass


ODD_PATHS = (
    *(f"bootflash:a{odd}b" for odd in UNTYPEABLE),
    "bootflash:a b",
    "bootflash:a?b",
    "-t",
    "nothing",
    "bootflash:../x",
    "bootflash:x;reload",
    "bootflash:x|y",
    "bootflash:$(x)",
)


@pytest.mark.parametrize("remote", ODD_PATHS, ids=ascii)
def test_a_file_is_copied_to_and_from_a_plain_path_alone(remote: str, tmp_path: Path) -> None:
    shelf = Shelf()
    session = RouterSession(shelf)  # type: ignore[arg-type]
    ways: tuple[Callable[[], None], ...] = (
        lambda: session.put(tmp_path / "x", remote),
        lambda: session.get(remote, tmp_path / "x"),
    )
    for way in ways:
        with pytest.raises(NeverSent):
            way()
    assert shelf.copied == []


@pytest.mark.parametrize("remote", ["bootflash:x.bin", "usb0:/a/b.bin", "stby-bootflash:ACK_x"])
def test_plain_paths_are_copied(remote: str, tmp_path: Path) -> None:
    shelf = Shelf()
    RouterSession(shelf).put(tmp_path / "x", remote)  # type: ignore[arg-type]
    assert shelf.copied == [remote]


@pytest.mark.parametrize("odd", ["\n", "\r", "\x03", "\x04", "\x1a"], ids=ascii)
def test_the_rest_of_a_password_of_two_lines_is_no_command_of_the_router(odd: str) -> None:
    """OpenSSH takes the first line; what follows would wait for the router's own prompt."""
    written: list[str] = []

    class Pty:
        def write(self, text: str, *, hidden: bool = False) -> None:
            written.append(text)

        def read(self, timeout: float) -> str:
            return "Password: "

    with pytest.raises(NeverSent) as caught:
        openssh.log_in(Pty(), f"pass{odd}reload", "marker", NAME, timeout=1)
    assert written == []
    assert "reload" not in str(caught.value)
