"""Certificates made for the occasion: one key that lives as long as the replay, a certificate for every host asked for.

One key for all, so that a browser needs to be told of one: by the pin of its public key (Chromium), or by taking the
certificate of the throw-away authority into a throw-away profile (others).  It touches the disk only while a TLS
context loads it, in a folder that nobody else can read.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID = timedelta(days=90)
_EARLIER = timedelta(days=2)  # clocks differ
_MOST_HOSTS = 1024

Extensions = list[tuple[x509.ExtensionType, bool]]  # and whether each is critical


class Authority:
    """The throw-away key and what it signs."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("broadsheet replay (throw-away)")
        self._now = datetime.now(UTC)
        authority: Extensions = [(x509.BasicConstraints(ca=True, path_length=0), True), (_usage(signs=True), True)]
        self._certificate = self._sign(self._name, authority)
        self.context = lru_cache(_MOST_HOSTS)(self._make_context)

    @property
    def pin(self) -> str:
        """Base64 of the SHA-256 of the public key (SPKI), as Chromium's ``--ignore-certificate-errors-spki-list`` wants."""
        spki = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(hashlib.sha256(spki).digest()).decode("ascii")

    @property
    def certificate(self) -> bytes:
        """The authority's certificate, PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def _make_context(self, host: str) -> ssl.SSLContext:
        """A server's TLS context for *host* (a name in punycode, or an address).

        Raises:
            ValueError: no certificate can be made for such a name.
        """
        extensions: Extensions = [
            (x509.SubjectAlternativeName([_alternative_name(host)]), False),
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(signs=False), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        ]
        leaf = self._sign(_name("broadsheet replay"), extensions)
        chain = leaf.public_bytes(serialization.Encoding.PEM) + self.certificate
        key = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # made with mode 0600
            Path(file.name).write_bytes(key + chain)
            context.load_cert_chain(file.name)
        return context

    def _sign(self, subject: x509.Name, extensions: Extensions) -> x509.Certificate:
        key = self._key.public_key()
        identifiers: Extensions = [
            (x509.SubjectKeyIdentifier.from_public_key(key), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(key), False),
        ]
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _EARLIER)
            .not_valid_after(self._now + _VALID)
        )
        for extension, critical in (*extensions, *identifiers):
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self._key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    """What the key is for: signing certificates, or TLS."""
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)
