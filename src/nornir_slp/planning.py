"""From routers and wishes to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nornir_slp.documents import assessed_routers
from nornir_slp.reads import NOTHING, Read, Trouble
from nornir_slp.routers import Chosen, read_routers
from nornir_slp.workspace import Workspace
from slp_core.errors import InputError, UsageError
from slp_core.plan import Notice, RouterPlan
from slp_core.refusals import Refused
from slp_core.targets import Target, Topology
from slp_core.token_reference import is_token_reference
from slp_core.yaml_files import line_of, read_yaml

if TYPE_CHECKING:
    from nornir_slp.services.balances import FleetStock
    from slp_core.rules.schema import RuleData


@dataclass(frozen=True)
class Wishes:
    """Where the operator wants routers to go: a file, single values that win over it, overrides.

    Attributes:
        values: what options said, in the form of a target file.
    """

    file: Path | None
    data: Mapping[str, Any]
    values: Mapping[str, Any]
    allow: Mapping[str, str]

    @classmethod
    def of(cls, file: Path | None, allow: Sequence[str], **values: Any) -> Self:
        """Returns the wishes of one command line.

        Raises:
            UsageError: an ``--allow`` without a reason, or a token given as a value.
            InputError: the file cannot be read.
        """
        topology = {k: v for k, v in values.pop("topology").items() if v}
        token = topology.get("token")
        if token and not is_token_reference(token):
            raise UsageError(
                "--token wants a reference, not a token",
                remedy="put the token into an environment variable and give env:NAME, "
                "or have CSSM asked for one: cssm:SMART ACCOUNT/VIRTUAL ACCOUNT",
            )
        single = {k: v for k, v in values.items() if v}
        if "image" in single:
            single["image"] = _place(single["image"])
        if "stop" in single:
            single["stop"] = {"image": _place(single["stop"])}
        if topology:
            single["topology"] = topology
        return cls(file, _yaml(file) if file else {}, single, overrides(allow))

    def target(self, read: Read) -> Target:
        """Returns the target of one router: options, then ``--target``, then its own.

        Raises:
            InputError: nothing says where the router should go, or what says so is wrong.
        """
        from slp_core.targets import check_target, load_target

        own = self.data if self.file else (read.target or {})
        where = str(self.file) if self.file else read.where or read.name
        try:
            check_target(own, where=where)  # before options are laid over it
        except InputError as error:
            raise self._placed(error, where) from error
        merged = {**own, **self.values}
        topology = _topology(own.get("topology"), self.values.get("topology"))
        if topology:
            merged["topology"] = topology
        if not merged:
            raise InputError(
                "nothing says where this router should go",
                where=read.name,
                remedy="give --target FILE, options such as --release and --topology, or "
                "data.slp.target in the inventory",
            )
        if self.allow:
            merged["allow"] = {**(merged.get("allow") or {}), **self.allow}
        base = self.file.parent if self.file else read.base
        try:
            return load_target(merged, where=where, base=base)
        except InputError as error:
            option = self._at_fault(merged, error, base)
            if option is None:
                raise self._placed(error, where) from error
            raise InputError(error.what, where=option, remedy=error.remedy) from error

    def is_own(self, read: Read, error: InputError) -> bool:
        """Tells whether what is wrong stands in the router's own target, not in what all share."""
        of_option = (error.where or "").startswith("--")
        return not self.file and bool(read.target) and not of_option

    def _placed(self, error: InputError, where: str) -> InputError:
        """Returns an error of a target with the line of its file, where it comes of one."""
        line = line_of(self.file, error.path) if self.file and isinstance(error, Refused) else None
        if line is None:
            return error
        rest = (error.where or "").removeprefix(where)
        return InputError(error.what, where=f"{where}:{line}{rest}", remedy=error.remedy)

    def _at_fault(self, merged: Mapping[str, Any], error: InputError, base: Path) -> str | None:
        """Returns the option without which the target has another error or none."""
        from slp_core.targets import load_target

        place = error.what.partition(": ")[0].removeprefix("topology.").partition(".")[0]
        named = sorted(_flat(self.values), key=lambda n: n.removeprefix("topology.") != place)
        for name in named:  # first the one that the error names
            try:
                load_target(_without(merged, name), where="", base=base)
            except InputError as other:
                if other.what == error.what:
                    continue
            return f"--{_OPTIONS.get(name, name.rpartition('.')[2].replace('_', '-'))}"
        return None


_OPTIONS = {"topology.kind": "topology", "topology.name_servers": "name-server",
            "stop": "stop-image"}  # fmt: skip
"""Options that are named otherwise than what they set."""


def _flat(values: Mapping[str, Any]) -> list[str]:
    """Returns the keys that options set; those of a topology with its name."""
    names = [k for k in values if k != "topology"]
    return names + [f"topology.{k}" for k in values.get("topology") or {}]


def _without(merged: Mapping[str, Any], name: str) -> dict[str, Any]:
    head, _, key = name.partition(".")
    if not key:
        return {k: v for k, v in merged.items() if k != head}
    return {**merged, head: {k: v for k, v in merged[head].items() if k != key}}


def overrides(given: Iterable[str]) -> dict[str, str]:
    """Returns ``--allow`` values as rule id to reason.

    Raises:
        UsageError: one has no reason, or names no rule.
    """
    from slp_core.rules import all_rules

    found = {}
    for item in given:
        rule, sign, reason = item.partition("=")
        if not sign or not reason.strip() or not rule.strip():
            raise UsageError(
                f"--allow {item!r} has no reason", remedy="write --allow RULE='why it is right'"
            )
        name = rule.strip().upper()
        if name not in {known.id for known in all_rules()}:
            raise UsageError(
                f"--allow {item!r}: there is no rule {name}",
                remedy="copy the rule from the line of the blocker; slp explain lists all",
            )
        found[name] = reason.strip()
    return found


def make_plans(
    space: Workspace,
    wishes: Wishes,
    *,
    from_captures: Path | None = None,
    from_assessment: Path | None = None,
    rules: Path | None = None,
    balances: str | None = None,
    probe: bool = False,
) -> Iterator[RouterPlan]:
    """Yields the plan of each router as it is read, one in memory at a time.

    A router that could not be read is among them, blocked by the error: it is reported to the
    end and never forgotten.

    Args:
        rules: the user's own rule data, laid over the built-in.
        balances: file with licence balances, or ``cssm`` to ask for them now.
        probe: each router also tries the way to its licence server.

    Raises:
        UsageError: options exclude each other.
    """
    from nornir_slp.probing import prober
    from slp_core.rules import load_rules

    if from_captures and from_assessment:
        raise UsageError("--from-captures and --from-assessment exclude each other")
    if probe and (from_captures or from_assessment):
        other = "--from-captures" if from_captures else "--from-assessment"
        raise UsageError(
            f"--probe asks the routers themselves, and {other} reaches none",
            remedy="leave out one of the two; without --probe the look is made before the reload",
        )
    data = load_rules(rules) if rules else None
    look = prober(wishes.target, data) if probe else None
    reads = (
        _assessed(space, from_assessment)
        if from_assessment
        else read_routers(space, from_captures, look=look)
    )
    stock = _stock(space, balances) if balances else None
    for read in reads:
        yield _plan(read, wishes, data, stock)


def _plan(
    read: Read, wishes: Wishes, rules: RuleData | None, stock: FleetStock | None
) -> RouterPlan:
    from slp_core.planner import make_plan
    from slp_core.planner.notices import by_severity

    if read.state is None:
        return unread_plan(read, _target_of_unread(wishes, read))
    try:
        target = wishes.target(read)
    except InputError as error:
        if not wishes.is_own(read, error):
            raise  # what was asked for is wrong for every router
        return unread_plan(replace(read, error=Trouble.of(error)), _NOWHERE)
    made = make_plan(read.state, target, group=read.group, rules=rules)
    better = stock.target(made, read.state, rules) if stock else None
    if better is not None:
        made = make_plan(read.state, better, group=read.group, rules=rules)
    if not read.findings:
        return made
    return made.model_copy(update={"notices": by_severity((*made.notices, *read.findings))})


def _target_of_unread(wishes: Wishes, read: Read) -> Target:
    """Returns where an unread router should go; where nothing says it, its error counts alone."""
    if read.target or wishes.file or wishes.values:
        return wishes.target(read)
    return _NOWHERE


_NOWHERE = Target(topology=Topology(kind="controller"))
"""Stands for the target of a router of which nobody knows where it should go."""


def _stock(space: Workspace, given: str) -> FleetStock:
    from nornir_slp.services.balances import FleetStock

    return FleetStock.of(space, given)


def unread_plan(read: Read, target: Target) -> RouterPlan:
    """Returns the plan of a router that could not be read: blocked by the error."""
    error = read.error or NOTHING
    blocker = Notice(rule=error.code, severity="blocker", text=error.what, remedy=error.remedy)
    return RouterPlan(
        router=read.name,
        model="unread",
        target=target,
        notices=(blocker,),
        group=dict(read.group),
    )


def _assessed(space: Workspace, path: Path) -> Iterator[Read]:
    chosen = Chosen(space.limit)
    for router in assessed_routers(path):
        if not chosen(router.router, router.group):
            continue
        error = None
        if router.state is None:
            code, what = router.error_code or "SLP-E200", router.error or "was not read"
            error = Trouble(code, what, router.remedy or "")
        yield Read(
            router.router,
            state=router.state,
            error=error,
            target=router.target,
            where=str(path),
            base=path.parent,
            group=router.group,
        )
    chosen.refuse_unmatched("of the assessment")


def _yaml(path: Path) -> dict[str, Any]:
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise InputError("holds no target", where=str(path), remedy="start with release: …")
    return data


def _topology(own: Any, wished: Any) -> dict[str, Any]:
    """Returns the topology asked for; what belongs to another kind of topology is left behind."""
    before = {"kind": own} if isinstance(own, str) else dict(own or {})
    wanted = dict(wished or {})
    if wanted.get("kind", before.get("kind")) != before.get("kind"):
        return wanted
    return {**before, **wanted}


def _place(image: str) -> str:
    """Returns an image of the command line; a local path starts where the command was typed."""
    local = "/" in image and "://" not in image
    return str(Path(image).expanduser().resolve()) if local else image
