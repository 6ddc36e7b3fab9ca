"""``/smartlic-service`` of a simulated router, asked by an HTTP client as people ask real ones."""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from kit.serving import PASSWORD, SECRETS, scenario, serving
from slp_sim.formats import read_report
from slp_sim.lab import Lab
from slp_sim.services.smartlic import listens, smartlic_app

ADDRESS = "127.70.1.1"
HTTP = ["ip http server", "ip http authentication local"]


def under_slp(release: str = "17.6.1", config: list[str] = HTTP, **more: Any) -> Lab:
    """Returns a lab of one router under SLP, with three licences in use for ten days."""
    licences = [
        {"feature": "appxk9", "tag": "ISR_4351_Application"},
        {"feature": "uck9", "tag": "ISR_4351_UnifiedCommunication"},
        {"feature": "securityk9", "tag": "ISR_4351_Security"},
    ]
    router = {
        "pid": "ISR4351/K9",
        "release": release,
        "config": config,
        "licensing": {"model": "slp", "licences": licences},
        **more,
    }
    path = {"dns": False, "cssm": False, "cslu": False}
    made = scenario({"name": "edge", "home": "Eg-SA-01/Eg-VA-01", "router": router, "path": path})
    return Lab.from_scenario(made, password=PASSWORD, secrets=SECRETS)


class Client:
    """Calls the routers' web application; each call in an event loop of its own."""

    def __init__(self, lab: Lab) -> None:
        self.router = lab.routers["edge"]
        self.lab = lab
        self._app = smartlic_app({ADDRESS: self.router}.get)

    def call(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        auth: tuple[str, str] | None = ("admin", PASSWORD),
        address: str = ADDRESS,
    ) -> httpx.Response:
        import asyncio

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            base = f"http://{address}"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(
                    method, f"/smartlic-service{path}", content=content, auth=auth
                )

        return asyncio.run(ask())

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.call("GET", path, **how)

    def post(self, path: str, content: bytes = b"", **how: Any) -> httpx.Response:
        return self.call("POST", path, content, **how)


@pytest.fixture
def client() -> Client:
    return Client(under_slp())


def test_reports_are_there_once_they_are_closed(client: Client) -> None:
    assert client.get("/all-reports").json() == {}
    assert client.post("/close-reports").status_code == 200
    usage = client.get("/all-reports").json()["usage"]
    assert len(usage) == 3
    for report in usage:
        assert set(report) == {"payload", "header", "signature"}
        assert report["header"] == {"type": "rum"}
        read = read_report(report)
        assert read.intact
        assert (read.pid, read.sn) == (client.router.pid, client.router.serial)
    assert client.get("/all-reports").json()["usage"] == usage, "a report never changes"


def test_the_table_of_contents_names_open_and_closed_reports(client: Client) -> None:
    client.post("/close-reports")
    rows = client.get("/list").json()["usage_list"]
    states = [r["state"] for r in rows]
    assert (states.count("CLOSED"), states.count("OPEN")) == (3, 3)
    closed = {r["report_id"] for r in rows if r["state"] == "CLOSED"}
    usage = client.get("/all-reports").json()["usage"]
    assert closed == {read_report(r).report_id for r in usage}
    assert all(r["end_time"] is None for r in rows if r["state"] == "OPEN")


def test_days_leave_older_reports_out(client: Client) -> None:
    client.post("/close-reports")
    client.lab.clock.advance(timedelta(days=20).total_seconds())  # type: ignore[attr-defined]
    client.post("/close-reports")
    client.lab.clock.advance(60)  # type: ignore[attr-defined]
    client.post("/close-reports")
    assert len(client.get("/days").json()["usage"]) == 9
    assert len(client.get("/days/10").json()["usage"]) == 3
    assert len(client.get("/days/40").json()["usage"]) == 9
    assert client.get("/days/0").status_code == 400
    assert client.get("/days/x").status_code == 404


@pytest.mark.parametrize("wrap", [bytes, base64.b64encode, base64.encodebytes])
def test_an_acknowledgement_is_imported_encoded_or_as_it_is(
    client: Client, wrap: Callable[[bytes], bytes]
) -> None:
    client.post("/close-reports")
    rows = client.get("/all-reports").json()["usage"]
    parts = "".join(f"<RUMReport><![CDATA[{json.dumps(r)}]]></RUMReport>" for r in rows)
    upload = client.lab.portal.upload_usage(
        f"<smartLicense>{parts}</smartLicense>".encode(), "edge.xml", "Eg-SA-01/Eg-VA-01"
    )
    assert upload.error is None
    client.lab.clock.advance(300)  # type: ignore[attr-defined]
    _, ack = client.lab.portal.ack(upload.id)
    answer = client.post("/import", wrap(ack))
    assert (answer.status_code, answer.json()) == (200, {})
    states = [r["state"] for r in client.get("/list").json()["usage_list"]]
    assert states.count("ACK") == 3
    assert client.router.agent.slp.last_ack is not None
    assert any("imported" in x for x in client.router.event_log)


def test_a_slac_is_imported(client: Client) -> None:
    router = client.router
    code = client.lab.portal.generate_slac(
        router.pid, router.serial, "ISR_4351_Hsec", 1, "Eg-SA-01/Eg-VA-01"
    )
    assert client.post("/import", code).status_code == 200
    assert router.agent.hseck9_allowed()


@pytest.mark.parametrize("body", [b"", b"nonsense!", b"<a/>", base64.b64encode(b"x"), b"<a>" * 9])
def test_a_wrong_import_is_refused_and_changes_nothing(client: Client, body: bytes) -> None:
    before = [(r.report_id, r.state) for r in client.router.agent.slp.reports]
    answer = client.post("/import", body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert [(r.report_id, r.state) for r in client.router.agent.slp.reports] == before


@pytest.mark.parametrize(
    "auth", [None, ("admin", "wrong"), ("nobody", PASSWORD), ("admin", ""), ("", PASSWORD)]
)
def test_nobody_passes_without_an_administrators_password(
    client: Client, auth: tuple[str, str] | None
) -> None:
    for method, path in (("GET", "/list"), ("POST", "/close-reports"), ("POST", "/import")):
        answer = client.call(method, path, b"", auth)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert "usage" not in answer.text
    assert not any("closed" in x for x in client.router.event_log)


def test_a_user_below_level_15_does_not_pass() -> None:
    users = [
        {"name": name, "password": PASSWORD, "privilege": level}
        for name, level in (("guest", 1), ("admin", 15))
    ]
    client = Client(under_slp(users=users))
    assert client.get("/list", auth=("guest", PASSWORD)).status_code == 401
    assert client.get("/list").status_code == 200


def test_without_local_authentication_the_enable_secret_counts() -> None:
    client = Client(under_slp(config=["ip http server"], enable_secret="open-Sesame"))
    assert client.get("/list").status_code == 401
    assert client.get("/list", auth=("anyone", "open-Sesame")).status_code == 200


@pytest.mark.parametrize(("release", "status"), [("17.3.2", 200), ("17.3.1", 404), ("17.9.4", 200)])
def test_the_service_is_there_from_17_3_2_on(release: str, status: int) -> None:
    client = Client(under_slp(release))
    assert client.get("/list").status_code == status


def test_another_address_is_no_router(client: Client) -> None:
    assert client.get("/list", address="127.0.0.1").status_code == 404


@pytest.mark.parametrize(
    ("config", "plain", "secure"),
    [
        (["ip http server"], True, False),
        (["ip http secure-server"], False, True),
        (["ip http server", "ip http secure-server"], True, True),
        (["no ip http server"], False, False),
        ([], False, False),
    ],
)
def test_a_router_listens_only_where_its_web_server_is_configured(
    config: list[str], plain: bool, secure: bool
) -> None:
    router = under_slp(config=config).routers["edge"]
    assert listens(router) is plain
    assert listens(router, secure=True) is secure


def answers(
    url: str, *, within: float = 10.0, verify: ssl.SSLContext | bool = True
) -> Iterator[bool]:
    """Yields whether something answers at a URL, until it has been asked long enough."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            httpx.get(url, trust_env=False, timeout=5, verify=verify)
            yield True
        except httpx.TransportError:
            yield False
        time.sleep(0.05)


def test_each_router_answers_at_its_own_address_once_its_web_server_is_configured(
    tmp_path: Path,
) -> None:
    lab = scenario(
        {"name": "on", "family": "s4_evaluation", "router": {"config": HTTP}},
        {"name": "off", "family": "s4_evaluation"},
    )
    with serving(lab, tmp_path) as served:
        port = served.facts["routers_http_port"]
        hosts = yaml.safe_load((served.inventory / "hosts.yaml").read_text())
        on, off = (f"http://{hosts[n]['hostname']}:{port}/smartlic-service/list" for n in hosts)
        assert any(answers(on))
        reply = httpx.get(on, auth=("admin", PASSWORD), trust_env=False)
        assert reply.status_code == 404, "it is not under SLP yet"
        with pytest.raises(httpx.ConnectError):
            httpx.get(off, trust_env=False)
        lines = "configure terminal\nip http server\nend\n"
        assert served.ssh("off", input=(lines + "exit\n").encode()).returncode == 0
        assert any(answers(off))
        lines = "configure terminal\nno ip http server\nend\n"
        assert served.ssh("off", input=(lines + "exit\n").encode()).returncode == 0
        assert any(not up for up in answers(off))
        lines = "configure terminal\nip http secure-server\nend\n"
        assert served.ssh("off", input=(lines + "exit\n").encode()).returncode == 0
        port = served.facts["routers_https_port"]
        secure = f"https://{hosts['off']['hostname']}:{port}/smartlic-service/list"
        trusted = ssl.create_default_context(cafile=served.facts["routers_certificate"])
        assert any(answers(secure, verify=trusted))
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(secure, trust_env=False)
        assert list(served.folder.glob(".*.key")) == [], "the private key stays nowhere"
