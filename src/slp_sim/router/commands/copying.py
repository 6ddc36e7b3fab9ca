"""``copy``: within flash, from and to servers, with each protocol's questions and failures."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

from slp_sim.ports import FileProblem, FileReply, FileRequest
from slp_sim.router import routing
from slp_sim.router.commands.reloading import confirmed
from slp_sim.router.commands.who import privileged
from slp_sim.router.dialogue import Ask, Dialogue, Hangup, Step, Wait
from slp_sim.router.flash import FlashFull, read_header
from slp_sim.router.grammar import Grammar
from slp_sim.router.places import Place
from slp_sim.router.render.config import contents, running_config, startup_config
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

_FLASH = ("bootflash", "flash")
_LOGS_IN = ("scp", "sftp", "ftp")
_TIMEOUT_S = 30.0
_NO_LINES = ("Building ", "Current ", "Using ", "version ", "boot-", "license udi", "end")


def register(exec_: Grammar) -> None:
    """Adds it to EXEC."""
    exec_.add("copy <source> <target>", copy, privileged)
    exec_.add("copy <source> <target> vrf <vrf>", copy, privileged)
    exec_.add("copy running-config <target>", _of("running-config"), privileged)
    exec_.add("copy running-config <target> vrf <vrf>", _of("running-config"), privileged)
    exec_.add("copy startup-config <target>", _of("startup-config"), privileged)
    exec_.add("copy startup-config <target> vrf <vrf>", _of("startup-config"), privileged)
    exec_.add("copy startup-config running-config", startup_to_running, privileged)
    exec_.add("copy <source> running-config", to_running, privileged)
    exec_.add("copy <source> running-config vrf <vrf>", to_running, privileged)


# --- the command --------------------------------------------------------------------------------


def copy(line: Vty, source: str, target: str, vrf: str | None = None) -> Dialogue:
    """Copies between flash and flash, or from and to a server."""
    from_, to = Place.parse(source), Place.parse(target)
    if not _possible(from_, to):
        yield f"%Error opening {source} (Invalid argument)\n"
        return
    if from_.remote:
        yield from _download(line, replace(from_, vrf=from_.vrf or vrf), to)
        return
    data = contents(line.router, source)
    if data is None:
        yield f"%Error opening {from_.shown()} (No such file or directory)\n"
        return
    if to.remote:
        yield from _upload(line, data, from_.name, replace(to, vrf=to.vrf or vrf))
        return
    name = yield from _named(line, to.path or from_.name)
    if not (yield from _may_overwrite(line, name)):
        return
    yield "Copy in progress...CCCCCCCC\n"
    yield Wait(max(_size(data) / 100_000_000, 0.5), stoppable=True)
    yield _put(line.router, name, data)


def _possible(source: Place, target: Place) -> bool:
    local = (*_FLASH, "nvram", "system")
    if target.remote:
        return source.kind in local and target.kind not in ("https",)
    return target.kind in _FLASH and (source.remote or source.kind in local)


def _of(what: str) -> Callable[..., Dialogue]:
    def copy_config(line: Vty, target: str, vrf: str | None = None) -> Dialogue:
        """Copies a configuration to flash or to a server."""
        router = line.router
        text = running_config(router) if what == "running-config" else startup_config(router)
        to = Place.parse(target)
        if to.remote:
            name = f"{router.hostname.lower()}-confg"
            yield from _upload(line, text.encode(), name, replace(to, vrf=to.vrf or vrf))
        elif to.kind in _FLASH:
            name = yield from _named(line, to.path or what)
            if (yield from _may_overwrite(line, name)):
                yield _put(router, name, text.encode())
        else:
            yield f"%Error opening {target} (Permission denied)\n"

    return copy_config


def startup_to_running(line: Vty) -> Dialogue:
    """Merges the startup configuration into the running one."""
    yield Ask("Destination filename [running-config]? ")
    if line.router.startup is None:
        yield "%% Non-volatile configuration memory invalid or not present\n"
        return
    yield _merge(line.router, startup_config(line.router).encode())


def to_running(line: Vty, source: str, vrf: str | None = None) -> Dialogue:
    """Merges a file into the running configuration."""
    from_ = Place.parse(source)
    if from_.remote:
        from_ = yield from _complete(line, replace(from_, vrf=from_.vrf or vrf))
        yield from _named(line, "running-config")
        from_, data = yield from _fetch(line, from_)
    else:
        yield from _named(line, "running-config")
        data = contents(line.router, source)
        if data is None:
            yield f"%Error opening {from_.shown()} (No such file or directory)\n"
    if data is not None:
        yield _merge(line.router, data)


def _merge(router: Router, data: bytes) -> str:
    lines = data.decode(errors="replace").splitlines()
    router.running.merge(x for x in lines if not x.startswith(_NO_LINES))
    router.config_changed_at = router.now()
    return f"{len(data)} bytes copied in 0.120 secs ({int(len(data) / 0.12)} bytes/sec)\n"


# --- what is asked ------------------------------------------------------------------------------


def _quiet(line: Vty) -> bool:
    return line.router.running.has("file prompt quiet")


def _named(line: Vty, name: str) -> Generator[Step, str, str]:
    if _quiet(line):
        return name
    return (yield Ask(f"Destination filename [{name}]? ")).strip() or name


def _may_overwrite(line: Vty, name: str) -> Generator[Step, str, bool]:
    if line.router.flash.get(name) is None or _quiet(line):
        return True
    yield "%Warning:There is a file already existing with this name\n"
    key = yield Ask("Do you want to over write? [confirm]", key=True)
    yield "\n"
    return confirmed(key)


def _complete(line: Vty, place: Place) -> Generator[Step, str, Place]:
    """Asks for what a source leaves out, as ``copy tftp: bootflash:`` does."""
    asked = not place.host
    if asked:
        host = (yield Ask("Address or name of remote host []? ")).strip()
        host, _, vrf = host.partition(";")
        place = replace(place, host=host, vrf=vrf or place.vrf)
        if place.kind in _LOGS_IN:
            name = (yield Ask(f"Source username [{line.username}]? ")).strip()
            place = replace(place, username=name or line.username)
    if not place.path:
        place = replace(place, path=(yield Ask("Source filename []? ")).strip())
    return place


def _login(line: Vty, place: Place) -> Generator[Step, str, Place]:
    """Asks for the password, where the protocol has one and the URL does not."""
    if place.kind == "ftp":
        config = line.router.running
        username = place.username or config.value("ip ftp username") or "anonymous"
        password = place.password or (config.value("ip ftp password") or "").split(" ")[-1]
        return replace(place, username=username, password=password)
    if place.kind not in _LOGS_IN:
        return place
    place = replace(place, username=place.username or line.username)
    if place.password is None:
        place = replace(place, password=(yield Ask("Password: ", hidden=True)))
    return place


# --- from a server ------------------------------------------------------------------------------


def _download(line: Vty, source: Place, target: Place) -> Dialogue:
    source = yield from _complete(line, source)
    name = yield from _named(line, target.path or source.name)
    if not (yield from _may_overwrite(line, name)):
        return
    source, data = yield from _fetch(line, source)
    if data is None:
        return
    router = line.router
    yield Wait(_size(data) / 20_000_000, stoppable=True)
    result = _put(router, name, data, source)
    if router.faults.on("F21") and router.faults.strikes_first("F21", 1):
        yield Hangup()
    yield result


def _fetch(line: Vty, place: Place) -> Generator[Step, str, tuple[Place, bytes | None]]:
    """Fetches a file, saying what the protocol says; None where it could not be had."""
    place = yield from _login(line, place)
    if place.kind not in ("scp", "sftp"):
        yield f"Accessing {place.shown()}...\n"
    yield Wait(2.0, stoppable=True)
    reply = yield from _carried(line, place, None)
    data = reply.data
    if data is None:
        yield f"%Error opening {place.shown()} ({_why(place, reply.problem)})\n"
        return place, None
    marks = "!" * min(max(_size(data) // 50_000_000, 1), 40)
    if place.kind in ("scp", "sftp"):
        yield f" Sending file modes: C0644 {_size(data)} {place.name}\n{marks}\n"
    elif place.kind in ("tftp", "ftp"):
        interface = line.router.running.value(routing.SOURCES[place.kind]) or "GigabitEthernet0/0/0"
        yield f"Loading {place.path} from {place.host} (via {interface}): {marks}\n"
    else:
        yield f"Loading {place.shown()} {marks}\n"
    return place, data


def _put(router: Router, name: str, data: bytes, source: Place | None = None) -> str:
    size = _size(data)
    try:
        file = router.write_file(name, data)
    except FlashFull:
        if source is not None and source.kind in ("scp", "sftp"):
            return f"%Error copying {source.shown()} (Not enough space on device)\n"
        return f"%Error writing bootflash:/{name} (No space left on device)\n"
    if file.cut:
        return f"%Error reading source (Connection reset by peer)\n{file.size} bytes copied\n"
    ok = f"[OK - {size} bytes]\n\n" if source is None or source.kind in ("tftp", "ftp") else ""
    return ok + _copied(size)


# --- to a server --------------------------------------------------------------------------------


def _upload(line: Vty, data: bytes, name: str, target: Place) -> Dialogue:
    """Stores a file on a server; address and name are asked even where the URL has them."""
    if not _quiet(line) or not target.host:
        answer = (yield Ask(f"Address or name of remote host [{target.host}]? ")).strip()
        host, _, vrf = answer.partition(";")
        target = replace(target, host=host or target.host, vrf=vrf or target.vrf)
    if target.kind in _LOGS_IN and target.username is None and not _quiet(line):
        user = line.router.hostname
        user = (yield Ask(f"Destination username [{user}]? ")).strip() or user
        target = replace(target, username=user)
    target = replace(target, path=(yield from _named(line, target.path or name)))
    if target.kind in _LOGS_IN:
        yield f"Writing {target.path} \n"
    target = yield from _login(line, target)
    reply = yield from _carried(line, target, data)
    if reply.problem is not None:
        yield f"%Error opening {target.shown()} ({_why(target, reply.problem)})\n"
        return
    if target.kind in ("scp", "sftp"):
        yield f" Sink: C0644 {_size(data)} {target.name}\n"
    yield "!" * min(max(_size(data) // 50_000_000, 1), 40) + "\n"
    yield Wait(_size(data) / 20_000_000)
    yield _copied(_size(data))


# --- the way ------------------------------------------------------------------------------------


def _carried(line: Vty, place: Place, data: bytes | None) -> Generator[Step, str, FileReply]:
    """Sends a request on its way; the VRF is the one named, else the source interface's."""
    router = line.router
    source = router.running.value(routing.SOURCES[place.kind])
    vrf = place.vrf or routing.vrf_of(router, source)
    if not routing.resolves(router, place.host, vrf):
        yield Wait(3.0, stoppable=True)
        return FileReply(problem="unresolved")
    if not routing.leads_out(router, vrf) or (router.faults.on("F23") and source is None):
        yield Wait(_TIMEOUT_S, stoppable=True)
        return FileReply(problem="unreachable")
    request = FileRequest(
        url=f"{place.kind}://{place.host}/{place.path}",
        pid=router.pid,
        sn=router.serial,
        username=place.username,
        password=place.password,
        data=data,
    )
    reply = router.network.carry(request)
    if reply.problem == "unreachable":
        yield Wait(_TIMEOUT_S, stoppable=True)
    return reply


def _why(place: Place, problem: FileProblem | None) -> str:
    if problem in ("no file", "denied"):
        return "No such file or directory" if problem == "no file" else "Permission denied"
    if place.kind in ("http", "https"):
        return "I/O error"
    return "Invalid IP address or hostname" if problem == "unresolved" else "Timed out"


def _size(data: bytes) -> int:
    header = read_header(data)
    return header.size if header else len(data)


def _copied(size: int) -> str:
    seconds = max(size / 20_000_000, 0.1)
    return f"{size} bytes copied in {seconds:.3f} secs ({int(size / seconds)} bytes/sec)\n"
