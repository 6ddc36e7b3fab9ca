"""Why licensing failed, by what the router logs."""

from __future__ import annotations

import pytest

from slp_tasks.syslog_causes import cause_of


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Communications failure: TLS handshake failed", "tls"),
        ("SSL certificate problem: unable to get local issuer certificate", "tls"),
        ("Fail to send out Call Home HTTP message: cannot resolve host", "dns"),
        ("the request timed out", None),
    ],
)
def test_msg_4_a_tls_reason_names_the_trustpoint_and_no_other_does(
    said: str, cause: str | None
) -> None:
    found = cause_of(said)
    assert (found.name if found else None) == cause
    trustpoint = "secure-trustpoint SLA-TrustPoint"
    assert bool(found and found.remedy and trustpoint in found.remedy) is (cause == "tls")
