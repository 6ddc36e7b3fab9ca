"""Balances of CSSM: read now, or from a file, for people and for ``slp plan``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import ValidationError

from nornir_slp.services.asking import Asking
from nornir_slp.sheet import Sheet
from nornir_slp.workspace import Workspace
from slp_core.balances import Balances, LicenceBalance, Stock
from slp_core.errors import InputError
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.reading import read_bytes
from slp_core.rules import RuleData, builtin_rules
from slp_core.state import RouterState
from slp_core.targets import Target

if TYPE_CHECKING:
    from slp_exchange.cssm import Cssm
    from slp_exchange.models import Home

ASK = "cssm"
_COLUMNS = ("account", "licence", "tag", "bought", "in use", "reserved", "free", "status")


class Read(Balances):
    """Balances with their table."""

    def sheet(self) -> Sheet:
        """Returns the table that people see."""
        rows = [
            (b.account, b.name, b.tag, *map(str, (b.entitled, b.in_use, b.reserved, b.free)))
            for b in self.balances
        ]
        return Sheet(_COLUMNS, [(*r, b.status) for r, b in zip(rows, self.balances, strict=True)])


def read_balances(space: Workspace, asking: Asking) -> Read:
    """Returns what CSSM says now of the account that is meant, or of all."""
    from nornir_slp.services.reach import cssm

    with cssm(space, asking) as client:
        rows = [row for home in client.homes(asking.account) for row in _rows(client, home)]
        return Read(service=client.name, read=client.web.clock.now(), balances=tuple(rows))


def balances_for_plan(space: Workspace, given: str) -> Balances:
    """Returns the balances that ``--balances`` means: a file, or ``cssm`` to ask for them now.

    Raises:
        InputError: the file cannot be read or is none of balances.
    """
    if given == ASK:
        return read_balances(space, Asking())
    path = Path(given)
    try:
        return Balances.model_validate_json(read_bytes(path))
    except ValidationError as error:
        raise InputError(
            "this is no file of balances",
            where=given,
            remedy="make it with slp cssm balances --json --output FILE, or give cssm",
        ) from error


def accounts_of_routers(space: Workspace) -> Mapping[str, str]:
    """Returns the account that the inventory names for each router, where it names one."""
    from slp_tasks.inventory import load_nornir
    from slp_tasks.service_tokens import service_data

    if not space.inventory.exists():
        return {}
    hosts = load_nornir(space.inventory).inventory.hosts
    told = {name: service_data(host, "cssm") for name, host in hosts.items()}
    return {n: data.account for n, data in told.items() if data is not None and data.account}


class FleetStock:
    """Gives out the free HSECK9 licences of a fleet's accounts, router by router (SLRUP-1).

    Args:
        accounts: ``Smart Account/virtual account`` that the inventory names, by router.
    """

    def __init__(self, balances: Balances, accounts: Mapping[str, str]) -> None:
        self._stock = Stock(balances)
        self._accounts = accounts

    @classmethod
    def of(cls, space: Workspace, given: str) -> Self:
        """Returns the stock that ``--balances`` means."""
        return cls(balances_for_plan(space, given), accounts_of_routers(space))

    def target(self, plan: RouterPlan, state: RouterState, rules: RuleData | None) -> Target | None:
        """Returns the target with the licences that are left for this router.

        None where its plan does not depend on them, the operator gave a number, or none is known:
        then what is unknown stays a warning.
        """
        if plan.target.hseck9_balance is not None:
            return None
        none_left = plan.target.model_copy(update={"hseck9_balance": 0})
        if make_plan(state, none_left, group=plan.group, rules=rules).notices == plan.notices:
            return None
        data, account = rules or builtin_rules(), self._accounts.get(plan.router)
        free = self._stock.free(state, data, account)
        if free is None:
            return None
        self._stock.take(state, data, account)
        return plan.target.model_copy(update={"hseck9_balance": max(free, 0)})


def _rows(client: Cssm, home: Home) -> list[LicenceBalance]:
    return [
        LicenceBalance(
            account=str(home),
            tag=b.tag,
            name=b.name,
            entitled=b.entitled,
            in_use=b.in_use,
            reserved=b.reserved,
            free=b.free,
            export_restricted=b.export_restricted,
            status=b.status,
        )
        for b in client.balances(home)
    ]
