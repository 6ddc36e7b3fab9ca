"""Planted secrets are searched for in everything that a migration leaves behind (F31)."""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest

from kit.labs import PASSWORD, SECRETS, bench

ENABLE = "en4ble-Unique-77"
SNMP = "commun1ty-Unique-88"


def forms(secret: str) -> list[bytes]:
    plain = secret.encode()
    return [plain, base64.b64encode(plain), quote(secret, safe="").encode(), plain.hex().encode()]


@pytest.mark.parametrize("over", ["fake", "ssh"])
def test_f31_no_secret_outside_the_backup(
    tmp_path: Path, over: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    router = {"config": [f"snmp-server community {SNMP} RO", f"enable secret 0 {ENABLE}"]}
    spec = {"name": "r1", "family": "s4_evaluation", "router": router}
    with bench(tmp_path, spec, over=over) as made:
        ended = made.migrate(made.plan())
        assert all(e in ("done", "skipped") for _, e in ended), ended
        left = {p: p.read_bytes() for p in made.files().root.rglob("*") if p.is_file()}
        notes = json.dumps([made.notes, ended]).encode()
    logs = "\n".join(r.getMessage() for r in caplog.records if r.name.split(".")[0] != "asyncssh")
    out, err = capfd.readouterr()
    assert any(p.parent.name == "evidence" for p in left)
    for secret in (PASSWORD, SECRETS["SLP_TOKEN"], ENABLE, SNMP):
        for form in forms(secret):
            for path, data in left.items():
                if path.parent.name != "backup":
                    assert form not in data, path
            assert form not in notes
            assert form not in (logs + out + err).encode()


def test_what_stays_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    with bench(tmp_path, {"name": "r1", "family": "s2_slr"}) as made:
        made.migrate(made.plan())
        for path in made.files().root.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path
