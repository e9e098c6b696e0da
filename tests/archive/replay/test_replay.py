"""The answer made of a capture: ranges, codings, HEAD, revisits, headers, and 404 for all else."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import brotli
import pytest

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.replay import captured_response
from broadsheet.archive.replay.response import ReplayOutcome

A = "http://news.example/a"
LATER = "2026-12-01T10:00:00Z"


def test_headers_are_as_captured_but_for_the_connection_and_what_binds_the_browser(museum: Any) -> None:
    museum.add(
        A,
        b"5\r\nhello\r\n0\r\n\r\n",
        "Content-Type: text/html; charset=gbk",
        "X-Odd:  two  spaces ",
        "set-cookie: a=1",
        "Set-Cookie: b=2",
        "Transfer-Encoding: chunked",
        "Connection: keep-alive, X-Hop",
        "X-Hop: 1",
        "Strict-Transport-Security: max-age=31536000",
        'Alt-Svc: h3=":443"',
        "Report-To: {}",
        "Bad Name: 1",
    )
    answer = museum.ask(A)
    assert (answer.status, museum.body(answer), answer.length) == (200, b"hello", 5)
    names = [name for name, _ in answer.headers]
    assert names[:4] == ["Content-Type", "X-Odd", "set-cookie", "Set-Cookie"]
    assert museum.header(answer, "X-Odd") == ["two  spaces"]
    lower = {name.lower() for name in names}
    gone = {"transfer-encoding", "connection", "x-hop", "strict-transport-security", "alt-svc", "report-to", "bad name"}
    assert not lower & gone
    assert {"x-archive-orig-strict-transport-security", "x-archive-orig-alt-svc"} <= lower


def test_a_coded_payload_goes_as_it_is_to_who_takes_it_and_decoded_to_others(museum: Any) -> None:
    page = b"<p>hello</p>" * 100
    museum.add(A, gzip.compress(page), "Content-Encoding: gzip", "Content-Type: text/html")
    museum.add("http://news.example/b", brotli.compress(page), "Content-Encoding: br")
    coded = museum.ask(A, Accept_Encoding="gzip, deflate, br")
    assert gzip.decompress(museum.body(coded)) == page
    assert museum.header(coded, "Content-Encoding") == ["gzip"]
    for accepted in ("identity", "gzip;q=0, *;q=0", ""):
        plain = museum.ask(A, Accept_Encoding=accepted)
        assert (museum.body(plain), museum.header(plain, "Content-Encoding")) == (page, [])
    assert museum.body(museum.ask("http://news.example/b", Accept_Encoding="gzip")) == page
    museum.add("http://news.example/c", gzip.compress(page), "Content-Encoding: gzip", "Content-Encoding: gzip")
    twice = museum.ask("http://news.example/c", Accept_Encoding="gzip")
    assert (museum.body(twice), museum.header(twice, "Content-Encoding")) == (page, [])
    museum.add("http://news.example/d", page, "Content-Encoding: gzip")
    decoded = museum.ask("http://news.example/d", Accept_Encoding="gzip")
    assert (museum.body(decoded), museum.header(decoded, "Content-Encoding")) == (page, [])
    assert brotli.decompress(museum.body(museum.ask("http://news.example/b", Accept_Encoding="br"))) == page


def test_a_coding_that_is_only_said_is_left_out(museum: Any) -> None:
    museum.add(A, b"<p>stored decoded</p>", "Content-Encoding: gzip")
    answer = museum.ask(A, Accept_Encoding="gzip")
    assert (museum.body(answer), museum.header(answer, "Content-Encoding")) == (b"<p>stored decoded</p>", [])


@pytest.mark.parametrize(
    ("asked", "status", "body", "said"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=0-999", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=1-2,4-5", 200, b"0123456789", None),
        ("bytes=5-2", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_ranges_of_a_whole_answer(museum: Any, asked: str, status: int, body: bytes, said: str | None) -> None:
    museum.add(A, b"0123456789", "Content-Type: video/mp4", 'ETag: "v1"')
    answer = museum.ask(A, Range=asked)
    assert (answer.status, museum.body(answer)) == (status, body)
    assert museum.header(answer, "Content-Range") == ([said] if said else [])
    assert answer.length == len(body)


def test_if_range_must_name_this_very_capture(museum: Any) -> None:
    museum.add(A, b"0123456789", 'ETag: "v1"')
    assert museum.ask(A, Range="bytes=1-2", If_Range='"v1"').status == 206
    assert museum.ask(A, Range="bytes=1-2", If_Range='"v2"').status == 200


def test_a_range_is_of_what_the_client_gets(museum: Any) -> None:
    museum.add(A, gzip.compress(b"0123456789"), "Content-Encoding: gzip")
    assert museum.body(museum.ask(A, Range="bytes=2-4", Accept_Encoding="identity;q=1, *;q=0")) == b"234"


def test_captured_ranges_answer_and_join(museum: Any) -> None:
    for start, end in ((0, 4), (4, 8), (8, 10)):
        part = b"0123456789"[start:end]
        museum.add(A, part, f"Content-Range: bytes {start}-{end - 1}/10", 'ETag: "v"', status="206 Partial Content")
    answer = museum.ask(A, Range="bytes=3-8")
    assert (answer.status, museum.body(answer)) == (206, b"345678")
    assert museum.header(answer, "Content-Range") == ["bytes 3-8/10"]
    whole = museum.ask(A)
    assert (whole.status, museum.body(whole), museum.header(whole, "Content-Range")) == (200, b"0123456789", [])


def test_a_gap_between_parts_ends_the_answer_and_what_is_not_there_is_said(museum: Any) -> None:
    museum.add(A, b"0123", "Content-Range: bytes 0-3/10", status="206 Partial Content")
    museum.add(A, b"89", "Content-Range: bytes 8-9/10", status="206 Partial Content")
    museum.add(A, b"XX", "Content-Range: bytes 4-5/99", status="206 Partial Content")  # of another file
    answer = museum.ask(A, Range="bytes=2-")
    assert (museum.body(answer), museum.header(answer, "Content-Range")) == (b"23", ["bytes 2-3/10"])
    missing = museum.ask(A, Range="bytes=5-")
    assert (missing.status, missing.outcome) == (404, ReplayOutcome.UNUSABLE)
    assert museum.ask(A).status == 404
    assert b"only ranges of it" in museum.body(museum.ask(A))


def test_head_conditions_and_empty_answers(museum: Any) -> None:
    museum.add(A, b"0123456789", 'ETag: "v1"')
    museum.add("http://news.example/none", b"", status="204 No Content")
    head = museum.ask(A, method="HEAD")
    assert (head.status, head.length, museum.body(head)) == (200, 10, b"")
    assert museum.body(museum.ask(A, If_None_Match='"v1"')) == b"0123456789"
    assert museum.ask("http://news.example/none").length is None


def test_a_head_request_is_no_capture_of_the_page(museum: Any) -> None:
    museum.add(A, b"", "Content-Type: text/odd", method="HEAD")
    assert museum.ask(A).status == 404
    assert museum.header(museum.ask(A, method="HEAD"), "Content-Type") == ["text/odd"]


def test_a_cookie_wall_is_passed_and_answers_of_a_proxy_are_not_shown(museum: Any) -> None:
    museum.add(A, b"page", day="2026-01-01T00:00:00Z")
    museum.add(A, b"", "Location: /a", "Set-Cookie: seen=1", day=LATER, status="302 Found")
    museum.add(A, b"", day=LATER, status="407 Proxy Authentication Required")
    museum.add("http://news.example/form", b"", "Location: /form", status="303 See Other", method="POST")
    assert museum.body(museum.ask(A)) == b"page"
    assert museum.ask("http://news.example/form", method="POST").status == 303


def test_a_warc_that_is_gone_is_said(museum: Any) -> None:
    from broadsheet.archive.replay.request import ReplayRequest

    museum.add(A, b"page")
    replay = museum.replay()
    museum.path.unlink()
    answer = replay.answer(ReplayRequest("GET", A))
    assert (answer.status, answer.outcome) == (404, ReplayOutcome.UNUSABLE)
    assert b"No such file" in museum.body(answer)


def test_an_identical_revisit_has_its_own_head_and_the_payload_it_refers_to(museum: Any) -> None:
    museum.add(A, b"the text", "X-When: first")
    museum.record(
        "revisit",
        A,
        b"HTTP/1.1 200 OK\r\nX-When: later\r\nContent-Length: 8\r\n\r\n",
        LATER,
        WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        WARC_Payload_Digest=labelled_digest(b"the text"),
        WARC_Refers_To_Target_URI=A,
        WARC_Refers_To_Date="2026-11-24T10:00:00Z",
    )
    answer = museum.ask(A)
    assert (museum.body(answer), museum.header(answer, "X-When")) == (b"the text", ["later"])
    assert museum.header(answer, "Memento-Datetime") == ["Tue, 01 Dec 2026 10:00:00 GMT"]


def test_a_revisit_of_another_address_and_one_without_references(museum: Any) -> None:
    museum.add("http://cdn.example/logo", b"logo", day="2020-01-01T00:00:00Z")
    museum.add(A, b"old", day="2020-01-01T00:00:00Z")
    museum.add(A, b"text", day="2021-01-01T00:00:00Z")
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    museum.record(
        "revisit",
        "http://news.example/logo",
        head,
        WARC_Profile=profile,
        WARC_Payload_Digest=labelled_digest(b"logo"),
        WARC_Refers_To_Target_URI="http://cdn.example/logo",
        WARC_Refers_To_Date="2020-01-01T00:00:00Z",
    )
    museum.record("revisit", A, head, WARC_Profile=profile, WARC_Payload_Digest=labelled_digest(b"old"))
    assert museum.body(museum.ask("http://news.example/logo")) == b"logo"
    assert museum.body(museum.ask(A)) == b"old"


def test_a_capture_whose_digest_contradicts_the_revisits_is_not_its_original(museum: Any) -> None:
    """Whatever names it: URI and date here; digests of two algorithms contradict nothing."""
    museum.add(A, b"another", day="2020-01-01T00:00:00Z")
    for name, digest in (("b", labelled_digest(b"text")), ("c", labelled_digest(b"another", "sha256"))):
        museum.record(
            "revisit",
            f"http://news.example/{name}",
            b"HTTP/1.1 200 OK\r\n\r\n",
            WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
            WARC_Payload_Digest=digest,
            WARC_Refers_To_Target_URI=A,
            WARC_Refers_To_Date="2020-01-01T00:00:00Z",
        )
    assert museum.ask("http://news.example/b").status == 404
    assert museum.body(museum.ask("http://news.example/c")) == b"another"


def test_not_modified_gives_the_answer_it_stands_for(museum: Any) -> None:
    museum.add(A, b"text", 'ETag: "v"', day="2026-01-01T00:00:00Z")
    museum.record(
        "revisit",
        A,
        b'HTTP/1.1 304 Not Modified\r\nETag: "v"\r\n\r\n',
        WARC_Profile="http://netpreserve.org/warc/1.1/revisit/server-not-modified",
        WARC_Refers_To_Target_URI=A,
        WARC_Refers_To_Date="2026-01-01T00:00:00Z",
    )
    answer = museum.ask(A)
    assert (answer.status, museum.body(answer)) == (200, b"text")


def test_a_revisit_of_nothing_gives_way_to_another_capture_or_says_so(museum: Any) -> None:
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    for url in (A, "http://news.example/b"):
        fields = {"WARC_Profile": profile, "WARC_Payload_Digest": labelled_digest(b"lost")}
        museum.record("revisit", url, b"HTTP/1.1 200 OK\r\n\r\n", LATER, **fields)
    museum.add(A, b"other")
    assert museum.body(museum.ask(A)) == b"other"
    answer = museum.ask("http://news.example/b")
    assert (answer.status, answer.outcome) == (404, ReplayOutcome.UNUSABLE)
    assert b"nothing had changed" in museum.body(answer)


def test_a_plain_304_gives_way(museum: Any) -> None:
    museum.add(A, b"text")
    museum.add(A, b"", day=LATER, status="304 Not Modified")
    assert museum.body(museum.ask(A)) == b"text"


def test_a_damaged_record_gives_way_and_is_named_when_it_is_the_only_one(museum: Any) -> None:
    museum.add(A, b"older", day="2020-01-01T00:00:00Z")
    start = museum.path.stat().st_size
    museum.add(A, b"newer" * 50)
    museum.add("http://news.example/b", b"x")
    replay = museum.replay()
    data = bytearray(museum.path.read_bytes())
    data[start + 60] ^= 0xFF
    museum.path.write_bytes(data)
    from broadsheet.archive.replay.request import ReplayRequest

    assert b"".join(replay.answer(ReplayRequest("GET", A)).body()) == b"older"
    museum.path.write_bytes(data[:start])
    gone = replay.answer(ReplayRequest("GET", "http://news.example/b"))
    assert (gone.status, gone.outcome) == (404, ReplayOutcome.UNUSABLE)


def test_large_payloads_are_spooled_and_ranges_read_from_there(museum: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captured_response, "_IN_MEMORY", 1000)
    content = bytes(range(256)) * 400
    chunked = b"".join(
        b"%x;q=1\r\n%b\r\n" % (len(content[i : i + 700]), content[i : i + 700]) for i in range(0, len(content), 700)
    )
    museum.add(A, chunked + b"0\r\nTrailer: 1\r\n\r\n", "Transfer-Encoding: chunked")
    museum.add("http://news.example/b", content, f"Content-Length: {len(content)}")
    museum.add("http://news.example/c", content, "Transfer-Encoding: chunked")  # said, not so
    for path in "abc":
        answer = museum.ask(f"http://news.example/{path}")
        assert answer.payload.file is not None
        assert museum.body(answer) == content
    part = museum.ask(A, Range="bytes=70000-70009")
    assert museum.body(part) == content[70000:70010]


def test_resource_records_are_served_as_they_are(museum: Any) -> None:
    museum.record("resource", A, b"<p>made</p>", Content_Type="text/html")
    answer = museum.ask(A)
    assert (answer.status, museum.body(answer)) == (200, b"<p>made</p>")
    assert museum.header(answer, "Content-Type") == ["text/html"]


def test_leave_across_origins_is_given_where_the_capture_says_nothing(museum: Any) -> None:
    origin = "http://news.example"
    museum.add("http://cdn.example/font", b"f")
    museum.add("http://cdn.example/open", b"f", "Access-Control-Allow-Origin: *")
    museum.add("http://cdn.example/varies", b"f", "Access-Control-Allow-Origin: http://x.example", "Vary: Origin")
    museum.add("http://cdn.example/closed", b"f", "Access-Control-Allow-Origin: http://x.example")
    said = {
        path: museum.header(museum.ask(f"http://cdn.example/{path}", Origin=origin), "Access-Control-Allow-Origin")
        for path in ("font", "open", "varies", "closed")
    }
    assert said["font"] == [origin]
    assert said["open"] == ["*"]
    assert said["varies"] == [origin]
    assert said["closed"] == ["http://x.example"]
    assert museum.header(museum.ask("http://cdn.example/font"), "Access-Control-Allow-Origin") == []


def test_a_preflight_is_granted_for_what_was_captured_only(museum: Any) -> None:
    museum.add("http://api.example/q?x=1", b"{}")
    ask = {
        "Access_Control_Request_Method": "GET",
        "Origin": "http://a.example",
        "Access_Control_Request_Headers": "x-a",
    }
    granted = museum.ask("http://api.example/q?x=1", method="OPTIONS", **ask)
    assert granted.status == 200
    assert museum.header(granted, "Access-Control-Allow-Headers") == ["x-a"]
    assert museum.ask("http://api.example/quiz", method="OPTIONS", **ask).status == 404


def test_what_is_missing_is_explained_to_people_and_short_for_machines(museum: Any) -> None:
    museum.add("http://news.example/story/one.html", b"x", "Content-Type: text/html")
    page = museum.ask("http://news.example/story/<two>.html", Accept="text/html,*/*", Sec_Fetch_Dest="document")
    text = museum.body(page).decode()
    assert (page.status, page.outcome) == (404, ReplayOutcome.MISSING)
    assert "Not in this archive" in text
    assert "story/one.html" in text
    assert "<two>" not in text
    image = museum.ask("http://news.example/x.png", Accept="text/html", Sec_Fetch_Dest="image")
    assert museum.header(image, "Content-Type") == ["text/plain; charset=utf-8"]
    assert museum.body(museum.ask("http://news.example/x", method="HEAD")) == b""


def test_several_archives_answer_as_one(museum: Any, tmp_path: Path) -> None:
    museum.add(A, b"here", day="2020-01-01T00:00:00Z")
    (tmp_path / "other").mkdir()
    other = type(museum)(tmp_path / "other")
    other.add(A, b"there")  # in a file of the same name
    from broadsheet.archive.replay.request import ReplayRequest

    replay = museum.replay(None, other.path)
    assert b"".join(replay.answer(ReplayRequest("GET", A)).body()) == b"there"
