"""What goes out to the client of one line: text, pauses, messages, the end."""

from __future__ import annotations

from slp_sim.ports import Action, Close, Delay, Output, Wake


class Unread:
    """The system messages that a line has not seen yet, however the log is cut or cleared."""

    def __init__(self, log: list[str]) -> None:
        self._last: str | None = next(reversed(log), None)

    def look(self, log: list[str]) -> list[str]:
        """Returns them."""
        at = next((n for n in range(len(log) - 1, -1, -1) if log[n] is self._last), -1)
        return log[at + 1 :]

    def take(self, log: list[str]) -> list[str]:
        """Returns them; from now on they are seen."""
        found = self.look(log)
        self._last = found[-1] if found else self._last
        return found


class Screen:
    """The actions that a line has for its front end."""

    def __init__(self) -> None:
        self._actions: list[Action] = []

    def print(self, text: str) -> None:
        """Prints text; a line end becomes what a terminal needs."""
        self._actions.append(Output(text.replace("\n", "\r\n").encode()))

    def pause(self, seconds: float) -> None:
        """Lets the front end wait before what follows (a slow router)."""
        self._actions.append(Delay(seconds))

    def wake_in(self, seconds: float) -> None:
        """Asks the front end to come back."""
        self._actions.append(Wake(seconds))

    def hang_up(self) -> None:
        """Ends the connection."""
        self._actions.append(Close())

    def flush(self) -> list[Action]:
        """Returns what has gathered, text that stands side by side in one piece."""
        actions, self._actions = self._actions, []
        merged: list[Action] = []
        pieces: list[bytes] = []
        for action in actions:
            if isinstance(action, Output):
                pieces.append(action.data)
                continue
            if pieces:
                merged.append(Output(b"".join(pieces)))
                pieces = []
            merged.append(action)
        if pieces:
            merged.append(Output(b"".join(pieces)))
        return merged
