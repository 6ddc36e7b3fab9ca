"""Driven by hand with the guide's own commands, in its order, a router prints what it shows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kit.captures import Explained, captured, command_of, compare, spec_of
from kit.hand import Hand, World, router_of
from slp_sim.formats import (
    Ack,
    Entitlement,
    Policy,
    Requirement,
    ack_file,
    parse_usage,
    read_report,
    slr_code_file,
)
from slp_sim.router.flash import make_image
from slp_sim.router.router import Router

EXPLAINED = [
    Explained("s1/post/show-license-summary", "hsec9 ", "hseck9 ", "misprint of the guide"),
    Explained(
        "s1/post/show-license-usage",
        "Feature Description: securityk9\nEnforcement type: NOT ENFORCED",
        "Feature Description: securityk9\nEnforcement type: NOT ENFORCED\nLicense type: Perpetual",
        "the guide's last line is cut off",
    ),
    Explained(
        "s1/post/show-version",
        "Cisco IOS Software [Amsterdam]",
        "Cisco IOS XE Software, Version 17.03.02\nCisco IOS Software [Amsterdam]",
        "the guide leaves the first line out here and has it everywhere else",
    ),
    Explained("s2/post/show-license-summary", "hsecK9", "hseck9", "as in the usage output"),
    Explained(
        "s2/post/show-version",
        "Cisco IOS XE Software, Version 17.4.1a",
        "Cisco IOS XE Software, Version 17.04.01a",
        "other captures of the same train pad the numbers",
    ),
    Explained(
        "s2/post/show-version",
        "Version 17.04.01a Cisco IOS Software",
        "Version 17.04.01a\nCisco IOS Software",
        "two lines run together in the guide",
    ),
    Explained(
        "s5/post/show-platform-software-cerm-information",
        "Manager (CERM)",
        "Manager(CERM)",
        "s2 shows the same platform without the blank",
    ),
    Explained(
        "s3/post/show-license-authorization",
        ") :",
        "):",
        "the other three captures of this output have no blank there",
    ),
    Explained(
        "s4/post/show-version",
        "Cisco IOS XE Software, Version 17.4.1a",
        "Cisco IOS XE Software, Version 17.04.01a",
        "other captures of the same train pad the numbers",
    ),
    Explained(
        "s3/post/show-version",
        "Cisco IOS XE Software, Version 17.6.1",
        "Cisco IOS XE Software, Version 17.06.01",
        "other captures of the same train pad the numbers",
    ),
    Explained(
        "s3/post/show-version",
        "Version 17.6.1\nCopyright",
        "Version 17.6.1, RELEASE SOFTWARE (fc2)\n"
        "Technical Support: http://www.cisco.com/techsupport\nCopyright",
        "an engineering image in the guide",
    ),
    Explained("s3/post/show-version", "Router uptime", "Device uptime", "its host name here"),
    Explained(
        "s3/post/show-version",
        "processor is 2 minutes",
        "processor is 1 minute",
        "the processor is not modelled apart from IOS",
    ),
]


class Story:
    """One scenario, played by hand."""

    def __init__(self, scenario: str, begins: datetime) -> None:
        self.scenario = scenario
        self.router: Router
        self.world: World
        self.hand: Hand
        self.router, self.world, self.hand = router_of(spec_of(scenario), at=begins)
        self.delays: list[float] = []
        uniform = self.router.random.uniform
        self.router.random.uniform = (  # type: ignore[method-assign]
            lambda a, b: self.delays.pop(0) if self.delays else uniform(a, b)
        )

    def boots(self, release: str, platform: str, at: str, name: str = "", **build: str) -> None:
        """Upgrades, so that the new boot is up at a given time."""
        hand, router = self.hand, self.router
        name = name or f"{platform}-universalk9.{release}.SPA.bin"
        router.write_file(f"bootflash:{name}", make_image(release, platform, 7 * 10**8, **build))
        if router.spec.boot_mode == "install":
            assert "SUCCESS" in hand.type(f"install add file bootflash:{name}")
            lead = 48.0
        else:
            hand.configure("no boot system", f"boot system bootflash:{name}")
            assert "[OK]" in hand.type("write memory")
            lead = 1.0
        target = hand.clock.now()
        hour, minute, second = at.split(":")
        target = target.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        left = (target - hand.clock.now()).total_seconds() + float(second) - lead
        router.spec.boot_s = left
        if router.spec.boot_mode == "install":
            assert "SUCCESS" in hand.type("install activate", "y")
        else:
            hand.type("reload", "\r")
        hand.wait_for_boot()
        if router.spec.boot_mode == "install":
            assert "SUCCESS" in hand.type("install commit")
        assert "[OK]" in hand.type("write memory", "\r")

    def logged(self, *mnemonics: str) -> None:
        """Tells that these messages stand in the log, in this order."""
        log = self.hand.show("show logging")
        at = -1
        for mnemonic in mnemonics:
            found = log.find(f"%{mnemonic}", at + 1)
            assert found > at, f"{self.scenario}: {mnemonic} is not logged in its place:\n{log}"
            at = found

    def lists(self, name: str) -> None:
        """Holds the row of a file against the capture's; number and size are of the lab's file."""
        capture = captured(self.scenario, "post", "dir-bootflash")
        assert squashed(self.hand.show("dir bootflash:"), name) == squashed(capture, name)
        assert capture.splitlines()[0] == self.hand.show("dir bootflash:").splitlines()[0]

    def prints(self, slug: str, phase: str = "post", issued: dict[str, str] | None = None) -> None:
        """Holds an output against its capture; ``issued`` = codes that are new each time."""
        capture = captured(self.scenario, phase, slug)
        if slug == "show-version" and "<output truncated>" not in capture:
            capture += "\n<output truncated>"
        for old, new in (issued or {}).items():
            assert old in capture
            capture = capture.replace(old, new)
        where = f"{self.scenario}/{phase}/{slug}"
        printed = self.hand.show(command_of(slug))
        difference = compare(where, capture, printed, EXPLAINED)
        assert difference is None, difference


def squashed(listing: str, name: str) -> str:
    """Returns the row of a file in ``dir``, its inode and size as ``#``."""
    row = next(x for x in listing.splitlines() if x.endswith(f" {name}"))
    number, mode, size, *rest = row.split()
    assert number.isdigit()
    assert size.isdigit()
    return " ".join(["#", mode, "#", *rest])


def at(*args: int) -> datetime:
    return datetime(*args, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_s1_registered_router_keeps_callhome_and_gets_trust_by_itself() -> None:
    story = Story("s1", at(2021, 1, 15, 3, 0))
    story.world.slac_code, story.world.ack_s = "30bdf595", 242.0
    story.delays = [36.3]
    story.boots("17.3.2", "isr4400", "03:20:43.5", build="fc3", compiled="Sat 31-Oct-20 13:21")
    story.prints("show-version")
    story.hand.wait_until("03:27:00")
    for slug in (
        "show-license-summary",
        "show-license-status",
        "show-license-usage",
        "show-license-authorization",
        "show-platform-hardware-throughput-level",
        "show-platform-software-cerm-information",
    ):
        story.prints(slug)
    story.world.ack_s = 241.0
    story.hand.wait_until("03:51:40.2")
    story.hand.type("license smart sync local")
    story.hand.wait_until("03:56:00")
    story.prints("show-license-all__after_sync")
    story.logged(
        "CALL_HOME-6-CALL_HOME_ENABLED",
        "SMART_LIC-6-REPORTING_REQUIRED",
        "SMART_LIC-6-TRUST_INSTALL_SUCCESS",
        "SMART_LIC-6-AUTHORIZATION_INSTALL_SUCCESS",
        "SIP-1-LICENSING: SIP service is Up. License report acknowledged.",
        "SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is allowed",
        "SMART_LIC-6-POLICY_INSTALL_SUCCESS",
        "SIP-1-LICENSING",
    )
    assert "COMM_" not in story.hand.show("show logging")


def test_s2_reserved_router_reports_by_file() -> None:
    story = Story("s2", at(2021, 1, 19, 6, 30))
    build = {"build": "fc4", "compiled": "Thu 17-Dec-20 22:38"}
    story.boots("17.4.1a", "c1100", "07:08:37.2", **build)
    story.hand.wait_until("07:09:30")
    for slug in (
        "show-version",
        "show-license-summary",
        "show-license-status",
        "show-license-usage",
        "show-license-authorization",
        "show-platform-hardware-throughput-level",
        "show-platform-hardware-throughput-crypto",
        "show-platform-software-cerm-information",
    ):
        story.prints(slug)
    story.hand.wait_until("07:26:26")
    assert story.hand.type("license smart save usage unreported file usage_report") == ""
    story.lists("usage_report")
    assert "2908606464 bytes total" in story.hand.show("dir bootflash:")
    server = "tftp://10.8.0.6//user01"
    story.hand.type(f"copy bootflash:usage_report {server}/usage_report", "\r", "\r")
    report = story.world.files[f"{server}/usage_report"]
    assert report == story.router.read_file("bootflash:usage_report"), "byte for byte"
    ids = tuple(read_report(r).report_id for r in parse_usage(report).reports)
    assert len(ids) == 3
    ack = Ack(story.router.pid, story.router.serial, ids, at(2021, 1, 19, 7, 40))
    story.world.files[f"{server}/ACK_usage_report.txt"] = ack_file([ack], story.world.policy)
    text = story.hand.type(f"copy {server}/ACK_usage_report.txt bootflash:", "\r")
    assert "bytes copied" in text, "the guide leaves the file's name out here"
    story.hand.wait_until("07:50:32.6")
    text = story.hand.type("license smart import bootflash: ACK_usage_report.txt")
    assert "Import Data Successful" in text
    story.prints("show-license-all__after_sync")
    story.logged(
        "SMART_LIC-6-RESERVED_INSTALLED",
        "SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is not allowed",
        "SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is allowed",
        "SMART_LIC-6-REPORTING_REQUIRED",
        "SIP-1-LICENSING",
        "SMART_LIC-6-EXPORT_CONTROLLED",
        "SMART_LIC-6-POLICY_INSTALL_SUCCESS",
    )


def test_s3_reservation_is_updated_before_the_upgrade() -> None:
    story = Story("s3", at(2021, 7, 28, 20, 40))
    udi: dict[str, Any] = {"pid": story.router.pid, "sn": story.router.serial}
    agent = story.router.agent
    code = slr_code_file(
        **udi,
        entitlements=[
            Entitlement(agent.licences[0].regid, 1, "CSR 1KV AX 10G", "CSR 1KV AX 10G"),
            Entitlement(
                agent.hsec[1],
                1,
                "Router US Export Lic. for DNA",
                "U.S. Export Restriction Compliance license for DNA based Routers",
            ),
        ],
        issued=at(2021, 7, 28, 20, 30),
    )
    story.world.files["tftp://10.8.0.6/slr_code_02"] = code
    assert "bytes copied" in story.hand.type("copy tftp://10.8.0.6/slr_code_02 bootflash:", "\r")
    story.hand.wait_until("20:46:46")
    text = story.hand.type("license smart reservation install file bootflash:slr_code_02")
    assert "Reservation install file successful" in text
    assert agent.reservation is not None
    new = {"3290c177": agent.reservation.confirmation_code}
    assert f"Confirmation code: {new['3290c177']}" in text
    story.prints("show-license-reservation__after_hseck9_update", "pre", new)
    story.boots(
        "17.6.1",
        "c8000v",
        "21:17:00",
        "c8000v-universalk9.SSA.bin",
        build="fc2",
        compiled="Sat 24-Jul-21 11:21",
    )
    story.hand.wait_until("21:18:01")
    story.prints("show-license-authorization", issued=new)
    for slug in (
        "show-version",
        "show-license-summary",
        "show-license-status",
        "show-license-usage",
        "show-platform-hardware-throughput-level",
    ):
        story.prints(slug)
    report = captured("s3", "post", "dir-bootflash")
    assert "Jan 19 2021 07:26:26 +00:00  usage_report" in report, "s2's row: taken over by mistake"


def test_s4_evaluation_gets_transport_trust_and_slac() -> None:
    story = Story("s4", at(2021, 1, 21, 0, 50))
    build = {"build": "fc4", "compiled": "Fri 18-Dec-20 05:04"}
    story.boots("17.4.1a", "isr4300", "01:07:35.1", **build)
    story.hand.wait_until("01:09:00")
    for slug in (
        "show-version",
        "show-license-summary",
        "show-license-status",
        "show-license-usage",
        "show-platform-hardware-throughput-level",
        "show-platform-software-cerm-information",
    ):
        story.prints(slug)
    story.hand.wait_until("03:30:00")
    story.hand.configure(
        "ip http client source-interface gigabitethernet 0/0/2",
        "ip name-server 209.165.201.1 209.165.200.225",
        "license smart transport smart",
        "license smart url default",
    )
    assert "[OK]" in story.hand.type("copy running-config startup-config", "\r")
    story.delays, story.world.ack_s = [2.0, 46.0], 241.1
    story.hand.wait_until("03:37:13.5")
    assert story.hand.type("license smart trust idtoken $T2xqMmhJ%0A local") == ""
    story.hand.wait_until("03:45:00")
    story.prints("show-license-status__after_trust")
    story.delays, story.world.ack_s = [3.0], 240.0
    story.world.slac_code = "76c6a69b"
    story.world.slac_description = "U.S. Export Restriction Compliance license for 4350 series"
    policy = story.world.policy
    assert policy is not None
    story.world.policy = Policy("SLE Policy", policy.requirements)
    story.hand.wait_until("03:58:34.6")
    story.hand.type("license smart authorization request replace hseck9 local")
    story.hand.wait_until("04:05:00")
    story.prints("show-license-summary__after_slac")
    story.prints("show-license-all__after_slac")
    story.logged(
        "ISR_THROUGHPUT-6-LEVEL: Throughput level has been set to 400000 kbps",
        "SMART_LIC-6-AGENT_ENABLED",
        "SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is not allowed",
        "SYS-5-RESTART",
        "CALL_HOME-6-CALL_HOME_ENABLED",
        "SMART_LIC-6-REPORTING_REQUIRED",
        "SMART_LIC-3-COMM_FAILED",
        "SMART_LIC-5-COMM_RESTORED",
        "SMART_LIC-6-TRUST_INSTALL_SUCCESS",
        "SIP-1-LICENSING",
        "SMART_LIC-6-POLICY_INSTALL_SUCCESS",
        "SMART_LIC-6-AUTHORIZATION_INSTALL_SUCCESS",
        "SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is allowed",
        "SIP-1-LICENSING",
        "SMART_LIC-6-EXPORT_CONTROLLED",
        "SMART_LIC-6-POLICY_INSTALL_SUCCESS",
    )


def test_s5_paks_are_converted_by_the_device() -> None:
    story = Story("s5", at(2021, 1, 19, 23, 30))
    story.hand.wait_until("23:45:00")
    story.hand.clock.advance(16 * 60)  # past midnight
    build = {"build": "fc3", "compiled": "Sat 31-Oct-20 11:31"}
    story.boots("17.3.2", "c1100", "00:05:39.3", **build)
    story.hand.wait_until("00:07:00")
    for slug in (
        "show-version",
        "show-license-summary",
        "show-license-usage",
        "show-license-all",
        "show-platform-hardware-throughput-crypto",
        "show-platform-software-cerm-information",
        "show-platform-software-license-dlc",
    ):
        story.prints(slug)
    story.hand.wait_until("01:06:00")
    story.prints("show-platform-software-license-dlc__after_1h")
    story.hand.configure("license smart transport smart", "license smart url default")
    story.delays = [1.0, 46.0]
    story.hand.wait_until("02:46:59.3")
    story.hand.type("license smart trust idtoken V0p1dCtX all")
    story.hand.wait_until("02:47:35.2")
    story.world.dlc_s = 1787.0
    story.hand.type("license smart sync all")
    story.hand.wait_until("03:18:00")
    story.prints("show-license-all__after_sync")
    story.logged(
        "ISR_THROUGHPUT-6-UNTHROTTLED",
        "SMART_LIC-6-AGENT_ENABLED",
        "SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is not allowed",
        "SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is allowed",
        "SYS-5-RESTART",
        "CALL_HOME-6-CALL_HOME_ENABLED",
        "SMART_LIC-6-REPORTING_REQUIRED",
        "SMART_LIC-6-EXPORT_CONTROLLED",
        "SMART_LIC-6-TRUST_INSTALL_SUCCESS",
        "SMART_LIC-6-EXPORT_CONTROLLED",
        "SMART_LIC-6-POLICY_INSTALL_SUCCESS",
    )


def test_s6_right_to_use_reports_through_cslu() -> None:
    story = Story("s6", at(2021, 1, 29, 18, 0))
    build = {"build": "fc3", "compiled": "Sat 31-Oct-20 13:21"}
    story.boots("17.3.2", "isr4300", "18:19:10.5", **build)
    story.hand.wait_until("18:20:00")
    for slug in (
        "show-version",
        "show-license-summary",
        "show-license-all",
        "show-platform-hardware-throughput-level",
        "show-platform-software-license-dlc",
    ):
        story.prints(slug)
    story.world.policy = Policy(
        "SLP Policy",
        {
            "perpetual": Requirement(25, 25, 25),
            "subscription": Requirement(15, 15, 15),
            "enforced": Requirement(0, 35, 35, first_source="CISCO default"),
            "export": Requirement(0, 30, 30, first_source="CISCO default"),
        },
    )
    story.world.ack_s = 239.0
    story.hand.wait_until("18:36:35.6")
    story.hand.configure("license smart url cslu http://192.168.0.1:8182/cslu/v1/pi")
    story.hand.wait_until("18:45:00")
    story.prints("show-license-status__after_sync")
    story.logged(
        "SMART_LIC-3-COMM_FAILED: Communications failure with the Cisco Smart License Utility",
        "SMART_LIC-5-COMM_RESTORED: Communications with Cisco Smart License Utility (CSLU)",
        "SIP-1-LICENSING",
        "SMART_LIC-6-POLICY_INSTALL_SUCCESS",
    )
    story.hand.wait_until("19:20:00")
    story.prints("show-platform-software-license-dlc__after_1h")


@pytest.mark.parametrize("one", EXPLAINED, ids=lambda x: f"{x.where}:{x.captured[:20]}")
def test_each_explained_difference_is_still_one(one: Explained) -> None:
    scenario, phase, slug = one.where.rstrip("*").split("/")
    text = captured(scenario, phase, slug)
    for before in EXPLAINED[: EXPLAINED.index(one)]:
        text = text.replace(before.captured, before.printed) if before.concerns(one.where) else text
    assert one.captured in text, one.where
    assert one.why


def test_s7_the_end_of_an_onprem_cut_over() -> None:
    """The router is the one that s5 upgrades; its licences are those of the capture."""
    spec = spec_of("s5").model_copy(update={"name": "s7"})
    router, world, hand = router_of(spec, at=at(2021, 8, 11, 3, 0))
    router.write_file("new.bin", make_image("17.3.2", "c1100", 7 * 10**8))
    hand.type("install add file bootflash:new.bin")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    hand.type("install commit")
    hand.configure("license smart url cslu https://onprem.example/cslu/v1/pi/Tenant-1")
    hand.wait_until("05:00:00")
    world.dlc_s = 0.0
    hand.wait_until("05:42:19")
    hand.type("license smart sync local")
    hand.wait_until("05:50:00")
    for slug in ("show-license-all__truncated", "show-platform-software-license-dlc"):
        where = f"s7/post/{slug}"
        printed = hand.show(command_of(slug))
        assert compare(where, captured("s7", "post", slug), printed, EXPLAINED) is None
