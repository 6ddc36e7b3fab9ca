"""``Plan``, ``Prediction``, ``Finding``: what shall happen and what shall be seen.

All are values. A plan can be saved, hashed, loaded again and held against a router; when and by
whom its steps are carried out is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from slp_core import typed
from slp_core.state import Evidence, Frozen, Udi
from slp_core.targets import Image, Target, Topology

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class StepKind(StrEnum):
    """Every kind of step; the registry in ``slp_tasks`` gives each its task.

    Parameters that a kind reads from ``StepSpec.params`` stand beside it.
    """

    PREFLIGHT = "preflight"  # {}: identity, blockers and UP-3 read live
    BACKUP = "backup"  # {}
    SAVE_CONFIG = "save_config"  # {}
    PERSON = "person"  # {provides: [files], needs: [files], shows: {transport, url} on the router}
    RESERVATION_INSTALL = "reservation_install"  # {file: name in the router's in/, tags: [...]}
    RESERVATION_REQUEST = "reservation_request"  # {scope: local|all|universal, file: in out/}
    RESERVATION_RETURN = "reservation_return"  # {scope: local|all, file: name in out/}
    STAGE_IMAGE = "stage_image"  # {image: Image, filesystem: "bootflash:", tries: copies at most}
    INSTALL_ADD = "install_add"  # {file: "bootflash:x.bin", release}
    INSTALL_ACTIVATE = "install_activate"  # {release, auto_abort_minutes, file: one-shot}; reloads
    ISSU_ACTIVATE = "issu_activate"  # {release}; in service, by a switchover
    INSTALL_COMMIT = "install_commit"  # {release}
    BOOT_VARIABLE = "boot_variable"  # {file: "bootflash:x.bin", later: an install writes it}
    RELOAD = "reload"  # {save: bool, release: expected after, or null}
    TOPOLOGY = "topology"  # {topology: Topology}
    TRUST = "trust"  # {token: reference, scope: local|all, force: bool}
    SLAC = "slac"  # {feature: "hseck9", scope: local|all, mode: add|replace}
    SLAC_IMPORT = "slac_import"  # {file}
    SLAC_REQUEST = "slac_request"  # {file: name on flash and in out/, feature, scope, mode}
    SLAC_RETURN = "slac_return"  # {how: online|offline, scope: local|all, file: name in out/}
    USAGE_SYNC = "usage_sync"  # {scope: local|all, answer: false where the report is enough}
    USAGE_SAVE = "usage_save"  # {file: in out/, what: unreported|all|days|rum-id, days, rum_id, by}
    USAGE_IMPORT = "usage_import"  # {file: name in in/, kind: ack|policy, by: cli|rest}
    DLC_WAIT = "dlc_wait"  # {}: collected (DLC-4)
    DLC_DONE = "dlc_done"  # {}: acknowledged (DLC-6)
    THROUGHPUT = "throughput"  # {boot_level, hseck9: bool, level, crypto}; in this order
    VERIFY = "verify"  # {moment: stop|upgrade|end, roll_back: ROLLBACK follows a failure}
    REGISTER = "register"  # {token: reference, force: bool}; Smart Licensing before SLP
    RENEW = "renew"  # {what: auth|id}; Smart Licensing before SLP
    DEREGISTER = "deregister"  # {}; Smart Licensing before SLP
    CALL_HOME = "call_home"  # {topology: Topology}; call-home before SLP (B9-10)
    MODE_SWITCH = "mode_switch"  # {mode: smart|no-license}; a reload must follow
    ROLLBACK = "rollback"  # {release, boot: [lines], on_failure: of an earlier step}; may reload
    FACTORY_RESET = "factory_reset"  # {always: bool}; licence data; a reload unsaved must follow


class PersonTask(Frozen):
    """What a person must do, and where, before the run can go on."""

    where: str
    instructions: tuple[str, ...]


class StepSpec(Frozen):
    """One step of a plan: data; its behaviour is the task registered for its kind.

    Attributes:
        id: unique within the router's plan, such as ``07-trust``.
        reasons: ids of the rules that ask for the step.
        lasting: whether the act changes the router for good (done once, probed before).
        waits_for: what the step may wait for without holding anything up.
        deadline_s: seconds of the injected clock until the step counts as failed.
    """

    id: str
    kind: StepKind
    title: str
    reasons: tuple[str, ...] = ()
    why: str = ""
    params: dict[str, Any] = Field(default_factory=dict)
    lasting: bool = False
    waits_for: Literal["time", "service", "person"] | None = None
    deadline_s: float = 600
    person: PersonTask | None = None

    @model_validator(mode="after")
    def _params_can_be_typed(self) -> Self:
        """Holds every text of the parameters against its form: a plan may be edited by hand."""
        typed.check_params(self.params, {"image": Image, "topology": Topology})
        return self


class Prediction(Frozen):
    """One expectation of what the router will show.

    ``path`` is in the vocabulary of ``slp_core.verify.observe``. ``equals`` carries ``value``;
    ``unchanged`` carries what was seen before in ``value`` (not set: it was not seen, so it
    cannot be judged); ``newly_issued`` must be there and differ from ``value`` where that is set;
    ``unobservable`` says why in ``why``.
    """

    path: str
    kind: Literal["equals", "unchanged", "newly_issued", "unobservable"]
    value: Any = None
    rules: tuple[str, ...] = ()
    why: str = ""
    moment: Literal["stop", "upgrade", "end"] = "end"


class Finding(Frozen):
    """One expectation held against the router."""

    path: str
    verdict: Literal["met", "unmet", "unobservable", "unforeseen"]
    expected: Any = None
    found: Any = None
    rules: tuple[str, ...] = ()
    why: str = ""
    severity: Literal["failure", "warning", "note"] = "failure"
    evidence: Evidence | None = None
    against: Evidence | None = None
    """The lines of another output of the same moment that say something else."""


class Notice(Frozen):
    """A blocker or warning of a plan, with its remedy."""

    rule: str
    severity: Literal["blocker", "warning", "note"]
    text: str
    remedy: str = ""
    source: str = ""
    scope: str = ""
    """Where the rule counts, in words."""
    overridable: bool = False
    allowed: str | None = None
    """The operator's reason, where the blocker was overridden."""


class RouterPlan(Frozen):
    """What shall happen to one router."""

    router: str
    udi: Udi | None = None
    model: str
    platform: str | None = None
    release: str | None = None
    target: Target
    steps: tuple[StepSpec, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    notices: tuple[Notice, ...] = ()
    before: dict[str, Any] = Field(default_factory=dict)
    """What was observed before, in the vocabulary of the predictions."""
    changes: tuple[str, ...] = ()
    """Lines such as ``transport callhome → callhome (kept, TRANS-3)``."""
    group: dict[str, Any] = Field(default_factory=dict)
    """Inventory data that the fleet orders by: ``site``, and whatever else was asked for."""

    def allows(self, rule: str) -> bool:
        """Tells whether the operator overrode what a rule has against this plan."""
        named = any(n.rule == rule and n.allowed is not None for n in self.notices)
        return named or rule in self.target.allow

    @property
    def blockers(self) -> tuple[Notice, ...]:
        """The notices that stop this router: blockers nobody has overridden."""
        return tuple(n for n in self.notices if n.severity == "blocker" and n.allowed is None)

    def hash(self) -> str:
        """Returns the SHA-256 of everything that the plan was made from and leads to."""
        return digest(self.to_json())


class Plan(Frozen):
    """The plan of a fleet, as saved in ``plan.json``."""

    schema_version: Literal[1] = 1
    routers: tuple[RouterPlan, ...]
    created: str = ""
    made_by: str = ""
    sealed: str = ""
    """The hash when it was saved, so that a file that was changed since is noticed (F47)."""

    def hash(self) -> str:
        """Returns the hash that ``apply`` records; time and tool version do not count."""
        return digest([r.hash() for r in self.routers])

    def router(self, name: str) -> RouterPlan | None:
        """Returns the plan of one router."""
        return next((r for r in self.routers if r.router == name), None)


def digest(value: Any) -> str:
    """Returns the SHA-256 of a JSON value, independent of key order."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
