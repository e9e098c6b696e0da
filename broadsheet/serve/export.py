"""What was found, to take along: ``export.jsonl``, ``.csv``, ``.parquet``, and ``.wacz`` with the pages and what they need.

They take the query of the search page.  The rows are those of the table ``articles``, all columns, in the order of the dataset;
a WACZ is made of the records themselves and opens in replayweb.page.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from broadsheet.archive.capture import UNDATED
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.replay.payload import Spool
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.filters import RowFilter
from broadsheet.pipelines.dataset.records import ArticleRow
from broadsheet.pipelines.dataset.table import Table
from broadsheet.serve.search_page import EXPORT_FORMS, parse_request
from broadsheet.serve.served import ServedCollection

FORMS = EXPORT_FORMS
_TYPES = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "wacz": "application/wacz",
}
_MOST_PAGES = 500  # of a WACZ


def export_of(form: str) -> Callable[[ServedCollection, Request], Response]:
    """What answers with the hits as *form*."""

    def answer(served: ServedCollection, request: Request) -> Response:
        asked = replace(parse_request(request.query_params), page=1)
        ids = served.searcher.ids(asked)
        if not ids:
            raise BadInput("The export", "nothing was found", "Search for something else.")
        descriptor = tempfile.NamedTemporaryFile(dir=served.temporary, suffix=f".{form}", delete=False)  # noqa: SIM115
        path = Path(descriptor.name)
        descriptor.close()
        try:
            if form == "wacz":
                path.unlink()
                _write_wacz(served, ids, path, asked.text)
            else:
                _write_rows(served, ids, path, form)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        name = f"{served.name}-articles.{form}"
        return FileResponse(path, media_type=_TYPES[form], filename=name, background=BackgroundTask(path.unlink))

    return answer


def _rows(served: ServedCollection, ids: list[str], columns: list[str] | None = None) -> Table[ArticleRow]:
    selection = select(served.collection)
    return Table("articles", ArticleRow, selection, served.records, where=RowFilter(ids=tuple(ids)), columns=columns)


def _write_rows(served: ServedCollection, ids: list[str], path: Path, form: str) -> None:
    from broadsheet.pipelines.export.files import WRITERS  # noqa: PLC0415 - heavy

    table = _rows(served, ids)
    with os_errors_of(path), path.open("wb") as file:
        WRITERS[form](file, table.schema, table.batches())


def _write_wacz(served: ServedCollection, ids: list[str], path: Path, text: str) -> None:
    from broadsheet.warcs.excerpt import WantedPage, write_excerpt  # noqa: PLC0415 - heavy
    from broadsheet.warcs.packing import pack_inputs  # noqa: PLC0415

    if len(ids) > _MOST_PAGES:
        cause = f"{len(ids):,} pages were found, and a WACZ of more than {_MOST_PAGES:,} is better made of all"
        raise BadInput(
            "The export", cause, f"Narrow the search, or run `broadsheet pack {served.collection.directory}`."
        )
    pages = [WantedPage(row.url, row.fetch_time or UNDATED) for row in _rows(served, ids, ["url", "fetch_time"])]
    with os_errors_of(path), tempfile.TemporaryDirectory(dir=served.temporary) as folder:
        warc = Path(folder) / f"{served.name}-excerpt.warc.gz"
        with warc.open("wb") as file:
            written = write_excerpt(served.captures(), Spool(Path(folder)), pages, file, warc.name)
        if not written.pages:
            raise BadInput(
                "The export", "no record of these pages is in the archive", "Put the WARCs back where they were."
            )
        pack_inputs([warc], path, title=f"{served.name}: {text}" if text else served.name)
