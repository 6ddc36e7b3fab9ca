"""What is typed: the line that is being edited, its echo, and the help on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slp_sim.router.grammar import Grammar, Reject

if TYPE_CHECKING:
    from slp_sim.router.terminal import Terminal

_MAX_LINE = 4096
_SHIFT = 10


class Editor:
    """The line under the cursor; each key returns what the terminal must print for it.

    A line that reaches the edge of the terminal is shifted to the left and begins with ``$``,
    as on a router, so long tokens need a wide terminal (F18).
    """

    def __init__(self) -> None:
        self.text = ""
        self.width = 80
        self.prompt_width = 0
        self._shown = 0

    def insert(self, char: str) -> str:
        """Adds a character."""
        if len(self.text) >= _MAX_LINE:
            return "\a"
        self.text += char
        room = self.width - self.prompt_width - 1
        if self.width == 0 or room < 2 * _SHIFT or self._shown < room:
            self._shown += 1
            return char
        tail = self.text[-(room - _SHIFT) :]
        echo = "\b" * self._shown + "$" + tail
        blanks = max(self._shown - len(tail) - 1, 0)
        self._shown = len(tail) + 1
        return echo + " " * blanks + "\b" * blanks

    def erase(self) -> str:
        """Takes the last character back."""
        if not self.text:
            return ""
        self.text = self.text[:-1]
        self._shown = max(self._shown - 1, 0)
        return "\b \b"

    def clear(self) -> str:
        """Takes the whole line back."""
        echo = "\b \b" * self._shown
        self.take()
        return echo

    def take(self) -> str:
        """Returns the line and begins a new one."""
        line, self.text, self._shown = self.text, "", 0
        return line


def reject_text(reject: Reject, line: str, prompt: str) -> str:
    """Returns what a router says of a line that it did not understand."""
    if reject.kind == "incomplete":
        return "% Incomplete command.\n\n"
    if reject.kind == "ambiguous":
        return f'% Ambiguous command:  "{line.strip()}"\n'
    blanks = " " * (len(prompt) + reject.column)
    return f"{blanks}^\n% Invalid input detected at '^' marker.\n\n"


def help_text(grammar: Grammar, line: str, who: Terminal, prompt: str) -> str:
    """Returns what ``?`` prints after ``line``."""
    words = grammar.next_words(line, who)
    if isinstance(words, Reject):
        return reject_text(words, line, prompt)
    if not line or line[-1].isspace():
        return "".join(f"  {word}\n" for word in words) + "\n"
    if words:
        return "  ".join(words) + "\n\n"
    return "% Unrecognized command\n"


def completion(grammar: Grammar, line: str, who: Terminal) -> str:
    """Returns what a tab adds to ``line``; empty where that is not clear."""
    words = grammar.next_words(line, who)
    last = line.rsplit(" ", 1)[-1]
    if last and isinstance(words, list) and len(words) == 1:
        return words[0][len(last) :] + " "
    return ""
