"""What of a spider's Request a crawl can keep."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request, Spider

from broadsheet.crawler.spider_requests import unkept, wants_more


class Plain(Spider):
    name = "plain"

    def parse(self, _: Any) -> None:
        pass

    def other(self, _: Any) -> None:
        pass


@pytest.mark.parametrize(
    ("extra", "lost"),
    [
        ({}, ()),
        ({"dont_filter": True}, ()),
        ({"meta": {"page": 1}, "cb_kwargs": {"n": 2}, "callback": print}, ()),
        ({"method": "POST", "body": b"q=1"}, ("a method other than GET", "a body")),
        ({"headers": {"X-Token": "abc"}}, ("headers of its own",)),
        ({"cookies": {"a": "b"}}, ("cookies of its own",)),
        ({"errback": print}, ("an errback",)),
    ],
)
def test_what_a_crawl_would_lose(extra: dict[str, Any], lost: tuple[str, ...]) -> None:
    assert unkept(Request("http://a.example/", **extra)) == lost


def test_the_spiders_own_parse_is_nothing_more_than_a_url() -> None:
    spider = Plain()
    assert not wants_more(Request("http://a.example/", callback=spider.parse), {}, spider)
    assert wants_more(Request("http://a.example/", callback=spider.other), {}, spider)
