"""``show version`` and what else tells what runs and since when."""

from __future__ import annotations

from slp_sim.router.boot import register_line
from slp_sim.router.catalog import Release, build_of, train
from slp_sim.router.render.text import uptime
from slp_sim.router.router import Router

_LEGAL = """\
This product contains cryptographic features and is subject to the laws of its
country of use on import, export, transfer and use. Delivery of cryptographic
products does not imply authority to import, export, distribute or use encryption.
"""


def show_version(router: Router) -> str:
    """Returns ``show version``."""
    release = router.release
    now = router.now()
    up = uptime((now - router.booted_at).total_seconds())
    switched = [x.at for x in router.processors.switchovers if x.at > router.booted_at][-1:]
    own = uptime((now - switched[0]).total_seconds()) if switched else up
    booted = router.install.boot_file
    head = f"Cisco IOS XE Software, Version {release.padded}\n{image_lines(router)}\n\n"
    body = (
        "ROM: IOS-XE ROMMON\n\n"
        f"{router.hostname} uptime is {up}\n"
        f"Uptime for this control processor is {own}\n"
        f"System returned to ROM by {'SSO Switchover' if switched else 'reload'}\n"
        f"System restarted at {router.booted_at:%H:%M:%S} UTC {router.booted_at:%a %b} "
        f"{router.booted_at.day} {router.booted_at:%Y}\n"
        f'System image file is "bootflash:{booted}"\n'
        f"Last reload reason: {router.reload_reason}\n\n\n\n"
    )
    return head + body + _LEGAL + "\n" + _licensing(router) + _chassis(router)


def image_lines(router: Router, release: Release | None = None) -> str:
    """Returns what an image says of itself; by default the one that runs."""
    release, platform = release or router.release, router.platform
    build, compiled = router.builds.get(release.short) or build_of(router.pid, release)
    name, _ = train(release)
    year = f"20{compiled.split()[1][-2:]}"
    return (
        f"Cisco IOS Software [{name}], {platform.software} ({_binary(router)}), "
        f"Version {release.short}, RELEASE SOFTWARE ({build})\n"
        "Technical Support: http://www.cisco.com/techsupport\n"
        f"Copyright (c) 1986-{year} by Cisco Systems, Inc.\n"
        f"Compiled {compiled} by mcpre\n"
    )


def _licensing(router: Router) -> str:
    agent = router.agent
    if router.platform.classic:
        return _classic_level(router)
    if agent.model == "slp":
        status = "Smart Licensing Using Policy"
        if router.release < Release.parse("17.6.1"):
            status = "Registration Not Applicable/Not Applicable"
    elif agent.model == "csl":
        return _package_table(router)
    else:
        registered = agent.registration is not None or agent.slr
        left = "REGISTERED" if registered else "UNREGISTERED"
        right = "AUTHORIZED" if registered else _eval_word(router)
        status = f"{left}/{right}"
    return f"\nSmart Licensing Status: {status}\n\n"


def _eval_word(router: Router) -> str:
    agent = router.agent
    if not agent.in_use():
        return "No Licenses in Use"
    ends = agent.eval_ends
    return "EVAL EXPIRED" if ends is not None and ends <= router.now() else "EVAL MODE"


def _classic_level(router: Router) -> str:
    agent = router.agent
    level = agent.level
    after = router.running.value("license boot level") or level
    if agent.model == "nolicense":
        kind, status = "No License Mode", "Smart Licensing is DISABLED"
    elif agent.model == "smart":
        registered = agent.registration is not None
        kind = "Smart License"
        status = "REGISTERED/AUTHORIZED" if registered else f"UNREGISTERED/{_eval_word(router)}"
    else:
        kind = "Permanent" if any(x.kind == "pak" for x in agent.in_use()) else "EvalRightToUse"
        status = ""
    text = f"\nLicense Level: {level}\nLicense Type: {kind}\nNext reload license Level: {after}\n\n"
    return text + (f"Smart Licensing Status: {status}\n\n" if status else "")


def _package_table(router: Router) -> str:
    rows = []
    kinds = {"pak": "Permanent", "rtu": "Permanent", "evaluation": "EvalRightToUse"}
    for technology in ("appxk9", "uck9", "securityk9"):
        found = next((x for x in router.agent.in_use() if x.feature == technology), None)
        short = technology.removesuffix("k9")
        if found is None:
            rows.append(f"{short:<17}{'None':<17}{'None':<15}None\n")
        else:
            rows.append(f"{short:<17}{technology:<17}{kinds[found.kind]:<15}{technology}\n")
    rows.append(f"{'ipbase':<17}{'ipbasek9':<17}{'Permanent':<15}ipbasek9\n")
    rule = "-" * 65 + "\n"
    return (
        f"\nTechnology Package License Information: \n\n{rule}"
        f"{'Technology':<14}{'Technology-package':<32}Technology-package\n"
        f"{'':<17}{'Current':<17}{'Type':<15}Next reboot\n{rule}{''.join(rows)}\n"
    )


def _binary(router: Router) -> str:
    """Returns the image id; before 17.2.1 SD-WAN had images of its own."""
    binary = router.platform.binary
    if router.spec.controller_mode and router.release < Release.parse("17.2.1"):
        return binary.replace("UNIVERSALK9", "UCMK9")
    return binary


def _chassis(router: Router) -> str:
    platform, pid = router.platform, router.pid
    flash = router.flash.total // 1024
    memory = 8127392 if platform.virtual else 3763047
    mode = "Controller-Managed" if router.spec.controller_mode else "Autonomous"
    lines = [
        f"cisco {pid} ({'VXE' if platform.virtual else '1RU'}) processor with "
        f"{memory}K/6147K bytes of memory.",
        f"Processor board ID {router.serial}",
    ]
    if router.release >= Release.parse("17.2.1"):
        lines.append(f"Router operating mode: {mode}")
    lines += [
        "3 Gigabit Ethernet interfaces",
        "32768K bytes of non-volatile configuration memory.",
        f"{memory + 430000}K bytes of physical memory.",
        f"{flash}K bytes of flash memory at bootflash:.",
        "",
        register_line(router),
        "",
    ]
    if platform.virtual and router.level() is not None:
        lines.insert(2, f"The current throughput level is {router.level()} kbps")
    return "\n" + "\n".join(lines) + "\n"
