"""The running and the startup configuration as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slp_sim.router.configuration import Configuration

if TYPE_CHECKING:
    from slp_sim.router.router import Router


def _body(router: Router, config: Configuration) -> str:
    release = router.release
    lines = ["!", f"version {release.major}.{release.minor}"]
    boots = []
    body: list[str] = []
    for head, rows in config.sections():
        if head.startswith("boot system"):
            boots.append(head)
            continue
        body += [head, *(f" {r}" for r in rows), "!"]
    lines += ["service timestamps debug datetime msec", "service timestamps log datetime msec", "!"]
    hostname = [x for x in body if x.startswith("hostname ")]
    body = [x for x in body if not x.startswith("hostname ")]
    lines += [*hostname, "!", "boot-start-marker", *boots, "boot-end-marker", "!"]
    lines += body
    lines += [*_kept_transport(router, config), f"license udi pid {router.pid} sn {router.serial}"]
    lines += ["!", "end"]
    return "\n".join(lines) + "\n\n"


def _kept_transport(router: Router, config: Configuration) -> list[str]:
    agent = router.agent
    if agent.model != "slp" or config.value("license smart transport") is not None:
        return []
    if agent.default_transport == "cslu":
        return []
    return [f"license smart transport {agent.default_transport}"]


def running_config(router: Router) -> str:
    """Returns ``show running-config``."""
    body = _body(router, router.running)
    changed = ""
    if router.config_changed_at is not None:
        when = router.config_changed_at
        day = f"{when:%a %b} {when.day} {when:%Y}"
        changed = f"! Last configuration change at {when:%H:%M:%S} UTC {day}\n"
    head = f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n"
    return f"{head}{changed}{body}"


def one_section(router: Router, header: str) -> str | None:
    """Returns ``show running-config interface NAME``; None where there is no such interface."""
    rows = dict(router.running.sections()).get(header)
    if rows is None:
        return None
    body = "\n".join([header, *(f" {r}" for r in rows), "end"]) + "\n\n"
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n{body}"


def startup_config(router: Router) -> str:
    """Returns ``show startup-config``."""
    if router.startup is None:
        return "startup-config is not present\n"
    body = _body(router, router.startup)
    return f"Using {len(body)} out of 33554432 bytes\n!\n{body}"
