"""Writing the report and the crawl log into a collection, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.crawl_log import crawl_log
from broadsheet.archive.durable import make_folders, whole_file
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.journal import connect
from broadsheet.archive.locate import source_of
from broadsheet.facts import Facts, gather
from broadsheet.serve.templating import rendered

REPORT, CRAWL_LOG = "report.html", "crawl.log"


@dataclass(frozen=True, slots=True)
class Report:
    """What was written; ``crawl_log`` is None when it was not asked for."""

    page: Path
    facts: Facts
    crawl_log: Path | None = None
    log_lines: int = 0


def make_report(directory: Path, *, with_crawl_log: bool = False) -> Report:
    """Write DIR/report.html and, if asked, DIR/logs/crawl.log.

    Raises:
        BadInput: *directory* is no collection, or has a crawl.log that is no crawl log.
        BroadsheetError: the journal or the disk fails.
    """
    collection = Collection.open(directory)
    facts = gather(collection)
    page = directory / REPORT
    _write(page, [report_page(facts, software=f"broadsheet {version('broadsheet')}", made=datetime.now(UTC))])
    if not with_crawl_log:
        return Report(page, facts)
    path = collection.logs / CRAWL_LOG
    _check_log(path)
    with closing(connect(collection.journal, read_only=True)) as db:
        sources = [source_of(collection, warc) for warc in Catalogue(db).warcs()]
    lines = _write(path, (f"{line}\n" for line in crawl_log(sources)))
    return Report(page, facts, path, lines)


def report_page(facts: Facts, *, software: str, made: datetime) -> str:
    """The report as one HTML page that needs nothing else; *software* and *made* are said at its foot.

    Pages of strangers are named in it (URLs, media types, errors): all of it is text, URLs are not linked, and the page
    forbids itself, by its own policy, to load or run anything.
    """
    style = (files("broadsheet.serve") / "static" / "serve.css").read_text("utf-8")
    return rendered("report.html", {"facts": facts, "style": style, "software": software, "made": made})


def _check_log(path: Path) -> None:
    """Refuse to write over what another program wrote under that name."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        fields = file.readline(4096).split()
    ours = not fields or (len(fields) >= 11 and fields[0].endswith(b"Z") and fields[1].lstrip(b"-").isdigit())
    if not ours:
        raise BadInput(str(path), "is no crawl log in Heritrix's format", "Move it away.")


def _write(path: Path, parts: Iterable[str]) -> int:
    """Write *parts* to *path*, whole or not at all; returns how many there were."""
    count = 0
    with os_errors_of(path):
        make_folders(path.parent)
        with whole_file(path) as file:
            for part in parts:
                file.write(part.encode("utf-8", "replace"))
                count += 1
    return count
