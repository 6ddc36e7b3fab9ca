"""Throughput on every family, in the order that it takes (THR, SLAC-6, SLAC-12)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
from kit.office import Office, office
from kit.routers import slp_router
from slp_core.rules.data import builtin_rules
from slp_core.rules.throughput import needs_hseck9
from slp_core.steps.throughput import ThroughputParams
from slp_tasks.steps.throughput import throughput

HSECK9 = {"feature": "hseck9", "tag": "DNA_HSEC"}
C8300 = {"pid": "C8300-1N1S-6T", "release": "17.6.5"}
C8000V = {"pid": "C8000V", "release": "17.6.5"}
ISR4K: dict[str, Any] = {}
DIRECT = ["license smart transport smart", "license smart url default"]


def run(made: Any, **params: Any) -> Any:
    result = made.nornir.run(task=throughput, clock=made.clock, sleep=made.clock.sleep, **params)
    return result["r1"][0]


def test_lines_come_in_the_order_that_every_platform_takes() -> None:
    everything = {"crypto": "T2", "level": 1_000_000, "hseck9": True, "boot_level": "network-x"}
    assert ThroughputParams.model_validate(everything).lines() == (
        "license boot level network-x",
        "license feature hseck9",
        "platform hardware throughput level 1000000",
        "platform hardware throughput crypto T2",
    )


@pytest.mark.parametrize(
    ("level", "needed"),
    [
        ("T0", False), ("T1", False), ("T2", True), ("t3", True), (250_000, False), ("250M", False),
        (250_001, True), ("500M", True), ("2.5G", True), ("unthrottled", True), ("MB 500", True),
        (None, False),
    ],
)  # fmt: skip
def test_slac_12_tiers_and_figures_above_250_mbps_need_hseck9(level: Any, needed: bool) -> None:
    assert needs_hseck9(level, builtin_rules()) is needed


WAYS: dict[str, tuple[dict[str, Any], dict[str, Any], list[str], bool]] = {
    # router, what is asked for, lines, whether a reload is needed
    "ISR 4000 level": (ISR4K, {"level": 400_000}, ["level 400000"], True),
    "ISR 4000 crypto": (ISR4K, {"crypto": 250_000}, ["crypto 250000"], True),
    "Catalyst 8000V in Mbps": (C8000V, {"level": "MB 250"}, ["level MB 250"], False),
    "Catalyst 8000V in kb/s": (C8000V, {"level": 100_000}, ["level 100000"], False),
    "Catalyst 8300 tier": (C8300, {"crypto": "T0"}, ["crypto T0"], True),
    "Catalyst 8300 figure": (C8300, {"crypto": "100M"}, ["crypto 100M"], True),
}


@pytest.mark.parametrize("over", ["fake", "netmiko-fake"])
@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_throughput_is_set_once_and_says_whether_it_waits_for_a_reload(
    tmp_path: Path, way: str, over: str
) -> None:
    router, asked, lines, later = WAYS[way]
    with bench(tmp_path, slp_router(**router), over=over) as made:
        first = run(made, **asked)
        assert not first.failed, first.exception
        assert first.result["notes"]["sends"] == [
            f"platform hardware throughput {x}" for x in lines
        ]
        assert first.result["notes"]["after_reload"] is later
        assert not run(made, **asked).changed


def test_boot_level_waits_for_the_next_boot(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router(**C8000V)) as made:
        done = run(made, boot_level="network-advantage addon dna-advantage")
        assert not done.failed, done.exception
        assert done.result["notes"]["after_reload"] is True


@pytest.mark.parametrize("crypto", ["T2", "T3", "500M", "1G"])
def test_slac_12_hardware_refuses_more_than_250_mbps_before_the_slac(
    tmp_path: Path, crypto: str
) -> None:
    with bench(tmp_path, slp_router(**C8300)) as made:
        done = run(made, crypto=crypto)
        assert done.failed
        assert f"does not keep `platform hardware throughput crypto {crypto}`" in str(
            done.exception
        )
        with made.lab.lock:
            assert not made.router().running.values("platform hardware throughput crypto")


def test_slac_6_the_feature_line_comes_before_the_crypto_that_hangs_on_it(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        done = run(made, crypto="unthrottled", hseck9=True)
        assert done.result["notes"]["sends"] == [
            "license feature hseck9",
            "platform hardware throughput crypto unthrottled",
        ]


# --- through the command line --------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    opened = []

    def begin(*routers: dict[str, Any]) -> Office:
        context = office(tmp_path, capsys, *routers)
        made = context.__enter__()
        opened.append(context)
        return made

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


def reloads(at: Office) -> int:
    return len([e for e in at.events() if e.startswith("reload")])


@pytest.mark.slow
def test_slac_12_tier_2_waits_for_the_slac_and_is_in_force_after_a_reload(desk: Any) -> None:
    at = desk(slp_router(**C8300, config=DIRECT))
    refused = at.slp("throughput", "T2", "--yes")
    assert refused.code == 3
    assert "SLAC-12" in refused.err
    for words in (["trust", "--token", "env:SLP_TOKEN"], ["slac"]):
        done = at.slp(*words, "--yes")
        assert done.code == 0, done.err + done.out
    looked = at.slp("throughput", "T2", "--reload", "--dry-run")
    for line in ("> platform hardware throughput crypto T2", "> write memory", "> reload"):
        assert line in looked.out, looked.out
    assert reloads(at) == 0
    done = at.slp("throughput", "T2", "--reload", "--yes")
    assert done.code == 0, done.err + done.out
    assert reloads(at) == 1
    router = at.lab.routers["r1"]
    with at.lab.lock:
        assert router.settled_crypto == "T2"
        assert not router.modified()
    assert "nothing to do" in at.slp("throughput", "T2", "--reload", "--yes").out


@pytest.mark.slow
def test_boot_level_and_level_with_one_reload(desk: Any) -> None:
    at = desk(slp_router(**C8000V))
    level = "network-advantage addon dna-advantage"
    words = ["throughput", "MB 250", "--boot-level", level, "--reload"]
    done = at.slp(*words, "--yes")
    assert done.code == 0, done.err + done.out
    assert reloads(at) == 1
    lines = at.configuration()
    assert f"license boot level {level}" in lines
    assert "platform hardware throughput level MB 250" in lines
    assert "nothing to do" in at.slp(*words, "--yes").out


def test_without_reload_nothing_goes_down(desk: Any) -> None:
    at = desk(slp_router(**C8300))
    done = at.slp("throughput", "T0", "--yes")
    assert done.code == 0, done.err + done.out
    assert reloads(at) == 0
    router = at.lab.routers["r1"]
    with at.lab.lock:
        assert router.running.value("platform hardware throughput crypto") == "T0"
        assert router.settled_crypto is None


@pytest.mark.slow
def test_slac_6_an_isr_gets_the_feature_line_where_the_throughput_hangs_on_it(desk: Any) -> None:
    at = desk(slp_router(config=DIRECT))
    for words in (["trust", "--token", "env:SLP_TOKEN"], ["slac"]):
        assert at.slp(*words, "--yes").code == 0
    looked = at.slp("throughput", "500000", "--dry-run")
    feature = looked.out.index("> license feature hseck9")
    assert feature < looked.out.index("> platform hardware throughput crypto 500000")
