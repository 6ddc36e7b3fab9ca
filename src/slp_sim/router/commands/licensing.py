"""``license smart …`` in privileged EXEC."""

from __future__ import annotations

from collections.abc import Callable

from slp_sim.formats import slr_request_code
from slp_sim.router.agent import classic, imports, measuring, online
from slp_sim.router.agent.state import Slp
from slp_sim.router.catalog import Release
from slp_sim.router.commands.who import before_slp, reservation, slp
from slp_sim.router.dialogue import Dialogue, Wait
from slp_sim.router.flash import FlashFull, plain
from slp_sim.router.grammar import Grammar
from slp_sim.router.render.config import contents
from slp_sim.router.vty import Vty

_OUT_OF_SPACE = "%Error: no space left on the file system\n"


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    smart = "license smart"
    exec_.add(f"{smart} trust idtoken <token> {{local|all}} [force]", trust, slp)
    request = f"{smart} authorization request {{add|replace}} <feature> {{local|all}}"
    exec_.add(request, authorize, slp)
    exec_.add(f"{request} <count>", authorize, slp)
    exec_.add(f"{smart} authorization request save <path>", save_request, slp)
    exec_.add(f"{smart} authorization return {{local|all}} online", return_online, slp)
    exec_.add(f"{smart} authorization return {{local|all}} offline [<path>]", return_offline, slp)
    exec_.add(f"{smart} sync {{local|all}}", sync, slp)
    for what in ("all", "unreported"):
        exec_.add(f"{smart} save usage {what} file <path>", _saver(what), slp)
    exec_.add(f"{smart} save usage days <number:0-4294967295> file <path>", _saver("days"), slp)
    exec_.add(
        f"{smart} save usage rum-id <number:0-18446744073709551615> file <path>",
        _saver("rum-id"),
        slp,
    )
    exec_.add(f"{smart} save trust-request <path>", save_trust_request, slp)
    exec_.add(f"{smart} import <rest...>", import_file, slp)
    exec_.add(f"{smart} factory reset", factory_reset, slp)
    exec_.add(f"{smart} clear eventlog", clear_eventlog, slp)
    exec_.add(f"{smart} register idtoken <token> [force]", register_token, before_slp)
    exec_.add(f"{smart} deregister", deregister, before_slp)
    exec_.add(f"{smart} renew {{auth|id}}", renew, before_slp)
    exec_.add(f"{smart} reservation request {{local|all|universal}}", request_code, reservation)
    exec_.add(f"{smart} reservation install file <path>", install_reservation, reservation)
    exec_.add(f"{smart} reservation return {{local|all}}", return_reservation, reservation)
    exec_.add(f"{smart} reservation cancel", cancel_reservation, reservation)


# --- online -------------------------------------------------------------------------------------


def trust(line: Vty, token: str) -> str | None:
    """Asks for trust; the result comes later."""
    agent = line.router.agent
    if agent.transport() == "off":
        return "% Error: transport is off\n"
    words = line.last_line.lower().split()
    force = "force".startswith(words[-1]) and words[-1] not in ("local", "all")
    online.request_trust(agent, token, force=force)
    return None


def authorize(line: Vty, feature: str, count: str = "1") -> str | None:
    """Asks for a SLAC; the result comes later."""
    agent = line.router.agent
    if feature != "hseck9":
        return f"% Error: Feature {feature} is not an export-controlled or enforced feature\n"
    if agent.transport() == "off":
        return None
    online.request_authorization(agent, feature, int(count) if count.isdigit() else 1)
    return None


def return_online(line: Vty) -> str:
    """Gives the authorization back."""
    code = online.return_authorization(line.router.agent, online=True)
    return "% Error: no authorization code installed\n" if code is None else _returned(line, code)


def return_offline(line: Vty, path: str = "") -> str:
    """Gives the authorization back by a code for CSSM."""
    code = online.return_authorization(line.router.agent, online=False)
    if code is None:
        return "% Error: no authorization code installed\n"
    if path:
        line.router.write_file(path, f"{code}\n".encode())
    return _returned(line, code)


def _returned(line: Vty, code: str) -> str:
    router = line.router
    return (
        "Enter this return code in Cisco Smart Software Manager portal:\n"
        f"UDI: PID:{router.pid},SN:{router.serial}\n    Return code: {code}\n"
    )


def sync(line: Vty) -> str | None:
    """Reports now."""
    agent = line.router.agent
    if agent.transport() == "off":
        return "% Error: transport is off\n"
    online.sync(agent)
    return None


# --- files --------------------------------------------------------------------------------------


def _saver(what: str) -> Callable[..., str | None]:
    def save(line: Vty, path: str, number: str = "0") -> str | None:
        """Saves usage reports to a file."""
        data = imports.save_usage(line.router.agent, what, int(number))
        if data is None:
            return "% Error: no RUM reports to save\n"
        return _write(line, path, data)

    return save


def _write(line: Vty, path: str, data: bytes) -> str | None:
    try:
        line.router.write_file(path, data)
    except FlashFull:
        return _OUT_OF_SPACE
    return None


def save_request(line: Vty, path: str) -> str | None:
    """Saves the request for a SLAC to a file."""
    return _write(line, path, imports.authorization_request(line.router.agent))


def save_trust_request(line: Vty, path: str) -> str | None:
    """Saves the request for a trust code to a file."""
    return _write(line, path, imports.authorization_request(line.router.agent))


def import_file(line: Vty, rest: str) -> Dialogue:
    """Imports an ACK, a SLAC, a policy or a reservation code."""
    router = line.router
    path = rest.replace(": ", ":").strip()
    data = contents(router, path)
    if data is None:
        yield f"% Error: file bootflash:{plain(path)} could not be read\n"
        return
    yield Wait(1.0)
    problem = imports.import_file(router.agent, data)
    if problem is None:
        yield "Import Data Successful\n"
    else:
        yield f"Import Data Failed: {problem}\n"


def install_reservation(line: Vty, path: str) -> Dialogue:
    """Installs a reservation code."""
    router = line.router
    if not router.agent.reservation_on:
        yield "% Error: License reservation is not enabled\n"
        return
    data = contents(router, path)
    if data is None:
        yield f"% Error: file {path} could not be read\n"
        return
    problem, code = imports.install_reservation(router.agent, data)
    yield Wait(1.0)
    if problem is not None:
        yield f"% Error: Reservation install failed: {problem}\n"
        return
    yield "Reservation install file successful\n"
    yield f"Last Confirmation code UDI: PID:{router.pid},SN:{router.serial}\n"
    yield f"    Confirmation code: {code}\n"


def request_code(line: Vty) -> str:
    """Prints the request code of a reservation."""
    router = line.router
    if not router.agent.reservation_on:
        return "% Error: License reservation is not enabled\n"
    return (
        "Enter this request code in the Cisco Smart Software Manager portal:\n"
        f"UDI: PID:{router.pid},SN:{router.serial}\n"
        f"    Request code: {slr_request_code(router.pid, router.serial)}\n"
    )


def return_reservation(line: Vty) -> str:
    """Gives the reservation back."""
    code = online.return_authorization(line.router.agent, online=False)
    if code is None:
        return "% Error: no reservation installed\n"
    return _returned(line, code)


def cancel_reservation(line: Vty) -> str | None:
    """Forgets a request that was not answered."""
    if line.router.agent.reservation is not None:
        return "% Error: a reservation is installed, return it\n"
    return None


# --- the rest -----------------------------------------------------------------------------------


def factory_reset(line: Vty) -> str:
    """Forgets everything that licensing holds; takes effect with a reload."""
    router = line.router
    agent = router.agent
    origin = agent.slp.origin
    legacy = agent.slp.legacy
    agent.slp = Slp(origin=origin, started_at=agent.now())
    agent.slp.legacy = legacy
    agent.slac = None
    if router.release < Release(17, 5, 1) and agent.dlc is not None:
        agent.dlc.collected_at = agent.dlc.done_at = None
    agent.history.clear()
    agent.events.clear()
    measuring.open_reports(agent)
    router.record("licensing factory reset")
    return '%Warning: reload required after "license smart factory reset" command\n'


def clear_eventlog(line: Vty) -> None:
    """Empties the event log."""
    line.router.agent.events.clear()


def register_token(line: Vty, token: str) -> str:
    """Registers; the result comes later."""
    agent = line.router.agent
    if agent.registration is not None and "force" not in line.last_line:
        return "% Error: Smart Agent already registered\n"
    classic.request_registration(agent, token)
    return (
        "Registration process is in progress. Use the 'show license status' command "
        "to check the progress and result\n"
    )


def deregister(line: Vty) -> str:
    """Deregisters."""
    return classic.deregister(line.router.agent)


def renew(line: Vty) -> str:
    """Renews identity or authorization."""
    what = "auth" if line.last_line.split()[-1].startswith("a") else "id"
    return classic.renew(line.router.agent, what)
