"""The forms in which people write parts of a target, brought into the one that a plan holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

from pydantic import BeforeValidator, ValidationInfo

from slp_core.errors import SecretError
from slp_core.refusals import refusal
from slp_core.secret_lines import mask_lines
from slp_core.token_reference import (
    is_asked_of_cssm,
    is_token_reference,
    parse_token_reference,
)

Hseck9 = Literal["keep", "none", "add", "add-before", "add-after"]
URL: Final = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ALIASES: Final[Mapping[str, str]] = {
    "add": "add",
    "add after": "add-after",
    "add after the upgrade": "add-after",
    "add before": "add-before",
    "add before the upgrade": "add-before",
    "true": "add",
    "yes": "add",
    "false": "none",
    "no": "none",
}


def _words(value: Any) -> Any:
    """Returns the list that a text of words is, parted by commas or blanks."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    """Returns the list that a text is whose items hold blanks."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _release_text(value: Any) -> Any:
    """Returns a release as text; YAML reads ``17.9`` as a number."""
    return str(value) if isinstance(value, int | float) else value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value


def _hseck9(value: Any) -> Any:
    text = str(value).strip().lower().replace("_", "-")
    name = text if text in get_args(Hseck9) else _ALIASES.get(text.replace("-", " "))
    if name is None:
        raise refusal(f"{value!r} is not known", "give keep, none, add, add-before or add-after")
    return name


def refuse_login(url: Any) -> None:
    """Refuses an address that holds a password: it would stand in the plan, or not work (F31)."""
    if isinstance(url, str) and mask_lines(url) != url:
        raise refusal(
            "the address holds a password",
            "leave it out; configure it on the router (`ip ftp password`, "
            "`ip http client password`), or copy the image from here by SCP",
        )


def by_a_person(info: ValidationInfo) -> bool:
    """Tells whether a file or an inventory is read; a plan is of values that were judged then."""
    return info.context is not None


def _address(value: Any, info: ValidationInfo) -> Any:
    if by_a_person(info):
        refuse_login(value)
    return value


def _token(value: Any, info: ValidationInfo) -> Any:
    if value is None or not by_a_person(info):
        return value
    if not is_token_reference(str(value)):
        raise refusal(
            "a value, not a reference",
            "write env:NAME, file:PATH, keyring:SERVICE/USER, prompt:LABEL or cssm:ACCOUNT",
        )
    if is_asked_of_cssm(str(value)):
        try:
            parse_token_reference(str(value))
        except SecretError as error:
            raise refusal(error.what, error.remedy) from error
    return value


def image(value: Any) -> Any:
    if isinstance(value, str):
        if "/" in value or URL.match(value):
            return {"source": value}
        return {"name": value}
    return value


def stop(value: Any) -> Any:
    return {"image": value} if isinstance(value, str) else value


def topology(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


# --- as validators, with what a schema for people allows -----------------------------------------

WORDS: Final = BeforeValidator(_words, json_schema_input_type=str | list[str])
LINES: Final = BeforeValidator(_lines, json_schema_input_type=str | list[str])
RELEASE: Final = BeforeValidator(_release_text, json_schema_input_type=str | float | None)
LEVEL: Final = BeforeValidator(_whole, json_schema_input_type=float | str | None)
HSECK9: Final = BeforeValidator(_hseck9, json_schema_input_type=str | bool)
TOKEN: Final = BeforeValidator(_token, json_schema_input_type=str | None)
WITHOUT_LOGIN: Final = BeforeValidator(_address, json_schema_input_type=str | None)
TRANSPORT: Final = BeforeValidator(
    lambda value: value,  # ``off`` is met by the topology: an unset transport is not a null one
    json_schema_input_type=Literal["smart", "callhome", "off", False] | None,
)
