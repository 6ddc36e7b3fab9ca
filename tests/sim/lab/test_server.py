"""A lab behind SSH, met by clients that are not ours: OpenSSH by hand, asyncssh's SCP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import httpx
import pytest

from kit.serving import PASSWORD, SECRETS, Served, scenario, serving
from slp_sim.scenario import generate


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    routers = [
        {"name": "hub", "family": "s1_registered"},
        {"name": "branch", "family": "s4_evaluation"},
        {"name": "victim", "family": "s6_rtu", "router": {"banner_login": "Staff only"}},
    ]
    with serving(scenario(*routers), tmp_path_factory.mktemp("lab")) as served:
        yield served


def until(ask, seconds: float = 15.0):
    """Asks until the answer is true, and returns it."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
    return answer


def test_openssh_gets_the_output_of_one_command(lab: Served) -> None:
    done = lab.ssh("hub", "show license summary")
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert text.startswith("Smart Licensing is ENABLED\r\n")
    assert "ISR_4400_Hsec" in text
    assert "hub#" not in text


def test_the_login_banner_comes_before_the_password(lab: Served) -> None:
    done = lab.ssh("victim", "show clock")
    assert "Staff only" in done.stderr.decode()
    assert "Staff only" not in done.stdout.decode()
    refused = lab.ssh("victim", "show clock", password="wrong")
    assert refused.returncode == 255
    assert "Staff only" in refused.stderr.decode()


def test_messages_come_to_a_session_that_monitors_while_nobody_types(lab: Served) -> None:
    async def watch() -> str:
        async with asyncssh.connect(
            lab.address("hub"),
            lab.facts["port"],
            username="admin",
            password=PASSWORD,
            known_hosts=None,
            config=None,
            client_keys=None,
        ) as connection:
            process = await connection.create_process(term_type="vt100")
            process.stdin.write("terminal monitor\n")
            text = ""
            while text.count("hub#") < 2:
                text += await process.stdout.read(65536)
            other = await connection.run("reload in 600", input="\n", check=False)
            assert "Reload scheduled" in str(other.stdout)
            while "%SYS-5-SCHEDULED_RELOAD" not in text:
                text += await asyncio.wait_for(process.stdout.read(65536), 30)
            done = await connection.run("reload cancel", check=False)
            assert "SHUTDOWN ABORTED" in str(done.stdout)
            return text

    assert "%SYS-5-SCHEDULED_RELOAD: Reload requested" in asyncio.run(watch())


def test_openssh_waits_for_a_command_that_takes_time(lab: Served) -> None:
    done = lab.ssh("branch", "write memory", input=b"")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"Building configuration...\r\n[OK]\r\n"


def test_openssh_answers_the_question_of_a_command(lab: Served) -> None:
    done = lab.ssh("branch", "copy running-config startup-config", input=b"\n")
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert text.startswith("Destination filename [startup-config]? ")
    assert text.endswith("[OK]\r\n")


def test_openssh_leaves_a_question_that_nobody_answers(lab: Served) -> None:
    done = lab.ssh("branch", "reload", input=b"")
    assert "[confirm]" in done.stdout.decode()
    assert lab.ssh("branch", "show clock", input=b"").returncode == 0


def test_openssh_gets_a_session_with_banner_prompt_and_exit(lab: Served) -> None:
    typed = b"terminal length 0\nshow clock\nconfigure terminal\nend\nexit\n"
    done = lab.ssh("branch", "-tt", input=typed)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "branch#show clock\r\n" in text
    assert "branch(config)#end" in text
    assert "UTC Mon Aug 2 2021" in text


def test_each_router_has_an_address_and_a_known_host_key_of_its_own(lab: Served) -> None:
    rows = (lab.inventory / "known_hosts").read_text().splitlines()
    assert len({row.split()[0] for row in rows}) == 3
    assert len({row.split()[2] for row in rows}) == 3
    assert rows[0].startswith(f"[{lab.address('hub')}]:{lab.facts['port']} ssh-ed25519 ")


def test_f28_a_wrong_password_is_refused(lab: Served) -> None:
    done = lab.ssh("hub", "show clock", password="wrong")
    assert done.returncode == 255
    assert b"Permission denied" in done.stderr


def test_f32_a_changed_host_key_is_noticed_by_the_client(lab: Served, tmp_path: Path) -> None:
    known = lab.inventory / "known_hosts"
    hub, branch, *_ = known.read_text().splitlines()
    swapped = tmp_path / "known_hosts"
    swapped.write_text(f"{hub.split()[0]} {branch.split(maxsplit=1)[1]}\n")
    done = lab.ssh("hub", "show clock", known_hosts=swapped)
    assert done.returncode == 255
    assert b"HOST IDENTIFICATION HAS CHANGED" in done.stderr


def test_scp_copies_both_ways_byte_for_byte(lab: Served, tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "there").write_bytes(content)
    where = f"admin@{lab.address('hub')}:bootflash:copy.bin"
    put = lab.openssh("scp", "-O", str(tmp_path / "there"), where)
    assert put.returncode == 0, put.stderr
    got = lab.openssh("scp", "-O", where, str(tmp_path / "back"))
    assert got.returncode == 0, got.stderr
    assert (tmp_path / "back").read_bytes() == content
    assert b"copy.bin" in lab.ssh("hub", "dir bootflash:").stdout


def test_scp_copies_the_configuration_off(lab: Served, tmp_path: Path) -> None:
    where = f"admin@{lab.address('hub')}:system:running-config"
    assert lab.openssh("scp", "-O", where, str(tmp_path / "running")).returncode == 0
    assert b"\nhostname " in (tmp_path / "running").read_bytes()


def test_scp_without_a_name_keeps_the_files_own(lab: Served, tmp_path: Path) -> None:
    (tmp_path / "own-name.txt").write_bytes(b"x")
    where = f"admin@{lab.address('hub')}:flash:"
    assert lab.openssh("scp", "-O", str(tmp_path / "own-name.txt"), where).returncode == 0
    assert b"own-name.txt" in lab.ssh("hub", "dir bootflash:").stdout


def test_scp_names_what_is_missing(lab: Served, tmp_path: Path) -> None:
    where = f"admin@{lab.address('hub')}:bootflash:nothing.bin"
    done = lab.openssh("scp", "-O", where, str(tmp_path / "x"))
    assert done.returncode == 1
    assert b"No such file" in done.stderr


def test_there_is_no_sftp_as_on_a_router(lab: Served, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    where = f"admin@{lab.address('hub')}:bootflash:f"
    assert lab.openssh("scp", "-s", str(tmp_path / "f"), where).returncode == 255


def test_asyncssh_copies_both_ways(lab: Served, tmp_path: Path) -> None:
    content = b"0123456789" * 70_000
    (tmp_path / "a").write_bytes(content)

    async def both() -> None:
        async with asyncssh.connect(
            lab.address("branch"),
            lab.facts["port"],
            username="admin",
            password=PASSWORD,
            known_hosts=str(lab.inventory / "known_hosts"),
            config=None,
            client_keys=None,
        ) as connection:
            await asyncssh.scp(str(tmp_path / "a"), (connection, "bootflash:/a.bin"))
            await asyncssh.scp((connection, "bootflash:a.bin"), str(tmp_path / "b"))

    asyncio.run(both())
    assert (tmp_path / "b").read_bytes() == content


def test_f01_f02_a_reload_cuts_every_session_refuses_and_comes_back_newer(lab: Served) -> None:
    before = httpx.get(f"{lab.facts['http']}/lab/routers/victim").json()["boots"]
    done = lab.ssh("victim", "-tt", input=b"reload\n\n")
    assert done.returncode == 255
    assert b"closed" in done.stderr
    refused = lab.ssh("victim", "show clock")
    if refused.returncode == 255:  # 600 times as fast, 240 s of boot are 0.4 s
        assert b"refused" in refused.stderr or b"closed" in refused.stderr
    until(lambda: lab.ssh("victim", "show version").returncode == 0)
    after = httpx.get(f"{lab.facts['http']}/lab/routers/victim").json()
    assert after["boots"] == before + 1
    assert after["up"]


def test_a_person_can_see_the_lab_and_cssm_in_a_browser(lab: Served) -> None:
    page = httpx.get(f"{lab.facts['http']}/cssm", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "Update reserved licences" in page.text
    assert "Router US Export Lic. for DNA" in page.text
    state = httpx.get(f"{lab.facts['http']}/lab").json()
    assert set(state["routers"]) == {"hub", "branch", "victim"}


def test_f31_no_secret_stands_in_any_file_or_page_of_the_lab(lab: Served) -> None:
    planted = [PASSWORD, *SECRETS.values()]
    texts = [p.read_bytes() for p in lab.folder.rglob("*") if p.is_file()]
    base = lab.facts["http"]
    texts += [httpx.get(f"{base}{p}").content for p in ("/cssm", "/lab", "/cssm/instances")]
    assert len(texts) > 8
    for value in planted:
        assert not any(value.encode() in text for text in texts)


def test_a_page_of_another_site_cannot_post_here(lab: Served) -> None:
    head = {"origin": "https://evil.example"}
    done = httpx.post(f"{lab.facts['http']}/cssm/tokens", headers=head, data={"name": "x"})
    assert done.status_code == 403
    foreign = httpx.get(f"{lab.facts['http']}/lab", headers={"host": "evil.example"})
    assert foreign.status_code == 400


def test_a_key_of_the_scenario_logs_in(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    line = key.export_public_key("openssh").decode().strip()
    made = scenario({"name": "r1", "family": "s6_rtu"}, login={"authorized_keys": [line]})

    async def clock(served: Served) -> str:
        async with asyncssh.connect(
            served.address("r1"),
            served.facts["port"],
            username="admin",
            client_keys=[key],
            known_hosts=str(served.inventory / "known_hosts"),
            config=None,
            preferred_auth=["publickey"],
        ) as connection:
            return str((await connection.run("show clock")).stdout)

    with serving(made, tmp_path) as served:
        assert "2021" in asyncio.run(clock(served))


def test_a_hundred_routers_listen_and_the_last_one_answers(tmp_path: Path) -> None:
    with serving(generate(100), tmp_path) as served:
        assert served.facts["routers"] == 100
        assert len((served.inventory / "known_hosts").read_text().splitlines()) == 100
        done = served.ssh("r100", "show version | include uptime")
        assert done.stdout.startswith(b"r100 uptime is")


def test_what_was_written_is_gone_or_harmless_when_the_lab_has_ended(tmp_path: Path) -> None:
    with serving(scenario({"name": "r1", "family": "s6_rtu"}), tmp_path) as served:
        facts = json.loads((served.folder / "lab.json").read_text())
        assert facts["http"] == served.facts["http"]
    assert not (tmp_path / "lab" / "lab.json").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(facts["http"])


def test_f32_the_key_in_known_hosts_is_not_the_routers(tmp_path: Path) -> None:
    made = scenario({"name": "r1", "family": "s6_rtu", "faults": ["F32"]})
    with serving(made, tmp_path) as served:
        assert b"HOST IDENTIFICATION HAS CHANGED" in served.ssh("r1", "show clock").stderr


def test_f32_the_key_changes_with_a_reload(tmp_path: Path) -> None:
    made = scenario({"name": "r1", "family": "s6_rtu", "faults": ["F32-reload"]})
    with serving(made, tmp_path) as served:
        assert served.ssh("r1", "show clock").returncode == 0
        served.ssh("r1", "-tt", input=b"reload\n\n")
        until(lambda: b"CHANGED" in served.ssh("r1", "show clock").stderr)
