"""Types of texts that end in a line for a router, for the models of plans; and step parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo
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


Address = Annotated[str, _of(forms.ADDRESS)]
BootLevel = Annotated[str, _of(forms.BOOT_LEVEL)]
File = Annotated[str, AfterValidator(_from_base)]
FileName = Annotated[str, _of(forms.FILE_NAME)]
Hash = Annotated[str, _of(forms.HASH)]
Host = Annotated[str, _of(forms.HOST)]
Interface = Annotated[str, _of(forms.INTERFACE)]
InterfaceAddress = Annotated[str, _of(forms.INTERFACE_ADDRESS)]
Level = Annotated[int | str, _of(forms.LEVEL)]
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
Vrf = Annotated[str, _of(forms.VRF)]
WebUrl = Annotated[str, _of(forms.WEB_URL)]
Word = Annotated[str, _of(forms.WORD)]

_PARAMS: Final[Mapping[str, Form]] = {
    "beyond": forms.RELEASE,
    "boot": forms.BOOT_FILE,
    "boot_level": forms.BOOT_LEVEL,
    "crypto": forms.LEVEL,
    "feature": forms.NAME,
    "filesystem": forms.FILESYSTEM,
    "level": forms.LEVEL,
    "needs": forms.FILE_NAME,
    "provides": forms.FILE_NAME,
    "release": forms.RELEASE,
    "shows.transport": forms.NAME,
    "shows.url": forms.WEB_URL,
}
"""Parameters of steps, by their place; one that is not listed is a single word."""
_PATHS: Final = ("file",)
"""A name in the router's folder, or a file on the router."""
_NEVER_TYPED: Final = ("token", "tags")
"""A reference, and names of licences that are only compared: one printable line."""


def params_refusal(
    params: Mapping[str, Any], models: Mapping[str, type[BaseModel]] | None = None
) -> tuple[str, str] | None:
    """Returns which parameter of a step cannot be typed, and why; ``None`` where all can.

    Args:
        models: by key, what a whole mapping is held against by its own model.
    """
    models = models or {}
    for key, value in params.items():
        if key in models:
            continue
        for place, text in forms.texts_in(value, key):
            refusal = _refusal(re.sub(r"\.\d+$", "", place), text)
            if refusal is not None:
                return place, refusal
    return None


def _refusal(place: str, text: str) -> str | None:
    if place in _NEVER_TYPED:
        odd = forms.unprintable(text)
        return f"holds {odd}" if odd else None
    if place in _PATHS:
        if text.endswith(":"):  # of a plan that no image is named for, which is blocked
            return forms.FILESYSTEM.refusal(text)
        return (forms.FLASH_PATH if ":" in text else forms.FILE_NAME).refusal(text)
    return _PARAMS.get(place, forms.WORD).refusal(text)


def check_params(params: Mapping[str, Any], models: Mapping[str, type[BaseModel]]) -> None:
    """Refuses parameters of a step of which one cannot be typed.

    Raises:
        PydanticCustomError, ValidationError: it names the parameter.
    """
    refusal = params_refusal(params, models)
    if refusal is not None:
        raise _refused(f"params.{refusal[0]}: {refusal[1]}")
    for key, model in models.items():
        if isinstance(params.get(key), Mapping):
            model.model_validate(params[key])
