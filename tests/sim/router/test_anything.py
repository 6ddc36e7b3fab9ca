"""Whatever is typed, a router answers and shows its prompt again; nothing is raised."""

from __future__ import annotations

import random

import pytest

from kit.captures import spec_of
from kit.hand import Hand, World, router_of
from kit.specs import opened, slp
from slp_sim.router.commands.config_modes import config_grammar
from slp_sim.router.console.exec import EXEC
from slp_sim.router.router import Router

_FILLERS = ["bootflash:x", "5", "local", "file", "none", "http://h/x", "ERROR", "[", "*", "€", "-1"]
_KEYS = ["\r", "y", "n", "q", " ", "\x03", "no\r", "yes\r", "\x1a", "?", "\t", "\x15"]


EXEC_PHRASES = [list(x) for x in EXEC.phrases()]
CONFIG_PHRASES = [list(x) for x in config_grammar().phrases()]


def _line(rng: random.Random, phrases: list[list[str]]) -> str:
    words = [rng.choice(_FILLERS) if w == "<>" else w for w in rng.choice(phrases)]
    words = [w[: rng.randint(2, len(w))] if rng.random() < 0.2 and len(w) > 3 else w for w in words]
    if rng.random() < 0.2:
        words.append(rng.choice(_FILLERS))
    if rng.random() < 0.2:
        words += [
            "|",
            rng.choice(["include", "section", "beg", "count", "x"]),
            rng.choice(["S", "("]),
        ]
    return " ".join(words)


def _rescued(hand: Hand, router: Router) -> None:
    """Leaves whatever question or mode the line is in; logs in again where it was lost."""
    for _ in range(4):
        if hand.closed or not router.is_up():
            hand.closed = True
            for _ in range(4000):
                if router.is_up():
                    hand.open()
                    break
                hand.clock.advance(1)
            else:
                pytest.skip("typed itself into ROMMON")
        hand.press("\x03")
        hand.press("\x1a")


def _fleet() -> dict[str, tuple[Router, World, Hand]]:
    made = {s: router_of(spec_of(s)) for s in ("s1", "s2", "s3", "s4")}
    return made | {"csl": opened(), "slp": router_of(slp())}


@pytest.mark.parametrize("seed", range(4))
def test_typing_anything_at_any_router_ends_at_a_prompt(seed: int) -> None:
    rng = random.Random(seed)
    for name, (router, _, hand) in _fleet().items():
        hand.type("terminal length 0")
        for _ in range(150):
            config = rng.random() < 0.3
            if config:
                hand.press("configure terminal\r")
            line = _line(rng, CONFIG_PHRASES if config else EXEC_PHRASES)
            hand.press(line + "\r")
            for _ in range(rng.randint(0, 4)):
                if not hand.closed:
                    hand.press(rng.choice(_KEYS))
            _rescued(hand, router)
            assert hand.text.endswith(("#", ">")), f"{name}: {line!r} ends at {hand.text[-80:]!r}"
            if hand.router.running.value("hostname") is None:
                hand.configure(f"hostname {name}")
            hand.text = hand.text[-200:]


def test_bytes_of_any_kind_are_survived() -> None:
    rng = random.Random(5)
    _, _, hand = router_of(slp())
    for _ in range(200):
        hand.shell.feed(rng.randbytes(40).replace(b"\r", b" ").replace(b"\n", b" "))
    hand.shell.feed(b"\x03\x1a\x03")
    hand.open()
    assert "Version 17.3.2" in hand.show("show version")


def test_a_line_without_end_is_bounded() -> None:
    _, _, hand = router_of(slp())
    hand.shell.feed(b"x " * 100_000)
    assert "% Invalid input" in hand.press("\r")
