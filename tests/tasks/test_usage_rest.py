"""Usage by the router's own REST interface: the same files, the same safety, TLS by default."""

from __future__ import annotations

import logging
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from kit.routers import slp_router
from kit.serving import PASSWORD, SECRETS, Served, scenario, serving
from slp_cli.main import run as slp
from slp_core.errors import AuthFailed, CommandRejected, ConnectFailed, StepFailed, UsageError
from slp_core.files import read_license_file
from slp_exchange.router_rest import RestLogin, RouterRest, usage_file
from slp_fleet.phases import Pace
from slp_lab.demo.cssm import CssmPages, NotYet

HTTP = ["ip http server", "ip http authentication local", "license smart transport off"]


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A router under SLP over SSH and HTTP, its REST interface in the inventory."""
    made = scenario(slp_router(config=HTTP))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(made.login.password.partition(":")[2], PASSWORD)
    quick = Pace(floor=0.02, ceiling=0.2, settle_floor=0.3, tick=0.02)
    monkeypatch.setattr("slp_fleet.api.Pace", lambda: quick)
    monkeypatch.chdir(tmp_path)
    with serving(made, tmp_path, speed=300.0) as served:
        port = served.facts["routers_http_port"]
        say(served, {"scheme": "http", "port": port, "verify": False})
        wait_for(f"http://{served.address('r1')}:{port}/smartlic-service/list")
        yield served
    logging.getLogger("dbos").handlers.clear()


def say(served: Served, rest: dict[str, Any] | None) -> None:
    """Writes ``data.slp.rest`` of the router into the inventory."""
    path = served.inventory / "hosts.yaml"
    hosts = yaml.safe_load(path.read_text())
    hosts["r1"].setdefault("data", {}).setdefault("slp", {})["rest"] = rest
    path.write_text(yaml.safe_dump(hosts))


def wait_for(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(url, trust_env=False, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers at {url}")


def command(served: Served, *words: str) -> int:
    return slp([*words, "--inventory", str(served.inventory)])


@pytest.mark.slow
def test_usage_goes_out_and_its_answer_comes_in_by_rest(
    lab: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "reports"
    assert command(lab, "usage", "collect", "--rest", "--to", str(to), "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "> POST /smartlic-service/close-reports" in shown
    assert "> GET /smartlic-service/all-reports" in shown
    assert not to.exists()
    assert command(lab, "usage", "collect", "--rest", "--to", str(to), "--yes") == 0
    report = to / "r1" / "usage_report"
    found = read_license_file(report.read_bytes(), where="report")
    assert (found.kind, found.udis[0].sn) == ("usage", "FDO0000")
    files = lab.ssh("r1", "dir bootflash:").stdout
    assert b"usage_report" not in files, "nothing is written to flash"
    pages = CssmPages(lab.facts["http"])
    upload, ack = pages.upload_usage(report), b""
    for _ in range(200):
        try:
            ack = pages.acknowledgement(upload)
            break
        except NotYet:
            time.sleep(0.05)
    answer = tmp_path / "ack.txt"
    answer.write_bytes(ack)
    done = command(lab, "usage", "import", "--rest", "--file", str(answer), "--yes")
    said = capsys.readouterr()
    assert done == 0, said.out + said.err
    assert b"Last ACK received: <none>" not in lab.ssh("r1", "show license status").stdout
    assert PASSWORD not in said.out + said.err
    for path in (lab.inventory / ".slp").rglob("*"):
        if path.is_file() and "backup" not in path.parts:
            assert PASSWORD.encode() not in path.read_bytes(), path


def test_a_host_without_rest_data_is_told_what_to_give(
    lab: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    say(lab, None)
    assert command(lab, "usage", "save", "--rest", "--yes") != 0
    assert "data.slp.rest" in " ".join(capsys.readouterr().err.split())


def test_a_password_crosses_in_clear_only_where_the_inventory_says_so(
    lab: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    say(lab, {"scheme": "http", "port": lab.facts["routers_http_port"]})
    assert command(lab, "usage", "save", "--rest", "--yes") != 0
    assert "in clear" in " ".join(capsys.readouterr().err.split())


def test_the_task_is_changed_once_and_days_are_asked_for(lab: Served, tmp_path: Path) -> None:
    from slp_tasks.inventory import load_nornir
    from slp_tasks.steps.usage_save import usage_save

    nornir = load_nornir(lab.inventory)
    for changed in (True, False):
        given = {"by": "rest", "what": "days", "days": 30, "files": tmp_path / "files"}
        done = nornir.run(task=usage_save, **given)["r1"][0]
        assert not done.failed, done.exception
        assert done.changed is changed
    assert (tmp_path / "files" / "r1" / "out" / "usage_report_days_30").is_file()


# --- the client ----------------------------------------------------------------------------------


def login(url: str = "https://192.0.2.1", **more: Any) -> RestLogin:
    return RestLogin(url=url, username="admin", password="s3cret-9", where="r1", **more)


def answering(status: int, body: Any = None) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, json=body or {}))


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, None, AuthFailed, "refused the login"),
        (404, None, CommandRejected, "17.3.2 or newer"),
        (400, {"error": "UDI mismatch"}, StepFailed, "UDI mismatch"),
        (500, None, StepFailed, "HTTP 500"),
    ],
)
def test_what_a_router_answers_is_told(
    status: int, body: Any, error: type[Exception], words: str
) -> None:
    with (
        RouterRest(login(), transport=answering(status, body)) as rest,
        pytest.raises(error, match=words) as caught,
    ):
        rest.import_file(b"<x/>")
    assert "s3cret-9" not in str(caught.value)


def test_a_wrong_password_is_offered_once() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(401)

    with (
        RouterRest(login(), transport=httpx.MockTransport(answer)) as rest,
        pytest.raises(AuthFailed),
    ):
        rest.reports()
    assert len(asked) == 1


def test_what_is_signed_stays_as_it_came() -> None:
    report = {"payload": '{"a": "]]>  \\u00e4 ä"}', "signature": {"value": "x=="}}
    data = usage_file([report])
    import json
    import xml.etree.ElementTree as ET

    element = ET.fromstring(data).find("RUMReport")
    assert element is not None
    assert json.loads(element.text or "") == report


def test_clear_http_needs_the_opt_out() -> None:
    with pytest.raises(UsageError, match="in clear"):
        RouterRest(login("http://192.0.2.1"))
    with RouterRest(login("http://192.0.2.1", verify=False)):
        pass


def test_the_password_is_not_shown() -> None:
    assert "s3cret-9" not in repr(login())


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server with a certificate of its own: its URL, and the certificate."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out",
         str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"usage": []}')

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", certificate
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_a_certificate_is_verified_unless_the_inventory_opts_out(tls: tuple[str, Path]) -> None:
    url, certificate = tls
    with RouterRest(login(url)) as rest, pytest.raises(ConnectFailed, match="not trusted"):
        rest.reports()
    with RouterRest(login(url, ca=str(certificate))) as rest:
        assert rest.reports() == ()
    with RouterRest(login(url, verify=False)) as rest:
        assert rest.reports() == ()
