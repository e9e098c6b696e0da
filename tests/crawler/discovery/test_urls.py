"""Which URLs count as the same, and whose they are."""

from __future__ import annotations

import pytest

from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint, host_of


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://e.com/a", "https://e.com/a"),
        ("https://e.com/a?id=1&page=2", "https://e.com/a?id=1&page=2"),
        ("https://e.com/a?b=2&a=1", "https://e.com/a?b=2&a=1"),
        ("https://e.com/a?", "https://e.com/a?"),
        ("https://e.com/a?utm_source=x&id=1&UTM_Medium=y", "https://e.com/a?id=1"),
        ("https://e.com/a?fbclid=x", "https://e.com/a"),
        ("https://e.com/a?replytocom=77", "https://e.com/a"),
        ("https://e.com/a?gclid", "https://e.com/a"),
        ("https://e.com/a?gclids=1", "https://e.com/a?gclids=1"),
        ("https://e.com/a;jsessionid=0A1B?x=1", "https://e.com/a?x=1"),
        ("https://e.com/a?PHPSESSID=abc&x=", "https://e.com/a?x="),
        ("https://e.com/A/", "https://e.com/A/"),
    ],
)
def test_dedupe_key_drops_what_only_tracks(url: str, key: str) -> None:
    assert dedupe_key(url) == key
    assert dedupe_key(key) == key


def test_fingerprint_is_sixteen_bytes_of_the_key() -> None:
    assert len(fingerprint("https://e.com/")) == 16
    assert fingerprint("https://e.com/") == fingerprint("https://e.com/")
    assert fingerprint("https://e.com/") != fingerprint("https://e.com/a")


def test_host_of_keeps_a_port_of_its_own() -> None:
    assert host_of("https://example.com/a?b=//c") == "example.com"
    assert host_of("http://127.0.0.1:8000/") == "127.0.0.1:8000"
    assert host_of("http://[::1]:8000/") == "[::1]:8000"
