"""An update asks for what may be new or changed, and no more; every version stays; whatever was not sent again is a revisit."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from changing_site import ChangingSite, changed
from crawled_site import broadsheet, crawl, kinds, records

from broadsheet import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.pages.history import page_history
from broadsheet.warcs.packing import pack_inputs

ARTICLES = 40
CHANGED = {number for number in range(ARTICLES) if changed(number, 2)}


@dataclass
class Updated:
    """A collection after a crawl and two updates, and what each asked for."""

    folder: Path
    url: str
    first: list[tuple[str, int]]
    second: list[tuple[str, int]]
    all: list[tuple[str, int]]
    summaries: list[dict[str, object]]
    bytes: list[int]


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Updated:
    folder = tmp_path_factory.mktemp("update") / "c"
    site = ChangingSite(ARTICLES)
    asked: list[list[tuple[str, int]]] = []
    summaries, sizes = [], []
    for turn in range(3):
        site.edition = 1 if turn == 0 else 2
        site.asked.clear()
        options = [site.url] if turn == 0 else ["--update"]
        code, summary, err = crawl(folder, *options, *(["--ask-all"] if turn == 2 else []))
        assert code == 0, err
        asked.append(list(site.asked))
        summaries.append(summary)
        sizes.append(sum(path.stat().st_size for path in (folder / "archive").iterdir()))
    site.close()
    first, second, third = asked
    return Updated(folder, site.url, first, second, third, summaries, sizes)


def paths(asked: list[tuple[str, int]]) -> Counter[str]:
    return Counter(path for path, _ in asked)


def test_the_first_crawl_asks_for_everything_once(updated: Updated) -> None:
    assert set(paths(updated.first).values()) == {1}
    assert len(updated.first) == 2 * ARTICLES + 4 + len(("/", "/robots.txt", "/sitemap.xml", "/style.css"))


def test_an_update_asks_for_what_may_have_changed_and_no_more(updated: Updated) -> None:
    asked = dict(updated.second)
    assert set(paths(updated.second).values()) == {1}
    spared = {f"/{number}" for number in range(0, ARTICLES, 2) if number not in CHANGED}
    assert not spared & asked.keys()
    unchanged = {f"/{number}" for number in range(1, ARTICLES, 2) if number not in CHANGED}
    # Home and the listings are asked, and those articles of which no sitemap says anything.
    assert {path for path, status in asked.items() if status == 304} == {
        *unchanged, "/list-0", "/list-1", "/list-2", "/list-3", "/style.css", *(f"/picture-{n}.png" for n in CHANGED),
    }  # fmt: skip
    new = {"/", "/sitemap.xml", "/list-4", f"/{ARTICLES}", f"/picture-{ARTICLES}.png"}
    assert {path for path, status in asked.items() if status == 200} == {f"/{number}" for number in CHANGED} | new
    assert updated.summaries[1]["updated"] == {
        "asked": len(asked),
        "stored": len(CHANGED) + len(new),
        "unchanged": len(unchanged) + 5 + len(CHANGED),
        "spared": len(spared),
        "found": 3,
    }


def test_when_nothing_is_new_nothing_is_stored_again(updated: Updated) -> None:
    assert {status for path, status in updated.all if path != "/sitemap.xml"} == {304}
    pages = {"/", "/sitemap.xml", *(f"/list-{n}" for n in range(5)), *(f"/{n}" for n in range(ARTICLES + 1))}
    assert paths(updated.all) == Counter(pages)  # of requisites only those of pages that are stored anew
    told = updated.summaries[2]["updated"]
    assert isinstance(told, dict)
    assert (told["asked"], told["stored"], told["unchanged"]) == (len(pages), 0, len(pages))
    first, second, third = updated.bytes
    assert second - first < first / 2
    assert third - second < first


def test_what_is_stored_is_what_was_sent(updated: Updated) -> None:
    counts = kinds(updated.folder)
    sent = [status for asked in (updated.first, updated.second, updated.all) for _, status in asked]
    assert counts["request"] == counts["metadata"] == counts["response"] + counts["revisit"] == len(sent)
    again = 1  # the sitemap, which was sent anew and is the same as before
    assert counts["revisit"] == sent.count(304) + again
    by_id = {record.record_id: record for record in records(updated.folder)}
    for record in by_id.values():
        if record.record_type == "revisit":
            original = by_id[record.get("WARC-Refers-To") or ""]
            assert original.record_type == "response"
            assert original.url == record.url == record.get("WARC-Refers-To-Target-URI")
            assert original.get("WARC-Date") == record.get("WARC-Refers-To-Date")
            assert original.get("WARC-Payload-Digest") == record.get("WARC-Payload-Digest")
    broadsheet("verify", updated.folder)


def test_every_version_has_its_rows(updated: Updated) -> None:
    collection = Collection.open(updated.folder)
    captures = list(collection.captures())
    articles = list(collection.articles())
    assert len({row.warc_record_id for row in articles}) == len(articles)
    assert {row.warc_record_id for row in captures if row.is_page} == {row.warc_record_id for row in articles}
    number = min(CHANGED)
    versions = sorted(
        (row for row in articles if row.url == f"{updated.url}{number}"), key=lambda row: str(row.fetch_time)
    )
    assert [row.title for row in versions] == [f"Article {number}"] + [f"Article {number} (updated)"] * 2
    assert [row.refers_to_record_id for row in versions] == [None, None, versions[1].warc_record_id]
    assert versions[0].text != versions[1].text == versions[2].text
    assert versions[2].response().body == versions[1].response().body
    assert [row.fetch_status for row in captures if row.url == versions[0].url] == [200, 200, 304]
    spared = [row for row in articles if row.url == f"{updated.url}0"]
    assert len(spared) == 2  # the first crawl's, and that of --ask-all
    assert {row.crawl_id for row in captures} == {"c", "c-2", "c-3"}


def test_its_history_says_what_changed(updated: Updated, monkeypatch: pytest.MonkeyPatch) -> None:
    number = min(CHANGED)
    told = json.loads(broadsheet("history", updated.folder, f"{updated.url}{number}", "--json"))
    assert told["versions"] == 2
    first, second, third = told["captures"]
    assert [one["change"] for one in (first, second, third)] == ["first", "text", "same"]
    assert [one["status"] for one in (first, second, third)] == [200, 200, 304]
    assert second["digest"] == third["digest"] != first["digest"]
    assert (second["title_before"], second["title"]) == (f"Article {number}", f"Article {number} (updated)")
    (paragraph,) = [one for one in second["paragraphs"] if "edition" in str(one)]
    assert [piece["text"] for piece in paragraph["before"] if piece["changed"]] == ["1,"]
    assert [piece["text"] for piece in paragraph["after"] if piece["changed"]] == ["2,"]
    plain = broadsheet("history", updated.folder, f"{updated.url}{number}")
    assert "\x1b" not in plain
    assert f"- title: Article {number}\n" in plain
    assert "edition 2, paragraph 3." in plain
    assert "3 captures, 2 different pages." in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;32m2," in broadsheet("history", updated.folder, f"{updated.url}{number}")


def test_the_history_of_an_unknown_page_names_near_ones(updated: Updated) -> None:
    with pytest.raises(BadInput, match=r"was never captured.*Captured are, among others: .*/list-1") as told:
        page_history(updated.folder, f"{updated.url}list-11")
    assert told.value.exit_code == 2
    with pytest.raises(BadInput) as told:
        page_history(updated.folder, f"{updated.url}picture-x.png")
    assert ".png" not in str(told.value).partition("among others")[2]  # pages are what histories are of
    requisite = page_history(updated.folder, f"{updated.url}style.css")
    assert [one.change.value for one in requisite.captures] == ["first", "same"]


def test_an_update_of_nothing_says_so(tmp_path: Path) -> None:
    code, _, err = crawl(tmp_path / "none", "--update")
    assert code == 2
    assert "no such folder" in err


def test_a_packed_archive_lists_each_version_of_a_page_once(updated: Updated, tmp_path: Path) -> None:
    packed, _ = pack_inputs([updated.folder], tmp_path / "c.wacz")
    with zipfile.ZipFile(packed.path) as archive:
        told = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]
    versions = Counter("/" + page["url"].removeprefix(updated.url) for page in told)
    articles = {f"/{number}": 2 if number in CHANGED else 1 for number in range(ARTICLES)}
    assert {path: count for path, count in versions.items() if path in articles} == articles
    assert all(page["title"] and page["text"] for page in told)
    rows = Collection.open(updated.folder).articles(columns=["url"])
    assert len(rows) > packed.pages + packed.extra_pages  # the rows of what was asked again and had not changed
