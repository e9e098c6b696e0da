"""Registered domains: what tldextract says of every rule of its list, and of hosts that follow none."""

from __future__ import annotations

import pytest
import tldextract

from broadsheet.archive import public_suffix
from broadsheet.archive.public_suffix import is_public_suffix, registered_domain

_ODD = [
    "", ".", "..com", "a..com", "com", "localhost", "example", "EXAMPLE.Co.UK", "example.co.uk.", " example.com ", "1.2.3.4",
    "2001:db8::1", "[2001:db8::1]", "[::ffff:1.2.3.4]", "a.example.com:8080", "bücher.de", "xn--bcher-kva.de", "xn--.com",
    "a.xn--55qx5d.cn", "a.公司.cn", "例え。テスト.jp", "a．b．com", "www.ck", "a.www.ck", "a.b.ck", "ck", "*.ck", "!www.ck",
    "city.kawasaki.jp", "a.b.c.kawasaki.jp", "kawasaki.jp", "x.github.io", "github.io", "a.b.compute.amazonaws.com",
    "s3.amazonaws.com", "unknown.zz-none",
]  # fmt: skip


def _in_ascii(name: str) -> str:
    labels = name.split(".")
    return ".".join(one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in labels)


@pytest.mark.parametrize("private", [False, True])
def test_it_is_what_tldextract_finds(private: bool) -> None:
    oracle = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=private)
    rules = sorted(oracle.tlds)
    assert public_suffix._rules_of_snapshot(private) == frozenset(rules)
    hosts = [*_ODD]
    for rule in rules[::7]:
        name = rule.removeprefix("!").replace("*", "any")
        hosts += [name, f"b.{name}", f"A.b.{name}", f"a.b.{_in_ascii(name)}"]
    for host in hosts:
        said = oracle(host)
        assert registered_domain(host, private=private) == (said.top_domain_under_public_suffix or None), host
        assert is_public_suffix(host, private=private) == (bool(host) and said.suffix == host), host


def test_a_version_of_tldextract_without_the_file_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_suffix, "_SNAPSHOT", "moved")
    assert public_suffix._rules_of_snapshot(private=False) == frozenset()
    public_suffix._rules.cache_clear()
    assert registered_domain("a.example.co.uk") == "example.co.uk"
    public_suffix._rules.cache_clear()
