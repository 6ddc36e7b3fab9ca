"""OpenSSH's own `ssh` and `scp`, as a person would use them."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from interop.network import Network, Router


class OpenSsh:
    """`ssh` and `scp` without a terminal: the password comes from an askpass program."""

    def __init__(self, network: Network, folder: Path) -> None:
        self._network = network
        askpass = folder / "askpass"
        askpass.write_text("#!/bin/sh\nprintf '%s\\n' \"$LAB_PASSWORD\"\n", "utf-8")
        askpass.chmod(0o700)
        self._askpass = askpass
        self._known = network.known_hosts

    def run(
        self, program: str, router: Router, *words: str, typed: str = "", password: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Runs `ssh` or `scp`; `{to}` in a word stands for `user@address`."""
        port = "-p" if program == "ssh" else "-P"
        options = (f"UserKnownHostsFile={self._known}", "StrictHostKeyChecking=yes")
        command = [program, "-F", "none", port, str(router.port)]
        for option in (*options, "NumberOfPasswordPrompts=1", "LogLevel=ERROR"):
            command += ["-o", option]
        target = f"{router.username}@{router.address}"
        return subprocess.run(
            [*command, *(word.format(to=target) for word in words)],
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=20,
            check=False,
            start_new_session=True,  # no terminal to ask at
            env={
                **os.environ,
                "SSH_ASKPASS": str(self._askpass),
                "SSH_ASKPASS_REQUIRE": "force",
                "LAB_PASSWORD": password or router.password,
                "DISPLAY": "none",
            },
        )


@pytest.fixture
def openssh(network: Network, tmp_path: Path) -> OpenSsh:
    return OpenSsh(network, tmp_path)


def test_one_command_prints_its_output_alone(openssh: OpenSsh, network: Network) -> None:
    router = network.routers["slp173"]
    done = openssh.run("ssh", router, "{to}", "show license udi")
    assert done.returncode == 0, done.stderr
    said = done.stdout.replace("\r", "").strip()
    assert said == f"UDI: PID:{router.spec['pid']},SN:{router.spec['serial']}"


def test_a_session_shows_prompt_and_echo(openssh: OpenSsh, network: Network) -> None:
    router = network.routers["registered"]
    typed = "terminal length 0\nshow clock\nconfigure terminal\nend\nexit\n"
    done = openssh.run("ssh", router, "-tt", "{to}", typed=typed)
    said = done.stdout.replace("\r", "")
    assert f"{router.hostname}#show clock\n" in said
    assert f"\n{router.hostname}(config)#end\n" in said
    assert said.rstrip().endswith(f"{router.hostname}#exit")


def test_a_page_ends_in_more_and_a_key_goes_on(openssh: OpenSsh, network: Network) -> None:
    router = network.routers["registered"]
    typed = "terminal length 10\nshow version\n" + " " * 20 + "\nexit\n"
    done = openssh.run("ssh", router, "-tt", "{to}", typed=typed)
    assert " --More-- " in done.stdout
    assert "Configuration register is 0x2102" in done.stdout


def test_a_wrong_password_is_refused(openssh: OpenSsh, network: Network) -> None:
    done = openssh.run("ssh", network.routers["slp173"], "{to}", "show clock", password="wrong")
    assert done.returncode == 255
    assert "Permission denied" in done.stderr


def test_an_unknown_host_key_is_refused(openssh: OpenSsh, network: Network, tmp_path: Path) -> None:
    lines = network.known_hosts.read_text("ascii").splitlines()
    places, keys = zip(*(line.split(" ", 1) for line in lines), strict=True)
    swapped = [f"{p} {k}" for p, k in zip(places, (*keys[1:], keys[0]), strict=True)]
    (tmp_path / "swapped").write_text("\n".join(swapped) + "\n", "ascii")
    openssh._known = tmp_path / "swapped"
    done = openssh.run("ssh", network.routers["slp173"], "{to}", "show clock")
    assert done.returncode == 255
    assert "verification failed" in done.stderr


def test_scp_carries_a_file_both_ways(openssh: OpenSsh, network: Network, tmp_path: Path) -> None:
    router = network.routers["slp176"]
    sent, back = tmp_path / "sent.bin", tmp_path / "back.bin"
    sent.write_bytes(os.urandom(300_000) + b"\r\n\x03\x1a\x00end")
    there = "{to}:bootflash:openssh.bin"
    put = openssh.run("scp", router, "-O", str(sent), there)
    assert put.returncode == 0, put.stderr
    told = openssh.run("ssh", router, "{to}", "verify /md5 bootflash:openssh.bin")
    assert hashlib.md5(sent.read_bytes()).hexdigest() in told.stdout
    got = openssh.run("scp", router, "-O", there, str(back))
    assert got.returncode == 0, got.stderr
    assert back.read_bytes() == sent.read_bytes()


def test_scp_says_when_there_is_no_such_file(
    openssh: OpenSsh, network: Network, tmp_path: Path
) -> None:
    there = "{to}:bootflash:nowhere.bin"
    done = openssh.run("scp", network.routers["slp176"], "-O", there, str(tmp_path / "x"))
    assert done.returncode != 0
    assert "No such file or directory" in done.stderr


def test_sftp_is_not_there_as_on_a_router(
    openssh: OpenSsh, network: Network, tmp_path: Path
) -> None:
    there = "{to}:bootflash:packages.conf"
    done = openssh.run("scp", network.routers["slp176"], "-s", there, str(tmp_path / "x"))
    assert done.returncode != 0
    assert "subsystem request failed" in done.stderr
