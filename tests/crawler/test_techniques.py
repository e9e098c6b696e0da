"""Every way in which a page shows a thing, a URL of its own each, over one whole crawl: what the server was asked for."""

from __future__ import annotations

import pytest
from crawled_site import SOUGHT, Answer, crawl, page, serving

pytestmark = pytest.mark.slow

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
# name of the technique -> markup that names /t/NAME; {} stands for that URL
HEAD = {
    "icon": '<link rel="shortcut icon" href="{}">',
    "apple-touch-icon": '<link rel=apple-touch-icon sizes=180x180 href="{}">',
    "mask-icon": '<link rel=mask-icon href="{}" color=red>',
    "style-link.css": '<link rel=stylesheet href="{}">',
    "style-print.css": '<link rel="alternate stylesheet" media=print href="{}">',
    "style-block": "<style>/* url(/no/comment) */ .x{{background:URL({})}}</style>",
    "style-block-import.css": "<style>@import '{}' screen;</style>",
    "style-variable": "<style>:root{{--hero:url('{}')}}</style>",
    "preload-image": '<link rel=preload as=image href="{}">',
    "preload-imagesrcset": '<link rel=preload as=image imagesrcset="{} 2x">',
    "preload-font": '<link rel=preload as=font href="{}" crossorigin>',
    "modulepreload.js": '<link rel=modulepreload href="{}">',
    "manifest.json": '<link rel=manifest href="{}">',
    "og-image": '<meta property=og:image content="{}">',
    "twitter-image": '<meta name=twitter:image content="{}">',
    "itemprop-image": '<meta itemprop=image content="{}">',
    "tile-image": '<meta name=msapplication-TileImage content="{}">',
    "json-ld-image": '<script type="application/ld+json">{{"@type":"NewsArticle","image":["{}"]}}</script>',
    "json-ld-logo": '<script type=application/ld+json>{{"logo":{{"@type":"ImageObject","url":"{}"}}}}</script>',
    "script.js": '<script src="{}" defer></script>',
    "module.js": '<script type=module src="{}"></script>',
    "inline-import.js": '<script type=module>import x from "{}";</script>',
    "import-map.js": '<script type=importmap>{{"imports":{{"x":"{}"}}}}</script>',
    "worker.js": '<script>new Worker("{}")</script>',
    "fetch.json": '<script>fetch("{}").then(fill)</script>',
}
BODY = {
    "img-src": '<img src="{}">',
    "img-srcset": '<img srcset="{} 1x, {}-2x 2x" sizes="(max-width: 600px) 480px, 800px">',
    "img-srcset-commas": '<img srcset="{},c_fill,w_1 480w">',
    "picture-source": '<picture><source type=image/webp srcset="{}"><img alt=""></picture>',
    "entity&one": '<img src="/t/entity&amp;one">',
    "noscript-img": '<noscript><img src="{}"></noscript>',
    "template-img": '<template><img src="{}"></template>',
    "data-src": '<img class=lazy data-src="{}">',
    "data-srcset": '<img class=lazy data-srcset="{} 2x">',
    "data-original": '<img data-original="{}">',
    "data-lazy-src": '<img data-lazy-src="{}">',
    "data-bg": '<div data-bg="{}"></div>',
    "data-iframe.html": '<iframe data-src="{}"></iframe>',
    "amp-img": '<amp-img src="{}" width=1 height=1></amp-img>',
    "style-attribute": "<div style=\"background-image:url('{}')\"></div>",
    "style-attribute-quoted": '<div style="background-image:url(&quot;{}&quot;)"></div>',
    "background": '<table background="{}"></table>',
    "iframe.html": '<iframe src="{}"></iframe>',
    "srcdoc-img": "<iframe srcdoc=\"&lt;img src='{}'&gt;\"></iframe>",
    "video.mp4": '<video src="{}"></video>',
    "video-poster": '<video poster="{}"></video>',
    "video-source.webm": '<video><source src="{}" type=video/webm></video>',
    "audio.mp3": '<audio src="{}"></audio>',
    "audio-source.ogg": '<audio><source src="{}"></audio>',
    "track.vtt": '<video><track src="{}" default></video>',
    "object.svg": '<object data="{}" type=image/svg+xml></object>',
    "embed.svg": '<embed src="{}">',
    "svg-image": '<svg><image href="{}"/></svg>',
    "svg-image-xlink": '<svg><image xlink:href="{}"/></svg>',
    "svg-use.svg": '<svg><use href="{}#i"/></svg>',
    "input-image": '<input type=image src="{}">',
}
IN_LINK_HEADER = ["header-preload.css", "header-font", "header-icon"]
LINK_HEADER = (
    '</t/header-preload.css>; rel=preload; as=style, </t/header-font>; as="font"; rel="preload"; crossorigin,'
    '<t/header-icon>;rel="shortcut icon", </no/prefetch>; rel=prefetch, </no/anchor>; rel=icon; anchor="/x"'
)
# name -> what that answer holds, and the names that it leads to in turn
NESTED: dict[str, tuple[str, str, list[str]]] = {
    "style-link.css": (
        "text/css",
        '@import "/t/css-import.css" layer(a); @import url(css-import-url.css);\n'
        '@font-face{font-family:F;src:url(/t/font.woff2) format("woff2"),url("/t/font.woff")}\n'
        ".a{background:url( \"css-url\" )} .b{background:image-set('css-set-1' 1x, url(css-set-2) 2x)}\n"
        '.c{background:url(css\\2d escaped)} .d::after{content:"url(/no/string)"} /* url(/no/comment) */',
        ["css-import.css", "css-import-url.css", "font.woff2", "font.woff", "css-url", "css-set-1", "css-set-2", "css-escaped"],
    ),
    "css-import.css": ("text/css", "a{background:url(css-of-import)}", ["css-of-import"]),
    "iframe.html": ("text/html", "<img src=iframe-img><iframe src=iframe-2.html></iframe>", ["iframe-img", "iframe-2.html"]),
    "iframe-2.html": ("text/html", "<link rel=stylesheet href=iframe-2.css>", ["iframe-2.css"]),
    "manifest.json": ("application/manifest+json", '{"icons":[{"src":"manifest-icon"}]}', ["manifest-icon"]),
    "module.js": ("text/javascript", 'import "./module-2.js"; import("./module-3.js")', ["module-2.js", "module-3.js"]),
    "object.svg": (
        "image/svg+xml",
        '<svg><image href="svg-inside"/><style>a{fill:url(svg-style)}</style></svg>',
        ["svg-inside", "svg-style"],
    ),
}  # fmt: skip
NAMES = [*HEAD, *BODY, *IN_LINK_HEADER, "img-srcset-2x", *(name for _, _, names in NESTED.values() for name in names)]
EXPECTED = {name: "/t/img-srcset-commas,c_fill,w_1" if name == "img-srcset-commas" else f"/t/{name}" for name in NAMES}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    head = "".join(markup.format(f"/t/{name}", f"/t/{name}") for name, markup in HEAD.items())
    body = "".join(markup.format(f"/t/{name}", f"/t/{name}") for name, markup in BODY.items())
    whole = page().replace(b"</head>", f"{head}</head>".encode()).replace(b"</body>", body.encode())
    here = {"/": Answer(whole, headers={"Link": LINK_HEADER})}
    for name, path in EXPECTED.items():
        kind, text, _ = NESTED.get(name, ("image/png", "", []))
        here[path] = Answer(text.encode() or PNG, kind)
    with serving(here) as site:
        code, _, told = crawl(tmp_path_factory.mktemp("techniques") / "c", f"{site.url}/", "--no-extract")
        assert code == 0, told
        return list(site.paths())


@pytest.mark.parametrize("name", NAMES)
def test_it_is_fetched_once(name: str, asked: list[str]) -> None:
    assert asked.count(EXPECTED[name]) == 1


def test_nothing_else_is(asked: list[str]) -> None:
    assert set(asked) - set(EXPECTED.values()) == {"/", "/robots.txt", *SOUGHT}
