"""`broadsheet.extract`: the article of HTML that a program has, the same as in the dataset's rows."""

from __future__ import annotations

import gc
import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_warcs import MOMENT, answered, write_warc

import broadsheet
from broadsheet import Article, BadInput, extract
from broadsheet.article import PARTS
from broadsheet.pipelines.dataset.records import ArticleRow
from broadsheet.pipelines.derive.extract import extract as extract_warcs

URL = "https://news.example.org/2026/11/harbour"
PARAGRAPHS = "".join(
    f"<p>Ship number {n} came into the harbour before noon, and its crew said it was rough.</p>" for n in range(9)
)
HTML = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour opens</title>
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
<meta property="article:published_time" content="2026-11-20T08:30:00+01:00"><meta name="author" content="Ann Müller">
</head><body><nav><a href="/">Home</a> <a href="/sea">Sea</a></nav><article><h1>The harbour opens again</h1>
<p>By Ann Müller</p><figure><img src="/pier.jpg" alt="A pier"><figcaption>The pier at dawn</figcaption></figure>
{PARAGRAPHS}<h2>What comes next</h2><p>Read <a href="/more">more about the sea</a> and the café by the quay, all week.</p>
</article></body></html>"""


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    table: Any = getattr(broadsheet.Collection.open(folder), name)()
    return list(table.to_arrow().to_pylist())


def test_the_fields_are_columns_of_the_dataset() -> None:
    names = {field.name for field in fields(Article)} - set(PARTS)
    columns = {field.name for field in fields(ArticleRow)}
    of_the_record = {name for name in columns if name.startswith(("warc_", "content_", "refers_", "url_"))}
    assert names <= columns
    assert columns - names == (of_the_record - {"url_canonical"}) | {
        "id", "fetch_status", "robots_txt_allowed", "duplicate_of",
    }  # fmt: skip


def test_what_is_read_of_a_page() -> None:
    article = extract(HTML, URL, fetch_time=MOMENT)
    assert (article.title, article.extraction_status) == ("The harbour opens again", "ok")
    assert [author.name for author in article.authors] == ["Ann Müller"]
    assert article.date_published == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert (article.date_published_precision, article.date_published_source) == ("second", "meta")
    assert article.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert article.markdown is not None
    assert "## What comes next" in article.markdown
    assert "https://news.example.org/more" in article.markdown
    assert [(one.image_url, one.caption) for one in article.images] == [
        ("https://news.example.org/pier.jpg", "The pier at dawn")
    ]
    assert {"headline", "byline", "body", "nav"} <= {str(segment.role) for segment in article.segments}
    assert "https://news.example.org/sea" in {link.target_url for link in article.links}


def test_the_same_page_in_a_warc_gives_the_same_values(tmp_path: Path) -> None:
    kind = "text/html; charset=utf-8"
    warc = write_warc(tmp_path / "in", "one", [answered(URL, HTML, kind=kind)])
    assert extract_warcs([warc], tmp_path / "out", workers=1, profiles=False).exit_code == 0
    article = extract(HTML, URL, fetch_time=MOMENT)
    [row] = rows_of(tmp_path / "out", "articles")
    told = article.to_dict()
    assert {name: row[name] for name in told if name not in PARTS} == {
        name: told[name] for name in told if name not in PARTS
    }
    for name, only_there in (
        ("segments", ()),
        ("images", ("image_record_id",)),
        ("links", ("target_host_registered_domain",)),
    ):
        found = sorted(rows_of(tmp_path / "out", name), key=lambda one: one["ordinal"])
        assert len(found) == len(told[name]) > 0
        for one, told_of in zip(found, told[name], strict=True):
            common = {key: value for key, value in one.items() if key in told_of}
            assert set(told_of) == set(common), only_there
            assert common == {
                key: pytest.approx(value, abs=1e-6) if isinstance(value, float) else value
                for key, value in told_of.items()
            }


def test_bytes_are_decoded_as_the_page_says() -> None:
    german = HTML.replace("utf-8", "iso-8859-1").encode("latin-1")
    assert [one.name for one in extract(german).authors] == ["Ann Müller"]
    silent = HTML.replace('<meta charset="utf-8">', "").encode("cp1251", "replace").replace(b"?", b"\xfc")
    sent = extract(silent, headers={"content-type": "text/html; charset=windows-1252"})
    assert [one.name for one in sent.authors] == ["Ann Müller"]
    assert extract(HTML.replace("utf-8", "iso-8859-1")).authors == extract(HTML).authors  # a str needs no decoding


def test_headers_say_what_may_be_done() -> None:
    article = extract(HTML, URL, headers=[("X-Robots-Tag", "noai"), ("TDM-Reservation", "1")])
    assert (article.robots_meta, article.tdm_reservation) == ("noai", 1)


@pytest.mark.parametrize("html", [None, 5, ["<p>"], b"%PDF-1.7 and so on", b"\x89PNG\r\n\x1a\n0000"])
def test_what_is_no_page_is_refused(html: Any) -> None:
    with pytest.raises(BadInput):
        extract(html)


@pytest.mark.parametrize("argument", [{"url": 5}, {"headers": 5}, {"fetch_time": "2026-01-01"}])
def test_an_argument_of_another_type_is_named(argument: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=next(iter(argument))):
        extract(HTML, **argument)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(BadInput, match="no time zone"):
        extract(HTML, fetch_time=datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("html", "status"), [("", "undecodable"), (b"", "undecodable"), (b" \n", "undecodable"), ("<p></p>", "empty")]
)
def test_an_empty_page_is_an_article_whose_status_says_so(html: str | bytes, status: str) -> None:
    article = extract(html)
    assert (article.extraction_status, article.text, article.url) == (status, None, None)


def test_a_huge_page_is_read_to_its_limit() -> None:
    article = extract("<p>" + "A sentence of a page that does not end. " * 500_000)
    assert article.extraction_status == "ok"
    assert len(article.text or "") <= 16 * 1024 * 1024


def test_json_is_what_the_dataset_exports() -> None:
    told = json.loads(extract(HTML, URL, fetch_time=MOMENT).to_json())
    assert told["fetch_time"] == "2026-11-23T12:00:00Z"
    assert told["authors"] == [{"name": "Ann Müller", "url": None}]
    assert told["segments"][0].keys() >= {"ordinal", "role", "text"}
    assert PARTS[0] not in json.loads(extract(HTML).to_json(parts=False))


def test_eight_threads_give_the_same_articles() -> None:
    pages = [HTML.replace("Ship number", f"Boat {n} of the fleet number") for n in range(24)]

    def read(html: str) -> str:
        return extract(html, URL, fetch_time=MOMENT).to_json()

    one_by_one = [read(html) for html in pages]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, pages * 3)) == one_by_one * 3


def test_a_program_stays_as_it_is() -> None:
    def process() -> dict[str, object]:
        return {
            "levels": logging.getLogger().level,
            "handlers": list(logging.getLogger().handlers),
            "gc": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
            "meta_path": list(sys.meta_path),
        }

    before = process()
    extract(HTML)
    assert process() == before


def run(code: str, **environment: str) -> str:
    import os

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("library", ["pyarrow", "scrapy", "duckdb", "pandas", "twisted", "sqlite3"])
def test_an_article_needs_no_heavy_library(library: str) -> None:
    code = f"import sys, broadsheet; broadsheet.extract('<p>x</p>'); print({library!r} in sys.modules)"
    assert run(code) == "False"


def test_the_public_names_are_loaded_when_asked_for() -> None:
    assert run("import sys, broadsheet; print(any(name.startswith('broadsheet.') for name in sys.modules))") == "False"
    assert all(getattr(broadsheet, name) is not None for name in broadsheet.__all__)
    assert set(broadsheet.__all__) <= set(dir(broadsheet))
    with pytest.raises(AttributeError, match="no_such"):
        broadsheet.no_such  # noqa: B018


LANGUAGE = f"import broadsheet; a = broadsheet.extract({HTML!r}); print(a.language, a.language_score)"


@pytest.mark.parametrize("make", ["cache", "no cache", "a file in its place", "a cut file"])
def test_the_language_model_is_the_same_wherever_it_lies(tmp_path: Path, make: str) -> None:
    article = extract(HTML)
    said = f"{article.language} {article.language_score}"
    cache = tmp_path / "cache"
    if make == "no cache":
        cache = Path("/proc/none")
    if make == "a file in its place":
        cache.write_text("")
    assert run(LANGUAGE, XDG_CACHE_HOME=str(cache)) == said
    if make == "a cut file":
        [table] = cache.rglob("nextmove.npy")
        table.write_bytes(table.read_bytes()[:1000])
    assert run(LANGUAGE, XDG_CACHE_HOME=str(cache)) == said
    assert bool([*cache.rglob("ptc.npy")] if cache.is_dir() else []) == (make in ("cache", "a cut file"))
