"""A lab of one's own routers: what it shows and what is planned of it is what was captured."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kit.rehearsed import printed, typed
from slp_cli.ui import Ui
from slp_core.captures import read_router, slug
from slp_core.errors import InputError
from slp_core.parsing import assemble
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.state import RouterState
from slp_core.targets import load_target
from slp_core.verify import observe
from slp_lab.anonymise import Disguise
from slp_lab.captured_router import lines_kept
from slp_lab.from_captures import rehearse, write_scenario
from slp_lab.schemas import schema_text
from slp_lab.serving import scenario_of
from slp_sim import inproc
from slp_sim.entries import Scenario
from slp_sim.lab import Lab
from slp_sim.scenario import generate, load_scenario

DATA = Path(__file__).parents[2] / "captures" / "data"
MIGRATIONS = sorted(p.name for p in DATA.glob("s[1-6]_*"))
NEVER_SHOWN = {"controller_mode"}
"""What the operator of the captures said and no simulated output tells."""


def captures(folder: Path, *names: str, phase: str = "pre") -> Path:
    """Copies captures into the layout that a user has."""
    for name in names:
        shutil.copytree(DATA / name / phase, folder / name)
        for extra in ("router.yaml", "target.yaml"):
            shutil.copy(DATA / name / extra, folder / name / extra)
    return folder


def started(folder: Path, tmp: Path, **how: Any) -> Lab:
    made = load_scenario(write_scenario(rehearse(Ui(), folder, **how).scenario, tmp / "lab"))
    return Lab.from_scenario(made, password="x" * 12, secrets={})


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Lab]:
    """The six migrations before their upgrade, captured and simulated."""
    folder = captures(tmp_path_factory.mktemp("captures"), *MIGRATIONS)
    return folder, started(folder, tmp_path_factory.mktemp("lab"))


@pytest.mark.parametrize("name", MIGRATIONS)
def test_a_lab_shows_what_the_captures_show(fleet: tuple[Path, Lab], name: str) -> None:
    folder, lab = fleet
    capture = read_router(folder / name)
    told = observe(assemble(name, capture.outputs, facts=capture.facts))
    shown = observe(typed(lab, name))
    wrong = {
        path: (seen.value, shown[path].value if path in shown else "not shown")
        for path, seen in told.items()
        if path not in NEVER_SHOWN and (path not in shown or shown[path].value != seen.value)
    }
    assert not wrong
    assert {"model", "release", "udi.pid", "udi.sn"} <= set(told) - set(wrong)


def planned(state: RouterState, target: Any, folder: Path) -> RouterPlan:
    return make_plan(state, load_target(target, where="target", base=folder))


@pytest.mark.parametrize("name", MIGRATIONS)
def test_a_plan_of_the_lab_changes_what_a_plan_of_the_captures_does(
    fleet: tuple[Path, Lab], name: str, tmp_path: Path
) -> None:
    folder, lab = fleet
    capture = read_router(folder / name)
    real = assemble(name, capture.outputs, facts=capture.facts)
    own = planned(real, capture.target, folder)
    lab.write_images(tmp_path)  # the inventory of a lab names them as what is copied
    rehearsed = planned(typed(lab, name), lab.target(lab.entry(name), tmp_path), folder)
    assert [s.kind for s in rehearsed.steps] == [s.kind for s in own.steps]
    assert rehearsed.model == own.model
    seen = {line for line in own.changes if " unseen → " not in line}
    assert seen
    assert seen <= set(rehearsed.changes)
    more = [c for c in rehearsed.changes if c not in own.changes]
    assert not more, "the lab knows everything, but must not change more"
    assert not rehearsed.blockers


def test_what_a_router_needs_is_in_the_lab(fleet: tuple[Path, Lab]) -> None:
    _, lab = fleet
    scenario = lab.scenario
    assert {i.name for i in scenario.images} == {e.target["image"] for e in scenario.routers}
    assert {i.release for i in scenario.images} == {"17.3.2", "17.4.1", "17.4.1a", "17.6.1"}
    cloud = next(i for i in scenario.images if i.release == "17.6.1")
    assert cloud.platform == "c8000v", "a CSR1000V takes the image of what it becomes"
    assert [c.url for c in scenario.cslu] == ["http://192.168.0.1:8182/cslu/v1/pi"]
    assert {t.value for a in scenario.accounts for v in a.virtual_accounts for t in v.tokens} == {
        "env:SLP_TOKEN"
    }
    (virtual,) = [v for _, v in lab.network.cssm.accounts.virtual_accounts()]
    assert (virtual.name, virtual.balance(virtual.pool("ISR_4351_Hsec")).free) == ("Eg-VA-01", 1)


def test_a_lab_of_a_labs_own_outputs_is_the_same_lab(tmp_path: Path) -> None:
    first = Lab.from_scenario(generate(6, seed=3), password="x" * 12, secrets={})
    for name in first.routers:
        (tmp_path / "c" / name).mkdir(parents=True)
        for command, text in printed(first, name).items():
            (tmp_path / "c" / name / f"{slug(command)}.txt").write_text(text)
    second = started(tmp_path / "c", tmp_path)
    for name in first.routers:
        one, two = (
            {p: s.value for p, s in observe(typed(x, name)).items()} for x in (first, second)
        )
        assert one == two, name
        assert one["config"]


def test_nothing_of_an_anonymous_lab_tells_whose_it_is(tmp_path: Path) -> None:
    folder = captures(tmp_path / "acme-captures", *MIGRATIONS)
    facts = folder / MIGRATIONS[0] / "router.yaml"
    config = [
        "hostname acme-core",
        "ip domain name corp.acme.test",
        "ip name-server 10.20.30.40",
        "interface GigabitEthernet0/0/0",
        " description Acme head office",
        " vrf forwarding ACME",
        " ip address 10.20.30.1 255.255.255.0",
        "ip route 0.0.0.0 0.0.0.0 10.20.30.254",
        "snmp-server community acme-community RO",
        "username boss secret 9 $9$acme",
        "ip http client proxy-server proxy.acme.test proxy-port 8080",
    ]
    extra = {"config": config, "group": {"site": "acme-hq"}}
    facts.write_text(facts.read_text() + yaml.safe_dump(extra))
    found = rehearse(Ui(), folder, anonymous=True)
    text = write_scenario(found.scenario, tmp_path / "lab").read_text().lower()
    serials = [
        yaml.safe_load((folder / n / "router.yaml").read_text())["serial"] for n in MIGRATIONS
    ]
    told = [*serials, "acme", "10.20.30.", "eg-sa", "eg-va", "isr4461\n", "209.165", "3290c177"]
    assert [word for word in told if word.lower() in text] == []
    lab = Lab.from_scenario(load_scenario(tmp_path / "lab" / "scenario.yaml"), secrets={})
    assert list(lab.routers) == [f"r{n:03}" for n in range(1, 7)]
    first = lab.routers["r001"]
    assert first.running.value("ip name-server") == "198.18.0.2"
    assert "ip address 198.18.0.3 255.255.255.0" in first.running.section(
        "interface GigabitEthernet0/0/0"
    )
    shown = observe(typed(lab, "r001"))
    assert shown["licenses[ISR_4400_Hsec].export_status"].value == "RESTRICTED - ALLOWED"


def test_a_disguise_is_the_same_each_time_and_leaves_masks_and_cisco_alone() -> None:
    hide = Disguise(on=True)
    assert hide.address("10.1.1.1") == hide.address("10.1.1.1") != hide.address("10.1.1.2")
    for mask in ("255.255.255.0", "0.0.0.0", "0.0.0.255"):
        assert hide.address(mask) == mask
    url = "https://smartreceiver.cisco.com/licservice/license"
    assert hide.url(url) == url
    assert hide.url("https://ssm.acme.test/cslu/v1/pi/berlin") == (
        "https://host-01.example.net/cslu/v1/pi/tenant-1"
    )
    assert hide.line("ip route vrf ACME 0.0.0.0 0.0.0.0 10.1.1.1").startswith("ip route vrf VRF-01")
    assert Disguise(on=False).line("hostname x") == "hostname x"


def test_no_line_of_a_configuration_that_could_hold_a_secret_is_taken_over() -> None:
    config = """\
hostname edge
enable secret 9 $9$abc
username admin privilege 15 secret 9 $9$def
license udi pid ISR4351/K9 sn FDO1
license smart url smart https://smartreceiver.cisco.com/licservice/license
license smart proxy address proxy.example.net
license smart usage interval 30
ntp server 192.0.2.1 key 5
ntp server 192.0.2.2
crypto pki trustpoint SLA-TrustPoint
 enrollment pkcs12
 revocation-check crl
 password 7 0123
crypto pki certificate chain SLA-TrustPoint
 certificate ca 01
interface GigabitEthernet0/0/0
 description secret site
 ip address 192.0.2.9 255.255.255.0
 ip ospf authentication-key 7 0123
snmp-server community public RO
line vty 0 4
 password 7 0123
"""
    assert list(lines_kept(config.splitlines())) == [
        "license smart proxy address proxy.example.net",
        "license smart usage interval 30",
        "ntp server 192.0.2.2",
        "crypto pki trustpoint SLA-TrustPoint",
        " enrollment pkcs12",
        " revocation-check crl",
        "interface GigabitEthernet0/0/0",
        " ip address 192.0.2.9 255.255.255.0",
    ]


def test_unsaved_lines_stay_unsaved(tmp_path: Path) -> None:
    folder = captures(tmp_path / "c", MIGRATIONS[3])
    facts = folder / MIGRATIONS[3] / "router.yaml"
    extra = {
        "config": ["license feature hseck9", "ip name-server 192.0.2.1"],
        "startup_config": ["ip name-server 192.0.2.1"],
    }
    facts.write_text(facts.read_text() + yaml.safe_dump(extra))
    router = started(folder, tmp_path).routers[MIGRATIONS[3]]
    assert router.running.has("license feature hseck9")
    assert router.startup is not None
    assert not router.startup.has("license feature hseck9")
    assert router.startup.has("ip name-server 192.0.2.1")


def test_one_target_file_for_all(tmp_path: Path) -> None:
    folder = captures(tmp_path / "c", *MIGRATIONS[3:6])
    for path in folder.glob("*/target.yaml"):
        path.unlink()
    assert rehearse(Ui(), folder).without_target == tuple(MIGRATIONS[3:6])
    target = tmp_path / "target.yaml"
    wanted = {"release": "17.9.4a", "topology": {"kind": "direct", "token": "file:/run/real-token"}}
    target.write_text(yaml.safe_dump(wanted))
    made = scenario_of(
        str(write_scenario(rehearse(Ui(), folder, target=target).scenario, tmp_path / "lab")),
        None,
        ["F05@" + MIGRATIONS[4]],
    )
    assert isinstance(made, Scenario)
    assert {e.target["release"] for e in made.routers} == {"17.9.4a"}
    assert "real-token" not in (tmp_path / "lab" / "scenario.yaml").read_text()
    assert {e.target["topology"]["token"] for e in made.routers} == {"env:SLP_TOKEN"}


@pytest.mark.parametrize("name", [n for n in MIGRATIONS if (DATA / n / "post").is_dir()])
def test_routers_under_slp_start_as_they_were(tmp_path: Path, name: str) -> None:
    folder = captures(tmp_path / "c", name, phase="post")
    facts = folder / name / "router.yaml"
    facts.write_text(
        facts.read_text().replace("CSR1000V", "C8000V").replace("transport: ", "was: ")
    )
    capture = read_router(folder / name)
    told = observe(assemble(name, capture.outputs, facts=capture.facts))
    shown = observe(typed(started(folder, tmp_path), name))
    paths = ["model", "release", "transport.kind", "trust.installed", "throughput.level"]
    paths += ["reporting.last_ack", "reporting.next_ack_deadline"]
    paths += [p for p in told if p.startswith("policy.") and told["policy.in_use"].value]
    for path in paths:
        if path in told:
            assert shown[path].value == told[path].value, path
    tags = {p: s.value for p, s in told.items() if p.startswith("licenses[") and ".status" in p}
    assert {p: shown[p].value for p in tags if p in shown} == tags


def test_captures_that_tell_too_little_are_left_out_by_name(tmp_path: Path) -> None:
    folder = captures(tmp_path / "c", MIGRATIONS[0])
    (folder / "mute").mkdir()
    (folder / "mute" / "show-clock.txt").write_text("*08:00:00.000 UTC Mon Aug 2 2021\n")
    found = rehearse(Ui(), folder)
    assert list(found.left_out) == ["mute"]
    assert "PID and serial number" in found.left_out["mute"]
    shutil.rmtree(folder / MIGRATIONS[0])
    with pytest.raises(InputError, match="mute: PID and serial"):
        rehearse(Ui(), folder)


@pytest.mark.parametrize("phase", ["pre", "post"])
def test_the_scenario_fits_the_published_schema(tmp_path: Path, phase: str) -> None:
    folder = captures(tmp_path / "c", *MIGRATIONS, phase=phase)
    text = write_scenario(rehearse(Ui(), folder).scenario, tmp_path / "lab").read_text()
    written = json.loads(json.dumps(yaml.safe_load(text), default=lambda when: when.isoformat()))
    jsonschema.validate(written, json.loads(schema_text("scenario")))


def test_the_scenario_is_its_owners_alone(tmp_path: Path) -> None:
    path = write_scenario({"name": "x"}, tmp_path / "lab")
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "lab").stat().st_mode & 0o777 == 0o700
    assert os.access(write_scenario({"name": "y"}, tmp_path / "lab"), os.R_OK)


def test_the_lab_of_captures_is_found_by_its_file(tmp_path: Path) -> None:
    folder = captures(tmp_path / "c", MIGRATIONS[5])
    path = write_scenario(rehearse(Ui(), folder).scenario, tmp_path / "lab")
    lab = inproc.start(path, key=path, password="x" * 12, secrets={})
    assert inproc.device(path, MIGRATIONS[5]) is lab.routers[MIGRATIONS[5]]
    inproc.forget(path)
