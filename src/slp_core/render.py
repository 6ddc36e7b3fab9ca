"""Configuration from templates: strict, so that a value nobody gave is an error, never a blank."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, UndefinedError
from jinja2 import TemplateError as JinjaError

from slp_core.errors import TemplateError
from slp_core.forms import unprintable


def template_folders() -> tuple[Path, ...]:
    """Returns where templates are looked for: a checkout's own folder before the packaged one."""
    here = Path(__file__).resolve().parent
    checkout = here.parent.parent / "templates"
    packaged = here / "templates"
    return tuple(p for p in (checkout, packaged) if p.is_dir())


def template_names() -> tuple[str, ...]:
    """Returns the names of all templates, such as ``topology/cslu.j2``."""
    return tuple(_environment(template_folders()).list_templates())


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    return Environment(  # noqa: S701 - router configuration, not HTML
        loader=FileSystemLoader([str(p) for p in folders]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_one_line,
    )


def _one_line(value: Any) -> Any:
    """Refuses a value that would become a line of its own, or a control character."""
    odd = unprintable(value) if isinstance(value, str) else None
    if odd is not None:
        raise JinjaError(f"a value holds {odd}")
    return value


def render_lines(template: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the configuration lines of ``template``; lines of a sub-mode keep their indent.

    Args:
        template: name below ``templates/``, such as ``topology/cslu.j2``.
        values: what the template may use; ``None`` means "not given" and can be asked for.

    Raises:
        TemplateError: there is no such template, or it asks for a value that was not given.
    """
    try:
        text = _environment(template_folders()).get_template(template).render(**values)
    except TemplateNotFound as error:
        raise TemplateError(f"there is no template {error.name}", where=template) from error
    except UndefinedError as error:
        raise TemplateError(
            f"a value is missing: {error.message}",
            where=template,
            remedy="give it in the target's topology",
        ) from error
    except JinjaError as error:
        raise TemplateError(f"it cannot be rendered: {error}", where=template) from error
    lines = (line.rstrip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("!"))
