"""Where a service is and how one is let in: ``data.slp.cssm`` and ``data.slp.onprem``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, Self, get_args

from slp_core.errors import InventoryError
from slp_core.secrets import SecretStore, is_reference
from slp_exchange.address import is_local

ApiName = Literal["auto", "swapi", "apx"]
CLIENT_ID = "env:CSSM_CLIENT_ID"
CLIENT_SECRET = "env:CSSM_CLIENT_SECRET"  # noqa: S105 - a reference


@dataclass(frozen=True)
class ServiceData:
    """What is known of one service.

    Attributes:
        url: of the service; unset: Cisco's own. An address without path serves both generations.
        token_url: of the token service, where it is not the usual one.
        api: generation of the API; ``auto`` tries the older first and the newer where it must.
        client_id: value or reference. ``client_secret``, ``username``, ``password``: references.
        account: ``Smart Account/virtual account`` that is meant where a command names none.
        ca: file of certificates to trust; ``certificate`` and ``key`` are our own.
    """

    url: str | None = None
    token_url: str | None = None
    api: ApiName = "auto"
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    username: str | None = None
    password: str | None = None
    account: str | None = None
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    timeout: float = 60.0

    @classmethod
    def of(cls, data: Mapping[str, Any], *, base: Path, where: str) -> Self:
        """Returns what an inventory says.

        Args:
            base: folder that relative paths start from.

        Raises:
            InventoryError: an unknown key, a secret given as a value, or an unusable address.
        """
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise InventoryError(
                f"{unknown[0]!r} is not known here",
                where=where,
                remedy=f"one of {', '.join(sorted(known))}",
            )
        made = cls(**{k: v for k, v in data.items() if v is not None})
        made._check(where)
        return replace(
            made,
            ca=_path(base, made.ca),
            certificate=_path(base, made.certificate),
            key=_path(base, made.key),
        )

    def _check(self, where: str) -> None:
        for name in ("client_secret", "password"):
            value = getattr(self, name)
            if value is not None and not is_reference(str(value)):
                raise InventoryError(
                    f"{name} is a value, not a reference",
                    where=where,
                    remedy="write env:NAME, file:PATH or keyring:SERVICE/USER",
                )
        if self.api not in get_args(ApiName):
            raise InventoryError(
                f"api: {self.api!r} is not known", where=where, remedy="auto, swapi or apx"
            )
        for url in (self.url, self.token_url):
            if url is not None:
                is_local(url)

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


def _path(base: Path, text: str | None) -> str | None:
    return None if text is None else str(base / Path(text).expanduser())
