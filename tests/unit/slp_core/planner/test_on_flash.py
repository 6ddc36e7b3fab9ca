"""An image that must lie on flash already: held against the listing of the router (UP-3)."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import csl, evaluating, router
from slp_core.plan import Notice, RouterPlan
from slp_core.planner import make_plan
from slp_core.state import RouterState
from slp_core.targets import Target

IMAGE = "isr4300-universalk9.17.09.04a.SPA.bin"
STOP = "asr900rsp3-universalk9.17.10.01.SPA.bin"
SIZE = 700_000_000
BOTH = {"processors": 2, "configured_mode": "sso", "operating_mode": "sso"}


def flash(*files: dict[str, Any], name: str = "bootflash:", **more: Any) -> dict[str, Any]:
    return {"filesystem": name, "total": 10**10, "free": 5 * 10**9, "files": files} | more


def there(name: str = IMAGE, size: int = SIZE, **more: Any) -> dict[str, Any]:
    return {"name": name, "size": size, **more}


def seen(*storage: dict[str, Any], **parts: Any) -> RouterState:
    commands = [{"command": f"dir {s['filesystem']}", "status": "ok"} for s in storage]
    given = {"licensing": evaluating(), "boot": {"mode": "install"}, "commands": commands}
    return router(storage=storage, **(given | parts))


def aim(**more: Any) -> Target:
    given = {"release": "17.9.4a", "image": {"name": IMAGE}, "topology": {"kind": "controller"}}
    return Target.model_validate(given | more)


def about(plan: RouterPlan, name: str = IMAGE) -> list[Notice]:
    return [n for n in plan.notices if n.rule == "UP-3" and name in n.text]


def test_up_3_an_image_that_a_complete_listing_lacks_is_a_blocker() -> None:
    (notice,) = about(make_plan(seen(flash(there("other.bin"))), aim()))
    assert notice.severity == "blocker"
    assert f"{IMAGE} is not on bootflash:" in notice.text
    assert "image.source" in notice.remedy
    assert notice.overridable


def test_up_3_an_image_that_is_there_is_worth_no_word() -> None:
    assert about(make_plan(seen(flash(there())), aim())) == []


def test_up_3_an_image_that_will_be_copied_need_not_be_there() -> None:
    image = {"name": IMAGE, "source": "scp://server/x.bin"}
    assert about(make_plan(seen(flash()), aim(image=image))) == []


@pytest.mark.parametrize(
    "state",
    [
        router(licensing=evaluating(), boot={"mode": "install"}),
        seen(flash(), commands=[{"command": "dir bootflash:", "status": "cut"}]),
        seen({"filesystem": "bootflash:", "total": 10**10, "free": 5 * 10**9}),
        seen({"filesystem": "bootflash:", "files": ()}),
        seen(flash(name="harddisk:")),
        seen(flash(name="bootflash:/images")),
        seen(flash(), unknown=[{"command": "dir bootflash:", "line": 3, "text": "17 -rw- ?"}]),
    ],
    ids=["none", "cut", "no-files", "no-end", "other", "subfolder", "unknown-line"],
)
def test_up_3_without_a_complete_listing_of_the_place_it_is_a_warning(state: RouterState) -> None:
    (notice,) = about(make_plan(state, aim()))
    assert notice.severity == "warning"


@pytest.mark.parametrize("row", ["C", "I"])
def test_up_3_packages_of_the_release_need_no_image(row: str) -> None:
    install = {"packages": [{"kind": "IMG", "state": row, "version": "17.09.04a.0.6"}]}
    assert about(make_plan(seen(flash(), install=install), aim())) == []
    (notice,) = about(make_plan(seen(flash(), install=install), aim(install="one-shot")))
    assert notice.severity == "blocker"


def test_up_3_a_router_at_its_release_needs_no_image() -> None:
    assert about(make_plan(seen(flash(), release="17.9.4a"), aim())) == []


def test_up_3_the_usual_name_is_held_against_the_listing_too() -> None:
    plan = make_plan(seen(flash()), aim(image=None))
    assert [n.severity for n in about(plan)] == ["blocker"]


def test_up_3_an_image_of_another_size_is_not_the_image() -> None:
    image = {"name": IMAGE, "size": SIZE}
    assert about(make_plan(seen(flash(there())), aim(image=image))) == []
    (notice,) = about(make_plan(seen(flash(there(size=12))), aim(image=image)))
    assert notice.severity == "blocker"
    assert "12 bytes" in notice.text
    assert f"{SIZE:,}" in notice.text


@pytest.mark.parametrize("entry", [there(size=0), there(directory=True)], ids=["empty", "folder"])
def test_up_3_what_only_has_the_name_of_an_image_is_none(entry: dict[str, Any]) -> None:
    assert [n.severity for n in about(make_plan(seen(flash(entry)), aim()))] == ["blocker"]


def test_up_3_flash_is_another_name_of_bootflash() -> None:
    assert about(make_plan(seen(flash(there(), name="flash:")), aim())) == []
    lacking = make_plan(seen(flash(name="flash:")), aim())
    assert [n.severity for n in about(lacking)] == ["blocker"]


def test_up_3_in_bundle_mode_the_standby_needs_the_image_as_well() -> None:
    mine, peer = flash(there()), flash(name="stby-bootflash:")
    bundle = {"boot": {"mode": "bundle"}, "redundancy": BOTH}
    (blocked,) = about(make_plan(seen(mine, peer, **bundle), aim()))
    assert blocked.severity == "blocker"
    assert "stby-bootflash:" in blocked.text
    (doubt,) = about(make_plan(seen(mine, **bundle), aim()))
    assert doubt.severity == "warning"
    peer = flash(there(), name="stby-bootflash:")
    assert about(make_plan(seen(mine, peer, **bundle), aim())) == []
    install = {"boot": {"mode": "install"}, "redundancy": BOTH}
    assert about(make_plan(seen(mine, flash(name="stby-bootflash:"), **install), aim())) == []


def classic(*files: dict[str, Any], **more: Any) -> RouterPlan:
    storage = [flash(*files)]
    state = seen(*storage, licensing=csl({"feature": "metroipaccess", "index": 1}))
    state = state.model_copy(
        update={
            "udi": state.udi.model_copy(update={"pid": "ASR-920-24SZ-M"}) if state.udi else None
        }
    )
    image = {"name": "asr920-universalk9_npe.17.15.01.SPA.bin"}
    given = {"release": "17.15.1", "image": image, "stop": {"release": "17.10.1",
             "image": {"name": STOP}}} | more  # fmt: skip
    return make_plan(state, aim(**given))


def test_b9_3_the_image_to_stop_at_must_be_there_as_well() -> None:
    last = there("asr920-universalk9_npe.17.15.01.SPA.bin")
    assert [n.severity for n in about(classic(last), STOP)] == ["blocker"]
    assert about(classic(last, there(STOP)), STOP) == []
    assert [n.severity for n in about(classic(there(STOP)), "17.15.01")] == ["blocker"]
    given = {"release": "17.10.1", "image": {"name": STOP, "source": "scp://server/x"}}
    assert about(classic(last, stop=given), STOP) == []


def test_b9_3_there_must_be_room_for_both_images_that_are_copied() -> None:
    def sized(name: str) -> dict[str, Any]:
        return {"name": name, "source": f"scp://server/{name}", "size": 3 * 10**9}

    both = {"image": sized("asr920-universalk9_npe.17.15.01.SPA.bin"),
            "stop": {"release": "17.10.1", "image": sized(STOP)}, "boot": "keep"}  # fmt: skip
    plan = classic(**both)
    needs = [n.text for n in plan.notices if "bytes free, the upgrade needs" in n.text]
    assert len(needs) == 1, plan.notices


def test_up_2_the_image_that_the_router_goes_back_to_is_looked_for() -> None:
    boot = {"mode": "bundle", "image": "bootflash:old.bin"}
    (doubt,) = about(make_plan(seen(flash(there()), boot=boot), aim()), "old.bin")
    assert doubt.severity == "warning"
    assert about(make_plan(seen(flash(there(), there("old.bin")), boot=boot), aim()), "old") == []
