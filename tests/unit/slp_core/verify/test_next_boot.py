"""What the next reload does, as outputs tell it: register, boot statement, second processor."""

from __future__ import annotations

import pytest

from slp_core.parsing import assemble
from slp_core.rules.next_boot import BOOTS, register_outcome, register_trouble
from slp_core.verify import observe

PAIR = """BOOT variable = bootflash:packages.conf,12;
CONFIG_FILE variable does not exist
BOOTLDR variable does not exist
Configuration register is 0x2102 (will be 0x2142 at next reload)

Standby BOOT variable = bootflash:old.bin,12;
Standby CONFIG_FILE variable does not exist
Standby BOOTLDR variable does not exist
Standby Configuration register is 0x2100
"""


@pytest.mark.parametrize("register", ["0x2102", "0x102", "0x2101", "0x210F", "0x1"])
def test_c01_ordinary_registers_boot(register: str) -> None:
    assert register_outcome(register) == BOOTS


@pytest.mark.parametrize(
    ("register", "word"),
    [("0x2100", "ROMMON"), ("0x0", "ROMMON"), ("0x2142", "ignored"), ("0x142", "ignored")],
)
def test_c01_the_bits_that_matter_are_told_in_any_value(register: str, word: str) -> None:
    assert word in (register_trouble(register) or "")


def test_up_3_the_next_boot_of_both_processors_is_observed() -> None:
    seen = observe(assemble("r1", {"show boot": PAIR}))
    shown = {path: x.value for path, x in seen.items() if path.startswith("next_boot.")}
    assert shown == {
        "next_boot.register": "0x2142: the startup configuration is ignored",
        "next_boot.image": "packages.conf",
        "next_boot.standby_image": "old.bin",
        "next_boot.standby_register": "0x2100: it stops in ROMMON",
    }


def test_up_3_what_was_not_shown_is_not_observed() -> None:
    assert not [p for p in observe(assemble("r1", {})) if p.startswith("next_boot.")]


def test_up_3_an_erased_startup_configuration_is_seen() -> None:
    outputs = {
        "show running-config": "hostname r1\nlicense boot level securityk9\nend\n",
        "show startup-config": "startup-config is not present\n",
    }
    unsaved = observe(assemble("r1", outputs))["next_boot.unsaved"].value
    assert unsaved == ["not saved: hostname r1", "not saved: license boot level securityk9"]
