"""Verifying a WACZ: the zip, its data package, and the pages and indexes it holds against the WARCs it holds.

Two passes.  `check_package` reads every byte once (zip checksums and the manifest's hashes together) and knows nothing of
WARCs; it can run in a worker process.  `check_contents` comes when the WARCs have been read, and holds pages.jsonl and
the indexes against their record tables.  Titles in the clauses are those of the specification, which numbers no sections.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from broadsheet.archive.resource import DOCUMENT_TYPES
from broadsheet.archive.verify.finding import REPACK, REPAIR, WACZ, Finding, Rule, Severity, breach
from broadsheet.archive.verify.index import IndexVerifier, check_blocks
from broadsheet.archive.verify.links import LinkedFile
from broadsheet.archive.verify.record_table import moment_of, url_key
from broadsheet.archive.verify.signature import SIGNATURE_RULES, check_signature

_E, _W = Severity.ERROR, Severity.WARNING
ZIP = Rule("wacz-zip", _E, f"{WACZ}, Zip Format", "The zip file is whole, and every member has its checksum.", REPAIR)
ZIP_TWICE = Rule("wacz-zip-twice", _E, f"{WACZ}, Zip Format", "No two members have one name.", REPACK)
ENDING = Rule("wacz-suffix", _W, f"{WACZ}, Zip Format File Extension", "The file is called .wacz.", "Rename the file.")
STORED = Rule(
    "wacz-stored", _E, f"{WACZ}, Zip Compression", "What is compressed already is stored, so that it can be sought in.",
    REPACK,
)  # fmt: skip
EXTRA = Rule(
    "wacz-extra-field", _W, "wabac.js 2.27 (replayweb.page), ZipRangeReader",
    "A member whose entry in the zip's directory has no extra field has none in its own header.", REPACK,
)  # fmt: skip
NO_ARCHIVE = Rule(
    "wacz-archive", _E, f"{WACZ}, archive", "There is a WARC in archive/, a gzipped one as .warc.gz.", REPACK
)
NO_INDEX = Rule("wacz-indexes", _E, f"{WACZ}, indexes", "There is an index in indexes/.", REPACK)
NO_PAGES = Rule("wacz-pages", _E, f"{WACZ}, pages.jsonl", "There is a pages/pages.jsonl.", REPACK)
PAGES_EMPTY = Rule("wacz-pages-empty", _W, f"{WACZ}, pages.jsonl", "There is a page in pages/pages.jsonl.", REPACK)
PAGE_FORM = Rule("wacz-page-form", _E, f"{WACZ}, pages.jsonl", "A page has a url and a ts by RFC 3339.", REPACK)
PAGE_CAPTURE = Rule("wacz-page-capture", _E, f"{WACZ}, pages.jsonl", "A page is captured in the WARCs.", REPACK)
PAGE_TIME = Rule("wacz-page-time", _W, f"{WACZ}, pages.jsonl", "A page has a capture of the day its ts says.", REPACK)
PACKAGE = Rule(
    "wacz-datapackage", _E, f"{WACZ}, datapackage.json",
    "datapackage.json is there, with profile, wacz_version and resources.", REPACK,
)  # fmt: skip
VERSION = Rule("wacz-version", _W, f"{WACZ}, datapackage.json", "The version is one that is known.", REPACK)
RESOURCE = Rule(
    "wacz-resource", _E, f"{WACZ}, datapackage.json", "A resource has path, hash and bytes, and is there.", REPACK
)
UNLISTED = Rule("wacz-unlisted", _E, f"{WACZ}, datapackage.json", "Every file is listed in resources.", REPACK)
HASH = Rule("wacz-hash", _E, f"{WACZ}, datapackage.json", "A resource has its hash.", REPAIR)
SIZE = Rule("wacz-bytes", _E, f"{WACZ}, datapackage.json", "A resource has its size.", REPAIR)
MAIN_PAGE = Rule("wacz-main-page", _W, f"{WACZ}, datapackage.json", "The main page is captured.", REPACK)
NO_DIGEST = Rule(
    "wacz-digest-missing", _W, f"{WACZ}, datapackage-digest.json", "There is a datapackage-digest.json.", REPACK
)
DIGEST = Rule("wacz-digest", _E, f"{WACZ}, datapackage-digest.json", "It has the hash of datapackage.json.", REPACK)
FOREIGN = Rule(
    "wacz-foreign", _W, f"{WACZ}, Other files and directories",
    "archive/, indexes/ and pages/ hold nothing but what belongs there.", REPACK,
)  # fmt: skip
WACZ_RULES = (
    *(
        ZIP,
        ZIP_TWICE,
        ENDING,
        STORED,
        EXTRA,
        NO_ARCHIVE,
        NO_INDEX,
        NO_PAGES,
        PAGES_EMPTY,
        PAGE_FORM,
        PAGE_CAPTURE,
        PAGE_TIME,
    ),
    *(PACKAGE, VERSION, RESOURCE, UNLISTED, HASH, SIZE, MAIN_PAGE, NO_DIGEST, DIGEST, *SIGNATURE_RULES, FOREIGN),
)
_CAPTURES = ("response", "revisit", *DOCUMENT_TYPES)
_MANIFEST, _DIGEST_FILE = "datapackage.json", "datapackage-digest.json"
_VERSIONS = ("1.0.0", "1.1.0", "1.1.1", "1.2.0")
_BELONGS = {
    "archive": (".warc", ".warc.gz", ".warc.zst"),
    "indexes": (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz", ".idx"),
    "pages": (".jsonl",),
}
_COMPRESSED = (".warc.gz", ".warc.zst", ".cdx.gz", ".cdxj.gz")
_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_PIECE = 1024 * 1024
_LENGTHS = 26  # of a local file header (APPNOTE 4.3.7): where the lengths of name and extra field stand
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class _Resource:
    path: str
    hash: str | None
    size: int | None


def check_package(path: Path, on_progress: Callable[[int], None] = lambda _: None) -> Iterator[Finding]:
    """Check the zip at *path*, its layout, and its files against its manifest.  *on_progress* is told bytes done."""
    name = path.name
    if path.suffix.lower() != ".wacz":
        yield breach(ENDING, name, 0, "a WACZ must be called .wacz")
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _check_layout(name, archive)
            yield from _check_headers(path, archive)
            resources, manifest_problems = _manifest(name, archive)
            yield from manifest_problems
            yield from _check_members(name, archive, resources, on_progress)
    except _DAMAGE as error:
        yield breach(ZIP, name, 0, f"the zip file cannot be read: {error}")


def _check_layout(name: str, archive: zipfile.ZipFile) -> Iterator[Finding]:
    files = [info for info in archive.infolist() if not info.is_dir()]
    for member, count in Counter(info.filename for info in files).items():
        if count > 1:
            yield breach(ZIP_TWICE, name, 0, f"{member} is there {count} times")
    for info in files:
        folder, slash, rest = info.filename.partition("/")
        if slash and folder in _BELONGS and not rest.lower().endswith(_BELONGS[folder]):
            yield breach(FOREIGN, name, info.header_offset, f"{info.filename} does not belong there")
        if info.compress_type != zipfile.ZIP_STORED and info.filename.lower().endswith(_COMPRESSED):
            yield breach(STORED, name, info.header_offset, f"{info.filename} is compressed once more")
    names = {info.filename for info in files}
    if not any(member.startswith("archive/") and member.endswith(_BELONGS["archive"]) for member in names):
        yield breach(NO_ARCHIVE, name, 0, "there is no WARC in archive/")
    if not any(member.startswith("indexes/") and ".cdx" in member for member in names):
        yield breach(NO_INDEX, name, 0, "there is no index in indexes/")
    if "pages/pages.jsonl" not in names:
        yield breach(NO_PAGES, name, 0, "there is no pages/pages.jsonl: it opens without pages")


def _check_headers(path: Path, archive: zipfile.ZipFile) -> Iterator[Finding]:
    """replayweb.page reads a member without an extra field in the directory from where its header would end without one."""
    with path.open("rb") as file:
        for info in archive.infolist():
            if info.extra or info.is_dir():
                continue
            file.seek(info.header_offset + _LENGTHS)
            lengths = file.read(4)
            if len(lengths) == 4 and (length := int.from_bytes(lengths[2:], "little")):
                message = f"{info.filename} begins {length} bytes behind where replayweb.page looks for it"
                yield breach(EXTRA, path.name, info.header_offset, message)


def _manifest(name: str, archive: zipfile.ZipFile) -> tuple[dict[str, _Resource], list[Finding]]:
    """The resources of datapackage.json by path, and what is wrong with it."""
    found: list[Finding] = []
    try:
        manifest: Any = orjson.loads(archive.read(_MANIFEST))
    except KeyError:
        return {}, [breach(PACKAGE, name, 0, "there is no datapackage.json")]
    except orjson.JSONDecodeError as error:
        return {}, [breach(PACKAGE, name, 0, f"datapackage.json is no JSON ({error})")]
    except _DAMAGE as error:
        return {}, [breach(ZIP, name, 0, f"datapackage.json cannot be read: {error}")]
    if not isinstance(manifest, dict):
        return {}, [breach(PACKAGE, name, 0, "datapackage.json is no object")]
    if manifest.get("profile") != "data-package":
        found.append(breach(PACKAGE, name, 0, f"profile is {str(manifest.get('profile'))[:40]!r}, not 'data-package'"))
    version = manifest.get("wacz_version")
    if not isinstance(version, str):
        found.append(breach(PACKAGE, name, 0, "no wacz_version"))
    elif version not in _VERSIONS:
        found.append(breach(VERSION, name, 0, f"wacz_version {version[:20]!r}"))
    listed = manifest.get("resources")
    if not isinstance(listed, list) or not listed:
        found.append(breach(PACKAGE, name, 0, "no resources"))
        listed = []
    resources: dict[str, _Resource] = {}
    for entry in listed:
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
            found.append(breach(RESOURCE, name, 0, "a resource without a path"))
            continue
        size, digest = entry.get("bytes"), entry.get("hash")
        if not isinstance(size, int) or not isinstance(digest, str):
            found.append(breach(RESOURCE, name, 0, f"{entry['path'][:120]} has no bytes or no hash"))
        resources[entry["path"]] = _Resource(
            entry["path"], digest if isinstance(digest, str) else None, size if isinstance(size, int) else None
        )
    return resources, found


def _check_members(
    name: str, archive: zipfile.ZipFile, resources: dict[str, _Resource], on_progress: Callable[[int], None]
) -> Iterator[Finding]:
    done = 0
    names = set()
    for info in archive.infolist():
        if info.is_dir() or info.filename in names:
            continue
        names.add(info.filename)
        resource = resources.get(info.filename)
        digest = _digest(resource.hash if resource is not None else None)
        try:
            with archive.open(info) as member:
                while piece := member.read(_PIECE):
                    digest.update(piece)
                    done += len(piece)
                    on_progress(done)
        except _DAMAGE as error:
            yield breach(ZIP, name, info.header_offset, f"{info.filename} is damaged: {error}")
            continue
        if resource is not None:
            yield from _check_resource(name, info, resource, digest.hexdigest())
        elif resources and info.filename not in (_MANIFEST, _DIGEST_FILE):
            yield breach(UNLISTED, name, info.header_offset, f"{info.filename} is not listed in datapackage.json")
    for path in sorted(resources.keys() - names):
        yield breach(RESOURCE, name, 0, f"{path[:120]} is listed in datapackage.json and not there")
    yield from _check_digest(name, archive, names)


def _check_resource(name: str, info: zipfile.ZipInfo, resource: _Resource, found: str) -> Iterator[Finding]:
    if resource.size is not None and resource.size != info.file_size:
        message = f"{info.filename} has {info.file_size} bytes, datapackage.json says {resource.size}"
        yield breach(SIZE, name, info.header_offset, message)
    if resource.hash is not None and resource.hash.rpartition(":")[2].lower() != found:
        yield breach(HASH, name, info.header_offset, f"{info.filename} does not have the hash of datapackage.json")


def _check_digest(name: str, archive: zipfile.ZipFile, names: set[str]) -> Iterator[Finding]:
    if _DIGEST_FILE not in names:
        yield breach(NO_DIGEST, name, 0, "there is no datapackage-digest.json: nothing vouches for datapackage.json")
        return
    try:
        content: Any = orjson.loads(archive.read(_DIGEST_FILE))
        manifest = archive.read(_MANIFEST) if _MANIFEST in names else b""
    except orjson.JSONDecodeError as error:
        yield breach(DIGEST, name, 0, f"datapackage-digest.json is no JSON ({error})")
        return
    except _DAMAGE:
        return  # its member was found damaged above
    labelled = content.get("hash") if isinstance(content, dict) else None
    if not isinstance(labelled, str) or content.get("path") != _MANIFEST:
        yield breach(DIGEST, name, 0, "datapackage-digest.json has no path or no hash")
        return
    digest = _digest(labelled)
    digest.update(manifest)
    if digest.hexdigest() != labelled.rpartition(":")[2].lower():
        yield breach(DIGEST, name, 0, "datapackage.json does not have the hash of datapackage-digest.json")
    if "signedData" in content:
        yield from check_signature(name, content["signedData"], labelled)


def _digest(labelled: str | None) -> Any:
    """A hash of the algorithm that *labelled* names; SHA-256 when it names none that is known."""
    algorithm = (labelled or "").partition(":")[0].strip().lower().replace("-", "")
    known = algorithm if algorithm in ("md5", "sha1", "sha256", "sha512") else "sha256"
    return hashlib.new(known, usedforsecurity=False)


# ---- against the WARCs


def check_contents(path: Path, warcs: Sequence[LinkedFile]) -> Iterator[Finding]:
    """Hold the indexes and pages of the WACZ at *path* against its WARCs."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _check_indexes(path.name, archive, warcs)
            yield from _check_pages(path.name, archive, warcs)
    except _DAMAGE as error:
        yield breach(ZIP, path.name, 0, f"the zip file cannot be read: {error}")


def _check_indexes(name: str, archive: zipfile.ZipFile, warcs: Sequence[LinkedFile]) -> Iterator[Finding]:
    members = [info.filename for info in archive.infolist() if info.filename.startswith("indexes/")]
    indexes = [member for member in members if member.lower().endswith((".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"))]
    verifier = IndexVerifier(warcs)
    for member in indexes:
        yield from verifier.check(f"{name}!{member}", lambda member=member: archive.open(member))  # type: ignore[misc]
    if indexes:
        yield from verifier.missing(f"{name}!{indexes[0]}")

    def block_file(filename: str) -> IO[bytes] | None:
        member = f"indexes/{filename}"
        return archive.open(member) if member in members else None

    for member in members:
        if member.lower().endswith(".idx"):
            yield from check_blocks(f"{name}!{member}", lambda member=member: archive.open(member), block_file)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class _Page:
    source: str
    line: int
    url: int
    day: str
    text: str


def _check_pages(name: str, archive: zipfile.ZipFile, warcs: Sequence[LinkedFile]) -> Iterator[Finding]:
    pages: list[_Page] = []
    for info in archive.infolist():
        if info.filename.startswith("pages/") and info.filename.endswith(".jsonl"):
            before = len(pages)
            yield from _read_pages(f"{name}!{info.filename}", archive, info, pages)
            if info.filename == "pages/pages.jsonl" and len(pages) == before:
                yield breach(PAGES_EMPTY, f"{name}!{info.filename}", 0, "there is no page in it")
    main = _main_page(archive)
    wanted = {page.url for page in pages} | ({url_key(main)} if main else set())
    captured = _capture_days(warcs, wanted)
    for page in pages:
        if page.url not in captured:
            yield breach(PAGE_CAPTURE, page.source, page.line, f"{page.text} is not captured")
        elif page.day not in captured[page.url]:
            yield breach(PAGE_TIME, page.source, page.line, f"{page.text} is not captured on {page.day}")
    if main and url_key(main) not in captured:
        yield breach(MAIN_PAGE, name, 0, f"mainPageUrl {main[:120]} is not captured")


def _read_pages(source: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, pages: list[_Page]) -> Iterator[Finding]:
    try:
        with archive.open(info) as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    problem = _take_page(source, number, line, pages)
                    if problem is not None:
                        yield breach(PAGE_FORM, source, number, problem)
    except _DAMAGE as error:
        yield breach(ZIP, source, 0, f"cannot be read: {error}")


def _take_page(source: str, number: int, line: bytes, pages: list[_Page]) -> str | None:
    """Add the page that *line* is to *pages*; a text says why it is none."""
    try:
        page: Any = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return f"no JSON ({error})"
    if not isinstance(page, dict):
        return "no JSON object"
    if number == 1 and "format" in page and "url" not in page:
        return None  # the file's own header
    url, moment = page.get("url"), page.get("ts")
    if not isinstance(url, str) or not url:
        return "no url"
    match = _RFC3339.fullmatch(moment) if isinstance(moment, str) else None
    if match is None:
        return f"ts is {str(moment)[:40]!r}"
    pages.append(_Page(source, number, url_key(url), match.group(1), url[:120]))
    return None


def _main_page(archive: zipfile.ZipFile) -> str | None:
    try:
        manifest: Any = orjson.loads(archive.read(_MANIFEST))
    except (KeyError, orjson.JSONDecodeError, *_DAMAGE):
        return None  # said by check_package
    main = manifest.get("mainPageUrl") if isinstance(manifest, dict) else None
    return main if isinstance(main, str) else None


def _capture_days(warcs: Sequence[LinkedFile], wanted: set[int]) -> dict[int, set[str]]:
    """On which days the URLs of *wanted* were captured."""
    captured: dict[int, set[str]] = {}
    for table in (warc.table for warc in warcs):
        for number, url in enumerate(table.urls):
            if url in wanted and (row := table.row(number)).record_type in _CAPTURES:
                moment = moment_of(row.date)
                captured.setdefault(url, set()).add("" if moment is None else f"{moment:%Y-%m-%d}")
    return captured
