"""What a file or a person says never becomes a command of its own, by whichever step it goes.

With the first wall up, nothing begins. With the first wall taken away, nothing but printable lines
of our own making reaches the router.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.routers import slp_router
from slp_core import forms, typed
from slp_core.errors import SlpError
from slp_core.plan import RouterPlan, StepSpec
from slp_core.targets import Target, Topology
from slp_tasks.connection.by_scrapli import ScrapliStream

EVIL = ("\nusername evil privilege 15 secret x", "\rreload", "\x1a\nwrite erase", "\x03reload\n")
IMAGE = {"name": "x.bin", "size": 5, "source": "http://192.0.2.9/x.bin"}
TOPOLOGY = {"kind": "cslu", "url": "http://192.0.2.1:8182/cslu/v1/pi"}
PARAMS: dict[str, dict[str, Any]] = {
    "stage_image": {"image": IMAGE | {"vrf": "A", "source_interface": "Gi1"},
                           "filesystem": "bootflash:"},
    "install_add": {"file": "bootflash:x.bin", "release": "17.12.1"},
    "install_activate": {"release": "17.12.1", "file": "bootflash:x.bin"},
    "boot_variable": {"file": "bootflash:x.bin", "later": True},
    "rollback": {"release": "17.3.2", "boot": ["bootflash:old.bin"]},
    "topology": {
        "topology": TOPOLOGY
        | {"vrf": "A", "source_interface": "Gi1", "lookup_interface": "Gi1", "routes":
           ["0.0.0.0 0.0.0.0 192.0.2.254"], "name_servers": ["192.0.2.53"], "trustpoint": "T",
           "revocation_check": "none", "proxy": "p.example.net:80",
           "interface_address": "192.0.2.1 255.255.255.0"}},
    "throughput": {"boot_level": "network-advantage", "level": "250M", "crypto": "250M"},
    "slac": {"feature": "hseck9", "scope": "local", "mode": "replace"},
    "slac_request": {"file": "slac_request", "feature": "hseck9", "scope": "local",
                            "mode": "add"},
    "usage_sync": {"scope": "local"},
    "usage_save": {"file": "usage_report", "what": "all"},
    "renew": {"what": "auth"},
    "trust": {"token": "env:SLP_TOKEN", "scope": "local", "force": True},
    "reservation_request": {"scope": "local", "file": "request_code.txt"},
}  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        yield at
    items = value.items() if isinstance(value, dict) else ()
    for key, inner in items if not isinstance(value, list) else enumerate(value):
        yield from places(inner, (*at, key))


def spoiled(value: Any, at: tuple[Any, ...], tail: str) -> Any:
    if not at:
        return f"{value}{tail}"
    head, *rest = at
    if isinstance(value, dict):
        return {k: spoiled(v, tuple(rest), tail) if k == head else v for k, v in value.items()}
    return [spoiled(v, tuple(rest), tail) if n == head else v for n, v in enumerate(value)]


CASES = [(kind, at) for kind, params in PARAMS.items() for at in places(params)]
CHOSEN = (("topology", "kind"), ("scope",), ("mode",), ("what",), ("token",))
"""One of a few words, by the type itself, or a reference that is never typed: no value of these
gets so far.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("lab"), slp_router()) as found:
        yield found


@pytest.fixture
def typed_on_it(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that reaches the simulated router."""
    sent: list[str] = []
    write = ScrapliStream.write

    def keep(self: ScrapliStream, text: str, *, hidden: bool = False) -> None:
        sent.append(text)
        write(self, text, hidden=hidden)

    monkeypatch.setattr(ScrapliStream, "write", keep)
    return sent


def carried_out(made: Bench, step: StepSpec) -> None:
    """Looks and acts, whatever the look said; errors of ours are one of the two right ends."""
    plan = RouterPlan(
        router="r1", model="slp", target=Target(topology=Topology(kind="airgap")), steps=()
    )
    made.notes.clear()
    try:
        for phase in ("probe", "act", "confirm"):
            try:
                made.phase(plan, step, phase)
            except SlpError:
                continue
            except (KeyError, ValueError):  # an act without the notes of its look
                continue
    finally:
        made.host().close_connections()


@pytest.mark.parametrize(("kind", "at"), CASES, ids=lambda v: str(v))
def test_wall_one_a_step_with_such_a_value_is_no_step(kind: str, at: tuple[Any, ...]) -> None:
    for tail in EVIL:
        with pytest.raises(ValueError, match=r"holds|should be"):
            StepSpec(id="01-x", kind=kind, title="x", params=spoiled(PARAMS[kind], at, tail))


@pytest.mark.parametrize(
    ("kind", "at"), [c for c in CASES if c[1] not in CHOSEN], ids=lambda v: str(v)
)
def test_wall_two_without_the_first_only_printable_lines_of_ours_arrive(
    kind: str,
    at: tuple[Any, ...],
    made: Bench,
    typed_on_it: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typed, "one_line", lambda value: value)
    monkeypatch.setattr(forms.Form, "refusal", lambda *_: None)
    for tail in EVIL:
        step = StepSpec(id="01-x", kind=kind, title="x", params=spoiled(PARAMS[kind], at, tail))
        carried_out(made, step)
    for text in typed_on_it:
        assert text in ("\n", " ") or text[:-1].isprintable(), ascii(text)
        assert text.endswith("\n") or text == " "
    starts = tuple(text.strip() for text in typed_on_it)
    assert [x for x in starts if x.startswith(("username", "reload", "write erase"))] == []
    with made.lab.lock:
        assert not any("username evil" in line for line in made.router().running.lines())


def test_the_lines_of_a_run_get_through_both(made: Bench, typed_on_it: list[str]) -> None:
    """The other side: what is right is typed as it was."""
    params = {"topology": TOPOLOGY | {"name_servers": ["192.0.2.53"]}}
    carried_out(made, StepSpec(id="01-x", kind="topology", title="x", params=params))
    assert f"license smart url cslu {TOPOLOGY['url']}\n" in typed_on_it
    assert "ip name-server 192.0.2.53\n" in typed_on_it


@pytest.mark.parametrize("token", ["T0KEN-77\nreload", "T0KEN-77 all", "T0KEN?77", "T0KEN\x1a77"])
def test_a_token_of_several_pieces_is_not_sent_and_not_told(
    token: str, made: Bench, typed_on_it: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODD_TOKEN", token)
    params = {"token": "env:ODD_TOKEN", "scope": "local", "force": True}
    step = StepSpec(id="01-x", kind="trust", title="x", params=params)
    plan = RouterPlan(
        router="r1", model="slp", target=Target(topology=Topology(kind="direct")), steps=()
    )
    with pytest.raises(SlpError) as caught:
        made.phase(plan, step, "act")
    made.host().close_connections()
    assert "env:ODD_TOKEN" in str(caught.value)
    assert "T0KEN" not in str(caught.value)
    assert not any("T0KEN" in text for text in typed_on_it)


def test_a_file_handed_in_goes_as_it_is_and_none_of_it_is_typed(
    made: Bench, typed_on_it: list[str], tmp_path: Path
) -> None:
    """Codes and acknowledgements of many lines are files: byte for byte, by SCP."""
    data = b"<smartLicense>\nreload\n</smartLicense>\n"
    file = tmp_path / "ack"
    file.write_bytes(data)
    from slp_tasks.connection.opening import open_session

    with open_session(made.host(), secrets=made.secrets) as session:
        session.put(file, "bootflash:ack")
        session.get("bootflash:ack", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == data
    assert not any("reload" in text for text in typed_on_it)
