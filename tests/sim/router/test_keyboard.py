"""The keys of a router's line editor, its history, its help, and messages while somebody types."""

from __future__ import annotations

import random

import pytest

from kit.hand import Hand, router_of
from kit.specs import opened, slp, small
from slp_sim.router.console.keyboard import Editor

UP, DOWN, LEFT, RIGHT = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"
KEYS = list("abc  de" * 3) + list("\b\x01\x02\x04\x05\x06\x0b\x15\x17\x18\x19\x7f")
KEYS += [
    UP,
    DOWN,
    LEFT,
    RIGHT,
    "\x1bb",
    "\x1bf",
    "\x1bd",
    "\x1bOA",
    "\x1b[3~",
    "\x1b[H",
    "\x1b[99~",
]


def on_a_screen(echo: str, row: list[str], column: int) -> tuple[list[str], int]:
    """Returns one row of a terminal after an echo was printed on it."""
    for char in echo:
        if char == "\b":
            assert column > 0, "the cursor left the line"
            column -= 1
        elif char != "\a":
            row = [*row[:column], char, *row[column + 1 :]]
            column += 1
    return row, column


@pytest.mark.parametrize("seed", range(40))
def test_the_screen_always_shows_the_line_that_is_edited(seed: int) -> None:
    keys, editor = random.Random(seed), Editor()
    editor.width, editor.prompt_width = 40, 5
    editor.history.extend(["abc def", "x" * 50, "show clock"])
    row: list[str] = []
    column = 0
    for _ in range(120):
        for char in keys.choice(KEYS):
            row, column = on_a_screen(editor.press(char) or "", row, column)
        again, at = on_a_screen(editor.shown(), [], 0)
        assert "".join(row).rstrip() == "".join(again).rstrip()
        assert column == at
        assert len(row) <= 35


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("how clock\x01s\r", "show clock"),
        ("show clokc\b\bck\r", "show clock"),
        ("show xyz clock\x1bb\x1bb\x1bd\x04\r", "show clock"),
        ("show clock all\x17\b\r", "show clock"),
        ("nonsense\x15show clock\r", "show clock"),
        ("show clock all\x01\x1bf\x1bf\x0b\r", "show clock"),
        (f"show cock{LEFT}{LEFT}{LEFT}l{RIGHT}\r", "show clock"),
        ("show clock nonsense\x17\x19\x17\r", "show clock"),
        ("sho\t clock\r", "show clock"),
    ],
)
def test_keys_edit_the_line(keys: str, line: str) -> None:
    router, _, hand = router_of(small())
    printed = hand.press(keys)
    assert " UTC " in printed, printed
    assert router.typed[-1].split() == f"#{line}".split()


def test_arrows_leaf_through_the_history_of_the_mode() -> None:
    router, _, hand = router_of(small())
    hand.type("show clock")
    hand.type("show privilege")
    hand.type("show privilege")
    assert " UTC " in hand.press(f"{UP}{UP}\r"), "the same line twice counts once"
    hand.press(f"{UP}{UP}{DOWN}\x15")
    hand.configure("ip domain name a.example")
    hand.press("configure terminal\r")
    hand.press(f"{UP}{UP}\r")
    assert router.typed[-1].endswith("#ip domain name a.example")
    assert "  show clock\n  show privilege\n  show clock\n" in hand.type("do show history")
    assert "\a" in hand.press(UP * 30)


def test_a_tab_completes_in_every_mode_and_only_where_it_is_clear() -> None:
    _, _, hand = router_of(slp())
    assert hand.press("conf\t").endswith("r1#configure ")
    hand.press("\x15sh")
    assert hand.press("ow ru\t").endswith("r1#show running-config ")
    hand.press("\x15")
    assert hand.press("show i\t").endswith("r1#show i"), "several words begin so"
    hand.press("\x15conf t\r")
    assert hand.press("licen\t").endswith("(config)#license ")
    hand.press("\x15interface gi0/0/0\r")
    assert hand.press("shut\t").endswith("(config-if)#shutdown ")
    hand.press("\x15")
    assert hand.press("no shut\t").endswith("(config-if)#no shutdown ")
    hand.press("\x15")
    assert hand.press("do sh\t").endswith("(config-if)#do show ")
    hand.press("\x15")
    assert hand.press("licen\t").endswith("(config-if)#license "), "global lines work here too"


def listed(hand: Hand, line: str) -> dict[str, str]:
    """Returns the words that ``?`` lists, with what it says of them; the line is taken back."""
    text = hand.press(f"{line}?")
    hand.press("\x15")
    if "% Invalid input" in text:
        return {}
    rows = [x[2:].split("  ", 1) for x in text.replace("\r", "").split("\n") if x.startswith("  ")]
    return {row[0].strip(): "".join(row[1:]).strip() for row in rows}


def test_help_is_of_the_mode_that_one_is_in() -> None:
    _, _, hand = router_of(slp())
    assert "Exec commands:\r\n" in hand.press("?")
    assert listed(hand, "")["reload"] == "Halt and perform a cold restart"
    assert listed(hand, "show version ") == {"|": "Output modifiers", "<cr>": "<cr>"}
    assert set(listed(hand, "show version | ")) >= {
        "begin",
        "count",
        "exclude",
        "include",
        "section",
    }
    assert "LINE" in listed(hand, "show version | include ")
    hand.press("configure terminal\r")
    assert "Configure commands:\r\n" in hand.press("?")
    assert {"hostname", "interface", "license", "do", "no", "exit", "end"} <= set(listed(hand, ""))
    hand.press("interface gi0/0/0\r")
    assert "Interface configuration commands:\r\n" in hand.press("?")
    inside = listed(hand, "")
    assert {"shutdown", "ip", "description", "exit", "no", "do"} <= set(inside)
    assert "hostname" not in inside
    assert "address" in listed(hand, "ip ")
    assert "smart" in listed(hand, "license "), "global lines work here too"
    assert "version" in listed(hand, "do show ")
    assert "shutdown" in listed(hand, "no ")
    hand.press("line vty 0 4\r")
    assert {"exec-timeout", "transport", "login"} <= set(listed(hand, ""))


def test_every_word_of_exec_and_configuration_has_a_meaning() -> None:
    for spec in (slp(enable_secret="x"), small()):
        _, _, hand = router_of(spec)
        for mode in ("", "configure terminal"):
            if mode:
                hand.press(f"{mode}\r")
            for line in ("", "license smart ", "show " if not mode else "license smart transport "):
                silent = [w for w, text in listed(hand, line).items() if not text]
                assert silent == [], f"{mode or 'EXEC'}: ? after {line!r} says nothing of these"


def test_help_tells_what_is_wrong() -> None:
    _, _, hand = router_of(slp())
    assert "% Unrecognized command" in hand.press("xyz?")
    hand.press("\x15")
    text = hand.press("show xyz ?")
    assert "% Invalid input detected" in text
    hand.press("\x15")
    assert hand.press("clock set 1?").count("?") == 1


def test_control_z_takes_the_line_and_control_c_does_not() -> None:
    router, _, hand = router_of(slp())
    hand.press("configure terminal\r")
    assert hand.press("ip domain name z.example\x1a").endswith("r1#")
    assert router.running.value("ip domain name") == "z.example"
    hand.press("configure terminal\r")
    assert hand.press("ip domain name c.example\x03").endswith("r1#")
    assert router.running.value("ip domain name") == "z.example"
    assert hand.press("show clo\x03").endswith("\r\nr1#")


def test_control_shift_6_ends_a_ping_but_no_installation() -> None:
    _, _, hand = router_of(slp(reachable=False))
    hand.shell.feed(b"ping 192.0.2.1 repeat 100\r")
    assert hand.press("\x1e").endswith("r1#")
    _, _, hand = opened()
    hand.shell.feed(b"install add file bootflash:isr4300-universalk9.17.03.02.SPA.bin\r")
    assert hand.shell.feed(b"\x1e\x03") == []


@pytest.mark.parametrize("synchronous", [True, False])
def test_messages_come_while_somebody_types(synchronous: bool) -> None:
    config = ["line vty 0 4", *([" logging synchronous"] if synchronous else [])]
    router, _, hand = router_of(slp(config=config))
    hand.type("terminal monitor")
    assert hand.shell.news() == []
    hand.press("show cl")
    router.log("LINK-3-UPDOWN", "Interface changed state to down")
    text = hand._take(hand.shell.news())
    assert "%LINK-3-UPDOWN" in text
    assert text.endswith("r1#show cl") == synchronous
    assert hand.shell.news() == [], "once"
    assert " UTC " in hand.press("ock\r"), "what was typed counts"
    hand.type("terminal no monitor")
    router.log("LINK-3-UPDOWN", "again")
    assert hand.shell.news() == []


def test_any_other_key_ends_the_pages() -> None:
    _, _, hand = router_of(slp())
    assert hand.press("show license all\r").endswith(" --More-- ")
    assert hand.press("x").endswith("r1#")
