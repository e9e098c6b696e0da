"""Captions: each with its own image, without what else a figure holds, the credit apart, and never in the body."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord

TEXT = "The harbour froze on Monday for the first time in forty years, and the ferries stayed at their piers. "
SAID = "A ferry in the ice at the northern pier on Monday"


def read(*parts: str) -> Extraction:
    paragraphs = [f"<p>{TEXT * 2}Nobody remembered such a winter number {n}.</p>" for n in range(6)]
    body = "".join((*paragraphs[:2], *parts, *paragraphs[2:]))
    html = f"<html><head><title>Ice</title></head><body><article><h1>The harbour froze over</h1>{body}</article></body></html>"
    return ArticleExtractor().extract(
        PageRecord("https://a.example/ice", datetime(2026, 11, 1, tzinfo=UTC), (), html.encode())
    )


def told(found: Extraction) -> list[tuple[str, str | None, str | None]]:
    return [(image.image_url.rsplit("/", 1)[-1], image.caption, image.credit) for image in found.images]


@pytest.mark.parametrize(
    "figure",
    [
        f"<figure><img src=a.jpg><figcaption>{SAID}</figcaption></figure>",
        f"<div class=wp-caption><img src=a.jpg><p class=wp-caption-text>{SAID}</p></div>",
        f"<figure>\n <div>\n <img src=a.jpg>\n </div>\n <figcaption>{SAID}</figcaption></figure>",
        f"<figure class='relative'><img src=a.jpg><figcaption>{SAID}</figcaption></figure>",
        f"<figure><picture><noscript><img src=a.jpg></noscript></picture><figcaption>{SAID}</figcaption></figure>",
        f"<figure><div class=lazy data-src=a.jpg></div><figcaption>{SAID}</figcaption></figure>",
        f"<figure><img src=a.jpg><button>View 6 Images</button><figcaption>{SAID}</figcaption></figure>",
        f"<figure><img src=a.jpg><span>2</span><figcaption>{SAID}</figcaption></figure>",
    ],
)  # fmt: skip
def test_a_caption_belongs_to_the_image_of_its_figure(figure: str) -> None:
    found = read(figure)
    assert told(found) == [("a.jpg", SAID, None)]
    assert SAID not in (found.article.text or "")


def test_of_several_pictures_each_has_its_own_caption() -> None:
    pictures = "".join(f"<figure><img src={n}.jpg><figcaption>{SAID}, picture {n}</figcaption></figure>" for n in "abc")
    assert told(read(f"<div class=gallery>{pictures}</div>")) == [
        (f"{n}.jpg", f"{SAID}, picture {n}", None) for n in "abc"
    ]


@pytest.mark.parametrize(
    ("written", "credit"),
    [
        (f"{SAID} (Image: Ann Ho)", "(Image: Ann Ho)"),
        (f"{SAID}, Foto: Ann Ho", "Foto: Ann Ho"),
        (f"{SAID} © Ann Ho", "© Ann Ho"),
    ],
)
def test_the_credit_is_told_from_the_caption(written: str, credit: str) -> None:
    assert told(read(f"<figure><img src=a.jpg><figcaption>{written}</figcaption></figure>")) == [
        ("a.jpg", SAID, credit)
    ]


def test_captions_that_follow_their_images_in_one_element() -> None:
    flat = "".join(f"<img src={n}.jpg><p class=caption>{SAID}, picture {n}</p>" for n in "abc")
    assert told(read(f"<div>{flat}</div>")) == [(f"{n}.jpg", f"{SAID}, picture {n}", None) for n in "abc"]


def test_a_caption_without_any_image_is_no_image() -> None:
    assert told(read(f"<p class=caption>{SAID}</p>")) == []
