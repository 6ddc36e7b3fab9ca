"""Which licensing model is in force (MODEL), and of what kind a CSL licence is (MODEL-KIND)."""

from __future__ import annotations

from enum import StrEnum

from slp_core.platforms import platform_of
from slp_core.rules.concern import Concern
from slp_core.rules.schema import RuleData
from slp_core.state import CslFeature, Licensing, RouterState


class Model(StrEnum):
    """A licensing model; its value is the id of the rule that tells it."""

    CLASSIC = "MODEL-CLASSIC"
    SLP = "MODEL-SLP"
    SLR = "MODEL-SLR"
    PLR = "MODEL-PLR"
    REGISTERED = "MODEL-REGISTERED"
    EVAL = "MODEL-EVAL"
    CSL = "MODEL-CSL"
    RTU = "MODEL-RTU"
    NOLICENSE = "MODEL-NOLICENSE"
    UNKNOWN = "MODEL-UNKNOWN"


class Kind(StrEnum):
    """Of what kind a licence of Cisco Software Licensing is."""

    DEFAULT = "default"
    RTU = "rtu"
    PAK = "pak"
    EVALUATION = "evaluation"


_NOT_REGISTERED = ("UNREGISTERED", "REGISTERING", "REGISTRATION FAILED")
"""Also while a registration is under way, and after one that failed (C10)."""
CSL_MODELS = frozenset({Model.CSL, Model.RTU})
RESERVED_MODELS = frozenset({Model.SLR, Model.PLR})


def needs_slp(model: Model) -> Concern:
    """Returns that something is asked of a router that only one with SLP can do."""
    return Concern(
        "MODEL-SLP",
        "blocker",
        f"the router does not run SLP ({model.value})",
        "bring it there first: slp plan, or slp upgrade",
        overridable=False,
    )


def needs_classic() -> Concern:
    """Returns that something is asked of a router with SLP that only one before it can do."""
    return Concern(
        "MODEL-SLP",
        "blocker",
        "the router runs SLP: it knows neither registration nor new reservations",
        "slp topology, slp trust, or slp slac",
        overridable=False,
    )


def detect(state: RouterState, rules: RuleData) -> Model:
    """Returns the model in force, tested in the order of the rules.

    Source: MODEL-CLASSIC, MODEL-SLP and those that follow; MODEL-UNKNOWN where nothing fits.
    """
    platform = platform_of(state.udi.pid if state.udi else None, rules)
    if platform is not None and platform.classic:
        return Model.CLASSIC
    return smart_or_traditional(state)


def smart_or_traditional(state: RouterState) -> Model:
    """Returns the model by the router's outputs alone, whatever its platform."""
    licensing = state.licensing
    if licensing is None:
        return Model.UNKNOWN
    if _has_slp(licensing):
        return Model.SLP
    for model, words in (
        (Model.SLR, "SPECIFIC LICENSE RESERVATION"),
        (Model.PLR, "UNIVERSAL LICENSE RESERVATION"),
    ):
        if words in _registration(licensing):
            return model
    reservation = licensing.reservation
    if reservation is not None and (reservation.status or "").startswith("SPECIFIC INSTALLED"):
        return Model.SLR
    registration = _registration(licensing)
    if registration == "REGISTERED":
        return Model.REGISTERED
    if registration.startswith(_NOT_REGISTERED) and _evaluates(licensing):
        return Model.EVAL
    if (licensing.license_type or "").lower() == "no license mode" or _disabled(licensing):
        return Model.NOLICENSE
    if licensing.csl_features and licensing.smart_licensing != "ENABLED":
        return Model.RTU if _right_to_use_alone(state) else Model.CSL
    return Model.UNKNOWN


def kinds(feature: CslFeature, rules: RuleData) -> frozenset[Kind]:
    """Returns every reading of what kind a CSL licence is; more than one is a contradiction.

    ``show license feature`` may say RightToUse of a licence that ``show license`` calls
    Permanent and node-locked: the guide shows both of the same licence, so both readings stand.

    Source: MODEL-KIND.
    """
    if feature.feature in rules.features.defaults:
        return frozenset({Kind.DEFAULT})
    type_ = (feature.license_type or "").replace(" ", "").lower()
    found: set[Kind] = set()
    if type_.startswith("evalrighttouse"):
        found.add(Kind.EVALUATION)
    elif "righttouse" in type_:
        found.add(Kind.RTU)
    elif type_.startswith("permanent"):
        found.add(Kind.PAK)
    if feature.right_to_use is True:
        found.add(Kind.RTU)
    elif feature.right_to_use is False and feature.enabled and not found:
        found.add(Kind.PAK)
    return frozenset(found)


def _has_slp(licensing: Licensing) -> bool:
    if (licensing.slp or "").upper() == "ENABLED":
        return True
    return "Using Policy" in (licensing.show_version_status or "")


def _registration(licensing: Licensing) -> str:
    if licensing.registration is not None:
        return licensing.registration.status.strip().upper()
    # "UNREGISTERED/EVAL MODE"; "Registration Not Applicable" is printed by SLP releases.
    return (licensing.show_version_status or "").partition("/")[0].strip().upper()


def _evaluates(licensing: Licensing) -> bool:
    """Tells whether an unregistered router evaluates; with nothing in use too (MODEL-EVAL, C10)."""
    told = licensing.authorization_status or (licensing.show_version_status or "").partition("/")[2]
    return told.strip().upper().startswith(("EVAL", "NO LICENSES IN USE"))


def _disabled(licensing: Licensing) -> bool:
    return "DISABLED" in (licensing.show_version_status or "").upper()


def _right_to_use_alone(state: RouterState) -> bool:
    seen = {c.command for c in state.commands if c.status == "ok" and "license" in c.command}
    told = seen & {"show license", "show license feature", "show license all"}
    return "show license right-to-use" in seen and not told
