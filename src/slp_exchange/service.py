"""Where a service is and how one is let in: ``data.slp.cssm`` and ``data.slp.onprem``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError

from slp_core.errors import InventoryError, UsageError
from slp_core.refusals import refusal, refused
from slp_core.secrets import SecretStore, is_reference
from slp_core.state import Frozen
from slp_core.typed import File, Reference
from slp_exchange.address import is_local

CLIENT_ID = "env:CSSM_CLIENT_ID"
CLIENT_SECRET = "env:CSSM_CLIENT_SECRET"  # noqa: S105 - a reference


def _usable(url: str) -> str:
    try:
        is_local(url)
    except UsageError as error:
        raise refusal(error.what, error.remedy) from error
    return url


Address = Annotated[str, AfterValidator(_usable)]


class ServiceData(Frozen):
    """What is known of one service.

    Attributes:
        url: of the service; unset: Cisco's own. An address without path serves both generations.
        token_url: of the token service, where it is not the usual one.
        api: generation of the API; ``auto`` tries the older first and the newer where it must.
        client_id: value or reference. ``client_secret``, ``username``, ``password``: references.
        account: ``Smart Account/virtual account`` that is meant where a command names none.
        ca: file of certificates to trust; ``certificate`` and ``key`` are our own.
    """

    url: Address | None = None
    token_url: Address | None = None
    api: Literal["auto", "swapi", "apx"] = "auto"
    client_id: str = CLIENT_ID
    client_secret: Reference = CLIENT_SECRET
    username: str | None = None
    password: Reference | None = None
    account: str | None = Field(default=None, description="Smart Account/virtual account")
    ca: File | None = None
    certificate: File | None = None
    key: File | None = None
    timeout: float = Field(default=60.0, gt=0)

    @classmethod
    def of(cls, data: Mapping[str, Any], *, base: Path, where: str) -> Self:
        """Returns what an inventory and options say.

        Args:
            base: folder that relative paths start from.

        Raises:
            InventoryError: an unknown key, a secret given as a value, or an unusable address.
        """
        try:
            return cls.model_validate(data, context={"base": base})
        except ValidationError as error:
            wrong = refused(error, cls, where=where)
            raise InventoryError(wrong.what, where=wrong.where, remedy=wrong.remedy) from error

    def credentials(self, secrets: SecretStore) -> Mapping[str, str]:
        """Returns client id and secret, resolved now.

        Raises:
            SecretError: a reference leads nowhere.
        """
        return {
            "client_id": _value(self.client_id, secrets),
            "client_secret": secrets.resolve(self.client_secret),
        }

    def person(self, secrets: SecretStore) -> Mapping[str, str]:
        """Returns user name and password where they are named; SSM On-Prem may ask for them."""
        if self.username is None or self.password is None:
            return {}
        return {
            "username": _value(self.username, secrets),
            "password": secrets.resolve(self.password),
        }


def _value(text: str, secrets: SecretStore) -> str:
    return secrets.resolve(text) if is_reference(text) else text
