"""RSA keys of a router, and whether its SSH server runs on the one that it uses.

Source: Field Notice FN72511: releases from 17.11.1 on refuse RSA keys below 2048 bits for SSH,
which is disabled then; 17.6.1 and later warn; ``crypto engine compliance shield disable`` (from
17.7.1 on) allows them from the next boot on.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator

from slp_sim.router.catalog import Release
from slp_sim.router.device import Device

LEAST_BITS = 2048
REFUSES = Release(17, 11, 1)
_WARNS = Release(17, 6, 1)
_SHIELD = "crypto engine compliance shield disable"
_WARNING = (
    "SSH RSA Key Size compliance violation detected. Kindly note that the usage of keys smaller "
    "than 2048 bits will be deprecated in the upcoming releases. Please revise your key "
    "configuration accordingly to avoid service impact."
)
_PLEASE = (
    "%Please create EC or RSA keys to enable SSH "
    "(and of atleast {} bits for SSH v2 in case of RSA).\n"
)
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_EXPONENT = bytes.fromhex("0203010001")


def default_name(device: Device) -> str:
    """Returns how a key pair is called that nobody names: host and domain."""
    domain = device.running.value("ip domain name")
    return f"{device.hostname}.{domain}" if domain else device.hostname


def in_use(device: Device) -> tuple[str, int] | None:
    """Returns name and length of the key pair that SSH uses; None where it has none."""
    named = device.running.value("ip ssh rsa keypair-name")
    if named is not None:
        return (named, device.rsa_keys[named]) if named in device.rsa_keys else None
    return next(iter(device.rsa_keys.items()), None)


def serves(device: Device) -> bool:
    """Tells whether the SSH server runs: on a key that this release takes."""
    key = in_use(device)
    if key is None:
        return False
    return key[1] >= LEAST_BITS or device.release < REFUSES or device.unshielded


def booted(device: Device) -> None:
    """Settles what counts from a boot on, and says what is said of short keys while booting."""
    device.unshielded = device.running.has(_SHIELD)
    key = in_use(device)
    if key is not None and key[1] < LEAST_BITS and _WARNS <= device.release < REFUSES:
        device.log("SSH-5-SSH_COMPLIANCE_VIOLATION_RSA_KEY_SIZE", _WARNING)


def _modulus(device: Device, name: str) -> bytes:
    """Returns the number of a key as it is printed: made up, of the right length."""
    size = device.rsa_keys[name] // 8
    seed = f"{device.serial}/{name}/{size}".encode()
    digits = b"".join(hashlib.sha256(seed + bytes([n])).digest() for n in range(size // 32 + 1))
    return b"\0\xc3" + digits[: size - 1]


def _der(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def mypubkey(device: Device) -> str:
    """Returns ``show crypto key mypubkey rsa``."""
    return "".join(_pair(device, name) for name in device.rsa_keys)


def _pair(device: Device, name: str) -> str:
    pair = _der(0x30, _der(0x02, _modulus(device, name)) + _EXPONENT)
    digits = _der(0x30, _RSA + _der(0x03, b"\0" + pair)).hex().upper()
    words = [digits[n : n + 8] for n in range(0, len(digits), 8)]
    rows = "".join(f"  {' '.join(words[n : n + 7])} \n" for n in range(0, len(words), 7))
    at = device.born.strftime("%H:%M:%S UTC %b %-d %Y")
    return (
        f"% Key pair was generated at: {at}\nKey name: {name}\nKey type: RSA KEYS\n"
        f" Storage Device: not specified\n Usage: General Purpose Key\n"
        f" Key is not exportable. Redundancy enabled.\n Key Data:\n{rows}"
    )


def ip_ssh(device: Device) -> str:
    """Returns ``show ip ssh``."""
    return "".join(_ip_ssh(device))


def _ip_ssh(device: Device) -> Iterator[str]:
    config = device.running
    version = "2.0" if config.value("ip ssh version") == "2" else "1.99"
    timeout = config.value("ip ssh time-out") or "120"
    retries = config.value("ip ssh authentication-retries") or "3"
    up = serves(device)
    yield f"SSH {'En' if up else 'Dis'}abled - version {version}\n"
    if not up:
        yield _PLEASE.format(LEAST_BITS if device.release >= REFUSES else 768)
    yield f"Authentication timeout: {timeout} secs; Authentication retries: {retries}\n"
    yield "Minimum expected Diffie Hellman key size : 2048 bits\n"
    key = in_use(device)
    if not up or key is None:
        yield "IOS Keys in SECSH format(ssh-rsa, base64 encoded): NONE\n"
        return
    name, bits = key
    parts = (b"ssh-rsa", b"\x01\0\x01", _modulus(device, name))
    blob = b64encode(b"".join(len(x).to_bytes(4, "big") + x for x in parts)).decode()
    text = f"ssh-rsa {blob}"
    yield f"IOS Keys in SECSH format(ssh-rsa, base64 encoded): {name}\n"
    yield f"Modulus Size : {bits} bits\n"
    yield from (f"{text[n : n + 80]}\n" for n in range(0, len(text), 80))
