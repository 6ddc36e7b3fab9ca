"""Configuration mode: which lines the router takes, and what they do at once."""

from __future__ import annotations

import re

from slp_sim.router import accounts
from slp_sim.router.agent import classic, reporting
from slp_sim.router.agent.core import SMART_URL
from slp_sim.router.commands import keys, sections
from slp_sim.router.commands.understanding import Typed, understood
from slp_sim.router.dialogue import Ask, Dialogue
from slp_sim.router.grammar import Reject
from slp_sim.router.vty import Vty

_BANNERS = ("exec", "incoming", "login", "motd", "prompt-timeout", "slip-ppp")


def config_line(line: Vty, raw: str) -> Dialogue:
    """Carries out one line typed in configuration mode."""
    text = " ".join(raw.split())
    low = text.lower()
    if low == "end":
        line.leave_config()
    elif low in ("exit", "ex", "exi"):
        sections.leave(line)
    elif low == "do":
        yield line.reject(Reject("incomplete"), raw)
    elif low.startswith("do "):
        rest = raw.lstrip()[2:].lstrip()
        yield from line.execute(rest, skipped=len(raw) - len(rest))
    elif (kind := _banner_kind(low)) is not None:
        yield from _banner(line, kind, text)
    elif line.router.faults.unknown(text):
        yield line.reject(Reject("invalid", len(raw) - len(raw.split(maxsplit=2)[-1])), raw)
    else:
        typed = understood(line, raw)
        if isinstance(typed, Reject):
            yield line.reject(typed, raw)
        else:
            yield from _carried_out(line, typed, raw)


def _carried_out(line: Vty, typed: Typed, raw: str) -> Dialogue:
    line.config_paths = list(typed.paths)
    if typed.paths:
        answer = sections.within(line, typed.text, negated=typed.negated)
        if answer:
            yield answer
        _touched(line)
        return
    yield from _global(line, typed, raw)


def _banner_kind(text: str) -> str | None:
    """Returns which banner a line begins; None where it begins none."""
    found = re.match(r"ban(?:n|ne|ner)? ([a-z]+) \S", text)
    kinds = [k for k in _BANNERS if found is not None and k.startswith(found[1])]
    return kinds[0] if len(kinds) == 1 else None


def _banner(line: Vty, kind: str, text: str) -> Dialogue:
    """Takes a banner: up to the delimiter that it begins with, over as many lines as it likes."""
    rest = text.split(maxsplit=2)[2]
    mark = rest[:2] if rest.startswith("^") else rest[0]
    body, closed, _ = rest[len(mark) :].partition(mark)
    if not closed:
        yield f"Enter TEXT message.  End with the character '{mark}'.\n"
    lines = [body]
    while not closed:
        more, closed, _ = (yield Ask("")).partition(mark)
        lines.append(more)
    router = line.router
    banner = "\n".join(lines)
    router.running.set(None, f"banner {kind} ^C{banner}^C")
    _touched(line)


def _touched(line: Vty) -> None:
    line.router.config_changed_at = line.router.now()
    line.router.config_changed_by = line.username


def _global(line: Vty, typed: Typed, raw: str) -> Dialogue:
    text = typed.text
    if typed.negated:
        yield _negated(line, text)
        _touched(line)
        reporting.transport_changed(line.router.agent)
        yield from _after(line, text)
        return
    refusal = sections.enter(line, text, raw)
    if isinstance(refusal, Reject):
        yield line.reject(refusal, raw)
        return
    if refusal is not None:
        yield refusal
        _touched(line)
        return
    if text.startswith("config-register"):
        line.router.next_register = typed.args["value"].lower()
        return
    if text.startswith("crypto key "):
        yield from keys.crypto_key(line, text)
        return
    answer = _apply(line, text, typed.args)
    if answer is not None:
        yield answer
    _touched(line)
    yield from _after(line, text)


def _negated(line: Vty, text: str) -> str:
    """Takes a global line back; returns what the router says to it."""
    router = line.router
    if text.startswith("interface "):
        return sections.remove_interface(router, text)
    if text.startswith("config-register"):
        router.next_register = "0x2102"
        return ""
    if text.startswith("enable "):
        text = " ".join(text.split()[:2])
    if text.startswith("username "):
        text = " ".join(text.split()[:2])
    if not router.running.negate(None, text) and text.startswith("license smart url"):
        router.running.unset(None, "license smart url")
    if text == "license smart enable" and router.platform.classic:
        classic.shut_ports(router.agent)
    return ""


def _after(line: Vty, text: str) -> Dialogue:
    router = line.router
    if text.startswith("platform hardware throughput level"):
        if router.platform.virtual:
            router.settled_level = router.configured_level()
        else:
            yield "% The config will take effect on next reboot\n"
    elif text.startswith("platform hardware throughput crypto"):
        yield "% These values don't take effect until the next reload.\n"
        yield "  Please save the configuration.\n"
    elif text.startswith("license boot level"):
        yield "% use 'write' command to make license boot config take effect on next boot\n"
    elif text.startswith("crypto engine compliance shield"):
        yield "% The change will take effect after the next reload.\n"
    elif text.startswith("license smart"):
        reporting.transport_changed(router.agent)


_THROUGHPUT = "platform hardware throughput"
_REFUSED = {"level": "Throughput level", "crypto": "Crypto throughput"}


def _apply(line: Vty, text: str, args: dict[str, str]) -> str | None:
    """Adds a line to the running configuration, and does what it does at once."""
    router = line.router
    if router.platform.tiers and not router.agent.authorized_above_250m():
        what = next((w for w in ("level", "crypto") if text.startswith(f"{_THROUGHPUT} {w}")), None)
        if what and router.above_250m(text.removeprefix(f"{_THROUGHPUT} {what} ")):
            return f"% {_REFUSED[what]} above 250M requires hseck9 license\n"
    if text == "license smart url default":
        router.running.set(None, f"license smart url {SMART_URL}")
        router.running.set(None, f"license smart url smart {SMART_URL}")
        return None
    if text.startswith("license feature hseck9") and router.agent.model == "slp":
        router.log("SMART_LIC-6-EXPORT_CONTROLLED", _allowed_text(router.agent.hseck9_allowed()))
    if text == "license smart reservation":
        router.agent.reservation_on = True
    router.running.set(None, accounts.kept(text, router.serial))
    if text.startswith("license smart usage interval "):
        reporting.interval_changed(router.agent, int(args["days"]))
    return None


def _allowed_text(allowed: bool) -> str:
    word = "allowed for feature hseck9" if allowed else "not allowed"
    return f"Usage of export controlled features is {word}"
