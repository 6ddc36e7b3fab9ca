"""Blockers and warnings of a plan, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from slp_core.plan import Notice
from slp_core.planner.situation import Situation
from slp_core.rules.model import Model


def notices_of(s: Situation) -> tuple[Notice, ...]:
    """Returns what stops this router or should be known before it is touched."""
    found = [*_model(s), *_release(s), *_slac(s), *_topology(s)]
    return tuple(_allowed(s, n) for n in found)


def _notice(
    s: Situation,
    rule: str,
    severity: Literal["blocker", "warning", "note"],
    text: str,
    remedy: str = "",
    source: str = "",
) -> Notice:
    row = s.rules.rules.get(rule)
    source = source or (row.source if row else "")
    return Notice(
        rule=rule,
        severity=severity,
        text=text,
        remedy=remedy,
        source=source,
        overridable=severity == "blocker" and row is not None and row.overridable,
    )


def _allowed(s: Situation, notice: Notice) -> Notice:
    reason = s.target.allow.get(notice.rule)
    if not notice.overridable or not reason:
        return notice
    return notice.model_copy(update={"allowed": reason})


def _model(s: Situation) -> Iterator[Notice]:
    if s.model is Model.UNKNOWN:
        yield _notice(
            s,
            "MODEL-UNKNOWN",
            "blocker",
            "what the router shows fits no licensing model",
            "collect `show license all`, `show license status` and `show version` again",
        )


def _release(s: Situation) -> Iterator[Notice]:
    if s.goal is None:
        yield _notice(
            s,
            "UP-4",
            "blocker",
            "neither the router's release nor the target's is known",
            "give a release or an image in the target",
        )
    if s.upgrade and not s.boot_seen:
        yield _notice(
            s,
            "UP-2",
            "warning",
            "how the router boots was not seen; install mode is assumed",
            "the check before the upgrade reads it from the router",
        )
    if s.upgrade and (s.image is None or not s.image_given):
        name = f"{s.filesystem}{s.image.name}" if s.image else "an image"
        yield _notice(
            s,
            "UP-3",
            "warning",
            f"no image is given: {name} is expected on the router already",
            "give image.source in the target to have it copied",
        )


def _slac(s: Situation) -> Iterator[Notice]:
    if s.slac.need == "ask":
        yield _notice(
            s,
            s.slac.rule,
            "blocker",
            s.slac.why,
            "say how HSECK9 shall come: hseck9: add-before or add-after",
        )
    for text in s.slac.missing:
        yield _notice(s, s.slac.rule, "warning", text, "a SLAC is asked for only when it is there")


def _topology(s: Situation) -> Iterator[Notice]:
    trust = s.state.licensing.trust if s.state.licensing else None
    asked = s.topology.trust and not (s.model is Model.REGISTERED and s.transport.kept)
    has = trust is not None and trust.installed_on is not None
    if asked and not has and s.target.topology.token is None:
        yield _notice(
            s,
            "TOKEN-1",
            "blocker",
            "the topology needs a trust token and none is named",
            "make one in CSSM and name it as topology.token: env:NAME",
        )
