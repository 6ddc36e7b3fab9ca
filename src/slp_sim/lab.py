"""A lab: the routers of a scenario, the services that they reach, and the files around them."""

from __future__ import annotations

import hashlib
import os
import secrets as randomness
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slp_sim.clock import ManualClock, RunningClock
from slp_sim.entries import AccountEntry, RouterEntry, Scenario, VirtualAccountEntry
from slp_sim.initial_state import hand_over, introduce
from slp_sim.ports import LabClock
from slp_sim.router.catalog import regid_for, stable
from slp_sim.router.flash import make_image
from slp_sim.router.router import Router
from slp_sim.router.spec import UserSpec
from slp_sim.scenario import ScenarioError
from slp_sim.services.account import (
    Accounts,
    Pool,
    SmartAccount,
    Token,
    VirtualAccount,
    stable_id,
)
from slp_sim.services.cslu import Cslu
from slp_sim.services.cssm import Cssm, Timing
from slp_sim.services.faults import before_power
from slp_sim.services.file_server import FILE_SERVER, FileServer
from slp_sim.services.network import LabNetwork
from slp_sim.services.network import Path as NetworkPath
from slp_sim.services.onprem import OnPrem
from slp_sim.services.portal import Portal

IMAGE_SERVER = f"http://{FILE_SERVER}/"
EVENTS_KEPT = 10_000


@dataclass
class Lab:
    """A running world; in process it is used as it is, ``slp_sim.server`` puts it on the network.

    Attributes:
        routers: by name.
        images: content of each image by file name.
        password: what ``scenario.login`` resolved to.
        events: what the services did, newest last, with lab time.
    """

    scenario: Scenario
    clock: LabClock
    routers: dict[str, Router]
    network: LabNetwork
    portal: Portal
    images: dict[str, bytes]
    password: str = field(repr=False)
    secrets: dict[str, str] = field(repr=False)
    events: deque[str] = field(repr=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @classmethod
    def from_scenario(
        cls,
        scenario: Scenario,
        *,
        clock: LabClock | None = None,
        seed: int = 0,
        password: str | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> Lab:
        """Returns the lab that a scenario describes.

        Args:
            clock: the lab's clock; one that is moved by hand where none is given.
            seed: what is random in the routers follows from it.
            password: of every router; else what the scenario's reference resolves to.
            secrets: values by the names in ``env:`` references; the environment by default. What
                is found nowhere gets a random value, which ``lab.secrets`` holds.
        """
        clock = clock or ManualClock(scenario.epoch)
        known = _resolve(scenario, secrets if secrets is not None else os.environ)
        if password is not None:
            known[scenario.login.password] = password
        events: deque[str] = deque(maxlen=EVENTS_KEPT)
        cssm = Cssm(
            _accounts(scenario, known),
            clock,
            timing=Timing(scenario.timing.ack_s, scenario.timing.dlc_s),
            log=lambda text: events.append(f"{clock.now().isoformat(timespec='seconds')} {text}"),
        )
        lock = getattr(clock, "lock", None) or threading.RLock()
        network = LabNetwork(
            cssm, hosts=set(scenario.dns), listens=set(scenario.listens), lock=lock
        )
        for entry in scenario.cslu:
            home = cssm.accounts.home(entry.home)
            network.cslus[entry.url] = Cslu(cssm, home, clock, connected=entry.connected)
        for item in scenario.onprem:
            tenants = {t: cssm.accounts.home(h) for t, h in item.tenants.items()}
            network.onprems[item.host.lower()] = OnPrem(
                cssm, clock, host=item.host, version=item.version, tenants=tenants
            )
        images = {i.name: make_image(i.release, i.platform, i.size) for i in scenario.images}
        network.files = FileServer((scenario.login.username, known[scenario.login.password]))
        network.files.offer(images.items())
        routers = {}
        for router in scenario.routers:
            introduce(router, cssm.accounts)
            udi = (router.router.pid, router.router.serial)
            network.faults.add(udi, router.router.faults)
            network.paths[udi] = NetworkPath(**router.path.model_dump())
            routers[router.name] = _power_up(
                router, scenario, known[scenario.login.password], clock, network, seed
            )
        return cls(
            scenario=scenario,
            clock=clock,
            routers=routers,
            network=network,
            portal=Portal(cssm, misaddressed=network.faults.misaddressed),
            images=images,
            password=known[scenario.login.password],
            secrets=known,
            events=events,
            lock=lock,
        )

    def entry(self, name: str) -> RouterEntry:
        """Returns what the scenario says of a router."""
        return next(e for e in self.scenario.routers if e.name == name)

    def clock_block(self) -> dict[str, Any] | None:
        """Returns ``data.slp.clock`` of the inventory; None where the clock is moved by hand."""
        clock = self.clock
        if not isinstance(clock, RunningClock):
            return None
        return {
            "epoch": clock.epoch.isoformat(),
            "factor": clock.factor,
            "started": clock.started,
            "floor": 90.0,
        }

    def write_images(self, folder: Path) -> None:
        """Writes every image of the scenario, as an operator would have downloaded them."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.images.items():
            (folder / name).write_bytes(data)

    def target(self, entry: RouterEntry, images: Path) -> dict[str, Any] | None:
        """Returns a router's target with everything that is known of the image it names."""
        if entry.target is None:
            return None
        target = dict(entry.target)
        name = target.get("image")
        if isinstance(name, str):
            data = self.images[name]
            target["image"] = {
                "name": name,
                "source": str(images / name),
                "size": next(i.size for i in self.scenario.images if i.name == name),
                "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
                "sha512": hashlib.sha512(data).hexdigest(),
            }
        return target


def require_secrets(scenario: Scenario, secrets: Mapping[str, str]) -> None:
    """Raises where a reference of the scenario cannot be resolved.

    The secrets of API clients are not needed: without one, no program can use the API.

    Raises:
        ScenarioError: names every reference that is missing.
    """
    optional = {c.client_secret for c in scenario.api_clients}
    needed = [r for r in scenario.secret_names() if r not in optional]
    missing = [r for r in needed if _lookup(r, secrets) is None]
    if missing:
        raise ScenarioError(f"{scenario.name}: nothing is found at {', '.join(missing)}")


def _resolve(scenario: Scenario, secrets: Mapping[str, str]) -> dict[str, str]:
    return {
        reference: _lookup(reference, secrets) or randomness.token_urlsafe(24)
        for reference in scenario.secret_names()
    }


def _lookup(reference: str, secrets: Mapping[str, str]) -> str | None:
    scheme, _, rest = reference.partition(":")
    if scheme == "file":
        path = Path(rest).expanduser()
        return path.read_text(encoding="utf-8").strip() if path.is_file() else None
    return secrets.get(rest) or secrets.get(reference)


def _accounts(scenario: Scenario, known: Mapping[str, str]) -> Accounts:
    return Accounts({a.name: _account(a, known) for a in scenario.accounts})


def _account(entry: AccountEntry, known: Mapping[str, str]) -> SmartAccount:
    account = SmartAccount(entry.name, entry.domain, stable_id(entry.domain))
    for item in entry.virtual_accounts:
        account.virtual_accounts[item.name] = _virtual(entry, item, known)
    return account


def _virtual(
    account: AccountEntry, entry: VirtualAccountEntry, known: Mapping[str, str]
) -> VirtualAccount:
    virtual = VirtualAccount(entry.name, stable_id(account.domain, entry.name))
    for licence in entry.licences:
        tag = licence.tag if licence.tag.startswith("regid.") else regid_for(licence.tag)
        pool = Pool(
            tag, licence.name, licence.description, licence.count, licence.export_restricted
        )
        virtual.pools[pool.short] = pool
    for t in entry.tokens:
        token = Token(t.name, known[t.value], t.expires, t.uses, t.export_allowed, t.revoked)
        virtual.tokens.append(token)
    virtual.policy = entry.policy.policy() if entry.policy else None
    return virtual


def _power_up(
    entry: RouterEntry,
    scenario: Scenario,
    password: str,
    clock: LabClock,
    network: LabNetwork,
    seed: int,
) -> Router:
    spec = entry.router.model_copy()
    if "users" not in entry.router.model_fields_set:
        spec.users = [UserSpec(name=scenario.login.username, password=password)]
    before_power(spec)
    router = Router(spec, clock, network, seed=seed * 1_000_003 + stable(spec.name, 1_000_000))
    hand_over(router, entry, network.cssm.accounts)
    return router
