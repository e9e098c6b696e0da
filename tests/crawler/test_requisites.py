"""Whole crawls with requisites: what is fetched, from where, how often, and what becomes of it in archive and dataset."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from crawled_site import SOUGHT, TEXT, Answer, Site, crawl, frontier, page, serving
from warcio.archiveiterator import ArchiveIterator

pytestmark = pytest.mark.slow

PNG = Answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png")
CSS = "text/css; charset=utf-8"


def showing(html: str, *links: str) -> Answer:
    return Answer(page(*links).replace(b"</body>", html.encode() + b"</body>"))


@contextmanager
def two_sites(here: dict[str, Answer], there: dict[str, Answer]) -> Iterator[tuple[Site, Site]]:
    """A site, and another host (another port) whose URL stands for {there}."""
    with serving(there) as other, serving(here) as site:
        for answer in site.answers.values():
            answer.body = answer.body.replace(b"{there}", other.url.encode())
            answer.headers = {name: value.replace("{there}", other.url) for name, value in answer.headers.items()}
        yield site, other


def leave(other: Site) -> tuple[str, str]:
    """The user names the other site, too: a private address is asked at the ports that were named alone."""
    return "--allow-private", other.url.removeprefix("http://")


def metadata(folder: Path) -> dict[str, dict[str, str]]:
    """The fields of each metadata record, by URL."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((folder / "archive").glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "metadata":
                    lines = record.content_stream().read().decode().splitlines()
                    fields = dict(line.split(": ", 1) for line in lines if not line.startswith("outlink"))
                    found[record.rec_headers.get_header("WARC-Target-URI")] = fields
    return found


def table(folder: Path, name: str, *columns: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = ds.dataset(folder / "dataset" / name).to_table(columns=list(columns)).to_pylist()
    return rows


def test_a_page_with_all_it_needs_from_both_hosts_each_once(tmp_path: Path) -> None:
    here = {
        "/": showing("<link rel=stylesheet href=/s.css><img src=/a.png srcset='{there}/b.png 2x'>", "/two"),
        "/two": showing("<link rel=stylesheet href=/s.css><img src=/a.png><img src={there}/moved.png>"),
        "/s.css": Answer(b"@import '{there}/t.css'; b{background:url(c.png)}", CSS),
        "/a.png": PNG,
        "/c.png": PNG,
    }
    there = {
        "/b.png": PNG,
        "/t.css": Answer(b"@font-face{src:url(f.woff2)}", CSS),
        "/f.woff2": Answer(b"wOF2", "font/woff2"),
        "/moved.png": Answer(status=302, headers={"Location": "/new.png"}),
        "/new.png": PNG,
    }
    with two_sites(here, there) as (site, other):
        code, summary, _ = crawl(tmp_path / "c", site.url + "/", *leave(other))
        asked = Counter(site.paths()) + Counter(f"there{path}" for path in other.paths())
        again = crawl(tmp_path / "c", site.url + "/", *leave(other))[1]
    assert code == 0
    assert summary["end"] == "finished"
    assert again["end"] == "already finished"
    assert asked == Counter(
        ["/robots.txt", *SOUGHT, "/", "/two", "/s.css", "/a.png", "/c.png", "there/robots.txt"]
        + [f"there/{name}" for name in ("b.png", "t.css", "f.woff2", "moved.png", "new.png")]
    )
    progress = summary["progress"]
    assert isinstance(progress, dict)
    assert progress["pages"] == 2
    said = metadata(tmp_path / "c")
    assert {url.removeprefix(site.url).replace(other.url, "there"): said[url].get("hopsFromSeed") for url in said} == {
        "/": None,
        "/robots.txt": "P",
        **dict.fromkeys(SOUGHT, "I"),
        "/two": "L",
        "/s.css": "E",
        "/a.png": "E",
        "/c.png": "EE",
        "there/robots.txt": "EP",
        "there/b.png": "E",
        "there/t.css": "EE",
        "there/f.woff2": "EEE",
        "there/moved.png": "LE",
        "there/new.png": "LER",
    }
    assert said[f"{other.url}/f.woff2"]["via"] == f"{other.url}/t.css"
    assert len(table(tmp_path / "c", "captures", "url")) == sum(asked.values())
    assert {row["url"] for row in table(tmp_path / "c", "articles", "url")} == {site.url + "/", site.url + "/two"}


def test_frames_of_the_site_are_pages_and_others_are_not(tmp_path: Path) -> None:
    frame = f"<html><body>{TEXT}<img src=/in.png><a href=/never>x</a></body></html>"
    here = {
        "/": showing("<iframe src=/frame></iframe><iframe src={there}/frame></iframe><img src=/soft404.png>"),
        "/frame": Answer(page("/by-frame")),
        "/by-frame": Answer(page()),
        "/soft404.png": Answer(page("/by-soft404")),
        "/by-soft404": Answer(page()),
    }
    there = {"/frame": Answer(frame.encode()), "/in.png": PNG}
    with two_sites(here, there) as (site, other):
        assert crawl(tmp_path / "c", site.url + "/", *leave(other))[0] == 0
        assert set(other.paths()) == {"/robots.txt", "/frame", "/in.png"}
        articles = {str(row["url"]).removeprefix(site.url) for row in table(tmp_path / "c", "articles", "url")}
        assert articles == {"/", "/frame", "/by-frame", "/by-soft404"}
        pages = {str(row["url"]): row["is_page"] for row in table(tmp_path / "c", "captures", "url", "is_page")}
        assert (pages[f"{other.url}/frame"], pages[f"{site.url}/soft404.png"]) == (False, False)
        again = crawl(tmp_path / "c", site.url + "/", *leave(other))[1]["progress"]
    assert isinstance(again, dict)
    assert again["pages"] == 4  # counted from the journal, frames left out


def test_robots_txt_and_private_addresses_hold_for_requisites(tmp_path: Path) -> None:
    here = {
        "/": showing("<img src=/private/a.png><img src={there}/b.png><img src=http://127.0.0.2:1/c.png>"),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private\n", "text/plain"),
        "/private/a.png": PNG,
    }
    there = {"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n", "text/plain"), "/b.png": PNG}
    with two_sites(here, there) as (site, other):
        assert crawl(tmp_path / "c", site.url + "/", *leave(other), "--no-extract")[0] == 0
        rows = frontier(tmp_path / "c")
        assert rows[f"{site.url}/private/a.png"] == (3, "robots")
        assert rows[f"{other.url}/b.png"] == (3, "robots")
        assert rows["http://127.0.0.2:1/c.png"] == (3, "refused-address")
        assert "/b.png" not in other.paths()
        assert crawl(tmp_path / "d", site.url + "/", *leave(other), "--ignore-robots", "--no-extract")[0] == 0
        assert frontier(tmp_path / "d")[f"{other.url}/b.png"] == (1, None)


def test_a_page_limit_counts_pages_and_those_are_whole(tmp_path: Path) -> None:
    here = {"/": showing("<img src=/i.png>", *(f"/{n}" for n in range(12))), "/i.png": PNG}
    for number in range(12):
        here[f"/{number}"] = showing("".join(f"<img src=/{number}-{n}.png>" for n in range(4)))
        here |= {f"/{number}-{n}.png": PNG for n in range(4)}
    with serving(here) as site:
        code, summary, _ = crawl(tmp_path / "c", site.url + "/", "--max-pages", "4", "--no-extract")
        assert code == 3
        progress = summary["progress"]
        assert isinstance(progress, dict)
        assert progress["pages"] == 4
        assert sum(path.endswith(".png") for path in site.paths()) == 1 + 3 * 4
        assert crawl(tmp_path / "c", site.url + "/", "--max-pages", "0", "--no-extract")[0] == 0
        assert sorted(site.paths()) == sorted([*here, "/robots.txt", "/sitemap.xml"])


def test_switches(tmp_path: Path) -> None:
    here = {
        "/": showing("<img src=/a.png><img src=/ad/b.png><video src=/c.mp4></video><iframe src=/frame></iframe>"),
        "/frame": Answer(page()),
    }
    with serving(here) as site:
        for folder, *arguments in (
            ("none", "--no-requisites"),
            ("some", "--skip-requisites", "media", "--exclude", "/ad/", "--include", r"\d/$"),
        ):
            before = len(site.asked)
            assert crawl(tmp_path / folder, site.url + "/", "--ignore-robots", *arguments, "--no-extract")[0] == 0
            expected = {"none": {"/", *SOUGHT, "/frame"}, "some": {"/", "/a.png", "/frame"}}
            assert set(site.paths()[before:]) == expected[folder]


def test_requisites_keep_to_the_pace_of_their_host(tmp_path: Path) -> None:
    here = {"/": showing("".join(f"<img src=/{n}.png>" for n in range(4)))} | {f"/{n}.png": PNG for n in range(4)}
    with serving(here) as site:
        crawl(tmp_path / "c", site.url + "/", "--delay", "0.3", "--concurrency", "4", "--no-extract")
        times = [moment for moment, path in site.asked]
        assert len(times) == 6 + len(SOUGHT)
        assert times[-1] - times[0] > 0.3 * (len(times) - 1) - 0.1  # a busy machine takes down one of them late
        assert min(after - before for before, after in pairwise(times)) > 0.15


def test_a_busy_host_of_requisites_is_waited_for(tmp_path: Path) -> None:
    busy = Answer(b"later", "text/plain", 503, {"Retry-After": "1"}, times=1, then=PNG)
    with two_sites({"/": showing("<img src={there}/i.png>")}, {"/i.png": busy}) as (site, other):
        assert crawl(tmp_path / "c", site.url + "/", *leave(other), "--no-extract")[0] == 0
        assert other.paths().count("/i.png") == 2
    with closing(sqlite3.connect(tmp_path / "c" / "collection.sqlite")) as db:
        url = f"{other.url}/i.png"
        assert db.execute("SELECT state, tries FROM frontier WHERE url = ?", (url,)).fetchone() == (1, 2)


def test_large_sheets_do_not_hold_the_crawl(tmp_path: Path) -> None:
    sheet = "".join(f".a{n}{{background:url(/{n % 3}.png)}}\n" for n in range(60_000))
    here = {"/": showing("<link rel=stylesheet href=/s.css>"), "/s.css": Answer(sheet.encode(), CSS)}
    here |= {f"/{n}.png": PNG for n in range(3)}
    with serving(here) as site:
        assert crawl(tmp_path / "c", site.url + "/", "--no-extract")[0] == 0
        assert {f"/{n}.png" for n in range(3)} <= set(site.paths())


def test_the_request_of_a_requisite(tmp_path: Path) -> None:
    with two_sites({"/": showing("<img src=/a.png><img src={there}/b.png>"), "/a.png": PNG}, {"/b.png": PNG}) as (
        site,
        other,
    ):
        crawl(tmp_path / "c", site.url + "/", *leave(other), "--no-extract")
        sent = requests(tmp_path / "c")
    assert sent[f"{site.url}/a.png"]["Referer"] == f"{site.url}/"
    assert sent[f"{other.url}/b.png"]["Referer"] == f"{site.url}/"
    assert sent[f"{other.url}/b.png"]["Accept"] == "*/*"
    assert "Referer" not in sent[f"{site.url}/"]


def requests(folder: Path) -> dict[str, dict[str, str]]:
    """Headers of each request record, by URL."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((folder / "archive").glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "request":
                    headers = dict(record.http_headers.headers)
                    found[record.rec_headers.get_header("WARC-Target-URI")] = headers
    return found


def test_hosts_that_are_gone_do_not_hold_up_the_crawl(tmp_path: Path) -> None:
    # A port that nobody listens on, shown on every page: twenty pictures cost a few tries, not sixty with rests between.
    with serving({}) as gone:
        dead = gone.url
    pictures = [f"<img src={dead}/{number}.png>" for number in range(20)]
    here = {"/": showing("".join(pictures[:10]), "/two"), "/two": showing("".join(pictures[10:]), "/three")}
    here |= {"/three": showing("<img src=/a.png>"), "/a.png": PNG}
    with serving(here) as site:
        code, _, told = crawl(tmp_path / "c", site.url, "--allow-private", "--no-extract")
        again, _, _ = crawl(tmp_path / "c")
    assert (code, again) == (0, 0), told
    rows = frontier(tmp_path / "c")
    failed = [error for url, (state, error) in rows.items() if url.startswith(dead)]
    assert len(failed) == 20
    assert set(failed) <= {"connect", "host given up"}
    assert failed.count("host given up") >= 10
    assert all(rows[site.url + path] == (1, None) for path in here)
