"""Saving, copying, verifying, deleting."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from slp_sim.router.commands.reloading import confirmed
from slp_sim.router.commands.who import privileged
from slp_sim.router.flash import FlashFull, plain, read_header
from slp_sim.router.grammar import Grammar
from slp_sim.router.render.config import running_config, startup_config
from slp_sim.router.steps import Ask, Dialogue, Hangup, Step, Wait

if TYPE_CHECKING:
    from slp_sim.router.router import Router
    from slp_sim.router.terminal import Terminal

_FLASH = ("bootflash", "flash")
_NO_LINES = ("Building ", "Current ", "Using ", "version ", "boot-", "license udi", "end")
_REMOTE = ("http", "https", "tftp", "ftp", "scp", "sftp")


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    exec_.add("write [memory]", write, privileged)
    exec_.add("write erase", erase, privileged)
    exec_.add("erase startup-config", erase, privileged)
    exec_.add("copy running-config startup-config", copy_run_start, privileged)
    exec_.add("copy running-config <target>", copy_config, privileged)
    exec_.add("copy startup-config <target>", copy_startup, privileged)
    exec_.add("copy <source> running-config", copy_to_running, privileged)
    exec_.add("copy <source> <target>", copy, privileged)
    exec_.add("delete [/force] <path>", delete, privileged)
    exec_.add("verify <path>", verify, privileged)
    exec_.add("verify /md5 <path> [<expected>]", verify_md5, privileged)
    exec_.add("verify /sha512 <path> [<expected>]", verify_sha512, privileged)
    exec_.add("more <path>", more, privileged)


# --- saving -------------------------------------------------------------------------------------


def _save(router: Router) -> Dialogue:
    if router.other_writer():
        yield "Warning: Attempting to overwrite an NVRAM configuration previously written\n"
        yield "by a different version of the system image.\n"
        key = yield Ask("Overwrite the previous NVRAM configuration?[confirm]", key=True)
        yield "\n"
        if not confirmed(key):
            return
    yield "Building configuration...\n"
    router.save()
    yield Wait(1.0)
    yield "[OK]\n"


def write(line: Terminal) -> Dialogue:
    """Saves the configuration."""
    yield from _save(line.router)


def copy_run_start(line: Terminal) -> Dialogue:
    """Saves the configuration, asking for the name of the target."""
    answer = yield Ask("Destination filename [startup-config]? ")
    if answer.strip() not in ("", "startup-config"):
        yield "%Error opening nvram:" + answer.strip() + " (Invalid argument)\n"
        return
    yield from _save(line.router)


def erase(line: Terminal) -> Dialogue:
    """Erases NVRAM; trust codes stay."""
    router = line.router
    if router.agent.model == "slp":
        yield "Erasing Nvram will not clear license trust code.\n"
    question = (
        "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]"
    )
    key = yield Ask(question, key=True)
    if not confirmed(key):
        yield "\n"
        return
    router.startup = None
    yield "\n[OK]\nErase of nvram: complete\n"


# --- copying ------------------------------------------------------------------------------------


def _target_name(source: str, target: str) -> str:
    name = plain(target)
    return name or source.rstrip("/").rpartition("/")[2].rpartition(":")[2]


def _put(router: Router, name: str, data: bytes) -> str:
    header = read_header(data)
    size = header.size if header else len(data)
    try:
        file = router.write_file(name, data)
    except FlashFull:
        return f"%Error writing bootflash:/{name} (No space left on device)\n"
    if file.cut:
        return f"%Error reading source (Connection reset by peer)\n{file.size} bytes copied\n"
    seconds = max(size / 20_000_000, 0.1)
    speed = int(size / seconds)
    copied = f"{size} bytes copied in {seconds:.3f} secs ({speed} bytes/sec)"
    return f"[OK - {size} bytes]\n\n{copied}\n"


def copy(line: Terminal, source: str, target: str) -> Dialogue:
    """Copies between flash and flash, or from and to a server."""
    router = line.router
    kind, to = source.partition(":")[0].lower(), target.partition(":")[0].lower()
    if kind in _REMOTE and to in _FLASH:
        yield from _download(line, source, target)
        return
    if kind in _FLASH and to in (*_FLASH, *_REMOTE):
        file = router.flash.get(source)
        if file is None:
            yield f"%Error opening {source} (No such file or directory)\n"
            return
        wanted = _target_name(source, target)
        wanted = (yield Ask(f"Destination filename [{wanted}]? ")).strip() or wanted
        if to in _REMOTE:
            yield f"%Error opening {target} (Permission denied)\n"
            return
        if not (yield from _may_overwrite(router, wanted)):
            return
        yield "Copy in progress...CCCCCCCC\n"
        yield Wait(max(file.size / 100_000_000, 0.5))
        yield _put(router, wanted, file.data)
        return
    yield f"%Error opening {source} (Invalid argument)\n"


def _may_overwrite(router: Router, name: str) -> Generator[Step, str, bool]:
    if router.flash.get(name) is None:
        return True
    yield "%Warning:There is a file already existing with this name\n"
    key = yield Ask("Do you want to over write? [confirm]", key=True)
    yield "\n"
    return confirmed(key)


def _download(line: Terminal, source: str, target: str) -> Dialogue:
    router = line.router
    name = _target_name(source, target)
    name = (yield Ask(f"Destination filename [{name}]? ")).strip() or name
    if not (yield from _may_overwrite(router, name)):
        return
    yield f"Accessing {source}...\n"
    yield Wait(2.0)
    routed = not router.faults.on("F23") or router.running.value("ip http client source-interface")
    data = router.network.fetch(source) if router.spec.reachable and routed else None
    if data is None:
        yield f"%Error opening {source} (No such file or directory)\n"
        return
    header = read_header(data)
    size = header.size if header else len(data)
    yield f"Loading {source} " + "!" * min(max(size // 50_000_000, 1), 40) + "\n"
    yield Wait(size / 20_000_000)
    result = _put(router, name, data)
    if router.faults.on("F21") and router.faults.strikes_first("F21", 1):
        yield Hangup()
    yield result


def copy_config(line: Terminal, target: str) -> Dialogue:
    """Copies the running configuration to flash."""
    yield from _copy_text(line, running_config(line.router), target)


def copy_startup(line: Terminal, target: str) -> Dialogue:
    """Copies the startup configuration to flash."""
    yield from _copy_text(line, startup_config(line.router), target)


def _copy_text(line: Terminal, text: str, target: str) -> Dialogue:
    name = plain(target) or "running-config"
    name = (yield Ask(f"Destination filename [{name}]? ")).strip() or name
    if target.partition(":")[0].lower() not in _FLASH:
        yield f"%Error opening {target} (Permission denied)\n"
        return
    yield _put(line.router, name, text.encode())


def copy_to_running(line: Terminal, source: str) -> Dialogue:
    """Merges a file into the running configuration."""
    router = line.router
    yield Ask("Destination filename [running-config]? ")
    file = router.flash.get(source)
    if file is None:
        yield f"%Error opening {source} (No such file or directory)\n"
        return
    lines = file.data.decode(errors="replace").splitlines()
    router.running.merge(x for x in lines if not x.startswith(_NO_LINES))
    router.config_changed_at = router.now()
    yield f"{file.size} bytes copied in 0.120 secs\n"


# --- the rest -----------------------------------------------------------------------------------


def delete(line: Terminal, path: str) -> Dialogue:
    """Deletes a file, asking twice."""
    router = line.router
    quiet = line.last_line.split()[1].startswith("/f")
    name = plain(path)
    if not quiet:
        name = (yield Ask(f"Delete filename [{name}]? ")).strip() or name
        key = yield Ask(f"Delete bootflash:/{name}? [confirm]", key=True)
        yield "\n"
        if not confirmed(key):
            return
    if router.flash.delete(name):
        router.record(f"file deleted {name}")
    else:
        yield f"%Error deleting bootflash:/{name} (No such file or directory)\n"


def verify(line: Terminal, path: str) -> Dialogue:
    """Checks that an image is whole."""
    file = line.router.flash.get(path)
    if file is None:
        yield f"%Error opening {path} (No such file or directory)\n"
        return
    yield f"Verifying file integrity of bootflash:/{plain(path)}" + "." * 24
    yield Wait(max(file.size / 50_000_000, 0.5))
    if file.image() is None:
        yield f"\n%ERROR: File bootflash:/{plain(path)} is not a valid image\n"
        return
    yield "\nDigital signature successfully verified\n"


def verify_md5(line: Terminal, path: str, expected: str = "") -> Dialogue:
    """Prints the MD5 of a file."""
    yield from _verify(line, path, "md5", expected)


def verify_sha512(line: Terminal, path: str, expected: str = "") -> Dialogue:
    """Prints the SHA-512 of a file."""
    yield from _verify(line, path, "sha512", expected)


def _verify(line: Terminal, path: str, kind: str, expected: str) -> Dialogue:
    router = line.router
    file = router.flash.get(path)
    digest = router.flash.digest(path, kind)
    if file is None or digest is None:
        yield f"%Error opening {path} (No such file or directory)\n"
        return
    yield "." * 24
    yield Wait(max(file.size / 50_000_000, 0.5))
    yield ".Done!\n"
    name = f"bootflash:/{plain(path)}" if "/" not in path else path
    if expected and expected.lower() != digest:
        yield f"%Error verifying {name}\nComputed signature  = {digest}\n"
        yield f"Submitted signature = {expected}\n"
        return
    word = "Verified" if expected else "verify /" + kind
    yield f"Verified ({name}) = {digest}\n" if expected else f"{word} ({name}) = {digest}\n"


def more(line: Terminal, path: str) -> str:
    """Prints a file."""
    data = line.router.read_file(path)
    if data is None:
        return f"%Error opening {path} (No such file or directory)\n"
    return data.decode(errors="replace").rstrip("\n") + "\n"
