"""Options of the rows: the article's images in Markdown; each option is part of the extraction's identity."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

from broadsheet.pipelines.derive.capture_filter import CaptureFilter
from broadsheet.pipelines.derive.supervisor import spec_without_profiles
from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.options import ExtractionOptions

WITH_IMAGES = ExtractionOptions(markdown_images=True)
WORDS = "The ferry company that links both shores of the bay said on Monday that it would retire its oldest boat. " * 3
PAGE = f"""<html><head><title>Boats</title></head><body><article><h1>Boats of the bay</h1>
<figure><img src="/hero.jpg" alt="A [boat]" width=900><figcaption>The Alma *leaves*. <span class="credit">Photo: Jane Doe</span></figcaption></figure>
<p>{WORDS}</p><ul><li>one<li>two <img src="i.png" width=400 height=300><li>three</ul><p>{WORDS}</p>
<img src="/a b(1).jpg" width=800 height=600><p>{WORDS}</p></article></body></html>"""


def test_images_stand_in_place_and_never_within_a_list() -> None:
    record = PageRecord("http://a.example/x/", datetime(2026, 1, 1, tzinfo=UTC), (), PAGE.encode())
    plain, pictured = ArticleExtractor(), ArticleExtractor(options=WITH_IMAGES)
    one, other = plain.extract(record), pictured.extract(record)
    words = WORDS.strip()
    assert other.article.text_markdown == (
        "![A \\[boat\\]](http://a.example/hero.jpg)  \n*The Alma \\*leaves\\*.* Photo: Jane Doe\n\n"
        f"{words}\n\n- one\n- two\n- three\n\n![](http://a.example/x/i.png)\n\n{words}\n\n"
        f"![](http://a.example/a%20b%281%29.jpg)\n\n{words}"
    )
    assert (other.article.text, other.images, other.segments) == (one.article.text, one.images, one.segments)
    assert "![" not in (one.article.text_markdown or "")


def test_an_option_is_part_of_the_identity_and_reaches_the_workers() -> None:
    wanted = CaptureFilter(languages=frozenset({"en"}))
    specs = [
        spec_without_profiles(),
        spec_without_profiles(options=WITH_IMAGES),
        spec_without_profiles(wanted, WITH_IMAGES),
    ]
    assert len({spec.extraction_id for spec in specs}) == len({spec.base_id for spec in specs}) == 3
    for spec in specs:
        made = pickle.loads(pickle.dumps(spec)).make()
        assert (made.extraction_id, made.base_id) == (spec.extraction_id, spec.base_id)
