"""Pages with pictures: where their address stands, which words are the caption, and which name who made them."""

from __future__ import annotations

from varied_page import FOUR, ONE, THREE, TWO, Varied


def _picture(kind: str, html: str, *images: tuple[str, str | None, str | None]) -> Varied:
    return Varied(kind, ONE + TWO + html + THREE + FOUR, images=images)


def _credit(caption: str, said: str | None, credit: str | None) -> Varied:
    html = f"<figure><img src='/p/rake.jpg' width='800' height='600'><figcaption>{caption}</figcaption></figure>"
    return _picture("credit", html, ("rake.jpg", said, credit))


_SAID = "Two rakers at the edge of basin four"
PICTURES = (
    _credit(f"{_SAID} (AP Photo/Jane Doe)", _SAID, "(AP Photo/Jane Doe)"),
    _credit(f"{_SAID}. <cite>Jane Doe for the Courier</cite>", f"{_SAID}.", "Jane Doe for the Courier"),
    _credit(f"{_SAID}<span itemprop='copyrightHolder'>Jane Doe</span>", _SAID, "Jane Doe"),
    _credit(f"{_SAID} <span class='img-credit'>Jane Doe/Bay Archive</span>", _SAID, "Jane Doe/Bay Archive"),
    _credit(f"<span class='caption'>{_SAID}</span><span class='photographer'>Jane Doe</span>", _SAID, "Jane Doe"),
    _credit(f"{_SAID} | Photo: Jane Doe", _SAID, "Photo: Jane Doe"),
    _credit(f"{_SAID} – Foto: Jane Doe/dpa", _SAID, "Foto: Jane Doe/dpa"),
    _credit(f"{_SAID} © Jane Doe", _SAID, "© Jane Doe"),
    _credit(f"{_SAID} [Photograph: Jane Doe/The Guardian]", _SAID, "[Photograph: Jane Doe/The Guardian]"),
    _credit(f"<p>{_SAID}</p><p>Image: Jane Doe</p>", _SAID, "Image: Jane Doe"),
    _credit(f"{_SAID} (left) and the sluice", f"{_SAID} (left) and the sluice", None),
    _credit("Credit: Jane Doe / Reuters", None, "Credit: Jane Doe / Reuters"),
    _credit(f"{_SAID}.<small>Picture by Jane Doe</small>", f"{_SAID}.", "Picture by Jane Doe"),
    _picture(
        "noscript",
        f"<figure><img src='data:image/gif;base64,R0lGOD' class='lazyload'><noscript><img src='/p/rake.jpg' alt='Rakers'></noscript><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "noscript",
        f"<figure><div class='lazy'></div><noscript><picture><source srcset='/p/rake.webp 1600w'><img src='/p/rake.jpg'></picture></noscript><figcaption>{_SAID}</figcaption></figure>",
        ("rake.webp", _SAID, None),
    ),
    _picture(
        "noscript",
        f"<figure><span class='ph'><img src='/static/placeholder.png'></span><noscript>&lt;img src='/p/rake.jpg'&gt;</noscript><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "background",
        f"<figure><div class='img' style=\"background-image:url('/p/rake.jpg')\"></div><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "background",
        f"<figure><div class='img' style='background: #eee url(/p/rake.jpg) center/cover'></div><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "background",
        f"<figure data-bgset='/p/rake-400.jpg 400w, /p/rake-1400.jpg 1400w'><figcaption>{_SAID}</figcaption></figure>",
        ("rake-1400.jpg", _SAID, None),
    ),
    _picture(
        "background",
        f"<figure><a href='#' data-bg='url(/p/rake.jpg)'></a><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "srcset",
        f"<figure><img srcset='/p/rake-320.jpg 320w, /p/rake-1280.jpg 1280w, /p/rake-4096.jpg 4096w' src='/p/rake-320.jpg'><figcaption>{_SAID}</figcaption></figure>",
        ("rake-1280.jpg", _SAID, None),
    ),
    _picture(
        "srcset",
        f"<figure><picture><source media='(min-width:900px)' data-srcset='/p/rake-1400.jpg 1400w'><source data-srcset='/p/rake-500.jpg 500w'><img data-src='/p/rake-300.jpg' src='data:image/svg+xml,x'></picture><figcaption>{_SAID}</figcaption></figure>",
        ("rake-1400.jpg", _SAID, None),
    ),
    _picture(
        "srcset",
        f"<figure><img src='/p/rake.jpg' srcset='/p/rake.jpg 1x, /p/rake@2x.jpg 2x'><figcaption>{_SAID}</figcaption></figure>",
        ("rake@2x.jpg", _SAID, None),
    ),
    _picture(
        "srcset",
        f"<figure><amp-img src='/p/rake.jpg' width='800' height='500' layout='responsive'></amp-img><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "lazy",
        f"<figure><img src='/blank.gif' data-flickity-lazyload='/p/rake.jpg'><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "lazy",
        f"<figure><img src='/blank.gif' data-pin-media='/p/rake.jpg' data-lazy-src='/p/rake.jpg'><figcaption>{_SAID}</figcaption></figure>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "gallery",
        "<figure class='wp-block-gallery'><figure><img src='/p/a.jpg'><figcaption>The sluice</figcaption></figure><figure><img src='/p/b.jpg'><figcaption>The weir</figcaption></figure><figcaption>Views of the works in March</figcaption></figure>",
        ("a.jpg", "The sluice", None),
        ("b.jpg", "The weir", None),
    ),
    _picture(
        "gallery",
        "<figure class='wp-block-gallery'><ul class='blocks-gallery-grid'><li><figure><img src='/p/a.jpg'></figure></li><li><figure><img src='/p/b.jpg'></figure></li></ul><figcaption class='blocks-gallery-caption'>Views of the works in March</figcaption></figure>",
        ("a.jpg", "Views of the works in March", None),
        ("b.jpg", "Views of the works in March", None),
    ),
    _picture(
        "gallery",
        "<div class='gallery'><figure class='gallery-item'><img src='/p/a.jpg'><figcaption class='gallery-caption'>The sluice</figcaption></figure><figure class='gallery-item'><img src='/p/b.jpg'><figcaption class='gallery-caption'>The weir</figcaption></figure></div>",
        ("a.jpg", "The sluice", None),
        ("b.jpg", "The weir", None),
    ),
    _picture(
        "gallery",
        "<figure class='kg-card kg-gallery-card'><div class='kg-gallery-container'><div class='kg-gallery-row'><div class='kg-gallery-image'><img src='/p/a.jpg'></div><div class='kg-gallery-image'><img src='/p/b.jpg'></div></div></div><figcaption>Views of the works in March</figcaption></figure>",
        ("a.jpg", "Views of the works in March", None),
        ("b.jpg", "Views of the works in March", None),
    ),
    _picture(
        "gallery",
        "<div class='slideshow'><div class='slide'><img src='/p/a.jpg'><p class='slide-caption'>The sluice</p></div><div class='slide'><img src='/p/b.jpg'><p class='slide-caption'>The weir</p></div></div>",
        ("a.jpg", "The sluice", None),
        ("b.jpg", "The weir", None),
    ),
    _picture(
        "gallery",
        "<figure class='image-gallery-wrapper'><div><figure><picture><img src='/p/a.jpg'></picture><figcaption>The sluice</figcaption></figure></div><div><figure><picture><img src='/p/b.jpg'></picture></figure></div><figcaption>Views of the works in March</figcaption></figure>",
        ("a.jpg", "The sluice", None),
        ("b.jpg", "Views of the works in March", None),
    ),
    _picture(
        "caption",
        f"<div class='wp-caption'><img src='/p/rake.jpg'><p class='wp-caption-text'>{_SAID}</p></div>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "caption",
        f"<table class='tr-caption-container'><tr><td><img src='/p/rake.jpg'></td></tr><tr><td class='tr-caption'>{_SAID}</td></tr></table>",
        ("rake.jpg", _SAID, None),
    ),
    _picture(
        "caption",
        f"<div class='media'><div class='media-caption'>{_SAID}</div><img src='/p/rake.jpg'></div>",
        ("rake.jpg", _SAID, None),
    ),
)
