"""The certificate that the routers of a lab show: self-signed, good for each of their addresses."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CERTIFICATE_FILE = "routers.pem"
_NAME = "IOS-Self-Signed-Certificate"
_LIFE = timedelta(days=3650)


def write_certificate(folder: Path, addresses: Iterable[str]) -> ssl.SSLContext:
    """Writes ``routers.pem`` for clients that check it, and returns what serves with it.

    The key exists in memory and, while it is loaded, in a file that only its owner can read.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    now = datetime.now(UTC)
    names = [x509.IPAddress(ipaddress.ip_address(a)) for a in addresses]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = folder / CERTIFICATE_FILE
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / f".{CERTIFICATE_FILE}.key"
    private.touch(mode=0o600)
    try:
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(public, private)
    finally:
        private.unlink()
    return context
