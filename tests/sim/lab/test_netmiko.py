"""A lab met by netmiko (and paramiko beneath it): commands, configuration, files both ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from netmiko import ConnectHandler, file_transfer

from kit.serving import PASSWORD, scenario, serving


@pytest.mark.slow  # netmiko waits by fixed times
def test_netmiko_works_a_router_and_copies_files_both_ways(tmp_path: Path) -> None:
    content = bytes(range(256)) * 100
    (tmp_path / "there.bin").write_bytes(content)
    with serving(scenario({"name": "r1", "family": "s1_registered"}), tmp_path) as lab:
        connection = ConnectHandler(
            device_type="cisco_xe",
            host=lab.address("r1"),
            port=lab.facts["port"],
            username="admin",
            password=PASSWORD,
            ssh_strict=True,
            alt_host_keys=True,
            alt_key_file=str(lab.inventory / "known_hosts"),
        )
        assert connection.find_prompt() == "r1#"
        assert "ISR_4400_Hsec" in connection.send_command("show license summary")
        assert "r2(config)#" in connection.send_config_set(["hostname r2"])
        connection.set_base_prompt()
        assert "[OK]" in connection.save_config()
        common = {"file_system": "bootflash:"}
        put = file_transfer(
            connection,
            source_file=str(tmp_path / "there.bin"),
            dest_file="copy.bin",
            direction="put",
            **common,
        )
        got = file_transfer(
            connection,
            source_file="copy.bin",
            dest_file=str(tmp_path / "back.bin"),
            direction="get",
            **common,
        )
        connection.disconnect()
    assert put["file_verified"]
    assert got["file_verified"]
    assert (tmp_path / "back.bin").read_bytes() == content
