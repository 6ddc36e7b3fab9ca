"""What the agent asks of CSSM by itself or on command: trust, authorizations, synchronisation."""

from __future__ import annotations

from slp_sim.ports import Reply
from slp_sim.router.agent import acknowledging, measuring, reporting
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import RETRY_S, Code, CodeEntry, Licence

# --- trust --------------------------------------------------------------------------------------


def request_trust(agent: Agent, token: str | None, *, force: bool) -> None:
    """Asks for a trust code; it is installed some seconds later, or a message says why not."""
    agent.device.record("trust requested")
    agent.asks("Trust Establishment")
    seconds = agent.device.random.uniform(1.0, 3.0)
    agent.after(seconds, lambda: _trust(agent, token, force=force))


def _trust(agent: Agent, token: str | None, *, force: bool) -> None:
    slp, device = agent.slp, agent.device
    if slp.trust_at is not None and not force:
        _trust_failed(agent, "Trust code is already installed, use force to replace it", True)
        return
    if device.faults.on("F34", "present") and not force:
        _trust_failed(agent, "Trust code is already installed, use force to replace it", True)
        return
    if device.hostname.lower() in (device.pid.lower(), device.pid.split("/")[0].lower()):
        _trust_failed(agent, "The hostname must not be the product identifier", True)
        return
    wanted = any(x.restricted for x in agent.licences) or agent.device.running.has(
        "license feature hseck9"
    )
    reply = agent.send(
        "trust", {"token": token, "hostname": device.hostname, "export_wanted": wanted}
    )
    if not reply.ok:
        _trust_failed(agent, reply.reason or "Communications failure", reply.reached)
        return
    _trust_installed(agent, reply)


def _trust_failed(agent: Agent, reason: str, reached: bool) -> None:
    device = agent.device
    agent.past("Trust Establishment", f"FAIL: {reason}")
    agent.event("SAEVT_TRUST_INSTALL_FAILED", error=reason)
    device.record("trust refused")
    if not reached:
        agent.comm_failed(reason)
    device.log(
        "SMART_LIC-3-TRUST_INSTALL_FAILED",
        "The install of a new licensing trust code has failed on "
        f"P:{device.pid},S:{device.serial}: {reason}",
    )


def _trust_installed(agent: Agent, reply: Reply) -> None:
    slp, device, body = agent.slp, agent.device, reply.body
    agent.comm_restored()
    acknowledging.install_policy(agent, body.get("policy"))
    slp.trust_at = agent.now()
    slp.trust_id = str(body.get("trust_id", ""))
    if body.get("smart_account"):
        slp.smart_account = str(body["smart_account"])
        slp.virtual_account = str(body.get("virtual_account") or "") or None
        slp.account_at = agent.now()
    if agent.slp.legacy and agent.hseck9_allowed():
        acknowledging.export_message(agent)
    agent.past("Trust Establishment", "OK")
    agent.event("SAEVT_TRUST_INSTALL_SUCCESS")
    device.record("trust installed")
    device.log(
        "SMART_LIC-6-TRUST_INSTALL_SUCCESS",
        "A new licensing trust code was successfully installed on "
        f"P:{device.pid},S:{device.serial}.",
    )
    reporting.schedule_push(agent, device.random.uniform(36, 46))


# --- authorization codes ------------------------------------------------------------------------


def request_authorization(agent: Agent, feature: str, count: int) -> None:
    """Asks for a SLAC; it is installed some seconds later, or a message says why not."""
    agent.device.record(f"authorization requested {feature}")
    agent.asks("Authorization Request")
    agent.after(agent.device.random.uniform(2.0, 6.0), lambda: _authorize(agent, feature, count))


def _authorize(agent: Agent, feature: str, count: int) -> None:
    tag, regid = agent.hsec
    body: dict[str, object] = {"feature": feature, "tag": tag, "regid": regid, "count": count}
    reply = agent.send("authorization", body)
    if not reply.ok:
        authorization_failed(agent, reply.reason or "Communications failure", reply.reached)
        return
    if reply.poll_id is not None and "confirmation_code" not in reply.body:
        poll_id = reply.poll_id
        agent.after(max(reply.poll_after_s, 1.0), lambda: _poll(agent, poll_id))
        return
    _authorized(agent, reply)


def _poll(agent: Agent, poll_id: int) -> None:
    reply = agent.send("poll", {"poll_id": poll_id})
    if not reply.ok:
        authorization_failed(agent, reply.reason or "Communications failure", reply.reached)
    elif reply.poll_id is not None and "confirmation_code" not in reply.body:
        again = reply.poll_id
        agent.after(max(reply.poll_after_s, 1.0), lambda: _poll(agent, again))
    else:
        _authorized(agent, reply)


def _authorized(agent: Agent, reply: Reply) -> None:
    body = reply.body
    entry = CodeEntry.issued(
        str(body.get("regid") or body.get("tag") or agent.hsec[1]),
        "",
        str(body.get("description") or body.get("display_name") or ""),
        int(body.get("count") or 1),
    )
    install_slac(agent, [entry], str(body.get("confirmation_code", "")))
    acknowledging.install_policy(agent, body.get("policy"))


def authorization_failed(agent: Agent, reason: str, reached: bool) -> None:
    """Logs that no authorization code was given."""
    device = agent.device
    agent.past("Authorization Request", f"FAIL: {reason}")
    device.record("authorization refused")
    if not reached:
        agent.comm_failed(reason)
    device.log(
        "SMART_LIC-3-AUTHORIZATION_INSTALL_FAILED",
        "The install of a new licensing authorization code has failed on "
        f"PID:{device.pid},SN:{device.serial}: {reason}.",
    )


def install_slac(agent: Agent, entries: list[CodeEntry], code: str) -> None:
    """Installs an authorization code: what it allows is in use from now on."""
    device = agent.device
    agent.slac = Code("SMART", agent.now(), code, entries)
    agent.past("Authorization Request", "OK")
    device.record("authorization installed")
    device.log(
        "SMART_LIC-6-AUTHORIZATION_INSTALL_SUCCESS",
        "A new licensing authorization code was successfully installed on "
        f"PID:{device.pid},SN:{device.serial}",
    )
    bring_into_use(agent)
    agent.after(59.5, lambda: acknowledging.export_message(agent))
    if agent.transport() != "off":
        reporting.schedule_push(agent, 93.0)


def bring_into_use(agent: Agent) -> None:
    """Lists export-controlled licences that a code allows and that were not in use."""
    for code in (agent.slac, agent.reservation):
        for entry in code.entries if code is not None else ():
            known = any(x.tag == entry.tag for x in agent.licences)
            if entry.restricted and not known:
                agent.licences.append(Licence.hseck9(entry.tag, entry.regid))
    measuring.open_reports(agent)


def return_authorization(agent: Agent, *, online: bool) -> str | None:
    """Gives the authorization back; returns the code for CSSM, None where there is none."""
    code = agent.slac or agent.reservation
    if code is None:
        return None
    if online:
        agent.send("authorization_return", {"confirmation_code": code.confirmation_code})
    agent.slac, agent.reservation = None, None
    agent.licences = [x for x in agent.licences if not x.restricted]
    agent.past("Authorization Return", "OK")
    agent.device.record("authorization returned")
    return agent.device.digest(f"return/{code.confirmation_code}")


# --- synchronisation ----------------------------------------------------------------------------


def sync(agent: Agent) -> None:
    """Pushes usage now; polls for what is still due."""
    agent.device.record("usage sync")
    reporting.schedule_push(agent, 1.0)


def renew_registration(agent: Agent) -> None:
    """Has a formerly registered router's identity replaced by a trust code, without a token."""
    reply = agent.send(
        "trust", {"token": None, "hostname": agent.device.hostname, "export_wanted": True}
    )
    if reply.ok:
        _trust_installed(agent, reply)
        return
    _trust_failed(agent, reply.reason or "Communications failure", reply.reached)
    if not reply.reached:  # nobody said no: the agent asks again
        agent.after(RETRY_S, lambda: renew_registration(agent))
