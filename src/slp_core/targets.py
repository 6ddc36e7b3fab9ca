"""Where a router should go: ``Target`` and its parts, which take what people write.

What stands in a plan is of one form; the models' own validators bring others into it: a name for
an image or a topology, a list in one text, ``off`` that YAML reads as false. Only ``load_target``
completes a target: it reads image files and takes a release from an image's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from slp_core import typed, written
from slp_core.errors import InputError, ReleaseError
from slp_core.forms import odd_text
from slp_core.image_files import described
from slp_core.refusals import refusal, refused, refused_in_part
from slp_core.release import Release
from slp_core.state import Frozen

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

_BASE = "base"
"""Key of the validation's context: the folder of relative paths, where a target is completed.

There is a context where a person's file is read, and none where a plan is.
"""
_RELEASE_IN_NAME = re.compile(r"[._-](\d{1,2}\.\d{1,2}\.\d{1,2}[a-z]?)(?=[._-]|$)")


def _base(info: ValidationInfo) -> Path | None:
    return (info.context or {}).get(_BASE)


# --- the models ----------------------------------------------------------------------------------


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

    @model_validator(mode="before")
    @classmethod
    def _named_and_described(cls, value: Any, info: ValidationInfo) -> Any:
        """Names the image by its source; a local file of a target to be planned is read."""
        source = value.get("source") if isinstance(value, Mapping) else None
        if not isinstance(source, str):
            return value
        if written.by_a_person(info):
            written.refuse_login(source)
        fields = {"name": source.rpartition("/")[2], **value}
        base = _base(info)
        if base is not None and not written.URL.match(source):
            fields |= described(fields, (base / source).expanduser().resolve())
        return fields


class CallHome(Aim):
    """Call-home, where the transport is ``callhome`` (B9-10).

    Attributes:
        contact: e-mail address of whoever is responsible.
        mail_servers: in the order of their priority.
        url: where the profile sends to; other destinations of the profile are taken away.
        server_identity_check: off where the server's certificate does not name it.
    """

    contact: typed.Mail | None = None
    mail_servers: Annotated[tuple[typed.Host, ...], written.WORDS] = ()
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
    transport: Annotated[Literal["smart", "callhome"] | None, written.TRANSPORT] = None
    url: Annotated[typed.WebUrl | None, written.WITHOUT_LOGIN] = None
    proxy: typed.Proxy | None = None
    vrf: typed.Vrf | None = None
    source_interface: typed.Interface | None = None
    interface_address: typed.InterfaceAddress | None = None
    routes: Annotated[tuple[typed.Route, ...], written.LINES] = ()
    lookup_interface: typed.Interface | None = None
    name_servers: Annotated[tuple[typed.Address, ...], written.WORDS] = ()
    trustpoint: typed.Name | None = None
    revocation_check: typed.Revocation | None = None
    http_timeout: Annotated[int | None, Field(ge=1, le=60)] = None
    http_retries: Annotated[int | None, Field(ge=1, le=5)] = None
    server_identity_check: bool = False
    usage_interval: Annotated[int | None, Field(ge=1, le=365)] = None
    privacy: Annotated[tuple[Literal["all", "hostname", "version"], ...], written.WORDS] = ()
    call_home: CallHome | None = None
    token: Annotated[str | None, written.TOKEN] = None
    """Reference to a trust token (``env:NAME``, ``file:PATH`` …), never the token."""
    server_version: typed.Word | None = None
    """Version of SSM On-Prem or of the controller, where the operator knows it (UP-6)."""

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, Mapping):
            return value
        fields = dict(value)
        if fields.get("transport") in (False, "off"):
            del fields["transport"]
        by_address = fields.get("kind") in ("cslu", "cslu-offline", "onprem")
        if _base(info) is not None and by_address and fields.get("url") in (None, "default"):
            fields["url"] = None
        return fields


WrittenImage = Annotated[Image, BeforeValidator(written.image, json_schema_input_type=str | Image)]


class Software(Aim):
    """A release, and the image that brings it."""

    release: Annotated[typed.Release | None, written.RELEASE] = None
    image: WrittenImage | None = None

    @model_validator(mode="before")
    @classmethod
    def _release_of_the_image(cls, value: Any, info: ValidationInfo) -> Any:
        """Takes the release from the image's name where it is not said, once it is completed."""
        if _base(info) is None or not isinstance(value, Mapping):
            return value
        fields = {k: v for k, v in value.items() if v is not None}
        named = _named_release(written.image(fields.get("image")))
        return {"release": named, **fields} if named else fields

    @model_validator(mode="after")
    def _release_and_image_agree(self, info: ValidationInfo) -> Self:
        if _base(info) is None or self.release is None:
            return self
        named = _named_release(self.image and {"name": self.image.name})
        try:
            release = Release.parse(self.release)
            agreed = named is None or Release.parse(named).satisfies(release)
        except ReleaseError as error:
            raise refusal(error.what, error.remedy) from error
        if not agreed and self.image is not None:
            raise refusal(
                f"the image {self.image.name} is not of release {release}",
                "make release and image agree",
            )
        return self


def _named_release(image: Any) -> str | None:
    """Returns the release that stands in an image's name."""
    given = image if isinstance(image, Mapping) else {}
    name = given.get("name") or str(given.get("source") or "").rpartition("/")[2]
    match = _RELEASE_IN_NAME.search(str(name))
    return match[1] if match else None


class Stop(Software):
    """A release that the upgrade stops at on its way (B9-3, ROMMON-2)."""


WrittenStop = Annotated[Stop, BeforeValidator(written.stop, json_schema_input_type=str | Stop)]


class Target(Software):
    """Where a router should go."""

    stop: (
        Annotated[Stop, BeforeValidator(written.stop, json_schema_input_type=str | Stop)] | None
    ) = None
    """Where the way leads past a release that must have run once."""
    topology: Annotated[
        Topology,
        BeforeValidator(written.topology, json_schema_input_type=TopologyKind | Topology),
        Field(description="one of " + ", ".join(get_args(TopologyKind))),
    ]
    hseck9: Annotated[written.Hseck9, written.HSECK9] = "keep"
    hseck9_balance: int | None = None
    """Free HSECK9 licences in the virtual account, where the operator knows (SLRUP-1)."""
    slac_line: Literal["keep", "write"] = "keep"
    """``write``: what an automatic SLAC needs in startup-config is entered and saved before the
    upgrade where it is missing (SLAC-5, SLAC-6)."""
    throughput: Annotated[typed.Level | None, written.LEVEL] = None
    """What export control counts: the platform's level on virtual routers, crypto on hardware."""
    platform_level: Annotated[typed.Level | None, written.LEVEL] = None
    """The platform's level on hardware, beside its crypto throughput."""
    boot_level: typed.BootLevel | None = None
    """Such as ``network-advantage addon dna-advantage``; in force after a reload."""
    auto_abort_minutes: typed.AutoAbort = 120
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
    delivered_with: Literal["slp"] | None = None
    """That the router was delivered with SLP, which only the operator knows (DOWN-1, DOWN-2)."""
    allow: dict[str, str] = Field(default_factory=dict)
    """Overridden blockers: rule id to the operator's reason."""


# --- targets of files and inventories ------------------------------------------------------------


def load_target(data: Mapping[str, Any], *, where: str, base: Path) -> Target:
    """Returns the target that a file or an inventory describes, complete for a plan.

    Args:
        data: ``release``, ``image``, ``topology``, ``hseck9`` … as in ``Target``; an image and a
            topology may be a name alone.
        where: file or router, for error messages.
        base: folder that relative image paths start from.

    Raises:
        InputError: a key is unknown, missing or contradicts another; a token is no reference.
    """
    try:
        return Target.model_validate(_said(data, where), context={_BASE: base})
    except ValidationError as error:
        raise refused(error, Target, where=where) from error


def check_target(data: Any, *, where: str) -> None:
    """Refuses what no target holds; what is missing may be said by options, files are not read.

    Raises:
        InputError: a key is unknown, or its value is none.
    """
    try:
        Target.model_validate(_said(data, where), context={_BASE: None})
    except ValidationError as error:
        wrong = refused_in_part(error, Target, where=where)
        if wrong is not None:
            raise wrong from error


def _said(data: Any, where: str) -> dict[str, Any]:
    """Returns what is said of a target; what is no printable line is refused before all else."""
    if not isinstance(data, Mapping):
        raise InputError(
            f"the target is {type(data).__name__}, not keys with values",
            where=where,
            remedy="write it as `key: value` lines",
        )
    given = {str(k): v for k, v in data.items() if v is not None}
    odd = odd_text(given)
    if odd is not None:
        place, why = odd
        raise InputError(
            f"{place}: {why}",
            where=where,
            remedy="write the value on one line, as the router would show it",
        )
    return given
