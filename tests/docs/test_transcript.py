"""The recorded session of the lab's page is what a router prints today."""

from docs.transcript import HEAD, PAGE, InProcess, masked, played, seen


def test_the_recorded_session_is_not_stale() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.startswith(HEAD), "record it again: make transcript"
    now, then = masked(played(InProcess())), masked(page.removeprefix(HEAD))
    assert now.splitlines() == then.splitlines(), "record it again: make transcript"


def test_the_comparison_masks_numbers_only() -> None:
    one = "Status: IN USE\nuptime is 1 minute, 04:05\nConnection to 127.0.0.1 closed.\n"
    other = "Status: IN USE\n\n  uptime is 17 minute, 4:5.678\n"
    assert masked(one) == masked(other)
    assert masked(one) != masked(one.replace("IN USE", "NOT IN USE"))


def test_wiped_characters_are_not_shown() -> None:
    assert (
        seen("show  --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\bx\r\n") == "show x\n"
    )
