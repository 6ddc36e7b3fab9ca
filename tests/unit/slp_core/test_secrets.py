"""F31: secrets are references, and their values appear nowhere."""

import base64
import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest

from slp_core.errors import SecretError
from slp_core.secret_lines import MASK
from slp_core.secrets import RedactingFilter, Redactor, SecretStore, is_reference

TOKEN = "ZmFrZS10b2tlbg%3D/+Zx9~q"


def test_references_are_resolved_from_where_they_point(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SLP_TEST_TOKEN", "from-the-environment")
    (tmp_path / "token").write_text("from-a-file\n")
    store = SecretStore(tmp_path, ask=lambda _: "from-a-person")
    assert store.resolve("env:SLP_TEST_TOKEN") == "from-the-environment"
    assert store.resolve("file:token") == "from-a-file"
    assert store.resolve("prompt:token") == "from-a-person"


@pytest.mark.parametrize(
    "reference", ["env:SLP_NOT_SET_ANYWHERE", "file:/no/such/file", "plain-value"]
)
def test_what_cannot_be_resolved_is_said_without_a_value(reference: str) -> None:
    with pytest.raises(SecretError) as caught:
        SecretStore().resolve(reference)
    assert "plain-value" not in str(caught.value)
    assert caught.value.remedy


def test_references_are_told_from_values() -> None:
    assert is_reference("env:X")
    assert not is_reference("hunter2")


@pytest.mark.parametrize(
    "shown",
    [
        TOKEN,
        json.dumps({"t": TOKEN}),
        quote(TOKEN, safe=""),
        base64.b64encode(TOKEN.encode()).decode(),
        base64.b64encode(b"x" + TOKEN.encode() + b"yz").decode(),
        base64.b64encode(b"xy" + TOKEN.encode()).decode(),
    ],
)
def test_f31_a_known_secret_is_masked_in_every_form(shown: str) -> None:
    redactor = Redactor()
    redactor.add(TOKEN)
    masked = redactor.mask(f"before {shown} after")
    assert MASK in masked
    assert shown not in masked
    assert "before " in masked


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("license smart trust idtoken abcdef0123 local force", "abcdef0123"),
        ("license smart register idtoken abcdef0123", "abcdef0123"),
        ("enable secret 9 $9$abcdefgh", "$9$abcdefgh"),
        ("username admin privilege 15 secret 5 $1$xyz", "$1$xyz"),
    ],
)
def test_f31_what_looks_like_a_secret_is_masked_unseen(line: str, secret: str) -> None:
    masked = Redactor().mask(line)
    assert secret not in masked
    assert masked.split()[0] == line.split()[0]


@pytest.mark.parametrize(
    ("line", "secrets"),
    [
        (" key 7 0822455D0A16", ["0822455D0A16"]),
        (" key Plain-Key-1", ["Plain-Key-1"]),
        (" key 12345678", ["12345678"]),
        ("tacacs-server key Tac-Key-1", ["Tac-Key-1"]),
        ("tacacs-server host 10.0.0.1 timeout 5 key 7 13061E010803", ["13061E010803"]),
        ("radius-server key 6 RadiusKey6", ["RadiusKey6"]),
        ("radius-server host 10.0.0.2 auth-port 1812 key Rad-Key-1", ["Rad-Key-1"]),
        ("server-private 10.0.0.3 key 7 070C285F4D06", ["070C285F4D06"]),
        (" pre-shared-key Ike-Key-1", ["Ike-Key-1"]),
        (" pre-shared-key local 6 Ike-Key-2", ["Ike-Key-2"]),
        (" pre-shared-key address 0.0.0.0 0.0.0.0 key Ike-Key-3", ["Ike-Key-3"]),
        ("crypto isakmp key Ike-Key-4 address 10.0.0.4", ["Ike-Key-4"]),
        ("crypto isakmp key 6 Ike-Key-5 hostname peer", ["Ike-Key-5"]),
        (
            "snmp-server user nms ops v3 auth sha Auth-Key-1 priv aes 128 Priv-Key-1 access 7",
            ["Auth-Key-1", "Priv-Key-1"],
        ),
        ("snmp-server user nms ops v3 encrypted auth md5 0A:1B:2C priv des 3D:4E", ["0A:1B", "4E"]),
        ("snmp-server user nms ops v3 auth sha-2 256 Auth-Key-2", ["Auth-Key-2"]),
        ("ip http client password 7 045802150C2E", ["045802150C2E"]),
        ("ip http client password Http-Word-1", ["Http-Word-1"]),
        ("ip ftp password Ftp-Word-1", ["Ftp-Word-1"]),
    ],
)
def test_f31_keys_of_a_configuration_are_masked_unseen(line: str, secrets: list[str]) -> None:
    text = f"hostname r1\n{line}\nend"
    masked = Redactor().mask(text)
    for secret in secrets:
        assert secret not in masked
    assert masked.startswith("hostname r1\n")
    assert masked.endswith("\nend")
    assert Redactor().mask(masked) == masked
    assert masked.splitlines()[1].split()[0] == line.split()[0]


@pytest.mark.parametrize(
    "line",
    [
        "key chain OSPF",
        " key 1",
        "crypto key generate rsa modulus 2048",
        "crypto key pubkey-chain rsa",
        " authentication pre-share",
        "snmp-server user nms ops v3",
        "aaa authentication login default group tacacs+ local",
        "ip ssh server algorithm publickey ssh-rsa",
        "the key is not known here",
    ],
)
def test_what_only_looks_like_a_key_stays_readable(line: str) -> None:
    text = f"hostname r1\n{line}\nend"
    assert Redactor().mask(text) == text


def test_masking_takes_linear_time() -> None:
    import time

    def seconds(count: int) -> float:
        text = "snmp-server user a b v3 auth " * count + " key" * count + "\n"
        begun = time.process_time()
        Redactor().mask(text)
        return time.process_time() - begun

    assert seconds(2000) < 2.0


def test_f31_logs_carry_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    from slp_core.secrets import REDACTOR

    REDACTOR.add("sUp3r-sEcret-value")
    logger = logging.getLogger("scrapli.test")
    guard = RedactingFilter()
    logger.addFilter(guard)
    try:
        with caplog.at_level(logging.INFO):
            logger.info("sending channel input: %s", "sUp3r-sEcret-value")
    finally:
        logger.removeFilter(guard)
    assert "sUp3r-sEcret-value" not in caplog.text
    assert MASK in caplog.text
