"""``load_target``: where a router should go, as people write it."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ValidationError

from slp_core.errors import InputError, ReleaseError, SecretError
from slp_core.forms import odd_text
from slp_core.plan import CallHome, Image, Target, Topology, TopologyKind
from slp_core.reading import MAX_IMAGE, open_file
from slp_core.release import Release
from slp_core.secret_lines import mask_lines
from slp_core.token_reference import (
    is_asked_of_cssm,
    is_token_reference,
    parse_token_reference,
)

Hseck9 = Literal["keep", "none", "add", "add-before", "add-after"]

_URL = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_RELEASE_IN_NAME = re.compile(r"[._-](\d{1,2}\.\d{1,2}\.\d{1,2}[a-z]?)(?=[._-]|$)")
_ALIASES = {
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
_ONE_LINE = "write the value on one line, as the router would show it"
_HOLDERS: Mapping[str, type[BaseModel]] = {
    "topology": Topology,
    "image": Image,
    "callhome": CallHome,
}


def load_target(data: Mapping[str, Any], *, where: str, base: Path) -> Target:
    """Returns the target that a file or an inventory describes.

    Args:
        data: ``release``, ``image``, ``topology``, ``hseck9`` … as in ``Target``; an image and a
            topology may be a name alone.
        where: file or router, for error messages.
        base: folder that relative image paths start from.

    Raises:
        InputError: a key is unknown, missing or contradicts another; a token is no reference.
    """
    given = {str(k): v for k, v in _mapping(data, "the target", where).items()}
    _refuse_odd_text(given, where)
    image = _image(given.get("image"), where, base)
    release = _release(given.get("release"), image, where)
    merged = given | {
        "release": release,
        "image": image,
        "stop": _stop(given.get("stop"), where, base),
        "topology": _topology(given.get("topology"), where),
        "hseck9": _hseck9(given.get("hseck9", "keep"), where),
    }
    if isinstance(merged.get("throughput"), float):
        merged["throughput"] = int(merged["throughput"])
    try:
        return Target.model_validate({k: v for k, v in merged.items() if v is not None})
    except ValidationError as error:
        raise _input_error(error, where) from error


def _refuse_odd_text(given: Mapping[str, Any], where: str) -> None:
    """Refuses what is no printable line before anything else is said of it."""
    odd = odd_text(given)
    if odd is not None:
        place, why = odd
        raise InputError(f"{place}: {why}", where=where, remedy=_ONE_LINE)


def _stop(given: Any, where: str, base: Path) -> dict[str, Any] | None:
    """Returns the release that the upgrade stops at on its way, and its image."""
    if given is None:
        return None
    fields = given if isinstance(given, Mapping) else {"image": given}
    unknown = set(fields) - {"release", "image"}
    if unknown:
        raise InputError(
            f"stop: {min(unknown)} is not known", where=where, remedy="give release or image"
        )
    image = _image(fields.get("image"), f"{where}: stop", base)
    release = _release(fields.get("release"), image, f"{where}: stop")
    found = {"release": release, "image": image}
    return {k: v for k, v in found.items() if v is not None}


def _release(given: Any, image: Image | None, where: str) -> str | None:
    named = None
    if image is not None:
        match = _RELEASE_IN_NAME.search(image.name)
        named = match[1] if match else None
    text = str(given) if given is not None else named
    if text is None:
        return None
    try:
        release = Release.parse(text)
        if named is not None and not Release.parse(named).satisfies(release):
            raise InputError(
                f"the image {image.name if image else ''} is not of release {release}",
                where=where,
                remedy="make release and image agree",
            )
    except ReleaseError as error:
        raise InputError(error.what, where=where, remedy=error.remedy) from error
    return text


def _image(given: Any, where: str, base: Path) -> Image | None:
    if given is None:
        return None
    fields: dict[str, Any] = {"name": given} if isinstance(given, str) else {}
    if isinstance(given, str) and ("/" in given or _URL.match(given)):
        fields = {"name": given.rsplit("/", 1)[-1], "source": given}
    elif isinstance(given, Mapping):
        fields = {str(k): v for k, v in given.items()}
    source = fields.get("source")
    if isinstance(source, str):
        _refuse_login(source, f"{where}: image.source")
        fields.setdefault("name", source.rsplit("/", 1)[-1])
        if not _URL.match(source):
            fields |= _local(fields, (base / source).expanduser().resolve(), where)
    try:
        return Image.model_validate(fields)
    except ValidationError as error:
        raise _input_error(error, f"{where}: image") from error


def _refuse_login(url: str, where: str) -> None:
    """Refuses an address that holds a password: it would stand in the plan, or not work (F31)."""
    if mask_lines(url) != url:
        raise InputError(
            "the address holds a password",
            where=where,
            remedy="leave it out; configure it on the router (`ip ftp password`, "
            "`ip http client password`), or copy the image from here by SCP",
        )


def _local(fields: Mapping[str, Any], path: Path, where: str) -> dict[str, Any]:
    """Returns what a local image file adds: its path, and what it lacks of size and hashes."""
    try:
        stat = path.stat()
        size, md5, sha512 = _hashes(str(path), stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise InputError(
            f"the image {path} cannot be read: {error.strerror}",
            where=where,
            remedy="check image.source; leave it out where the image is on flash already",
        ) from error
    found: dict[str, Any] = {"source": str(path)}
    if not fields.get("size"):
        found["size"] = size
    if not fields.get("md5"):
        found["md5"] = md5
    if not fields.get("sha512"):
        found["sha512"] = sha512
    return found


@lru_cache(maxsize=64)
def _hashes(path: str, size: int, mtime_ns: int) -> tuple[int, str, str]:  # noqa: ARG001 - key
    md5, sha512 = hashlib.md5(usedforsecurity=False), hashlib.sha512()
    with open_file(Path(path), limit=MAX_IMAGE) as file:
        while block := file.read(1 << 20):
            md5.update(block)
            sha512.update(block)
    return size, md5.hexdigest(), sha512.hexdigest()


def _mapping(given: Any, what: str, where: str) -> Mapping[Any, Any]:
    """Returns ``given``, which must be keys with values.

    Raises:
        InputError: it is a number, a list or a text.
    """
    if not isinstance(given, Mapping):
        raise InputError(
            f"{what} is {type(given).__name__}, not keys with values",
            where=where,
            remedy="write it as `key: value` lines",
        )
    return given


def _topology(given: Any, where: str) -> Topology:
    if given is None:
        raise InputError(
            "the target says no topology",
            where=where,
            remedy="give one of " + ", ".join(get_args(TopologyKind)),
        )
    fields = {"kind": given} if isinstance(given, str) else dict(_mapping(given, "topology", where))
    if fields.get("transport") in (False, "off"):  # YAML reads a bare off as false
        fields.pop("transport")
    servers = fields.get("name_servers")
    if isinstance(servers, str):
        fields["name_servers"] = servers.replace(",", " ").split()
    token = fields.get("token")
    if isinstance(fields.get("url"), str):
        _refuse_login(fields["url"], f"{where}: topology.url")
    if token is not None and not is_token_reference(str(token)):
        raise InputError(
            "topology.token is a value, not a reference",
            where=where,
            remedy="write env:NAME, file:PATH, keyring:SERVICE/USER, prompt:LABEL or cssm:ACCOUNT",
        )
    if token is not None and is_asked_of_cssm(str(token)):
        try:
            parse_token_reference(str(token))
        except SecretError as error:
            raise InputError(error.what, where=where, remedy=error.remedy) from error
    try:
        topology = Topology.model_validate(fields)
    except ValidationError as error:
        raise _input_error(error, f"{where}: topology") from error
    if topology.kind in ("cslu", "cslu-offline", "onprem") and topology.url in (None, "default"):
        if topology.kind == "onprem":
            raise InputError(
                "an On-Prem topology needs the URL that SSM On-Prem shows",
                where=where,
                remedy="copy it from Inventory > General; it is never made up (TOPO-ONPREM)",
            )
        topology = topology.model_copy(update={"url": None})
    return topology


def _hseck9(given: Any, where: str) -> Hseck9:
    text = str(given).strip().lower().replace("_", "-")
    name = text if text in get_args(Hseck9) else _ALIASES.get(text.replace("-", " "))
    if name not in get_args(Hseck9):
        raise InputError(
            f"hseck9: {given!r} is not known",
            where=where,
            remedy="give keep, none, add, add-before or add-after",
        )
    return name  # type: ignore[return-value]  # checked against the literal's own values


def _input_error(error: ValidationError, where: str) -> InputError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return _unknown_key(first["loc"], where)
    remedy = _ONE_LINE if first["type"] == "form" else "see the target's keys"
    return InputError(f"{place}: {first['msg']}", where=where, remedy=remedy)


def _unknown_key(path: tuple[int | str, ...], where: str) -> InputError:
    """Returns that a key is none of a target, with those that it may have meant."""
    *above, key = (str(part) for part in path)
    holder = above[-1] if above else where.rpartition(": ")[2]
    fields = _HOLDERS.get(holder, Target).model_fields
    near = difflib.get_close_matches(key, fields, n=1)
    known = ", ".join(sorted(fields))
    return InputError(
        f"{'.'.join((*above, key))!r} is no key of it",
        where=where,
        remedy=f"did you mean {near[0]}?" if near else f"one of {known}",
    )
