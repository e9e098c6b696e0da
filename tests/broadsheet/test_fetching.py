"""`broadsheet.fetch`: one page from a server, as politely as a crawl asks, and kept when a collection is named."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from crawled_site import Answer, broadsheet, kinds, page, records, serving

from broadsheet import BadInput, fetch, fetch_async
from broadsheet.archive.errors import RemoteFault
from broadsheet.crawler import one_page


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks for robots.txt anew."""
    monkeypatch.setattr(one_page, "_robots", {})


def test_an_article_is_fetched_behind_its_redirect() -> None:
    answers = {"/": Answer(status=302, headers={"Location": "{base}/a"}), "/a": Answer(page(title="A story"))}
    with serving(answers) as site:
        article = fetch(f"{site.url}/", delay=0)
        assert (article.title, article.url) == ("A story", f"{site.url}/a")
        assert site.paths() == ["/robots.txt", "/", "/a"]
        assert asyncio.run(fetch_async(f"{site.url}/a", delay=0)).text == article.text
        assert site.paths() == ["/robots.txt", "/", "/a", "/a"]  # the rules are known by now


def test_robots_txt_is_obeyed_and_can_be_ignored() -> None:
    answers = {"/robots.txt": Answer(b"User-agent: *\nDisallow: /a", "text/plain"), "/a": Answer(page())}
    with serving(answers) as site:
        with pytest.raises(BadInput, match=r"robots\.txt forbids it"):
            fetch(f"{site.url}/a", delay=0)
        assert "/a" not in site.paths()
        assert fetch(f"{site.url}/a", delay=0, ignore_robots=True).extraction_status == "ok"


def test_nothing_is_asked_while_robots_txt_cannot_be_had() -> None:
    with serving({"/robots.txt": Answer(status=503), "/a": Answer(page())}) as site:
        with pytest.raises(RemoteFault, match="cannot be had"):
            fetch(f"{site.url}/a", delay=0)
        assert site.paths() == ["/robots.txt"]


def test_a_host_rests_between_two_requests() -> None:
    with serving({"/a": Answer(page())}) as site:
        begun = time.monotonic()
        fetch(f"{site.url}/a", delay=0.3)
        fetch(f"{site.url}/a", delay=0.3)
        assert len(site.asked) == 3
        assert site.asked[-1][0] - begun > 0.59  # two rests


def test_a_redirect_to_a_private_address_is_not_followed() -> None:
    with serving({"/a": Answer(page())}) as inside:
        port = inside.url.rpartition(":")[2]
        answers = {"/": Answer(status=302, headers={"Location": f"http://localhost:{port}/a"})}
        with serving(answers) as site, pytest.raises(RemoteFault, match="refused-address"):
            fetch(f"{site.url}/", delay=0)
        assert inside.paths() == []


def test_what_was_asked_and_answered_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with serving({"/a": Answer(page(title="Kept")), "/gone": Answer(b"gone", status=410)}) as site:
        article = fetch(f"{site.url}/a", delay=0, collection=folder)
        with pytest.raises(RemoteFault, match="status 410"):
            fetch(f"{site.url}/gone", delay=0, collection=folder)
    assert kinds(folder)["response"] == kinds(folder)["request"] == 3
    assert {record.url for record in records(folder) if record.record_type == "response"} == {
        f"{site.url}/{name}" for name in ("robots.txt", "a", "gone")
    }
    broadsheet("extract", folder, "--workers", 1, "--no-profiles", "-q")
    from broadsheet import Collection

    [row] = Collection.open(folder).articles(status="ok")
    assert (row.title, row.text, row.fetch_time) == (article.title, article.text, article.fetch_time)
    assert "sound" in broadsheet("verify", folder)


@pytest.mark.parametrize("url", ["", "nowhere", "ftp://a.example/x", "http://"])
def test_what_is_no_url_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        fetch(url, collection=tmp_path / "c")
    assert not (tmp_path / "c").exists()


def test_what_is_no_page_is_refused() -> None:
    with serving({"/a": Answer(b"%PDF-1.7", "application/pdf")}) as site, pytest.raises(BadInput, match="not HTML"):
        fetch(f"{site.url}/a", delay=0)


def test_in_an_event_loop_the_other_call_is_named() -> None:
    async def program() -> None:
        fetch("https://a.example/")

    with pytest.raises(BadInput, match="fetch_async"):
        asyncio.run(program())
