"""What sites reserve in ``/.well-known/tdmrep.json`` (TDM Reservation Protocol, W3C community group), where it was captured.

A page is judged by a file that may lie anywhere in the archive.  So the files are looked up in the catalogue before the rows
are made, kept in the collection's folder ``profiles/tdmrep``, and their id goes into the extraction_id: the same captures
give the same rows, in any order.  What the page or its headers say goes first; of several captures of the file, the last one
before the page counts, or else the first one after it.  Within a file the first location that matches counts; patterns are
those of robots.txt (RFC 9309 section 2.2.3).  A file that is no JSON of that form says nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, CorruptArchive
from broadsheet.archive.http import decode_content
from broadsheet.archive.journal import connect
from broadsheet.archive.locate import source_of
from broadsheet.archive.resolved_response import ResponseResolver
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.pipelines.dataset.manifest import publishing
from broadsheet.pipelines.extract.extraction import Extraction, Extractor, PageRecord
from broadsheet.pipelines.extract.options import USUAL, ExtractionOptions
from broadsheet.pipelines.extract.site.store import read_profiles

WELL_KNOWN = "/.well-known/tdmrep.json"
_MAX_FILE = 1024 * 1024  # bytes
_MAX_RULES = 1_000


@dataclass(frozen=True, slots=True)
class TdmRule:
    """What holds for paths that *location* matches: ``reservation`` 0 or 1, ``policy`` an absolute URL or None."""

    location: str
    reservation: int
    policy: str | None


@dataclass(frozen=True, slots=True)
class TdmFile:
    """One capture of a site's file: ``site`` is host and port, ``at`` ISO 8601 in UTC."""

    site: str
    at: str
    rules: tuple[TdmRule, ...]


class ReservingExtractor:
    """An extractor that adds to a page what its site's file says, where the page itself says nothing."""

    def __init__(self, inner: Extractor, files: Iterable[TdmFile]) -> None:
        self.name, self.extraction_id, self.base_id = inner.name, inner.extraction_id, inner.base_id
        self._inner = inner
        self._files: dict[str, list[TdmFile]] = {}
        for file in sorted(files, key=lambda file: file.at):
            self._files.setdefault(file.site, []).append(file)

    def extract(self, record: PageRecord) -> Extraction:
        """Read one page."""
        extraction = self._inner.extract(record)
        if not self._files or extraction.article.tdm_reservation is not None:
            return extraction
        rule = self._rule(record.url, record.fetch_time)
        if rule is None:
            return extraction
        policy = extraction.article.tdm_policy_url or rule.policy
        stated = replace(extraction.article, tdm_reservation=rule.reservation, tdm_policy_url=policy)
        return replace(extraction, article=stated)

    def _rule(self, url: str, at: datetime | None) -> TdmRule | None:
        files = self._files.get(_site(url), [])
        if not files:
            return None
        before = [file for file in files if at is not None and datetime.fromisoformat(file.at) <= at]
        parts = urlsplit(url)
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        return next((rule for rule in (before or files[:1])[-1].rules if matches(rule.location, target)), None)


def extractor_of(directory: str, options: ExtractionOptions = USUAL) -> Extractor:
    """The extractor with all that was learnt of the sites in the collection *directory*.

    Raises:
        CorruptArchive: what was learnt cannot be read.
    """
    from broadsheet.pipelines.extract.article import ArticleExtractor  # noqa: PLC0415 - only workers load the parsers

    profiles, profiles_id = read_profiles(directory)
    files = read_tdm_files(directory)
    return ReservingExtractor(ArticleExtractor(profiles, combined_id(profiles_id, files), options), files)


def combined_id(profiles_id: str, files: Iterable[TdmFile]) -> str:
    """One id for site profiles and *files*; that of the profiles when there are no files."""
    stated = [json.dumps(asdict(file), sort_keys=True) for file in files]
    if not stated:
        return profiles_id
    return f"{profiles_id} tdmrep {hashlib.sha256(chr(10).join(stated).encode()).hexdigest()[:16]}"


def collect_tdm_files(collection: Collection) -> tuple[TdmFile, ...]:
    """The files that were captured with status 200, and kept for `extractor_of`.  What cannot be read is none: the
    derivation of its part says so.

    Raises:
        OSError: the disk refuses.
    """
    found: set[TdmFile] = set()
    with closing(connect(collection.journal, read_only=True)) as db, ResponseResolver(collection) as resolver:
        catalogue = Catalogue(db)
        for capture in catalogue.answers_at(WELL_KNOWN):
            warc = catalogue.warc(capture.warc_filename)
            if warc is None or capture.url is None or urlsplit(capture.url).path != WELL_KNOWN:
                continue
            try:
                record = read_record_at(
                    source_of(collection, warc), capture.offset, capture.length, max_block=_MAX_FILE
                )
            except (BroadsheetError, OSError):
                continue
            answer = resolver.resolve(record)
            if answer is None or record.date is None or answer.payload_record.block_truncated:
                continue
            body = decode_content(answer.payload(), answer.head, _MAX_FILE).content
            if rules := read_rules(body, capture.url):
                found.add(TdmFile(_site(capture.url), record.date.isoformat(), rules))
    files = tuple(sorted(found, key=lambda file: (file.site, file.at, str(file.rules))))
    _keep(collection, files)
    return files


def read_rules(body: bytes, url: str) -> tuple[TdmRule, ...]:
    """The rules in a file with the content *body*, captured at *url*; none when it is not of that form."""
    try:
        entries = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(entries, list):
        return ()
    rules = (_rule_of(entry, url) for entry in entries[:_MAX_RULES] if isinstance(entry, dict))
    return tuple(rule for rule in rules if rule is not None)


def matches(location: str, target: str) -> bool:
    """Whether the pattern *location* holds for the path (and query) *target*: ``*`` is anything, a last ``$`` the end."""
    whole = location.endswith("$")
    first, *others = location.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    if not others:
        return not whole or target == first
    position = len(first)
    for piece in others[:-1]:
        found = target.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    last = others[-1]
    if whole:
        return len(target) - len(last) >= position and target.endswith(last)
    return target.find(last, position) >= 0


def read_tdm_files(directory: str) -> tuple[TdmFile, ...]:
    """The files that `collect_tdm_files` kept in the collection *directory*.

    Raises:
        CorruptArchive: they cannot be read.
    """
    path = _path(directory)
    try:
        entries = json.loads(path.read_bytes())
        return tuple(
            TdmFile(entry["site"], entry["at"], tuple(TdmRule(**rule) for rule in entry["rules"])) for entry in entries
        )
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptArchive(str(path), f"holds no rules ({error})", "Delete it, and extract again.") from error


def _rule_of(entry: Mapping[str, Any], url: str) -> TdmRule | None:
    location, reservation = entry.get("location"), entry.get("tdm-reservation")
    if not isinstance(location, str) or str(reservation) not in {"0", "1"}:
        return None
    policy = entry.get("tdm-policy")
    try:
        absolute = urljoin(url, policy) if isinstance(policy, str) and policy else None
    except ValueError:
        absolute = None
    return TdmRule(location[:2000], int(str(reservation)), absolute)


def _site(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or ''}:{parts.port or {'http': 80}.get(parts.scheme, 443)}"
    except ValueError:
        return ""


def _path(directory: str) -> Path:
    return Path(directory) / "profiles" / "tdmrep" / "files.json"


def _keep(collection: Collection, files: tuple[TdmFile, ...]) -> None:
    path = _path(str(collection.directory))
    if not files:
        path.unlink(missing_ok=True)
        return
    with publishing(collection, path) as file:
        file.write(json.dumps([asdict(one) for one in files], indent=1).encode())
