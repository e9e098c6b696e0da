"""Whole Requests survive JSON, and what is no plain data is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import FormRequest, Request, Spider
from scrapy.http import JsonRequest

from broadsheet.crawler.scrapy_project.request_values import NotKept, request_json, request_of

_plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
_keys = st.text() | st.integers() | st.binary()
_values = st.recursive(
    _plain, lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(_keys, inner), max_leaves=12
)


def _no_method(response: Any) -> None: ...


class Named(Spider):
    name = "named"

    def parse(self, response: Any) -> None: ...

    def other(self, response: Any) -> None: ...


@given(st.dictionaries(st.text(), _values, max_size=4), st.binary(), st.integers(-5, 5))
def test_meta_keywords_body_and_priority_come_back_as_they_were(
    values: dict[str, Any], body: bytes, priority: int
) -> None:
    spider = Named()
    meta = {key: value for key, value in values.items() if not key.startswith("broadsheet_")}
    request = Request(
        "http://a.example/", spider.other, "PATCH", body=body, meta=meta, cb_kwargs=values, priority=priority
    )
    again = request_of(request_json(request, spider), spider)
    assert (again.meta, again.cb_kwargs, again.body, again.priority) == (meta, values, body, priority)
    assert (again.url, again.method, again.callback) == (request.url, "PATCH", spider.other)


def test_headers_cookies_and_the_class_come_back() -> None:
    spider = Named()
    form = FormRequest("http://a.example/", formdata={"a": "ü"}, cookies={"x": "1"}, errback=spider.other)
    form.headers.appendlist("X-Two", "1")
    form.headers.appendlist("X-Two", "2")
    again = request_of(request_json(form, spider), spider)
    assert type(again) is FormRequest
    assert again.headers == form.headers
    assert (again.body, again.cookies, again.errback) == (form.body, {"x": "1"}, spider.other)
    posted = JsonRequest("http://a.example/", data={"a": 1})
    assert request_of(request_json(posted, spider), spider).body == posted.body


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request("http://a.example/", _no_method), "no method of the spider"),
        (Request("http://a.example/", meta={"a": [1, object()]}), r"meta\['a'\]\[1\] holds a object"),
        (Request("http://a.example/", cb_kwargs={"item": Named}), r"cb_kwargs\['item'\] holds a type"),
    ],
)
def test_what_another_process_could_not_make_is_refused(request_: Request, said: str) -> None:
    with pytest.raises(NotKept, match=said):
        request_json(request_, Named())


def test_a_callback_that_is_gone_is_said() -> None:
    spider = Named()
    values = json.loads(request_json(Request("http://a.example/", spider.other), spider))
    values["callback"] = "renamed"
    with pytest.raises(NotKept, match="the spider has changed"):
        request_of(json.dumps(values), spider)
