"""Each task from the states that matter: run once it changes, run again it sends nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
from kit.routers import URL, slp_router
from kit.twice import OLD, OVER, configuration, image, start, twice
from slp_core.plan import StepSpec
from slp_tasks.steps.backup import backup
from slp_tasks.steps.boot_variable import boot_variable
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.install_add import install_add
from slp_tasks.steps.install_commit import install_commit
from slp_tasks.steps.reload import reload
from slp_tasks.steps.reservation_install import reservation_install
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.slac import slac
from slp_tasks.steps.slac_import import slac_import
from slp_tasks.steps.stage_image import stage_image
from slp_tasks.steps.throughput import throughput
from slp_tasks.steps.topology import topology
from slp_tasks.steps.trust import trust
from slp_tasks.steps.usage_import import usage_import
from slp_tasks.steps.usage_save import usage_save
from slp_tasks.steps.usage_sync import usage_sync

__all__ = ["start"]  # a fixture


@OVER
@pytest.mark.parametrize("before", [[], ["license smart transport callhome"]])
def test_topology(start: Any, over: str, before: list[str]) -> None:
    made, run = start(slp_router(config=before), over)
    twice(made, run, topology, topology={"kind": "cslu", "url": URL, "usage_interval": 30})
    lines = configuration(made)
    assert f"license smart url cslu {URL}" in lines
    assert "license smart usage interval 30" in lines


@OVER
def test_trust(start: Any, over: str) -> None:
    made, run = start(slp_router(), over)
    assert run(topology, topology={"kind": "direct", "url": "default"}).changed
    twice(made, run, trust, token="env:SLP_TOKEN")
    assert made.events().count("trust requested") == 1


def test_trust_with_force_replaces_what_is_there(start: Any) -> None:
    made, run = start(slp_router())
    run(topology, topology={"kind": "direct", "url": "default"})
    run(trust, token="env:SLP_TOKEN")
    made.clock.sleep(3600)
    forced = run(trust, token="env:SLP_TOKEN", force=True)
    assert forced.changed
    assert made.events().count("trust installed") == 2


@pytest.mark.parametrize(
    ("token", "says"),
    [("env:SLP_TOKEN_EXPIRED", "expired"), ("env:SLP_NOT_SET", "nothing is found at env:SLP_NOT")],
)
def test_f34_trust_names_the_cause_and_never_the_token(
    start: Any, token: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _, run = start(slp_router())
    run(topology, topology={"kind": "direct", "url": "default"})
    failed = run(trust, token=token)
    assert failed.failed
    assert says in str(failed.exception)
    assert "old-token-0002" not in caplog.text + str(failed.exception) + str(failed.result)


@OVER
def test_f31_the_token_is_in_no_log_result_or_note(
    start: Any, over: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _, run = start(slp_router(), over)
    run(topology, topology={"kind": "direct", "url": "default"})
    done = run(trust, token="env:SLP_TOKEN")
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("asyncssh")]
    assert "good-token-0001" not in "\n".join(ours) + str(done.result)


@OVER
def test_slac(start: Any, over: str) -> None:
    made, run = start(slp_router(), over)
    run(topology, topology={"kind": "direct", "url": "default"})
    run(trust, token="env:SLP_TOKEN")
    twice(made, run, slac)
    assert "authorization installed" in made.events()


def test_slac_by_file(start: Any, tmp_path: Path) -> None:
    made, run = start(slp_router())
    router = made.router()
    tag = router.agent.hsec[0]
    data = made.lab.portal.generate_slac(router.pid, router.serial, tag, home="Eg-SA-01/Eg-VA-01")
    folder = tmp_path / "r1" / "in"
    folder.mkdir(parents=True)
    (folder / "slac.txt").write_bytes(data)
    twice(made, run, slac_import, file="slac.txt", files=tmp_path)


def test_f25_a_slac_of_another_router_is_refused_before_it_is_sent(
    start: Any, tmp_path: Path
) -> None:
    made, run = start(slp_router())
    tag = made.router().agent.hsec[0]
    data = made.lab.portal.generate_slac("ISR4351/K9", "FDO77777777", tag, home="Eg-SA-01/Eg-VA-01")
    folder = tmp_path / "r1" / "in"
    folder.mkdir(parents=True)
    (folder / "slac.txt").write_bytes(data)
    refused = run(slac_import, file="slac.txt", files=tmp_path)
    assert refused.failed
    assert "FDO77777777" in str(refused.exception)
    assert not any("file written" in e for e in made.events())


@OVER
def test_usage_sync_waits_for_the_answer_to_its_own_report(start: Any, over: str) -> None:
    made, run = start(slp_router(), over)
    run(topology, topology={"kind": "direct", "url": "default"})
    run(trust, token="env:SLP_TOKEN")
    twice(made, run, usage_sync)
    assert "usage acknowledged" in made.events()


@OVER
def test_usage_by_files(start: Any, over: str, tmp_path: Path) -> None:
    made, run = start(slp_router(), over)
    run(topology, topology={"kind": "airgap"})
    twice(made, run, usage_save, files=tmp_path)
    local = tmp_path / "r1" / "out" / "usage_report"
    with made.lab.lock:
        assert local.read_bytes() == made.router().read_file("bootflash:usage_report")
        upload = made.lab.portal.upload_usage(local.read_bytes(), local.name, "Eg-SA-01/Eg-VA-01")
    made.clock.sleep(900)
    with made.lab.lock:
        ack = made.lab.portal.ack(upload.id)[1]
    folder = tmp_path / "r1" / "in"
    folder.mkdir()
    (folder / "ACK_usage_report").write_bytes(ack)
    twice(made, run, usage_import, file="ACK_usage_report", files=tmp_path)


@OVER
@pytest.mark.parametrize("fault", [[], ["F14"]])
def test_save_config(start: Any, over: str, fault: list[str]) -> None:
    made, run = start(slp_router(unsaved=["license smart usage interval 20"], faults=fault), over)
    twice(made, run, save_config)
    assert made.events().count("configuration saved") == 1


@OVER
def test_stage_image(start: Any, over: str) -> None:
    made, run = start(OLD, over)
    twice(made, run, stage_image, image=image(made))
    assert made.events().count(f"file written {image(made)['name']}") == 1


def test_stage_image_by_the_router_itself(start: Any) -> None:
    made, run = start(OLD)
    given = image(made)
    given = {**given, "source": f"http://images.lab/{given['name']}", "sha512": sha512(given)}
    twice(made, run, stage_image, image=given)


def sha512(given: dict[str, Any]) -> str:
    from slp_tasks.sending import digest_of

    return digest_of(Path(given["source"]), "sha512")


def test_f19_a_release_that_computes_md5_only_is_proven_by_md5(start: Any) -> None:
    fault = {"name": "F19", "params": {"command": "verify /sha512"}}
    made, run = start({**OLD, "router": {"faults": [fault]}})
    twice(made, run, stage_image, image=image(made))
    assert made.events().count(f"file written {image(made)['name']}") == 1


def test_f22_a_damaged_copy_is_replaced(start: Any) -> None:
    made, run = start(OLD)
    given = image(made)
    made.router().write_file(f"bootflash:{given['name']}", b"half of it")
    twice(made, run, stage_image, image=given)


def test_room_is_never_made_without_being_asked_for(start: Any) -> None:
    router = {**OLD, "router": {"flash": {"free": 1000}}}
    made, run = start(router)
    files = set(made.router().flash.files)
    refused = run(stage_image, image=image(made))
    assert refused.failed
    assert "712,345,678" in str(refused.exception) or "bytes free" in str(refused.exception)
    assert set(made.router().flash.files) == files


@OVER
def test_install_mode_in_three_steps(start: Any, over: str) -> None:
    made, run = start(OLD, over)
    given = image(made)
    run(stage_image, image=given)
    file = f"bootflash:{given['name']}"
    twice(made, run, install_add, file=file, release="17.4.1a")
    twice(made, run, install_activate, release="17.4.1a")
    twice(made, run, install_commit, release="17.4.1a")
    assert sum(e.startswith("reload") for e in made.events()) == 1


def test_f07_commit_after_the_roll_back_says_so(start: Any) -> None:
    made, run = start(OLD)
    given = image(made)
    run(stage_image, image=given)
    run(install_add, file=f"bootflash:{given['name']}", release="17.4.1a")
    run(install_activate, release="17.4.1a", auto_abort_minutes=30)
    made.clock.sleep(3600)
    late = run(install_commit, release="17.4.1a")
    assert late.failed
    assert "rolled back by itself" in str(late.exception)
    assert "16.12.4" in str(late.exception)


@OVER
def test_bundle_mode_boots_another_image(start: Any, over: str) -> None:
    made, run = start({**OLD, "router": {"boot_mode": "bundle"}}, over)
    given = image(made)
    run(stage_image, image=given)
    twice(made, run, boot_variable, file=f"bootflash:{given['name']}")
    assert run(save_config).changed
    twice(made, run, reload, release="17.4.1a")
    assert sum(e.startswith("reload") for e in made.events()) == 1


def test_a_boot_variable_without_its_file_is_refused(start: Any) -> None:
    made, run = start({**OLD, "router": {"boot_mode": "bundle"}})
    before = configuration(made)
    assert run(boot_variable, file="bootflash:none.bin").failed
    assert configuration(made) == before


def test_reload_alone_is_told_by_the_new_boot(start: Any) -> None:
    made, run = start(slp_router(unsaved=["license smart usage interval 20"]))
    assert run(reload).changed
    assert "configuration saved" not in made.events(), "F15: answered no"
    assert sum(e.startswith("reload") for e in made.events()) == 1


@OVER
def test_reservation_update(start: Any, over: str, tmp_path: Path) -> None:
    made, run = start({"name": "r1", "family": "s3_slr_gt250m"}, over)
    router = made.router()
    with made.lab.lock:
        code = made.lab.portal.update_reservation(router.pid, router.serial, {"DNA_HSEC": 1})
    folder = tmp_path / "r1" / "in"
    folder.mkdir(parents=True)
    (folder / "slr_code.txt").write_bytes(code)
    done = twice(
        made, run, reservation_install, file="slr_code.txt", files=tmp_path,
        tags=("ax_10G", "DNA_HSEC"),
    )  # fmt: skip
    kept = (tmp_path / "r1" / "out" / "confirmation_code.txt").read_text().strip()
    with made.lab.lock:
        made.lab.portal.enter_confirmation(router.pid, router.serial, kept)
    assert kept not in done.result["detail"]


def test_throughput(start: Any) -> None:
    made, run = start(slp_router())
    twice(made, run, throughput, level=200000)


def test_backup_keeps_what_the_router_showed_and_changes_nothing(
    start: Any, tmp_path: Path
) -> None:
    made, run = start(slp_router())
    before = made.caused()
    done = run(backup, files=tmp_path)
    assert not done.failed, done.exception
    assert not done.changed
    assert made.caused() == before
    text = (tmp_path / "r1" / "backup" / "running-config.txt").read_text()
    assert "hostname edge" in text
    assert (tmp_path / "r1" / "evidence").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    ("router", "says"),
    [
        ({"config_register": "0x2142"}, "startup configuration is ignored"),
        ({"clock_offset_s": 7200.0}, "off by 120 minutes"),
        ({"hostname": "ISR4351/K9"}, "host name equals the PID"),
        ({"flash": {"free": 1_000_000}}, "the upgrade needs"),
    ],
)
def test_up_3_preflight_stops_a_router_that_is_not_ready(
    tmp_path: Path, router: dict[str, Any], says: str
) -> None:
    with bench(tmp_path, OLD) as made:
        plan = made.plan()
    with bench(tmp_path, {**OLD, "router": router}) as made:
        step = StepSpec(id="01-preflight", kind="preflight", title="x")
        found = made.phase(plan, step, "probe")
        assert found["state"] == "blocked"
        assert says in found["detail"]


def test_f47_another_router_at_the_address_is_refused(tmp_path: Path) -> None:
    with bench(tmp_path, OLD) as made:
        plan = made.plan()
    with bench(tmp_path, {**OLD, "serial": "FDO99999999"}) as made:
        step = StepSpec(id="01-preflight", kind="preflight", title="x")
        found = made.phase(plan, step, "probe")
        assert found["state"] == "blocked"
        assert found["code"] == "SLP-E106"
        assert "FDO99999999" in found["detail"]
