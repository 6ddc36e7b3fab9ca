"""What is typed: the line that is being edited, and what the terminal must print for each key."""

from __future__ import annotations

from collections import deque

_MAX_LINE = 4096
_SHIFT = 10
_ESC = "\x1b"
_QUOTE = "\x16"


class Editor:
    """The line under the cursor; each key returns what the terminal must print for it.

    A line that reaches the edge of the terminal is shifted to the left and begins with ``$``,
    as on a router, so long tokens need a wide terminal (F18).

    Attributes:
        history: what the arrow keys leaf through; of the mode that the terminal is in.
        quoted: the next key is taken as it is (Ctrl-V).
    """

    def __init__(self) -> None:
        self.text = ""
        self.at = 0
        self.width = 80
        self.prompt_width = 0
        self.history: deque[str] = deque(maxlen=20)
        self._left = 0  # the first character that is shown
        self._back = 0  # how far the history was leafed back
        self._escape = ""
        self.quoted = False
        self._cut = ""  # what was last deleted, for Ctrl-Y

    # --- keys -----------------------------------------------------------------------------------

    def press(self, char: str) -> str | None:
        """Takes a key that edits; None where the key means something else."""
        if self._escape:
            return self._escaped(char)
        if self.quoted:
            self.quoted = False
            return self.insert(char)
        if char == _QUOTE:
            self.quoted = True
            return ""
        if char == _ESC:
            self._escape = char
            return ""
        if char in _KEYS:
            return self._run(_KEYS[char])
        return self.insert(char) if char >= " " and char not in "?\x7f" else None

    def _escaped(self, char: str) -> str:
        self._escape += char
        if self._escape in (_ESC + "[", _ESC + "O"):
            return ""
        if len(self._escape) > 2 and not char.isalpha() and char != "~" and len(self._escape) < 8:
            return ""
        name, self._escape = _SEQUENCES.get(self._escape[1:].lower()), ""
        return self._run(name) if name else ""

    def _run(self, name: str) -> str:
        end, word_left, word_right = len(self.text), self._word_left(), self._word_right()
        moves = {
            "left": max(self.at - 1, 0),
            "right": min(self.at + 1, end),
            "home": 0,
            "end": end,
            "word-left": word_left,
            "word-right": word_right,
        }
        cuts = {
            "delete": (self.at, self.at + 1),
            "erase": (max(self.at - 1, 0), self.at),
            "cut-home": (0, self.at),
            "cut-end": (self.at, end),
            "cut-word-left": (word_left, self.at),
            "cut-word-right": (self.at, word_right),
        }
        if name in moves:
            return self._redrawn(self.text, moves[name])
        if name in cuts:
            first, last = cuts[name]
            if last - first > 1:
                self._cut = self.text[first:last]
            return self._redrawn(self.text[:first] + self.text[last:], first)
        if name == "paste":
            return "".join(self.insert(char) for char in self._cut)
        return self._leaf(1 if name == "older" else -1)

    def _word_left(self) -> int:
        head = self.text[: self.at].rstrip()
        return head.rfind(" ") + 1

    def _word_right(self) -> int:
        tail = self.text[self.at :]
        skipped = len(tail) - len(tail.lstrip())
        cut = tail.find(" ", skipped)
        return len(self.text) if cut < 0 else self.at + cut

    def _leaf(self, step: int) -> str:
        back = self._back + step
        if not 0 <= back <= len(self.history):
            return "\a"
        self._back = back
        line = self.history[-back] if back else ""
        return self._redrawn(line, len(line))

    # --- the line -------------------------------------------------------------------------------

    def insert(self, char: str) -> str:
        """Adds a character where the cursor is."""
        if len(self.text) >= _MAX_LINE:
            return "\a"
        if self.at == len(self.text) and not self._left and self.at < self._room():
            self.text += char  # what nearly always happens, and quickly
            self.at += 1
            return char
        line = self.text[: self.at] + char + self.text[self.at :]
        return self._redrawn(line, self.at + 1)

    def take(self) -> str:
        """Returns the line and begins a new one."""
        line, self.text = self.text, ""
        self.at = self._left = self._back = 0
        self._escape = ""
        return line

    def remember(self, line: str) -> None:
        """Keeps a line for the arrow keys; the same line twice in a row once."""
        if not self.history or self.history[-1] != line:
            self.history.append(line)

    def shown(self) -> str:
        """Returns the line as the terminal shows it, with the cursor back in its place."""
        seen = self._window(self.text, self._left)
        return seen + "\b" * (len(seen) - (self.at - self._left))

    def _room(self) -> int:
        room = self.width - self.prompt_width - 1
        return room if self.width and room >= 2 * _SHIFT else _MAX_LINE * 2

    def _window(self, text: str, left: int) -> str:
        seen = text[left : left + self._room()]
        return f"${seen[1:]}" if left and seen else seen

    def _redrawn(self, text: str, at: int) -> str:
        """Takes the new line and cursor; returns what turns the old picture into the new one."""
        room, old, column = self._room(), self._window(self.text, self._left), self.at - self._left
        left = self._left
        if at - left > room:
            left = at - (room - _SHIFT) - 1
        elif at <= left and left:
            left = max(at - _SHIFT, 0)
        self.text, self.at, self._left = text, at, left
        new, target = self._window(text, left), at - left
        same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
        same = min(len(old), len(new)) if same is None else same
        if old == new:
            return "\b" * (column - target) + new[column:target]
        start = min(same, column)
        echo = "\b" * (column - start) + new[start:]
        blanks = max(len(old) - len(new), 0)
        return echo + " " * blanks + "\b" * (blanks + len(new) - target)


_KEYS = {
    "\b": "erase",
    "\x7f": "erase",
    "\x01": "home",
    "\x02": "left",
    "\x04": "delete",
    "\x05": "end",
    "\x06": "right",
    "\x0b": "cut-end",
    "\x0e": "newer",
    "\x10": "older",
    "\x15": "cut-home",
    "\x17": "cut-word-left",
    "\x18": "cut-home",
    "\x19": "paste",
}
_SEQUENCES = {
    "[a": "older",
    "[b": "newer",
    "[c": "right",
    "[d": "left",
    "oa": "older",
    "ob": "newer",
    "oc": "right",
    "od": "left",
    "[h": "home",
    "[f": "end",
    "[1~": "home",
    "[4~": "end",
    "[3~": "delete",
    "b": "word-left",
    "f": "word-right",
    "d": "cut-word-right",
    "\x7f": "cut-word-left",
}
