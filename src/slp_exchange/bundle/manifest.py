"""What stands in an archive, file by file."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MANIFEST = "manifest.json"
Kind = Literal["usage", "answers"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ManifestEntry(_Strict):
    """One file of the archive.

    Attributes:
        file: its name in the archive.
        saved: when the router's report was brought here, or CSSM's answer fetched.
        report_ids: the usage reports in it.
        wants: name under which the router's step asks for the answer.
        answers: hash of the usage file that this one answers.
    """

    router: str = Field(min_length=1, max_length=255)
    pid: str
    sn: str = Field(min_length=1)
    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    saved: datetime | None = None
    report_ids: tuple[int, ...] = ()
    wants: str | None = None
    answers: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")


class Manifest(_Strict):
    """What an archive holds: usage reports of routers, or CSSM's answers to them."""

    schema_version: Literal[1] = 1
    kind: Kind
    made: datetime
    made_by: str = "nornir-slp"
    run: str | None = None
    files: tuple[ManifestEntry, ...]
