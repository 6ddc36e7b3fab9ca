"""Genie's parsers on the lab's outputs say what the scenario says, where Genie is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from genie.conf.base import Device

from interop.by_netmiko import connected
from interop.genie_limits import LIMITS, Limit
from interop.network import Network, Router

BEFORE = ("registered", "reserved", "evaluation")
CSL = ("pak", "rtu")
SLP = ("slp173", "slp176", "slp179", "slp1712")
ALL = (*BEFORE, *CSL, *SLP)

TRANSPORT = {"callhome": "Callhome", "smart": "Smart", "cslu": "cslu", "off": "Transport Off"}


class Shown:
    """What routers print, each command asked once, and what Genie makes of it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._handlers: dict[str, Any] = {}
        self.output = cache(self._output)

    def _output(self, name: str, command: str) -> str:
        if name not in self._handlers:
            context = connected(self._network.routers[name])
            self._handlers[name] = (context, context.__enter__())
        return str(self._handlers[name][1].send_command(command, read_timeout=20))

    def parsed(self, name: str, command: str) -> dict[str, Any]:
        """Returns what Genie's parser for IOS-XE says."""
        router = self._network.routers[name]
        device = Device(name=router.hostname, os="iosxe")
        device.custom = {"abstraction": {"order": ["os"]}}
        return dict(device.parse(command, output=self.output(name, command)))

    def close(self) -> None:
        for context, _ in self._handlers.values():
            context.__exit__(None, None, None)


@pytest.fixture(scope="module")
def shown(network: Network) -> Any:
    with_outputs = Shown(network)
    yield with_outputs
    with_outputs.close()


def spec_of(network: Network, name: str) -> Mapping[str, Any]:
    return network.routers[name].spec


def licences(router: Router) -> dict[str, Mapping[str, Any]]:
    return {licence["feature"]: licence for licence in router.spec["licensing"]["licences"]}


@pytest.mark.parametrize("name", ALL)
def test_version(shown: Shown, network: Network, name: str) -> None:
    router = network.routers[name]
    said = shown.parsed(name, "show version")["version"]
    assert said["version"] == router.spec["release"]
    padded = ".".join(f"{int(n):02}" for n in router.spec["release"].split("."))
    assert said["xe_version"] == padded
    assert said["hostname"] == router.hostname
    assert said["chassis"] == router.spec["pid"]
    assert said["chassis_sn"] == router.spec["serial"]
    assert said["curr_config_register"] == "0x2102"
    assert said["system_image"] == "bootflash:packages.conf"
    disk = int(said["disks"]["bootflash:."]["disk_size"])
    total = router.spec.get("flash", {}).get("total")
    assert disk == total // 1024


@pytest.mark.parametrize("name", ["registered", "slp173"])
def test_uptime_counts_from_the_last_boot(network: Network, name: str) -> None:
    spec, before, fresh = spec_of(network, name), network.elapsed(), Shown(network)
    said = fresh.parsed(name, "show version")["version"]["uptime"]
    fresh.close()
    units = {"week": 604800, "day": 86400, "hour": 3600, "minute": 60}
    found = re.findall(r"(\d+) (week|day|hour|minute)s?", said)
    uptime = sum(int(number) * units[unit] for number, unit in found)
    assert spec["up_s"] + before - 60 <= uptime <= spec["up_s"] + network.elapsed()


@pytest.mark.parametrize("name", ALL)
def test_inventory(shown: Shown, network: Network, name: str) -> None:
    spec = spec_of(network, name)
    chassis = shown.parsed(name, "show inventory")["main"]["chassis"][spec["pid"]]
    assert (chassis["pid"], chassis["sn"]) == (spec["pid"], spec["serial"])


@pytest.mark.parametrize("name", ALL)
def test_udi(shown: Shown, network: Network, name: str) -> None:
    spec = spec_of(network, name)
    said = shown.parsed(name, "show license udi")
    said = said.get("udi_details", said)
    assert (said["pid"], said["sn"]) == (spec["pid"], spec["serial"])


@pytest.mark.parametrize("name", ALL)
def test_install_summary(shown: Shown, network: Network, name: str) -> None:
    said = shown.parsed(name, "show install summary")["location"]["R0"]
    (package,) = said["pkg_state"].values()
    padded = ".".join(f"{int(n):02}" for n in spec_of(network, name)["release"].split("."))
    assert (package["type"], package["state"]) == ("IMG", "C")
    assert package["filename_version"].startswith(f"{padded}.")
    assert said["auto_abort_timer"] == "inactive"


@pytest.mark.parametrize("name", ALL)
def test_boot_variables(shown: Shown, name: str) -> None:
    active = shown.parsed(name, "show boot")["active"]
    assert active["boot_variable"].startswith("bootflash:packages.conf")
    assert active["configuration_register"] == "0x2102"
    assert shown.parsed(name, "show bootvar")["active"] == active


@pytest.mark.parametrize("name", ALL)
def test_flash(shown: Shown, network: Network, name: str) -> None:
    said = shown.parsed(name, "dir bootflash:")["dir"]["bootflash:/"]
    flash = spec_of(network, name)["flash"]
    assert int(said["bytes_total"]) == flash["total"]
    assert int(said["bytes_free"]) <= flash["free"]
    assert said["files"]["packages.conf"]["permissions"].startswith("-rw")


@pytest.mark.parametrize("name", ALL)
def test_redundancy(shown: Shown, network: Network, name: str) -> None:
    said = shown.parsed(name, "show redundancy")
    assert said["red_sys_info"]["hw_mode"] == "Simplex"
    (slot,) = said["slot"].values()
    assert slot["curr_sw_state"] == "ACTIVE"
    assert f"Version {spec_of(network, name)['release']}," in slot["image_ver"]
    assert slot["config_register"] == "0x2102"


@pytest.mark.parametrize("name", ALL)
def test_throughput(shown: Shown, network: Network, name: str) -> None:
    level = spec_of(network, name).get("throughput_kbps")
    said = shown.parsed(name, "show platform hardware throughput level")
    expected = {f"{level} kb/s", f"{level} kbps"} if level else {"unthrottled"}  # both are seen
    assert said["curr_throughput_level"] in expected


def test_clock_and_ntp(shown: Shown, network: Network) -> None:
    before = network.now() - timedelta(seconds=1)
    said = shown.parsed("slp173", "show clock")
    assert said["timezone"] == "UTC"
    text = "{day_of_week} {day} {month} {year} {time} +0000".format(**said)
    shown_time = datetime.strptime(text, "%a %d %b %Y %H:%M:%S.%f %z")
    assert before <= shown_time <= network.now()
    ntp = shown.parsed("slp173", "show ntp status")["clock_state"]["system_status"]
    assert ntp["status"] == "synchronized"


def test_users_and_logging(shown: Shown, network: Network) -> None:
    lines = shown.parsed("slp173", "show users")["line"].values()
    assert [x["user"] for x in lines if x["active"]] == [network.routers["slp173"].username]
    assert shown.parsed("slp173", "show logging")["syslog_logging"]["enabled"]


def test_an_interface_has_the_address_that_was_configured(shown: Shown) -> None:
    said = shown.parsed("slp173", "show ip interface brief")["interface"]
    assert said["GigabitEthernet0/0/0"]["ip_address"] == "192.0.2.10"


# --- licensing before Smart Licensing Using Policy -----------------------------------------------


def test_pak_licences(shown: Shown, network: Network) -> None:
    said = shown.parsed("pak", "show license")["licenses"].values()
    state = {x["feature"]: (x["license_type"], x["license_state"]) for x in said}
    for feature, licence in licences(network.routers["pak"]).items():
        if licence["kind"] == "pak":
            assert state[feature] == ("Permanent", "Active, In Use")
        else:
            unused = "Active, Not in Use, EULA not accepted"
            assert state[feature] == ("EvalRightToUse", unused)


@pytest.mark.parametrize("name", ["registered", "reserved"])
def test_summary_before_slp(shown: Shown, network: Network, name: str) -> None:
    router = network.routers[name]
    said = shown.parsed(name, "show license summary")
    rows = {
        r["entitlement"]: (r["license"], int(r["count"])) for r in said["license_usage"].values()
    }
    assert rows == {
        x["tag"]: (x["name"], x.get("count", 1)) for x in router.spec["licensing"]["licences"]
    }
    registration = router.spec["licensing"].get("registration")
    if registration:
        account = said["account_information"]
        assert account["smart_account"] == registration["smart_account"]
        assert account["virtual_account"] == registration["virtual_account"]
        assert {r["status"] for r in said["license_usage"].values()} == {"AUTHORIZED"}


@pytest.mark.parametrize("name", BEFORE)
def test_status_before_slp(shown: Shown, name: str) -> None:
    said = shown.parsed(name, "show license status")
    assert said["transport"]["type"] == "Callhome"
    assert "smart_licensing_using_policy" not in said


# --- licensing under Smart Licensing Using Policy ------------------------------------------------


@pytest.mark.parametrize("name", SLP)
def test_summary(shown: Shown, network: Network, name: str) -> None:
    said = shown.parsed(name, "show license summary")["license_usage"].values()
    rows = {r["license"]: (r["entitlement"], int(r["count"]), r["status"]) for r in said}
    assert rows == {
        feature: (x["tag"] if len(x["tag"]) <= 25 else f"{x['tag'][:22]}...", count, "IN USE")
        for feature, x in licences(network.routers[name]).items()
        for count in [x.get("count", 1)]
    }


@pytest.mark.parametrize("name", SLP)
def test_usage(shown: Shown, network: Network, name: str) -> None:
    _holds_usage(shown.parsed(name, "show license usage")["license_name"], network.routers[name])


def _holds_usage(said: Mapping[str, Any], router: Router) -> None:
    expected = {f"{f} ({x['tag']}):": x for f, x in licences(router).items()}
    assert set(said) == set(expected)
    for heading, licence in expected.items():
        row = said[heading]
        assert row["count"] == licence.get("count", 1)
        assert row["feature_name"] == licence["feature"]
        assert row["description"] == licence["description"]
        assert row["status"] == "IN USE"
        assert row["enforcement_type"] == "NOT ENFORCED"
        assert row["license_type"] == licence.get("license_type", "Perpetual")


@pytest.mark.parametrize("command", ["show license all", "show license status"])
@pytest.mark.parametrize("name", SLP)
def test_transport_policy_and_trust(
    shown: Shown, network: Network, name: str, command: str
) -> None:
    licensing = spec_of(network, name)["licensing"]
    said = shown.parsed(name, command)
    said = said.get("smart_licensing_status", said)
    assert said["smart_licensing_using_policy"]["status"] == "ENABLED"
    assert said["transport"]["type"] == TRANSPORT[licensing["transport"]]
    if licensing["transport"] == "cslu":
        assert said["transport"]["cslu_address"] == licensing["url"]
    if licensing["transport"] == "smart":
        assert said["transport"]["url"].startswith("https://smartreceiver.cisco.com/")
    perpetual = said["policy"]["unenforced_non_export_perpetual_attributes"]
    assert perpetual["first_report_requirement_days"] == "365 (CISCO default)"
    trusted = "<none>" not in str(said.get("trust_code_installed", "<none>"))
    assert trusted is ("trust" in licensing)


@pytest.mark.parametrize("name", SLP)
def test_all(shown: Shown, network: Network, name: str) -> None:
    spec = spec_of(network, name)
    said = shown.parsed(name, "show license all")
    udi = said["product_information"]["udi"]
    assert (udi["pid"], udi["sn"]) == (spec["pid"], spec["serial"])
    _holds_usage(said["license_usage"]["license_name"], network.routers[name])


@pytest.mark.parametrize("name", ["slp179", "slp1712"])
def test_tech_support(shown: Shown, network: Network, name: str) -> None:
    spec = spec_of(network, name)
    said = shown.parsed(name, "show license tech support")
    assert spec["pid"] in str(said["product_information"])
    counts = said["usage_report_summary"]
    assert str(spec["licensing"].get("unacknowledged_reports", 0)) in str(counts["waiting_for_ack"])


def test_unacknowledged_reports_have_their_ids(shown: Shown, network: Network) -> None:
    said = shown.parsed("slp179", "show license rum id all")["smart_license_usage_reports"]
    waiting = [r for r in said.values() if r["state"] == "UNACK"]
    assert len(waiting) == spec_of(network, "slp179")["licensing"]["unacknowledged_reports"]
    assert {r["feature_name"] for r in waiting} <= set(licences(network.routers["slp179"]))


@pytest.mark.parametrize("name", SLP)
def test_message_history(shown: Shown, name: str) -> None:
    assert shown.parsed(name, "show license history message")


def test_crypto_throughput_of_a_platform_with_tiers(shown: Shown) -> None:
    said = shown.parsed("slp1712", "show platform hardware throughput crypto")
    level = said["current_configured_crypto_throughput_level"]
    assert level == said["current_enforced_crypto_throughput_level"]


# --- where Genie is not right --------------------------------------------------------------------

CASES = [pytest.param(x, n, id=f"{x.command}-{n}") for x in LIMITS for n in x.routers]


@pytest.mark.parametrize(("limit", "name"), CASES)
def test_genie_still_cannot_read_this(shown: Shown, limit: Limit, name: str) -> None:
    """The router does print it; the parser fails as the list says, until a new Genie can."""
    printed = shown.output(name, limit.command)
    assert "Invalid input" not in printed
    assert len(printed.strip().splitlines()) >= 1
    parse: Callable[[], Any] = lambda: shown.parsed(name, limit.command)  # noqa: E731
    with pytest.raises(Exception) as failure:  # noqa: PT011 - its class is what is asserted
        parse()
    assert type(failure.value).__name__ == limit.error, limit.why
