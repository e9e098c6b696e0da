"""Certificates for the occasion: one key, a certificate for the very host, nothing left on disk."""

from __future__ import annotations

import base64
import hashlib
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from broadsheet.archive.replay.certificates import Authority


def shaken(server: ssl.SSLContext, authority: Authority, host: str) -> x509.Certificate:
    """The certificate that a client which trusts *authority* is shown, and accepts, for *host*."""
    client = ssl.create_default_context(cadata=authority.certificate.decode())
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        client.wrap_bio(to_client, to_server, server_hostname=host),
        server.wrap_bio(to_server, to_client, server_side=True),
    )
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    shown = ends[0].getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown)


@pytest.mark.parametrize("host", ["news.example", "xn--bcher-kva.example", "192.0.2.1"])
def test_a_client_that_trusts_the_authority_accepts_the_host_alone(host: str) -> None:
    authority = Authority()
    certificate = shaken(authority.context(host), authority, host)
    key = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert base64.b64encode(hashlib.sha256(key).digest()).decode() == authority.pin
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(authority.context(host), authority, "other.example")


def test_no_other_authority_is_trusted_for_it() -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(Authority().context("a.example"), Authority(), "a.example")


def test_a_host_has_one_context_and_leaves_nothing_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    authority = Authority()
    assert authority.context("a.example") is authority.context("a.example")
    assert list(tmp_path.iterdir()) == []


def test_a_name_for_which_there_can_be_no_certificate_is_told() -> None:
    with pytest.raises(ValueError, match=r".+"):
        Authority().context("bücher.example")
