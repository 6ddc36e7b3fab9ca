"""Install mode beyond the everyday: lost sessions, wrong images, conversions, removal."""

from __future__ import annotations

import pytest

from kit.hand import router_of
from kit.specs import IMAGE, SIZE, opened, small, upgraded
from slp_sim.ports import Wake
from slp_sim.router.flash import make_image


def test_an_operation_goes_on_when_its_session_dies() -> None:
    router, _, hand = opened()
    actions = hand.shell.feed(f"install add file bootflash:{IMAGE}\r".encode())
    assert isinstance(actions[-1], Wake)
    hand.shell.close()
    hand.open()
    refused = hand.type(f"install add file bootflash:{IMAGE}")
    assert "Another install operation is in progress" in refused
    hand.wait(router.spec.add_s)
    assert "IMG   I    17.03.02" in hand.show("show install summary")
    assert sum("install add" in x for x in router.event_log) == 1


def test_an_activation_reloads_although_its_session_died() -> None:
    router, _, hand = opened()
    hand.type(f"install add file bootflash:{IMAGE}")
    hand.press("install activate\r")
    hand.shell.feed(b"y")
    hand.shell.close()
    hand.wait(60)
    assert not router.is_up()
    hand.closed = True
    hand.wait_for_boot()
    assert "Version 17.3.2" in hand.show("show version")
    assert router.boot_count == 1


def test_a_confirmed_reload_happens_although_its_session_died() -> None:
    router, _, hand = opened()
    hand.press("reload\r")
    hand.shell.feed(b"\r")
    hand.shell.close()
    hand.wait(2)
    assert not router.is_up()


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("other.bin", make_image("17.3.2", "asr1000rpx86", SIZE), "not compatible"),
        ("broken.bin", b"no image at all", "image is corrupt"),
        ("same.bin", make_image("16.9.6", "isr4300", SIZE), "Same Image File-No Change"),
    ],
)
def test_unfit_images_are_not_added(name: str, data: bytes, text: str) -> None:
    router, _, hand = opened()
    router.flash.write(name, data, router.now())
    answer = hand.type(f"install add file bootflash:{name}")
    assert "FAILED: install_add" in answer
    assert text in answer
    assert router.install.of_state("I") is None


def test_a_truncated_image_is_not_added() -> None:
    router, _, hand = opened()
    router.flash.write(
        "cut.bin", make_image("17.3.2", "isr4300", SIZE), router.now(), limit=SIZE // 3
    )
    assert "image is corrupt" in hand.type("install add file bootflash:cut.bin")


def test_missing_files_and_empty_hands_are_said() -> None:
    _, _, hand = opened()
    assert "does not exist" in hand.type("install add file bootflash:nothing.bin")
    assert "No inactive package" in hand.type("install activate")
    assert "No uncommitted package" in hand.type("install commit")


def test_bundle_mode_becomes_install_mode() -> None:
    router, _, hand = router_of(small(boot_mode="bundle"))
    router.flash.write(IMAGE, make_image("17.3.2", "isr4300", SIZE), router.now())
    hand.type(f"install add file bootflash:{IMAGE}")
    hand.configure("no boot system", "boot system bootflash:packages.conf")
    hand.type("write memory")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    text = hand.show("show version")
    assert 'System image file is "bootflash:packages.conf"' in text
    assert "Version 17.3.2" in text
    assert "SUCCESS" in hand.type("install commit")


def test_a_forgotten_boot_variable_boots_the_old_bundle() -> None:
    router, _, hand = router_of(small(boot_mode="bundle"))
    router.flash.write(IMAGE, make_image("17.3.2", "isr4300", SIZE), router.now())
    hand.type(f"install add file bootflash:{IMAGE}")
    assert "[y/n]" in hand.press("install activate\r")
    hand.press("y")
    hand.press("y")
    hand.wait_for_boot()
    assert "Version 16.9.6" in hand.show("show version")


def test_abort_goes_back_at_once() -> None:
    router, _, hand = opened()
    upgraded(hand)
    hand.type("install abort", "y")
    hand.wait_for_boot()
    assert "Version 16.9.6" in hand.show("show version")
    assert router.boot_count == 2


def test_inactive_packages_can_be_removed() -> None:
    router, _, hand = opened()
    upgraded(hand)
    hand.type("install commit")
    free = router.flash.free
    text = hand.type("install remove inactive", "y")
    assert "16.09.06" in text
    assert "SUCCESS: install_remove" in text
    assert router.flash.free > free
    assert "Nothing to clean." in hand.type("install remove inactive")


def test_one_command_does_it_all() -> None:
    _, _, hand = opened()
    text = hand.type(f"install add file bootflash:{IMAGE} activate commit prompt-level none")
    assert "SUCCESS: install_add_activate_commit" in text
    hand.wait_for_boot()
    assert "IMG   C    17.03.02" in hand.show("show install summary")
    assert "Auto abort timer: inactive" in hand.show("show install summary")


def test_f04_a_one_shot_install_goes_on_when_its_session_dies() -> None:
    router, _, hand = opened()
    command = f"install add file bootflash:{IMAGE} activate commit prompt-level none"
    hand.shell.feed(f"{command}\r".encode())
    hand.shell.close()
    hand.wait(router.spec.add_s + 60)
    assert not router.is_up()
    hand.closed = True
    hand.wait_for_boot()
    assert "IMG   C    17.03.02" in hand.show("show install summary")
    assert router.boot_count == 1
    assert sum("install activate" in x for x in router.event_log) == 1


def test_a_one_shot_install_stops_at_the_question_that_nobody_answers() -> None:
    router, _, hand = opened()
    hand.shell.feed(f"install add file bootflash:{IMAGE} activate commit\r".encode())
    hand.shell.close()
    hand.wait(router.spec.add_s + 600)
    assert router.boot_count == 0
    hand.open()
    assert "IMG   I    17.03.02" in hand.show("show install summary")


def test_f07_a_conversion_that_nobody_commits_goes_back_to_its_bundle() -> None:
    router, _, hand = router_of(small(boot_mode="bundle"))
    router.flash.write(IMAGE, make_image("17.3.2", "isr4300", SIZE), router.now())
    hand.type(f"install add file bootflash:{IMAGE}")
    hand.configure("no boot system", "boot system bootflash:packages.conf")
    hand.type("write memory")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    assert "Version 17.3.2" in hand.show("show version")
    hand.wait(121 * 60)
    hand.closed = True
    hand.wait_for_boot()
    assert "Version 16.9.6" in hand.show("show version")
    assert "universalk9.16.09.06.SPA.bin" in hand.show("show version")
    hand.wait(24 * 3600)
    assert router.boot_count == 2, "it rolls back once, not for ever"
    assert "Auto abort timer: inactive" in hand.show("show install summary")
