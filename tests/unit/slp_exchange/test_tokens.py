"""TOKEN-1, TOKEN-2, F31, F34: ``cssm:`` references: one token for many, shown nowhere."""

from __future__ import annotations

import logging
import threading
import traceback
from datetime import timedelta

import pytest

from slp_core.errors import InputError, SecretError
from slp_core.secrets import REDACTOR, SecretStore
from slp_core.targets import load_target
from slp_core.token_reference import (
    TokenReference,
    is_token_reference,
    parse_token_reference,
)
from slp_exchange.errors import Refusal
from slp_exchange.tokens import TokenDesk

HOME = "Eg-SA-01/Eg-VA-01"
WANTED = TokenReference(HOME)


def made(world) -> list:
    virtual = world.lab.network.cssm.accounts.home(HOME)
    return [t for t in virtual.tokens if t.name == "nornir-slp"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("cssm:", TokenReference()),
        ("cssm:A/B", TokenReference("A/B")),
        ("cssm:My Corp/Branch North", TokenReference("My Corp/Branch North")),
        ("cssm:my%20corp/a%3Fb", TokenReference("my corp/a?b")),
        ("cssm:A/B/C", TokenReference("A/B/C")),
        ("cssm:A/B?days=7&name=wave+1&export=no", TokenReference("A/B", "wave 1", 7, False)),
        ("cssm:?days=365", TokenReference(days=365)),
    ],
)
def test_a_reference_says_account_name_days_and_export(text, meant):
    assert parse_token_reference(text) == meant
    assert is_token_reference(text)


@pytest.mark.parametrize(
    "text",
    ["cssm:A", "cssm:A/", "cssm:/B", "cssm:A/B?days=0", "cssm:A/B?days=366", "cssm:A/B?days=x",
     "cssm:A/B?name=", "cssm:A/B?export=maybe", "cssm:A/B?uses=5"],
)  # fmt: skip
def test_an_unclear_reference_is_refused_when_the_target_is_read(text, tmp_path):
    with pytest.raises(SecretError):
        parse_token_reference(text)
    target = {"release": "17.9.4a", "topology": {"kind": "direct", "token": text}}
    with pytest.raises(InputError) as told:
        load_target(target, where="edge1: data.slp.target", base=tmp_path)
    assert "edge1" in str(told.value)


def test_token_1_the_first_makes_one_and_all_others_use_it(world, cssm):
    desk = TokenDesk(cssm)
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(desk.token(WANTED))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (token,) = made(world)
    assert got == [token.secret] * 12
    assert token.export_allowed  # TOKEN-2
    assert token.expires - world.lab.clock.now() == timedelta(days=30)


def test_after_a_crash_the_token_is_found_again_and_none_is_made(world, cssm):
    first = TokenDesk(cssm).token(WANTED)
    second = TokenDesk(world.client()).token(WANTED)
    assert first == second
    assert len(made(world)) == 1


def test_a_crash_after_the_token_was_made_leaves_one_token(world, cssm, monkeypatch):
    real = cssm.create_token

    def dies(*args, **named):
        real(*args, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(cssm, "create_token", dies)
    with pytest.raises(KeyboardInterrupt):
        TokenDesk(cssm).token(WANTED)
    assert TokenDesk(world.client()).token(WANTED) == made(world)[0].secret
    assert len(made(world)) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_f36_whether_a_lost_request_made_a_token_is_for_cssms_list_to_say(
    world, cssm, monkeypatch, arrived
):
    real = cssm.create_token

    def loses(*args, **named):
        if arrived:
            real(*args, **named)
        raise Refusal("unanswered", "no answer came", where="POST …/tokens")

    monkeypatch.setattr(cssm, "create_token", loses)
    if arrived:
        assert TokenDesk(cssm).token(WANTED) == made(world)[0].secret
    else:
        with pytest.raises(Refusal, match="no answer came"):
            TokenDesk(cssm).token(WANTED)
    assert len(made(world)) == arrived


@pytest.mark.parametrize("why", ["revoked", "nearly expired", "of another name", "export"])
def test_f34_a_token_that_would_not_do_is_left_alone(world, cssm, why):
    home = cssm.home(HOME)
    name = "somebody's" if why == "of another name" else "nornir-slp"
    old = cssm.create_token(home, description=name, days=1, export=why != "export")
    if why == "revoked":
        cssm.revoke_tokens(home, [old])
    if why == "nearly expired":
        world.clock.sleep(19 * 3600)
    assert TokenDesk(cssm).token(WANTED) != old.secret


def test_f34_a_token_that_was_revoked_is_not_given_out_for_long(world, cssm):
    desk = TokenDesk(cssm)
    first = desk.token(WANTED)
    made(world)[0].revoked = True
    world.clock.sleep(301)
    assert desk.token(WANTED) != first


def test_a_token_that_shall_not_allow_export_never_does(world, cssm):
    TokenDesk(cssm).token(WANTED)
    without = TokenReference(HOME, export=False)
    secret = TokenDesk(cssm).token(without)
    assert {t.secret: t.export_allowed for t in made(world)}[secret] is False


def test_the_check_before_a_run_makes_no_token(world, cssm):
    TokenDesk(cssm).check(WANTED)
    assert made(world) == []


def test_without_a_service_to_ask_that_is_said(tmp_path):
    with pytest.raises(SecretError, match="CSSM cannot be asked from here"):
        SecretStore(tmp_path).resolve_token("cssm:A/B")
    with pytest.raises(SecretError, match="unknown form"):
        SecretStore(tmp_path).resolve("cssm:A/B")  # a password is never a token


def test_f31_no_secret_in_logs_representations_or_tracebacks(world, caplog):
    caplog.set_level(logging.DEBUG)
    client = world.client()
    home = client.home(HOME)
    token = client.create_token(home, description="planted", days=1, export=True)
    listed = client.tokens(home)
    access = world.wire.sent[-1].headers["authorization"].removeprefix("Bearer ")
    seen = [repr(token), repr(listed), repr(client), repr(client.data), str(home)]
    world.fail_next(500, times=9)
    try:
        client.revoke_tokens(home, listed)
    except Refusal as error:
        seen += ["".join(traceback.format_exception(error)), str(error), repr(error)]
    assert len(seen) > 5
    seen += [r.getMessage() for r in caplog.records] + [r.exc_text or "" for r in caplog.records]
    for secret in ("api-Secret-0815-unique", access, token.secret, *(t.secret for t in listed)):
        assert secret
        assert not [text for text in seen if secret in text]
        assert secret not in REDACTOR.mask(f"it is {secret}!")
