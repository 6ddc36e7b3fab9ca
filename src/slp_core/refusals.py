"""What a model refuses, told to a person: where it stands, what is wrong, what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from slp_core.errors import InputError

_ONE_LINE = "write the value on one line, as the router would show it"
_TAGS = ("int", "str", "bool", "float")
"""What pydantic adds to the place of a value that may be of several types."""


class Refused(InputError):
    """A value that a person wrote is none that the model takes.

    Attributes:
        path: the keys that lead to it within what was read.
    """

    def __init__(
        self, what: str, *, where: str | None, remedy: str, path: Sequence[str] = ()
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.path = tuple(path)


def refusal(why: str, remedy: str | None = None) -> PydanticCustomError:
    """Returns the error that a validator raises; its sentence and remedy reach the person."""
    return PydanticCustomError("refused", "{why}", {"why": why, "remedy": remedy or ""})


def refused(error: ValidationError, model: type[BaseModel], *, where: str) -> Refused:
    """Returns the first thing that a person must correct; a key that is none before all others.

    Args:
        where: file or router, and the keys that lead to the model.
    """
    return _refused(error.errors(include_url=False), model, where)


def refused_in_part(
    error: ValidationError, model: type[BaseModel], *, where: str
) -> Refused | None:
    """Returns the same of what may be completed elsewhere: nothing that is missing is told."""
    errors = [e for e in error.errors(include_url=False) if e["type"] != "missing"]
    return _refused(errors, model, where) if errors else None


def _refused(errors: list[ErrorDetails], model: type[BaseModel], where: str) -> Refused:
    first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
    path = list(_path(first["loc"]))
    *above, key = path or [""]
    holder = ".".join(above)
    what, remedy = _told(first, key, _model_at(model, above))
    return Refused(what, where=f"{where}: {holder}" if holder else where, remedy=remedy, path=path)


def _told(error: ErrorDetails, key: str, holder: type[BaseModel]) -> tuple[str, str]:
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(key, holder.model_fields, n=1)
            known = ", ".join(sorted(holder.model_fields))
            return f"{key!r} is no key of it", f"did you mean {near[0]}?" if near else (
                f"one of {known}"
            )
        case "missing":
            field = holder.model_fields.get(key)
            choice = f": {field.description}" if field and field.description else ""
            return f"says no {key}", f"give {key}{choice}"
        case "literal_error":
            choices = error["ctx"]["expected"].replace("'", "")
            return f"{key}: none of its values", f"give {choices}"
        case "model_type" | "dict_type":
            kind = type(error["input"]).__name__
            return f"{key} is {kind}, not keys with values", "write it as `key: value` lines"
        case "tuple_type":
            kind = type(error["input"]).__name__
            return f"{key} is {kind}, not a list", "write it as `[first, second]`"
    remedy = _ONE_LINE if error["type"] == "form" else error.get("ctx", {}).get("remedy")
    return (
        f"{key}: {error['msg']}" if key else error["msg"],
        remedy or "slp doctor --schema prints what may stand here",
    )


def _path(place: Sequence[int | str]) -> Iterator[str]:
    """Yields the keys of a place; one of a list with its number."""
    key = ""
    for part in place:
        if isinstance(part, int):
            key = f"{key}.{part}"
        elif part not in _TAGS:
            if key:
                yield key
            key = part
    if key:
        yield key


def _model_at(model: type[BaseModel], path: Sequence[str]) -> type[BaseModel]:
    for key in path:
        field = model.model_fields.get(key)
        inner = next(_models(field.annotation), None) if field else None
        if inner is None:
            return model
        model = inner
    return model


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for part in get_args(hint):
        yield from _models(part)
