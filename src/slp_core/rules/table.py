"""The decision table: every combination of model, transport, licence and platform, by the rules.

``python -m slp_core.rules.table [FILE]`` writes it; ``docs/decision-table.md`` is its output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import groupby, product
from pathlib import Path
from typing import Any, get_args

from slp_core.platforms import Platform
from slp_core.rules.data import builtin_rules
from slp_core.rules.dlc import converts
from slp_core.rules.licenses import outcomes
from slp_core.rules.model import CSL_MODELS, Model, detect
from slp_core.rules.reporting import reporting_need
from slp_core.rules.schema import PlatformRow, RuleData
from slp_core.rules.slac import slac_need
from slp_core.rules.transport import transport_after, transport_before
from slp_core.state import RouterState, TransportKind
from slp_core.targets import Target, Topology

MODELS = (Model.REGISTERED, Model.EVAL, Model.SLR, Model.PLR, Model.SLP, Model.CSL, Model.RTU)
"""Models that rules plan for; the rest is refused (UNKNOWN, NOLICENSE) or planned by B9."""

TRANSPORTS = (*get_args(TransportKind), "none", "unseen")
PLATFORMS: dict[str, PlatformRow] = {
    "physical, converts": PlatformRow(
        id="p", series="ISR 4000", pids=(), kind="physical", dlc=True
    ),
    "physical": PlatformRow(id="q", series="", pids=(), kind="physical"),
    "virtual": PlatformRow(id="v", series="", pids=(), kind="virtual"),
}
_USED: dict[str, Any] = {"license_state": "Active, In Use", "enabled": True}
_IDLE: dict[str, Any] = {"license_state": "Active, Not in Use", "enabled": False}
CLASSIC_LICENCES: dict[str, dict[str, Any]] = {
    "default": {"feature": "ipbasek9"},
    "right-to-use, in use": {"feature": "x", "right_to_use": True, **_USED},
    "right-to-use, unused": {"feature": "x", "right_to_use": True, **_IDLE},
    "evaluation, in use": {"feature": "x", "license_type": "EvalRightToUse", **_USED},
    "PAK, in use": {"feature": "x", "license_type": "Permanent", "right_to_use": False, **_USED},
    "PAK, unused": {"feature": "x", "license_type": "Permanent", "right_to_use": False, **_IDLE},
    "HSECK9 by PAK": {"feature": "hseck9", "license_type": "Permanent", **_USED},
    "HSECK9 without PAK": {"feature": "hseck9", "right_to_use": False, "enabled": False},
}
SMART_LICENCES: dict[str, dict[str, Any]] = {
    "unrestricted": {"tag": "X", "status": "AUTHORIZED", "export_status": "NOT RESTRICTED"},
    "unrestricted, not authorized": {
        "tag": "X", "status": "NOT AUTHORIZED", "export_status": "NOT RESTRICTED",
    },
    "restricted, allowed": {
        "tag": "X_Hsec", "status": "AUTHORIZED", "export_status": "RESTRICTED - ALLOWED",
    },
    "restricted, not allowed": {
        "tag": "X_Hsec", "status": "NOT AUTHORIZED", "export_status": "RESTRICTED - NOT ALLOWED",
    },
}  # fmt: skip
_SHOWN: dict[Model, dict[str, Any]] = {
    Model.REGISTERED: {"registration": {"status": "REGISTERED"}},
    Model.EVAL: {"registration": {"status": "UNREGISTERED"}, "authorization_status": "EVAL MODE"},
    Model.SLR: {"registration": {"status": "REGISTERED - SPECIFIC LICENSE RESERVATION"}},
    Model.PLR: {"registration": {"status": "REGISTERED - UNIVERSAL LICENSE RESERVATION"}},
    Model.SLP: {"slp": "ENABLED"},
}


@dataclass(frozen=True)
class Decision:
    """One combination and what the rules say of it, each with its rule."""

    model: str
    transport: str
    licence: str
    platform: str
    transport_after: str
    licence_after: str
    slac_to_250: str
    slac_above_connected: str
    slac_above_unconnected: str
    conversion: str
    reporting: str


def licences_of(model: Model) -> dict[str, dict[str, Any]]:
    """Returns the kinds of licence that a model knows."""
    return CLASSIC_LICENCES if model in CSL_MODELS else SMART_LICENCES


def combinations() -> Iterator[tuple[Model, str, str, str]]:
    """Yields every combination of model, transport before, kind of licence and platform class."""
    for model in MODELS:
        yield from product((model,), TRANSPORTS, licences_of(model), PLATFORMS)


def decisions(rules: RuleData | None = None) -> Iterator[Decision]:
    """Yields what the rules say of every combination."""
    data = rules or builtin_rules()
    for model, transport, licence, platform in combinations():
        yield _decide(data, model, transport, licence, platform)


def _decide(rules: RuleData, model: Model, transport: str, licence: str, platform: str) -> Decision:
    state = _state(model, transport, licence)
    assert detect(state, rules) is model
    row = PLATFORMS[platform]
    router = Platform(row, "")
    before = transport_before(state, model)
    after = transport_after(model, "none" if transport == "none" else before, rules)
    return Decision(
        model=model.value,
        transport=transport,
        licence=licence,
        platform=platform,
        transport_after=f"{after.kind or 'no prediction'} ({after.rule})",
        licence_after=_licence_after(state, model, rules),
        slac_to_250=_slac(state, model, router, 250_000, "request", rules),
        slac_above_connected=_slac(state, model, router, 250_001, "request", rules),
        slac_above_unconnected=_slac(
            _behind_satellite(state), model, router, 250_001, "file", rules
        ),
        conversion="yes (DLC-1, DLC-2)" if converts(model, router) else _no_conversion(model),
        reporting=", ".join(reporting_need(state, model, rules).rules) or "as its policy says",
    )


def _no_conversion(model: Model) -> str:
    return "no (DLC-2)" if model in CSL_MODELS else "no (DLC-1)"


def _state(model: Model, transport: str, licence: str) -> RouterState:
    licensing: dict[str, Any] = dict(_SHOWN.get(model, {}))
    if transport not in ("none", "unseen"):
        licensing["transport"] = {"kind": transport}
    if model in CSL_MODELS:
        licensing["csl_features"] = [CLASSIC_LICENCES[licence]]
    else:
        licensing["licenses"] = [SMART_LICENCES[licence]]
    data: dict[str, Any] = {"name": "any", "licensing": licensing}
    if model is Model.RTU:
        data["commands"] = [{"command": "show license right-to-use", "status": "ok"}]
    return RouterState.from_json(data)


def _licence_after(state: RouterState, model: Model, rules: RuleData) -> str:
    found = outcomes(state, model, rules)[0]
    words = {
        "migrated": f"IN USE, {found.enforcement}",
        "hidden": "migrated, not displayed",
        "left": "not migrated",
        "open": "no prediction",
    }
    return f"{words[found.fate]} ({', '.join(found.rules)})"


def _behind_satellite(state: RouterState) -> RouterState:
    """Returns the router as one that does not itself reach CSSM (SLAC-5, SLAC-6)."""
    data = state.to_json()
    data["config"] = [f"destination address http {_SATELLITE}"]
    if "transport" in data["licensing"]:
        data["licensing"]["transport"]["url"] = _SATELLITE
    return RouterState.from_json(data)


def _slac(
    state: RouterState, model: Model, platform: Platform, kbps: int, way: str, rules: RuleData
) -> str:
    level = {"level": kbps, "crypto": kbps}
    loaded = RouterState.from_json({**state.to_json(), "throughput": level})
    target = Target(topology=Topology(kind="direct"))
    need = slac_need(loaded, model, platform, target, way, rules)
    words = {"none": "none", "reservation": "update the reservation before", "ask": "asked"}
    return f"{words.get(need.need, need.need)} ({need.rule})"


_HEAD = """# Decision table

Every combination of licensing model, transport, kind of licence and platform class, and what the
rules say of it; written by `python -m slp_core.rules.table docs/decision-table.md` from the code
and its data. A SLAC "above" is for more than 250 Mbps that the export flag alone allows: platform
throughput on virtual routers, crypto throughput on physical ones. What each rule means is told by
`slp explain RULE`. Models beside these are refused (MODEL-UNKNOWN, MODEL-NOLICENSE) or follow the
rules of the ASR 900 family (MODEL-CLASSIC, B9).
"""
_SATELLITE = "https://satellite.example.net/Transportgateway/services"
_COLUMNS = (
    "Transport before", "Licence", "Platform", "Transport after", "Licence after",
    "SLAC up to 250 Mbps", "SLAC above, connected", "SLAC above, not connected",
    "Conversion", "Reporting",
)  # fmt: skip


def render(rules: RuleData | None = None) -> str:
    """Returns the table as Markdown, one section a model."""
    text = [_HEAD]
    for model, rows in groupby(decisions(rules), lambda d: d.model):
        text.append(f"\n## {model}\n")
        text.append("| " + " | ".join(_COLUMNS) + " |")
        text.append("|" + "---|" * len(_COLUMNS))
        text += ["| " + " | ".join(astuple(d)[1:]) + " |" for d in rows]
    return "\n".join(text) + "\n"


def main(arguments: list[str]) -> None:
    """Writes the table to the file that is named, or to standard output."""
    if arguments:
        Path(arguments[0]).write_text(render(), encoding="utf-8")
    else:
        sys.stdout.write(render())


if __name__ == "__main__":
    main(sys.argv[1:])
