"""The way before SLP: registered, renewed, given back, and the modes of the ASR 900 family."""

from __future__ import annotations

from typing import Any

from slp_tasks.steps.call_home import call_home
from slp_tasks.steps.deregister import deregister
from slp_tasks.steps.mode_switch import mode_switch
from slp_tasks.steps.register import register
from slp_tasks.steps.renew import renew
from tasks.matrix.routers import HOME, SENT, TOKEN, before, slp
from tasks.matrix.row import Row, World

STATUS = "show license status"
REGISTERED, UNREGISTERED = r"Status: REGISTERED", r"Status: UNREGISTERED"
REGISTER = "license smart register idtoken"
EXPIRED = f"{REGISTER} old-token-0002"
LEVEL = "license boot level metroaggrservices"
LINE = "license smart enable"
NOT_SMART = "Smart Licensing is not enabled here"
NOT_IN_SLP = "the router runs SLP"


def metro(model: str, **router: Any) -> dict[str, Any]:
    """An ASR 920 in bundle mode."""
    licensing: dict[str, Any] = {
        "model": model,
        "licences": [{"feature": "metroaggrservices", "kind": "pak" if model == "csl" else "rtu"}],
    }
    if model != "csl":
        licensing["transport"] = "callhome"
    if model == "registered":
        licensing["registration"] = {
            "smart_account": "Eg-SA-01",
            "virtual_account": "Eg-VA-01",
            "registered_at": "epoch-100d",
            "authorized_at": "epoch-3d",
        }
    spec: dict[str, Any] = {
        "pid": "ASR-920-12CZ-A",
        "release": "17.6.1",
        "boot_mode": "bundle",
        "config": [LEVEL],
        "licensing": licensing,
    }
    return {"name": "r1", "home": HOME, "router": spec | router}


def hour_ago(world: World) -> None:
    """It was renewed, more than an hour ago."""
    just(world)
    world.made.clock.sleep(4000)


def just(world: World) -> None:
    """It was renewed a moment ago."""
    world.did(renew)


GOT = ("registration requested", "registered")
TOLD = {"token": TOKEN}
REGISTER_ROWS = [
    Row("register", "evaluation", register, before(), TOLD, sends=(f"{REGISTER} {SENT}",),
        events=GOT, shows={STATUS: REGISTERED}),
    Row("register", "evaluation", register, metro("eval"), TOLD, case="asr900",
        sends=(f"{REGISTER} {SENT}",), events=GOT, shows={STATUS: REGISTERED}),
    Row("register", "registered", register, metro("registered"), TOLD,
        shows={STATUS: REGISTERED}),
    Row("register", "registered, force", register, metro("registered"),
        {**TOLD, "force": True}, sends=(f"{REGISTER} {SENT} force",), events=GOT,
        shows={STATUS: REGISTERED},
        again=((f"{REGISTER} {SENT} force",), "force registers anew, each time")),
    Row("register", "token refused", register, metro("eval"),
        {"token": "env:SLP_TOKEN_EXPIRED"}, sends=(EXPIRED,), refused="the token has expired",
        events=("registration requested", "registration refused"), shows={STATUS: UNREGISTERED},
        again=((EXPIRED,), "a token may be renewed in CSSM meanwhile: asked anew")),
    Row("register", "no token", register, metro("eval"), {"token": "env:SLP_NOT_SET"},
        refused="env:SLP_NOT_SET"),
    Row("register", "traditional", register, metro("csl"), TOLD, refused=NOT_SMART),
    Row("register", "SLP", register, slp(), TOLD, refused=NOT_IN_SLP),
]  # fmt: skip

RENEW_ROWS = [
    Row("renew", "registered", renew, metro("registered"), case="auth",
        sends=("license smart renew auth",), events=("renewed auth",),
        shows={STATUS: r"Last Communication Attempt: SUCCEEDED"}),
    Row("renew", "registered", renew, metro("registered"), {"what": "id"}, case="id",
        sends=("license smart renew id",), events=("renewed id",),
        shows={STATUS: r"Last Renewal Attempt: SUCCEEDED"}),
    Row("renew", "renewed within the hour", renew, metro("registered"), prepare=just),
    Row("renew", "renewed before", renew, metro("registered"), prepare=hour_ago,
        sends=("license smart renew auth",), events=("renewed auth",)),
    Row("renew", "not registered", renew, metro("eval"), refused="register it first"),
    Row("renew", "traditional", renew, metro("csl"), refused=NOT_SMART),
    Row("renew", "SLP", renew, slp(), refused=NOT_IN_SLP),
]  # fmt: skip

DEREGISTER_ROWS = [
    Row("deregister", "registered", deregister, metro("registered"),
        sends=("license smart deregister",), events=("deregistered",),
        shows={STATUS: (UNREGISTERED, r"EVAL MODE")}),
    Row("deregister", "registered", deregister, before("registered"), case="isr4300",
        sends=("license smart deregister",), events=("deregistered",),
        shows={STATUS: UNREGISTERED}),
    Row("deregister", "not registered", deregister, metro("eval")),
    Row("deregister", "traditional", deregister, metro("csl"), refused=NOT_SMART),
    Row("deregister", "SLP", deregister, slp(), refused=NOT_IN_SLP),
]  # fmt: skip

OFF = {"mode": "no-license"}
PORT = "GigabitEthernet0/0/0"
MODE_ROWS = [
    Row("mode_switch", "traditional", mode_switch, metro("csl"), {"mode": "smart"},
        sends=(f"(config)#{LINE}",), adds=(LINE,), shows={"show running-config": LINE}),
    Row("mode_switch", "mode set already", mode_switch, metro("eval"), {"mode": "smart"},
        case="smart"),
    Row("mode_switch", "mode set already", mode_switch, metro("csl"), OFF,
        case="no-license"),
    Row("mode_switch", "Smart, no second way in", mode_switch, metro("registered"), OFF,
        refused="may cut the router off"),
    Row("mode_switch", "Smart, second way in", mode_switch, metro("registered"),
        {**OFF, "second_way_in": "console server 3"}, sends=(f"(config)#no {LINE}",),
        adds=(" shutdown",), drops=(LINE,)),
    Row("mode_switch", "Smart, ports brought up", mode_switch, metro("registered"),
        {**OFF, "second_way_in": "console server 3", "ports": [PORT]},
        sends=(f"(config)#no {LINE}", f"(config)#interface {PORT}", "(config)#no shutdown"),
        drops=(LINE,)),
    Row("mode_switch", "SLP", mode_switch, slp(), {"mode": "smart"}, refused=NOT_IN_SLP),
]  # fmt: skip

CONTACT = {"call_home": {"contact": "noc@example.net", "url": "https://tools.example.net/x"}}
CALL_HOME = (
    "service call-home",
    "call-home",
    " contact-email-addr noc@example.net",
    " profile CiscoTAC-1",
    "  active",
    "  destination transport-method http",
    "  destination address http https://tools.example.net/x",
)


def set_up(world: World) -> None:
    """Call-home is set up."""
    world.did(call_home, topology=CONTACT)


def partly(world: World) -> None:
    """Somebody named another contact."""
    world.by_hand("service call-home", "call-home", "contact-email-addr old@example.net")


CALL_HOME_ROWS = [
    Row("call_home", "clean", call_home, metro("eval"), {"topology": CONTACT},
        sends=tuple(f"(config)#{x.strip()}" for x in CALL_HOME), adds=CALL_HOME),
    Row("call_home", "conflicting lines", call_home, metro("eval"), {"topology": CONTACT},
        prepare=partly, sends=tuple(f"(config)#{x.strip()}" for x in CALL_HOME[1:]),
        adds=CALL_HOME[2:], drops=(" contact-email-addr old@example.net",)),
    Row("call_home", "configured already", call_home, metro("eval"),
        {"topology": CONTACT}, prepare=set_up),
    Row("call_home", "SLP", call_home, slp(), {"topology": CONTACT}, refused=NOT_IN_SLP),
]  # fmt: skip

ROWS = [*REGISTER_ROWS, *RENEW_ROWS, *DEREGISTER_ROWS, *MODE_ROWS, *CALL_HOME_ROWS]
