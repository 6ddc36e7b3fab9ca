"""``show version``: release, image, how and when it booted, what it is, what it is licensed for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from slp_core.parsing import values
from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label, Pattern, Prose
from slp_core.parsing.printed import Printed
from slp_core.parsing.values import seconds, when

LEGAL = Prose(
    """
    Technical Support: http://www.cisco.com/techsupport Copyright (c) 1986-
    Cisco IOS-XE software, Copyright (c) 2005- by cisco Systems, Inc. All rights reserved.
    Certain components of Cisco IOS-XE software are licensed under the GNU General Public License
    ("GPL") Version 2.0. The software code licensed under GPL Version 2.0 is free software that
    comes with ABSOLUTELY NO WARRANTY. You can redistribute and/or modify such GPL code under the
    terms of GPL Version 2.0. For more details, see the documentation or "License Notice" file
    accompanying the IOS-XE software, or the applicable URL provided on the flyer accompanying the
    IOS-XE software.
    This product contains cryptographic features and is subject to United States and local country
    laws governing import, export, transfer and use. Delivery of Cisco cryptographic products does
    not imply third-party authority to import, export, distribute or use encryption. Importers,
    exporters, distributors and users are responsible for compliance with U.S. and local country
    laws. By using this product you agree to comply with applicable laws and regulations. If you
    are unable to comply with U.S. and local laws, return this product immediately.
    A summary of U.S. laws governing Cisco cryptographic products may be found at:
    http://www.cisco.com/wwl/export/crypto/tool/stqrg.html
    If you require further assistance please contact us by sending email to export@cisco.com.
    Technology Package License Information: Suite License Information for Module:
    Technology Technology-package Technology-package Current Type Next reboot
    Technology Type Technology-package Technology-package Current Next Reboot
    Suite Suite Current Type Suite Next reboot Throughput Level is
    """
)


class Package(Printed):
    """One row of the technology package table."""

    technology: str | None = None
    current: str | None = None
    kind: str | None = None
    next: str | None = None
    parts: Annotated[tuple[str, ...] | None, Pattern(r"([A-Za-z][\w\-]*)$")] = None


class Version(Printed):
    """What is running, on what, since when."""

    xe_version: Annotated[
        str | None,
        Pattern(r"Cisco IOS[ -]XE Software, Version (\S+)", hint="Version"),
        Pattern(r"IOS XE Version: (\S+)$", hint="IOS XE Version"),
    ] = None
    image_id: Annotated[str | None, Pattern(r"\(([\w\-]+-M)\)", hint="-M)", search=True)] = None
    train: Annotated[
        str | None,
        Pattern(r"Cisco IOS Software \[(\w+)\]", hint="Cisco IOS Software [", search=True),
    ] = None
    version: Annotated[
        str | None,
        Pattern(r"(?:.*\bVersion )?(\d+\.\d+[\w.()]*), RELEASE", hint="RELEASE"),
        Pattern(r"(?!Cisco IOS[ -]XE)(?:.*\b)?Version (\d+\.\d+[\w.()]*)[, ]*$", hint="Version"),
    ] = None
    experimental: Annotated[
        str | None,
        Pattern(
            r".*\bExperimental Version (?P<experimental>\d[\w.:]*)"
            r"(?:\s+\[(?P<build>[^\]\s]+)[^\]]*\]?)?",
            hint="Experimental Version",
        ),
    ] = None
    build: str | None = None
    copyright: Annotated[
        str | None, Pattern(r"(Copyright \(c\) .*|.*software, Copyright \(c\) .*)$", hint="(c)")
    ] = None
    compiled: Annotated[str | None, Pattern(r"Compiled (\S.*)$", hint="Compiled")] = None
    rom: Annotated[str | None, Label("ROM")] = None
    bootldr: Annotated[str | None, Label("BOOTLDR")] = None
    hostname: Annotated[
        str | None,
        Pattern(r"(?P<hostname>\S+) uptime is (?P<uptime_s>\d.*)$", hint=" uptime is "),
    ] = None
    uptime_s: Annotated[int | None, Pattern(r"(?!)", read=seconds)] = None
    control_uptime_s: Annotated[
        int | None,
        Pattern(r"Uptime for this control processor is (\d.*)$", hint="Uptime for", read=seconds),
    ] = None
    returned_by: Annotated[
        str | None, Pattern(r"System returned to ROM by (.+)$", hint="returned to ROM")
    ] = None
    restarted_at: Annotated[
        datetime | None,
        Pattern(r"System restarted at (.+)$", hint="restarted at", read=when),
    ] = None
    system_image: Annotated[
        str | None, Pattern(r'System image file is "([^"]*)"', hint="System image")
    ] = None
    reload_reason: Annotated[
        str | None,
        Label("Last reload reason", "Last reload type"),
    ] = None
    license_level: Annotated[str | None, Label("License Level")] = None
    license_type: Annotated[str | None, Label("License Type")] = None
    next_license_level: Annotated[str | None, Label("Next reload license Level")] = None
    addon_license_level: Annotated[str | None, Label("Addon License Level")] = None
    addon_license_type: Annotated[str | None, Label("Addon License Type")] = None
    suite_module: Annotated[
        str | None,
        Pattern(r"Suite License Information for Module:\s*'(\w+)'", hint="for Module"),
    ] = None
    addon_next_level: Annotated[
        str | None, Label("Addon Next reload license Level", "Next reload addon license Level")
    ] = None
    license_mode: Annotated[str | None, Label("License Mode")] = None
    smart_licensing_status: Annotated[str | None, Label("Smart Licensing Status")] = None
    packages: Annotated[
        tuple[Package, ...] | None,
        Blocks(  # technology, current, type, next
            r"^(?P<technology>[A-Za-z]\w*)\s+(?P<current>(?!Smart\b|Subscription\b)\S+)\s+"
            r"(?P<kind>Smart License|Permanent|EvalRightToUse|RightToUse|None|Subscription)"
            r"\s+(?P<next>\S+)$",
            key="technology",
        ),
        Blocks(  # current, type, next
            r"^(?P<current>[a-z][\w\-]*)\s+(?P<kind>(?:Subscription )?Smart License)"
            r"\s+(?P<next>[a-z][\w\-]*)$",
            key="current",
            hint="Smart License",
        ),
        Blocks(  # a technology of two words, type, current, next: newer releases
            r"^(?P<technology>Smart License)\s+(?P<kind>Perpetual|Subscription|Permanent|Trial)"
            r"\s+(?P<current>\S+)\s+(?P<next>\S+)$",
            key="current",
            hint="Smart License",
        ),
        Blocks(  # technology, type, current, next
            r"^(?P<technology>[A-Za-z]\w*)\s+(?P<kind>Smart License|Permanent|EvalRightToUse)"
            r"\s+(?P<current>\S+)\s+(?P<next>\S+)$",
            key="technology",
        ),
    ] = None
    throughput_kbps: Annotated[
        int | str | None,
        Pattern(
            r"The current throughput level is (\S.*)$", hint="throughput level", read=values.level
        ),
    ] = None
    crypto_throughput_kbps: Annotated[
        int | str | None,
        Pattern(
            r"The current crypto throughput level is (\S.*)$",
            hint="crypto throughput",
            read=values.level,
        ),
    ] = None
    pid: Annotated[
        str | None,
        Pattern(
            r"[Cc]isco (?P<pid>\S+) \((?P<processor>[^)]*)\) processor"
            r"(?: \(revision (?P<revision>[^)]*)\))? with (?P<memory>\S+) bytes of memory",
            hint="processor",
        ),
    ] = None
    processor: str | None = None
    revision: str | None = None
    memory: str | None = None
    serial: Annotated[str | None, Pattern(r"Processor board ID (\S+)$", hint="Processor board")] = (
        None
    )
    operating_mode: Annotated[
        str | None, Label("Router operating mode", "Router Operating Mode")
    ] = None
    crypto_module: Annotated[
        bool | None, Pattern(r"Crypto Hardware Module present$", value=True, hint="Crypto Hardware")
    ] = None
    interfaces: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(\d+ .*\binterfaces?(?:\(s\))?)$", hint="interface"),
        Pattern(r"(\d+ \S+ voice .*|\d+ .* ports?\b.*)$", hint=" "),
    ] = None
    storage: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(\d+K bytes of .+?)\.?$", hint="bytes of"),
    ] = None
    config_register: Annotated[
        str | None,
        Pattern(
            r"Configuration register is (?P<config_register>0x[0-9A-Fa-f]+)"
            r"(?: \(will be (?P<next_config_register>0x[0-9A-Fa-f]+) at next reload\))?$",
            hint="Configuration register",
        ),
    ] = None
    next_config_register: str | None = None


COMMANDS = (
    Command(
        "show version",
        Version,
        signature=(
            r"Cisco IOS|License Level:|.* uptime is |System image file|Configuration register is"
        ),
        alien=r"Utility:|License Usage|Data Privacy:|BOOT variable|Clock is (?:un)?synchronized",
        complete=r"Configuration register is",
        prose=LEGAL,
    ),
)
