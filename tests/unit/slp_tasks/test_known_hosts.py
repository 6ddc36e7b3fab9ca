"""Which host keys are accepted, by OpenSSH's file: ports, patterns, hashes, revocation (F32)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import subprocess
from pathlib import Path

import pytest

from scrapli_slpssh2.known_hosts import fingerprint, read_entries, refusal, verdict

KEY, OTHER = b"\0\0\0\x07ssh-rsa-mine", b"\0\0\0\x07ssh-rsa-other"


def line(hosts: str, key: bytes = KEY, marker: str = "") -> str:
    return f"{marker}{hosts} ssh-rsa {base64.b64encode(key).decode()} comment\n"


def hashed(name: str) -> str:
    salt = b"0123456789abcdef0123"
    digest = hmac.new(salt, name.encode(), hashlib.sha1).digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    ("text", "port", "expected"),
    [
        (line("r1"), 22, "known"),
        (line("R1"), 22, "known"),
        (line("[r1]:2222"), 2222, "known"),
        (line("[r1]:2222"), 22, "unknown"),
        (line("r1"), 2222, "known"),
        (line("[r1]:2222", OTHER) + line("r1"), 2222, "changed"),
        (line("r0,r1,10.0.0.1"), 22, "known"),
        (line("r*,!r1"), 22, "unknown"),
        (line("r?"), 22, "known"),
        (line("[r*]:2222"), 2222, "known"),
        (line(hashed("r1")), 22, "known"),
        (line(hashed("[r1]:2222")), 2222, "known"),
        (line(hashed("r2")), 22, "unknown"),
        (line("r1", OTHER), 22, "changed"),
        (line("r1", OTHER) + line("r1"), 22, "known"),
        (line("r1", marker="@revoked "), 22, "revoked"),
        (line("r1") + line("*", marker="@revoked "), 22, "revoked"),
        (line("*", marker="@cert-authority "), 22, "unknown"),
        ("# comment\n\nbroken line\nr1 ssh-rsa not-base64!\n", 22, "unknown"),
    ],
)
def test_f32_verdict(tmp_path: Path, text: str, port: int, expected: str) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(text)
    assert verdict(read_entries(file), "r1", port, KEY) == expected


def test_no_file_means_unknown(tmp_path: Path) -> None:
    assert verdict(read_entries(tmp_path / "none"), "r1", 22, KEY) == "unknown"


def test_a_refusal_says_which_key_and_which_file(tmp_path: Path) -> None:
    said = refusal((), "r1", 2222, KEY, "known_hosts")
    assert said == f"host key {fingerprint(KEY)} of r1:2222 is not in known_hosts"


def test_fingerprints_are_those_of_ssh_keygen(tmp_path: Path) -> None:
    key = tmp_path / "key"
    made = subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=False
    )
    if made.returncode:
        pytest.skip("no ssh-keygen here")
    public = key.with_suffix(".pub")
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(public)], check=True, capture_output=True, text=True
    ).stdout
    assert fingerprint(base64.b64decode(public.read_text().split()[1])) in shown
