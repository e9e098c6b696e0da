"""The task of a worker: one part of a WARC, read as a stream, turned into rows (or sketches alone), published.

Every entry of the part ends as a row in ``articles`` or as a counted reason why there is none.  A record named in
``skip`` gets a row with that status and is not extracted: a worker died of it before, or ran out of time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.archive.http import decode_content
from broadsheet.archive.http_answer import is_html
from broadsheet.archive.locate import own_source
from broadsheet.archive.repeats import SAME
from broadsheet.archive.resolved_response import MAX_BLOCK, ResolvedResponse, ResponseResolver
from broadsheet.archive.resource import DOCUMENT_TYPES
from broadsheet.archive.warc.entries import entries_of
from broadsheet.archive.warc.metadata import ExchangeMetadata
from broadsheet.archive.warc.reader import Damage, read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.pipelines.dataset.manifest import REPEATED, Manifest, publish_manifest
from broadsheet.pipelines.dataset.publish import publish_tables
from broadsheet.pipelines.dataset.rows import PartRows
from broadsheet.pipelines.dataset.supersede import supersede, supersede_captures
from broadsheet.pipelines.derive.body_decisions import publish_body_decisions, read_body_decisions
from broadsheet.pipelines.derive.capture_filter import EVERYTHING, CaptureFilter
from broadsheet.pipelines.derive.messages import Done, Task, damage_text
from broadsheet.pipelines.derive.parts import Part
from broadsheet.pipelines.derive.sketches import lines_before, publish_sketches
from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction, Extractor, PageRecord
from broadsheet.pipelines.extract.site.lines import Lines
from broadsheet.pipelines.extract.site.sketch import PageSketch

MAX_PAGE = 64 * 1024 * 1024  # bytes of a decoded page; the rest is not looked at
_SKIPPED = {"timeout": "took longer than the time limit of a page", "error": "the worker died of it, twice"}


@dataclass(frozen=True, slots=True)
class _EarlierReading:
    """What an earlier reading of a part left, by the offsets of records: body decisions, and the lines of sketches."""

    decisions: Mapping[int, bytes]
    lines: Mapping[int, Lines]

    @classmethod
    def of(cls, collection: Collection, extractor: Extractor, part: str) -> _EarlierReading:
        """What was left of *part*; lines only where *extractor* has profiles, which are what asks for them."""
        base_id = extractor.base_id
        profiled = extractor.extraction_id != base_id
        lines = lines_before(collection, base_id, part) if profiled else {}
        return cls(read_body_decisions(collection, base_id, part), lines)


def derive_part(collection: Collection, task: Task, extractor: Extractor, announce: Callable[[int], None]) -> Done:
    """Derive the part of *task* and publish it; *announce* is told the offset of each page before it is extracted, -1
    when none is.

    Raises:
        OSError: the disk refuses.
        CorruptArchive: the file holds other entries than the journal says.
        BadInput: the file is gone.
    """
    part = _where_it_lies_now(collection, task.part)
    try:
        return _derive(collection, replace(task, part=part), extractor, announce)
    except BadInput:
        moved = _where_it_lies_now(collection, part)
        if moved == part:
            raise
    return _derive(
        collection, replace(task, part=moved), extractor, announce
    )  # closed between the look and the opening


def _derive(collection: Collection, task: Task, extractor: Extractor, announce: Callable[[int], None]) -> Done:
    part = task.part
    if task.asked is not None:
        return _sketch(collection, task, task.asked, extractor, announce)
    rows = PartRows(task.tables, part.warc_filename, extractor, part.repeats)
    reasons: Counter[str] = Counter()
    damage: list[str] = []
    problems: list[str] = []
    sketches: list[PageSketch] = []
    first_reading = extractor.extraction_id == extractor.base_id
    earlier = _EarlierReading.of(collection, extractor, part.name)
    decisions = dict(earlier.decisions)
    seen: list[int] = []
    pages = failures = 0
    crawl_id = _crawl_id(part)
    with ResponseResolver(collection) as resolver:
        for entry, metadata in _entries(part, damage):
            seen.append(entry.offset)
            if part.repeats.get(entry.offset) == SAME:
                reasons[REPEATED] += 1
                continue
            embedded = metadata is not None and metadata.provenance.embedded
            # What a requisite's revisit refers to is not read: no row needs it.
            answer = None if embedded and entry.record_type == "revisit" else resolver.resolve(entry)
            rows.add_capture(entry, answer, metadata, crawl_id=crawl_id)
            reason = why_no_page(entry, answer, metadata, task.wanted)
            if reason is not None or answer is None:
                reasons[reason or "not HTTP"] += 1
                continue
            extraction = _read_page(answer, extractor, task, announce, problems, earlier)
            decisions[entry.offset] = extraction.body_decision
            if extraction.sketch is not None and answer.original_id is None:  # a page counts once, however often seen
                sketches.append(replace(extraction.sketch, offset=entry.offset))
            if (reason := task.wanted.why_not_read(extraction)) is not None:
                reasons[reason] += 1
                continue
            extraction = _add_page(rows, answer, extraction, problems)
            pages += 1
            failures += extraction.article.status not in {"ok", "empty"}
    unread = (part.stop - part.first) - len(seen)
    if unread < 0:
        cause = f"holds {len(seen)} entries from offset {part.start}, the journal says {part.stop - part.first}"
        raise CorruptArchive(part.warc_filename, cause, "It was changed; extract it into a folder of its own.")
    if unread:
        reasons["damaged"] += unread
    manifest = Manifest(
        part=part.name,
        warc_filename=part.warc_filename,
        first=part.first,
        stop=part.stop,
        extraction_id=extractor.extraction_id,
        entries=part.stop - part.first,
        articles=pages,
        failures=failures,
        reasons=dict(sorted(reasons.items())),
        files=publish_tables(collection, part.name, extractor.extraction_id, rows.builders),
        tables=task.tables,
        damage=tuple(damage),
        base_id=extractor.base_id,
        wanted=str(task.wanted),
        options=str(task.options),
    )
    if decisions.keys() - earlier.decisions.keys():
        publish_body_decisions(collection, extractor.base_id, part.name, decisions)
    if first_reading and task.sketches:
        publish_sketches(collection, extractor.base_id, part.name, sketches, seen)
    supersede_captures(collection, part.name, manifest.files)
    publish_manifest(collection, manifest)
    if not first_reading:
        supersede(collection, manifest)
    return Done(pages, manifest, tuple(problems))


def _sketch(
    collection: Collection, task: Task, asked: frozenset[int], extractor: Extractor, announce: Callable[[int], None]
) -> Done:
    """Keep the sketches and decisions of those pages of the part that are *asked* for; what is wrong with the part or a page
    is for the reading to say that makes rows of it."""
    part = task.part
    earlier = _EarlierReading.of(collection, extractor, part.name)
    decisions = dict(earlier.decisions)
    sketches: list[PageSketch] = []
    pages = 0
    with ResponseResolver(collection) as resolver:
        for entry, metadata in _entries(part, []):
            answer = resolver.resolve(entry) if entry.offset in asked else None
            if answer is None or why_no_page(entry, answer, metadata, task.wanted) is not None:
                continue
            extraction = _read_page(answer, extractor, task, announce, [], earlier)
            decisions[entry.offset] = extraction.body_decision
            pages += 1
            if extraction.sketch is not None and answer.original_id is None:
                sketches.append(replace(extraction.sketch, offset=entry.offset))
    publish_body_decisions(collection, extractor.base_id, part.name, decisions)
    publish_sketches(collection, extractor.base_id, part.name, sketches, asked)
    return Done(pages, None)


def _read_page(
    answer: ResolvedResponse,
    extractor: Extractor,
    task: Task,
    announce: Callable[[int], None],
    problems: list[str],
    earlier: _EarlierReading,
) -> Extraction:
    """What is in a page.  An extractor's fault costs the page, not the part."""
    entry = answer.record
    if entry.offset in task.skip:
        status = task.skip[entry.offset]
        return Extraction(ArticleColumns(status=status, error=_SKIPPED[status]))
    announce(entry.offset)
    try:
        kept, lines = earlier.decisions.get(entry.offset, b""), earlier.lines.get(entry.offset)
        rows, sketch = task.asked is None, task.sketches or task.asked is not None
        return extractor.extract(page_record(answer, kept, lines, rows=rows, sketch=sketch))
    except Exception as error:
        return _failed(entry, error, problems)
    finally:
        announce(-1)


def _add_page(rows: PartRows, answer: ResolvedResponse, extraction: Extraction, problems: list[str]) -> Extraction:
    """Add the rows of a page, and give what they say: a fault, if it holds what fits in no row."""
    try:
        rows.add_page(answer, extraction)
    except Exception as error:
        extraction = _failed(answer.record, error, problems)
        rows.add_page(answer, extraction)
    return extraction


def _failed(entry: WarcRecord, error: Exception, problems: list[str]) -> Extraction:
    message = f"{type(error).__name__}: {error}"[:500]
    problems.append(f"{entry.url}: the extractor failed ({message})")
    return Extraction(ArticleColumns(status="error", error=message))


def _where_it_lies_now(collection: Collection, part: Part) -> Part:
    """*part* with the name that its file has now: one that was open when the part was queued may be closed since."""
    if not part.own or part.source.path.exists():
        return part
    return replace(part, source=own_source(collection, part.warc_filename))


def why_no_page(
    record: WarcRecord,
    answer: ResolvedResponse | None,
    metadata: ExchangeMetadata | None = None,
    wanted: CaptureFilter = EVERYTHING,
) -> str | None:
    """Why an entry has no row in ``articles``, None when it has one, unless its language is not *wanted*.

    A revisit of a page is a page like any other; one whose original is in no file of the collection is counted.
    What was fetched as a part of a page (hop E in its *metadata*) has none, HTML or not: an advertisement in a frame,
    an error page in an image's place.  Nor has what was asked for as a list (hop I): a page in a sitemap's place.
    Frames of the crawled site are pages, and the crawler writes them as such.
    """
    page = record.record_type in {"response", "revisit"} or (
        record.record_type in DOCUMENT_TYPES and answer is not None
    )
    if not page:
        return "no answer" if record.record_type == "metadata" else record.record_type
    head = record.response_head() if answer is None else answer.head
    if record.record_type == "response" and head is None:
        return "not HTTP"
    if head is not None and head.status != 304 and not wanted.has_status(head.status):
        return f"status {head.status}"
    provenance = None if metadata is None else metadata.provenance
    if provenance is not None and not (provenance.document or provenance.listing):
        return "requisite" if provenance.embedded else "prerequisite"
    if answer is None:
        return "revisit of a record that is not here"
    if not wanted.has_status(answer.head.status):
        return f"status {answer.head.status}"
    if not is_html(answer.media_type):
        return "not HTML"
    return "list" if provenance is not None and provenance.listing else wanted.why_not(answer)


def page_record(
    answer: ResolvedResponse,
    body_decision: bytes = b"",
    lines: Lines | None = None,
    *,
    rows: bool = True,
    sketch: bool = False,
) -> PageRecord:
    """What an extractor gets of an answer."""
    record, head = answer.record, answer.head
    body = decode_content(answer.payload(), head, MAX_PAGE).content
    return PageRecord(record.url or "", record.date, head.headers, body, body_decision, rows, sketch, lines)


def _entries(part: Part, damage: list[str]) -> Iterator[tuple[WarcRecord, ExchangeMetadata | None]]:
    """The entries of *part*, each with the metadata record of its exchange where that follows it."""

    def on_damage(one: Damage) -> None:
        damage.append(damage_text(part.warc_filename, one))

    records = read_records(part.source, part.start, part.end, max_block=MAX_BLOCK, on_damage=on_damage)
    return entries_of(records, conversions=part.source.conversions)


def _crawl_id(part: Part) -> str | None:
    """What the file's warcinfo says that it is part of."""
    first = next(read_records(part.source, 0, 1, on_damage=lambda _: None), None)
    if first is None or first.record_type != "warcinfo":
        return None
    for line in first.block.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "ispartof":
            return value.strip() or None
    return None
