"""The licensing part of a simulated router, from what a real one printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from slp_core.parsing.values import seconds
from slp_core.platforms import Platform
from slp_core.rules.model import Kind, Model, detect, kinds, smart_or_traditional
from slp_core.rules.schema import RuleData
from slp_core.rules.slac import by_flag_alone, is_hseck9_tag
from slp_core.state import CslFeature, License, Licensing, RouterState, same_tag

MODELS = {
    Model.SLP: "slp",
    Model.SLR: "slr",
    Model.PLR: "plr",
    Model.REGISTERED: "registered",
    Model.EVAL: "eval",
    Model.CSL: "csl",
    Model.RTU: "csl",
    Model.NOLICENSE: "nolicense",
}
"""What the simulator calls each model."""

_YEAR = timedelta(days=365)
_USUAL = {
    "AUTHORIZED",
    "EVAL MODE",
    "EVAL EXPIRED",
    "IN USE",
    "NOT IN USE",
}


class Reader:
    """One router's licensing, as it was read.

    Args:
        platform: what its PID tells; None where that is not known.
        regids: entitlement tags in full by their short form, of the whole fleet.
        now: the lab's first moment.

    Attributes:
        model: what the simulator calls the licensing in force; None where it cannot be told.
    """

    def __init__(
        self,
        state: RouterState,
        platform: Platform | None,
        rules: RuleData,
        *,
        regids: dict[str, str],
        now: datetime,
    ) -> None:
        self._state = state
        self.licensing = state.licensing or Licensing()
        self._platform = platform
        self._rules = rules
        self._regids = regids
        self.now = now
        classic = platform is not None and platform.classic
        self.model = MODELS.get(smart_or_traditional(state) if classic else detect(state, rules))

    def spec(self, home: tuple[str, str]) -> dict[str, Any]:
        """Returns what a scenario says of the licensing, but for authorization codes.

        Args:
            home: Smart Account and virtual account.
        """
        found: dict[str, Any] = {"model": self.model, "licences": list(self._licences())}
        found |= self._transport()
        tag, regid = self.hseck9()
        if tag:
            found["hseck9_tag"] = tag
        if regid:
            found["hseck9_regid"] = regid
        if self.model == "registered":
            found["registration"] = self._registration(home)
        if self.model == "eval" and self.licensing.evaluation_left_s is not None:
            found["evaluation_left_s"] = self.licensing.evaluation_left_s
        if self._by_flag_alone():
            found["export_flag_throughput"] = True
        if self.model == "slp":
            found |= self._under_slp(home)
        if self._platform is not None and self._platform.classic and self.licensing.license_level:
            found["boot_level"] = self.licensing.license_level
        return found

    # --- licences -------------------------------------------------------------------------------

    def _licences(self) -> Iterator[dict[str, Any]]:
        if self.model in ("csl", "nolicense"):
            for feature in self.licensing.csl_features or ():
                yield self._classic(feature)
            return
        for licence in self.licensing.licenses or ():
            yield self.smart(licence)

    def smart(self, licence: License) -> dict[str, Any]:
        """Returns what a scenario says of a licence of Smart Licensing."""
        tag = self.full(licence.tag)
        restricted = self.restricted(licence)
        row: dict[str, Any] = {"feature": self.feature(licence), "tag": tag}
        row |= self.regid(tag)
        if licence.name:
            row["name"] = licence.name
        if licence.description:
            row["description"] = licence.description
        if licence.count not in (None, 1):
            row["count"] = licence.count
        if restricted:
            row["restricted"] = True
        if licence.license_type:
            row["license_type"] = licence.license_type
        status = (licence.status or "").upper()
        if self.model == "slp":
            row["in_use"] = not status.startswith("NOT IN USE")
        elif status and status not in _USUAL:
            row["status"] = licence.status
        return row

    def _classic(self, feature: CslFeature) -> dict[str, Any]:
        row: dict[str, Any] = {"feature": feature.feature, "kind": self._kind(feature)}
        if feature.license_type or feature.enabled is not None:
            state = (feature.license_state or "").lower()
            told = "in use" in state and "not in use" not in state
            row["in_use"] = told if state else bool(feature.enabled)
        tag = self._tag(feature.feature)
        if tag and feature.feature not in self._rules.features.defaults:
            row |= {"tag": tag} | self.regid(tag)
        if feature.feature in self._rules.features.export_controlled:
            row["restricted"] = True
        for key, value in (
            ("right_to_use", feature.right_to_use),
            ("enforced", feature.enforcement),
            ("has_evaluation", feature.evaluation),
            ("priority", feature.license_priority),
        ):
            if value is not None:
                row[key] = value
        if (feature.license_count or "").startswith("0/0"):
            row["counted"] = True
        if row.get("in_use") and feature.period_used:
            row["period_used_s"] = seconds(feature.period_used)
        return row

    def _kind(self, feature: CslFeature) -> str:
        if feature.feature in self._rules.features.defaults:
            return "default"
        read = kinds(feature, self._rules)
        if Kind.EVALUATION in read:
            return "evaluation"
        if Kind.PAK in read:
            return "pak"  # Permanent; whether right-to-use too stands in a column of its own
        if Kind.RTU in read and feature.license_type:
            return "rtu"
        return "evaluation" if feature.evaluation and feature.enabled else "none"

    def restricted(self, licence: License) -> bool:
        """Tells whether a licence is export-restricted."""
        told = f"{licence.export_status or ''} {licence.enforcement or ''}".upper()
        by_word = "RESTRICTED" in told.replace("NOT RESTRICTED", "")
        return by_word or self.is_hseck9(licence.tag)

    def feature(self, licence: License) -> str:
        """Returns the feature that a licence of Smart Licensing is of; its tag where unknown."""
        if licence.feature_name:
            return licence.feature_name
        if self.is_hseck9(licence.tag):
            return "hseck9"
        platform = self._platform
        for feature in platform.row.tags.features if platform is not None else ():
            made = self._tag(feature)
            if made and same_tag(made, licence.tag):
                return feature
        if re.search(r"_\d+M_Performance$", licence.tag):
            return "throughput"
        if self.model == "slp" and licence.name and " " not in licence.name:
            return licence.name
        return "booster_performance" if licence.tag.endswith("_BOOST") else licence.tag

    def is_hseck9(self, tag: str) -> bool:
        """Tells whether a tag is this router's HSECK9 licence."""
        return is_hseck9_tag(tag, self._state, self._rules)

    def hseck9(self) -> tuple[str | None, str | None]:
        """Returns the tag that this router's image has for HSECK9, short and in full."""
        given = self.licensing.hseck9_tag
        if given and given.startswith("regid."):
            return _short(given), given
        tag = given or next(
            (x.tag for x in self.licensing.licenses or () if self.feature(x) == "hseck9"), None
        )
        tag = self.full(tag) if tag else self._tag("hseck9")
        return tag, (self._regids.get(tag) if tag else None)

    def _tag(self, feature: str) -> str | None:
        level = self._state.throughput.level if self._state.throughput else None
        kbps = float(level) if isinstance(level, int) else None
        found = self._platform.tag(feature, kbps) if self._platform is not None else None
        return found[0] if found else None

    def full(self, tag: str) -> str:
        """Returns a tag that was cut by ``...`` in full, where the fleet knows one like it."""
        if not tag.endswith("..."):
            return tag
        return next((k for k in self._regids if same_tag(tag, k)), tag.removesuffix("..."))

    def regid(self, tag: str) -> dict[str, str]:
        """Returns the key that says a tag in full, where the fleet knows it."""
        return {"regid": self._regids[tag]} if tag in self._regids else {}

    def past(self, when: datetime | None) -> datetime:
        """Returns a moment before the lab begins: ``when`` where that is one."""
        return min(when, self.now) if when is not None else self.now - timedelta(days=1)

    # --- around them ----------------------------------------------------------------------------

    def _transport(self) -> dict[str, Any]:
        transport = self.licensing.transport
        if transport is None or self.model in ("csl", "nolicense"):
            return {}
        found: dict[str, Any] = {}
        if transport.kind in ("callhome", "smart", "cslu", "off"):
            found["transport"] = transport.kind
        url = transport.cslu_address if transport.kind == "cslu" else transport.url
        if url and transport.kind in ("cslu", "smart"):
            found["url"] = url
        return found

    def _registration(self, home: tuple[str, str]) -> dict[str, Any]:
        told = self.licensing.registration
        expires = told.expires if told is not None else None
        if expires is None or not self.now < expires <= self.now + _YEAR:
            expires = self.now + timedelta(days=300)
        registered = expires - _YEAR
        export = (told.export_controlled or "ALLOWED").upper() if told is not None else "ALLOWED"
        return {
            "smart_account": home[0],
            "virtual_account": home[1],
            "registered_at": registered,
            "expires_at": expires,
            "authorized_at": max(registered, self.now - timedelta(days=10)),
            "export_controlled": export == "ALLOWED",
        }

    def _by_flag_alone(self) -> bool:
        state, rules = self._state, self._rules
        registered = self.model in ("registered", "slr")
        return registered and bool(
            by_flag_alone(state, detect(state, rules), self._platform, rules)
        )

    def _under_slp(self, home: tuple[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        trust = self.licensing.trust
        if trust is not None and trust.installed_on is not None:
            found["trust"] = {
                "installed_at": self.past(trust.installed_on),
                "smart_account": home[0],
                "virtual_account": home[1],
            }
        waiting = self.licensing.reporting and self.licensing.reporting.reports_waiting
        if waiting:
            found["unacknowledged_reports"] = waiting
        return found


def regids_of(states: list[RouterState]) -> dict[str, str]:
    """Returns the entitlement tags of a fleet in full, by their short form."""
    found: dict[str, str] = {}
    for state in states:
        for licence in (state.licensing.licenses if state.licensing else None) or ():
            if licence.regid:
                found.setdefault(_short(licence.regid), licence.regid)
    return found


def _short(tag: str) -> str:
    return tag.split(",", 1)[0].rsplit(".cisco.", 1)[-1]
