"""A few pages on two hosts, with all that the dataset has columns for, as exchanges and as a WARC."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

from small_warcs import answered

from broadsheet.archive.exchange import Exchange, FetchError

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXTS = {
    "en": [
        "The harbour froze on Monday for the first time in forty years, and the ferries stayed at their piers.",
        "Fishermen walked out on the ice with hand drills, and found it nine centimetres thick near the mole.",
        "The council asked everyone to stay ashore until the coast guard has measured the ice on Thursday.",
    ],
    "de": [
        "Der Hafen ist am Montag zum ersten Mal seit vierzig Jahren zugefroren, und die Fähren blieben am Kai.",
        "Fischer gingen mit Handbohrern auf das Eis und fanden es an der Mole neun Zentimeter dick.",
        "Der Rat bittet alle, an Land zu bleiben, bis die Küstenwache das Eis am Donnerstag gemessen hat.",
    ],
    "bakery": [
        "Bakers in the old town count their grains by hand again, because the mill has lost its last miller.",
        "She learnt the trade from her grandmother, who could tell rye from wheat by the sound of the stones.",
        "Two apprentices have written to her since; one of them comes from a village that has no bakery at all.",
    ],
}


def page(title: str, lines: list[str], *, lang: str = "en", day: int = 1, head: str = "") -> str:
    """An article as a blog would send it."""
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | The Gazette</title>'
        f'<meta property="article:published_time" content="2026-09-{day:02d}T08:30:00+02:00">'
        f'<meta name="author" content="Ann &quot;Ice&quot; Ho"><meta name="keywords" content="harbour, ice: cold">{head}</head>'
        f'<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>{title}</h1>{paragraphs}'
        "<h2>What comes next</h2><p>The paper will write about it again in the edition of the day after tomorrow.</p>"
        '<figure><img src="/ice.jpg" alt="Ice"><figcaption>The ice, seen from the mole</figcaption></figure>'
        '<p>More in <a href="https://other.example/more">the long report</a> of our neighbours across the bay.</p>'
        "</article><footer>All rights reserved by The Gazette</footer></body></html>"
    )


def answer(
    url: str,
    body: str | bytes,
    *,
    minutes: int,
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    more: str = "",
) -> Exchange:
    """The exchange that got *body*."""
    got: Exchange = answered(url, body, moment=MOMENT + timedelta(minutes=minutes), status=status, kind=kind, more=more)
    return got


TDMREP = """[{"location": "/open/*", "tdm-reservation": 0},
 {"location": "/", "tdm-reservation": 1, "tdm-policy": "/policy.json"}]"""


def exchanges() -> list[Exchange]:
    """All of the site, in the order of the crawl; tdmrep.json of b.example comes after its first page."""
    en, de, bakery = TEXTS["en"], TEXTS["de"], TEXTS["bakery"]
    rights = (
        '<meta name="robots" content="noai, noindex"><link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
        '"headline":"Bakers count: the grains","isAccessibleForFree":false}</script>'
    )
    packed = gzip.compress(page("Bakers count: the grains", bakery, day=5, head=rights).encode(), mtime=0)
    tdm = "TDM-Reservation: 1\r\nTDM-Policy: https://a.example/terms\r\n"
    robots = "X-Robots-Tag: noimageai\r\n"
    return [
        answer("https://a.example/ice", page("Harbour freezes", en, day=1), minutes=0),
        answer("https://a.example/gone", "<p>no</p>", minutes=1, status=404),
        answer("https://a.example/bakers", packed, minutes=2, more=f"Content-Encoding: gzip\r\n{robots}{tdm}"),
        answer("https://b.example/hafen", page("Hafen friert zu", de, lang="de", day=10), minutes=3),
        answer("https://b.example/.well-known/tdmrep.json", TDMREP, minutes=4, kind="application/json"),
        answer("https://b.example/open/ice", page("Harbour freezes over", en, day=12), minutes=5),
        answer("https://b.example/ice.png", b"\x89PNG\r\n\x1a\n" + bytes(20), minutes=6, kind="image/png"),
        answer("https://b.example/moved", "", minutes=7, status=301, more="Location: /open/ice\r\n"),
        answer("https://b.example/empty", "<!doctype html><html><body></body></html>", minutes=8),
        Exchange(
            "https://b.example/lost",
            MOMENT + timedelta(minutes=9),
            0.1,
            request=b"GET / HTTP/1.1\r\n\r\n",
            error=FetchError.TIMEOUT,
        ),
    ]
