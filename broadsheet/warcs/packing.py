"""``broadsheet pack``: turns the named inputs into the contents of a WACZ; a collection's pages come from its dataset."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from broadsheet.archive.cdxj.build import INDEX_NAME, fresh_index, index_collection
from broadsheet.archive.cdxj.line import parse_line
from broadsheet.archive.cdxj.sort import sorted_lines
from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.collection import Collection as Folder
from broadsheet.archive.durable import scratch_folder
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.named_warcs import named_warcs
from broadsheet.archive.output import output_file
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.lookup import moment_of
from broadsheet.archive.replay.versions import page_versions, repeated
from broadsheet.archive.wacz.pack import Contents, Packed, WaczPage, pack
from broadsheet.archive.wacz.signature import Signer
from broadsheet.archive.warc.reader import is_arc_file
from broadsheet.archive.warc.recompress import pointable, recompress
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES, WarcSource

Progress = Callable[[int, int, str], None]


def pack_inputs(
    inputs: Sequence[Path],
    output: Path,
    *,
    title: str | None = None,
    description: str | None = None,
    text: bool = True,
    key: Path | None = None,
    conversions: bool = False,
    on_progress: Progress = lambda _done, _total, _name: None,
) -> tuple[Packed, list[Damage]]:
    """Pack a collection, or WARC and WACZ files, into *output*; without *text* the pages cannot be searched;
    *key* is a file with the private key to sign with; *conversions* as in `named_warcs`.

    Raises:
        BadInput: an input is not there or holds no WARC, or *output* is there already or no place for a file, or *key*
            is none.
        BrokenEnvironment: the disk refuses.
    """
    output_file(output, replace=False, whole="a WACZ")
    signer = None if key is None else Signer.load(key)
    damages: list[Damage] = []
    with os_errors_of(output), scratch_folder(output.resolve()) as temporary:
        named = [named_warcs(path, temporary, conversions=conversions) for path in inputs]
        damages += [one for some in named for one in some.missing]
        sources = [_packable(source, temporary, damages.append) for some in named for source in some.sources]
        collection = inputs[0] if len(inputs) == 1 and (inputs[0] / "collection.sqlite").is_file() else None
        index = _index_of(sources, collection, temporary, damages.append)
        articles = None if collection is None else _articles(collection, index, text=text)
        has_texts = articles is not None and any(True for _ in articles(True))  # else all that there is goes first
        contents = Contents(
            warcs=sources,
            index=lambda: _answering(index),
            pages=(lambda: _html(index, sources)) if articles is None else (lambda: articles(has_texts)),
            extra_pages=None if articles is None or not has_texts else (lambda: articles(False)),
            title=title or inputs[0].absolute().name,
            software=f"broadsheet/{version('broadsheet')}",
            created=_newest(index),
            description=description,
            signer=signer,
        )
        total = sum(source.size or source.path.stat().st_size for source in sources)
        return pack(contents, output, lambda done, name: on_progress(done, total, name)), damages


def _packable(source: WarcSource, temporary: Path, on_damage: Callable[[Damage], None]) -> WarcSource:
    """*source* as it can lie in ``archive/``: a WARC that can be pointed into, under a name without folders."""
    name = source.name.replace("/", "-")
    for suffix in (*ARCHIVE_SUFFIXES, ".gz"):
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)] + suffix
    if not is_arc_file(source):
        return replace(pointable(source, temporary, on_damage), name=name)
    made = temporary / f"{name.removesuffix('.gz').removesuffix('.arc')}.warc.gz"
    recompress(source, made, on_damage)
    return WarcSource.of(made)


def _index_of(
    sources: Sequence[WarcSource], collection: Path | None, temporary: Path, on_damage: Callable[[Damage], None]
) -> Path:
    """A sorted index of *sources*: the collection's own, when it covers them."""
    if collection is not None:
        made = fresh_index(collection / "indexes", sources)
        if made is None:
            index_collection(Folder.open(collection), on_damage, elsewhere=True)
            made = fresh_index(collection / "indexes", sources)
        if made is not None:
            return made
    path = temporary / INDEX_NAME
    lines = (line for source in sources for line in warc_lines(source, on_damage))
    with path.open("wb") as file:
        file.writelines(sorted_lines((line.to_bytes() for line in lines if line.timestamp), temporary))
    return path


def _lines(index: Path) -> Iterator[bytes]:
    with index.open("rb") as file:
        yield from file


def _answering(index: Path) -> Iterator[bytes]:
    """The lines for others to replay by: without those of 304s, which they would answer with a blank page."""
    return (line for line in _lines(index) if not parse_line(line, str(index)).is_not_modified)


def _newest(index: Path) -> datetime:
    """The moment of the youngest capture: what a WACZ says of itself must not depend on when it was packed."""
    newest = max((line.split(b" ", 2)[1][:14] for line in _lines(index)), default=b"")
    if len(newest) != 14:
        return datetime(1980, 1, 1, tzinfo=UTC)
    return datetime.strptime(newest.decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _html(cdxj: Path, sources: Sequence[WarcSource]) -> Iterator[WaczPage]:
    """The pages of WARCs that nobody has read for their articles."""
    index = CaptureIndex.indexed(cdxj, sources)
    for capture in page_versions(index, index.captures()):
        yield WaczPage(capture.line.url, moment_of(capture.line.timestamp))


def _repeated(index: Path) -> array[int]:
    """Sorted hashes of the captures that say what the one of their URL before them said: 8 bytes for each."""
    lines = (parse_line(line, str(index)) for line in _lines(index))
    return array("q", sorted(hash((line.filename, line.offset)) for line in repeated(lines)))


def _articles(directory: Path, index: Path, *, text: bool) -> Callable[[bool], Iterable[WaczPage]] | None:
    """The pages of a collection by its dataset: those with a text of their own, or lists and the like; None without one."""
    from broadsheet.api import Collection  # noqa: PLC0415 - Arrow: not for WARCs alone

    columns = ["url", "fetch_time", "title", "page_type", "word_count", "warc_filename", "warc_record_offset"]
    if text:
        columns.append("text")
    try:
        if not len(Collection.open(directory).articles(columns=columns)):
            return None
    except BadInput:  # crawled with --no-extract
        return None
    old = _repeated(index)

    def pages(wanted: bool) -> Iterator[WaczPage]:
        for row in Collection.open(directory).articles(columns=columns):
            if row.fetch_time is None:  # an index has no line for it: a page of the list would lead to nothing
                continue
            if (row.page_type != "listing" and bool(row.word_count)) != wanted:
                continue
            own = hash((row.warc_filename, row.warc_record_offset))
            at = bisect_left(old, own)
            if at == len(old) or old[at] != own:
                yield WaczPage(row.url, row.fetch_time, row.title, row.text if text else None)

    return pages
