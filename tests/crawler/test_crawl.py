"""Whole crawls of small made sites, in a process of their own: what is found, what is refused, how it ends."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from crawled_site import SOUGHT, Answer, crawl, frontier, page, serving

pytestmark = pytest.mark.slow


def test_pages_are_found_by_links_sitemaps_and_feeds(tmp_path: Path) -> None:
    sitemap = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{base}/by-sitemap</loc></url></urlset>'
    )
    index = "<sitemapindex><sitemap><loc>{base}/maps/one.xml.gz</loc></sitemap></sitemapindex>"
    feed = "<rss version='2.0'><channel><item><link>{base}/by-feed</link></item></channel></rss>"
    home = page("/by-link").replace(b"<head>", b'<head><link rel="alternate" type="application/rss+xml" href="/rss">')
    answers = {
        "/": Answer(home),
        "/by-link": Answer(page("/deeper", "/")),
        "/deeper": Answer(page()),
        "/by-sitemap": Answer(page()),
        "/by-feed": Answer(page()),
        "/by-robots": Answer(page()),
        "/rss": Answer(feed.encode(), "application/rss+xml"),
        "/maps/index.xml": Answer(index.encode(), "application/xml"),
        "/robots.txt": Answer(b"Sitemap: {base}/maps/index.xml\nSitemap: {base}/list.txt\n", "text/plain"),
        "/list.txt": Answer(b"{base}/by-robots\n", "text/plain"),
    }
    with serving(answers) as site:
        site.answers["/maps/one.xml.gz"] = Answer(
            gzip.compress(sitemap.replace("{base}", site.url).encode()), "application/gzip"
        )
        code, summary, _ = crawl(tmp_path / "c", site.url + "/")
    assert code == 0
    assert summary["end"] == "finished"
    rows = ds.dataset(tmp_path / "c" / "dataset" / "articles").to_table(columns=["url", "title", "extraction_status"])
    found = {url.removeprefix(site.url) for url in rows["url"].to_pylist()}
    assert found == {"/", "/by-link", "/deeper", "/by-sitemap", "/by-feed", "/by-robots"}
    assert set(rows["extraction_status"].to_pylist()) == {"ok"}


def test_robots_txt_is_heeded_archived_and_asked_once(tmp_path: Path) -> None:
    answers = {
        "/": Answer(page("/private/x", "/open")),
        "/open": Answer(page()),
        "/private/x": Answer(page()),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private\n", "text/plain"),
    }
    with serving(answers) as site:
        code, _, _ = crawl(tmp_path / "c", site.url + "/", "--no-extract")
        assert code == 0
        assert "/private/x" not in site.paths()
        assert site.paths().count("/robots.txt") == 1
        assert frontier(tmp_path / "c")[f"{site.url}/private/x"] == (3, "robots")
        assert crawl(tmp_path / "c", site.url + "/open", "--no-extract")[1]["end"] == "already finished"
        crawl(tmp_path / "c", site.url + "/other", "--no-extract")
        assert site.paths().count("/robots.txt") == 1  # read back from the archive
        assert crawl(tmp_path / "d", site.url + "/", "--ignore-robots", "--no-extract")[0] == 0
        assert "/private/x" in site.paths()


def test_robots_txt_that_forbids_everything(tmp_path: Path) -> None:
    with serving({"/": Answer(page()), "/robots.txt": Answer(b"User-agent: *\nDisallow: /\n", "text/plain")}) as site:
        code, _, err = crawl(tmp_path / "c", site.url + "/", "--no-extract")
        assert code == 1
        assert "robots.txt forbids" in err
        assert "--ignore-robots" in err
        assert site.paths() == ["/robots.txt"]


def test_a_host_that_asks_to_wait_is_waited_for_and_every_try_is_kept(tmp_path: Path) -> None:
    busy = Answer(b"later", "text/plain", 429, {"Retry-After": "2"}, times=1, then=Answer(page()))
    with serving({"/": Answer(page("/busy")), "/busy": busy}) as site:
        code, _, _ = crawl(tmp_path / "c", site.url + "/")
        assert code == 0
        times = [moment for moment, path in site.asked if path == "/busy"]
        assert len(times) == 2
        assert times[1] - times[0] >= 2.0
    captures = ds.dataset(tmp_path / "c" / "dataset" / "captures").to_table(columns=["url", "fetch_status"]).to_pylist()
    assert sorted(row["fetch_status"] for row in captures if row["url"].endswith("/busy")) == [200, 429]


def test_the_delay_lies_between_two_requests_to_a_host(tmp_path: Path) -> None:
    answers = {"/": Answer(page(*(f"/{n}" for n in range(4))))} | {f"/{n}": Answer(page()) for n in range(4)}
    with serving(answers) as site:
        crawl(tmp_path / "c", site.url + "/", "--delay", "0.3", "--concurrency", "4", "--no-extract")
        times = [moment for moment, _ in site.asked]
        assert times[-1] - times[0] > 0.3 * (len(times) - 1) - 0.1  # a busy machine takes down one of them late
        assert min(after - before for before, after in pairwise(times)) > 0.15


def test_a_redirect_into_the_local_network_is_refused(tmp_path: Path) -> None:
    with serving({"/": Answer(status=302, headers={"Location": "http://127.0.0.2:1/secret"})}) as site:
        code, _, _ = crawl(tmp_path / "c", site.url + "/", "--retries", "0", "--no-extract")
        assert code == 1
        assert frontier(tmp_path / "c")["http://127.0.0.2:1/secret"] == (3, "refused-address")
        crawl(tmp_path / "d", site.url + "/", "--retries", "0", "--allow-private", "--no-extract")
        assert frontier(tmp_path / "d")["http://127.0.0.2:1/secret"] == (2, "connect")


def test_a_seed_that_is_no_page_is_archived_and_said(tmp_path: Path) -> None:
    with serving({"/x.pdf": Answer(b"%PDF-1.4", "application/pdf")}) as site:
        code, summary, err = crawl(tmp_path / "c", site.url + "/x.pdf")
        assert code == 1
        assert "no HTML page" in err
        assert summary["warc_files"] == 1


def test_pages_of_any_encoding_are_rows(tmp_path: Path) -> None:
    russian = "<html><body><h1>Новости</h1><p>" + "Это предложение достаточно длинное. " * 9 + "</p></body></html>"
    answers = {
        "/": Answer(page("/cp1251", "/broken", "/empty", "/nulls", "/lying")),
        "/cp1251": Answer(russian.encode("cp1251"), "text/html; charset=windows-1251"),
        "/broken": Answer(page() + b"\xff\xfe\x80\x81 \xc3"),
        "/empty": Answer(b""),
        "/nulls": Answer(page().replace(b"sentence", b"sen\0tence")),
        "/lying": Answer(page(), "text/html; charset=utf-16"),
    }
    with serving(answers) as site:
        assert crawl(tmp_path / "c", site.url + "/")[0] == 0
    table = ds.dataset(tmp_path / "c" / "dataset" / "articles").to_table(columns=["url", "extraction_status", "text"])
    rows = {row["url"].rsplit("/", 1)[1]: row for row in table.to_pylist()}
    assert set(rows) == {"", "cp1251", "broken", "empty", "nulls", "lying"}
    assert "достаточно длинное" in rows["cp1251"]["text"]
    assert rows["broken"]["extraction_status"] == "ok"
    assert rows["empty"]["extraction_status"] in {"empty", "undecodable"}


def test_a_page_limit_is_exact_and_can_be_raised(tmp_path: Path) -> None:
    answers = {"/": Answer(page(*(f"/{n}" for n in range(20))))} | {f"/{n}": Answer(page()) for n in range(20)}
    with serving(answers) as site:
        code, summary, _ = crawl(tmp_path / "c", site.url + "/", "--max-pages", "7")
        assert code == 3
        assert summary["end"] == "page limit reached"
        assert summary["articles"] == 7
        assert crawl(tmp_path / "c", site.url + "/", "--max-pages", "7")[0] == 3
        code, summary, _ = crawl(tmp_path / "c", site.url + "/", "--max-pages", "0")
        assert (code, summary["articles"]) == (0, 21)
        assert len(set(site.paths())) == len(site.paths())


def test_include_exclude_and_depth(tmp_path: Path) -> None:
    answers = {
        "/": Answer(page("/a/1", "/b/1")),
        "/a/1": Answer(page("/a/2")),
        "/a/2": Answer(page()),
        "/b/1": Answer(page()),
    }
    with serving(answers) as site:
        crawl(tmp_path / "c", site.url + "/", "--exclude", "/b/", "--max-depth", "1", "--ignore-robots", "--no-extract")
        assert set(site.paths()) == {"/", *SOUGHT, "/a/1"}


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_both_event_loops(tmp_path: Path, loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_LOOP", loop)
    with serving({"/": Answer(page("/a")), "/a": Answer(page())}) as site:
        assert crawl(tmp_path / "c", site.url + "/")[1]["articles"] == 2
