"""Configuration and files that a router starts with, made of what the scenario says."""

from __future__ import annotations

from slp_sim.router.accounts import kept, scrambled
from slp_sim.router.catalog import Platform, Release, stable
from slp_sim.router.configuration import Configuration
from slp_sim.router.flash import Flash, plain
from slp_sim.router.spec import FileSpec, LicensingSpec, RouterSpec


def first_configuration(
    spec: RouterSpec, platform: Platform, release: Release, flash: Flash
) -> Configuration:
    """Returns startup configuration of a router whose scenario begins."""
    lines = [f"hostname {spec.hostname}"]
    lines += _boot_lines(spec, flash)
    if spec.enable_secret:
        lines.append(f"enable secret 9 {scrambled(spec.enable_secret, spec.serial)}")
    lines += [
        "no aaa new-model",
        "ip domain name example.net",
        "subscriber templating",
        "multilink bundle-name authenticated",
    ]
    lines += _licence_lines(spec, platform, release)
    lines += user_lines(spec)
    lines += ["redundancy", " mode sso" if spec.peer_serial or spec.standby else " mode none"]
    lines += ["interface GigabitEthernet0/0/0", " ip address dhcp", " negotiation auto"]
    if spec.ntp:
        lines.append("ntp server 192.0.2.123")
    for kind in ("exec", "login", "motd"):
        text = getattr(spec, f"banner_{kind}")
        lines += [f"banner {kind} ^C\n{text}\n^C"] if text else []
    lines += ["line con 0", " stopbits 1"]
    if not any(x.startswith("line vty") for x in spec.config):
        lines += ["line vty 0 15", " login local", " transport input ssh"]
    ours = tuple(x for x in lines if " secret " in x)
    heads = {" ".join(x.split()[:2]) for x in ours}  # a scenario's users are the lab's, not these
    config = Configuration(lines)
    given = [x for x in spec.config if " ".join(x.split()[:2]) not in heads]
    config.take_in(kept(x, spec.serial) for x in given)
    return config


def user_lines(spec: RouterSpec) -> list[str]:
    """Returns the users as the configuration keeps them."""
    return [
        f"username {u.name} privilege {u.privilege} secret 9 {scrambled(u.password, u.name)}"
        for u in spec.users
    ]


def _boot_lines(spec: RouterSpec, flash: Flash) -> list[str]:
    if spec.boot_mode == "install":
        return ["boot system bootflash:packages.conf"]
    image = spec.boot_image or next(
        (f.name for f in flash.files.values() if f.image() is not None), None
    )
    return [f"boot system bootflash:{image}"] if image else []


_SMART_ONLY = Release(16, 10, 1)
"""From here on routers have no other licensing than Smart, which need not be enabled."""
_PACKAGES = ("appxk9", "uck9", "securityk9")


def _boot_levels(licensing: LicensingSpec, platform: Platform) -> list[str]:
    """Returns the levels that the scenario names, or that the licences in use ask for."""
    used = [x.feature.lower() for x in licensing.licences if x.in_use]
    smart = licensing.model in ("eval", "registered", "slr", "plr")
    if licensing.boot_level or not (smart or licensing.model == "slp"):
        return [licensing.boot_level] if licensing.boot_level else []
    if not platform.classic and licensing.model == "eval":
        return []
    if platform.classic:  # in Smart Licensing a level is in force by its line alone
        return [x for x in used if x.startswith(("metro", "advancedmetro"))][:1]
    if platform.family == "csr1000v":
        return list(dict.fromkeys(x.partition("_")[0] for x in used if x.startswith("ax_")))
    if platform.stem == "DNA":
        stacks = ("network-essentials", "network-advantage", "network-premier")
        found = (x for x in stacks for u in used if u.startswith(x))
        return [f"{x} addon dna-{x.partition('-')[2]}" for x in found][:1]
    return [x for x in _PACKAGES if x in used]


def _licence_lines(spec: RouterSpec, platform: Platform, release: Release) -> list[str]:
    licensing, lines = spec.licensing, []
    lines += [f"license boot level {level}" for level in _boot_levels(licensing, platform)]
    optional = platform.classic or release < _SMART_ONLY
    if optional and licensing.model in ("eval", "registered", "slr", "plr"):
        lines.append("license smart enable")
    if licensing.reservation or licensing.model in ("slr", "plr"):
        lines.append("license smart reservation")
    if licensing.transport and licensing.transport not in ("callhome",):
        default = "cslu" if licensing.model == "slp" else "callhome"
        if licensing.transport != default:
            lines.append(f"license smart transport {licensing.transport}")
    if licensing.url and licensing.transport == "cslu":
        lines.append(f"license smart url cslu {licensing.url}")
    elif licensing.url and licensing.transport == "callhome":
        lines += ["call-home", " profile CiscoTAC-1", "  active"]
        lines.append(f"  destination address http {licensing.url}")
    elif licensing.url:
        lines.append(f"license smart url {licensing.url}")
        lines.append(f"license smart url smart {licensing.url}")
    if spec.throughput_kbps is not None:
        level = spec.throughput_kbps
        unit = f"MB {level // 1000}" if platform.virtual else str(level)
        lines.append(f"platform hardware throughput level {unit}")
    if spec.crypto_kbps is not None:
        lines.append(f"platform hardware throughput crypto {spec.crypto_kbps}")
    return lines


def first_files(spec: RouterSpec, platform: Platform, release: Release) -> list[FileSpec]:
    """Returns what a router's flash holds without anybody saying so."""
    rows = [
        FileSpec(name=name, size=4096, directory=True)
        for name in ("tracelogs", "license_evlog", ".installer", ".rollback_timer")
    ]
    named = {f.name for f in spec.flash.files}
    if spec.boot_mode == "install":
        package = f"{platform.image}-rpbase.{release.padded}.SPA.pkg"
        rows.append(FileSpec(name="packages.conf", text=packages_conf(package)))
        rows.append(FileSpec(name=package, size=400_000_000 + stable(package, 200_000_000)))
    elif not any(f.release for f in spec.flash.files):
        name = plain(spec.boot_image or f"{platform.image}-universalk9.{release.padded}.SPA.bin")
        rows.append(FileSpec(name=name, release=release.short, platform=platform.image))
    return [row for row in rows if row.name not in named]


def packages_conf(package: str) -> str:
    """Returns what ``packages.conf`` holds: the packages that each processor boots."""
    lines = ["#! /usr/binos/bin/packages_conf.sh", ""]
    lines += [f"boot  rp {slot} 0   rp_boot       {package}" for slot in (0, 1)]
    kinds = ("base", "daemons", "iosd", "security", "webui")
    lines += [
        f"iso   rp {slot} {bay}   rp_{kind:<10} {package.replace('rpbase', 'rp' + kind)}"
        for slot in (0, 1)
        for bay in (0, 1)
        for kind in kinds
    ]
    return "\n".join(lines) + "\n"
