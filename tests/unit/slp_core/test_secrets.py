"""F31: secrets are references, and their values appear nowhere."""

import base64
import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest

from slp_core.errors import SecretError
from slp_core.secrets import MASK, RedactingFilter, Redactor, SecretStore, is_reference

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
