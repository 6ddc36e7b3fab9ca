"""What was before a scenario begins: what CSSM knows of a router, and what that left on it."""

from __future__ import annotations

import hashlib

from slp_sim.entries import RouterEntry
from slp_sim.router.agent import acknowledging
from slp_sim.router.agent.state import Code, CodeEntry
from slp_sim.router.catalog import regid_for
from slp_sim.router.router import Router
from slp_sim.services.account import Accounts, Pool, ProductInstance, Reservation


def introduce(entry: RouterEntry, accounts: Accounts) -> None:
    """Has CSSM know what it must have known of a router before the scenario began."""
    licensing = entry.router.licensing
    known_models = ("registered", "slr", "plr")
    if licensing.model not in known_models and licensing.trust is None and entry.slac is None:
        return
    home, _, name = entry.home.partition("/")
    virtual = accounts.virtual(home, name)
    spec = entry.router
    instance = ProductInstance(spec.pid, spec.serial, spec.hostname, home, name)
    if licensing.registration is not None:
        instance.registered = True
        instance.first_seen = licensing.registration.registered_at
        instance.export_allowed = licensing.registration.export_controlled
    if licensing.reservation is not None:
        reserved = licensing.reservation
        rows = []
        for row in reserved.licences:
            made = Pool(row.regid or regid_for(row.tag), row.name, row.description, 0)
            pool = virtual.pool(row.tag) or made
            rows.append(pool.entitlement(row.count))
        instance.reservation = Reservation(tuple(rows), reserved.confirmation_code)
    if licensing.trust is not None:
        instance.trust_id = hashlib.sha256(spec.serial.encode()).hexdigest()[:32]
    for row in entry.slac.licences if entry.slac is not None else ():
        made = Pool(row.regid or regid_for(row.tag), row.name, row.description, 0)
        pool = virtual.pool(row.tag) or made
        instance.authorized[pool.short] = pool.entitlement(row.count)
    if licensing.model == "registered":
        for licence in licensing.licences:
            known = virtual.pool(licence.tag or licence.feature)
            if known is not None and licence.restricted:
                instance.authorized[known.short] = known.entitlement(licence.count)
    virtual.instances[instance.udi] = instance


def hand_over(router: Router, entry: RouterEntry, accounts: Accounts) -> None:
    """Gives a router what it had from CSSM: authorization, rights by PAK, policy, deadlines."""
    agent = router.agent
    if entry.slac is not None:
        code = entry.slac.confirmation_code or router.digest("slac")
        rows = [CodeEntry.of(x) for x in entry.slac.licences]
        agent.slac = Code("SMART", entry.slac.installed_at, code, rows)
    agent.slp.legacy += [CodeEntry.of(x) for x in entry.legacy]
    told = entry.reporting
    if told is None or agent.model != "slp":
        return
    agent.slp.last_ack = told.last_ack
    policy = accounts.home(entry.home).policy
    if told.policy_at is not None and policy is not None:
        agent.slp.policy, agent.slp.policy_at = policy, told.policy_at
        agent.slp.push_interval = policy.push_interval_days
    if told.deadline is not None or told.last_ack is not None:
        agent.slp.deadline = told.deadline
        acknowledging.watch_deadline(agent)
