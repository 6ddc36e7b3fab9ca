"""What a browser or a program posts: url-encoded and multipart forms, bounded in size."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

from slp_sim.formats import MAX_FILE_BYTES
from slp_sim.services.account import Refused


@dataclass
class Form:
    """Fields by name, and the one file that may come along."""

    fields: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None
    file_name: str = ""

    def text(self, name: str, default: str | None = None) -> str:
        """Returns a field.

        Raises:
            Refused: it is missing and there is no default.
        """
        value = self.fields.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise Refused(f"{name} is missing")
        return default

    def optional(self, name: str) -> str | None:
        """Returns a field; None where it is missing or empty."""
        return self.fields.get(name, "").strip() or None

    def number(self, name: str, default: int | None = None) -> int:
        """Returns a field as a whole number.

        Raises:
            Refused: it is missing without a default, or no number.
        """
        text = self.text(name, "" if default is not None else None)
        if not text and default is not None:
            return default
        if not text.isdigit():
            raise Refused(f"{name} is no number")
        return int(text)

    def content(self) -> bytes:
        """Returns the file.

        Raises:
            Refused: none was sent.
        """
        if self.file is None:
            raise Refused("no file was sent")
        return self.file


async def read_form(request: Request) -> Form:
    """Returns what was posted; any other content type counts as the file itself.

    Raises:
        Refused: it is too large or damaged.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FILE_BYTES:
            raise Refused("the file is too large")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    query = dict(request.query_params.items())
    if kind == "application/x-www-form-urlencoded" or not body:
        return Form(query | dict(parse_qsl(body.decode("utf-8", "replace"))))
    if kind == "multipart/form-data":
        return _multipart(request.headers["content-type"], bytes(body), query)
    return Form(query, bytes(body), query.get("name", "upload.xml"))


def _multipart(content_type: str, body: bytes, query: dict[str, str]) -> Form:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = message_from_bytes(head + body, policy=HTTP)
    if not message.is_multipart():
        raise Refused("the form is damaged")
    form = Form(dict(query))
    for part in message.get_payload():
        if not isinstance(part, Message):
            continue
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        data = data if isinstance(data, bytes) else b""
        if part.get_filename() is not None:
            form.file, form.file_name = data, str(part.get_filename())
        elif isinstance(name, str):
            form.fields[name] = data.decode("utf-8", "replace")
    return form
