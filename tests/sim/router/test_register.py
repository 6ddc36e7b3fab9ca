"""The configuration register of a simulated router: shown, and acted on at the next boot."""

from __future__ import annotations

from kit.specs import opened


def test_the_register_of_the_next_boot_is_shown_and_stops_it_in_rommon() -> None:
    router, _, hand = opened()
    hand.type("configure terminal")
    hand.type("config-register 0x2100")
    hand.type("end")
    later = "Configuration register is 0x2102 (will be 0x2100 at next reload)"
    assert later in hand.show("show version")
    assert later in hand.show("show boot")
    router.save()
    router.reload("test")
    hand.closed = True
    hand.wait(router.spec.boot_s + 60)
    assert not router.is_up()
    assert router.event_log[-1].endswith("stopped in ROMMON")


def test_0x2142_passes_over_the_saved_configuration_so_that_nobody_logs_in() -> None:
    router, _, hand = opened()
    user = next(line.username for line in router.lines)
    router.next_register = "0x2142"
    router.reload("test")
    hand.closed = True
    hand.wait(router.spec.boot_s + 60)
    assert router.is_up()
    assert router.hostname == "Router"
    assert not router.check_login(user, "lab-pw")
    assert router.startup is not None
