"""What a router shows, found by the paths of predictions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from slp_core.plan import Prediction
from slp_core.rules.licenses import FEATURE
from slp_core.rules.messages import bad_news
from slp_core.state import RouterState, same_tag
from slp_core.verify.observe import Observed

KEYED = re.compile(r"^(?P<list>licenses|authorization\.licenses)\[(?P<key>.*)\]\.(?P<field>\w+)$")
"""A path of one licence in a list."""

SENTINEL = {"licenses": "status", "authorization.licenses": "count"}
"""The one field of a list's licence that says for all of them that it is gone or new."""


class Shown:
    """What a router shows, found by the paths of predictions."""

    def __init__(
        self,
        observed: Mapping[str, Observed],
        state: RouterState,
        predictions: Iterable[Prediction] = (),
    ) -> None:
        self.observed = observed
        self.bad_news = tuple(bad_news(state))
        self._tags = _tags_by_feature(predictions)
        self._lists: dict[str, dict[str, str | None]] = {
            "licenses": {},
            "authorization.licenses": {},
        }
        for path in observed:
            match = KEYED.match(path)
            if match:
                self._lists[match["list"]].setdefault(match["key"], None)
        for key in self._lists["licenses"]:
            self._lists["licenses"][key] = self._feature(key)
        licensing = state.licensing
        self.read = {
            "licenses": licensing is not None and licensing.licenses is not None,
            "authorization.licenses": licensing is not None
            and licensing.authorization is not None
            and licensing.authorization.licenses is not None,
        }

    def resolve(self, path: str) -> str | None:
        """Returns the observed path that a predicted path means; ``None`` where there is none."""
        if path in self.observed:
            return path
        match = KEYED.match(path)
        if match is None:
            return None
        key = self.key(match["list"], match["key"])
        found = f"{match['list']}[{key}].{match['field']}"
        return found if key is not None and found in self.observed else None

    def key(self, of: str, wanted: str) -> str | None:
        """Returns the tag of the licence that ``wanted`` names, by tag or by feature."""
        if not wanted.startswith(FEATURE):
            return next((k for k in self._lists[of] if same_tag(k, wanted)), None)
        feature = wanted.removeprefix(FEATURE)
        by_name = next((k for k, f in self._lists["licenses"].items() if f == feature), None)
        for tag in (self._tags.get(feature), by_name):
            found = next((k for k in self._lists[of] if tag and same_tag(k, tag)), None)
            if found is not None:
                return found
        return None

    def _feature(self, key: str) -> str | None:
        seen = self.observed.get(f"licenses[{key}].feature_name")
        return None if seen is None else seen.value


def _tags_by_feature(predictions: Iterable[Prediction]) -> dict[str, str]:
    """Returns the tags that are foretold for licences known by their feature."""
    found: dict[str, str] = {}
    for p in predictions:
        match = KEYED.match(p.path)
        if match is None or p.kind != "equals" or match["list"] != "licenses":
            continue
        if match["field"] == "tag" and match["key"].startswith(FEATURE):
            found[match["key"].removeprefix(FEATURE)] = p.value
    return found
