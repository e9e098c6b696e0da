"""The signature of a WACZ: whether it is one of its datapackage.json, and what it says of who made it.

A right signature proves that whoever has the key made the file; whose key it is, no file can tell.  So the key is told
and not judged, and so are a certificate's chain and the time stamp, for which a list of trusted roots would be needed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from broadsheet.archive.verify.finding import REPACK, Finding, Rule, Severity, breach
from broadsheet.archive.wacz.signature import fingerprint, is_signed

_SPEC = "WACZ Signing and Verification 0.1.0"
SIGNATURE = Rule(
    "wacz-signature", Severity.ERROR, f"{_SPEC}, Verification",
    "A signature is one of datapackage.json's hash, by the key or certificate that stands with it.",
    "Do not trust the file: it is not what was signed.",
)  # fmt: skip
SIGNATURE_FORM = Rule(
    "wacz-signature-form", Severity.ERROR, f"{_SPEC}, Signature Data Format",
    "signedData is of one of the two forms, and has no other properties.", REPACK,
)  # fmt: skip
SIGNER = Rule(
    "wacz-signer", Severity.INFO, f"{_SPEC}, Anonymous Signature Validation",
    "Whose key signed must be known from elsewhere; a certificate's chain and time stamp are not judged.",
    "Compare the fingerprint with the one that the maker of the file gives.",
)  # fmt: skip
SIGNATURE_RULES = (SIGNATURE, SIGNATURE_FORM, SIGNER)
_COMMON = ("hash", "created", "software", "signature")
_ANONYMOUS = ("publicKey",)
_DOMAIN = ("domain", "domainCert", "timeSignature", "timestampCert")
_ALLOWED = {*_COMMON, *_ANONYMOUS, *_DOMAIN, "version", "crossSignedCert"}


def check_signature(name: str, signed: Any, digest: str) -> Iterator[Finding]:
    """Check *signed*, the ``signedData`` of the WACZ *name*, against *digest*, its labelled hash of datapackage.json."""
    if not isinstance(signed, dict):
        yield breach(SIGNATURE_FORM, name, 0, "signedData is no object")
        return
    wanted = (*_COMMON, *(_ANONYMOUS if "publicKey" in signed else _DOMAIN))
    lacking = [one for one in wanted if not isinstance(signed.get(one), str)]
    strange = sorted(str(one) for one in signed.keys() - _ALLOWED)
    if "publicKey" in signed:
        strange += sorted(signed.keys() & {*_DOMAIN, "crossSignedCert"})
    if lacking:
        yield breach(SIGNATURE_FORM, name, 0, f"signedData has no {', '.join(lacking)}")
    if strange:
        yield breach(SIGNATURE_FORM, name, 0, f"signedData has {', '.join(strange)[:120]}, which is not in its form")
    if set(lacking) & {"hash", "signature", "publicKey", "domainCert"}:
        return
    if signed["hash"] != digest:
        yield breach(SIGNATURE, name, 0, f"it signs {signed['hash'][:80]}, datapackage.json has {digest[:80]}")
        return
    yield from _check_key(name, signed)


def _check_key(name: str, signed: dict[str, Any]) -> Iterator[Finding]:
    try:
        signature = base64.b64decode(signed["signature"], validate=True)
        certificate = None if "publicKey" in signed else _certificate(signed["domainCert"])
        if certificate is None:
            key: Any = serialization.load_der_public_key(base64.b64decode(signed["publicKey"], validate=True))
        else:
            key = certificate.public_key()
    except (binascii.Error, ValueError, UnsupportedAlgorithm) as error:
        yield breach(SIGNATURE_FORM, name, 0, f"signature or key cannot be read ({str(error)[:100]})")
        return
    if not isinstance(key, ec.EllipticCurvePublicKey):
        yield breach(SIGNATURE_FORM, name, 0, "the key is none of ECDSA")
        return
    if not is_signed(key, signature, signed["hash"]):
        yield breach(SIGNATURE, name, 0, "the signature is not one of the hash by that key")
        return
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    who = f"by the key sha256:{fingerprint(spki)}"
    if certificate is not None:
        domain = str(signed.get("domain"))
        if domain not in _names(certificate):
            yield breach(SIGNATURE, name, 0, f"the certificate is none of {domain[:80]}")
            return
        who = f"by the certificate of {domain[:80]}, not followed to its root, time stamp not checked"
    yield breach(SIGNER, name, 0, f"signed {who}, as of {str(signed.get('created'))[:40]}")


def _certificate(chain: str) -> x509.Certificate:
    """The first certificate of a PEM chain."""
    return x509.load_pem_x509_certificate(chain.encode("utf-8", "replace"))


def _names(certificate: x509.Certificate) -> set[str]:
    """The hosts that *certificate* is of."""
    common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    names = {str(one.value) for one in common}
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return names
    return names | set(alternative.get_values_for_type(x509.DNSName))
