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
        (f"{SAID} (AP Photo/A. Ho)", "(AP Photo/A. Ho)"),
        (f"{SAID} (Ann Ho/The Gazette via AP)", "(Ann Ho/The Gazette via AP)"),
        (f"{SAID} [Ann Ho/AFP]", "[Ann Ho/AFP]"),
        (f"{SAID} | Ann Ho, dpa", "Ann Ho, dpa"),
        (f"{SAID} <cite>Ann Ho</cite>", "Ann Ho"),
        (f"<span>{SAID}</span><span class=attribution>Ann Ho/Alamy</span>", "Ann Ho/Alamy"),
        (f"{SAID} <small>Ann Ho / Gazette</small>", "Ann Ho / Gazette"),
        (f"<span class=image-credit>Ann Ho</span> <span>{SAID}</span>", "Ann Ho"),
        (f"{SAID} <span itemprop=copyrightHolder>Ann Ho</span>", "Ann Ho"),
        (f"{SAID}</figcaption><cite>Ann Ho</cite><figcaption>", "Ann Ho"),
        (f"<p class=photo-credit>Ann Ho | Getty Images</p><p class=caption-text>{SAID}</p>", "Ann Ho | Getty Images"),
        (f"{SAID} <span class=credit>Photo by -</span> /<span class=house>AFP</span>", "Photo by - /AFP"),
    ],
)
def test_the_credit_is_told_from_the_caption(written: str, credit: str) -> None:
    assert told(read(f"<figure><img src=a.jpg><figcaption>{written}</figcaption></figure>")) == [
        ("a.jpg", SAID, credit)
    ]


@pytest.mark.parametrize(
    ("written", "said", "credit"),
    [
        (f"{SAID}. REUTERS/Ann Ho", f"{SAID}.", "REUTERS/Ann Ho"),
        (f"{SAID}. AP Photo/Ann Ho", f"{SAID}.", "AP Photo/Ann Ho"),
        (f"{SAID}. Courtesy of Ann Ho", f"{SAID}.", "Courtesy of Ann Ho"),
        (f"{SAID}. Crédit photo : Ann Ho", f"{SAID}.", "Crédit photo : Ann Ho"),
        (f"{SAID}. Фото: Анна Хо / РИА Новости", f"{SAID}.", "Фото: Анна Хо / РИА Новости"),
        ("渡船停在北方码头的冰里。（新华社记者李明摄）", "渡船停在北方码头的冰里。", "（新华社记者李明摄）"),
        (f"{SAID} (built in 1930)", f"{SAID} (built in 1930)", None),
        (f"{SAID} (left). The photo by the pier shows it", f"{SAID} (left). The photo by the pier shows it", None),
        ("Ann Ho/AP", None, "Ann Ho/AP"),
        ("Der Turm. Foto: Ann Ho/dpa", "Der Turm.", "Foto: Ann Ho/dpa"),
        ("Der Turm © Ann Ho", "Der Turm", "© Ann Ho"),
        ("La torre. / Foto: Ann Ho (EFE)", "La torre.", "Foto: Ann Ho (EFE)"),
        ("Wieża. Fot. Ann Ho / PAP", "Wieża.", "Fot. Ann Ho / PAP"),
        ("Kule. Fotoğraf: Ayşe Yılmaz", "Kule.", "Fotoğraf: Ayşe Yılmaz"),
        ("岬の灯台＝山田太郎撮影", "岬の灯台", "山田太郎撮影"),
        ("北角灯塔。 王小明 摄", "北角灯塔。", "王小明 摄"),
        ("Башня. Фото: Пётр Сидоров / ТАСС", "Башня.", "Фото: Пётр Сидоров / ТАСС"),
        (
            f"{SAID}. Ann Ho via Wikimedia Commons, CC BY-SA 4.0",
            f"{SAID}.",
            "Ann Ho via Wikimedia Commons, CC BY-SA 4.0",
        ),
        (
            "<span class=credit>Photo by ann</span> /<span class=house>Getty Images</span>",
            None,
            "Photo by ann /Getty Images",
        ),
        (
            "Image: Old ferries, left, that have found a place at last",
            "Image: Old ferries, left, that have found a place at last",
            None,
        ),
        ("Image: The Gazette of the Harbour", None, "Image: The Gazette of the Harbour"),
        ("<cite>Ann Ho</cite>", None, "Ann Ho"),
    ],
)
def test_a_credit_is_one_by_its_words(written: str, said: str | None, credit: str | None) -> None:
    assert told(read(f"<figure><img src=a.jpg><figcaption>{written}</figcaption></figure>")) == [
        ("a.jpg", said, credit)
    ]


@pytest.mark.parametrize(
    "gallery",
    [
        "<div class=gallery><div class=gallery-item><img src={0}.jpg><div class=gallery-caption>{1}</div></div></div>",
        "<ul class=slideshow><li class=slide><img src={0}.jpg><span class=slide-caption>{1}</span></li></ul>",
        "<table class=tr-caption-container><tr><td><img src={0}.jpg></td></tr><tr><td class=tr-caption>{1}</td></tr></table>",
        "<a href=big.jpg data-caption='{1}'><img src={0}.jpg></a>",
    ],
)
def test_galleries_blogger_and_lightboxes_caption_their_pictures(gallery: str) -> None:
    found = read(*(gallery.format(name, f"{SAID}, picture {name}") for name in "ab"))
    assert told(found) == [(f"{name}.jpg", f"{SAID}, picture {name}", None) for name in "ab"]
    assert SAID not in (found.article.text or "")


def test_one_caption_under_several_pictures_is_that_of_each() -> None:
    figure = f"<figure class=gallery><img src=a.jpg><img src=b.jpg><figcaption>{SAID}</figcaption></figure>"
    assert told(read(figure)) == [("a.jpg", SAID, None), ("b.jpg", SAID, None)]


def test_captions_that_follow_their_images_in_one_element() -> None:
    flat = "".join(f"<img src={n}.jpg><p class=caption>{SAID}, picture {n}</p>" for n in "abc")
    assert told(read(f"<div>{flat}</div>")) == [(f"{n}.jpg", f"{SAID}, picture {n}", None) for n in "abc"]


def test_a_caption_without_any_image_is_no_image() -> None:
    assert told(read(f"<p class=caption>{SAID}</p>")) == []


CREDIT = "Photo: Ann Ho/Harbour Press"


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=carousel-slide><div><div><img src=a.jpg></div></div><div class=slide-info><span>2 of 12</span>"
        f"<div><p>{SAID}. {CREDIT}</p></div><button>Read more</button></div></div>",
        f"<div class=hero__item><div><img src=a.jpg></div><div class=hero__description><div>{SAID}. {CREDIT}</div></div></div>",
        f"<div class='article-widget article-widget-image'><img src=a.jpg><div class=text>{SAID}. {CREDIT}</div></div>",
    ],
)
def test_what_names_who_took_the_picture_is_its_caption_whatever_the_box_is_called(box: str) -> None:
    found = read(box)
    assert told(found) == [("a.jpg", f"{SAID}.", CREDIT)]
    assert SAID not in (found.article.text or "")


@pytest.mark.parametrize("target", ["", "href=#picture-1", "href=/large/a.jpg", "href=/articles/image/sports/12"])
def test_a_caption_that_leads_to_the_picture_is_no_link_to_another_page(target: str) -> None:
    figure = f"<a {target}><figure><img src=a.jpg><figcaption>{SAID}</figcaption></figure></a>"
    assert told(read(figure)) == [("a.jpg", SAID, None)]
    assert not any(
        one[1] for one in told(read(figure.replace("<a ", "<a class=teaser ").replace(target, "href=/other")))
    )


def test_of_one_picture_shown_twice_the_caption_with_a_credit_counts() -> None:
    video = f"<figure><img src=a.jpg><figcaption>The big freeze: all in one minute</figcaption></figure><p>{TEXT}</p>"
    figure = f"<figure><img src=a.jpg><figcaption>{SAID} © Ann Ho</figcaption></figure>"
    assert told(read(video, figure)) == [("a.jpg", SAID, "© Ann Ho")]


def test_a_credit_that_is_a_word_of_the_caption_too_is_that_at_its_end() -> None:
    caption = "<figcaption>Etna’s new crater, seen from the south <span class=credit>Etna</span></figcaption>"
    assert told(read(f"<figure><img src=a.jpg>{caption}</figure>")) == [
        ("a.jpg", "Etna’s new crater, seen from the south", "Etna")
    ]


def test_a_caption_beside_a_picture_needs_no_figure() -> None:
    found = read(f"<div><img src=a.jpg></div><figcaption>{SAID}</figcaption>")
    assert told(found) == [("a.jpg", SAID, None)]
    assert SAID not in (found.article.text or "")


def test_an_element_of_the_sites_own_shows_a_picture() -> None:
    figure = f"<figure><shop-image src=a.jpg></shop-image><figcaption>{SAID}</figcaption></figure>"
    assert told(read(figure)) == [("a.jpg", SAID, None)]


def test_the_box_of_a_promotion_is_no_caption() -> None:
    box = (
        f"<div class='widget-image promo'><div class=promo-box><img src=a.jpg><div class=text>{SAID}</div></div></div>"
    )
    assert not any(caption for _, caption, _ in told(read(box)))
