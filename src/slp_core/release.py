"""IOS-XE releases: parsed, ordered, and printed as they were found."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from slp_core.errors import ReleaseError

_FORM = re.compile(
    r"^\s*[vV]?(\d{1,2})\.(\d{1,3})\.(\d{8}(?=:)|\d{1,3})([a-z]{1,2})?(?P<rest>[A-Za-z0-9.:\-_]*)\s*$"
)

_DATE = 8  # digits of the day on which an experimental build was made


@total_ordering
class Release:
    """One IOS-XE release such as ``17.3.1a``.

    Ordered by train, number and rebuild letter: ``16.12.04`` equals ``16.12.4``, which is older
    than ``17.3.1a``. An experimental build such as ``17.15.20240820:124233`` counts by its train
    alone, as ``17.15.0``. What follows the letter (build numbers, ``prd15``, SMU
    suffixes) is kept in ``printed`` and does not count.

    Source: UP-4.
    """

    __slots__ = ("letter", "major", "minor", "number", "printed")

    def __init__(
        self, major: int, minor: int, number: int, letter: str = "", printed: str = ""
    ) -> None:
        self.major = major
        self.minor = minor
        self.number = number
        self.letter = letter
        self.printed = printed or f"{major}.{minor}.{number}{letter}"

    @classmethod
    def parse(cls, text: str) -> Release:
        """Returns the release that ``text`` names.

        Raises:
            ReleaseError: ``text`` does not start with three numbers.
        """
        match = _FORM.match(text)
        if match is None:
            raise ReleaseError(
                f"{text!r} is no IOS-XE release", remedy="write it as 17.9.4a or 17.09.04a"
            )
        letter, rest = match[4] or "", match["rest"]
        number = 0 if len(match[3]) == _DATE else int(match[3])
        if rest[:1].isalnum() and (letter or rest[:1].isalpha()):
            letter = ""  # "17.07.01prd15": a build suffix, no rebuild letter
        return cls(int(match[1]), int(match[2]), number, letter, text.strip())

    @property
    def train(self) -> tuple[int, int]:
        """Major and minor number, such as ``(17, 3)``."""
        return self.major, self.minor

    @property
    def key(self) -> tuple[int, int, int, str]:
        """What is compared."""
        return self.major, self.minor, self.number, self.letter

    @property
    def short(self) -> str:
        """The release without leading zeros or suffixes, such as ``17.3.1a``."""
        return f"{self.major}.{self.minor}.{self.number}{self.letter}"

    def satisfies(self, target: Release) -> bool:
        """Tells whether a router on this release has reached ``target``.

        A target named without a rebuild letter accepts its rebuilds (UP-4).
        """
        if self.key == target.key:
            return True
        return not target.letter and self.key[:3] == target.key[:3]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Release) and self.key == other.key

    def __lt__(self, other: Release) -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.short

    def __repr__(self) -> str:
        return f"Release({self.printed!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Stands in models as a value and in JSON as the printed text."""
        from_text = core_schema.no_info_after_validator_function(
            cls._validate, core_schema.str_schema()
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), from_text]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda r: r.printed),
        )

    @classmethod
    def _validate(cls, text: str) -> Release:
        try:
            return cls.parse(text)
        except ReleaseError as error:
            raise ValueError(error.what) from error
