"""Raw captures: their bytes are the record's payload, and nothing of them acts."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from varied_captures import HOSTILE, RUSSIAN, SITE
from warcio.archiveiterator import ArchiveIterator


def test_the_bytes_are_those_of_the_record(fetching: TestClient, varied: Path) -> None:
    """All of them, by warcio's reading of the WARC; what was packed is given packed."""
    (warc,) = (varied.parent / "warcs").glob("*.warc.gz")
    checked = 0
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type not in ("response", "revisit"):
                continue
            stamp = "".join(char for char in record.rec_headers.get_header("WARC-Date") if char.isdecimal())[:14]
            url = record.rec_headers.get_header("WARC-Target-URI")
            payload = record.content_stream().read()
            if record.rec_type == "revisit":
                payload = b"<p>there</p>"
            answer = fetching.get(f"/varied/{stamp}id_/{url}")
            assert answer.status_code == int(record.http_headers.get_statuscode()), url
            assert answer.content == payload, url
            checked += 1
    assert checked == 19


def test_a_content_coding_is_kept_and_a_false_one_is_not(fetching: TestClient) -> None:
    with fetching.stream("GET", f"/varied/20261001130000id_/{SITE}/") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        packed = b"".join(answer.iter_raw())
    assert len(packed) == int(answer.headers["content-length"])
    assert gzip.decompress(packed).startswith(b"<p>words that came packed")
    false = fetching.get(f"/varied/20261001230000id_/{SITE}/false")
    assert "content-encoding" not in false.headers
    assert false.headers["x-archive-orig-content-encoding"] == "gzip"
    assert false.content == b"not packed at all"


def test_another_second_leads_to_the_capture_closest_to_it(fetching: TestClient) -> None:
    for digits, stamp in (
        ("2", "20261001120000"),
        ("2026100113", "20261001130000"),
        ("20270101000000", "20261001140000"),
    ):
        answer = fetching.get(f"/varied/{digits}id_/{SITE}/")
        assert answer.status_code == 302
        assert f"/varied/{stamp}id_/" in answer.headers["location"]
        assert "memento-datetime" not in answer.headers
    assert fetching.get(f"/varied/20269999999999id_/{SITE}/").status_code == 404
    assert fetching.get("/varied/20261001120000id_/http://never.example/").status_code == 404
    assert fetching.get(f"/nobody/20261001120000id_/{SITE}/").status_code == 404


def test_a_redirect_leads_to_the_capture_of_its_target(fetching: TestClient) -> None:
    moved = fetching.get(f"/varied/20261001160000id_/{SITE}/moved")
    assert moved.status_code == 301
    assert moved.headers["location"] == f"http://127.0.0.1:8901/varied/20261001160000id_/{SITE}/there?b=2&a=1"
    elsewhere = fetching.get(f"/varied/20261002040000id_/{SITE}/elsewhere")
    assert elsewhere.status_code == 302
    assert "location" not in elsewhere.headers
    assert elsewhere.headers["x-archive-orig-location"] == "javascript:alert(1)"


def test_head_says_what_get_would(fetching: TestClient) -> None:
    path = f"/varied/20261001120000id_/{SITE}/"
    head, whole = fetching.head(path), fetching.get(path)
    assert head.content == b""
    assert head.headers == whole.headers
    assert whole.content == RUSSIAN.encode("cp1251")


def test_captured_headers_are_told_and_do_nothing(fetching: TestClient) -> None:
    headers = fetching.get(f"/varied/20261001200000id_/{SITE}/hostile.html").headers
    assert headers["x-archive-orig-set-cookie"] == "session=1; Path=/"
    assert headers["x-archive-orig-memento-datetime"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert headers["memento-datetime"] == "Thu, 01 Oct 2026 20:00:00 GMT"
    for name in ("set-cookie", "refresh", "access-control-allow-origin", "clear-site-data", "sourcemap"):
        assert name not in headers
    assert "evil.example" not in headers["link"]
    many = fetching.get(f"/varied/20261002000000id_/{SITE}/many").headers
    assert len(many) < 100  # Python's http.client takes no more
    assert many["x-archive-orig-x-number-7"] == "7"


@pytest.mark.parametrize(("hour", "path"), [(20, "hostile.html"), (21, "hostile.svg"), (22, "script.js")])
def test_a_browser_is_given_nothing_to_show_or_run(fetching: TestClient, hour: int, path: str) -> None:
    answer = fetching.get(f"/varied/20261001{hour}0000id_/{SITE}/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_raw_captures_are_never_on_the_origin_of_our_pages(asking: TestClient) -> None:
    """Else a script among them would be a script of ours to our own policy."""
    for target in ("/varied/20261001220000id_/", "/varied/20261001220000/", "/varied/2026id_/"):
        answer = asking.get(f"{target}{SITE}/script.js")
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert "alert(1)" not in answer.text


def test_a_page_in_any_encoding_is_shown_in_the_one_that_the_header_says(fetching: TestClient) -> None:
    answer = fetching.get(f"/varied/20261001120000/{SITE}/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Старый маяк" in answer.content.decode()


def test_a_hostile_page_is_shown_without_what_acts(fetching: TestClient) -> None:
    answer = fetching.get(f"/varied/20261001200000/{SITE}/hostile.html")
    shown = answer.text.lower()
    assert "words of the page" in shown
    for what in (
        "<script src",
        "onload",
        "onerror",
        "javascript:",
        "srcdoc",
        "preconnect",
        "dns-prefetch",
        "http-equiv",
        "action=",
    ):
        assert what in HOSTILE.lower()
        assert what not in shown, what
    assert '="http://evil.example' not in shown
    assert '="http://127.0.0.1:1' not in shown
    assert "(http://evil.example" not in shown
    for name in ("set-cookie", "refresh", "clear-site-data", "access-control-allow-origin"):
        assert name not in answer.headers
    assert "evil.example" not in answer.headers["link"]
    assert "script-src 'none'" in answer.headers["content-security-policy"]
