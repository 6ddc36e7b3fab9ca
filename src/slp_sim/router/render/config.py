"""The running and the startup configuration as text."""

from __future__ import annotations

from slp_sim.router.configuration import Configuration
from slp_sim.router.flash import plain
from slp_sim.router.render.automatic import with_automatic
from slp_sim.router.render.defaults import with_defaults
from slp_sim.router.router import Router

_SERVICE = ("service timestamps debug datetime msec", "service timestamps log datetime msec")


def _body(router: Router, config: Configuration) -> str:
    release = router.release
    sections = list(with_automatic(router, config).sections())
    heads = [head for head, _ in sections]
    boots = [head for head in heads if head.startswith("boot system")]
    services = [head for head in heads if head.startswith("service ")]
    services += [
        x for x in _SERVICE if not any(h.startswith(x.rsplit(" ", 2)[0]) for h in services)
    ]
    names = [head for head in heads if head.startswith("hostname ")]
    lines = [f"version {release.major}.{release.minor}", *services, "!"]
    lines += [*names, "!", "boot-start-marker", *boots, "boot-end-marker", "!"]
    apart = {*boots, *services, *names, "boot-start-marker", "boot-end-marker"}
    for head, rows in sections:
        if head not in apart:
            lines += [head, *(f" {r}" for r in rows), "!"]
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
    return _current(router, router.running)


def running_config_all(router: Router) -> str:
    """Returns ``show running-config all``: with what is in force without a line."""
    return _current(router, with_defaults(router))


def _current(router: Router, config: Configuration) -> str:
    body = _body(router, config)
    marks = "!\n"
    for what, when, by in (
        ("Last configuration change at", router.config_changed_at, router.config_changed_by),
        ("NVRAM config last updated at", router.saved_at, None),
    ):
        if when is not None:
            day = f"{when:%a %b} {when.day} {when:%Y}"
            author = f" by {by}" if by else ""
            marks += f"! {what} {when:%H:%M:%S} UTC {day}{author}\n"
    marks += "!\n" if marks.count("\n") > 1 else ""
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n{marks}{body}"


def one_section(router: Router, header: str) -> str:
    """Returns ``show running-config interface NAME``; an untouched port has no address."""
    rows = dict(router.running.sections()).get(header, ["no ip address", "shutdown"])
    body = "\n".join([header, *(f" {r}" for r in rows), "end"]) + "\n\n"
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n{body}"


def startup_config(router: Router) -> str:
    """Returns ``show startup-config``."""
    if router.startup is None:
        return "startup-config is not present\n"
    body = _body(router, router.startup)
    return f"Using {len(body)} out of 33554432 bytes\n!\n{body}"


def contents(router: Router, path: str) -> bytes | None:
    """Returns a file's bytes, also of a configuration; None where there is none."""
    if path.strip().partition(":")[0].lower() not in ("system", "nvram"):
        return router.read_file(path)
    texts = {"running-config": running_config, "startup-config": startup_config}
    text = texts.get(plain(path))
    with router.lock:
        router.settle()
        return None if text is None else text(router).encode()
