"""Which capture answers: address before key before query, closest in time, no wrong page ever."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.cdxj.request_key import request_key
from broadsheet.archive.replay.fuzzy import essence
from broadsheet.archive.replay.response import ReplayOutcome
from broadsheet.archive.replay.suggestions import nearest, pages
from broadsheet.archive.surt import surt

A = "http://news.example/a"


def test_the_capture_closest_to_the_wanted_time_answers_and_the_latest_without_one(museum: Any) -> None:
    for day in ("2024", "2025", "2026"):
        museum.add(A, day.encode(), day=f"{day}-06-01T00:00:00Z")
    assert museum.body(museum.ask(A)) == b"2026"
    assert museum.body(museum.ask(A, at=museum.moment(2025, 5, 1))) == b"2025"
    assert museum.body(museum.ask(A, at=museum.moment(1999, 1, 1))) == b"2024"
    answer = museum.ask(A, Accept_Datetime="Sat, 01 Feb 2025 00:00:00 GMT")  # RFC 7089: the request decides
    assert museum.body(answer) == b"2025"
    assert museum.header(answer, "Memento-Datetime") == ["Sun, 01 Jun 2025 00:00:00 GMT"]
    assert museum.header(answer, "Link") == [f'<{A}>; rel="original"']


def test_a_server_fault_hides_no_good_capture_but_is_shown_when_it_is_all_there_is(museum: Any) -> None:
    museum.add(A, b"good", day="2025-01-01T00:00:00Z")
    museum.add(A, b"down", day="2026-01-01T00:00:00Z", status="503 Service Unavailable")
    museum.add("http://news.example/b", b"down", status="500 Oops")
    assert museum.body(museum.ask(A)) == b"good"
    assert museum.ask("http://news.example/b").status == 500


@pytest.mark.parametrize(
    ("captured", "asked"),
    [
        (A, "https://news.example/a"),
        ("https://news.example/a", A),
        ("https://www.news.example/a", A),
        (A, "http://news.example:80/a"),
        (A, "http://NEWS.example/a"),
        ("http://news.example/caf\u00e9", "http://news.example/caf%C3%A9"),
        ("http://news.example/x?a=1&b=2", "http://news.example/x?b=2&a=1"),
    ],
)
def test_spellings_of_one_address_find_each_other(museum: Any, captured: str, asked: str) -> None:
    museum.add(captured, b"it")
    assert museum.body(museum.ask(asked)) == b"it"


def test_the_very_address_goes_before_another_spelling_of_it(museum: Any) -> None:
    museum.add("https://news.example/a", b"secure", day="2020-01-01T00:00:00Z")
    museum.add("http://news.example/a", b"", "Location: https://news.example/a", status="301 Moved")
    assert museum.body(museum.ask("https://news.example/a")) == b"secure"
    answer = museum.ask("http://news.example/a")
    assert (answer.status, museum.header(answer, "Location")) == (301, ["https://news.example/a"])


def test_a_redirect_does_not_lead_back_to_itself(museum: Any) -> None:
    museum.add("http://news.example/a", b"", "Location: https://news.example/a", status="301 Moved")
    answer = museum.ask("https://news.example/a")
    assert answer.status == 404
    assert b"redirects to itself" in museum.body(answer)


@pytest.mark.parametrize(
    ("captured", "asked"),
    [
        ("/api?_=1764000000000", "/api?_=1764000099999"),
        ("/api?_=3", "/api?_=4"),
        ("/api?id=7&cb=0.8341928374", "/api?id=7&cb=0.1111111111"),
        ("/api?id=7&cb=a1b2c3d4", "/api?id=7&cb=00ffee11"),
        ("/api?x=0.8341928374", "/api?x=0.1111111111"),
        ("/api?0.834192837412", "/api?0.111111111111"),
        ("/api?id=7", "/api?ts=1764000000&id=7"),
        ("/api?timestamp=1764000000000", "/api?timestamp=1764000000001"),
        ("/api?t=1764000000000", "/api?t=1764000000001"),
        ("/ad?ord=8273645018", "/ad?ord=1928374650"),
        ("/api", "/api?_=1764000000000"),
        ("/api?_dc=1764000000000&page=2", "/api?page=2&_dc=1764000000009"),
        ("/api?nocache=1764000000000", "/api?nocache=1764000000001"),
        ("/api?rnd=a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "/api?rnd=00000000-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("/api?dojo.preventCache=1764000000000", "/api?dojo.preventCache=1764000000001"),
        ("/s.css?ver=6.1", "/s.css?ver=6.2"),
        ("/s.css?20240101", "/s.css"),
        ("/app.js?hash=ab12", "/app.js?hash=cd34"),
        ("/a?utm_source=feed", "/a"),
        ("/a", "/a?utm_campaign=x&fbclid=abc"),
    ],
)
def test_cache_busters_do_not_matter_and_the_answer_says_so(museum: Any, captured: str, asked: str) -> None:
    museum.add("http://news.example" + captured, b"it", "Content-Location: /elsewhere")
    answer = museum.ask("http://news.example" + asked)
    assert museum.body(answer) == b"it"
    assert answer.outcome is ReplayOutcome.FUZZY
    assert museum.header(answer, "Content-Location") == ["http://news.example" + captured]


@pytest.mark.parametrize(
    ("captured", "asked"),
    [
        ("/article?id=7", "/article?id=8"),
        ("/article?id=7", "/article"),
        ("/article?id=1700000001", "/article?id=1700009999"),
        ("/article?pid=1764000000000", "/article?pid=1764000000001"),
        ("/article?id=a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "/article?id=00000000-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("/map?lat=0.512736451234567", "/map?lat=0.498873645123456"),
        ("/article", "/article?page=2"),
        ("/article?v=1", "/article?v=2"),  # not a static file: v may be anything
        ("/feed?1700000001", "/feed?1700009999"),
        ("/feed?1764000000000", "/feed"),
        ("/pic.jpg?h=300", "/pic.jpg?h=600"),
        ("/pic.jpg?w=300", "/pic.jpg?w=600"),
        ("/time?t=12", "/time?t=13"),
        ("/a?ts=10", "/a?ts=11"),
        ("/a?ord=1", "/a?ord=2"),
        ("/a?timestamp=20200101", "/a?timestamp=20200102"),
        ("/a?time=2024-01-01", "/a?time=2024-01-02"),
        ("/a?time=1700000000", "/a?time=1700003600"),
        ("/search?q=2024", "/search?q=2025"),
        ("/a", "/ab?_=1"),
        ("/a?time=noon", "/a?time=midnight"),
        ("/a?_=en", "/a?_=de"),
        ("/watch?v=dQw4w9WgXcQ", "/watch?v=9bZkp7q19f0"),
        ("/a?date=2026-11-01", "/a?date=2026-11-02"),
        ("/a?date=1764000000", "/a?date=1764086400"),
        ("/page?n=5", "/page?n=6"),
        ("/map?x=10&y=20", "/map?x=11&y=20"),
        ("/a?r=north", "/a?r=south"),
        ("/diff?rev=12", "/diff?rev=13"),
        ("/doc?hash=ab12cd", "/doc?hash=ef34ab"),
        ("/a?random=yes", "/a?random=no"),
        ("/a?id=5&_=1764000000000", "/a?id=6&_=1764000000000"),
        ("/a?nc=1", "/a?nc=2"),
        ("/thread?1234567890123", "/thread?1234567890124"),
    ],
)
def test_what_may_be_another_page_is_not_answered_with_this_one(museum: Any, captured: str, asked: str) -> None:
    museum.add("http://news.example" + captured, b"it")
    assert museum.ask("http://news.example" + asked).status == 404


def test_of_versions_that_differ_none_stands_for_a_third(museum: Any) -> None:
    museum.add("http://news.example/s.css?ver=1", b"one")
    museum.add("http://news.example/s.css?ver=2", b"two")
    assert museum.ask("http://news.example/s.css?ver=3").status == 404
    assert museum.body(museum.ask("http://news.example/s.css?ver=1&_=1764000000000")) == b"one"
    museum.add("http://news.example/t.css?ver=1", b"same")
    museum.add("http://news.example/t.css?ver=2", b"same")
    assert museum.body(museum.ask("http://news.example/t.css?ver=3")) == b"same"


def test_an_exact_capture_goes_before_a_fuzzy_one(museum: Any) -> None:
    museum.add("http://news.example/api?_=1", b"one", day="2020-01-01T00:00:00Z")
    museum.add("http://news.example/api?_=2", b"two", day="2026-01-01T00:00:00Z")
    assert museum.body(museum.ask("http://news.example/api?_=1")) == b"one"
    assert museum.body(museum.ask("http://news.example/api?_=3")) == b"two"


def test_essence_keeps_what_says_something() -> None:
    assert essence(surt("http://x.example/a?b=2&_=1764000000000&a=1")) == ("a=1", "b=2")


FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.mark.parametrize("requests_first", [False, True])
def test_post_is_answered_by_its_body(museum: Any, requests_first: bool) -> None:
    museum.requests_first = requests_first
    url = "http://news.example/search"
    museum.add(url, b"the form")
    museum.add(url, b"cats", method="POST", sent=b"q=cats", sent_type=FORM)
    museum.add(url, b"dogs", method="POST", sent=b"q=dogs", sent_type=FORM)
    museum.add(url, b"json", method="POST", sent=b'{"q":{"word":"birds"},"page":1}', sent_type=JSON)
    museum.add(url, b"binary", method="POST", sent=b"\x00\xff", sent_type="application/octet-stream")
    assert museum.body(museum.ask(url)) == b"the form"
    assert museum.body(museum.ask(url, method="POST", sent=b"q=cats", Content_Type=FORM)) == b"cats"
    assert museum.body(museum.ask(url, method="POST", sent=b"q=dogs", Content_Type=FORM)) == b"dogs"
    same = b'{"page": 1, "q": {"word": "birds"}}'
    assert museum.body(museum.ask(url, method="POST", sent=same, Content_Type=JSON)) == b"json"
    octets = "application/octet-stream"
    assert museum.body(museum.ask(url, method="POST", sent=b"\x00\xff", Content_Type=octets)) == b"binary"
    assert museum.ask(url, method="POST", sent=b"q=fish", Content_Type=FORM).status == 404
    assert museum.ask(url, method="DELETE").status == 404


def test_a_time_stamp_in_a_posted_body_does_not_matter(museum: Any) -> None:
    url = "http://news.example/api"
    museum.add(url, b"it", method="POST", sent=b'{"q":"a","timestamp":1764000000000}', sent_type=JSON)
    answer = museum.ask(url, method="POST", sent=b'{"q":"a","timestamp":1764000055555}', Content_Type=JSON)
    assert museum.body(answer) == b"it"
    assert museum.ask(url, method="POST", sent=b'{"q":"b","timestamp":1764000055555}', Content_Type=JSON).status == 404


def multipart(boundary: str, word: str) -> tuple[bytes, str]:
    name = 'Content-Disposition: form-data; name="q"'
    return (
        f"--{boundary}\r\n{name}\r\n\r\n{word}\r\n--{boundary}--\r\n".encode(),
        f"multipart/form-data; boundary={boundary}",
    )


def test_the_boundary_of_a_multipart_form_does_not_matter(museum: Any) -> None:
    url = "http://news.example/form"
    body, kind = multipart("x123", "cats")
    museum.add(url, b"it", method="POST", sent=body, sent_type=kind)
    for word, status in (("cats", 200), ("dogs", 404)):
        body, kind = multipart("y456", word)
        assert museum.ask(url, method="POST", sent=body, Content_Type=kind).status == status


@pytest.mark.parametrize(
    ("kind", "body", "query"),
    [
        (FORM, b"b=2&a=x%20y+z", "a=x%20y%20z&b=2"),
        (JSON, b'{"a":{"b":1},"c":[{"b":2},"s"]}', "b.2_=2&b=1&c=s"),
        (JSON, b"{broken", ""),
        (JSON, b"[" * 100_000, ""),
        ("text/plain", b'{"a":"b"}', "a=b"),
        ("text/plain;charset=utf-8", b"words", "__wb_post_data=d29yzhm="),
        ("multipart/form-data", b"x", "__wb_post_data=ea=="),
        (FORM, b"\xff", "__wb_post_data=/w=="),
        ("", b"x", "__wb_post_data=ea=="),
    ],
)
def test_keys_of_posted_bodies(kind: str, body: bytes, query: str) -> None:
    expected = "__wb_method=post" + (f"&{query}" if query else "")
    key = request_key("POST", "http://news.example/a", kind, body)
    assert sorted(key.removeprefix("example,news)/a?").split("&")) == sorted(expected.split("&"))


@given(
    st.text(max_size=60),
    st.binary(max_size=200),
    st.sampled_from([FORM, JSON, "text/plain", "multipart/x; boundary=a", ""]),
)
def test_any_body_has_a_key(junk: str, body: bytes, kind: str) -> None:
    assert request_key("POST", "http://x.example/", kind + junk, body).startswith("example,x)/?")


def test_what_is_near_is_suggested(museum: Any) -> None:
    for path in ("", "2026/11/storm.html", "2026/11/harbour.html", "2026/10/snow.html", "logo.png"):
        museum.add(
            "http://news.example/" + path, b"x", f"Content-Type: {'image/png' if 'png' in path else 'text/html'}"
        )
    museum.add("http://other.example/", b"x", "Content-Type: text/html")
    index = museum.replay()._index
    assert nearest(index, "http://news.example/2026/11/storms.html")[0].endswith("/storm.html")
    assert nearest(index, "http://news.example/nothing/at/all")
    assert all("news.example" in url for url in nearest(index, "http://news.example/nothing/at/all"))
    assert nearest(index, "http://unknown.test/") == []
    assert pages(index)[:2] == ["http://news.example/", "http://other.example/"]
    assert not any(url.endswith("png") for url in pages(index))
