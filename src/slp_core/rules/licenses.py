"""What happens to each licence in the migration (LIC)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slp_core.rules.classic import same_words
from slp_core.rules.model import CSL_MODELS, Kind, Model, kinds
from slp_core.rules.schema import RuleData
from slp_core.rules.slac import is_hseck9_tag, is_restricted, reserved
from slp_core.state import CslFeature, License, RouterState, same_tag

FEATURE = "feature:"
"""Begins the key of a licence that is known by its feature only, such as ``feature:appxk9``."""


@dataclass(frozen=True)
class LicenceOutcome:
    """One licence and what becomes of it.

    Attributes:
        key: entitlement tag, or ``feature:NAME`` where the tag appears only after the upgrade.
        fate: ``migrated``, ``hidden`` (migrated, never displayed), ``left`` (not migrated) or
            ``open`` (no rule tells).
        restricted: export-controlled; ``enforcement`` and ``export_status`` follow from it.
        inferred: what had to be inferred because the router did not print it.
    """

    key: str
    fate: str
    rules: tuple[str, ...]
    restricted: bool = False
    before: License | None = None
    csl: CslFeature | None = None
    inferred: str = ""

    @property
    def enforcement(self) -> str:
        """The enforcement type after the migration."""
        return "EXPORT RESTRICTED" if self.restricted else "NOT ENFORCED"

    @property
    def export_status(self) -> str:
        """The export status after the migration."""
        return "RESTRICTED - ALLOWED" if self.restricted else "NOT RESTRICTED"


def outcomes(state: RouterState, model: Model, rules: RuleData) -> tuple[LicenceOutcome, ...]:
    """Returns every licence that the router shows, and its fate.

    Source: LIC-1 to LIC-7, LIC-11.
    """
    licensing = state.licensing
    if licensing is None:
        return ()
    if model in CSL_MODELS:
        return tuple(_csl(f, rules) for f in _in_use_first(licensing.csl_features or ()))
    if model is Model.SLP:
        return tuple(
            LicenceOutcome(x.tag, "migrated", ("TRANS-8",), is_restricted(x, state, rules), x)
            for x in licensing.licenses or ()
        )
    found = [_smart(x, state, model, rules) for x in licensing.licenses or ()]
    found += _reserved_only(state, rules)
    return tuple(found)


def _in_use_first(features: tuple[CslFeature, ...]) -> Iterator[CslFeature]:
    """Yields one entry a feature: built-in `Inactive` duplicates are no licences in use."""
    seen: dict[str, CslFeature] = {}
    for feature in features:
        known = seen.get(feature.feature)
        if known is None or (not _used(known) and _used(feature)):
            seen[feature.feature] = feature
    yield from seen.values()


def _used(feature: CslFeature) -> bool:
    state = (feature.license_state or "").lower()
    if "not in use" in state or state.startswith("inactive"):
        return False
    return "in use" in state or bool(feature.enabled)


def _csl(feature: CslFeature, rules: RuleData) -> LicenceOutcome:
    key = FEATURE + feature.feature
    of_kind = kinds(feature, rules)
    restricted = feature.feature in rules.features.export_controlled
    if Kind.DEFAULT in of_kind:
        return LicenceOutcome(key, "hidden", ("LIC-6",), csl=feature)
    if restricted and (Kind.PAK not in of_kind or not _used(feature)):
        fate = "open" if Kind.PAK in of_kind else "left"
        return LicenceOutcome(
            key, fate, ("LIC-4" if fate == "open" else "LIC-5",), True, None, feature
        )
    if _used(feature):
        because: tuple[str, ...] = ("LIC-3", "LIC-2") if restricted else ("LIC-3", "LIC-1")
        if Kind.EVALUATION in of_kind:
            because = (*because, "LIC-7")
        return LicenceOutcome(key, "migrated", because, restricted, None, feature)
    if Kind.PAK in of_kind and Kind.RTU not in of_kind:
        return LicenceOutcome(key, "open", ("LIC-4",), restricted, None, feature)
    return LicenceOutcome(key, "left", ("LIC-4",), restricted, None, feature)


def _smart(x: License, state: RouterState, model: Model, rules: RuleData) -> LicenceOutcome:
    restricted = is_restricted(x, state, rules)
    inferred = "" if x.export_status is not None else "its export status was not shown before"
    if not restricted:
        because = ("LIC-1", "LIC-7") if model is Model.EVAL else ("LIC-1",)
        return LicenceOutcome(x.tag, "migrated", because, False, x, inferred=inferred)
    refused = (x.export_status or "").upper().endswith("NOT ALLOWED")
    unauthorized = same_words(x.status) in ("NOT AUTHORIZED", "OUT OF COMPLIANCE", "OOC")
    if refused or unauthorized or model is Model.EVAL:
        return LicenceOutcome(x.tag, "open", ("SLAC-10",), True, x, inferred=inferred)
    return LicenceOutcome(x.tag, "migrated", ("LIC-2",), True, x, inferred=inferred)


def _reserved_only(state: RouterState, rules: RuleData) -> list[LicenceOutcome]:
    """Returns HSECK9 that the reservation holds and usage did not show (SLRUP-5)."""
    shown = state.licensing.licenses or () if state.licensing else ()
    return [
        LicenceOutcome(r.tag, "migrated", ("SLAC-2", "LIC-2"), True)
        for r in reserved(state)
        if is_hseck9_tag(r.tag, state, rules) and not any(same_tag(r.tag, x.tag) for x in shown)
    ]
