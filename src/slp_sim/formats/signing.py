"""Signatures, and the XML and JSON that everything else is written in."""

from __future__ import annotations

import base64
import hmac
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

_KEY = b"slp-sim: the one signing key of every simulated world"
MAX_FILE_BYTES = 32 * 1024 * 1024


class FormatError(ValueError):
    """A file or code is of no known kind, damaged, or its signature does not fit."""


def sign(text: str) -> str:
    """Returns the signature over ``text``, as it stands in reports and files."""
    return base64.b64encode(hmac.digest(_KEY, text.encode(), "sha256")).decode()


def is_signed(text: str, signature: str) -> bool:
    """Tells whether ``signature`` was made over exactly this text."""
    return hmac.compare_digest(sign(text).encode(), signature.encode())


def canonical(element: ET.Element) -> str:
    """Returns the one text of an element that signatures cover."""
    return ET.tostring(element, encoding="unicode", short_empty_elements=False).strip()


def signed(tag: str, data: Mapping[str, Any]) -> str:
    """Returns an element that holds ``data`` as JSON, with its signature."""
    text = json.dumps(data, separators=(",", ":"))
    return f"<{tag}><data>{escape(text)}</data><signature>{sign(text)}</signature></{tag}>"


def verified(element: ET.Element) -> Mapping[str, Any]:
    """Returns the data of a signed element.

    Raises:
        FormatError: the signature does not fit.
    """
    text, signature = element.findtext("data"), element.findtext("signature")
    if text is None or signature is None or not is_signed(text, signature):
        raise FormatError(f"the signature of <{element.tag}> does not fit")
    body: Mapping[str, Any] = loads(text)
    return body


def document(parts: Iterable[str]) -> bytes:
    """Returns a ``<smartLicense>`` file of these parts."""
    return ("<smartLicense>" + "".join(parts) + "</smartLicense>\n").encode()


def system_element(info: Mapping[str, Any]) -> str:
    """Returns the element in which a router says what it is."""
    data = escape(json.dumps(dict(info), separators=(",", ":")))
    return f"<smartLicenseSystemInfo><data>{data}</data></smartLicenseSystemInfo>"


def has_system(root: ET.Element) -> bool:
    """Tells whether a file says which router wrote it."""
    return root.find("./smartLicenseSystemInfo/data") is not None


def read_system(root: ET.Element) -> Mapping[str, Any]:
    """Returns what a router said of itself; empty where it did not."""
    element = root.find("./smartLicenseSystemInfo/data")
    info: Mapping[str, Any] = {} if element is None else loads(element.text)
    return info


def cdata(value: Mapping[str, Any]) -> str:
    """Returns JSON that can stand in a CDATA section."""
    # An escaped ">" keeps "]]>" out of the section and decodes to the same payload.
    return json.dumps(dict(value), separators=(",", ":")).replace(">", "\\u003e")


def loads(text: str | None, kind: type[Any] = dict) -> Any:
    """Returns the JSON value of a text.

    Raises:
        FormatError: it is none, or of another kind.
    """
    try:
        value = json.loads(text or "")
    except ValueError as error:
        raise FormatError(f"the file is damaged: {error}") from error
    if not isinstance(value, kind):
        raise FormatError("the file is damaged: another kind of value was expected")
    return value


def parse_root(data: bytes) -> ET.Element:
    """Returns the root element of a file from outside.

    Raises:
        FormatError: too large, damaged, or with declarations that nobody needs.
    """
    if len(data) > MAX_FILE_BYTES:
        raise FormatError("the file is too large")
    if b"<!" in data.replace(b"<![CDATA[", b""):
        raise FormatError("the file declares document types or entities")
    try:
        return ET.fromstring(data)  # noqa: S314 - no DTD, no entities: checked above
    except ET.ParseError as error:
        raise FormatError(f"the file is damaged: {error}") from error
