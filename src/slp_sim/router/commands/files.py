"""Saving, verifying, deleting."""

from __future__ import annotations

import fnmatch

from slp_sim.router.commands import copying
from slp_sim.router.commands.reloading import confirmed
from slp_sim.router.commands.who import privileged
from slp_sim.router.dialogue import Ask, Dialogue, Wait
from slp_sim.router.flash import plain
from slp_sim.router.grammar import Grammar
from slp_sim.router.render.config import contents, running_config
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    exec_.add("write [memory]", write, privileged)
    exec_.add("write erase", erase, privileged)
    exec_.add("erase {startup-config|nvram:}", erase, privileged)
    exec_.add("copy running-config startup-config", copy_run_start, privileged)
    copying.register(exec_)
    exec_.add("delete [/force] [/recursive] <path>", delete, privileged)
    exec_.add("delete /recursive /force <path>", delete, privileged)
    exec_.add("write terminal", lambda line: running_config(line.router), privileged)
    exec_.add("verify <path>", verify, privileged)
    exec_.add("verify /md5 <path> [<expected>]", verify_md5, privileged)
    exec_.add("verify /sha512 <path> [<expected>]", verify_sha512, privileged)
    exec_.add("more <path>", more, privileged)


# --- saving -------------------------------------------------------------------------------------


CONTROLLER = "This command is not supported in Controller mode.\n"
"""What a router answers whose SD-WAN manager configures it (public sessions)."""


def _save(router: Router) -> Dialogue:
    if router.spec.controller_mode:
        yield CONTROLLER
        return
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


def write(line: Vty) -> Dialogue:
    """Saves the configuration."""
    yield from _save(line.router)


def copy_run_start(line: Vty) -> Dialogue:
    """Saves the configuration, asking for the name of the target."""
    if line.router.spec.controller_mode:
        yield CONTROLLER
        return
    answer = yield Ask("Destination filename [startup-config]? ")
    if answer.strip() not in ("", "startup-config"):
        yield "%Error opening nvram:" + answer.strip() + " (Invalid argument)\n"
        return
    yield from _save(line.router)


def erase(line: Vty) -> Dialogue:
    """Erases NVRAM; trust codes stay."""
    router = line.router
    if router.spec.controller_mode:
        yield CONTROLLER
        return
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


# --- the rest -----------------------------------------------------------------------------------


def delete(line: Vty, path: str) -> Dialogue:
    """Deletes a file, or all that a pattern names, asking twice for each."""
    router = line.router
    quiet = "/f" in line.last_line.lower()
    name = plain(path)
    if not quiet:
        name = (yield Ask(f"Delete filename [{name}]? ")).strip() or name
    pattern = any(mark in name for mark in "*?[")
    names = fnmatch.filter(router.flash.files, name) if pattern else [name]
    for each in names or [name]:
        if not quiet:
            key = yield Ask(f"Delete bootflash:/{each}? [confirm]", key=True)
            yield "\n"
            if not confirmed(key):
                return
        if router.flash.delete(each):
            router.record(f"file deleted {each}")
        elif "/r" in line.last_line.lower() and _remove_directory(router, each):
            router.record(f"directory deleted {each}")
        else:
            yield f"%Error deleting bootflash:/{each} (No such file or directory)\n"


def _remove_directory(router: Router, name: str) -> bool:
    """Removes a directory with all that is in it; tells whether there was one."""
    files = router.flash.files
    found = files.get(name.rstrip("/"))
    if found is None or not found.directory:
        return False
    for inside in [x for x in files if x == found.name or x.startswith(f"{found.name}/")]:
        del files[inside]
    return True


def verify(line: Vty, path: str) -> Dialogue:
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


def verify_md5(line: Vty, path: str, expected: str = "") -> Dialogue:
    """Prints the MD5 of a file."""
    yield from _verify(line, path, "md5", expected)


def verify_sha512(line: Vty, path: str, expected: str = "") -> Dialogue:
    """Prints the SHA-512 of a file."""
    yield from _verify(line, path, "sha512", expected)


def _verify(line: Vty, path: str, kind: str, expected: str) -> Dialogue:
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


def more(line: Vty, path: str) -> str:
    """Prints a file."""
    data = contents(line.router, path)
    if data is None:
        return f"%Error opening {path} (No such file or directory)\n"
    return data.decode(errors="replace").rstrip("\n") + "\n"
