"""What the rules say of one router on its way to one target: computed once, read by all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slp_core.platforms import Platform, platform_of
from slp_core.release import Release
from slp_core.rules import dlc as dlc_rules
from slp_core.rules.licenses import LicenceOutcome, outcomes
from slp_core.rules.model import Model, detect
from slp_core.rules.reporting import ReportingNeed, crosses_rum_change, reporting_need
from slp_core.rules.schema import RuleData, TopologyRow
from slp_core.rules.slac import BROUGHT, SlacNeed, by_flag_alone, slac_need
from slp_core.rules.topology import (
    present_row,
    row_of,
    settings_are_there,
    wanted_transport,
    wanted_url,
)
from slp_core.rules.transport import TransportAfter, transport_after, transport_before
from slp_core.rules.upgrade import (
    BootMode,
    boot_mode,
    min_slp,
    names_release,
    server_is_old,
    target_image,
    target_release,
)
from slp_core.state import RouterState
from slp_core.targets import Image, Target


@dataclass(frozen=True)
class Situation:
    """One router, one target, and every rule's word on them.

    Attributes:
        goal: the release at the end; the present one where none is asked for.
        upgrade: whether the release must change; ``downgrade``: whether it must go down.
        image_given: whether the image was named by a person, not by its usual name.
        transport: what the upgrade makes of the transport.
        by_flag: whether more than 250 Mbps hang on the export flag alone; ``None``: not seen.
        wanted_transport: what it shall be at the end; ``None``: as the upgrade leaves it.
    """

    state: RouterState
    target: Target
    rules: RuleData
    model: Model
    platform: Platform | None
    goal: Release | None
    upgrade: bool
    downgrade: bool
    topology: TopologyRow
    transport: TransportAfter
    wanted_transport: str | None
    wanted_url: str | None
    slac: SlacNeed
    by_flag: bool | None
    dlc: bool
    licences: tuple[LicenceOutcome, ...]
    reporting: ReportingNeed
    boot: BootMode
    boot_seen: bool
    image: Image | None
    image_given: bool

    @property
    def migrates(self) -> bool:
        """Whether the router leaves another model for SLP."""
        return self.model not in (Model.SLP, Model.CLASSIC, Model.UNKNOWN, Model.NOLICENSE)

    @property
    def authorized_later(self) -> bool:
        """Whether an export-controlled licence is allowed only some time after the upgrade.

        A registered router fetches its authorization code when it is up; until then HSECK9 shows
        as not allowed, which is normal (MSG-2, LIC-8).
        """
        return self.model is Model.REGISTERED and any(
            o.restricted and o.fate == "migrated" for o in self.licences
        )

    @property
    def throttled(self) -> bool:
        """Whether nothing above 250 Mbps is authorised from the upgrade until a SLAC (SLAC-0)."""
        later = self.slac.need in BROUGHT or self.slac.need == "limited"
        return self.migrates and bool(self.by_flag) and later

    @property
    def trust_wanted(self) -> bool:
        """Whether a trust code must be asked for with a token.

        A registered router whose transport is kept has trust after the reload (TOPO-DIRECT).
        """
        if not self.topology.trust or (self.model is Model.REGISTERED and self.transport.kept):
            return False
        return not self.trusted

    @property
    def trusted(self) -> bool:
        """Whether a trust code is installed."""
        trust = self.state.licensing.trust if self.state.licensing else None
        return trust is not None and trust.installed_on is not None

    @property
    def pair(self) -> bool:
        """Whether the router has more than one route processor."""
        redundancy = self.state.redundancy
        return redundancy is not None and (redundancy.processors or 1) > 1

    @property
    def scope(self) -> Literal["local", "all"]:
        """For whom trust and authorization are asked: ``all`` where there is more than one."""
        return "all" if self.state.peers or self.pair else "local"

    @property
    def udi_text(self) -> str:
        """PID and serial number, as a person looks them up in CSSM."""
        udi = self.state.udi
        return f"PID {udi.pid}, serial number {udi.sn}" if udi else "by its PID and serial number"

    @property
    def controller_managed(self) -> bool:
        """Whether the router is in SD-WAN controller mode (UP-8)."""
        return self.state.controller_mode is True

    @property
    def cuts_over(self) -> bool:
        """Whether an SSM On-Prem too old for SLP is upgraded with its routers (ONPREM)."""
        least, version = self.topology.min_server, self.target.topology.server_version
        if self.topology.kind != "onprem" or least is None or not self.migrates:
            return False
        return server_is_old(version, least) is True

    @property
    def brings_slac(self) -> bool:
        """Whether a SLAC goes through SSM On-Prem (ONPREM-2, ONPREM-5)."""
        return self.topology.slac == "onprem" and self.slac.need in ("request", "file")

    @property
    def converts(self) -> bool:
        """Whether the upgrade takes the router from bundle mode to install mode (UP-2)."""
        return self.upgrade and self.boot == "bundle" and self.target.boot == "install"

    @property
    def converts_at_once(self) -> bool:
        """Whether the present release leaves bundle mode by one install command alone (UP-2)."""
        present = self.state.release
        since = self.rules.one_shot_conversion.since
        return self.converts and present is not None and present >= since

    @property
    def one_shot(self) -> bool:
        """Whether one command adds, activates and commits: asked for, or the only way."""
        return self.target.install == "one-shot" or self.converts_at_once

    @property
    def boots_after(self) -> BootMode:
        """How the router boots after the upgrade."""
        return "install" if self.converts else self.boot

    @property
    def added(self) -> bool:
        """Whether the release to reach is unpacked already, and only to be activated."""
        rows = self.state.install.packages or () if self.state.install else ()
        return self.goal is not None and any(names_release(p.version, self.goal) for p in rows)

    @property
    def stages_only(self) -> bool:
        """Whether all that takes the router out of service waits for a later plan."""
        return self.target.reload == "later"

    @property
    def takes_back(self) -> bool:
        """Whether the run itself takes an upgrade back that is not as predicted.

        What one command commits at once cannot be.
        """
        return self.target.rollback == "auto" and not self.one_shot

    @property
    def crosses(self) -> bool:
        """Whether the way leads across the change of usage report storage (REP-8, DOWN-3)."""
        return crosses_rum_change(self.state.release, self.goal, self.rules)

    @property
    def reports_now(self) -> TopologyRow | None:
        """How a router that runs SLP reports before anything is changed; ``None``: it cannot."""
        return present_row(self.state, self.target.topology, self.rules)

    @property
    def leaves_slp(self) -> bool:
        """Whether a router that runs SLP goes back before it (DOWN-1, DOWN-2, DOWN-4)."""
        least = min_slp(self.platform, self.rules)
        if self.model is not Model.SLP or not self.downgrade or least is None:
            return False
        return self.goal is not None and self.goal < least

    @property
    def filesystem(self) -> str:
        """Where images and licence files lie."""
        storage = self.state.storage
        if self.platform is not None:
            return self.platform.row.filesystem
        return storage[0].filesystem if storage else "bootflash:"

    @property
    def connected(self) -> bool:
        """Whether the router itself reaches its licence server at the end."""
        return self.topology.report in ("sync", "sync-person")

    @property
    def transport_settles_itself(self) -> bool:
        """Whether the upgrade alone brings the transport that is wanted, with nothing beside it."""
        if not settings_are_there(self.state, self.target.topology, self.model):
            return False
        if self.wanted_transport is None:
            return True
        if self.transport.kind != self.wanted_transport or self.transport.severity == "warning":
            return False
        return self._url_settled()

    def _url_settled(self) -> bool:
        shown = self.state.licensing.transport if self.state.licensing else None
        if self.cuts_over and self.wanted_url is None:
            return False  # it is handed in, or written by On-Prem, later (ONPREM-4)
        if self.wanted_transport == "cslu":
            return (shown.cslu_address if shown else None) == self.wanted_url
        if self.wanted_transport == "smart":
            return shown is not None and shown.url in (None, self.wanted_url)
        return True


def situation(state: RouterState, target: Target, rules: RuleData) -> Situation:
    """Returns what the rules say of ``state`` on its way to ``target``."""
    model = detect(state, rules)
    platform = platform_of(state.udi.pid if state.udi else None, rules)
    goal = target_release(target, state.release)
    topology = row_of(target.topology, rules)
    slac = slac_need(state, model, platform, target, topology.slac, rules)
    image, given = target_image(target, platform, goal, state)
    mode, seen = boot_mode(state)
    present = state.release
    reached = goal is None or (present is not None and present.satisfies(goal))
    return Situation(
        state=state,
        target=target,
        rules=rules,
        model=model,
        platform=platform,
        goal=goal,
        upgrade=not reached,
        downgrade=not reached and present is not None and goal is not None and goal < present,
        topology=topology,
        transport=transport_after(model, transport_before(state, model), rules),
        wanted_transport=wanted_transport(target.topology, topology),
        wanted_url=wanted_url(target.topology, topology, rules),
        slac=slac,
        by_flag=by_flag_alone(state, model, platform, rules),
        dlc=dlc_rules.converts(model, platform),
        licences=outcomes(state, model, rules),
        reporting=reporting_need(state, model, rules),
        boot=mode,
        boot_seen=seen,
        image=image,
        image_given=given,
    )
