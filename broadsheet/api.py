"""The Python API: a collection's dataset as tables of typed rows, each row one call away from its WARC record.

    from broadsheet import Collection

    for article in Collection.open("example").articles(language="en"):
        print(article.title, len(article.response().body))

Its tables are read-only and lazy; a table is a view on the files that are published when its first row is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from broadsheet import commands
from broadsheet.archive.collection import Collection as Folder
from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.dataset.article_scan import PublishedExtraction, extractions
from broadsheet.pipelines.dataset.current import Selection, select
from broadsheet.pipelines.dataset.filters import RowFilter, moment
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import (
    ArticleRow,
    CaptureRow,
    ImageRow,
    LinkRow,
    Row,
    SegmentRow,
    SignatureRow,
)
from broadsheet.pipelines.dataset.table import Table

if TYPE_CHECKING:
    from broadsheet.archive.replay.server import ReplayServer
    from broadsheet.archive.verify.run import Verification
    from broadsheet.crawler.progress import CrawlSummary
    from broadsheet.pipelines.derive.extract import ExtractSummary
    from broadsheet.pipelines.importers.importing import ImportSummary

R = TypeVar("R", bound=Row)
Names = str | Iterable[str] | None


class Filters(TypedDict, total=False):
    """What every table takes: *columns* to read, rows to keep (by what their article is), and which *extraction*.

    ``url``, ``host``, ``language``, ``page_type`` and ``status`` (``extraction_status``) are one value or several; ``since``
    and ``until`` are inclusive days or moments (UTC), also as ISO 8601 strings: of publication, of a capture those of fetching.
    ``fetched_since`` is one of fetching.  ``latest=True`` keeps, of the rows that are all this, the newest of each URL.
    """

    columns: Iterable[str] | None
    url: Names
    host: Names
    language: Names
    page_type: Names
    status: Names
    since: str | date | datetime | None
    until: str | date | datetime | None
    fetched_since: str | date | datetime | None
    latest: bool
    extraction: str | None


class Collection:
    """A collection that `broadsheet crawl` or `extract` made; open it with `Collection.open`."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._store = RecordStore(folder)

    @classmethod
    def open(cls, directory: str | Path) -> Collection:
        """The collection in *directory*.

        Raises:
            BadInput: there is none.
        """
        return cls(Folder.open_dataset(Path(directory)))

    @classmethod
    def create(cls, directory: str | Path) -> Collection:
        """The collection in *directory*, made if there is none.

        Raises:
            BadInput: the folder holds something else.
            BrokenEnvironment: it cannot be written.
        """
        return cls(Folder.create(Path(directory)))

    @property
    def directory(self) -> Path:
        """Its folder."""
        return self._folder.directory

    def crawl(self, urls: str | Iterable[str] = (), **options: Any) -> CrawlSummary:
        """Crawl the sites at *urls* into it, or go on with its crawl: `broadsheet.crawl`."""
        return commands.crawl(urls, self.directory, **options)

    def extract(self, **options: Any) -> ExtractSummary:
        """Make the dataset of its WARCs, of what has none yet: `broadsheet.extract_warcs`."""
        return commands.extract_warcs((), self.directory, **options)

    def import_files(self, sources: commands.Paths, **options: Any) -> ImportSummary:
        """Import files with web pages into it: `broadsheet.import_files`."""
        return commands.import_files(sources, self.directory, **options)

    def verify(self, **options: Any) -> Verification:
        """Check its WARCs, indexes, journal and dataset: `broadsheet.verify`."""
        return commands.verify(self.directory, **options)

    def replay(self, *, port: int = 0) -> AbstractContextManager[ReplayServer]:
        """Serve its pages through an HTTP proxy on 127.0.0.1 while the context lasts; nothing is asked of the network.

        The context is the server: its ``address`` (``127.0.0.1:8080``) is the HTTP proxy to name to a client.

        Raises:
            BadInput: it holds no WARC.
            BrokenEnvironment: the port is taken.
        """
        from broadsheet.replay.serving import serving  # noqa: PLC0415 - heavy

        return serving([self.directory], port=port)

    def extractions(self) -> list[PublishedExtraction]:
        """The extractions that have articles, the newest last."""
        return extractions(self._folder)

    def articles(self, **filters: Unpack[Filters]) -> Table[ArticleRow]:
        """One row for each HTML page."""
        return self._table("articles", ArticleRow, filters)

    def captures(self, **filters: Unpack[Filters]) -> Table[CaptureRow]:
        """One row for each exchange.  They have no language, page type or status, and belong to no extraction."""
        return self._table("captures", CaptureRow, filters)

    def images(self, **filters: Unpack[Filters]) -> Table[ImageRow]:
        """The images of the articles."""
        return self._table("images", ImageRow, filters)

    def links(self, **filters: Unpack[Filters]) -> Table[LinkRow]:
        """The hyperlinks of the articles."""
        return self._table("links", LinkRow, filters)

    def segments(self, **filters: Unpack[Filters]) -> Table[SegmentRow]:
        """The blocks of visible text of the articles' pages."""
        return self._table("segments", SegmentRow, filters)

    def signatures(self, **filters: Unpack[Filters]) -> Table[SignatureRow]:
        """The labels that `broadsheet dedupe` gave the articles."""
        return self._table("signatures", SignatureRow, filters)

    def _table(self, name: str, row: type[R], filters: Filters) -> Table[R]:
        if unknown := sorted(filters.keys() - Filters.__annotations__.keys()):
            known = ", ".join(Filters.__annotations__)
            raise TypeError(f"{name}() has no argument {unknown[0]!r}; there are {known}")
        selection = select(self._folder, filters.get("extraction"))
        _check_made(self._folder, selection, name)
        where = RowFilter(
            hosts=tuple(host.lower() for host in _several(filters.get("host"))),
            languages=_several(filters.get("language")),
            page_types=_several(filters.get("page_type")),
            statuses=_several(filters.get("status")),
            since=moment(filters.get("since")),
            until=moment(filters.get("until")),
            urls=_several(filters.get("url")),
            fetched_since=moment(filters.get("fetched_since")),
            latest=filters.get("latest", False),
        )
        columns = filters.get("columns")
        return Table(name, row, selection, self._store, where=where, columns=None if columns is None else list(columns))


def _several(names: Names) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def _check_made(folder: Folder, selection: Selection, name: str) -> None:
    if name == "signatures" and not selection.files[name]:
        remedy = f"Run `broadsheet dedupe {folder.directory}`."
        raise BadInput("the table signatures", f"was not made in {folder.directory}", remedy)
    if name in selection.missing:
        remedy = f"Run `broadsheet extract {folder.directory} --tables {name}`."
        raise BadInput(f"the table {name}", f"was not made of all of {folder.directory}", remedy)
