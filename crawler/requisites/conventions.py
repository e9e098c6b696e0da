"""Words by which pages name what they show: relations of links, names of metas, attributes of lazy loaders.

Lazy loading has no standard: each library keeps the URL in an attribute of its own until the picture comes into view.
"""

from __future__ import annotations

from broadsheet.crawler.requisites.kind import Kind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Where lazy loaders keep a URL ...
LAZY_URLS = _words("""
    data-src data-src-lazy data-src-large data-src-retina data-original data-original-src data-orig-src data-actualsrc
    data-lazy data-lazy-src data-lazyload data-lazyload-src data-flickity-lazyload data-flickity-lazyload-src
    data-echo data-unveil data-cfsrc data-ezsrc data-hires data-hi-res-src data-retina data-at2x data-thumb data-url
    data-img data-img-src data-img-url data-image data-image-src data-full-src data-large-src data-media-src
""")
# ... a srcset ...
LAZY_SETS = _words("""
    data-srcset data-src-set data-lazy-srcset data-original-set data-orig-srcset data-ezsrcset data-bgset
    data-lazy-bgset data-flickity-lazyload-srcset
""")
# ... and, on any element, a background.
LAZY_BACKGROUNDS = _words("""
    data-bg data-bg-src data-bg-image data-bg-url data-bg-hidpi data-background data-background-image
    data-background-src data-lazy-bg data-lazy-background data-image-src data-parallax-image data-src
""")
LAZY = LAZY_URLS | LAZY_SETS | LAZY_BACKGROUNDS

ICONS = _words("""
    icon apple-touch-icon apple-touch-icon-precomposed apple-touch-startup-image mask-icon fluid-icon image_src
""")
PICTURE_METAS = _words("""
    og:image og:image:url og:image:secure_url twitter:image twitter:image:src image thumbnail thumbnailurl
    msapplication-tileimage msapplication-square70x70logo msapplication-square150x150logo
    msapplication-wide310x150logo msapplication-square310x310logo
""")
# Destinations of a preload (Fetch, 2.2.5); others are data.
PRELOADS = {
    "image": Kind.IMAGE,
    "style": Kind.STYLE,
    "script": Kind.SCRIPT,
    "worker": Kind.SCRIPT,
    "font": Kind.FONT,
    "video": Kind.MEDIA,
    "audio": Kind.MEDIA,
    "track": Kind.MEDIA,
    "document": Kind.FRAME,
}
# What the URL in a lazy attribute of these elements is for.
MEDIA_TAGS = {
    "img": Kind.IMAGE,
    "image": Kind.IMAGE,
    "source": Kind.IMAGE,
    "amp-img": Kind.IMAGE,
    "input": Kind.IMAGE,
    "video": Kind.MEDIA,
    "audio": Kind.MEDIA,
    "amp-video": Kind.MEDIA,
    "iframe": Kind.FRAME,
    "embed": Kind.OBJECT,
    "script": Kind.SCRIPT,
}
SCRIPT_TYPES = frozenset(
    ["", "module", "text/javascript", "application/javascript", "text/ecmascript", "application/x-javascript"]
)
