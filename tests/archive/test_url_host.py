"""Host and port of a URL, as browsers read and write them."""

from __future__ import annotations

import pytest

from broadsheet.archive.url_host import parse_authority


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        ("User:pass@News.Example:80", "news.example"),
        ("news.example:", "news.example"),
        ("news.example:0443", "news.example:443"),
        ("news.example.:8080", "news.example.:8080"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("ＮＥＷＳ。example", "news.example"),
        ("b%C3%BCcher.example", "xn--bcher-kva.example"),
        ("127.1", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("[2001:DB8:0:0:1:0:0:0]", "[2001:db8:0:0:1::]"),
        ("[::FFFF:1.2.3.4]:81", "[::ffff:102:304]:81"),
        ("[0:0::0]", "[::]"),
    ],
)
def test_a_host_has_one_spelling(authority: str, host: str) -> None:
    assert parse_authority(authority, "http") == host


def test_only_the_schemes_own_port_is_left_out() -> None:
    assert parse_authority("a.example:443", "https") == "a.example"
    assert parse_authority("a.example:443", "http") == "a.example:443"


@pytest.mark.parametrize(
    "authority",
    [
        "",
        "a b.example",
        "a..example",
        "a.example:65536",
        "a.example:8o",
        "256.1.1.1",
        "1.2.3.4.5",
        "09.1.1.1",
        "[::1",
        "[fe80::1%eth0]",
        "[1::2::3]",
        "xn--a.example",
        f"{'a' * 64}.example",
        ".".join(["abcdefghi"] * 30),
    ],
)
def test_what_no_resolver_could_look_up_is_no_host(authority: str) -> None:
    assert parse_authority(authority, "http") is None
