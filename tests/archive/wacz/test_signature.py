"""Signed WACZ files: what we sign others take, what others sign we take, and what was changed is found."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from small_warcs import answered, write_warc

from broadsheet.archive.verify.signature import check_signature
from broadsheet.cli import main

MOMENT = datetime(2026, 11, 24, tzinfo=UTC)
DIGEST = "sha256:" + "0a" * 32
BY_A_BROWSER = """
const {hash, publicKey, signature} = JSON.parse(process.argv[1]), bytes = text => Buffer.from(text, "base64");
(async () => {
  const curve = {name: "ECDSA", namedCurve: "P-384"};
  const key = await crypto.subtle.importKey("spki", bytes(publicKey), curve, true, ["verify"]);
  const how = {name: "ECDSA", hash: "SHA-256"};
  console.log(await crypto.subtle.verify(how, key, bytes(signature), new TextEncoder().encode(hash)));
})();
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(one) for one in arguments])
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


def pem(key: Any, password: bytes | None = None) -> bytes:
    protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    path.write_bytes(pem(ec.generate_private_key(ec.SECP384R1())))
    return path


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    path: Path = write_warc(tmp_path, "w", [answered("http://a.example/", "<p>x")])
    return path


def signed_data(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        data: dict[str, str] = json.loads(archive.read("datapackage-digest.json"))["signedData"]
        return data


def test_what_is_signed_is_sound_and_says_by_whom(
    key: Path, warc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "x.wacz"
    code, out, err = run(capsys, "pack", warc, "-o", output, "--sign", key)
    assert code == 0, err
    fingerprint = out.split("sha256:")[1].split()[0]
    code, out, _ = run(capsys, "verify", output, "--json")
    told = json.loads(out)
    assert (code, told["errors"]) == (0, 0)
    (signer,) = [finding for finding in told["findings"] if finding["rule"] == "wacz-signer"]
    assert fingerprint in signer["message"]
    again = tmp_path / "again.wacz"
    assert run(capsys, "pack", warc, "-o", again, "--sign", key)[0] == 0
    assert again.read_bytes() == output.read_bytes()
    assert signed_data(output).keys() == {"hash", "created", "software", "version", "signature", "publicKey"}


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
def test_a_browser_takes_the_signature(
    key: Path, warc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "pack", warc, "-o", tmp_path / "x.wacz", "--sign", key)[0] == 0
    data = signed_data(tmp_path / "x.wacz")
    for change, expected in (({}, "true"), ({"hash": DIGEST}, "false")):
        command = ["node", "-e", BY_A_BROWSER, json.dumps(data | change)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == expected


def test_a_domain_that_signs_is_taken_and_its_name_checked() -> None:
    """As authsign does it: in DER, by the key of a certificate, here on the curve that it uses."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sign.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(MOMENT)
        .not_valid_after(MOMENT + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    data = {
        "hash": DIGEST,
        "created": "2026-11-24T00:00:00Z",
        "software": "authsigner",
        "version": "0.1.0",
        "signature": base64.b64encode(key.sign(DIGEST.encode(), ec.ECDSA(hashes.SHA256()))).decode(),
        "domain": "sign.example",
        "domainCert": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "timeSignature": "AA==",
        "timestampCert": "x",
    }
    assert [finding.rule for finding in check_signature("x", data, DIGEST)] == ["wacz-signer"]
    for change in ({"domain": "other.example"}, {"signature": "AA=="}, {"hash": "sha256:00"}):
        assert [finding.rule for finding in check_signature("x", data | change, DIGEST)] == ["wacz-signature"]
    others: list[object] = [data | {"domainCert": "-"}, {**data, "timeSignature": None}, [], {}]
    for changed in others:
        assert "wacz-signature-form" in [finding.rule for finding in check_signature("x", changed, DIGEST)]


def test_keys_that_do_not_serve_are_said(warc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for data, said in (
        (None, "No such file"),
        (b"-----BEGIN", "is no private key"),
        (pem(ec.generate_private_key(ec.SECP384R1()), b"secret"), "protected by a password"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "P-384"),
        (pem(rsa.generate_private_key(65537, 2048)), "P-384"),
    ):
        path = tmp_path / "bad.pem"
        if data is not None:
            path.write_bytes(data)
        code, _, err = run(capsys, "pack", warc, "-o", tmp_path / "x.wacz", "--sign", path)
        assert code in (2, 3)
        assert said in err
        assert not (tmp_path / "x.wacz").exists()
