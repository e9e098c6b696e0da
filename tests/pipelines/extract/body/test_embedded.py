"""Bodies that a page holds and does not show: in markup for other browsers, and in the state of its script."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.body.embedded.app_state import state_body
from broadsheet.pipelines.extract.body.embedded.paragraphs import paragraphs
from broadsheet.pipelines.extract.extraction import ArticleColumns, PageRecord
from broadsheet.pipelines.extract.page.page import parse_html

TITLE = "The quay of the old harbour is closed"
LINES = [f"The quay of the {n}th basin was closed on Monday, the harbour said, & will stay so." for n in range(8)]
TEXT = "\n\n".join(LINES)
MARKUP = "".join(f"<p>{escape(one)}</p>" for one in LINES)
OTHER = "".join(f"<p>Ferry number {n} is late again, as its captain told us.</p>" for n in range(40))


def article_of(inside: str, head: str = "") -> ArticleColumns:
    page = f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{inside}<p>Please wait.</p></body></html>"
    record = PageRecord("http://daily.example/2026/quay.html", datetime(2026, 4, 1, tzinfo=UTC), (), page.encode())
    return ArticleExtractor().extract(record).article


@pytest.mark.parametrize(
    "inside",
    [
        f"<noscript>{MARKUP}</noscript>",
        f"<template><article>{MARKUP}<figure><figcaption>{LINES[0]}</figcaption></figure></article></template>",
        f'<script type="text/template">{MARKUP}<div class="caption">A picture. Of a quay.</div></script>',
        f'<script type="text/x-handlebars-template"><div>{MARKUP}<a href="/x">{LINES[1]}</a></div></script>',
    ],
)
def test_markup_for_browsers_without_scripts_is_read(inside: str) -> None:
    article = article_of(inside)
    assert (article.status, article.page_type, article.text) == ("ok", "article", TEXT)
    assert article.text_embedded


@pytest.mark.parametrize(
    "inside",
    [
        "<noscript>Please enable JavaScript to go on. " + "It is needed. " * 40 + "</noscript>",
        "<noscript>" + "".join(f'<a href="/{n}">Read the story number {n} of the harbour.</a> ' for n in range(40)) + "</noscript>",
        f"<noscript>{MARKUP[:300]}</noscript>",
    ],
)  # fmt: skip
def test_notices_lists_of_links_and_short_texts_are_no_articles(inside: str) -> None:
    article = article_of(inside)
    assert (article.text_embedded, article.status) == (False, "empty")


PROSE_MIRROR = {
    "type": "doc",
    "content": [
        {
            "type": "paragraph",
            "content": [{"type": "text", "text": one[:9]}, {"type": "text", "marks": [1], "text": one[9:]}],
        }
        for one in LINES
    ],
}
SHAPES: list[object] = [
    {"title": TITLE, "body": MARKUP},
    {"title": TITLE, "contentHtml": MARKUP, "related": [{"title": "Ferries are late all over again", "body": OTHER}]},
    {"headline": escape(TITLE), "meta": {"x": 1}, "text": TEXT},
    {"seo": {"title": TITLE}, "article": {"blocks": [{"key": "a", "text": one, "type": "unstyled"} for one in LINES]}},
    {"headlines": {"basic": TITLE}, "content_elements": [{"type": "text", "content": escape(one)} for one in LINES]},
    {"fields": {"title": TITLE, "body": PROSE_MIRROR}},
    {"title": TITLE, "value": [{"type": "p", "children": [{"text": one[:5]}, {"text": one[5:]}]} for one in LINES]},
    [{"id": 1, "title": "Ferries are late all over again", "body": OTHER}, {"id": 2, "title": TITLE, "body": MARKUP}],
]
WAYS = [
    '<script id="__NEXT_DATA__" type="application/json">{}</script>',
    '<script>window.__STATE__ = {}; window.other = {{"a": 1}};</script>',
    '<script>window["q"] = window["q"] || []; window["q"].push({});</script>',
    "<div id=app data-props='{}'></div>",
    "<script>var s = JSON.parse({});</script>",
]


@pytest.mark.parametrize("way", WAYS, ids=["json", "assigned", "pushed", "attribute", "parsed"])
@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_the_state_of_a_script_is_read_by_the_page_s_title(shape: int, way: str) -> None:
    state = json.dumps({"props": {"page": SHAPES[shape]}}).replace("<", "\\u003c").replace("'", "\\u0027")
    if "JSON.parse" in way:
        state = json.dumps(state)
    article = article_of(way.format(state))
    assert (article.status, article.text) == ("ok", TEXT)
    assert article.text_embedded


def element(tag: str, *children: object, **properties: object) -> list[object]:
    return ["$", tag, None, {**properties, "children": children[0] if len(children) == 1 else list(children)}]


def pushed(*pieces: str) -> str:
    begin = "<script>(self.__next_f=self.__next_f||[]).push([0])</script>"
    return begin + "".join(f"<script>self.__next_f.push({json.dumps([1, one])})</script>" for one in pieces)


def script_string(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003C").replace("/", "\\u002F")


DRAWN = element("main", element("article", element("h1", TITLE), *(element("p", one) for one in LINES)))
ROOT = {"b": "x", "f": [[["", {}], element("body", element("a", "Home", href="/"), "$L7", element("p", "Imprint"))]]}
FLIGHT = f"0:{json.dumps(ROOT)}\n7:{json.dumps(DRAWN)}\n"
TEXT_ROW = f"3:T{len(MARKUP.encode()):x},{MARKUP}"
GIVEN = '2:I["12",[],"Article"]\n0:' + json.dumps(element("$L2", "", article={"title": TITLE, "html": "$3"}))
RAW = "0:" + json.dumps(
    element("main", element("h1", TITLE), ["$", "div", None, {"dangerouslySetInnerHTML": {"__html": "$3"}}])
)
BLOCKS = [["ShallowReactive", 1], {"data": 2, "none": -1}, ["Map", 5, 3], {"title": 5, "blocks": 6, "date": 7}, 0, TITLE,
          [*range(8, 16)], ["Date", "2024-08-12"], *({"text": n, "type": 24} for n in range(16, 24)), *LINES, "p"]  # fmt: skip
POST = f"title:{script_string(TITLE)},body:{script_string(MARKUP)}"
ASSIGNED = f"a.title={script_string(TITLE)};a.body={script_string(MARKUP)};a.tags=[b,,c];"


@pytest.mark.parametrize(
    "inside",
    [
        pushed(FLIGHT),
        pushed(*(FLIGHT[at : at + 97] for at in range(0, len(FLIGHT), 97))),
        pushed(GIVEN + "\n" + TEXT_ROW),
        pushed(RAW + "\n" + TEXT_ROW + '4:["$","p",null,{}]\n'),
        f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(BLOCKS)}</script>',
        f"<script>window.__NUXT__={{layout:'default',data:[{{post:{{{POST}}}}}],ok:!0}}</script>",
        f"<script>window.__NUXT__=(function(a,b,c){{{ASSIGNED}return {{data:[{{post:a,'x-y':-1.5e3,n:void 0}}],at:new Date(12)}}}}"
        "({},'x',Array(2)));</script>",
        f"<script>kit.start(app, element, {{data: [null,{{type:`data`,data:{{post:{{{POST}}}}},uses:{{}}}}]}});</script>",
    ],
    ids=[
        "flight",
        "flight in pieces",
        "flight data",
        "flight markup",
        "nuxt 3",
        "nuxt 2",
        "nuxt 2 function",
        "sveltekit",
    ],
)
def test_the_payloads_of_frameworks_are_read(inside: str) -> None:
    article = article_of(inside)
    assert (article.status, article.text, article.text_embedded) == ("ok", TEXT, True)


def test_the_state_of_other_articles_is_nobody_s() -> None:
    state = {"articles": [{"title": "Ferries are late all over again", "body": OTHER}], "site": {"title": "Home"}}
    article = article_of(f'<script type="application/json">{json.dumps(state)}</script>')
    assert (article.status, article.text_embedded) == ("empty", False)


def test_what_a_page_shows_goes_first() -> None:
    shown = "".join(f"<p>Shown paragraph {n}: the harbour master spoke of the quay at length.</p>" for n in range(9))
    article = article_of(shown + f"<noscript>{MARKUP}</noscript>")
    assert not article.text_embedded
    assert LINES[0] not in (article.text or "")


@pytest.mark.parametrize(
    "script",
    [
        "x = " + "{" * 50_000,
        "x = " + '{"a":' * 20_000 + "1" + "}" * 20_000,
        "= {" * 100_000,
        "[" + '{"title": "' + TITLE + '"},' * 20_000 + "1]",
        json.dumps([["Reactive", 1], *([n + 1, n + 1] for n in range(1, 60)), MARKUP]),
        "self.__next_f.push("
        + json.dumps([1, "".join(f'{n:x}:["${n + 1:x}","${n + 1:x}"]\n' for n in range(60))])
        + ")",
        "x=(function(a){a.b=a;return {title:a,body:a}}({}))" + " " * 400,
        "x={a:" * 20_000,
        "x={a:'" * 20_000,
    ],
)
def test_hostile_state_is_bounded(script: str) -> None:
    root = parse_html(f"<body><script>{script}</script></body>")
    assert root is not None
    assert state_body(root, [TITLE]) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(TITLE) | st.just(TEXT),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["title", "text", "content", "type", "x"]), inner),
    max_leaves=30,
)


@given(JSON)
def test_any_state_is_read_without_a_fault(state: object) -> None:
    root = etree.Element("html")
    etree.SubElement(root, "script").text = json.dumps(state) + " " * 400
    found = state_body(root, [TITLE])
    assert found is None or TEXT in found


def test_plain_text_with_signs_of_less_keeps_them() -> None:
    assert paragraphs("1 < 2 and\n\n 3 > 2 &amp; so on") == "1 < 2 and\n\n3 > 2 & so on"
