"""Wall one: what a text of a target or a step may be, whichever way it comes in.

The fields are found in the models themselves: a new one is held to this by being there.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from kit.scenarios import ALL, plan_of
from kit.step_params import least_params
from slp_core import forms
from slp_core.errors import InputError, SlpError, TemplateError
from slp_core.forms import untypeable
from slp_core.plan import StepSpec
from slp_core.render import render_lines
from slp_core.steps.base import step_kinds
from slp_core.steps.throughput import ThroughputParams
from slp_core.targets import Target, Topology, load_target
from slp_core.topology_lines import wanted_lines

Way = tuple[str, ...]
BREAKS = ("\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029")
CONTROLS = (*BREAKS, "\x00", "\x03", "\x04", "\t", "\x08", "\x11", "\x16", "\x1a", "\x1b", "\x7f")
HOSTILE = st.builds(
    lambda before, odd, after: f"{before}{odd}{after}",
    st.sampled_from(["", "x", "17.9.4a", "http://c/x", "192.0.2.1", "10.0.0.0 255.0.0.0 Gi0"]),
    st.sampled_from([*CONTROLS, " ", "?", "\u00e9", "\u202e", "\xa0"]) | st.text(max_size=3),
    st.sampled_from(["", "reload", "username evil privilege 15", "end", "!", '"', " | redirect x"]),
)
NOT_TYPED = {
    ("topology", "token"): "a reference; what it leads to is judged when it is sent",
    ("allow",): "the operator's own words",
    ("image", "source"): "a path of this machine, where it is no URL",
    ("stop", "image", "source"): "the same",
}


def text_fields(model: type[BaseModel], at: Way = ()) -> Iterator[Way]:
    """Yields the way to every field of a model, and of models within it, that holds a text."""
    for name, field in model.model_fields.items():
        kinds = list(_kinds(field.annotation))
        if str in kinds:
            yield (*at, name)
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from text_fields(kind, (*at, name))


def _kinds(hint: Any) -> Iterator[Any]:
    origin = get_origin(hint)
    if origin is Annotated:
        yield from _kinds(get_args(hint)[0])
    elif origin is typing.Literal:
        return
    elif origin in (types.UnionType, typing.Union, tuple, dict, list):
        for part in get_args(hint):
            yield from _kinds(part)
    else:
        yield hint


def shaped(model: type[BaseModel], name: str, text: str) -> Any:
    """Returns a text in the shape that a field takes: alone, in a list or in a mapping."""
    hint = str(model.model_fields[name].annotation)
    if "dict[" in hint:
        return {"UP-3": text}
    return [text] if "tuple[" in hint else text


FIELDS = sorted(set(text_fields(Target)))
SOUND: dict[str, Any] = {"topology": {"kind": "cslu"}, "image": {"name": "x.bin"}}


def target_with(way: Way, text: str) -> dict[str, Any]:
    """Returns a target, as people write it, in which one field holds a text."""
    made: dict[str, Any] = {"topology": dict(SOUND["topology"])}
    if way[0] == "topology" and way[1:2] in (("proxy",), ("vrf",)):
        made["topology"]["kind"] = "direct"
    if "call_home" in way:
        made["topology"] |= {"kind": "direct", "transport": "callhome"}
    here, model = made, Target
    for part in way[:-1]:
        model = next(
            k for k in _kinds(model.model_fields[part].annotation) if issubclass(k, BaseModel)
        )
        here = here.setdefault(part, dict(SOUND.get(part, {})))
    here[way[-1]] = shaped(model, way[-1], text)
    return made


def lines_of(target: Target) -> list[str]:
    """Returns every line that the values of a target can become."""
    t, lines = target, list[str]()
    lines += wanted_lines(t.topology, vrf_keyword=True)
    if t.topology.call_home is not None:
        lines += wanted_lines(t.topology, template="classic/call-home.j2")
    lines += ThroughputParams(
        boot_level=t.boot_level, level=t.throughput, crypto=t.platform_level
    ).lines()
    for image in (t.image, t.stop.image if t.stop else None):
        if image is not None:
            source = image.source or ""
            vrf = f" vrf {image.vrf}" if image.vrf else ""
            lines.append(f"delete /force bootflash:{image.name}")
            lines.append(f"ip ftp source-interface {image.source_interface or 'Gi0'}")
            if "://" in source:
                lines.append(f"copy {source} bootflash:{image.name}{vrf}")
    return lines


def test_the_fields_are_found_within_all_models() -> None:
    some = "topology.url image.name topology.call_home.contact stop.image.source boot_level"
    assert {tuple(way.split(".")) for way in some.split()} <= set(FIELDS)
    assert set(NOT_TYPED) <= set(FIELDS)


@pytest.mark.parametrize("way", FIELDS, ids=".".join)
@pytest.mark.parametrize("odd", CONTROLS, ids=ascii)
def test_no_text_of_a_target_holds_a_control_character(way: Way, odd: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_target(
            target_with(way, f"x{odd}reload"), where="edge-1: data.slp.target", base=tmp_path
        )
    assert caught.value.where is not None
    assert caught.value.where.startswith("edge-1")
    assert way[-1] in f"{caught.value.where}.{caught.value.what}"
    assert caught.value.remedy
    assert "reload" not in caught.value.what
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("way", FIELDS, ids=".".join)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=HOSTILE)
def test_a_text_of_a_target_is_refused_or_stays_within_its_line(
    way: Way, text: str, tmp_path: Path
) -> None:
    try:
        lines = lines_of(load_target(target_with(way, text), where="edge-1", base=tmp_path))
    except SlpError:
        return  # refused: what the error says is held above
    assert [line for line in lines if untypeable(line)] == []
    assert [x for x in lines if x.strip().startswith(("reload", "username", "end", "!"))] == []


@pytest.mark.parametrize("way", [w for w in FIELDS if w not in NOT_TYPED], ids=".".join)
@pytest.mark.parametrize("text", ["x?", "a;b c?", "?"])
def test_a_question_mark_is_in_no_field_that_is_typed(way: Way, text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load_target(target_with(way, text), where="edge-1", base=tmp_path)


ONE_WORD = [
    w for w in FIELDS
    if w not in NOT_TYPED
    and w[-1] not in ("routes", "interface_address", "revocation_check", "boot_level", "throughput",
                      "platform_level", "name_servers", "release")
]  # fmt: skip


@pytest.mark.parametrize("way", ONE_WORD, ids=".".join)
def test_a_blank_is_in_no_field_that_has_none(way: Way, tmp_path: Path) -> None:
    for text in ("Gi0 vrf X", "a b", "http://c/x y", "x@y.example z"):
        with pytest.raises(InputError):
            load_target(target_with(way, text), where="edge-1", base=tmp_path)


GOOD: dict[str, tuple[str, ...]] = {
    "vrf": ("Mgmt-intf", "MGMT", "__internal", "L3VPN:blue", "100"),
    "source_interface": ("GigabitEthernet0/0/0", "Gi0", "Loopback0", "Te0/1/0.100", "Port-channel1",
                         "Serial0/1/0:23", "Vlan10", "BDI100", "TwentyFiveGigE0/1/0"),
    "url": ("http://192.0.2.1:8182/cslu/v1/pi", "https://onprem.example.com/cslu/v1/pi/EG-1",
            "HTTPS://ssm.example.net/x", "tools.cisco.com", "http://[2001:db8::1]:8182/cslu/v1/pi"),
    "proxy": ("http://proxy.example.com:8080", "10.0.0.1:3128", "[2001:db8::5]:80"),
    "routes": ("0.0.0.0 0.0.0.0 10.0.0.1", "10.0.0.0 255.0.0.0 GigabitEthernet0 10.0.0.1 200",
               "10.0.0.0 255.0.0.0 Null0 name sink", "10.0.0.0 255.0.0.0 10.0.0.1 tag 7 permanent"),
    "name_servers": ("209.165.201.1", "2001:db8::53"),
    "interface_address": ("192.0.2.1 255.255.255.0",),
    "revocation_check": ("none", "crl", "crl none", "ocsp crl none"),
    "trustpoint": ("SLA-TrustPoint", "my_ca.1"),
    "contact": ("noc+routers@example.net",),
    "profile": ("CiscoTAC-1",),
    "boot_level": ("network-advantage addon dna-advantage", "metroaggrservices", "ax"),
    "throughput": ("250M", "MB 500", "T2", "unthrottled", "1000000"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_routers_are_configured_with_is_taken(name: str, tmp_path: Path) -> None:
    for way in (w for w in FIELDS if w[-1] == name):
        for text in GOOD[name]:
            load_target(target_with(way, text), where="edge-1", base=tmp_path)


@pytest.mark.parametrize(
    ("form", "text"),
    [(forms.ADDRESS, "999.1.1.1"), (forms.INTERFACE_ADDRESS, "10.0.0.1 999.0.0.0"),
     (forms.ROUTE, "10.0.0.0 255.0.0.0"), (forms.FLASH_PATH, "bootflash:../x"),
     (forms.FILE_NAME, ".."), (forms.PROXY, 'x" port 1'), (forms.HOST, "-oProxyCommand=x"),
     (forms.MAIL, "nobody"), (forms.WEB_URL, "ftp://x/y"), (forms.INTERFACE, "shutdown")],
)  # fmt: skip
def test_what_only_looks_like_it_is_not_taken(form: forms.Form, text: str) -> None:
    refusal = form.refusal(text)
    assert refusal is not None
    assert form.called in refusal or "holds" in refusal


@pytest.mark.parametrize("form", [f for f in vars(forms).values() if isinstance(f, forms.Form)],
                         ids=lambda f: f.called)  # fmt: skip
def test_an_example_is_of_its_own_form(form: forms.Form) -> None:
    if form is not forms.TOKEN:
        assert form.fits(form.such_as)


# --- steps ------------------------------------------------------------------------------------


def steps_of_all_scenarios() -> dict[str, list[StepSpec]]:
    made: dict[str, list[StepSpec]] = {}
    for scenario in ALL:
        for step in plan_of(scenario).steps:
            made.setdefault(step.kind, []).append(step)
    return made


def test_every_parameter_of_every_step_that_is_planned_can_be_typed() -> None:
    made = steps_of_all_scenarios()
    assert len(made) > 15
    for steps in made.values():
        for step in steps:
            assert type(step.params).model_validate(step.params.to_json()) == step.params


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        yield at
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from places(inner, (*at, number))


def replaced(value: Any, at: tuple[Any, ...], text: str) -> Any:
    if not at:
        return text
    head, *rest = at
    if isinstance(value, Mapping):
        return {k: replaced(v, tuple(rest), text) if k == head else v for k, v in value.items()}
    return [replaced(v, tuple(rest), text) if n == head else v for n, v in enumerate(value)]


@pytest.mark.parametrize("kind", step_kinds())
def test_a_text_in_a_step_that_was_edited_by_hand_is_refused(kind: str) -> None:
    planned = steps_of_all_scenarios().get(kind, [])
    for step in planned[:6]:
        told = step.params.to_json()
        for at in places(told):
            for odd in (*BREAKS, "\x03", "\x1b"):
                params = replaced(told, at, f"x{odd}reload")
                with pytest.raises(ValidationError) as caught:
                    StepSpec.model_validate({**step.to_json(), "params": params})
                assert "reload" not in caught.value.errors(include_input=False)[0]["msg"]


STEP_FIELDS = [
    (kind, way) for kind, params in step_kinds().items() for way in sorted(set(text_fields(params)))
]


@pytest.mark.parametrize(("kind", "way"), STEP_FIELDS, ids=lambda v: str(v))
def test_no_text_of_any_parameter_holds_a_control_character(kind: str, way: Way) -> None:
    for odd in CONTROLS:
        params: Any = least_params(kind)
        here, model = params, step_kinds()[kind]
        for part in way[:-1]:
            inner = _kinds(model.model_fields[part].annotation)
            model = next(k for k in inner if isinstance(k, type) and issubclass(k, BaseModel))
            here = here.setdefault(part, dict(SOUND.get(part, {})))
        here[way[-1]] = shaped(model, way[-1], f"x{odd}reload")
        with pytest.raises(ValidationError) as caught:
            StepSpec(id="01-x", kind=kind, title="x", params=params)
        first = caught.value.errors(include_input=False)[0]
        assert ("params", *way) == first["loc"][: len(way) + 1]
        assert "reload" not in first["msg"]


@pytest.mark.parametrize("kind", step_kinds())
def test_a_kind_or_a_parameter_that_nobody_knows_is_refused_by_its_name(kind: str) -> None:
    with pytest.raises(ValidationError, match=r"params\.new\n.*not permitted"):
        StepSpec(id="01-x", kind=kind, title="x", params=least_params(kind) | {"new": "word"})
    with pytest.raises(ValidationError, match=rf"no step of the kind '{kind}-later'"):
        StepSpec(id="01-x", kind=f"{kind}-later", title="x", params=least_params(kind))


# --- templates --------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", CONTROLS, ids=ascii)
def test_a_template_makes_no_second_line_of_a_value(odd: str) -> None:
    """Whoever calls it: values that no model has judged are refused as well."""
    values = Topology(kind="cslu").model_dump(exclude={"token", "kind"})
    values |= {"vrf_keyword": False, "proxy": None, "url": f"http://c{odd}reload"}
    with pytest.raises(TemplateError, match="holds"):
        render_lines("topology/cslu.j2", values)
