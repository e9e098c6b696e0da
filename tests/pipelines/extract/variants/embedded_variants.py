"""Pages that show a headline and hold their article in the state of a script, as frameworks write it."""

from __future__ import annotations

import base64
import json
from html import escape

from varied_page import FOUR, ONE, PARAGRAPHS, THREE, TITLE, TWO, Varied, json_text

_HTML = ONE + TWO + THREE + FOUR
_SHELL = f"<div id='app'><h1>{TITLE}</h1><div class='spinner'></div></div>"
_OTHER = {
    "title": "Harbour dredger breaks down again",
    "html": "<p>The dredger broke down. It was towed. Nobody was hurt.</p>" * 20,
}

_IN_BASE64 = base64.b64encode(json.dumps({"post": {"title": TITLE, "html": _HTML}}).encode()).decode()


def _held(kind: str, script: str) -> Varied:
    return Varied(kind, _SHELL + script, PARAGRAPHS, ("The dredger broke down",), framed=False)


def _flight(*rows: str) -> str:
    pieces = "".join(f"<script>self.__next_f.push({json_text([1, row])})</script>" for row in rows)
    return "<script>(self.__next_f=self.__next_f||[]).push([0])</script>" + pieces


def _element(tag: str, **properties: object) -> list[object]:
    return ["$", tag, None, properties]


def _turbo_stream(value: object) -> list[object]:
    """As turbo-stream writes it: keys by their places, ``_3``."""
    flat: list[object] = []
    known: dict[str, int] = {}

    def put(one: object) -> int:
        if isinstance(one, str) and one in known:
            return known[one]
        at = len(flat)
        flat.append(None)
        if isinstance(one, str):
            known[one] = at
        if isinstance(one, dict):
            flat[at] = {f"_{put(key)}": put(item) for key, item in one.items()}
        elif isinstance(one, list):
            flat[at] = [put(item) for item in one]
        else:
            flat[at] = one
        return at

    put(value)
    return flat


def _devalue(value: object) -> list[object]:
    flat: list[object] = []

    def put(one: object) -> int:
        at = len(flat)
        flat.append(None)
        if isinstance(one, dict):
            flat[at] = {key: put(item) for key, item in one.items()}
        elif isinstance(one, tuple):
            flat[at] = [one[0], put(one[1])]
        elif isinstance(one, list):
            flat[at] = [put(item) for item in one]
        else:
            flat[at] = one
        return at

    put(value)
    return flat


def _astro(value: object) -> object:
    if isinstance(value, dict):
        return [0, {key: _astro(one) for key, one in value.items()}]
    return [1, [_astro(one) for one in value]] if isinstance(value, list) else [0, value]


_TEXT_ROW = f"2a:T{len(_HTML.encode()):x},{_HTML}"
_BLOCKS = [{"_type": "block", "style": "normal", "children": [{"_type": "span", "text": text}]} for text in PARAGRAPHS]
_GUTENBERG = [{"name": "core/paragraph", "attributes": {"content": text, "dropCap": False}} for text in PARAGRAPHS]
_DRAFT = json.dumps(
    {"blocks": [{"key": "a", "type": "unstyled", "text": text} for text in PARAGRAPHS], "entityMap": {}}
)
_LEXICAL = {
    "root": {
        "children": [
            {"type": "paragraph", "children": [{"type": "text", "text": text, "format": 0}]} for text in PARAGRAPHS
        ]
    }
}
_EDITOR_JS = {"blocks": [{"type": "paragraph", "data": {"text": text}} for text in PARAGRAPHS], "version": "2.28.0"}
_STORYBLOK = {
    "type": "doc",
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in PARAGRAPHS],
}

EMBEDDED = (
    _held(
        "flight",
        _flight(
            '1:"$Sreact.fragment"\n0:'
            + json_text(
                {
                    "P": None,
                    "c": ["", "2025"],
                    "f": [
                        [
                            ["", {}],
                            _element(
                                "main",
                                children=[
                                    _element("h1", children=TITLE),
                                    _element("div", dangerouslySetInnerHTML={"__html": "$2a"}),
                                ],
                            ),
                        ]
                    ],
                }
            )
            + "\n",
            _TEXT_ROW,
        ),
    ),
    _held(
        "flight",
        _flight(
            '5:I["(app-pages-browser)/./src/article.tsx",["app/page"],"default"]\n',
            "0:" + json_text(_element("$L5", story={"headline": TITLE, "blocks": _BLOCKS}, more=[_OTHER])) + "\n",
        ),
    ),
    _held(
        "flight",
        _flight(
            "0:"
            + json_text(
                [
                    "$",
                    "$L9",
                    None,
                    {
                        "children": [
                            "$",
                            "article",
                            None,
                            {
                                "children": [
                                    ["$", "h1", "t", {"children": TITLE}],
                                    *[
                                        [
                                            "$",
                                            "p",
                                            str(at),
                                            {
                                                "children": [
                                                    text[:40],
                                                    ["$", "b", None, {"children": text[40:60]}],
                                                    text[60:],
                                                ]
                                            },
                                        ]
                                        for at, text in enumerate(PARAGRAPHS)
                                    ],
                                ]
                            },
                        ]
                    },
                ]
            )
            + "\n"
        ),
    ),
    _held(
        "flight",
        _flight(
            "0:" + json_text(_element("$L4", id=7)) + "\n",
            "7:" + json_text({"post": {"title": TITLE, "content": "$8"}}) + "\n",
            "8:" + json_text({"rendered": _HTML}) + "\n",
        ),
    ),
    _held(
        "nuxt 3",
        '<script type="application/json" data-nuxt-data="nuxt-app" data-ssr="true" id="__NUXT_DATA__">'
        + json_text(
            _devalue(
                (
                    "ShallowReactive",
                    {
                        "data": (
                            "ShallowReactive",
                            {
                                "article-salt": (
                                    "Ref",
                                    {
                                        "title": TITLE,
                                        "intro": "Short.",
                                        "components": [
                                            {"kind": "text", "html": f"<p>{text}</p>"} for text in PARAGRAPHS
                                        ],
                                    },
                                )
                            },
                        ),
                        "state": ("Reactive", {"$steaser": [_OTHER]}),
                    },
                )
            )
        )
        + "</script>",
    ),
    _held(
        "nuxt 3",
        "<script>window.__NUXT__={};window.__NUXT__.config={public:{}}</script>"
        '<script type="application/json" id="__NUXT_DATA__">'
        + json_text(_devalue({"data": {"p": {"headline": TITLE, "body": _STORYBLOK}}, "once": ("Set", 1)}))
        + "</script>",
    ),
    _held(
        "nuxt 2",
        '<script>window.__NUXT__=(function(a,b,c,d){return {layout:"default",data:[{post:{id:12,title:a,draft:b,content:{rendered:'
        + json.dumps(_HTML).replace("<", "\\u003C")
        + ",protected:b},tags:c}}],error:d,serverRendered:!0}}("
        + json.dumps(TITLE)
        + ",!1,[],null));</script>",
    ),
    _held(
        "nuxt 2",
        "<script>window.__NUXT__=(function(a,b){a.title="
        + json.dumps(TITLE)
        + ";a.paragraphs=["
        + ",".join(f"{{text:b,html:{json.dumps(f'<p>{text}</p>')}}}" for text in PARAGRAPHS)
        + "];return {state:{article:{current:a}}}}({},void 0));</script>",
    ),
    _held(
        "remix",
        "<script>window.__remixContext = "
        + json_text({"state": {"loaderData": {"routes/$slug": {"article": {"title": TITLE, "bodyHtml": _HTML}}}}})
        + ";__remixContext.p = function(){}</script>",
    ),
    _held(
        "turbo-stream",
        "<script>window.__reactRouterContext.streamController.enqueue("
        + json.dumps(
            json_text(
                _turbo_stream(
                    {"loaderData": {"routes/story": {"story": {"title": TITLE, "body": _HTML}, "latest": [_OTHER]}}}
                )
            )
            + "\n"
        )
        + ");</script>",
    ),
    _held(
        "sveltekit",
        "<script>{__sveltekit_1x = {base: new URL('.', location).pathname.slice(0, -1)};const element = document.currentScript.parentElement;"
        "Promise.all([import('/a.js'),import('/b.js')]).then(([kit, app]) => {kit.start(app, element, {node_ids: [0, 3],data: [null,{type:\"data\",data:{post:{title:"
        + json.dumps(TITLE)
        + ",date:new Date(1741420800000),html:"
        + json.dumps(_HTML)
        + '}},uses:{params:["slug"]}}],form: null,error: null});});}</script>',
    ),
    _held(
        "sveltekit",
        '<script type="application/json" data-sveltekit-fetched data-url="/api/salt">'
        + json_text(
            {"status": 200, "statusText": "OK", "headers": {}, "body": json_text({"title": TITLE, "content": _HTML})}
        )
        + "</script>",
    ),
    _held(
        "apollo",
        "<script>window.__APOLLO_STATE__="
        + json_text(
            {
                "ROOT_QUERY": {"article": {"__ref": "Article:9"}},
                "Article:9": {"__typename": "Article", "title": TITLE, "body": {"__ref": "Body:9"}},
                "Body:9": {"__typename": "Body", "html": _HTML},
                "Article:3": {"__typename": "Article", **_OTHER},
            }
        )
        + ";</script>",
    ),
    _held(
        "astro",
        f'<astro-island uid="Z1" component-url="/_astro/Story.js" props="{escape(json_text({"story": _astro({"title": TITLE, "body": _HTML})}))}" ssr client="only"></astro-island>',
    ),
    _held(
        "inertia",
        f'<div id="page" data-page="{escape(json_text({"component": "Story", "props": {"story": {"title": TITLE, "text": _HTML}}}))}"></div>',
    ),
    _held(
        "arc",
        '<script>window.Fusion=window.Fusion||{};Fusion.arcSite="bay";Fusion.globalContent='
        + json_text(
            {
                "headlines": {"basic": TITLE},
                "content_elements": [{"type": "text", "content": text} for text in PARAGRAPHS],
            }
        )
        + ";Fusion.globalContentConfig={}</script>",
    ),
    _held(
        "angular",
        '<script id="ng-state" type="application/json">'
        + json_text({"4012": {"b": {"title": TITLE, "body": _HTML}, "h": {}, "s": 200, "u": "/api/salt"}})
        + "</script>",
    ),
    _held(
        "angular",
        '<script id="serverApp-state" type="application/json">'
        + json_text({"G.json./api/salt": {"body": {"title": TITLE, "body": _HTML}}})
        .replace("&", "&a;")
        .replace('"', "&q;")
        .replace("<", "&l;")
        .replace(">", "&g;")
        + "</script>",
    ),
    _held(
        "json in json",
        '<script type="application/json" id="__NEXT_DATA__">'
        + json_text({"props": {"pageProps": {"post": {"title": TITLE, "body": _DRAFT}}}})
        + "</script>",
    ),
    _held(
        "json in json",
        "<script>window.__INITIAL_STATE__="
        + json.dumps(json_text({"article": {"headline": TITLE, "html": _HTML}}))
        + "</script>",
    ),
    _held(
        "gutenberg",
        '<script type="application/json" id="__NEXT_DATA__">'
        + json_text({"props": {"pageProps": {"page": {"title": TITLE, "blocks": _GUTENBERG}}}})
        + "</script>",
    ),
    _held(
        "lexical",
        '<script type="application/json" id="__NEXT_DATA__">'
        + json_text({"props": {"pageProps": {"page": {"title": TITLE, "content": _LEXICAL}}}})
        + "</script>",
    ),
    _held(
        "editor.js",
        '<script type="application/json" id="__NEXT_DATA__">'
        + json_text({"props": {"pageProps": {"page": {"title": TITLE, "content": _EDITOR_JS}}}})
        + "</script>",
    ),
    _held(
        "preloaded",
        '<script>window.__PRELOADED_STATE__ = JSON.parse(decodeURIComponent("'
        + json_text({"story": {"title": TITLE, "body": _HTML}})
        .replace("%", "%25")
        .replace('"', "%22")
        .replace("<", "%3C")
        .replace(">", "%3E")
        .replace(" ", "%20")
        + '"))</script>',
    ),
    _held("base64", f"<script>window.__STATE__ = JSON.parse(atob('{_IN_BASE64}'))</script>"),
    _held("base64", f'<script type="application/json" id="state">{_IN_BASE64}</script>'),
    _held("base64", f'<script>window.__data = "{_IN_BASE64}";</script>'),
    _held("base64", f'<div data-props="{_IN_BASE64}"></div>'),
    _held(
        "qwik",
        '<script type="qwik/json">'
        + json_text(
            {
                "ctx": {},
                "objs": [{"post": "1"}, {"title": "2", "text": "3"}, TITLE, ["4", "5", "6", "7"], *PARAGRAPHS],
                "subs": [],
            }
        )
        + "</script>",
    ),
    _held(
        "flight",
        _flight(
            "5:" + json_text(_element("article", children=[_element("p", children=one) for one in PARAGRAPHS])) + "\n"
        ),
    ),
    _held("Markdown", '<script type="text/markdown">' + "\n\n".join(PARAGRAPHS) + "</script>"),
    _held("textarea", f"<textarea hidden>{escape(_HTML)}</textarea>"),
    _held("frame", f'<iframe srcdoc="{escape(_HTML)}"></iframe>'),
)
