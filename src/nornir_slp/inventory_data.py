"""What may stand under ``data.slp`` of a host, group or default: for ``slp doctor``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from slp_core.errors import SlpError
from slp_core.targets import Topology, TopologyKind, load_target

_REFERENCE = r"^(env|file|keyring|prompt):"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ClockData(_Strict):
    """A lab's clock; leave it out for real routers."""

    epoch: str
    factor: float = Field(gt=0)
    started: float
    floor: float = 90.0


class FakeData(_Strict):
    """The simulated router behind ``transport: fake``."""

    scenario: str
    router: str | None = None


class ImageData(_Strict):
    """An image; with a local ``source``, what is not said is read from the file."""

    name: str | None = None
    source: str | None = None
    size: int | None = None
    md5: str | None = None
    sha512: str | None = None
    vrf: str | None = None
    source_interface: str | None = None


class TopologyData(Topology):
    """How the router reports after the upgrade, as people write it."""

    # Wider than a topology's own: ``load_target`` brings these forms into the narrow ones.
    transport: Literal["smart", "callhome", "off", False] | None = None  # type: ignore[assignment]
    name_servers: str | tuple[str, ...] = ()  # type: ignore[assignment]


class StopData(_Strict):
    """A release that the upgrade stops at on its way (B9-3)."""

    release: str | float | None = None
    image: str | ImageData | None = None


class TargetData(_Strict):
    """Where the router should go: the form, for editors; ``load_target`` judges it."""

    release: str | float | None = None
    image: str | ImageData | None = None
    topology: TopologyKind | TopologyData
    hseck9: str | bool = "keep"
    hseck9_balance: int | None = None
    throughput: int | float | str | None = None
    platform_level: int | str | None = None
    boot_level: str | None = None
    auto_abort_minutes: int = 120
    boot: Literal["keep", "install"] = "keep"
    install: Literal["steps", "one-shot", "issu"] = "steps"
    reload: Literal["now", "later"] = "now"
    rollback: Literal["ask", "auto"] = "ask"
    stop: str | StopData | None = None
    classic: Literal["keep", "register", "renew", "deregister", "smart", "no-license"] = "keep"
    allow: dict[str, str] = Field(default_factory=dict)


class ServiceBlock(_Strict):
    """A licensing service: where it is, and by which references one is let in."""

    url: str | None = None
    token_url: str | None = None
    api: Literal["auto", "swapi", "apx"] = "auto"
    client_id: str | None = None
    client_secret: str | None = Field(default=None, pattern=_REFERENCE)
    username: str | None = None
    password: str | None = Field(default=None, pattern=_REFERENCE)
    account: str | None = Field(default=None, description="Smart Account/virtual account")
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    timeout: float = Field(default=60.0, gt=0)


class RestData(_Strict):
    """The router's own REST interface, ``/smartlic-service``; the host's login unless said."""

    scheme: Literal["https", "http"] = "https"
    port: int | None = Field(default=None, ge=1, le=65535)
    username: str | None = None
    password: str | None = Field(default=None, pattern=_REFERENCE)
    ca: str | None = Field(default=None, description="Certificates to trust instead.")
    verify: bool = Field(default=True, description="False: neither certificate nor TLS is asked.")
    timeout: float = Field(default=60.0, gt=0)
    prefer: bool = Field(default=False, description="Usage goes this way unless a step says cli.")


class SlpData(_Strict):
    """``data.slp``: how a router is reached, and where it should go."""

    driver: Literal["scrapli", "netmiko"] = "scrapli"
    transport: Literal["ssh", "system", "fake"] = "ssh"
    known_hosts: str | None = None
    enable: str | None = Field(default=None, pattern=_REFERENCE)
    connect_timeout: float | None = Field(default=None, gt=0)
    logins: int | None = Field(default=None, ge=1)
    site: str | None = None
    clock: ClockData | None = None
    fake: FakeData | None = None
    target: TargetData | None = None
    rest: RestData | None = None
    cssm: ServiceBlock | None = None
    onprem: ServiceBlock | None = None
    base: str | None = Field(default=None, description="Set by the inventory plugin.")


def complaint(data: dict[str, Any], base: Path) -> str | None:
    """Returns the first thing that is wrong with ``data.slp``; nothing where it is sound.

    A target is judged as a plan judges it.

    Args:
        base: folder that relative paths of images start from.
    """
    try:
        SlpData.model_validate({key: value for key, value in data.items() if key != "target"})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return f"data.slp.{'.'.join(str(p) for p in first['loc'])}: {first['msg']}"
    if data.get("target") is None:
        return None
    try:
        load_target(data["target"], where="data.slp.target", base=base)
    except SlpError as error:
        return f"{error.where}: {error.what}"
    return None


def schema_text() -> str:
    """Returns the JSON schema of ``data.slp``."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SlpData.model_json_schema(),
        "title": "data.slp of a Nornir host, group or default",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
