"""What is in force without a line: what ``show running-config all`` adds to the configuration."""

from __future__ import annotations

from slp_sim.router.configuration import Configuration
from slp_sim.router.nvgen import slot
from slp_sim.router.router import Router

_TOP = (
    "service timestamps debug datetime msec",
    "service timestamps log datetime msec",
    "no service tcp-keepalives-in",
    "service prompt config",
    "no service sequence-numbers",
    "config-register {register}",
    "logging buffered 102400 debugging",
    "logging console debugging",
    "logging monitor debugging",
    "logging trap informational",
    "logging facility local7",
    "logging rate-limit console 10 except errors",
    "no aaa new-model",
    "clock timezone UTC 0 0",
    "ip domain lookup",
    "ip domain timeout 3",
    "ip domain retry 2",
    "ip subnet-zero",
    "ip cef",
    "ip forward-protocol nd",
    "no ip http server",
    "no ip http secure-server",
    "ip http port 80",
    "ip http secure-port 443",
    "ip http authentication enable",
    "ip http max-connections 5",
    "ip http timeout-policy idle 180 life 180 requests 25",
    "ip http client connection timeout 10",
    "ip http client connection retry 1",
    "ip http client response timeout 30",
    "ip ssh time-out 120",
    "ip ssh authentication-retries 3",
    "no ip scp server enable",
    "ip tftp blocksize 512",
    "ip tftp min-timeout 5",
    "no file prompt quiet",
    "no cdp run",
    "no lldp run",
    "no snmp-server",
)
_SLP = (
    "license smart transport {transport}",
    "license smart usage interval {interval}",
    "no license smart privacy all",
    "no license smart privacy hostname",
    "no license smart privacy version",
    "no license smart server-identity-check",
)
_INTERFACE = (
    "no shutdown",
    "mtu 1500",
    "bandwidth 1000000",
    "delay 1",
    "load-interval 300",
    "ip redirects",
    "ip unreachables",
    "ip proxy-arp",
    "ip mtu 1500",
    "no cdp enable",
    "hold-queue 375 in",
    "hold-queue 40 out",
    "arp timeout 14400",
    "keepalive 10",
)
_LINE = (
    "exec",
    "exec-timeout 10 0",
    "session-timeout 0",
    "length 24",
    "width 80",
    "history size 20",
    "no exec prompt timestamp",
    "no logging synchronous",
    "privilege level 1",
    "escape-character 30",
)


def with_defaults(router: Router) -> Configuration:
    """Returns the running configuration with what is in force without a line."""
    config = router.running.copy()
    top = list(_TOP)
    if router.agent.model == "slp":
        top += _SLP
    words = {
        "register": router.config_register,
        "transport": router.agent.transport(),
        "interval": str(router.agent.slp.push_interval),
    }
    _add(config, None, [line.format(**words) for line in top])
    for head, _rows in list(config.sections()):
        if head.startswith("interface "):
            _add(config, head, list(_INTERFACE))
        elif head.startswith("line "):
            _add(config, head, list(_LINE))
    return config


def _add(config: Configuration, where: str | None, defaults: list[str]) -> None:
    heads = config.section(where) if where else [head for head, _ in config.sections()]
    said = {x.removeprefix("no ").lower() for x in heads}
    slots = {slot(x, top=where is None) for x in heads} - {None}
    for line in defaults:
        bare = line.removeprefix("no ")
        if bare.lower() in said or slot(line, top=where is None) in slots:
            continue
        if any(x.startswith(f"{bare} ") for x in said):
            continue
        config.set(where, line)
