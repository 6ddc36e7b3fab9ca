"""Smart Licensing as it was: register, renew, deregister."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from slp_sim.ports import Reply
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import Licence, Registration
from slp_sim.router.catalog import Release
from slp_sim.router.device import Device

_EVALUATION_DAYS = 90
_NO_PAK_FROM = Release(17, 7, 1)
_SNAPSHOT_FROM = Release(17, 8, 1)


def request_registration(agent: Agent, token: str) -> None:
    """Registers; the result comes some seconds later, in status and log."""
    agent.device.record("registration requested")
    agent.after(agent.device.random.uniform(5, 15), lambda: _register(agent, token))


def _register(agent: Agent, token: str) -> None:
    device = agent.device
    reply = agent.send("register", {"token": token, "hostname": device.hostname})
    if not reply.ok:
        device.record("registration refused")
        device.log(
            "SMART_LIC-3-AGENT_REG_FAILED",
            "Smart Agent for Licensing Registration with the Cisco Smart Software Manager (CSSM) "
            f"failed: {reply.reason or 'Communications failure'}",
        )
        return
    _registered(agent, reply)


def _registered(agent: Agent, reply: Reply) -> None:
    now, body = agent.now(), reply.body
    agent.registration = Registration(
        str(body.get("smart_account", "")),
        str(body.get("virtual_account", "")),
        now,
        now + timedelta(days=365),
        now,
        now + timedelta(days=90),
        bool(body.get("export_controlled", True)),
    )
    agent.eval_ends = None
    for licence in agent.licences:
        licence.name = licence.name or licence.feature
    device = agent.device
    device.record("registered")
    device.log(
        "SMART_LIC-6-AGENT_REG_SUCCESS",
        "Smart Agent for Licensing Registration with the Cisco Smart Software Manager (CSSM) "
        f"successful for udi {agent.udi}",
    )
    device.log(
        "SMART_LIC-5-IN_COMPLIANCE",
        "All entitlements and licenses in use on this device are authorized",
    )


def deregister(agent: Agent) -> str:
    """Deregisters at once; an evaluation begins."""
    if agent.registration is None:
        return "% Error: Smart Agent not registered\n"
    agent.send("deregister")
    agent.registration = None
    days = 30 if agent.device.platform.classic else _EVALUATION_DAYS
    agent.eval_ends = agent.now() + timedelta(days=days)
    agent.device.record("deregistered")
    return (
        "license smart deregister: Success\n"
        'License command "license smart deregister " completed successfully.\n'
    )


def renew(agent: Agent, what: str) -> str:
    """Begins to renew the identity or the authorization; the result comes later."""
    if agent.registration is None:
        return "% Error: Smart Agent not registered\n"
    agent.after(agent.device.random.uniform(2, 6), lambda: _renew(agent, what))
    process = "Authorization" if what == "auth" else "Registration"
    status = "authorization" if what == "auth" else "registration"
    return (
        f"license smart renew {what}: {process} process is in progress. "
        f"Please check the syslog for the {status} status and result.\n"
    )


def _renew(agent: Agent, what: str) -> None:
    registration, device = agent.registration, agent.device
    if registration is None:
        return
    now = agent.now()
    reply = agent.send("renew", {"what": what})
    kind = "Authorization" if what == "auth" else "ID certificate"
    mnemonic = "AUTH_RENEW" if what == "auth" else "ID_CERT_RENEW"
    if not reply.ok:
        registration.failed_at = now
        registration.failure_reason = reply.reason or "Communications failure"
        registration.next_attempt_at = now + timedelta(hours=23)
        device.record(f"renewal refused {what}")
        device.log(
            f"SMART_LIC-3-{mnemonic}_FAILED",
            f"{kind} renewal with the Cisco Smart Software Manager (CSSM) failed: "
            f"{registration.failure_reason}",
        )
        return
    registration.failed_at = registration.next_attempt_at = None
    if what == "id":
        registration.last_renewal = now
        registration.expires_at = now + timedelta(days=365)
    else:
        registration.authorized_at = now
        registration.deadline_at = now + timedelta(days=90)
    device.record(f"renewed {what}")
    mnemonic = "AUTH_RENEW_SUCCESS" if what == "auth" else "ID_CERT_RENEW_SUCCESS"
    device.log(f"SMART_LIC-6-{mnemonic}", f"{kind} renewal successful.")


def renew_after_downgrade(agent: Agent) -> None:
    """Turns trust into a registration again, if CSSM agrees."""
    if agent.model != "smart" or agent.registration is not None:
        return
    reply = agent.send("renew", {"what": "id"})
    if reply.ok:
        _registered(agent, reply)
    else:
        agent.device.record("trust renewal refused")


# --- ports --------------------------------------------------------------------------------------

_PORT = re.compile(r"interface (\S*(?:Ethernet|GigE)\d[\d/]*)")
_MANAGEMENT = "interface GigabitEthernet0"
_DEFAULT = "interface GigabitEthernet"


def shut_ports(agent: Agent) -> None:
    """Disabling Smart Licensing shuts every port; the management port stays the way in."""
    running = agent.device.running
    if agent.model != "smart":
        return
    for head, rows in list(running.sections()):
        if _PORT.fullmatch(head) and head != _MANAGEMENT and "shutdown" not in rows:
            running.set(head, "shutdown")
            agent.shut_ports.append(head)
    agent.device.record(f"ports shut {len(agent.shut_ports)}")


def _open_default_ports(agent: Agent) -> None:
    """Ports that need no licence come back by the reload; others as they were configured."""
    for head in agent.shut_ports:
        if head.startswith(_DEFAULT):
            agent.device.running.unset(head, "shutdown")
    agent.shut_ports.clear()


# --- boots --------------------------------------------------------------------------------------


def csl_to_smart(agent: Agent) -> None:
    """Has traditional licences in use as evaluation licences of Smart Licensing."""
    agent.csl_before = list(agent.licences)
    agent.licences = [replace(x, name=x.name or x.feature, kind="smart") for x in agent.in_use()]
    agent.model = "smart"
    agent.eval_ends = agent.now() + timedelta(days=_EVALUATION_DAYS)


def boot(agent: Agent, new: Release) -> None:
    """The ASR 900 family: traditional, Smart or No-License mode, by release and configuration."""
    _open_default_ports(agent)
    smart_wanted = agent.device.running.has("license smart enable")
    if new < _NO_PAK_FROM:
        if agent.model == "nolicense" or (agent.model == "smart" and not smart_wanted):
            agent.model = "csl"
            agent.licences = agent.csl_before or [_traditional(x) for x in agent.licences]
        elif agent.model == "csl" and smart_wanted:
            csl_to_smart(agent)
    else:
        _boot_without_pak(agent, new, smart_wanted=smart_wanted)
    agent.level = agent.device.running.value("license boot level") or _level(agent, new)


def _boot_without_pak(agent: Agent, new: Release, *, smart_wanted: bool) -> None:
    if agent.model == "csl":
        agent.csl_before = list(agent.licences)
        agent.model = "nolicense"
    if _has_snapshot(new) and agent.csl_before is not None:
        agent.pak_snapshot = True  # in Smart as in No-License mode
    if smart_wanted and agent.model == "nolicense":
        before = agent.eval_ends
        agent.licences = agent.csl_before or agent.licences
        kept = agent.csl_before
        csl_to_smart(agent)
        agent.csl_before, agent.eval_ends = kept, before or agent.eval_ends
    elif not smart_wanted and agent.model == "smart":
        agent.model = "nolicense"


def _traditional(licence: Licence) -> Licence:
    """Returns a licence as a router runs it that has no earlier traditional state to go back to."""
    return replace(licence, kind="evaluation") if licence.kind == "smart" else licence


def _has_snapshot(release: Release) -> bool:
    return _SNAPSHOT_FROM <= release < Release(17, 11, 1)


def _level(agent: Agent, new: Release) -> str:
    """Returns the level of a router whose configuration names none."""
    if agent.model == "csl":
        return next((x.feature for x in agent.in_use()), "metroaccess")
    permanent = [x.feature for x in agent.csl_before or () if x.kind == "pak"]
    recorded = agent.pak_snapshot and new >= _SNAPSHOT_FROM
    return permanent[0] if permanent and recorded else "metroaccess"


def used_s(device: Device, licence: Licence) -> float:
    """Returns for how long an evaluation licence has been used."""
    if not licence.in_use:
        return 0.0
    since = max(device.booted_at, device.born)
    return licence.used_s + (device.now() - since).total_seconds()
