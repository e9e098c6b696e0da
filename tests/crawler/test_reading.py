"""Where an answer leads: by its status, what it is, and what it was asked for."""

from __future__ import annotations

import pytest

from broadsheet.archive.http import parse_response_head
from broadsheet.archive.http_answer import Answer
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.reading import LinkReader, Reading

URL = "http://a.example/x"
PAGE = b'<!doctype html><title>x</title><a href="/next">n</a><img src="i.png"><p>' + b"word " * 50
JSON = b'{"items": [{"url": "http://a.example/2026/11/30/a-story-of-the-day"}]}'
MAP = b'<?xml version="1.0"?><urlset><url><loc>http://a.example/m</loc></url></urlset>'


def answer(body: bytes = PAGE, *fields: str, status: int = 200, kind: str | None = "text/html") -> Answer:
    lines = [f"HTTP/1.1 {status} X", *fields, *([] if kind is None else [f"Content-Type: {kind}"])]
    head = "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"
    return Answer(parse_response_head(head), head + body)


def read(one: Answer, hops: str = "L", *, requisites: bool = True, in_scope: bool = True) -> Reading:
    visit = Visit(b"", URL, "a.example", 0, hops, None, 0)
    return LinkReader(lambda _: in_scope, requisites=requisites).links_of(one, visit)


def led_to(reading: Reading) -> set[tuple[str, str]]:
    return {(link.url, link.hop) for link in reading.links}


@pytest.mark.parametrize("kind", ["text/html", None])
def test_a_page_leads_on_and_shows_things_whatever_it_is_called(kind: str | None) -> None:
    reading = read(answer(kind=kind))
    assert reading.is_page
    assert {link.url for link in reading.outlinks} == {"http://a.example/next"}
    assert {link.url for link in reading.requisites} == {"http://a.example/i.png"}


def test_without_requisites_nothing_that_is_shown_is_named() -> None:
    assert led_to(read(answer(), requisites=False)) == {("http://a.example/next", "L")}


def test_a_redirect_leads_to_its_target_alone() -> None:
    reading = read(answer(PAGE, "Location: /moved", status=301))
    assert led_to(reading) == {("http://a.example/moved", "R")}
    assert not reading.is_page


def test_a_refresh_in_the_head_is_a_redirect_beside_the_links() -> None:
    assert ("http://a.example/soon", "R") in led_to(read(answer(PAGE, "Refresh: 0; url=/soon")))


@pytest.mark.parametrize(("status", "kind"), [(404, "text/html"), (500, "text/html"), (200, "image/png")])
def test_what_is_no_document_leads_nowhere(status: int, kind: str) -> None:
    assert read(answer(status=status, kind=kind)) == Reading()


def test_a_sitemap_may_be_called_a_picture_and_leads_to_its_urls() -> None:
    assert led_to(read(answer(MAP, kind="image/png"), "I")) == {("http://a.example/m", "L")}


def test_a_frame_from_elsewhere_is_a_part_whose_links_do_not_count() -> None:
    assert led_to(read(answer(), "LE", in_scope=False)) == {("http://a.example/i.png", "E")}


def test_a_head_that_says_where_a_list_goes_on_is_believed() -> None:
    one = answer(JSON, 'Link: </x?page=2>; rel="next"', kind="application/json")
    assert ("http://a.example/x?page=2", "I") in led_to(read(one, "I"))


@pytest.mark.parametrize(
    "one",
    [
        answer(b'<!doctype html><title>x</title><a href="ftp://h/x">f</a><a href="mailto:a@b">m</a><p>' + b"w " * 50),
        answer(b'<!doctype html><title>x</title><img src="ftp://h/x"><img src="data:,x"><p>' + b"w " * 50),
        answer(b"", "Location: ftp://h/x", status=302),
        answer(MAP.replace(b"http://a.example/m", b"ftp://h/x"), kind="text/xml"),
        answer(b"<rss><channel><item><link>ftp://h/x</link></item></channel></rss>", kind="application/rss+xml"),
    ],
    ids=["link", "picture", "redirect", "sitemap", "feed"],
)
def test_what_another_protocol_would_fetch_is_told_and_leads_nowhere(one: Answer) -> None:
    told: list[str] = []
    reader = LinkReader(lambda _: True, on_unfetchable=told.append)
    assert reader.links_of(one, Visit(b"", URL, "a.example", 0, "I", None, 0)).links == ()
    assert told == ["ftp://h/x"]
