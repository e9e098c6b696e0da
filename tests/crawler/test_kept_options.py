"""Options as JSON: kept with the crawl, told by the warcinfo record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.crawler.kept_options import KeptOptions, kept_json, recorded_json
from broadsheet.crawler.option import DeclaredOption, declared_options
from broadsheet.crawler.options import CrawlOptions, ScopeKind
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.settled_options import settle

HERE = Path("c")
# What the first version kept, before options were declared once.
FIRST_VERSION = """{"allow_private": false, "ask_all": false, "compression_level": 2, "concurrency": 2, "cookies": true,
"dedupe": true, "dedupe_min_size": 1000, "delay": 3.0, "description": null, "exclude": ["/tag/"], "extract": true,
"headers": ["Accept-Language: de"], "http_password": "secret", "http_user": "ann", "ignore_robots": false, "include": [],
"max_depth": 0, "max_pages": 0, "max_size": 64000000, "operator": "City Library", "proxy": null, "requisites": true,
"retries": 2, "scope": "domain", "seeds": ["https://blog.example.org/"], "skip_requisites": ["media"], "timeout": 60.0,
"total_concurrency": 32, "user_agent": "", "warc_size": 1000000000, "workers": 3}"""


def values(one: DeclaredOption) -> st.SearchStrategy[Any]:
    items: dict[type, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(0),
        float: st.floats(0, allow_nan=False, allow_infinity=False),
        str: st.text(),
        ScopeKind: st.sampled_from(ScopeKind),
        Kind: st.sampled_from(Kind),
    }
    item = items[one.type]
    value = st.lists(item, max_size=3).map(tuple) if one.repeatable else item
    return st.none() | value if one.optional else value


OPTIONS = st.fixed_dictionaries({one.name: values(one) for one in declared_options(CrawlOptions) if one.option.kept})


@given(OPTIONS, st.lists(st.text(), max_size=3).map(tuple))
def test_what_is_kept_reads_as_it_was(options: dict[str, Any], seeds: tuple[str, ...]) -> None:
    kept = CrawlOptions(HERE, seeds, **options)
    assert KeptOptions.parse(kept_json(kept)).options(HERE) == kept


def test_the_first_version_is_read() -> None:
    options = KeptOptions.parse(FIRST_VERSION).options(HERE)
    assert options == CrawlOptions(
        HERE,
        ("https://blog.example.org/",),
        scope=ScopeKind.DOMAIN,
        exclude=("/tag/",),
        delay=3.0,
        headers=("Accept-Language: de",),
        http_user="ann",
        http_password="secret",
        skip_requisites=(Kind.MEDIA,),
        workers=3,
        operator="City Library",
    )
    told = json.loads(FIRST_VERSION)
    del told["ask_all"]
    told["allow_private"] = []  # a switch then, a list now
    told |= {"spider": None, "keep_free": 100_000_000, "max_disk": 0}  # came later
    told |= {"contact": None, "host_settings": [], "hours": None, "max_bandwidth": 0, "reason": None}
    told |= {"since": None, "until": None, "patience": 4, "variants": False}
    assert json.loads(kept_json(options)) == told


def test_what_a_later_version_kept_stays_and_is_said() -> None:
    kept = KeptOptions.parse('{"delay": 3.0, "max_gravity": 1000, "seeds": ["https://blog.example.org/"]}')
    settled = settle(CrawlOptions(HERE), {}, kept)
    assert settled.notes() == ("Stored by another version, not followed: max_gravity.",)
    assert json.loads(kept_json(settled.options, settled.unknown))["max_gravity"] == 1000


@pytest.mark.parametrize(
    ("name", "value"),
    [("scope", "language"), ("delay", "3 s"), ("delay", True), ("max_pages", 1.5), ("exclude", "x"), ("retries", None),
     ("include", [1]), ("requisites", "yes"), ("skip_requisites", ["hologram"])],
)  # fmt: skip
def test_a_value_that_cannot_be_followed_is_named(name: str, value: Any) -> None:
    kept = KeptOptions.parse(json.dumps({name: value}))
    with pytest.raises(BadInput, match=f"--{name.replace('_', '-')}, as kept with the crawl: cannot be followed"):
        settle(CrawlOptions(HERE), {}, kept)


def test_a_value_that_cannot_be_followed_gives_way_to_one_that_is_named() -> None:
    kept = KeptOptions.parse('{"scope": "language"}')
    settled = settle(CrawlOptions(HERE, scope=ScopeKind.PREFIX), None, kept)
    assert settled.options.scope is ScopeKind.PREFIX
    assert settled.notes() == ("scope changed from language to prefix (flag).",)


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_what_is_no_json_is_said_so(text: str) -> None:
    with pytest.raises(CorruptArchive, match="are not JSON"):
        KeptOptions.parse(text)


def test_the_warcinfo_record_holds_no_secret() -> None:
    secret = "hunter2"
    options = CrawlOptions(
        HERE,
        http_user="ann",
        http_password=secret,
        headers=(f"X-Key: {secret}",),
        proxy=f"http://ann:{secret}@proxy.example:8080",
        load_cookies=f"/home/{secret}/cookies.txt",
    )
    told = recorded_json(options)
    assert secret not in told
    assert json.loads(told)["proxy"] == "proxy.example:8080"
    assert json.loads(told)["http_user"] == "ann"
    shown = json.dumps(KeptOptions.parse(kept_json(options)).shown())
    assert secret not in shown
    assert "X-Key: ***" in shown


def test_a_switch_of_the_first_version_is_a_list_now() -> None:
    told = {**json.loads(FIRST_VERSION), "allow_private": True}
    assert KeptOptions.parse(json.dumps(told)).options(Path("c")).allow_private == ("*",)
