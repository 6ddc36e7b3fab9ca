"""What the tests of parsers share."""

from __future__ import annotations


def plain(command: str) -> str:
    """Returns a command without the word in capitals that stands for its argument."""
    words = command.split()
    return " ".join(words[:-1] if words[-1].isupper() else words)
