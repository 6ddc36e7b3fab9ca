"""A simulated router, from what a real one printed: everything but its licensing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from slp_core.errors import ReleaseError
from slp_core.release import Release
from slp_core.rules.upgrade import boot_mode
from slp_core.state import Level, RouterState
from slp_lab.anonymise import Disguise
from slp_sim.router.catalog import platform_of

_KEPT = re.compile(
    r"(license (accept|boot|feature|smart (usage|proxy (address|port)|vrf|privacy|custom_id)) ?|"
    r"ip (name-server|route|domain[ -](name|lookup|list)|http (secure-)?server\b|"
    r"http authentication|http client (source-interface|secure-trustpoint|proxy-server)) ?|"
    r"no ip domain[ -]lookup|ntp server |interface |vrf definition |"
    r"crypto pki trustpoint SLA-TrustPoint|netconf-yang$|restconf$|"
    r"voice service voip|telephony-service|call-manager-fallback|dial-peer voice )"
)
"""Top lines that licensing, reachability and our checks rest on. None of them holds a secret."""

_KEPT_BELOW = re.compile(
    r"(ip address |no ip address|vrf forwarding |ip vrf forwarding |negotiation |shutdown|"
    r"rd |revocation-check |enrollment pkcs12|enrollment url )"
)
_SECRET = re.compile(r"\b(password|secret|key|community|token|idtoken)\b", re.IGNORECASE)
_LEVEL = re.compile(r"platform hardware throughput level (?P<mb>MB )?(?P<number>\d+)\s*$", re.I)
_IMAGE = re.compile(r"^(?P<stem>[\w-]+?)\.(?P<release>\d+\.\d+\.\d+[a-z]?)\.SPA\.bin$")


def router_spec(state: RouterState, name: str, disguise: Disguise) -> dict[str, Any]:
    """Returns what a scenario says of a router, without its licensing.

    Args:
        name: how the lab calls it.
    """
    if state.udi is None or state.release is None:
        raise ValueError("neither PID nor release is known")
    hidden = name if disguise.on else (state.hostname or name)
    found: dict[str, Any] = {
        "hostname": hidden,
        "pid": state.udi.pid,
        "serial": disguise.serial(state.udi.sn),
        "release": state.release.short,
    }
    others = [p for p in state.peers or () if p.sn != state.udi.sn]
    if others:
        found["peer_serial"] = disguise.serial(others[0].sn)
    pair = state.redundancy
    if pair is not None and (pair.processors or 1) > 1:
        other = pair.peer_release
        unequal = other is not None and other != pair.active_release
        found["standby"] = {"release": other.short} if other and unequal else {}
    found |= _throughput(state)
    found |= _boot(state)
    found |= _flash(state)
    if state.controller_mode:
        found["controller_mode"] = True
    clock = state.clock
    if clock is not None and clock.skew_s:
        found["clock_offset_s"] = clock.skew_s
    if clock is not None and clock.synchronised is False:
        found["ntp"] = False
    if state.config is not None:
        kept = list(lines_kept(state.config))
        found["config"] = [disguise.line(x) for x in kept]
        saved = state.startup_config
        if saved is not None:
            found |= _unsaved(found["config"], kept, {x.rstrip() for x in saved})
    return found


def lines_kept(config: Iterable[str]) -> Iterator[str]:
    """Yields the configuration lines that a lab's router takes over, in order."""
    inside = False
    for raw in config:
        line = raw.rstrip()
        below = line.startswith(" ")
        words = line.strip()
        if not words or words.startswith("!") or _SECRET.search(words):
            inside = inside and below
            continue
        if below:
            if inside and _KEPT_BELOW.match(words):
                yield f" {words}"
            continue
        inside = bool(_KEPT.match(words))
        if inside:
            yield words


def _unsaved(shown: Sequence[str], kept: Sequence[str], saved: set[str]) -> dict[str, Any]:
    """Returns running and saved lines apart; only whole top lines can be unsaved in a lab."""
    later = {i for i, x in enumerate(kept) if not x.startswith(" ") and x not in saved}
    alone = {i for i in later if i + 1 == len(kept) or not kept[i + 1].startswith(" ")}
    return {
        "config": [x for i, x in enumerate(shown) if i not in alone],
        "unsaved": [shown[i] for i in sorted(alone)],
    }


def _throughput(state: RouterState) -> dict[str, Any]:
    """Returns what is configured; what is in force where the configuration was not seen."""
    if state.throughput is None:
        return {}
    configured = [m for line in state.config or () if (m := _LEVEL.match(line))]
    level: Level | None = state.throughput.level
    if configured:
        level = int(configured[-1]["number"]) * (1000 if configured[-1]["mb"] else 1)
    told = (("throughput_kbps", level), ("crypto_kbps", state.throughput.crypto))
    return {key: value for key, value in told if isinstance(value, int)}


def _boot(state: RouterState) -> dict[str, Any]:
    found: dict[str, Any] = {}
    mode, seen = boot_mode(state)
    if seen:
        found["boot_mode"] = mode
    boot = state.boot
    if boot is None:
        return found
    if boot.image and boot.image.endswith(".bin"):
        found["boot_image"] = re.split(r"[:/]", boot.image)[-1]
    if boot.config_register:
        found["config_register"] = boot.config_register
    if boot.uptime_s:
        found["up_s"] = float(boot.uptime_s)
    return found


def _flash(state: RouterState) -> dict[str, Any]:
    if not state.storage:
        return {}
    main = next((x for x in state.storage if x.filesystem == "bootflash:"), state.storage[0])
    flash: dict[str, Any] = {
        key: value for key, value in (("total", main.total), ("free", main.free)) if value
    }
    rows = [
        row
        for file in main.files or ()
        if not file.directory and file.name.endswith(".bin")
        for row in [_image_file(state, file.name, file.size or 0)]
    ]
    if rows:
        flash["files"] = rows
    return {"flash": flash} if flash else {}


def _image_file(state: RouterState, name: str, size: int) -> dict[str, Any]:
    """Returns an image on flash; one that can be booted where its name tells its release."""
    row: dict[str, Any] = {"name": name, "size": size}
    match = _IMAGE.match(name)
    if match and state.udi is not None:
        try:
            row["release"] = Release.parse(match["release"]).short
        except ReleaseError:
            return row
        own = platform_of(state.udi.pid).image
        row["platform"] = own if match["stem"].startswith(own) else match["stem"].partition("-")[0]
    return row
