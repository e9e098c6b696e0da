"""The demo from beginning to end: serve, crawl, extract, show, say what to do next."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow.dataset as ds
from rich.table import Table

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.cli.shared import Face
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlEnd
from broadsheet.crawler.run import crawl
from broadsheet.demo.content import DemoArticle, articles
from broadsheet.demo.next_steps import next_steps
from broadsheet.demo.server import serve
from broadsheet.status import crawl_status
from broadsheet.terminal.amounts import duration
from broadsheet.terminal.process import StopSignals, prepare_process
from broadsheet.terminal.progress import crawl_observer

_COLUMNS = ["url", "title", "authors", "date_published", "text", "word_count", "page_type"]


def run_demo(face: Face, directory: Path, port: int) -> int:
    """Run it; returns the exit code of the crawl.

    Raises:
        BadInput: the port is taken, or the folder holds something else.
    """
    if (directory / "collection.sqlite").exists():
        begun = crawl_status(Collection(directory))
        rows = article_rows(Collection(directory))
        if begun.is_complete and rows:
            _show(face, directory, rows, f"{directory} holds a finished demo already. Delete it to run the demo anew.")
            return 0
        port = port_begun(directory, begun.seeds, port)
    try:
        with serve(port) as url, crawl_observer(face) as observer:
            options = CrawlOptions(
                directory=directory, seeds=(url,), delay=0.0, concurrency=4, workers=1, description="broadsheet demo"
            )
            prepare_process()
            summary = crawl(options, observer, watch=StopSignals(observer).watch)
    except OSError as error:
        raise BadInput(f"port {port}", error.strerror or str(error), "Choose another with --port.") from error
    if summary.end not in {CrawlEnd.FINISHED, CrawlEnd.ALREADY_FINISHED}:
        face.err().print(summary.message, markup=False)
        return summary.exit_code
    message = f"{summary.progress.pages} pages crawled and extracted in {duration(summary.progress.elapsed)}."
    _show(face, directory, article_rows(Collection(directory)), message)
    return summary.exit_code


def port_begun(directory: Path, seeds: tuple[str, ...], asked: int) -> int:
    """The port to go on at: that of the demo in *directory* which was cut off, since at another one its site is another site.

    Raises:
        BadInput: the folder holds something else, or another port is *asked* for.
    """
    if not seeds:  # cut off before it began
        return asked
    site = urlsplit(seeds[0])
    if len(seeds) > 1 or site.hostname != "127.0.0.1" or site.port is None:
        raise BadInput(str(directory), f"holds a crawl of {seeds[0]}", "Name another folder with -o.")
    if asked not in {0, site.port}:
        cause = f"{directory} holds a demo that was cut off and was served at port {site.port}"
        raise BadInput(f"port {asked}", cause, "Leave --port out to go on, or delete the folder.")
    return site.port


def article_rows(collection: Collection) -> list[dict[str, object]]:
    """The dataset's rows for the site's articles, oldest first."""
    folder = collection.dataset / "articles"
    if not folder.is_dir():
        return []
    rows = ds.dataset(folder, format="parquet").to_table(columns=_COLUMNS).to_pylist()
    ours = {article.path for article in articles()}
    return sorted((row for row in rows if _path(row) in ours), key=_path)


def exact_bodies(rows: list[dict[str, object]]) -> int:
    """In how many of *rows* the text is what the author wrote, word for word."""
    truth = {article.path: article for article in articles()}
    return sum(same_words(str(row["text"] or ""), truth[_path(row)]) for row in rows)


def same_words(text: str, article: DemoArticle) -> bool:
    """Whether *text* is the body of *article*: the same words in the same order, however blocks are set."""
    return _words(text) == _words(article.body)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _path(row: dict[str, object]) -> str:
    return unquote(urlsplit(str(row["url"])).path)


def _show(face: Face, directory: Path, rows: list[dict[str, object]], message: str) -> None:
    face.print_json({"directory": directory, "articles": rows, "exact_bodies": exact_bodies(rows), "message": message})
    if face.as_json:
        return
    out = face.out()
    table = Table("title", "authors", "published", "words")
    for row in rows:
        authors = row["authors"]
        assert isinstance(authors, list)
        names = ", ".join(str(person["name"]) for person in authors)
        table.add_row(str(row["title"]), names, str(row["date_published"] or "")[:10], str(row["word_count"]))
    out.print(table)
    out.print(message, markup=False)
    out.print(
        f"{exact_bodies(rows)} of {len(rows)} texts are exactly what the author wrote: no captions, boxes or lists."
    )
    out.print(f"""
  {directory}/archive/            the WARCs: every exchange, byte for byte
  {directory}/dataset/articles/   Parquet, a row for each page, each with the offset of its record
  {directory}/dataset/captures/   Parquet, a row for each exchange; beside it segments, images and links
  {directory}/dataset/README.md   what is in these tables, counted, and how to load them

Next:
{next_steps(directory)}
""",
              markup=False, soft_wrap=True)  # fmt: skip
