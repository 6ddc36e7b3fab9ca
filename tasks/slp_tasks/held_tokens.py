"""The tokens that a plan needs after its reload, looked at before it; no value is kept or shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from slp_core.errors import SecretError, SlpError
from slp_core.plan import RouterPlan
from slp_core.secrets import SecretStore

_HELD = ("env", "file", "keyring")


@dataclass(frozen=True)
class TokenTrouble:
    """What is wrong with a token.

    Attributes:
        kind: ``missing`` (the reference leads nowhere), ``refused`` (CSSM would not take it) or
            ``unasked`` (CSSM could not be asked).
    """

    kind: Literal["missing", "refused", "unasked"]
    text: str
    remedy: str


def token_troubles(plan: RouterPlan, secrets: SecretStore) -> Iterator[TokenTrouble]:
    """Yields what is wrong with the tokens of a plan that reloads.

    ``prompt:`` is for a person and asked when it is needed. What ``cssm:`` means is made then, so
    that only the account is proven here.
    """
    if not any(step.facts.reloads for step in plan.steps):
        return
    named = (step.params.token_reference() for step in plan.steps)
    for reference in dict.fromkeys(filter(None, named)):
        if reference.partition(":")[0] in (*_HELD, "cssm"):
            yield from _troubles(reference, secrets)


def _troubles(reference: str, secrets: SecretStore) -> Iterator[TokenTrouble]:
    held = reference.partition(":")[0] in _HELD
    try:
        if held:
            secrets.resolve_token(reference)
    except SecretError as error:
        text = f"the token that is needed after the reload is not here: {error.what}"
        yield TokenTrouble("missing", text, "put it there, then `slp retry`")
        return
    try:
        refused = secrets.token_trouble(reference)
    except SlpError as error:
        text = f"CSSM could not be asked about the token {reference}: {error.what}"
        yield TokenTrouble("unasked", text, error.remedy or "look at `slp cssm`")
        return
    if refused is not None:
        text = f"CSSM would not take the token {reference} after the reload: {refused}"
        yield TokenTrouble("refused", text, "put a new token there, then `slp retry`")
