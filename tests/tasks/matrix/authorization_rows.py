"""Authorizations: SLAC on line and by files, reservations before SLP; there and back."""

from __future__ import annotations

from typing import Any

from slp_sim.router.agent.online import request_authorization
from slp_tasks.steps.reservation_install import reservation_install
from slp_tasks.steps.reservation_request import reservation_request
from slp_tasks.steps.reservation_return import reservation_return
from slp_tasks.steps.slac import slac
from slp_tasks.steps.slac_import import slac_import
from slp_tasks.steps.slac_request import slac_request
from slp_tasks.steps.slac_return import slac_return
from slp_tasks.steps.slac_wait import slac_wait
from tasks.matrix.routers import HOME, before, slp
from tasks.matrix.row import Row, World

CODES = "show license authorization"
INSTALLED = r"Status: SMART AUTHORIZATION INSTALLED"
NONE = r"Status: NOT INSTALLED"
ASK = "license smart authorization request add hseck9 local"
NO_SLP = "does not run Smart Licensing Using Policy"
GOT = ("authorization requested hseck9", "authorization installed")


def none_left(world: World) -> None:
    """The virtual account has given out every HSECK9 licence."""
    with world.made.lab.lock:
        for _, account in world.made.lab.network.cssm.accounts.virtual_accounts():
            for pool in account.pools.values():
                pool.total = 0


SLAC = [
    Row("slac", "none", slac, slp("smart", trust=True), sends=(ASK,), events=GOT,
        shows={CODES: INSTALLED, "show license usage": r"hseck9.*\n(.*\n)*.*RESTRICTED - ALLOWED"}),
    Row("slac", "none", slac, slp("smart", trust=True, peer_serial="FDO2222X001"),
        {"scope": "all"}, case="pair",
        sends=("license smart authorization request add hseck9 all",), events=GOT,
        shows={CODES: INSTALLED}),
    Row("slac", "none", slac, slp("smart", trust=True), {"mode": "replace"}, case="replace",
        sends=("license smart authorization request replace hseck9 local",), events=GOT,
        shows={CODES: INSTALLED}),
    Row("slac", "authorized already", slac, slp("smart", trust=True, slac=True),
        shows={CODES: INSTALLED}),
    Row("slac", "authorized already", slac,
        slp("smart", trust=True, slac=True, peer_serial="FDO2222X001"), {"scope": "all"},
        case="pair", shows={CODES: INSTALLED}),
    Row("slac", "no licence left", slac, slp("smart", trust=True), prepare=none_left,
        sends=(ASK,), events=("authorization requested hseck9", "authorization refused"),
        refused="has no such licence left", shows={CODES: NONE},
        again=((ASK,), "a licence may have come free meanwhile: asked anew")),
    Row("slac", "no transport", slac, slp("off"), refused="transport is off",
        shows={CODES: NONE}),
    Row("slac", "before SLP", slac, before(), refused=NO_SLP),
]  # fmt: skip


def asks_by_itself(world: World) -> None:
    """The router asks for its SLAC ten minutes from now."""
    agent = world.made.router().agent
    with world.made.lab.lock:
        agent.after(600.0, lambda: request_authorization(agent, "hseck9", 1))


SLAC_WAIT = [
    Row("slac_wait", "not in yet", slac_wait, slp("smart", trust=True), prepare=asks_by_itself,
        events=GOT, shows={CODES: INSTALLED}),
    Row("slac_wait", "authorized already", slac_wait, slp("smart", trust=True, slac=True),
        shows={CODES: INSTALLED}),
    Row("slac_wait", "never asked for", slac_wait, slp("smart", trust=True), floor=5.0,
        refused="hseck9 is not authorized yet", shows={CODES: NONE}),
]  # fmt: skip

SAVE = (ASK, "license smart authorization request save bootflash:slac_request")


def requested(world: World) -> None:
    """The request was saved; a person carries it."""
    world.did(slac_request)


def answer(world: World) -> None:
    """CSSM's answer to the request lies here."""
    requested(world)
    with world.made.lab.lock:
        data = world.made.lab.portal.answer_request(world.out("slac_request").read_bytes(), HOME)
    world.drop("slac.txt", data)


def other_answer(world: World) -> None:
    """A SLAC of another router lies here."""
    with world.made.lab.lock:
        tag = world.made.router().agent.hsec[0]
        data = world.made.lab.portal.generate_slac("ISR4351/K9", "FDO77777777", tag, home=HOME)
    world.drop("slac.txt", data)


SLAC_REQUEST = [
    Row("slac_request", "none", slac_request, slp("off"), sends=SAVE,
        writes=("slac_request",), shows={"dir bootflash:": "slac_request"}),
    Row("slac_request", "saved already", slac_request, slp("off"), prepare=requested),
    Row("slac_request", "authorized already", slac_request, slp("off", slac=True)),
    Row("slac_request", "transport on", slac_request, slp("smart"),
        refused="the transport is smart"),
    Row("slac_request", "before SLP", slac_request, before(), refused=NO_SLP),
]  # fmt: skip

FILE = {"file": "slac.txt"}
SLAC_IMPORT = [
    Row("slac_import", "none", slac_import, slp("off"), FILE, prepare=answer,
        sends=("license smart import bootflash:slac.txt",), writes=("slac.txt",),
        events=("file written slac.txt", "imported slac", "authorization installed"),
        shows={CODES: INSTALLED}),
    Row("slac_import", "authorized already", slac_import, slp("off", slac=True), FILE),
    Row("slac_import", "file missing", slac_import, slp("off"), FILE,
        refused="slac.txt is missing", shows={CODES: NONE}),
    Row("slac_import", "file of another router", slac_import, slp("off"), FILE,
        prepare=other_answer, refused="FDO77777777", shows={CODES: NONE}),
    Row("slac_import", "before SLP", slac_import, before(), FILE, prepare=other_answer,
        refused=NO_SLP),
]  # fmt: skip

BACK = "license smart authorization return local"
CODE = "slac_return_code.txt"
SLAC_RETURN = [
    Row("slac_return", "installed", slac_return, slp("off", slac=True), case="offline",
        sends=(f"{BACK} offline bootflash:{CODE}",), writes=(CODE,),
        events=("authorization returned",), shows={CODES: NONE}),
    Row("slac_return", "installed", slac_return, slp("smart", trust=True, slac=True),
        {"how": "online"}, case="online", sends=(f"{BACK} online",),
        events=("authorization returned",), shows={CODES: NONE}),
    Row("slac_return", "installed", slac_return,
        slp("smart", trust=True, slac=True, peer_serial="FDO2222X001"),
        {"how": "online", "scope": "all"}, case="pair",
        sends=("license smart authorization return all online",),
        events=("authorization returned",), shows={CODES: NONE}),
    Row("slac_return", "none", slac_return, slp("off"), shows={CODES: NONE}),
    Row("slac_return", "before SLP", slac_return, before()),
]  # fmt: skip

RESERVED = {"name": "r1", "family": "s2_slr"}
RESERVATION = "show license reservation"
ENABLE = "license smart reservation"
RESERVE = "license smart reservation request"


def asked(world: World) -> None:
    """The request code was taken."""
    world.did(reservation_request)


def code(world: World) -> None:
    """CSSM's reservation code for the request lies here."""
    asked(world)
    with world.made.lab.lock:
        licence = world.made.router().agent.licences[0]
        request = world.out("request_code.txt").read_text().strip()
        data = world.made.lab.portal.reserve(request, {licence.tag: 1}, HOME)
    world.drop("slr_code.txt", data)


def update(world: World) -> None:
    """An updated code for what is reserved, and HSECK9 with it, lies here."""
    router = world.made.router()
    with world.made.lab.lock:
        portal = world.made.lab.portal
        data = portal.update_reservation(router.pid, router.serial, {"DNA_HSEC": 1})
    world.drop("slr_code.txt", data)


def other_code(world: World) -> None:
    """The code of another router lies here."""
    code(world)
    path = world.tmp / "files" / "r1" / "in" / "slr_code.txt"
    serial = world.made.router().serial.encode()
    path.write_bytes(path.read_bytes().replace(serial, b"FDO77777777"))


def asks(state: str, router: dict[str, Any], scope: str, *before_it: str, **rest: Any) -> Row:
    """Returns a row of a reservation that is asked for."""
    return Row("reservation_request", state, reservation_request, router, {"scope": scope},
        sends=(*(f"(config)#{x}" for x in before_it), f"{RESERVE} {scope}"), adds=before_it,
        shows={RESERVATION: r"License reservation: ENABLED"}, case=scope, **rest)  # fmt: skip


REQUEST = [
    asks("none", before(), "local", ENABLE),
    asks("none", before(), "universal", ENABLE),
    asks("enabled", before(), "local", prepare=lambda w: w.by_hand(ENABLE)),
    Row("reservation_request", "requested already", reservation_request, before(),
        prepare=asked),
    Row("reservation_request", "reserved", reservation_request, RESERVED),
    Row("reservation_request", "registered", reservation_request, before("registered"),
        refused="deregister it first"),
    Row("reservation_request", "SLP", reservation_request, slp(),
        refused="before Smart Licensing Using Policy"),
]  # fmt: skip

INSTALL = ("license smart reservation install file bootflash:slr_code.txt",)
CODE_FILE = {"file": "slr_code.txt"}
HSEC = {"file": "slr_code.txt", "tags": ("ax_10G", "DNA_HSEC")}
CSR = {"name": "r1", "family": "s3_slr_gt250m"}
RESERVATION_INSTALL = [
    Row("reservation_install", "requested", reservation_install, before(), CODE_FILE,
        prepare=code, sends=INSTALL, writes=("slr_code.txt",),
        events=("file written slr_code.txt", "reservation installed"),
        shows={RESERVATION: r"Reservation status: SPECIFIC INSTALLED"}),
    Row("reservation_install", "reserved without HSECK9", reservation_install, CSR, HSEC,
        prepare=update, sends=INSTALL, writes=("slr_code.txt",),
        events=("file written slr_code.txt", "reservation installed"),
        shows={RESERVATION: r"DNA_HSEC"}),
    Row("reservation_install", "reserved already", reservation_install, CSR,
        {"file": "slr_code.txt", "tags": ("ax_10G",)}),
    Row("reservation_install", "file missing", reservation_install, CSR, HSEC,
        refused="slr_code.txt is missing"),
    Row("reservation_install", "file of another router", reservation_install, before(),
        CODE_FILE, prepare=other_code, refused="FDO77777777"),
    Row("reservation_install", "SLP", reservation_install, slp(), CODE_FILE,
        prepare=lambda w: w.drop("slr_code.txt", b"x"),
        refused="before Smart Licensing Using Policy"),
]  # fmt: skip

RESERVATION_RETURN = [
    Row("reservation_return", "reserved", reservation_return, RESERVED,
        sends=("license smart reservation return local",), events=("authorization returned",),
        shows={RESERVATION: r"Reservation status: NOT INSTALLED"}),
    Row("reservation_return", "reserved", reservation_return, before("plr"),
        case="universal", sends=("license smart reservation return local",),
        events=("authorization returned",), shows={RESERVATION: r"status: NOT INSTALLED"}),
    Row("reservation_return", "none", reservation_return, before()),
    Row("reservation_return", "SLP", reservation_return, slp()),
]  # fmt: skip

ROWS = [
    *SLAC,
    *SLAC_WAIT,
    *SLAC_REQUEST,
    *SLAC_IMPORT,
    *SLAC_RETURN,
    *REQUEST,
    *RESERVATION_INSTALL,
    *RESERVATION_RETURN,
]
