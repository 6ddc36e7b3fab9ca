"""Any constellation of model, throughput, flag, HSECK9 and topologies ends proven, or as planned.

A healthy router passes every look of its plan; where a plan is blocked, nothing is carried out.
The simulated router follows the documents on its own account.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product, zip_longest
from pathlib import Path
from typing import Any, Final

import pytest

from kit.labs import Bench, bench, person
from kit.throttled import CSLU, DIRECT, DNA_HSEC, csr, isr, stopped, unmet
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.targets import load_target
from slp_tasks.inventory import host_target
from tasks.matrix.routers import HSECK9, slp

TOPOLOGIES: Final[dict[str, dict[str, Any]]] = {
    "direct": DIRECT,
    "callhome": {"kind": "direct", "transport": "callhome", "token": "env:SLP_TOKEN"},
    "cslu": {"kind": "cslu", "url": CSLU},
    "airgap": {"kind": "airgap"},
    "onprem": {
        "kind": "onprem",
        "url": "https://ssm.example.net/cslu/v1/pi/Local-1",
        "server_version": "8-202105",
    },
}
ONPREM: Final = [
    {"host": "ssm.example.net", "version": "8-202105", "tenants": {"Local-1": "Eg-SA-01/Eg-VA-01"}}
]
MODELS: Final = ("eval", "registered", "slr", "plr", "pak", "rtu", "slp")
LEVELS: Final = {"above": 1_000_000, "at": 250_000, "below": 100_000}
SEED, MANY, FEW = 20261201, 224, 8


@dataclass(frozen=True)
class Constellation:
    """One router and where it shall go.

    Attributes:
        seen: the throughput and CERM were shown when the plan was made.
        held: HSECK9 is there before.
    """

    virtual: bool
    model: str
    level: str
    seen: bool
    flag: bool
    held: bool
    before: str
    after: str
    controller: bool
    wish: str
    line: str

    @property
    def exists(self) -> bool:
        """Whether there is such a router at all."""
        if self.model in ("pak", "rtu") and (self.virtual or self.before != "callhome"):
            return False
        if self.held and self.model in ("eval", "rtu", "plr"):
            return False
        if self.flag and (self.held or self.model not in ("registered", "slr")):
            return False
        if self.model in ("pak", "rtu") and self.after == "airgap":
            return False  # the conversion's acknowledgement wants a second file, half an hour later
        return not (self.model == "slp" and self.controller)

    @property
    def name(self) -> str:
        words = asdict(self)
        return "-".join(
            str(v) if not isinstance(v, bool) else (k if v else f"no_{k}") for k, v in words.items()
        )

    def entry(self) -> dict[str, Any]:
        """Returns the router of the scenario."""
        if self.model == "slp":
            return self._with_slp()
        make, level = (csr if self.virtual else isr), LEVELS[self.level]
        own: dict[str, Any] = {"controller_mode": self.controller}
        if self.virtual:
            own["throughput_kbps"] = level
        else:
            own["crypto_kbps"] = level
        entry = make("registered" if self.model in ("pak", "rtu") else self.model, flag=self.flag)
        entry["router"] |= own
        licensing = entry["router"]["licensing"]
        licensing["transport"] = self.before
        if self.line == "missing" and not self.virtual:
            entry["router"]["config"] = [
                x for x in entry["router"]["config"] if not x.startswith("license feature")
            ]
        hseck9 = {"feature": "hseck9", **HSECK9, **(DNA_HSEC if self.virtual else {})}
        if self.held:
            licensing["licences"] = [*licensing["licences"], hseck9]
            if self.model == "slr":
                held = {k: v for k, v in hseck9.items() if k != "feature"}
                licensing["reservation"]["licences"] = [
                    *licensing["reservation"]["licences"], held,
                ]  # fmt: skip
        if self.model in ("pak", "rtu"):
            rows = [{**x, "kind": self.model} for x in licensing["licences"]]
            entry["router"]["licensing"] = {"model": "csl", "licences": rows}
        return entry

    def _with_slp(self) -> dict[str, Any]:
        level, pid = LEVELS[self.level], "C8000V" if self.virtual else "ISR4351/K9"
        made = slp("smart", trust=True, slac=self.held, pid=pid, throughput_kbps=level)
        if self.held and self.virtual:
            made["slac"]["licences"] = [HSECK9 | DNA_HSEC]
        made["target"] = {"topology": DIRECT, "hseck9_balance": 4}
        return made

    def target(self) -> dict[str, Any]:
        """Returns what is wanted beside the release."""
        wanted: dict[str, Any] = {"topology": TOPOLOGIES[self.after]}
        if self.wish != "throughput":
            wanted["hseck9"] = self.wish
        else:
            wanted["throughput"] = "250M" if self.virtual else 250_000
        if self.line == "write":
            wanted["slac_line"] = "write"
        return wanted


def constellations() -> Iterator[Constellation]:
    """Yields every router that there is, and every way for it."""
    both = (True, False)
    for words in product(
        both, MODELS, LEVELS, both, both, both, ("callhome", "smart"), TOPOLOGIES, both,
        ("keep", "add-before", "add-after", "throughput"), ("there", "missing", "write"),
    ):  # fmt: skip
        one = Constellation(*words)
        if one.exists:
            yield one


def sample() -> list[Constellation]:
    """Returns a fixed random sample in which each model has its share; few are in controller mode.

    Those are blocked (UP-8) before anything of licensing matters.
    """
    chance, drawn = random.Random(SEED), list[Constellation]()
    for managed, share in ((False, MANY // len(MODELS)), (True, 2)):
        kinds = []
        for model in MODELS:
            rows = [x for x in constellations() if (x.model, x.controller) == (model, managed)]
            kinds.append(chance.sample(rows, min(len(rows), share)))
        drawn += [one for turn in zip_longest(*kinds) for one in turn if one is not None]
    return drawn


def plan_of(made: Bench, one: Constellation) -> RouterPlan:
    """Returns the plan, made of what was seen."""
    state = made.state()
    if not one.seen:
        data = {k: v for k, v in state.to_json().items() if k not in ("throughput", "cerm")}
        state = type(state).from_json(data)
    given = {**(host_target(made.host()) or {}), **one.target()}
    return make_plan(state, load_target(given, where="r1", base=made.folder))


def carry_out(made: Bench, plan: RouterPlan) -> list[tuple[str, str]]:
    """Carries the plan out; at an SSM On-Prem a person imports SLACs and synchronises."""
    (server,) = made.lab.network.onprems.values()
    assert plan.udi is not None
    ended: list[tuple[str, str]] = []
    for step in plan.steps:
        if step.person is not None and "On-Prem" in step.person.where and step.kind == "person":
            with made.lab.lock:
                tag = made.router().agent.hsec[0]
                server.import_slac(made.lab.portal.generate_slac(plan.udi.pid, plan.udi.sn, tag))
        elif step.kind == "person":
            person(made, plan, step)
        if step.kind in ("usage_sync", "dlc_done"):
            made.lab.clock.after(1800, server.synchronise)
        ended.append((step.id, made.carry(plan, step)))
        if stopped(ended):
            break
    return ended


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(one, id=f"{i:03}-{one.name}", marks=[] if i < FEW else [pytest.mark.slow])
        for i, one in enumerate(sample())
    ],
)
def test_slac_0_any_constellation_ends_proven_or_at_the_planned_blocker(
    one: Constellation, tmp_path: Path
) -> None:
    with bench(tmp_path, one.entry(), onprem=ONPREM) as made:
        plan = plan_of(made, one)
        if plan.blockers:
            assert all(n.remedy for n in plan.blockers)
            return
        assert stopped(carry_out(made, plan)) == []
        if plan.steps:
            assert unmet(made, plan) == []
