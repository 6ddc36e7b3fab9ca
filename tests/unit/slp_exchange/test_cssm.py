"""CSSM's API against the simulated CSSM: accounts, tokens, balances, product instances."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest

from slp_core.errors import SecretError, UsageError
from slp_exchange.errors import Refusal

HOME = "Eg-SA-01/Eg-VA-01"


def test_accounts_are_found_by_name_domain_or_number(cssm):
    (account,) = cssm.accounts
    for name in (account.name, account.domain, account.id):
        home = cssm.home(f"{name}/Eg-VA-01")
        assert (home.smart, home.virtual.name) == (account, "Eg-VA-01")
    assert str(cssm.home()) == HOME  # there is only one


def test_an_unknown_account_is_named_beside_those_that_there_are(cssm):
    with pytest.raises(UsageError, match="no virtual account 'Eg-SA-01/Other'") as told:
        cssm.home("Eg-SA-01/Other")
    assert HOME in (told.value.remedy or "")


def test_both_generations_answer_and_the_choice_is_obeyed(world):
    old, new = world.client(api="swapi"), world.client(api="apx")
    assert old.accounts == new.accounts
    assert [i.udi for i in old.instances(old.accounts[0])] == [
        i.udi for i in new.instances(new.accounts[0])
    ]
    assert old.balances(old.home()) == new.balances(new.home())
    kinds = {p.split("/")[1] for p in world.paths()}
    assert kinds == {"as", "services", "oauth2", "v1"}


def test_what_a_generation_cannot_be_asked_is_said(world):
    client = world.client(api="apx")
    with pytest.raises(Refusal, match="cannot be asked for: tokens") as told:
        client.tokens(client.home())
    assert told.value.cause == "unsupported"


def test_a_whole_address_is_taken_as_it_is(world):
    doubled = "http://127.0.0.1/services/api/services/api/smart-accounts-and-licensing"
    client = world.client(url=doubled, token_url="http://127.0.0.1/as/token.oauth2")
    assert client.accounts
    assert world.paths()[-1].startswith("/services/api/services/api/")


def test_token_1_a_token_is_made_listed_and_revoked(cssm, world):
    home = cssm.home(HOME)
    made = cssm.create_token(home, description="slp test", days=7, export=False)
    listed = {t.secret: t for t in cssm.tokens(home)}
    found = listed[made.secret]
    assert (found.description, found.export) == ("slp test", False)
    assert (found.expires - world.lab.clock.now()).days in (6, 7)
    cssm.revoke_tokens(home, [found])
    assert made.secret not in {t.secret for t in cssm.tokens(home)}
    account = world.lab.network.cssm.accounts
    assert account.token(made.secret)[2].revoked


@pytest.mark.parametrize("days", [0, 366])
def test_token_1_days_outside_1_to_365_never_reach_cssm(cssm, world, days):
    home = cssm.home(HOME)
    before = len(world.wire.sent)
    with pytest.raises(UsageError, match="1 to 365 days"):
        cssm.create_token(home, description="x", days=days, export=True)
    assert len(world.wire.sent) == before


def test_slrup_1_balances_say_what_is_free(cssm, world):
    rows = {b.tag: b for b in cssm.balances(cssm.home())}
    virtual = world.lab.network.cssm.accounts.home(HOME)
    assert rows.keys() == {p.tag for p in virtual.pools.values()}
    for pool in virtual.pools.values():
        assert rows[pool.tag].free == virtual.balance(pool).free
        assert rows[pool.tag].export_restricted == pool.export_restricted
    some = next(iter(rows))
    assert [b.tag for b in cssm.balances(cssm.home(), [some])] == [some]


def test_product_instances_come_page_by_page(cssm, world, monkeypatch):
    for i in range(7):
        world.lab.portal.instance(("ISR4351/K9", f"SN{i}"), "", HOME)
    monkeypatch.setattr("slp_exchange.cssm._PAGE", 3)
    found = [i.udi.sn for i in cssm.instances(cssm.accounts[0])]
    assert len(found) == len(set(found)) == 8
    assert {f"SN{i}" for i in range(7)} < set(found)
    asked = [p for p in world.paths() if p.endswith("/devices")]
    assert len(asked) == 3


def test_a_product_instance_is_removed_and_a_second_time_that_is_said(cssm, world):
    world.lab.portal.instance(("ISR4351/K9", "GONE1"), "", HOME)
    home = cssm.home()
    (found,) = [i for i in cssm.instances(home.smart) if i.udi.sn == "GONE1"]
    cssm.remove_instance(home, found)
    assert "GONE1" not in {i.udi.sn for i in cssm.instances(home.smart)}
    with pytest.raises(Refusal, match="no product instance") as told:
        cssm.remove_instance(home, found)
    assert told.value.cause == "failed"


def test_names_with_blanks_and_slashes_are_encoded_in_paths(world, cssm):
    virtual = world.lab.network.cssm.accounts.home(HOME)
    account = world.lab.network.cssm.accounts.accounts["Eg-SA-01"]
    virtual.name = "Büro / Nord 1%"
    account.virtual_accounts = {virtual.name: virtual}
    home = cssm.home("Eg-SA-01/Büro / Nord 1%")
    with pytest.raises(
        Refusal
    ):  # the simulator's paths take no slash; what was sent is what counts
        cssm.tokens(home)
    raw = world.wire.sent[-1].url.raw_path.decode()
    assert unquote(raw.split("/virtual-accounts/")[1].removesuffix("/tokens")) == virtual.name


def test_the_access_token_is_used_again_and_renewed_before_it_expires(cssm, world):
    def grants():
        return sum(p == "/as/token.oauth2" for p in world.paths())

    home = cssm.home()
    for _ in range(3):
        cssm.balances(home)
    assert grants() == 1
    world.clock.sleep(3599 - 59)  # it would still be taken for a minute
    cssm.balances(home)
    assert grants() == 2


def test_an_access_token_that_cssm_forgot_is_asked_for_once_more(cssm, world):
    home = cssm.home()
    world.fail_next(401)
    assert cssm.balances(home)
    assert sum(p == "/as/token.oauth2" for p in world.paths()) == 2


def test_credentials_are_resolved_when_they_are_used_and_not_before(world, monkeypatch):
    client = world.client(client_secret="env:NOT_SET_ANYWHERE")
    with pytest.raises(SecretError, match="env:NOT_SET_ANYWHERE"):
        client.check()
    assert world.wire.sent == []
    monkeypatch.setenv("NOT_SET_ANYWHERE", "api-Secret-0815-unique")
    client.check()


def test_wrong_credentials_are_told_from_a_wrong_account(world, monkeypatch):
    monkeypatch.setenv("CSSM_CLIENT_SECRET", "wrong-secret-1")
    with pytest.raises(Refusal) as told:
        world.client().check()
    assert told.value.cause == "unauthorized"
    assert "credentials are not accepted (HTTP 401)" in str(told.value)
    assert "wrong-secret-1" not in str(told.value)


def test_foreign_accounts_are_forbidden(cssm):
    home = cssm.home()
    other = replace(home, smart=replace(home.smart, domain="other.example"))
    with pytest.raises(Refusal) as told:
        cssm.tokens(other)
    assert (told.value.cause, told.value.status) == ("forbidden", 403)
