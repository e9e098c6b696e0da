"""The bytes of a request: as the caller says, nothing re-quoted, nothing added behind its back."""

from __future__ import annotations

from typing import Any

import pytest

from broadsheet.crawler.client.request import CaptureRequest, Target, request_bytes


def sent(url: str, **options: Any) -> bytes:
    target = Target.of(url)
    assert target is not None
    return request_bytes(CaptureRequest(url, **options), target)


@pytest.mark.parametrize(
    ("url", "line", "host"),
    [
        ("http://a.example", b"GET / HTTP/1.1", b"a.example"),
        ("http://a.example?q=1#top", b"GET /?q=1 HTTP/1.1", b"a.example"),
        ("http://A.Example:80/%7e/%C3%a4?x=[1]|{2}&&", b"GET /%7e/%C3%a4?x=[1]|{2}&& HTTP/1.1", b"A.Example:80"),
        ("http://a.example//two///three/../x", b"GET //two///three/../x HTTP/1.1", b"a.example"),
        ("http://a.example/%zz%", b"GET /%zz% HTTP/1.1", b"a.example"),
        ("https://[2001:DB8::1]:8443/", b"GET / HTTP/1.1", b"[2001:DB8::1]:8443"),
        ("https://xn--bcher-kva.example/", b"GET / HTTP/1.1", b"xn--bcher-kva.example"),
    ],
)
def test_the_url_is_sent_verbatim(url: str, line: bytes, host: bytes) -> None:
    assert sent(url) == line + b"\r\nHost: " + host + b"\r\n\r\n"


def test_headers_keep_order_case_and_bytes() -> None:
    headers = (("b-B", "2"), ("A", "  1 "), ("b-B", "Caf\xe9"), (b"X", b"\xff\x00"))
    expected = b"Host: a.example\r\nb-B: 2\r\nA:   1 \r\nb-B: Caf\xe9\r\nX: \xff\x00\r\n\r\n"
    assert sent("http://a.example/", headers=headers) == b"GET / HTTP/1.1\r\n" + expected


def test_a_body_has_its_length_and_nothing_is_said_twice() -> None:
    assert sent("http://a/", method="POST", body=b"x=1").endswith(b"Content-Length: 3\r\n\r\nx=1")
    assert sent("http://a/", method="POST").endswith(b"Content-Length: 0\r\n\r\n")
    headers = (("HOST", "b"), ("content-length", "3"))
    expected = b"PUT / HTTP/1.1\r\nHOST: b\r\ncontent-length: 3\r\n\r\nabc"
    assert sent("http://a/", method="PUT", headers=headers, body=b"abc") == expected


@pytest.mark.parametrize(
    "url",
    ["", "a", "ftp://a/", "http://", "http:///x", "http://a b/", "http://a/\n", "http://ü.example/", "http://a/ü", "http://a:0/",
     "http://a:99999/", "http://a:x/", "http://u:p@a/", "http://[::1/", "http:a//b", "http:/a//b"],
)  # fmt: skip
def test_a_url_that_cannot_be_sent_as_it_is(url: str) -> None:
    assert Target.of(url) is None


@pytest.mark.parametrize(
    "options", [{"headers": (("A", "b\r\nC: d"),)}, {"headers": ((b"A\n", b""),)}, {"method": "GET /x"}, {"method": ""}]
)
def test_a_request_cannot_hold_another(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        CaptureRequest("http://a/", **options)
