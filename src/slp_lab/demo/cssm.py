"""CSSM's pages as a person with a browser uses them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

_DIGITS = re.compile(r"\d{3,4}")


class NotYet(Exception):
    """CSSM is still processing; look again later."""


class CssmPages:
    """The pages of one CSSM.

    Args:
        url: of the lab's web server.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def upload_usage(self, file: Path) -> int:
        """Uploads a usage data file and returns its number in the list."""
        content = file.read_bytes()
        answer = self._http.post(
            "/cssm/usage-files", files={"file": (file.name, content, "application/xml")}
        )
        return int(_good(answer).json()["id"])

    def acknowledgement(self, upload: int) -> bytes:
        """Returns the acknowledgement of an upload.

        Raises:
            NotYet: the file is still being processed.
        """
        state = _good(self._http.get(f"/cssm/usage-files/{upload}")).json()
        if state["status"] == "Data Being Processed":
            raise NotYet
        if state["error"]:
            raise ValueError(f"CSSM: {state['error']}")
        return _good(self._http.get(str(state["ack"]))).content

    def export_licence(self, pid: str) -> str:
        """Returns the tag of the export-controlled licence that fits a platform.

        Chosen as a person does, from the list of licences: by the platform's number in its name,
        and for routers without one the licence of the whole family.
        """
        rows = [r for r in self._balances() if "hsec" in str(r["tag"]).lower()]
        number = _DIGITS.search(pid)
        fitting = [r for r in rows if number and number[0] in str(r["tag"])]
        family = [r for r in rows if not _DIGITS.search(str(r["tag"]))]
        chosen = next(iter([*fitting, *family]), None)
        if chosen is None:
            raise LookupError(f"CSSM lists no export-controlled licence for {pid}")
        return str(chosen["tag"])

    def update_reservation(self, pid: str, sn: str, tag: str) -> bytes:
        """Adds one licence to what is reserved; returns the authorization code file."""
        form = {"pid": pid, "sn": sn, "tag": tag, "count": "1"}
        return _good(self._http.post("/cssm/reservations/update", data=form)).content

    def enter_confirmation(self, pid: str, sn: str, code: str) -> None:
        """Enters the confirmation code that the router showed."""
        form = {"pid": pid, "sn": sn, "code": code}
        _good(self._http.post("/cssm/reservations/confirm", data=form))

    def generate_slac(self, pid: str, sn: str, tag: str) -> bytes:
        """Authorizes one licence for a router; returns the authorization code file."""
        form = {"pid": pid, "sn": sn, "tag": tag, "count": "1"}
        return _good(self._http.post("/cssm/slac", data=form)).content

    def lab(self) -> Mapping[str, Any]:
        """Returns what the lab says of its routers: boots and releases."""
        found: Mapping[str, Any] = _good(self._http.get("/lab")).json()
        return found

    # --- SSM On-Prem ----------------------------------------------------------------------------

    def onprems(self) -> list[Mapping[str, Any]]:
        """Returns host, version and tenants' URLs of each SSM On-Prem."""
        found: list[Mapping[str, Any]] = _good(self._http.get("/onprem")).json()
        return found

    def in_onprem(self, host: str, what: str, **form: str) -> None:
        """Does something in an SSM On-Prem: ``upgrade``, ``register``, ``synchronise``."""
        _good(self._http.post(f"/onprem/{host}/{what}", data=form))

    def import_into_onprem(self, host: str, slac: bytes) -> None:
        """Imports an authorization code into an SSM On-Prem."""
        _good(self._http.post(f"/onprem/{host}/slac", content=slac))

    def _balances(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = _good(self._http.get("/cssm/balances")).json()
        return found


def _good(answer: httpx.Response) -> httpx.Response:
    if answer.status_code == 409:
        raise NotYet
    if answer.is_error:
        raise ValueError(f"CSSM: {answer.text.strip()[:200]}")
    return answer
