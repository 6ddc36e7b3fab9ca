"""``Target``: where a router should go; ``load_target`` reads it as people write it."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, ValidationError, field_validator

from slp_core import typed
from slp_core.errors import InputError, ReleaseError, SecretError
from slp_core.forms import odd_text
from slp_core.reading import MAX_IMAGE, open_file
from slp_core.release import Release
from slp_core.secret_lines import mask_lines
from slp_core.state import Frozen
from slp_core.token_reference import (
    is_asked_of_cssm,
    is_token_reference,
    parse_token_reference,
)

TopologyKind = Literal[
    "direct",
    "cslu",
    "cslu-pull",
    "cslu-offline",
    "onprem",
    "onprem-pull",
    "controller",
    "airgap",
]


class Aim(Frozen):
    """A part of a target. Each of its texts is one printable line; most have a form besides."""

    @field_validator("*", mode="after")
    @classmethod
    def _one_line(cls, value: Any) -> Any:
        return typed.one_line(value)


class Image(Aim):
    """An image to boot.

    Attributes:
        name: file name on the router's flash.
        source: local path (copied by SCP) or a URL that the router itself copies from; unset
            where the image is expected on flash already.
        size: bytes, where known.
        md5, sha512: hexadecimal; the hash is proven on the router before anything is activated.
        vrf, source_interface: how the router reaches a URL that it copies from.
    """

    name: typed.FileName
    source: typed.Source | None = None
    size: int | None = None
    md5: typed.Hash | None = None
    sha512: typed.Hash | None = None
    vrf: typed.Vrf | None = None
    source_interface: typed.Interface | None = None


class CallHome(Aim):
    """Call-home, where the transport is ``callhome`` (B9-10).

    Attributes:
        contact: e-mail address of whoever is responsible.
        mail_servers: in the order of their priority.
        url: where the profile sends to; other destinations of the profile are taken away.
        server_identity_check: off where the server's certificate does not name it.
    """

    contact: typed.Mail | None = None
    mail_servers: tuple[typed.Host, ...] = ()
    profile: typed.Name = "CiscoTAC-1"
    url: typed.WebUrl | None = None
    server_identity_check: bool = True


class Topology(Aim):
    """How the router reports after the upgrade (TOPO rows).

    Attributes:
        proxy: ``host:port``; for call-home it becomes the profile's own.
        vrf: of name servers, routes, call-home and, where the release has it, licensing itself.
        interface_address: ``ADDRESS MASK`` of the source interface, where it has none yet.
        routes: ``PREFIX MASK NEXT-HOP``.
        lookup_interface: from which names are looked up.
        revocation_check: of the trustpoint, such as ``none`` where its CRL is out of reach.
        http_timeout, http_retries: of the router's HTTP client, in seconds and tries.
        privacy: what reports leave out.
    """

    kind: TopologyKind
    transport: Literal["smart", "callhome"] | None = None
    url: typed.WebUrl | None = None
    proxy: typed.Proxy | None = None
    vrf: typed.Vrf | None = None
    source_interface: typed.Interface | None = None
    interface_address: typed.InterfaceAddress | None = None
    routes: tuple[typed.Route, ...] = ()
    lookup_interface: typed.Interface | None = None
    name_servers: tuple[typed.Address, ...] = ()
    trustpoint: typed.Name | None = None
    revocation_check: typed.Revocation | None = None
    http_timeout: Annotated[int | None, Field(ge=1, le=60)] = None
    http_retries: Annotated[int | None, Field(ge=1, le=5)] = None
    server_identity_check: bool = False
    usage_interval: Annotated[int | None, Field(ge=1, le=365)] = None
    privacy: tuple[Literal["all", "hostname", "version"], ...] = ()
    call_home: CallHome | None = None
    token: str | None = None
    """Reference to a trust token (``env:NAME``, ``file:PATH`` …), never the token."""
    server_version: typed.Word | None = None
    """Version of SSM On-Prem or of the controller, where the operator knows it (UP-6)."""


class Stop(Aim):
    """A release that the upgrade stops at on its way (B9-3)."""

    release: typed.Release | None = None
    image: Image | None = None


class Target(Aim):
    """Where a router should go."""

    release: typed.Release | None = None
    image: Image | None = None
    stop: Stop | None = None
    """Where the way leads past a release that must have run once."""
    topology: Topology
    hseck9: Literal["keep", "none", "add", "add-before", "add-after"] = "keep"
    hseck9_balance: int | None = None
    """Free HSECK9 licences in the virtual account, where the operator knows (SLRUP-1)."""
    throughput: typed.Level | None = None
    """What export control counts: the platform's level on virtual routers, crypto on hardware."""
    platform_level: typed.Level | None = None
    """The platform's level on hardware, beside its crypto throughput."""
    boot_level: typed.BootLevel | None = None
    """Such as ``network-advantage addon dna-advantage``; in force after a reload."""
    auto_abort_minutes: int = 120
    boot: Literal["keep", "install"] = "keep"
    """Whether a router in bundle mode stays there or is converted by the upgrade (UP-2)."""
    install: Literal["steps", "one-shot", "issu"] = "steps"
    """Install mode: add, activate and commit one by one; in one command that cannot roll back by
    itself; or in service, one processor after the other (ISSU)."""
    reload: Literal["now", "later"] = "now"
    """``later``: the image is staged (and added in install mode); what takes the router out of
    service waits for a later plan."""
    rollback: Literal["ask", "auto"] = "ask"
    """Whether an upgrade that is not as predicted is taken back by the run itself; then it is
    committed only after it was looked at."""
    classic: Literal["keep", "register", "renew", "deregister", "smart", "no-license"] = "keep"
    """What to do with classic licensing on the ASR 900 family (B9-5, B9-6)."""
    allow: dict[str, str] = Field(default_factory=dict)
    """Overridden blockers: rule id to the operator's reason."""


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
