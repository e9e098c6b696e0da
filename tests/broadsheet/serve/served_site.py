"""A made site in four scripts, as WARCs: what the tests of `broadsheet serve` search, read and replay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from small_warcs import answered, write_warc

from broadsheet.archive.exchange import Exchange
from broadsheet.commands import extract_warcs

SITE = "http://gazette.example"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f00010401009a"
    "21e5a70000000049454e44ae426082"
)
REPAINTED = PICTURE + b"another picture"  # browsers stop at the end of the image
ENGLISH = "The harbour council voted on Tuesday to rebuild the old lighthouse after {n} winters of storms. "
CHINESE = "北京大学的研究人员在港口发现了一座古老的灯塔，这座灯塔已经有三百年的历史。"
ARABIC = "قرر مجلس الميناء إعادة بناء المنارة القديمة بعد سنوات من العواصف الشديدة على الساحل."
CAPTIONS = ("Gulls over the pier", "The keeper with his lamp", "A fishing boat comes home", "Ropes and tar")
FRENCH = "Le café de l'élève près du phare a été fermé à cause d'une tempête d'une rare sévérité. "


def page(title: str, paragraphs: list[str], *, language: str = "en", day: str = "2026-09-01", author: str = "Ines Halloran",
         section: str = "Harbour",
         caption: str = "The lighthouse at dusk, seen from the pier", more: str = "") -> str:  # fmt: skip
    """An article as the site sends it."""
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    direction = ' dir="rtl"' if language == "ar" else ""
    return f"""<!doctype html><html lang="{language}"{direction}><head><meta charset="utf-8"><title>{title} - Gazette</title>
<meta property="article:published_time" content="{day}T08:00:00Z"><meta name="author" content="{author}">
<meta property="article:section" content="{section}"><meta property="og:site_name" content="Gazette">
<link rel="stylesheet" href="/style.css"><script>document.title = "a script ran"</script></head>
<body onload="document.title='a handler ran'"><nav><a href="/">Home</a> <a href="/sport">Sport</a> <a href="/about">About</a></nav>
<article><h1>{title}</h1><p class="byline">By {author}</p>
<figure><img src="/pictures/light.png" alt="the lighthouse"><figcaption>{caption}</figcaption></figure>
{body}{more}</article><aside class="newsletter"><p>Subscribe to our newsletter for more harbour news every week.</p></aside>
<footer><p>Copyright Gazette 2026. All rights reserved.</p></footer></body></html>"""


def exchanges() -> list[Exchange]:
    """The captures of the site, the oldest first."""
    moment = datetime(2026, 10, 1, 12, tzinfo=UTC)
    made: list[Exchange] = []

    def add(path: str, body: str | bytes, **how: Any) -> None:
        made.append(answered(f"{SITE}{path}", body, moment=moment + timedelta(seconds=len(made)), **how))

    for number in range(12):
        text = [ENGLISH.format(n=number + 2) * 3, f"Engineer number {number} said the stones would hold. " * 4]
        title = f"Lighthouse report number {number}"
        add(
            f"/2026/story-{number}.html",
            page(
                title,
                text,
                caption=f"{CAPTIONS[number % 4]} in year {number}",
                day=f"2026-{number % 6 + 3:02}-0{number % 8 + 1}",
            ),
        )
    add("/zh/dengta.html", page("港口的古老灯塔", [CHINESE * 6, CHINESE * 4], language="zh", section="国际"))
    add("/ar/manara.html", page("المنارة القديمة", [ARABIC * 6, ARABIC * 4], language="ar", section="أخبار"))
    add("/fr/phare.html", page("La fermeture du café", [FRENCH * 6, FRENCH * 4], language="fr", author="Éloïse Noël"))
    add("/copy/story-1.html", page("Lighthouse report number 1", [ENGLISH.format(n=3) * 3,
        "Engineer number 1 said the stones would hold. " * 4], day="2026-04-02"))  # fmt: skip
    add("/style.css", "body { background: url(/pictures/light.png); font-family: serif }", kind="text/css")
    add("/pictures/light.png", PICTURE, kind="image/png")
    add("/missing.html", "<p>gone</p>", status=404)
    add("/pictures/light.png", REPAINTED, kind="image/png")
    add("/2026/story-0.html", page("Lighthouse report number 0, corrected", [ENGLISH.format(n=2) * 3,
        "Engineer number 0 said the stones would not hold. " * 4], day="2026-03-01"))  # fmt: skip
    return made


def make_collection(folder: Path) -> Path:
    """The collection of the site, with its dataset."""
    warc = write_warc(folder / "warcs", "gazette", exchanges(), via=f"{SITE}/")
    extract_warcs(warc, folder / "gazette", workers=1)
    return folder / "gazette"
