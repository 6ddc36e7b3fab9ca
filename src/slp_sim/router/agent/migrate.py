"""What a reload into another release does to licensing."""

from __future__ import annotations

from datetime import timedelta

from slp_sim.formats import Entitlement, confirmation_code
from slp_sim.router.agent import acknowledging, classic, measuring, online, reporting
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import Code, CodeEntry, Dlc, Licence, Slp
from slp_sim.router.catalog import Release

_EVALUATION_DAYS = 90
_FIRST_PUSH_S = 120.0
_LOOKS_AGAIN_S = 600.0


def boot_agent(agent: Agent, new: Release) -> None:
    """Starts the agent of a new boot; converts what an older agent left behind."""
    device = agent.device
    if device.platform.classic:
        classic.boot(agent, new)
        return
    if device.slp_capable(new):
        if agent.model == "slp":
            measuring.close_reports(agent, "ProductReload")
        else:
            _to_slp(agent)
        _start_slp(agent)
        return
    if agent.model == "slp":
        _back_from_slp(agent)
    elif agent.model == "csl" and new >= Release(16, 10, 1):
        classic.csl_to_smart(agent)
    elif agent.model == "csl":
        for licence in agent.licences:
            licence.used_s = classic.used_s(device, licence)


# --- into SLP -----------------------------------------------------------------------------------


def _to_slp(agent: Agent) -> None:
    if agent.model == "csl":
        _from_csl(agent)
    elif agent.slr or agent.universal:
        _from_reservation(agent)
    elif agent.registration is not None:
        _from_registration(agent)
    else:
        _from_evaluation(agent)
    agent.model = "slp"
    agent.eval_ends = None
    for licence in agent.licences:
        licence.status = None
    online.bring_into_use(agent)


def _plain_names(licences: list[Licence]) -> None:
    for licence in licences:
        licence.name = licence.description = licence.feature


def _from_evaluation(agent: Agent) -> None:
    smart = agent.transport() == "smart"
    agent.default_transport = "off" if smart else "cslu"
    _forget_transport(agent)
    agent.licences = [x for x in agent.in_use() if not x.restricted]
    _plain_names(agent.licences)
    agent.slp = Slp(origin="eval")


def _forget_transport(agent: Agent) -> None:
    """The converted agent's transport counts, not the line of the earlier era."""
    agent.device.running.unset(None, "license smart transport")


def _from_reservation(agent: Agent) -> None:
    if agent.device.faults.on("F35"):
        agent.reservation = None
        agent.reservation_on = False
        _from_evaluation(agent)
        return
    agent.default_transport = "off"
    _forget_transport(agent)
    _plain_names(agent.licences)
    agent.slp = Slp(origin="slr")


def _from_registration(agent: Agent) -> None:
    agent.default_transport = agent.transport()
    r = agent.registration
    assert r is not None
    agent.slp = Slp(origin="registered", registration_to_renew=True)
    for licence in agent.licences:
        if licence.restricted:
            agent.slp.carried_over.append((licence.tag, licence.description))
            _plain_names([licence])
    agent.registration = None
    agent.slp.smart_account, agent.slp.virtual_account = r.smart_account, r.virtual_account


def _from_csl(agent: Agent) -> None:
    device = agent.device
    used = [x for x in agent.licences if x.in_use and x.kind in ("pak", "rtu", "evaluation")]
    bought = [x for x in used if x.kind == "pak"]
    agent.csl_before = list(agent.licences)
    agent.default_transport = "cslu"
    agent.slp = Slp(origin="csl-pak" if bought else "csl-rtu")
    agent.slp.legacy = [
        CodeEntry(x.tag, x.regid, x.feature, x.feature, x.count, x.restricted) for x in bought
    ]
    if device.platform.dlc:
        features = {
            x.feature: {
                "permanent": int(x.kind == "pak"),
                "eval_rtu": int(x.kind == "evaluation"),
                "rtu": int(x.kind == "rtu"),
                "paper": 0,
            }
            for x in used
        }
        agent.dlc = Dlc(features)
    agent.licences = [x for x in used if not x.restricted or x.kind == "pak"]
    _plain_names(agent.licences)
    for licence in agent.licences:
        licence.kind = "smart"


# --- at work ------------------------------------------------------------------------------------


def _start_slp(agent: Agent) -> None:
    """What an SLP agent does in the minutes after a boot."""
    device, slp = agent.device, agent.slp
    enabled = "Smart Agent for Licensing is enabled"
    device.log("SMART_LIC-6-AGENT_ENABLED", enabled, ago_s=41)
    if agent.slr:
        installed = "Specific License Reservation Authorization code installed for udi"
        device.log("SMART_LIC-6-RESERVED_INSTALLED", f"{installed} {agent.udi}", ago_s=40.5)
    barred = "Usage of export controlled features is not allowed"
    device.log("SMART_LIC-6-EXPORT_CONTROLLED", barred, ago_s=40)
    if agent.hseck9_allowed():
        acknowledging.export_message(agent, ago_s=39.5)
    measuring.open_reports(agent)
    agent.after(31.0, lambda: _call_home(agent))
    agent.after(32.0, lambda: _reporting_required(agent))
    if agent.dlc is not None and agent.dlc.collected_at is None:
        agent.after(3600.0, lambda: _collect(agent))
    if slp.registration_to_renew:
        agent.after(46.0, lambda: _renewed_trust(agent))


def _call_home(agent: Agent) -> None:
    agent.device.log(
        "CALL_HOME-6-CALL_HOME_ENABLED", "Call-home is enabled by Smart Agent for Licensing."
    )


def _reporting_required(agent: Agent) -> None:
    slp, now = agent.slp, agent.now()
    first_time = slp.started_at is None
    slp.started_at = slp.started_at or now
    if first_time:
        slp.deadline = now + timedelta(days=agent.first_report_days())
    if slp.deadline is not None and slp.last_ack is None:
        days = max((slp.deadline - now).days, 0)
        agent.device.log(
            "SMART_LIC-6-REPORTING_REQUIRED",
            f"A Usage report acknowledgement will be required in {days} days.",
        )
    acknowledging.watch_deadline(agent)
    if slp.last_push is None:
        reporting.schedule_push(agent, _FIRST_PUSH_S)
    elif slp.next_push is not None:
        left = (slp.next_push - now).total_seconds()
        reporting.schedule_push(agent, max(left, _FIRST_PUSH_S))


def _collect(agent: Agent) -> None:
    if agent.device.faults.on("F39"):
        agent.after(_LOOKS_AGAIN_S, lambda: _collect(agent))  # until somebody puts it right
        return
    if agent.dlc is not None and agent.dlc.collected_at is None:
        agent.dlc.collected_at = agent.now()
        agent.device.record("conversion data collected")


def _renewed_trust(agent: Agent) -> None:
    """A router that was registered gets trust and its authorization by itself."""
    slp, device = agent.slp, agent.device
    slp.registration_to_renew = False
    online.renew_registration(agent)
    if _asks_by_itself(agent):
        agent.after(5.0, lambda: online.request_authorization(agent, "hseck9", 1))
    restricted = [x for x in agent.in_use() if x.restricted]
    if not restricted:
        return

    def authorize() -> None:
        descriptions = dict(slp.carried_over)
        entries = [
            CodeEntry(x.tag, x.regid, x.tag, descriptions.get(x.tag) or x.tag, x.count, True)
            for x in restricted
        ]
        code = _code_for(agent, restricted)
        agent.slac = Code("SMART", agent.now(), code, entries)
        slp.carried_over.clear()
        device.record("authorization carried over")
        device.log(
            "SMART_LIC-6-AUTHORIZATION_INSTALL_SUCCESS",
            f"A new licensing authorization code was successfully installed on {agent.udi}",
        )

    agent.after(2.4, authorize)


def _asks_by_itself(agent: Agent) -> bool:
    """Tells whether a connected router asks for the SLAC that its throughput needs from now on."""
    device = agent.device
    if not agent.flag_throughput or agent.hseck9_allowed() or device.spec.controller_mode:
        return False
    if device.platform.virtual:
        return device.configured_level() is None or (device.configured_level() or 0) > 250_000
    return device.running.has("license feature hseck9")


def _code_for(agent: Agent, licences: list[Licence]) -> str:
    """Returns the confirmation code of an authorization that CSSM already keeps."""
    for licence in licences:
        body: dict[str, object] = {"feature": licence.feature, "tag": licence.tag}
        reply = agent.send("authorization", body | {"regid": licence.regid, "count": licence.count})
        if reply.ok and reply.body.get("confirmation_code"):
            return str(reply.body["confirmation_code"])
    device = agent.device
    rows = [Entitlement(x.regid, x.count) for x in licences]
    return confirmation_code(device.pid, device.serial, rows, agent.now())


# --- other ways ---------------------------------------------------------------------------------


def _back_from_slp(agent: Agent) -> None:
    """A release without SLP: registered again after a renewal of trust, else in evaluation."""
    trusted = agent.slp.trust_at is not None
    agent.model = "smart"
    agent.registration = None
    agent.eval_ends = agent.now() + timedelta(days=_EVALUATION_DAYS)
    agent.slac = None
    agent.default_transport = "smart" if agent.default_transport == "smart" else "callhome"
    agent.licences = [x for x in agent.licences if not x.restricted or agent.slr]
    if trusted:
        agent.after(60.0, lambda: classic.renew_after_downgrade(agent))
