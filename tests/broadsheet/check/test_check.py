"""What pages need against what is there: of anybody's WARC by the records alone, of a crawl with the reasons of its journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from checked_archive import FATES, FILES, HOST, write_archive
from crawled_site import TEXT, Answer, crawl, page, serving
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.archive.warc.source import WarcSource
from broadsheet.check.check import CheckOptions, check
from broadsheet.check.pages import sampled
from broadsheet.check.quality import Fate, PageQuality, Quality
from broadsheet.cli import main
from broadsheet.crawler.kept_options import store_options
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.facts import gather
from broadsheet.report.make import make_report
from broadsheet.warcs.packing import pack_inputs


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["check", *arguments])
    told = capsys.readouterr()
    return int(stopped.value.code or 0), told.out, told.err


def page_of(quality: Quality, path: str) -> PageQuality:
    return next(page for page in quality.pages if page.url.endswith(path))


def test_the_fate_of_everything_that_a_page_needs(tmp_path: Path) -> None:
    quality = check(CheckOptions((write_archive(tmp_path),)))
    found = page_of(quality, "/a.html")
    fates = {need.url.removeprefix(HOST): str(need.fate) for need in found.lacking}
    assert fates == {path: fate for path, fate in FATES.items() if fate != "captured"}
    assert found.count(Fate.CAPTURED) == sum(fate == "captured" for fate in FATES.values())
    reasons = {need.url.removeprefix(HOST): need.reason for need in found.lacking}
    assert (reasons["/gone.png"], reasons["/busy.png"]) == ("status 404", "status 503")
    assert reasons["/moved.png"] == f"redirects to {HOST}/nowhere.png"
    deep = next(need for need in found.lacking if need.url.endswith("/deep.png"))
    assert (deep.via, deep.kind, deep.technique) == (f"{HOST}/more.css", Kind.IMAGE, "css/url()")
    assert page_of(quality, "/whole.html").is_complete
    assert not found.is_complete
    assert quality.of == 3  # the frame is a page, too, as nobody's journal says that it is a part


def test_a_damaged_record_is_no_capture(tmp_path: Path) -> None:
    path = write_archive(tmp_path, {name: FILES[name] for name in ("/whole.html", "/here.png")})
    entry = next(one for one in warc_lines(WarcSource.of(path), pytest.fail) if one.url.endswith("/here.png"))  # type: ignore[arg-type]
    whole = bytearray(path.read_bytes())
    whole[entry.offset + entry.length // 2] ^= 0xFF
    path.write_bytes(bytes(whole))
    told: list[Any] = []
    quality = check(CheckOptions((path,)), on_damage=told.append)
    assert quality.pages[0].count(Fate.CAPTURED) == 0
    assert told


def test_a_wacz_is_checked_like_its_warcs(tmp_path: Path) -> None:
    warc = write_archive(tmp_path)
    pack_inputs([warc], tmp_path / "x.wacz")
    assert check(CheckOptions((tmp_path / "x.wacz",))).pages == check(CheckOptions((warc,))).pages


def test_the_table_and_the_threshold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warc = str(write_archive(tmp_path))
    code, out, _ = run(capsys, warc)
    assert code == 1
    assert "never asked" in out.splitlines()[0]
    assert f"missing on 1 page: {HOST}/busy.png (status 503)" in out
    code, out, _ = run(capsys, warc, "--json", "--max-missing", "50")
    told = json.loads(out)
    assert code == 0
    assert (told["pages"], told["of"], told["complete"]) == (3, 3, 1)
    # 5 of a.html, 1 of the frame's own; of 14 needs and the 3 pages themselves
    assert told["missing_share"] == round(6 / 17, 6)
    first = told["missing"][0]
    assert (first["url"], first["pages"]) == (f"{HOST}/in-frame.png", 2)
    assert run(capsys, warc, "--max-missing", "35")[0] == 1
    assert run(capsys, warc, "--max-missing", "36")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tmp}/none.warc.gz"], "no such file"),
        (["{tmp}/only.warc.gz"], "holds no page to check"),
        (["{tmp}/only.warc.gz", "--screenshots", "x"], "Add --browser"),
        (
            ["{tmp}/only.warc.gz", "--browser", "--browser-path", "{tmp}/none"],
            "is not a program. Name Chrome or Chromium with --browser-path",
        ),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    write_archive(tmp_path, {"/here.png": FILES["/here.png"]}).rename(tmp_path / "only.warc.gz")
    code, _, err = run(capsys, *(argument.format(tmp=tmp_path) for argument in arguments))
    assert code == 2
    assert said in err


URLS = st.lists(st.integers(0, 400).map(lambda number: f"http://a.example/{number}"), max_size=300)


@given(URLS, st.integers(1, 30), st.randoms())
def test_a_sample_depends_on_the_urls_alone_and_changes_little(urls: list[str], count: int, dice: Any) -> None:
    chosen, total = sampled(urls, count)
    assert total == len(set(urls))
    assert len(chosen) == min(count, total)
    assert set(chosen) <= set(urls)
    mixed = [*urls, *urls[:5]]
    dice.shuffle(mixed)
    assert sampled(mixed, count) == (chosen, total)
    grown, _ = sampled([*urls, "http://b.example/new"], count)
    assert len(set(chosen) - set(grown)) <= 1
    assert sampled(urls, 0) == (sorted(set(urls)), total)


def test_a_sample_of_more_urls_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = [f"http://a.example/{number}" for number in range(5000)]
    first, total = sampled(urls, 3)
    assert total == 5000
    assert sampled(reversed(urls), 3) == (first, total)
    every, _ = sampled(urls, 4999)
    assert set(first) <= set(every)


@pytest.mark.slow
def test_a_crawls_journal_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every reason that a crawl can have for not having something, and the report that tells them."""
    png = Answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png")
    shown = (
        "<link rel=stylesheet href=/s.css><img src=/here.png><img src=/gone.png><img src=/busy.png>"
        "<img src=/private/x.png><img src=/out.png><video src=/film.mp4></video><img src=http://127.0.0.1:9/dead.png>"
        "<iframe src=/frame></iframe>"
    )
    site = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private/", "text/plain"),
        "/": Answer(page("/two").replace(b"</body>", shown.encode() + b"</body>")),
        "/two": Answer(page().replace(b"</body>", b"<img src=/here.png></body>")),
        "/frame": Answer(f"<html><body>{TEXT}</body></html>".encode()),
        "/s.css": Answer(b"b{background:url(here.png)}", "text/css"),
        "/here.png": png,
        "/out.png": png,
        "/film.mp4": png,
        "/busy.png": Answer(status=503),
    }
    with serving(site) as served:
        options = ("--skip-requisites", "media", "--exclude", "out[.]png$", "--retries", "0", "--no-extract")
        leave = ("--allow-private", "127.0.0.1:9")  # another port of this machine: refused without, not dead
        assert crawl(tmp_path / "c", served.url + "/", *options, *leave)[0] == 0
    code, out, _ = run(capsys, str(tmp_path / "c"), "--json")
    told = json.loads(out)
    home = next(one for one in told["checked"] if one["url"] == served.url + "/")
    said = {need["url"].removeprefix(served.url): (need["fate"], need["reason"]) for need in home["lacking"]}
    assert said == {
        "/gone.png": ("gone", "status 404"),
        "/busy.png": ("failed", "status 503"),
        "/private/x.png": ("left out", "robots"),
        "/out.png": ("left out", "--exclude"),
        "/film.mp4": ("left out", "--skip-requisites media"),
        "http://127.0.0.1:9/dead.png": ("failed", "connect"),
    }
    assert home["needs"]["captured"] == 3
    assert code == 1
    assert {one["url"].removeprefix(served.url) for one in told["checked"]} >= {"/", "/two"}
    kept = gather(Collection.open(tmp_path / "c")).capture_quality
    assert kept is not None
    assert (kept.pages, kept.complete, kept.looked_at) == (told["pages"], told["complete"], 0)
    report = make_report(tmp_path / "c").page.read_text("utf-8")
    assert "/busy.png" in report
    assert "Capture quality" in report


def test_without_requisites_nothing_is_missing_but_left_out(tmp_path: Path) -> None:
    made = Collection.create(tmp_path / "c")
    write_archive(made.archive)
    with Catalogue.open(made.journal) as catalogue:
        store_options(
            SqliteStore.prepared(catalogue), CrawlOptions(made.directory, seeds=(f"{HOST}/",), requisites=False)
        )
    quality = check(CheckOptions((made.directory,)))
    assert quality.counts()[Kind.IMAGE, Fate.NEVER_ASKED] == 0
    assert quality.counts()[Kind.IMAGE, Fate.LEFT_OUT] == 5
    assert {need.reason for page in quality.pages for need in page.lacking if need.fate is Fate.LEFT_OUT} >= {
        "--no-requisites"
    }


def test_no_page_at_all_is_last_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no WARC"):
        check(CheckOptions((tmp_path,)))
