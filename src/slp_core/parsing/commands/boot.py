"""``show boot`` and ``show bootvar``: what the next boot takes."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Heading, Pattern, Prose
from slp_core.parsing.printed import Printed

REGISTER = r"onfiguration [Rr]egister is (0x[0-9A-Fa-f]+)"


def images(text: str) -> tuple[str, ...]:
    """Returns the images in order, without the priority that some releases print behind each."""
    return tuple(part.rpartition(",")[0] or part for part in text.split(";") if part.strip())


class Variables(Printed):
    """The variables of one boot; one that does not exist is ``None``."""

    variables: Annotated[
        tuple[str, ...] | None,
        Pattern(r"BOOT variable = ?(.*)$", hint="BOOT variable", read=images, whole=True),
        Pattern(r"BOOT variable does not exist$", value="<none>", hint="BOOT", whole=True),
    ] = None
    manual: Annotated[
        str | None,
        Pattern(r"MANUAL_BOOT variable = (\w+)$", hint="MANUAL_BOOT"),
        Pattern(r"Manual Boot\s*[=:]\s*(\w+)$", hint="Manual Boot"),
    ] = None
    others: Annotated[
        tuple[str, ...] | None,
        Pattern(r"((?:BAUD|ENABLE_BREAK|BOOTMODE|IPXE_TIMEOUT) variable .*)$", hint=" variable "),
        Pattern(r"((?:Enable Break|Boot Mode|iPXE Timeout|Baud)\s*[=:].*)$"),
    ] = None


class BootVariables(Variables):
    """Boot variables, also in the blocks of newer releases: of now, and of the next reload."""

    current: Annotated[Variables | None, Heading("Current Boot Variables")] = None
    next: Annotated[Variables | None, Heading("Boot Variables on next reload")] = None
    config_file: Annotated[
        str | None,
        Pattern(r"CONFIG_FILE variable = ?(.*)$", hint="CONFIG_FILE"),
        Pattern(r"CONFIG_FILE variable does not exist$", value="<none>"),
    ] = None
    bootldr: Annotated[
        str | None,
        Pattern(r"BOOTLDR variable = ?(.*)$", hint="BOOTLDR"),
        Pattern(r"BOOTLDR variable does not exist$", value="<none>"),
    ] = None
    config_register: Annotated[
        str | None,
        Pattern(
            r"C"
            + REGISTER.replace("(", "(?P<config_register>")
            + r"(?: \(will be (?P<next_config_register>0x[0-9A-Fa-f]+) at next reload\))?$",
            hint="egister",
        ),
    ] = None
    next_config_register: str | None = None
    standby: Annotated[tuple[str, ...] | None, Pattern(r"(Standby .*)$", hint="Standby")] = None


COMMANDS = tuple(
    Command(
        name,
        BootVariables,
        signature=r"(?:Standby )?(?:BOOT|CONFIG_FILE) variable|.*Boot Variables",
        prose=Prose("Switch 1 Switch 2"),
    )
    for name in ("show boot", "show bootvar")
)
