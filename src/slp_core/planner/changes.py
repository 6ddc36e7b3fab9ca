"""The lines of a plan that say in words what will change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slp_core.plan import Prediction
from slp_core.planner.situation import Situation
from slp_core.rules.slac import BROUGHT

_SHOWN = (
    ("model", "model"),
    ("release", "release"),
    ("licensing mode", "classic.mode"),
    ("licence level", "license_level"),
    ("registration", "registration.status"),
    ("record of PAK licences", "pak_snapshot"),
    ("transport", "transport.kind"),
    ("authorization", "authorization.status"),
    ("throughput", "throughput.level"),
    ("crypto throughput", "throughput.crypto"),
    ("export restrictions", "cerm.functionality"),
    ("trust code", "trust.installed"),
    ("conversion", "conversion.status"),
)
_ORDER = ("stop", "upgrade", "end")
_MODELS = {
    "MODEL-REGISTERED": "registered",
    "MODEL-EVAL": "evaluation",
    "MODEL-CLASSIC": "classic",
}


def changes_of(
    s: Situation, before: Mapping[str, Any], predictions: Sequence[Prediction]
) -> tuple[str, ...]:
    """Returns lines such as ``transport callhome → callhome (kept, TRANS-3)``."""
    if not predictions:
        return ()
    if s.stages_only:
        return _staged(s)
    return (*_values(before, predictions), *_licences(s))


def _staged(s: Situation) -> tuple[str, ...]:
    name = s.image.name if s.image else "the image"
    added = s.boots_after == "install" and not s.one_shot
    done = "on flash, proven and added" if added else "on flash and proven"
    goal = s.goal.short if s.goal else "the release"
    return (f"{name} → {done}", f"release {s.state.release} → stays; {goal} waits for a later plan")


def _values(before: Mapping[str, Any], predictions: Sequence[Prediction]) -> Iterator[str]:
    for label, path in _SHOWN:
        stages = [p for p in predictions if p.path == path and p.kind in ("equals", "unchanged")]
        stages.sort(key=lambda p: _ORDER.index(p.moment))
        if not stages or not any(p.known("value") for p in stages):
            continue
        old = _word(before[path]) if path in before else "unseen"
        line = f"{label} {old}"
        if len(stages) > 1 and stages[0].value == stages[1].value:
            stages = stages[1:]
        last = old
        for stage in stages:
            new = _word(stage.value)
            stays = "" if new != old else "kept" if new == last else "again"
            note = ", ".join(x for x in (stays, *stage.rules[:1]) if x)
            line += f" → {new} ({note})" if note else f" → {new}"
            last = new
        if len(stages) > 1 or _word(stages[-1].value) != old or path == "transport.kind":
            yield line


def _licences(s: Situation) -> Iterator[str]:
    for o in s.licences:
        name = o.key.removeprefix("feature:")
        rules = ", ".join(o.rules)
        if o.fate == "migrated" and s.migrates:
            yield f"licence {name} → IN USE, {o.enforcement} ({rules})"
        elif o.fate == "left":
            yield f"licence {name} → not migrated ({rules})"
        elif o.fate == "open":
            yield f"licence {name} → no prediction ({rules})"
    if s.slac.need == "reservation" or s.slac.need in BROUGHT:
        yield f"licence hseck9 → IN USE, EXPORT RESTRICTED ({s.slac.rule})"


def _word(value: Any) -> str:
    if value is True:
        return "installed"
    if value is False or value is None:
        return "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    text = str(value)
    return _MODELS.get(text, text.removeprefix("MODEL-"))
