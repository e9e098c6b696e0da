"""Which of a picture's addresses is taken, and that no srcset, however broken, holds a page up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.compose.sources import candidates
from broadsheet.pipelines.extract.extraction import PageRecord


@pytest.mark.parametrize(
    ("picture", "wanted"),
    [
        ("<img srcset='s.jpg 320w, a.jpg 1200w, x.jpg 6000w'>", "a.jpg"),
        ("<img srcset='s.jpg 320w, a.jpg 900w' src=s.jpg>", "a.jpg"),
        ("<img srcset='s.jpg 1x, a.jpg 2x' src=s.jpg>", "a.jpg"),
        ("<img src='t.jpg?w=20' srcset='s.jpg 320w, a.jpg 1200w'>", "a.jpg"),
        (
            "<picture><source srcset='a.webp 1200w, s.webp 300w'><source srcset='b.jpg 1200w'><img src=s.jpg></picture>",
            "a.webp",
        ),
        ("<img src=data:image/gif;base64,R data-srcset='s.jpg 320w, a.jpg 900w'>", "a.jpg"),
        ("<img data-slider-lazyload-srcset='s.jpg 320w, a.jpg 900w'>", "a.jpg"),
        ("<img src=s.jpg srcset='a.jpg'>", "s.jpg"),
        ("<img src=blank.gif data-src=a.jpg>", "a.jpg"),
        ("<img src=data:image/gif;base64,R><noscript><img src=a.jpg></noscript>", "a.jpg"),
        ("<img src=/grey.png class=lazyload><noscript><img src=a.jpg></noscript>", "a.jpg"),
        ("<span><img src=/1x1.gif></span><noscript><img src=a.jpg></noscript>", "a.jpg"),
        ("<div style='color:red;background-image:url(\"a.jpg\")'></div>", "a.jpg"),
        ("<a style='background: #fff url(a.jpg) no-repeat' href=/x></a>", "a.jpg"),
        ("<div data-bg=a.jpg></div>", "a.jpg"),
    ],
)
def test_the_address_is_that_which_a_reader_would_want(picture: str, wanted: str) -> None:
    figure = f"<figure>{picture}<figcaption>A ferry in the ice at the pier</figcaption></figure>"
    text = "<p>The harbour froze for the first time in forty years, and the ferries stayed at their piers.</p>" * 5
    html = f"<html><body><article><h1>Ice</h1>{text}{figure}{text}</article></body></html>"
    page = PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), (), html.encode())
    (image,) = ArticleExtractor().extract(page).images
    assert (image.image_url.rsplit("/", 1)[-1], image.caption) == (wanted, "A ferry in the ice at the pier")


@given(st.text(alphabet="a.1x w,\n/:", max_size=60))
def test_addresses_come_from_the_srcset_and_are_whole(srcset: str) -> None:
    for worth, target in candidates(srcset):
        assert target in srcset
        assert target.split() == [target]
        assert not target.endswith(",")
        assert worth >= 0
