"""Types of texts that end in a line for a router, for the models of targets and steps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from slp_core import forms
from slp_core.forms import Form
from slp_core.refusals import refusal
from slp_core.secrets import SCHEMES, is_reference

_IS_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def _refused(why: str) -> PydanticCustomError:
    return PydanticCustomError("form", "{why}", {"why": why})


def one_line(value: Any) -> Any:
    """Returns a value of which every text, however deep, is one printable line.

    Raises:
        PydanticCustomError: one is not.
    """
    odd = forms.odd_text(value)
    if odd is not None:
        place, why = odd
        raise _refused(f"{place} {why}" if place else why)
    return value


def _of(form: Form) -> AfterValidator:
    def judge(value: Any) -> Any:
        refusal = form.refusal(value) if isinstance(value, str) else None
        if refusal is not None:
            raise _refused(refusal)
        return value

    return AfterValidator(judge)


def _source(value: str) -> str:
    """A URL goes to the router, a path stays here."""
    refusal = forms.URL.refusal(value) if _IS_URL.match(value) else None
    if refusal is not None:
        raise _refused(refusal)
    return value


def _reference(value: str) -> str:
    if not is_reference(value):
        raise refusal(
            "a value, not a reference", "write env:NAME, file:PATH or keyring:SERVICE/USER"
        )
    return value


def _from_base(value: str, info: ValidationInfo) -> str:
    """A relative path starts at the folder that the context names as ``base``."""
    base: Path | None = (info.context or {}).get("base")
    return value if base is None else str(base / Path(value).expanduser())


def _step_file(value: str) -> str:
    """A name in the router's folder, or a file on the router."""
    form = forms.FLASH_PATH if ":" in value else forms.FILE_NAME
    if value.endswith(":"):  # of a plan that no image is named for, which is blocked
        form = forms.FILESYSTEM
    refusal = form.refusal(value)
    if refusal is not None:
        raise _refused(refusal)
    return value


Address = Annotated[str, _of(forms.ADDRESS)]
AutoAbort = Annotated[int, Field(ge=30, le=1200)]
"""Minutes until an activated release that is not committed rolls back by itself: the range of the
command (YANG model of the install RPC)."""
BootFile = Annotated[str, _of(forms.BOOT_FILE)]
BootLevel = Annotated[str, _of(forms.BOOT_LEVEL)]
File = Annotated[str, AfterValidator(_from_base)]
FileName = Annotated[str, _of(forms.FILE_NAME)]
Filesystem = Annotated[str, _of(forms.FILESYSTEM)]
Hash = Annotated[str, _of(forms.HASH)]
Host = Annotated[str, _of(forms.HOST)]
Interface = Annotated[str, _of(forms.INTERFACE)]
InterfaceAddress = Annotated[str, _of(forms.INTERFACE_ADDRESS)]
Level = Annotated[int | str, _of(forms.LEVEL)]
Line = Annotated[str, AfterValidator(one_line)]
Mail = Annotated[str, _of(forms.MAIL)]
Name = Annotated[str, _of(forms.NAME)]
Proxy = Annotated[str, _of(forms.PROXY)]
Reference = Annotated[
    str,
    AfterValidator(_reference),
    Field(json_schema_extra={"pattern": f"^({'|'.join(SCHEMES)}):"}),
]
"""Where a secret is to be had, never the secret."""
Release = Annotated[str, _of(forms.RELEASE)]
Revocation = Annotated[str, _of(forms.REVOCATION)]
Route = Annotated[str, _of(forms.ROUTE)]
Source = Annotated[str, AfterValidator(_source)]
StepFile = Annotated[str, AfterValidator(_step_file)]
Vrf = Annotated[str, _of(forms.VRF)]
WebUrl = Annotated[str, _of(forms.WEB_URL)]
Word = Annotated[str, _of(forms.WORD)]
