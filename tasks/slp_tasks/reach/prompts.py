"""What prompts, questions, paging and log lines look like in the text of a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from slp_tasks.session import Answer

TAIL = 4096
"""How much of the end of what was heard is looked at for a prompt or question."""

ANY_PROMPT = re.compile(r"(?:\A|\n)([^\s#>]{1,100}(?:\([^)\n]*\))?[#>]) ?\Z")
MORE = re.compile(r"[ \b]*--More--[ \b]*\Z")
_LOG_LINE = (
    r"[*.]?(?:\d{6}: )?(?:[*.]?\w{3} +\d+ [^\n%]*|\d\S*[^\n%]*)?%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+"
)
_LOG_TAIL = re.compile(rf"(?:\r?\n{_LOG_LINE}:[^\n]*)+\s*\Z")
_MORE_MARK = re.compile(r" ?--More-- ?|\x08+ *\x08*")
_QUESTION = re.compile(r"([^\n]{0,80}(?:\[[^\]\n]*\]|\?|[Pp]assword:)[: ?]*)\Z")


def anchored(hostname: str) -> re.Pattern[str]:
    """Returns the prompt of this router and no other, at the very end of a text.

    In configuration mode IOS-XE shows the first 20 characters of a long name.
    """
    names = "|".join(re.escape(n) for n in dict.fromkeys((hostname, hostname[:20])))
    return re.compile(rf"(?:\A|\n)((?:{names})(?:\([^)\n]*\))?[#>]) ?\Z")


def without_logs(text: str) -> str:
    """Returns a text without the log lines at its end (F16)."""
    return _LOG_TAIL.sub("", text)


def at_end(prompt: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Returns the prompt at the end of a text, be it followed by log lines."""
    tail = text[-TAIL:]
    return prompt.search(tail) or prompt.search(without_logs(tail))


def asked(heard: str, answers: Iterable[Answer]) -> Answer | None:
    """Returns the answer whose question, literally, stands at the end (F12)."""
    tails = {heard.rstrip(), without_logs(heard).rstrip()}
    fitting = [a for a in answers if any(t.endswith(a.expect.rstrip()) for t in tails)]
    return max(fitting, key=lambda a: len(a.expect), default=None)


def open_question(heard: str) -> str | None:
    """Returns the question that a text ends with, if it looks like one."""
    match = _QUESTION.search(heard.rstrip())
    return match[1].strip() if match else None


def tidy(text: str, command: str, prompt: re.Pattern[str]) -> str:
    """Returns output without echo, paging marks and the prompt at its end."""
    text = _MORE_MARK.sub("", text).replace("\x07", "")
    match = prompt.search(text) or prompt.search(without_logs(text))
    if match is not None:
        text = text[: match.start(1)] + text[match.end() :]
    lines = text.split("\n")
    echo = "".join(command.split())
    for at, line in enumerate(lines):
        if echo and echo in "".join(line.split()):
            lines = lines[at + 1 :]
            break
    return "\n".join(lines).strip("\n")
