"""WACZs with one thing wrong; `build` makes them in a folder and returns what to verify."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from faulty_indexes import index_of, index_text, sound_warc
from made_records import NAME

from broadsheet.archive.wacz.signature import Signer


def sound_members(lab: Any, folder: Path) -> dict[str, bytes]:
    """The members of a sound WACZ, the manifest left out."""
    warc = folder / NAME
    warc.write_bytes(sound_warc(lab))
    index = index_text(index_of(warc))
    block = gzip.compress(index, mtime=0)
    key, timestamp, _ = index.decode().split(" ", 2)
    place = {"offset": 0, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
    header = json.dumps({"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})
    pages = [
        {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"},
        {"id": "1", "url": "http://news.example/a", "ts": "2026-11-24T10:20:30Z", "title": "A"},
        {"id": "2", "url": "http://news.example/b", "ts": "2026-11-24T10:20:30.000Z", "title": "B"},
    ]
    members = {
        f"archive/{NAME}": warc.read_bytes(),
        "indexes/index.cdx.gz": block,
        "indexes/index.idx": f"!meta 0 {header}\n{key} {timestamp} {json.dumps(place)}\n".encode(),
        "pages/pages.jsonl": "".join(json.dumps(page) + "\n" for page in pages).encode(),
    }
    warc.unlink()
    return members


def manifest_of(members: dict[str, bytes]) -> dict[str, Any]:
    """The data package of *members*."""
    resources = [
        {
            "name": path.rpartition("/")[2],
            "path": path,
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "bytes": len(content),
        }
        for path, content in members.items()
    ]
    return {"profile": "data-package", "wacz_version": "1.1.1", "title": "t", "resources": resources}


def write_wacz(
    path: Path,
    members: dict[str, bytes],
    manifest: bytes,
    *,
    digest: bytes | None = None,
    deflate: tuple[str, ...] = (),
) -> Path:
    """Zip *members* with *manifest*, and a digest of that unless another is given; an empty one is left out."""
    if digest is None:
        value = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(manifest).hexdigest()}"}
        digest = json.dumps(value).encode()
    with zipfile.ZipFile(path, "w") as archive:
        every = members | {"datapackage.json": manifest, "datapackage-digest.json": digest}
        for name, content in every.items():
            if content or name not in ("datapackage.json", "datapackage-digest.json"):
                archive.writestr(name, content, zipfile.ZIP_DEFLATED if name in deflate else zipfile.ZIP_STORED)
    return path


@dataclass(frozen=True)
class WaczFault:
    """A WACZ with one thing wrong.

    *members* changes what is packed before the manifest is made, *after* behind its back; *manifest* changes that;
    *raw* the zip's bytes; *digest* is datapackage-digest.json, or makes it of datapackage.json.
    """

    rule: str
    members: Callable[[dict[str, bytes]], dict[str, bytes]] = lambda members: members
    after: Callable[[dict[str, bytes]], dict[str, bytes]] = lambda members: members
    manifest: Callable[[dict[str, Any]], bytes] = lambda manifest: json.dumps(manifest).encode()
    raw: Callable[[bytes], bytes] = lambda data: data
    digest: bytes | Callable[[bytes], bytes] | None = None
    deflate: tuple[str, ...] = ()
    name: str = "x.wacz"

    def build(self, lab: Any, folder: Path) -> Path:
        """Write it; returns its path."""
        members = self.members(sound_members(lab, folder))
        manifest = self.manifest(manifest_of(members))
        digest = self.digest(manifest) if callable(self.digest) else self.digest
        path = write_wacz(folder / self.name, self.after(members), manifest, digest=digest, deflate=self.deflate)
        path.write_bytes(self.raw(path.read_bytes()))
        return path


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """The members but *name*."""
    return lambda members: {path: content for path, content in members.items() if path != name}


def replaced(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """The members, one of them edited (added when *old* is empty)."""
    return lambda members: members | {name: members[name].replace(old, new) if old else new}


def changed(**values: Any) -> Callable[[dict[str, Any]], bytes]:
    """The manifest with these values; None drops one."""
    return lambda manifest: json.dumps({k: v for k, v in (manifest | values).items() if v is not None}).encode()


def restocked(lab_index: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """The members with the index's text changed, and no secondary index."""

    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        text = lab_index(gzip.decompress(members["indexes/index.cdx.gz"]))
        return without("indexes/index.idx")(members) | {"indexes/index.cdx.gz": gzip.compress(text, mtime=0)}

    return change


KEY, OTHER_KEY = (Signer(ec.generate_private_key(ec.SECP384R1())) for _ in range(2))
MOMENT = datetime(2026, 11, 24, tzinfo=UTC)


def signed(of: bytes | None = None, **changes: str | None) -> Callable[[bytes], bytes]:
    """A datapackage-digest.json whose signature is that of the manifest *of*, but for *changes*."""

    def digest(manifest: bytes) -> bytes:
        real, other = (
            f"sha256:{hashlib.sha256(one).hexdigest()}" for one in (manifest, manifest if of is None else of)
        )
        data = KEY.sign(other, MOMENT, "test") | changes
        told = {
            "path": "datapackage.json",
            "hash": real,
            "signedData": {k: v for k, v in data.items() if v is not None},
        }
        return json.dumps(told).encode()

    return digest


_PAGES = "pages/pages.jsonl"


def streamed(data: bytes) -> bytes:
    """The same zip with members whose size was not known before: zip64 in their own headers, not in the directory."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new := io.BytesIO(), "w") as archive:
        for info in old.infolist():
            content, info.extra = old.read(info), b""
            with archive.open(info, "w", force_zip64=True) as member:
                member.write(content)
    return new.getvalue()


WACZ_FAULTS: dict[str, WaczFault] = {
    "no pages": WaczFault("wacz-pages", members=without(_PAGES)),
    "an empty list of pages": WaczFault(
        "wacz-pages-empty", members=lambda members: members | {_PAGES: members[_PAGES].split(b"\n")[0] + b"\n"}
    ),
    "a page without ts": WaczFault("wacz-page-form", members=replaced(_PAGES, b'"ts"', b'"time"')),
    "a page whose ts is a number": WaczFault(
        "wacz-page-form", members=replaced(_PAGES, b'"2026-11-24T10:20:30Z"', b"1")
    ),
    "a page that is no JSON": WaczFault("wacz-page-form", members=replaced(_PAGES, b'"title": "A"}', b'"title"')),
    "a page that was not captured": WaczFault(
        "wacz-page-capture", members=replaced(_PAGES, b"example/b", b"example/z")
    ),
    "a page of another day": WaczFault(
        "wacz-page-time", members=replaced(_PAGES, b"11-24T10:20:30.000", b"11-20T10:20:30")
    ),
    "no index": WaczFault(
        "wacz-indexes", members=lambda m: without("indexes/index.idx")(without("indexes/index.cdx.gz")(m))
    ),
    "an index of another WARC": WaczFault(
        "index-offset", members=restocked(lambda text: text.replace(b'"offset": "', b'"offset": "1'))
    ),
    "an index that lacks a capture": WaczFault(
        "index-missing", members=restocked(lambda text: text.split(b"\n", 1)[1])
    ),
    "an index not sorted": WaczFault(
        "index-sorted", members=restocked(lambda text: b"\n".join(text.split(b"\n")[2::-1]) + b"\n")
    ),
    "a stale secondary index": WaczFault(
        "index-blocks", members=replaced("indexes/index.idx", b'"offset": 0', b'"offset": 7')
    ),
    "no WARC": WaczFault("wacz-archive", members=without(f"archive/{NAME}")),
    "a WARC that is cut": WaczFault("truncated", members=lambda m: m | {f"archive/{NAME}": m[f"archive/{NAME}"][:-9]}),
    "a WARC compressed again": WaczFault("wacz-stored", deflate=(f"archive/{NAME}",)),
    "a WARC that the manifest has not seen": WaczFault(
        "wacz-hash", after=lambda m: m | {f"archive/{NAME}": m[f"archive/{NAME}"] + m[f"archive/{NAME}"][-9:]}
    ),
    "another size than listed": WaczFault("wacz-bytes", after=replaced(_PAGES, b"All Pages", b"All")),
    "a file listed and not there": WaczFault("wacz-resource", after=without("indexes/index.idx")),
    "a file there and not listed": WaczFault("wacz-unlisted", after=replaced("logs/crawl.log", b"", b"x")),
    "a stranger in archive/": WaczFault("wacz-foreign", members=replaced("archive/notes.txt", b"", b"x")),
    "no datapackage.json": WaczFault("wacz-datapackage", manifest=lambda _: b"", digest=b""),
    "a manifest without version": WaczFault("wacz-datapackage", manifest=changed(wacz_version=None)),
    "a manifest without profile": WaczFault("wacz-datapackage", manifest=changed(profile=None)),
    "a manifest without resources": WaczFault("wacz-datapackage", manifest=changed(resources=[])),
    "an unknown version": WaczFault("wacz-version", manifest=changed(wacz_version="7.0")),
    "a main page that was not captured": WaczFault("wacz-main-page", manifest=changed(mainPageUrl="http://z.example/")),
    "no digest of the manifest": WaczFault("wacz-digest-missing", digest=b""),
    "a digest of another manifest": WaczFault(
        "wacz-digest", digest=b'{"path": "datapackage.json", "hash": "sha256:' + b"0" * 64 + b'"}'
    ),
    "a signature by somebody": WaczFault("wacz-signer", digest=signed()),
    "a signature of another manifest": WaczFault("wacz-signature", digest=signed(of=b"{}")),
    "a signature taken from another file": WaczFault(
        "wacz-signature", digest=signed(signature=KEY.sign("sha256:00", MOMENT, "x")["signature"])
    ),
    "a signature by another key": WaczFault(
        "wacz-signature", digest=signed(publicKey=OTHER_KEY.sign("sha256:00", MOMENT, "x")["publicKey"])
    ),
    "a signature without a key": WaczFault("wacz-signature-form", digest=signed(publicKey=None)),
    "a signature that is no base64": WaczFault("wacz-signature-form", digest=signed(signature="?")),
    "a signature with more than there is": WaczFault("wacz-signature-form", digest=signed(purpose="art")),
    "a byte flipped in the zip": WaczFault("wacz-zip", raw=lambda data: data.replace(b'"title": "A"', b'"title": "Z"')),
    "a zip streamed as replayweb.page cannot read it": WaczFault("wacz-extra-field", raw=streamed),
    "a zip that is cut": WaczFault("wacz-zip", raw=lambda data: data[:-40]),
    "a zip called .zip": WaczFault("wacz-suffix", name="x.zip"),
}
