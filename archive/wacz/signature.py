"""Signing a WACZ, and telling whether a signature is right (WACZ Signing and Verification 0.1.0).

Signed is the hash of datapackage.json as datapackage-digest.json has it (``sha256:...``), and with it all that
datapackage.json lists.  What we make is the specification's anonymous form: the signature and the public key that checks
it, so whose key it is must be known from elsewhere.  Where the text is silent this follows ArchiveWeb.page and
replayweb.page: ECDSA over P-384 with SHA-256, the two numbers of a signature side by side, keys as SubjectPublicKeyInfo.
authsign's certificates sign in DER; both are read.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from broadsheet.archive.errors import BadInput, from_os_error

SPECIFICATION = "0.1.0"
_MAKE_ONE = "Make one: `openssl ecparam -name secp384r1 -genkey -noout -out key.pem`."


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that signs.  Make it with `load`."""

    key: ec.EllipticCurvePrivateKey

    @classmethod
    def load(cls, path: Path) -> Signer:
        """The key in the PEM file *path*.

        Raises:
            BadInput: there is no such file, or no P-384 key without a password in it.
        """
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), None)
        except OSError as error:
            raise from_os_error(error, str(path)) from error
        except TypeError as error:
            remedy = "Take the password off into a file of its own: `openssl pkey -in KEY -out OTHER`."
            raise BadInput(str(path), "is protected by a password", remedy) from error
        except ValueError as error:
            raise BadInput(str(path), "is no private key (PEM)", _MAKE_ONE) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP384R1):
            raise BadInput(str(path), "is no key on the curve P-384, which readers of WACZ check with", _MAKE_ONE)
        return cls(key)

    def sign(self, digest: str, created: datetime, software: str) -> dict[str, str]:
        """The ``signedData`` of *digest*, the labelled hash of datapackage.json.  The same input gives the same bytes."""
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        pair = decode_dss_signature(self.key.sign(digest.encode("ascii"), algorithm))
        size = (self.key.curve.key_size + 7) // 8
        return {
            "hash": digest,
            "created": f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "software": software,
            "version": SPECIFICATION,
            "signature": base64.b64encode(b"".join(number.to_bytes(size, "big") for number in pair)).decode("ascii"),
            "publicKey": base64.b64encode(_spki(self.key.public_key())).decode("ascii"),
        }

    @property
    def fingerprint(self) -> str:
        """What the key is told by: see `fingerprint`."""
        return fingerprint(_spki(self.key.public_key()))


def fingerprint(spki: bytes) -> str:
    """The SHA-256 of a public key, as ``openssl pkey -pubout -outform DER | sha256sum`` prints it."""
    return hashlib.sha256(spki).hexdigest()


def is_signed(key: ec.EllipticCurvePublicKey, signature: bytes, digest: str) -> bool:
    """Whether *signature*, of either form, is that of *digest* by *key*."""
    size = (key.curve.key_size + 7) // 8
    forms = [signature]
    if len(signature) == 2 * size:
        halves = (int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
        forms.append(encode_dss_signature(*halves))
    return any(_verifies(key, form, digest) for form in forms)


def _verifies(key: ec.EllipticCurvePublicKey, signature: bytes, digest: str) -> bool:
    try:
        key.verify(signature, digest.encode("utf-8", "replace"), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _spki(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
