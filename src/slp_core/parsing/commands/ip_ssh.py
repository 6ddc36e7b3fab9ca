"""``show ip ssh``: whether the SSH server runs, and on which key (C06)."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Label, Pattern
from slp_core.parsing.printed import Printed


class IpSsh(Printed):
    """The SSH server; ``modulus_bits`` is of the RSA key that it uses."""

    enabled: Annotated[
        bool | None,
        Pattern(r"SSH Enabled\b", value=True, hint="SSH Enabled"),
        Pattern(r"SSH Disabled\b", value=False, hint="SSH Disabled"),
    ] = None
    version: Annotated[
        str | None, Pattern(r"SSH (?:En|Dis)abled - version (\d+\.\d+)", hint="version")
    ] = None
    missing_key: Annotated[
        str | None,
        Pattern(r"(%\s?Please create (?:RSA|EC) keys.*)$", hint="Please create"),
    ] = None
    authentication: Annotated[str | None, Label("Authentication methods")] = None
    publickey: Annotated[str | None, Label("Authentication Publickey Algorithms")] = None
    hostkey: Annotated[str | None, Label("Hostkey Algorithms")] = None
    encryption: Annotated[str | None, Label("Encryption Algorithms")] = None
    mac: Annotated[str | None, Label("MAC Algorithms")] = None
    kex: Annotated[str | None, Label("KEX Algorithms")] = None
    timeout: Annotated[
        str | None, Pattern(r"Authentication timeout: (\d+ secs.*)$", hint="Authentication timeout")
    ] = None
    dh_bits: Annotated[
        int | None,
        Pattern(r"Minimum expected Diffie Hell?man key size\s*:\s*(\d+) bits", hint="Diffie"),
    ] = None
    key_name: Annotated[
        str | None, Pattern(r"IOS Keys in SECSH format\([^)]*\):\s*(\S+)", hint="SECSH")
    ] = None
    modulus_bits: Annotated[
        int | None, Pattern(r"Modulus Size\s*:\s*(\d+) bits?", hint="Modulus Size")
    ] = None
    key: Annotated[
        tuple[str, ...] | None,
        Pattern(r"((?:ssh-\w+|ecdsa-\S+) AAAA\S*)$", hint="AAAA"),
        Pattern(r"([A-Za-z0-9+/]{40,}={0,2}|[A-Za-z0-9+/]+={1,2})$"),
    ] = None


COMMANDS = (
    Command(
        "show ip ssh",
        IpSsh,
        signature=r"SSH (?:En|Dis)abled|%\s?Please create (?:RSA|EC)|Modulus Size",
    ),
)
