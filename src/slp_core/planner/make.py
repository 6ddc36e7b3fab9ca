"""``make_plan``: one router's plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from slp_core.errors import NeverSent
from slp_core.plan import Notice, Prediction, RouterPlan, StepSpec
from slp_core.planner.changes import changes_of
from slp_core.planner.check_controller import unsaved
from slp_core.planner.classic import classic_steps
from slp_core.planner.classic_predict import predict_classic
from slp_core.planner.notices import notices_of
from slp_core.planner.predict import predict
from slp_core.planner.settled import predict_before_slp, predict_settled, predict_staged
from slp_core.planner.situation import Situation, situation
from slp_core.planner.steps import steps_of
from slp_core.rules.data import builtin_rules
from slp_core.rules.model import Model
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState
from slp_core.targets import Target
from slp_core.verify.observe import observe


def make_plan(
    state: RouterState,
    target: Target,
    *,
    group: Mapping[str, Any] | None = None,
    rules: RuleData | None = None,
) -> RouterPlan:
    """Returns what shall happen to one router, what it will show, and what stands in the way.

    A router that is at its target already has a plan without steps. Nothing here raises: what
    cannot be planned is a blocker in the plan.

    Args:
        group: inventory data that the fleet orders by, such as ``site``.
        rules: rule data; the built-in data where left out.
    """
    data = rules or builtin_rules()
    before = {path: o.value for path, o in observe(state, data).items()}
    s = situation(state, target, data)
    try:
        steps, predictions = steps_and_predictions(s, before)
    except ValidationError as error:
        return untypeable_plan(s, before, error, group)
    return RouterPlan(
        router=state.name,
        model=s.model.value,
        target=target,
        steps=steps,
        predictions=predictions,
        notices=notices_of(s, steps),
        before=before,
        changes=changes_of(s, before, predictions),
        group=dict(group or {}),
        **identity(s),
    )


def untypeable_plan(
    s: Situation,
    before: Mapping[str, Any],
    error: ValidationError,
    group: Mapping[str, Any] | None,
) -> RouterPlan:
    """Returns the plan of a router that shows something of which no line can be made: blocked."""
    first = error.errors(include_input=False, include_url=False)[0]
    why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    blocker = Notice(
        rule=NeverSent.code,
        severity="blocker",
        text=f"what the router shows would have to be typed, and cannot be: {why}",
        remedy="look at its outputs (`slp assess --evidence`) and correct it on the router",
    )
    return RouterPlan(
        router=s.state.name,
        model=s.model.value,
        target=s.target,
        notices=(blocker,),
        before=dict(before),
        group=dict(group or {}),
        **identity(s),
    )


def steps_and_predictions(
    s: Situation, before: Mapping[str, Any]
) -> tuple[tuple[StepSpec, ...], tuple[Prediction, ...]]:
    """Returns the steps of a full plan and what will be seen after them."""
    steps, predictions = _by_model(s, before)
    steps = unsaved(s, steps)
    if s.takes_back:  # it is committed only after the look
        predictions = tuple(
            p.model_copy(update={"moment": "end"}) if p.path == "install.uncommitted" else p
            for p in predictions
        )
    return steps, predictions


def _by_model(
    s: Situation, before: Mapping[str, Any]
) -> tuple[tuple[StepSpec, ...], tuple[Prediction, ...]]:
    if s.stages_only and s.model is not Model.UNKNOWN:
        steps = classic_steps(s) if s.model is Model.CLASSIC else steps_of(s)
        return steps, predict_staged(before) if steps else ()
    if s.migrates:
        return steps_of(s), predict(s, before)
    if s.model is Model.SLP:
        steps = steps_of(s)
        if s.leaves_slp:
            return steps, predict_before_slp(s, before)
        return steps, predict_settled(s, before, steps)
    if s.model is Model.CLASSIC:
        steps = classic_steps(s)
        return steps, predict_classic(s, before)
    return (), ()


def identity(s: Situation) -> dict[str, Any]:
    """Returns the fields of a plan that say which router it was made for."""
    fields: dict[str, Any] = {}
    if s.state.udi is not None:
        fields["udi"] = s.state.udi
    if s.platform is not None:
        fields["platform"] = s.platform.id
    if s.state.release is not None:
        fields["release"] = s.state.release.short
    return fields
