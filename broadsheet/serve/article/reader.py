"""The article as it is read: byline, dates and where they come from, the text block by block, pictures from the archive.

Blocks come from the table ``segments``, so each leads to its place among all blocks of the page, and back.  Where that table
was not made, or the text is one that the page only holds in its data, it is the column ``text`` by paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from starlette.requests import Request

from broadsheet.archive.surt import surt
from broadsheet.pipelines.dataset.records import ArticleRow, ImageRow, SegmentRow
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role
from broadsheet.serve.article.frame import ArticleHead, archived_path, article_view, head_of, rows_of
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

_IN_TEXT = frozenset(map(str, BODY_ROLES))
_MOST_PICTURES = 60
_FURNITURE = frozenset({"logo", "author", "other"})


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of the article; ``archived`` is its path on the archived origin, None when it was not captured."""

    url: str
    archived: str | None
    alt: str
    caption: str | None
    credit: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class ReaderBlock:
    """A block of the text: *kind* is p, h2 to h6, li, blockquote, pre, table, or picture; ``rows`` are those of a table;
    ``ordinal`` its place among all blocks of the page, None where that is not known."""

    kind: str
    text: str = ""
    ordinal: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date of the article: the moment, how precise, as the page has it, and where that stands."""

    moment: datetime | None
    precision: str | None
    raw: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class ReaderView:
    """The article; ``lead`` are the pictures at its top, ``rest`` those without a place in the text."""

    head: ArticleHead
    kicker: str | None
    standfirst: str | None
    byline: str | None
    authors: tuple[str, ...]
    sitename: str | None
    section: str | None
    tags: tuple[str, ...]
    published: StatedDate
    modified: StatedDate
    status: str
    error: str | None
    page_type: str | None
    word_count: int
    flags: tuple[str, ...]
    rights: tuple[str, ...]
    lead: tuple[Picture, ...]
    blocks: tuple[ReaderBlock, ...]
    rest: tuple[Picture, ...]


def reader_page(served: ServedCollection, request: Request) -> View:
    """The text as it is read."""
    rows = rows_of(served, request)
    reading = read(served, rows.article, rows.segments(), rows.images())
    return article_view("reader.html", reading.head, "", reading)


def read(
    served: ServedCollection, article: ArticleRow, segments: Sequence[SegmentRow], images: Sequence[ImageRow]
) -> ReaderView:
    """*article* for a reader."""
    pictures = [(one, _picture(served, article, one)) for one in images if one.role not in _FURNITURE][:_MOST_PICTURES]
    lead = [picture for one, picture in pictures if one.role == "hero"][:1]
    blocks, placed = _blocks(segments, [picture for _, picture in pictures if picture not in lead])
    rest = [picture for _, picture in pictures if picture not in lead and picture not in placed]
    return ReaderView(
        head=head_of(served, article),
        kicker=article.kicker,
        standfirst=article.standfirst,
        byline=article.byline_raw,
        authors=tuple(person.name for person in article.authors if person.name),
        sitename=article.sitename,
        section=article.section,
        tags=tuple(article.tags),
        published=StatedDate(article.date_published, article.date_published_precision, article.date_published_raw,
                             article.date_published_source),
        modified=StatedDate(article.date_modified, None, article.date_modified_raw, None),
        status=article.extraction_status,
        error=article.extraction_error,
        page_type=article.page_type,
        word_count=article.word_count,
        flags=tuple(article.quality_flags),
        rights=_rights(article),
        lead=tuple(lead),
        blocks=tuple(blocks) or tuple(_paragraphs(article.text)),
        rest=tuple(rest),
    )  # fmt: skip


def _picture(served: ServedCollection, article: ArticleRow, image: ImageRow) -> Picture:
    key = surt(image.image_url)
    captured = any(one.line.status in (200, None) for one in served.captures().lookup(key))
    path = archived_path(served, article.fetch_time, image.image_url) if captured else None
    return Picture(
        image.image_url,
        path,
        image.alt_text or "",
        image.caption,
        image.credit,
        _size(image.width),
        _size(image.height),
    )


def _size(pixels: int | None) -> int | None:
    return pixels if pixels is not None and 0 < pixels < 20_000 else None


def _blocks(segments: Sequence[SegmentRow], pictures: Sequence[Picture]) -> tuple[list[ReaderBlock], list[Picture]]:
    """The text in order, with *pictures* where their captions stand; and which of them these are."""
    waiting = {one.caption: one for one in pictures if one.caption}
    blocks: list[ReaderBlock] = []
    placed: list[Picture] = []
    begun = False
    for role, some in groupby(segments, lambda one: (one.role, one.char_start is not None)):
        run = list(some)
        if role[1] and role[0] in _IN_TEXT:
            begun = True
            blocks += _table(run) if role[0] == Role.TABLE else map(_block, run)
            continue
        for one in run if begun and role[0] == Role.CAPTION else ():
            if (picture := waiting.pop(" ".join(one.text.split()), None)) is not None:
                blocks.append(ReaderBlock("picture", ordinal=one.ordinal, picture=picture))
                placed.append(picture)
    while blocks and blocks[-1].kind == "picture":
        placed.remove(blocks.pop().picture)  # type: ignore[arg-type]
    return blocks, placed


def _block(segment: SegmentRow) -> ReaderBlock:
    match segment.role:
        case Role.HEADING:
            kind = segment.tag if segment.tag in ("h2", "h3", "h4", "h5", "h6") else "h2"
        case Role.QUOTE:
            kind = "blockquote"
        case Role.LIST:
            kind = "li"
        case Role.CODE:
            kind = "pre"
        case _:
            kind = "p"
    return ReaderBlock(str(kind), segment.text, segment.ordinal)


def _table(cells: Iterable[SegmentRow]) -> Iterator[ReaderBlock]:
    """Cells that stand in one table, by rows: what their paths share up to ``tr``."""

    def row_of(cell: SegmentRow) -> str:
        before, found, _ = (cell.dom_path or "").rpartition("/tr")
        return f"{before}{found}{(cell.dom_path or '')[len(before) + len(found) :].partition('/')[0]}"

    run = list(cells)
    rows = tuple(tuple(cell.text for cell in some) for _, some in groupby(run, row_of))
    yield ReaderBlock("table", ordinal=run[0].ordinal, rows=rows)


def _paragraphs(text: str | None) -> Iterator[ReaderBlock]:
    return (ReaderBlock("p", part) for part in (text or "").split("\n\n") if part.strip())


def _rights(article: ArticleRow) -> tuple[str, ...]:
    said = []
    if article.license_url:
        said.append(f"licence {article.license_url}")
    if article.tdm_reservation == 1:
        said.append("text and data mining reserved")
    if article.robots_meta:
        said.append(f"robots {article.robots_meta}")
    if article.is_paywalled:
        said.append("behind a paywall")
    return tuple(said)
