"""Many outputs, one router: whose identity, which moment, what is proven."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit.cases import case_text
from slp_core.parsing import asked_besides, assemble
from slp_core.rules.issu import under_way
from slp_core.state import RouterState

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text()


def state(outputs: dict[str, str], **more: Any) -> RouterState:
    return assemble("r1", outputs, **more)


def test_nothing_known_is_nothing_set() -> None:
    empty = state({})
    assert empty.to_json() == {"name": "r1", "commands": [], "unknown": [], "evidence": {}}
    assert not empty.known("licensing")


def test_a_router_is_itself_and_not_its_peer() -> None:
    """The standby's UDI, and that of the CUBE peer, never become the router's own."""
    outputs = {
        "show license all": golden("show-license-all/slp_17_18_cube_pair"),
        "show license usage": golden("show-license-usage/c8000v_tiers_cube_standby"),
    }
    for order in (list(outputs), list(reversed(outputs))):
        found = state({command: outputs[command] for command in order})
        assert (found.udi.pid, found.udi.sn) == ("C8200L-1N-4T", "FGL2501BBBB")
        assert [(peer.sn, peer.role) for peer in found.peers] == [("FGL2501CCCC", "Standby")]
        assert found.evidence["udi"].command == "show license all"


@pytest.mark.parametrize(
    ("command", "name", "sn"),
    [
        ("show license udi", "show-license-udi/ha_list", "FDO2546M0AA"),
        ("show license udi", "show-license-udi/slot_table", "NWG1512050G"),
        ("show license udi", "show-license-udi/device_table", "FDO210305DQ"),
        ("show inventory", "show-inventory/chassis_and_module", "FDO210305DQ"),
        ("show version", "show-version/isr4351_17_4", "FDO21512BJB"),
        ("show running-config", "show-running-config/isr4351", "FDO21512BJB"),
        ("show license authorization", "show-license-authorization/ha_pair", "FDO2546M0AA"),
    ],
)
def test_each_output_that_names_the_router_names_it(command: str, name: str, sn: str) -> None:
    found = state({command: golden(name)})
    assert found.udi.sn == sn
    assert found.evidence["udi"].lines


def test_f01_boot_facts_come_from_show_version() -> None:
    found = state({"show version": golden("show-version/isr4351_17_4")})
    assert found.boot.restarted_at == datetime(2021, 1, 21, 1, 7, 45, tzinfo=UTC)
    assert found.boot.uptime_s == ((9 * 24 + 3) * 60 + 4) * 60
    assert found.boot.returned_by.startswith("Reload Command at ")
    assert found.boot.reload_reason == "Reload Command"
    assert (found.boot.mode, found.boot.image) == ("install", "bootflash:packages.conf")
    assert (found.boot.config_register, found.boot.next_config_register) == ("0x2102", "0x2142")
    assert found.hostname == "edge-4351"
    assert found.release.short == "17.4.1a"
    assert found.controller_mode is False
    assert found.evidence["boot.restarted_at"].lines == (24,)


def test_a_controller_managed_router_is_told() -> None:
    found = state({"show version": golden("show-version/c8000v_17_9_controller")})
    assert found.controller_mode is True
    assert found.boot.mode == "bundle"


@pytest.mark.parametrize(
    "line",
    [
        "Cisco IOS Software, ISR Software (X86_64_LINUX_IOSD-UCMK9-M), Version 16.12.4, RELEASE",
        'System image file is "bootflash:isr4300-ucmk9.16.12.4.SPA.bin"',
    ],
)
def test_c07_where_no_mode_is_printed_the_image_tells(line: str) -> None:
    assert state({"show version": f"{line}\nConfiguration register is 0x2102"}).controller_mode


def test_c07_the_printed_mode_goes_before_the_image() -> None:
    text = (
        'System image file is "bootflash:c8000be-universalk9.17.9.4.SPA.bin"\n'
        "Router operating mode: Autonomous\nConfiguration register is 0x2102"
    )
    assert state({"show version": text}).controller_mode is False


def test_up_2_install_mode_with_its_timer() -> None:
    found = state(
        {"show install summary": golden("show-install-summary/uncommitted_two_processors")}
    )
    assert [(x.kind, x.state) for x in found.install.packages] == [
        ("IMG", "I"),
        ("IMG", "U"),
        ("SMU", "U"),
    ]
    assert found.install.packages[1].location == "R0 R1"
    assert found.install.auto_abort == "active on install_activate"
    assert found.install.auto_abort_left_s == 6727


def test_up_3_boot_variables_in_order_and_none_where_there_are_none() -> None:
    found = state({"show boot": golden("show-boot/standby")})
    assert found.boot.variables == (
        "bootflash:/asr1000rp2-universalk9.16.12.04.SPA.bin",
        "bootflash:/old.bin",
    )
    nothing = state({"show bootvar": golden("show-boot/standby_not_ready")})
    assert nothing.boot.known("variables")
    assert nothing.boot.variables is None


@pytest.mark.parametrize(
    ("name", "processors", "peer", "mode"),
    [
        ("sso_pair", 2, "STANDBY HOT", "sso"),
        ("simplex", 1, "DISABLED", "Non-redundant"),
    ],
)
def test_processors(name: str, processors: int, peer: str, mode: str) -> None:
    found = state({"show redundancy": golden(f"show-redundancy/{name}")}).redundancy
    assert (found.processors, found.peer_state, found.operating_mode) == (processors, peer, mode)


def test_the_skew_is_the_routers_time_less_ours() -> None:
    ours = datetime(2021, 1, 29, 18, 40, 0, tzinfo=UTC)
    outputs = {
        "show clock": golden("show-clock/synchronised"),
        "show ntp status": golden("show-ntp-status/synchronised"),
    }
    found = state(outputs, read_at=ours)
    assert found.clock.skew_s == 37.0
    assert found.clock.synchronised is True
    assert found.clock.authoritative is True
    assert not state(outputs).clock.known("skew_s")
    loose = state({"show clock": golden("show-clock/unknown_zone")}, read_at=ours)
    assert not loose.clock.known("skew_s"), "a time without a zone says nothing of the skew"


def test_only_lines_that_matter_are_kept_of_a_configuration() -> None:
    found = state({"show running-config": golden("show-running-config/isr4351")})
    assert found.config[0] == "platform hardware throughput level 400000"
    assert "license feature hseck9" in found.config
    assert "ip http client source-interface GigabitEthernet0/0/2" in found.config
    assert len(found.config) == len(set(found.config))
    assert not any("secret" in line or "key" in line for line in found.config)
    assert found.unknown == ()


def test_a_pair_has_a_trust_code_each_and_the_routers_own_counts() -> None:
    found = state({"show license status": golden("show-license-status/slp_17_6_ha_pair")})
    assert found.licensing.trust.installed_on == datetime(2022, 3, 10, 19, 58, 44, tzinfo=UTC)
    assert [member.role for member in found.licensing.trust.members] == ["Active", "Standby"]
    assert found.licensing.transport.proxy == "192.0.2.80:3128"
    assert found.licensing.transport.vrf == "Mgmt-intf"


def test_slac_13_the_router_names_its_own_hseck9_tag() -> None:
    found = state({"show license tech support": golden("show-license-tech-support/slp_17_18")})
    assert found.licensing.hseck9_tag == "DNA_HSEC"
    assert [x.tag for x in found.licensing.licenses] == ["DNA_HSEC"], "in use; the other is not"
    assert found.licensing.licenses[0].regid.startswith("regid.2019-03.com.cisco.DNA_HSEC,")
    assert found.licensing.reporting.reports_waiting == 0


def test_lic_11_a_cut_tag_is_united_with_the_whole_one() -> None:
    summary = (
        "License Usage:\n  License    Entitlement Tag    Count Status\n"
        "  uck9  (ISR_4351_UnifiedCommun...)  1 IN USE\n"
        "  appxk9  (ISR_4351_Application)  1 IN USE\n"
    )
    usage = (
        "License Authorization:\n  Status: Not Applicable\n\n"
        "uck9 (ISR_4351_UnifiedCommunication):\n  Count: 1\n  Status: IN USE\n"
        "  Export status: NOT RESTRICTED\n"
    )
    found = state({"show license summary": summary, "show license usage": usage})
    assert [x.tag for x in found.licensing.licenses] == [
        "ISR_4351_UnifiedCommunication",
        "ISR_4351_Application",
    ]
    assert found.license("ISR_4351_UnifiedCommun...").export_status == "NOT RESTRICTED"
    alone = state({"show license summary": summary})
    assert alone.licensing.licenses[0].tag == "ISR_4351_UnifiedCommun..."


def test_no_licence_in_use_is_an_empty_list_and_no_output_is_none() -> None:
    found = state({"show license usage": golden("show-license-usage/no_licences")})
    assert found.licensing.licenses == ()
    assert not state({"show version": "Cisco IOS XE Software, Version 17.3.2"}).known("licensing")


def test_a_classic_all_tells_of_the_reservation_not_of_an_authorization() -> None:
    found = state({"show license all": golden("show-license-all/slr_16_12")}).licensing
    assert found.reservation.enabled is True
    assert found.reservation.status == "SPECIFIC INSTALLED"
    assert found.reservation.confirmation_code == "0708eeec"
    assert [x.tag for x in found.reservation.licenses] == ["ISR_1100_8P_Hsec"]
    assert not found.known("authorization")


def test_csl_by_index_is_csl_under_every_command() -> None:
    found = state({"show license right-to-use": golden("show-license-right-to-use/by_index")})
    assert found.licensing.csl_features[0].license_type == "EvalRightToUse"


def test_facts_fill_what_is_not_shown_and_never_overrule() -> None:
    facts = {
        "pid": "ISR4351/K9",
        "serial": "FDO1",
        "hostname": "from-operator",
        "transport": "callhome",
        "throughput_kbps": 250000,
        "throughput_crypto": "T1",
        "mode": "controller",
        "shoe_size": 43,
    }
    found = state({"show version": golden("show-version/isr4351_17_4")}, facts=facts)
    assert found.udi.sn == "FDO21512BJB"
    assert found.hostname == "edge-4351"
    assert found.controller_mode is False
    assert found.licensing.transport.kind == "callhome"
    assert found.throughput.level == 400000, "show version says it"
    assert found.evidence["throughput.level"].command == "show version"
    assert found.throughput.crypto == "T1"
    assert found.evidence["throughput.crypto"].command == "router.yaml"
    assert [line.text for line in found.unknown] == ["shoe_size: 43"]


def test_every_output_is_listed_with_what_became_of_it() -> None:
    found = state(
        {
            "show version": golden("show-version/isr4351_17_4"),
            "show license usage": "% Invalid input detected at '^' marker.",
            "show license summary": "",
            "show license all": golden("show-license-status/plr_16_12"),
            "show license status": "Smart Licensing is ENABLED\n<output truncated>",
            "show cdp neighbors": "whatever",
        }
    )
    assert {seen.command: seen.status for seen in found.commands} == {
        "show version": "ok",
        "show license usage": "rejected",
        "show license summary": "empty",
        "show license all": "foreign",
        "show license status": "cut",
        "show cdp neighbors": "foreign",
    }
    assert not found.licensing.known("registration"), "a foreign output says nothing"


def test_f31_what_stood_in_a_wrong_output_is_not_carried_on() -> None:
    config = golden("show-running-config/isr4351")
    found = state({"show version": config})
    assert [line.text for line in found.unknown] == ["43 lines that are not of this command"]
    assert "secret" not in str(found.to_json())


def test_unknown_lines_come_with_their_command() -> None:
    found = state({"show license all": golden("show-license-all/a_section_that_nobody_knows")})
    assert [(x.command, x.line) for x in found.unknown] == [
        ("show license all", line) for line in (6, 7, 8, 16)
    ]


@pytest.mark.parametrize(
    ("case", "state"),
    [
        ("idle_enabled", None),
        ("old_form_idle", None),
        ("activated", "Activated state"),
        ("loadversion", "loadversion"),
    ],
)
def test_f09_an_upgrade_in_service_under_way_is_known_in_each_form(
    case: str, state: str | None
) -> None:
    found = assemble("r", {"show issu state detail": golden(f"show-issu-state-detail/{case}")})
    assert under_way(found) == state
    assert not found.also


def test_c13_show_version_says_the_throughput_and_another_output_contradicts_it() -> None:
    outputs = {
        "show version": case_text("07-controller-mode/csr3/show-version.txt"),
        "show platform hardware throughput level": case_text(
            "07-controller-mode/csr3/show-platform-hardware-throughput-level.txt"
        ),
    }
    found = state(outputs)
    assert found.throughput.level == 200_000_000
    (other,) = found.also["throughput.level"]
    assert (other.value, other.evidence.command) == (250_000, "show version")


@pytest.mark.parametrize(
    ("version", "release", "build"),
    [
        ("17.15.20240820:124233 [BLD_V1715_LATEST:/nobackup 101]", "17.15.0", "BLD_V1715_LATEST"),
        ("17.12.20230731:001500 [BLD_1712]", "17.12.0", "BLD_1712"),
        ("16.12.20190731:001500", "16.12.0", None),
    ],
)
def test_c13_of_an_experimental_build_the_train_counts(
    version: str, release: str, build: str | None
) -> None:
    line = f"Cisco IOS Software [X], ISR Software (X86-M), Experimental Version {version}"
    found = state({"show version": f"{line}\nConfiguration register is 0x2102\n"})
    assert found.release is not None
    assert found.release.short == release
    assert RouterState.from_json(found.to_json()).release == found.release
    assert (found.build or "").split(":")[0] == (build or "")


def test_c13_levels_of_now_and_of_the_next_reload_are_facts() -> None:
    found = state({"show version": case_text("13-show-version-facts/sv_c8kv_adv.txt")})
    licensing = found.licensing
    assert (licensing.license_level, licensing.next_license_level) == ("network-advantage", None)
    assert (licensing.addon_level, licensing.next_addon_level) == ("dna-advantage",) * 2
    assert found.unknown == ()


def test_c16_the_variables_of_the_next_reload_count() -> None:
    found = state({"show boot": golden("show-boot/two_blocks")})
    assert found.boot.variables == ("bootflash:new.bin",)
    assert found.boot.manual is False


def test_c16_redundancy_without_its_heading_is_read() -> None:
    found = state({"show redundancy": golden("show-redundancy/begun_in_the_middle")})
    assert found.redundancy.operating_mode == "sso"
    assert found.redundancy.peer_state == "STANDBY HOT"
    assert found.redundancy.processors == 2


@pytest.mark.parametrize(
    ("words", "timer", "left"),
    [
        ("active", "active", None),
        ("active , time before rollback - 01:57:12", "active", 7032),
        ("active on install_activate, time before rollback - 01:49:42", "active on", 6582),
        ("  Active on install_activate ,time before rollback -0:10:00", "Active on", 600),
        ("running, 00:10:00 left", "active (running", 600),
        ("inactive", "inactive", None),
        ("Inactive ", "inactive", None),
    ],
)
def test_c02_the_timer_is_active_unless_it_says_inactive(
    words: str, timer: str, left: int | None
) -> None:
    head = "[ R0 ] Installed Package(s) Information:\nIMG   C    17.12.04a.0.79\n"
    install = state({"show install summary": f"{head}Auto abort timer: {words}\n"}).install
    assert (install.auto_abort or "").startswith(timer)
    assert install.auto_abort_left_s == left


def test_c02_of_several_locations_one_running_timer_counts() -> None:
    text = (
        "[ R0 ] Installed Package(s) Information:\nIMG   C    17.12.04a.0.79\n"
        "Auto abort timer: inactive\n"
        "[ R1 ] Installed Package(s) Information:\nIMG   U    17.12.04a.0.79\n"
        "Auto abort timer: active , time before rollback - 00:57:12\n"
    )
    install = state({"show install summary": text}).install
    assert (install.auto_abort, install.auto_abort_left_s) == ("active", 3432)
    assert [p.location for p in install.packages] == ["R0", "R1"]


def test_c06_the_length_of_a_key_is_read_from_either_output() -> None:
    found = state(
        {
            "show ip ssh": golden("show-ip-ssh/enabled"),
            "show crypto key mypubkey rsa": golden("show-crypto-key-mypubkey-rsa/two_pairs"),
        }
    )
    assert (found.ssh.enabled, found.ssh.version, found.ssh.modulus_bits) == (True, "2.0", 2048)
    assert [(k.name, k.bits) for k in found.rsa_keys] == [
        ("TP-self-signed-1096481022", 1024),
        ("OLD-KEY.server", 768),
    ]


def test_c14_rommon_is_read_from_three_outputs_and_a_word_is_no_version() -> None:
    for command, name in (
        ("show platform", "show-platform/isr4331"),
        ("show rom-monitor r0", "show-rom-monitor/isr4300"),
    ):
        assert state({command: golden(name)}).rommon == "16.12(2r)"
    found = state({"show version": case_text("14-rommon-and-path/lab-r1/show-version.txt")})
    assert found.rommon == "15.4(3r)S5"
    assert (
        state({"show version": "ROM: IOS-XE ROMMON\nConfiguration register is 0x2102\n"}).known(
            "rommon"
        )
        is False
    )
    slots = state({"show hw-programmable all": golden("show-hw-programmable-all/isr4300")}).firmware
    assert {s.slot: s.cpld for s in slots} == {"R0": "16092742", "0": "16092742", "F0": None}


def test_model_rtu_keeps_the_rows_of_its_table() -> None:
    table = (
        "License Name    Type         Usage/Count    Period left\n"
        "appxk9          right-to-use     1          Lifetime\n"
        "securityk9      evaluation       1          42 days\n"
    )
    found = state({"show license right-to-use": table})
    rows = found.licensing.csl_features
    assert [(x.feature, x.license_type, x.period_left) for x in rows] == [
        ("appxk9", "RightToUse", "Lifetime"),
        ("securityk9", "EvalRightToUse", "42 days"),
    ]


@pytest.mark.parametrize("printed", ["  VRF: <empty>", "  VRF:\n    Not Configured"])
def test_trans_8_no_vrf_is_one_fact_however_a_release_prints_it(printed: str) -> None:
    status = (
        "Utility:\n  Status: DISABLED\n\nSmart Licensing Using Policy:\n  Status: ENABLED\n\n"
        f"Transport:\n  Type: cslu\n  Cslu address: <empty>\n{printed}\n"
    )
    state = assemble("edge", {"show license status": status})
    assert state.known("licensing.transport.vrf")
    assert state.licensing is not None
    assert state.licensing.transport is not None
    assert state.licensing.transport.vrf is None


SSH_OLD = "SSH Enabled - version 2.0\nAuthentication timeout: 120 secs; Authentication retries: 3\n"
SSH_NEW = SSH_OLD + "Modulus Size : 2048 bits\n"
ISR_OLD = "Cisco IOS XE Software, Version {}\n\nROM: {}\n\nedge uptime is 2 hours\n"


@pytest.mark.parametrize(
    ("release", "rom", "ssh", "besides"),
    [
        ("17.09.04a", "IOS-XE ROMMON", SSH_NEW, []),
        ("17.09.04a", "IOS-XE ROMMON", SSH_OLD, ["show crypto key mypubkey rsa"]),
        ("17.09.04a", "IOS-XE ROMMON", "SSH Disabled - version 1.99\n", []),
        ("16.06.04", "IOS-XE ROMMON", SSH_NEW, ["show platform"]),
        ("16.09.01", "IOS-XE ROMMON", SSH_NEW, []),
        ("03.16.04b.S", "15.4(3r)S5", SSH_NEW, []),
        ("03.16.04b.S", "IOS-XE ROMMON", "", ["show platform"]),
    ],
)
def test_c06_c14_some_routers_are_asked_what_the_others_told(
    release: str, rom: str, ssh: str, besides: list[str]
) -> None:
    outputs = {"show version": ISR_OLD.format(release, rom), "show ip ssh": ssh}
    assert list(asked_besides(outputs)) == besides


def test_c06_users_of_snmpv3_are_asked_where_there_are_groups() -> None:
    outputs = {"show running-config": "hostname edge\nsnmp-server group NMS v3 priv\nend\n"}
    assert asked_besides(outputs) == ("show snmp user",)
    assert asked_besides({"show running-config": "hostname edge\nend\n"}) == ()


def test_up_4_the_release_of_3_x_stands_in_a_line_of_its_own() -> None:
    text = (
        "Cisco IOS Software, IOS-XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 15.3(2)S1, "
        "RELEASE SOFTWARE (fc1)\n\nIOS XE Version: 03.09.01.S\n\nROM: IOS-XE ROMMON\n"
        "Configuration register is 0x1\n"
    )
    found = state({"show version": text})
    assert found.release is not None
    assert found.release.short == "3.9.1"
    assert found.unknown == ()


def test_c16_redundancy_in_the_words_of_other_releases_is_read() -> None:
    text = (
        "Redundancy Mode (Operational) = sso\nRedundancy Mode (Configured)  = sso\n"
        "Redundancy State              = sso\n     Maintenance Mode = Disabled\n"
        "    Manual Swact = enabled\n Communications = Up\n\n"
        "Current Processor Information :\n-----\n  Active Location = slot 6\n"
        "  Current Software state = ACTIVE\n"
    )
    found = state({"show redundancy": text})
    assert (found.redundancy.configured_mode, found.redundancy.operating_mode) == ("sso", "sso")
    assert found.unknown == ()


def test_c16_the_standby_itself_says_that_its_peer_is_active() -> None:
    text = (
        "Redundant System Information :\n------\n  Configured Redundancy Mode = SSO\n\n"
        "Peer (slot: 6, state: ACTIVE) information is not available because this is the standby "
        "processor\n"
    )
    found = state({"show redundancy": text})
    assert found.redundancy.peer_state == "ACTIVE"
    assert found.unknown == ()


def test_c14_a_card_without_a_type_is_a_card() -> None:
    text = (
        "Chassis type: C8500-12X4QC\n\nSlot   Type         State   Insert time (ago)\n"
        "R0        C8500-12X4QC        ok                    08:41:56\n"
        "R0/0                         init, standby         08:41:56\n"
        "P1        PWR-CH1-750WACR     ps, fail              08:41:42\n"
    )
    assert state({"show platform": text}).unknown == ()
