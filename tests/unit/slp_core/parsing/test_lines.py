"""Raw text to lines: what is noise, what is joined, what is said of the whole."""

from __future__ import annotations

import pytest

from slp_core.parsing.lines import MAX_LENGTH, read_page


def texts(raw: str) -> list[str]:
    return [line.text for line in read_page(raw).lines]


def test_lines_keep_the_numbers_that_they_had() -> None:
    page = read_page("a\r\n\r\n  b\r\r\nc\n")
    assert [(line.numbers, line.text, line.indent) for line in page.lines] == [
        ((1,), "a", 0),
        ((3,), "b", 2),
        ((4,), "c", 0),
    ]


@pytest.mark.parametrize(
    "noise",
    [
        "router#show license all",
        "router-1.example(config)#",
        "Router>sh lic sum",
        "Load for five secs: 4%/0%; one minute: 3%; five minutes: 3%",
        "Time source is NTP, 07:14:02.118 CET Mon Mar 14 2022",
        "Time source is hardware calendar, *09:15:22.119 UTC Thu Oct 1 2020",
        "-------------------",
        "=====",
        "!",
        "           ^",
        "\x1b[0m",
        "\x00\x07",
    ],
)
def test_noise_is_set_aside(noise: str) -> None:
    assert texts(f"{noise}\nUtility:\n{noise}") == ["Utility:"]


@pytest.mark.parametrize(
    "kept",
    [
        "Device#   PID                   SN              UDI",
        "Time source is NTP",
        "hseck9 (ISR_4400_Hsec):",
        "<none>",
        "100% of it",
    ],
)
def test_what_only_looks_like_noise_stays(kept: str) -> None:
    assert texts(kept) == [kept]


def test_f16_messages_are_kept_apart() -> None:
    page = read_page("a\n*Jan 15 03:26:07.1: %SIP-1-LICENSING: SIP service is Up. Acked.\nb")
    assert [line.text for line in page.lines] == ["a", "b"]
    assert page.messages[0].numbers == (2,)


@pytest.mark.parametrize(
    "ruler", ["===", "=======", "==================================================="]
)
def test_a_title_is_told_by_the_line_below_it(ruler: str) -> None:
    title, other = read_page(f"License Usage\n\n{ruler}\nCount: 1").lines
    assert title.underlined
    assert not other.underlined


def test_a_tag_is_joined_where_it_was_wrapped() -> None:
    uuid = "79633860-0c9a-472c-9306-bb2dfd1b030d"
    whole = f"Entitlement Tag: regid.2017-12.com.cisco.ISR_4460_BOOST,1.0_{uuid}"
    for cut in (whole.index(",") + 1, whole.index(",") + 9, len(whole) - 3, 30):
        joined = read_page(f"{whole[:cut]}\n{whole[cut:]}\nnext").lines
        assert [line.text for line in joined] == [whole, "next"]
        assert joined[0].numbers == (1, 2)


def test_a_tag_wrapped_twice_is_joined() -> None:
    whole = "regid.2014-12.com.cisco.ISR_4400_Security,1.0_02ea4d4a-2469-46c1-afaf-d6cdfa1980aa:"
    assert texts(f"{whole[:24]}\n{whole[24:50]}\n{whole[50:]}") == [whole]


def test_a_name_in_brackets_is_joined_at_the_width_of_the_terminal() -> None:
    line = "  Cisco 1100 Series with 8 LAN Ports, Cisco One Foundation (ISR_1100_8P_Foundation_X): "
    assert texts(f"{line[:80]}\n{line[80:]}") == [line.strip()]


def test_a_blank_in_the_last_column_is_not_lost() -> None:
    line = "x" * 60 + " (C9300-48 Network Advantage) 1 IN USE"
    cut = line.index("Advantage")
    padded = "y" * (80 - cut) + line
    assert texts(f"{padded[:80]}\n{padded[80:]}") == [padded]


@pytest.mark.parametrize("mark", ["<output truncated>", "<output omitted>", "<OUTPUT TRUNCATED>"])
def test_an_output_that_says_so_is_cut(mark: str) -> None:
    assert read_page(f"a: 1\n{mark}").cut
    assert read_page(f"a: 1\n{mark}\nb: 2").cut


def test_a_pager_is_no_text_and_the_last_one_means_that_more_was_there() -> None:
    paged = read_page("a: 1\n --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        b: 2\n")
    assert [line.text for line in paged.lines] == ["a: 1", "b: 2"]
    assert not paged.cut
    assert read_page("a: 1\n --More-- ").cut


@pytest.mark.parametrize(
    "line",
    [
        "% Invalid input detected at '^' marker.",
        "%Invalid input detected",
        "% Incomplete command.",
        '% Ambiguous command:  "show lic u"',
        "% Unknown command or computer name, or unable to find computer address",
        "Command authorization failed.",
        "% This command is not authorized",
    ],
)
def test_f19_a_refusal_is_told_from_an_output(line: str) -> None:
    assert read_page(f"router#show x\n        ^\n{line}\n\nrouter#").rejected
    assert not read_page(f"a: 1\nb: 2\nc: 3\n{line}").rejected


def test_f33_a_line_without_end_is_cut_and_kept_apart() -> None:
    page = read_page("a\n" + "x" * (MAX_LENGTH + 1) + "\nb")
    assert [line.text for line in page.lines] == ["a", "b"]
    assert page.too_long[0].numbers == (2,)
    assert len(page.too_long[0].text) == 200
