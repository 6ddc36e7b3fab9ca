"""The files that users keep: ``assessment.json``, ``plan.json``, ``report.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypedDict, TypeVar

from pydantic import Field, ValidationError

from nornir_slp.json_stream import head_of, items_of
from nornir_slp.saved_files import json_text, write_text
from slp_core.errors import InputError, PlanMismatch
from slp_core.plan import Notice, Plan
from slp_core.reading import MAX_DOCUMENT, parse_json, read_bytes
from slp_core.state import Frozen, RouterState

T = TypeVar("T", bound=Frozen)


class RouterAssessment(Frozen):
    """What one router is, or why it could not be read.

    ``observed`` holds the state in the vocabulary of predictions, ``group`` the inventory data
    that runs are ordered by.
    """

    router: str
    error: str | None = None
    error_code: str | None = None
    remedy: str | None = None
    state: RouterState | None = None
    observed: dict[str, Any] = Field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    target: dict[str, Any] | None = None
    group: dict[str, Any] = Field(default_factory=dict)


class Assessment(Frozen):
    """What a fleet is, as saved in ``assessment.json``."""

    schema_version: Literal[1] = 1
    kind: Literal["assessment"] = "assessment"
    created: str = ""
    made_by: str = ""
    source: str = ""
    routers: tuple[RouterAssessment, ...] = ()

    @property
    def states(self) -> dict[str, RouterState]:
        """The state of each router that could be read, by name."""
        return {r.router: r.state for r in self.routers if r.state is not None}

    @property
    def errors(self) -> dict[str, str]:
        """Why each other router could not be read, by name."""
        return {r.router: r.error or "" for r in self.routers if r.state is None}


class Stamp(TypedDict):
    """When a document was made, and by what."""

    created: str
    made_by: str


def stamp() -> Stamp:
    """Returns ``created`` and ``made_by`` for a new document."""
    from importlib.metadata import version

    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"created": now, "made_by": f"nornir-slp {version('nornir-slp')}"}


def save(document: Frozen, path: Path) -> None:
    """Writes a document whole or not at all.

    Raises:
        InputError: the folder is missing or cannot be written.
    """
    text = json_text(document.to_json())
    if isinstance(document, Plan):  # sealed as it stands in the file, after masking
        data = json.loads(text)
        text = json_text({**data, "sealed": Plan.model_validate(data).hash()})
    write_text(path, text)


def load_plan(path: Path) -> Plan:
    """Returns the plan that was saved in ``path``.

    Raises:
        InputError: unreadable, of another version, or not a plan.
        PlanMismatch: it was changed since it was saved (F47).
    """
    plan = _validated(Plan, read_json(path), path)
    if plan.sealed and plan.sealed != plan.hash():
        raise PlanMismatch(
            "was changed after slp plan had saved it",
            where=str(path),
            remedy="plan again, with other options if another plan is wanted",
        )
    return plan


def load_assessment(path: Path) -> Assessment:
    """Returns the assessment that was saved in ``path``.

    Raises:
        InputError: unreadable, of another version, or not an assessment.
    """
    return _validated(Assessment, read_json(path), path)


def assessed_routers(path: Path) -> Iterator[RouterAssessment]:
    """Yields the routers of an assessment one by one, so that memory does not grow with them.

    Raises:
        InputError: unreadable, of another version, or not an assessment.
    """
    head = head_of(path, "routers")
    if head is None or head.get("kind") != "assessment":
        yield from load_assessment(path).routers  # written by others, in another order
        return
    _validated(Assessment, head, path)
    for number, data in enumerate(items_of(path, "routers")):
        try:
            yield RouterAssessment.model_validate(data)
        except ValidationError as error:
            raise _not_one(error, path, "assessment", f"routers.{number}.") from error


def load_any(path: Path) -> Plan | Assessment | Frozen:
    """Returns whatever document was saved in ``path``: plan, assessment or report.

    Raises:
        InputError: unreadable, of another version, or none of these.
    """
    data = read_json(path)
    kind = data.get("kind", "plan")
    if kind == "assessment":
        return _validated(Assessment, data, path)
    if kind == "report":
        from nornir_slp.report.model import Report

        return _validated(Report, data, path)
    return _validated(Plan, data, path)


def read_json(path: Path) -> Mapping[str, Any]:
    """Returns the object in a JSON file.

    Raises:
        InputError: missing, unreadable, or no JSON object.
    """
    data = parse_json(read_bytes(path, limit=MAX_DOCUMENT), str(path))
    if not isinstance(data, dict):
        raise InputError("holds no JSON object", where=str(path))
    return data


def _validated(model: type[T], data: Mapping[str, Any], path: Path) -> T:
    name = model.__name__.lower()
    given = data.get("schema_version")
    if given != 1:
        raise InputError(
            f"is of schema version {given!r}, and this slp reads version 1",
            where=str(path),
            remedy=f"make the {name} again with this version",
        )
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _not_one(error, path, name, named=_router_at(data, error)) from error


def _router_at(data: Mapping[str, Any], error: ValidationError) -> str:
    """Returns the name of the router whose part is wrong; empty where it is none's."""
    match error.errors(include_input=False, include_url=False)[0]["loc"]:
        case ("routers", int(number), *_):
            part = data["routers"][number]
            name = part.get("router") if isinstance(part, Mapping) else None
            return name if isinstance(name, str) and name.isprintable() else ""
    return ""


def _not_one(
    error: ValidationError, path: Path, name: str, within: str = "", *, named: str = ""
) -> InputError:
    first = error.errors(include_input=False, include_url=False)[0]
    place = within + ".".join(str(part) for part in first["loc"])
    return InputError(
        f"is no {name}: {place}: {first['msg']}",
        where=f"{path}: {named}" if named else str(path),
        remedy=f"give a {name} that slp has written, unchanged",
    )
