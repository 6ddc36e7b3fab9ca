"""Made-up names, serial numbers and addresses in place of a user's own, each always the same."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import urlsplit

from slp_sim.scenario import serial_number

_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_URL_HOST = re.compile(r"(?<=://)[^/:\s]+")
_NAMED_HOST = re.compile(
    r"((?:ntp server|ip http client proxy-server|license smart proxy address) )"
    r"(?=[^\d\s])(\S+)(.*)$"
)
_KNOWN_HOSTS = ("cisco.com", "cslu-local")
_FIRST = int(IPv4Address("198.18.0.1"))


class Disguise:
    """What of one fleet is replaced by what.

    Args:
        on: whether anything is replaced at all; otherwise every question is its own answer.
    """

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self._known: dict[tuple[str, str], str] = {}

    def name(self, kind: str, value: str, form: str) -> str:
        """Returns ``value``, or what stands for it: ``form`` with the next number of its kind."""
        if not self.on:
            return value
        number = sum(k == kind for k, _ in self._known) + 1
        return self._known.setdefault((kind, value.lower()), form.format(number))

    def router(self, name: str) -> str:
        """Returns what a router is called."""
        return self.name("router", name, "r{:03}")

    def serial(self, serial: str) -> str:
        """Returns a serial number."""
        if not self.on:
            return serial
        virtual = len(serial) == 11 and serial.startswith("9")
        return serial_number(self.name("serial", serial, "captured/{}"), virtual=virtual)

    def address(self, text: str) -> str:
        """Returns an IPv4 address; masks stay as they are."""
        try:
            value = int(IPv4Address(text))
        except AddressValueError:
            return text
        inverse = value ^ 0xFFFFFFFF
        is_mask = not (inverse & (inverse + 1)) or not (value & (value + 1))
        if not self.on or is_mask:
            return text
        number = int(self.name("address", text, "{}"))
        return str(IPv4Address(_FIRST + number))

    def host(self, name: str) -> str:
        """Returns a host name or address of a URL; Cisco's own stay."""
        if not self.on or any(name == k or name.endswith("." + k) for k in _KNOWN_HOSTS):
            return name
        if _ADDRESS.fullmatch(name):
            return self.address(name)
        return self.name("host", name, "host-{:02}.example.net")

    def url(self, url: str) -> str:
        """Returns a URL with another host; the tenant at the end of an On-Prem's is replaced."""
        if not self.on or "://" not in url:
            return url
        replaced = _URL_HOST.sub(lambda m: self.host(m[0].lower()), url)
        head, slash, tenant = replaced.rpartition("/cslu/v1/pi/")
        return head + slash + self.name("tenant", tenant, "tenant-{}") if slash else replaced

    def vrf(self, name: str) -> str:
        """Returns the name of a VRF; that of the management interface stays."""
        return name if name == "Mgmt-intf" else self.name("vrf", name, "VRF-{:02}")

    def line(self, line: str) -> str:
        """Returns a line of configuration."""
        if not self.on:
            return line
        line = re.sub(r"\b(vrf(?: definition| forwarding)? )(\S+)", self._vrf, line)
        line = re.sub(r"^(ip domain(?:[ -]name| list) ).*", r"\1example.net", line)
        line = re.sub(r"\S+://\S+", lambda m: self.url(m[0]), line)
        named = _NAMED_HOST.match(line)
        if named and named[2] != "vrf":
            line = named[1] + self.host(named[2].lower()) + named[3]
        return _ADDRESS.sub(lambda m: self.address(m[0]), line)

    def _vrf(self, match: re.Match[str]) -> str:
        return match[1] + self.vrf(match[2])


def host_of(url: str) -> str:
    """Returns the host of a URL; nothing where there is none."""
    return (urlsplit(url).hostname or "").lower()
