"""What prompts, questions, paging and log lines look like in the text of a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from slp_tasks.connection.hearing import MAX_HEAD
from slp_tasks.session import Answer

TAIL = 4096
"""How much of the end of what was heard is looked at for a prompt or question."""

ANY_PROMPT = re.compile(r"^([^\s#>]{1,100}(?:\([^)\n]*\))?[#>]) ?\Z", re.MULTILINE)
MORE = re.compile(r"[ \b]*--More--[ \b]*\Z")
_LOG_LINE = r"[*.]?(?:\d{6}: )?(?:[*.]?\w{3} +\d+ [^\n%]*|\d[^\n%]*)?%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+"
_LOG_START = re.compile(f"{_LOG_LINE}:")
_MORE_MARK = re.compile(r" ?--More-- ?|\x08+ *\x08*")
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\x1b\n]*\x07|[()][A-Z0-9]|[78=>DEHM])")
_QUESTION_LENGTH = 400
_QUESTION = re.compile(r"([^\n]{0,80}(?:\[[^\]\n]*\]|\?|[Pp]assword:)[: ?]*)\Z")


def anchored(hostname: str) -> re.Pattern[str]:
    """Returns the prompt of this router and no other, at the very end of a text.

    In configuration mode IOS-XE shows the first 20 characters of a long name.
    """
    names = "|".join(re.escape(n) for n in dict.fromkeys((hostname, hostname[:20])))
    return re.compile(rf"^((?:{names})(?:\([^)\n]*\))?[#>]) ?\Z", re.MULTILINE)


def plain(data: bytes) -> str:
    """Returns what arrived as text, without carriage returns and a terminal's escapes."""
    if b"\x1b" in data:
        data = _ESCAPES.sub(b"", data)
    return data.replace(b"\r", b"").decode("utf-8", errors="replace")


def without_logs(text: str) -> str:
    """Returns a text without the log lines at its end (F16)."""
    end, at = text.rstrip(), -1
    while (at := end.rfind("\n")) >= 0 and _LOG_START.match(end, at + 1):
        end = text = end[:at].removesuffix("\r")
    return text


def at_end(prompt: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Returns the prompt at the end of a text, be it followed by log lines.

    It is matched within the end of the text alone; its ``string`` is that end.
    """
    tail = text[-TAIL:]
    match = prompt.search(tail, tail.rfind("\n") + 1)
    if match is None and (before := without_logs(tail)) is not tail:
        match = prompt.search(before, before.rfind("\n") + 1)
    return match


def asked(heard: str, answers: Iterable[Answer]) -> Answer | None:
    """Returns the answer whose question, literally, stands at the end (F12)."""
    answers, heard = tuple(answers), heard[-TAIL:]
    if not answers:
        return None
    tails = {heard.rstrip(), without_logs(heard).rstrip()}
    fitting = [a for a in answers if any(t.endswith(a.expect.rstrip()) for t in tails)]
    return max(fitting, key=lambda a: len(a.expect), default=None)


def open_question(heard: str) -> str | None:
    """Returns the question that a text ends with, if it looks like one."""
    match = _QUESTION.search(heard[-TAIL:].rstrip()[-_QUESTION_LENGTH:])
    return match[1].strip() if match else None


def tidy(text: str, command: str, prompt: re.Pattern[str]) -> str:
    """Returns output without echo, paging marks and the prompt at its end."""
    text = _MORE_MARK.sub("", text).replace("\x07", "")
    match = at_end(prompt, text)
    if match is not None:
        before = max(len(text) - TAIL, 0)
        text = text[: before + match.start(1)] + text[before + match.end() :]
    return text[_past_echo(text, "".join(command.split())) :].strip("\n")


def _past_echo(text: str, echo: str) -> int:
    """Returns where the line after the echo begins: 0 where it does not stand at the head."""
    start = 0
    while echo and start <= min(MAX_HEAD, len(text)):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if echo in "".join(text[start:end].split()):
            return end + 1
        start = end + 1
    return 0
