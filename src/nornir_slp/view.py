"""What is shown of something: lines and tables, whatever they are shown on.

A command makes an ``Answer``; the terminal, CSV, Markdown, HTML and JSON render it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from nornir_slp.sheet import Sheet


class Span(NamedTuple):
    """A part of a line; ``style`` is a colour, ``bold``, ``dim``, or the state that it shows."""

    text: str
    style: str = ""


@dataclass
class Line:
    """A line of text, wrapped where it is shown, unless it is shown ``whole``.

    Behind a ``sign`` what is wrapped stands below its begin.
    """

    spans: list[Span] = field(default_factory=list)
    sign: str | None = None
    whole: bool = False

    @classmethod
    def of(cls, text: str = "", style: str = "") -> Self:
        """Returns a line that begins with this text."""
        return cls([Span(text, style)])

    def add(self, text: str, style: str = "") -> Self:
        """Adds text to its end."""
        self.spans.append(Span(text, style))
        return self

    def after(self, sign: str) -> Self:
        """Sets it behind a sign."""
        self.sign = sign
        return self


Block = Line | Sheet
Page = Iterable[Block]


@dataclass(frozen=True)
class Answer:
    """A command's result in the forms that it has; a missing form is a usage error.

    Attributes:
        page: what a terminal shows; a sheet is CSV and Markdown as well.
        data: JSON, unless ``saved`` names the file that holds it already.
        sheet: CSV and Markdown, where the page is more than a sheet.
        texts: forms by name that are made in another way.
    """

    page: Sheet | Callable[[], Page]
    data: Callable[[], Any] | None = None
    saved: Path | None = None
    sheet: Callable[[], Sheet] | None = None
    texts: Mapping[str, Callable[[], str]] = field(default_factory=dict)

    @property
    def blocks(self) -> Page:
        """What a terminal shows."""
        return (self.page,) if isinstance(self.page, Sheet) else self.page()

    @property
    def forms(self) -> dict[str, Callable[[], str]]:
        """The forms that are text, by name."""
        if isinstance(self.page, Sheet):
            return {"csv": self.page.csv, "markdown": self.page.markdown, **self.texts}
        sheet = self.sheet
        if sheet is None:
            return dict(self.texts)
        return {
            "csv": lambda: sheet().csv(),
            "markdown": lambda: sheet().markdown(),
            **self.texts,
        }
