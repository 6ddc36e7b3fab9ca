"""The lines of a configuration that licensing, throughput, boot and reachability hang on.

Everything else in a configuration is none of our business: it is neither kept (it may hold
secrets) nor reported as unknown.
"""

import re
from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Pattern
from slp_core.parsing.printed import Printed
from slp_core.secret_lines import MASK

_ALGORITHM = re.compile(
    r"(?:auth|priv|encrypted|esp|ah|null|md5|sha(?:-?(?:1|2|224|256|384|512))?|des|des56|3des"
    r"|aes(?:-cbc|-?(?:128|192|256))?|0|6|7|128|168|192|224|256|384|512)$"
)


def without_keys(text: str) -> str:
    """Returns a line of SNMPv3 or OSPFv3 with its algorithms alone, its keys masked."""
    head, mark, rest = re.split(r"(\bv3\b|\bspi \d+)", text, maxsplit=1)
    words = [word if _ALGORITHM.match(word) else MASK for word in rest.split()]
    return " ".join([head.rstrip(), mark, *words])


class CryptoSection(Printed):
    """One ``crypto`` line and the algorithms below it; ``head`` where it may name any."""

    head: str | None = None
    algorithms: Annotated[
        tuple[str, ...] | None,
        Pattern(r"((?:encr|encryption|hash|integrity|group|set pfs) [a-z0-9][a-z0-9 -]*)$"),
    ] = None


class InterfaceSection(Printed):
    """What of an interface tells where it leads."""

    name: str | None = None
    vrf: Annotated[str | None, Pattern(r"(?:ip )?vrf forwarding (\S+)$", hint="vrf forwarding")] = (
        None
    )


class Configuration(Printed):
    """Lines by what they are for, as they stand in the configuration."""

    version: Annotated[str | None, Pattern(r"version (\d+\.\d+)$", hint="version")] = None
    hostname: Annotated[str | None, Pattern(r"hostname (\S+)$", hint="hostname")] = None
    udi_pid: Annotated[
        str | None,
        Pattern(r"license udi pid (?P<udi_pid>\S+) sn (?P<udi_sn>\S+)$", hint="license udi"),
    ] = None
    udi_sn: str | None = None
    license: Annotated[
        tuple[str, ...] | None, Pattern(r"((?:no )?license (?!udi )\S.*)$", hint="license ")
    ] = None
    throughput: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(platform hardware throughput \S.*)$", hint="hardware throughput"),
    ] = None
    boot: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(boot (?:system|config|host|network)\b.*)$", hint="boot "),
        Pattern(r"(config-register 0x\w+)$", hint="config-register"),
    ] = None
    http_client: Annotated[
        tuple[str, ...] | None,
        Pattern(
            r"(ip http client (?:source-interface|secure-trustpoint|proxy-server)\b.*)$",
            hint="ip http client",
        ),
    ] = None
    names: Annotated[
        tuple[str, ...] | None,
        Pattern(r"((?:no )?ip (?:name-server|domain[ -](?:lookup|name|list))\b.*)$", hint="ip "),
    ] = None
    source_interfaces: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(ip \S+(?: \S+)? source-interface \S+.*)$", hint="source-interface"),
    ] = None
    routes: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(ip (?:route|default-gateway) \S.*|ipv6 route \S.*)$", hint="ip"),
        Pattern(r"(router \S.*)$", hint="router "),
        Pattern(r"(ip address dhcp)$", hint="ip address dhcp"),
    ] = None
    interfaces: Annotated[
        tuple[InterfaceSection, ...] | None,
        Blocks(r"^interface (?P<name>\S+)(?: .*)?$", key="name", hint="interface "),
    ] = None
    clock: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(clock (?:timezone|summer-time) .*)$", hint="clock "),
        Pattern(r"(ntp (?:server|peer|source) (?!.*\bkey\b).*)$", hint="ntp "),
    ] = None
    call_home: Annotated[
        tuple[str, ...] | None,
        Pattern(
            r"(destination (?:address http|transport-method) .*|reporting smart-licensing-data"
            r"|http-proxy .*)$"
        ),
    ] = None
    trustpoint: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(crypto pki trustpoint SLA-TrustPoint)$", hint="SLA-Trust"),
    ] = None
    crypto: Annotated[
        tuple[CryptoSection, ...] | None,
        Blocks(
            r"^(?:(?P<head>crypto (?:isakmp policy|ikev2 proposal|ipsec (?:transform-set|profile)"
            r"|map|dynamic-map|engine compliance) \S.*)"
            r"|crypto (?!pki trustpoint SLA-TrustPoint$)\S.*)$",
            hint="crypto ",
        ),
    ] = None
    access: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(ip ssh \S.*)$", hint="ip ssh "),
        Pattern(r"(aaa (?:new-model|authentication login \S.*))$", hint="aaa "),
        Pattern(r"(snmp-server group \S+ v3 .*)$", hint="snmp-server group"),
        Pattern(
            r"(snmp-server user (?:\S+ ){2}.*?\bv3\b.*)$",
            hint="snmp-server user",
            read=without_keys,
        ),
        Pattern(
            r"((?:ospfv3|ipv6 ospf|area) .*\bipsec spi \d.*)$", hint="ipsec spi", read=without_keys
        ),
    ] = None
    redundancy: Annotated[
        tuple[str, ...] | None, Pattern(r"(mode (?:sso|rpr\S*|none|rpr-plus))$", hint="mode ")
    ] = None
    controller: Annotated[
        bool | None, Pattern(r"controller-mode enable$", value=True, hint="controller")
    ] = None
    absent: Annotated[
        bool | None, Pattern(r"startup-config is not present$", value=True, hint="not present")
    ] = None
    ended: Annotated[bool | None, Pattern(r"end$", value=True, hint="end")] = None


COMMANDS = tuple(
    Command(
        name,
        Configuration,
        signature=(
            r"Current configuration|Building configuration|version \d+\.\d+$|hostname \S+$"
            r"|Using \d+ out of \d+ bytes|license (?:udi|boot|smart|feature|accept)"
            r"|platform hardware throughput|boot system|ip http client"
            r"|startup-config is not present"
        ),
        scoped=True,
    )
    for name in ("show running-config", "show startup-config")
)
