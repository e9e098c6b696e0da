"""Roles and site profiles: a made-up site in four kinds of markup, and the sites that a profile must not harm."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from reading import HOST, NOW, html_of, read, read_with_profile, sketches
from synthetic_site import KINDS, Story, furniture, page, stories

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.sketch import read_sketches, write_sketches

SITE = stories()


def pages_of(kind: str) -> list[tuple[str, str]]:
    return [(story.path, page(story, SITE, kind)) for story in SITE]


def wrong_roles(story: Story, got: Extraction) -> list[tuple[str, str]]:
    left = list(got.segments)
    wrong = []
    for wanted in furniture(story, SITE):
        named = [segment for segment in left if segment.text == wanted.text]
        right = next((segment for segment in named if segment.role in wanted.roles), None)
        if right is None:
            wrong.append((wanted.text, named[0].role if named else "gone"))
        else:
            left.remove(right)
    return wrong


@pytest.mark.parametrize("kind", KINDS)
def test_every_body_is_exact_and_furniture_is_filed_in_any_markup(kind: str) -> None:
    got = read_with_profile(pages_of(kind))
    assert [one.article.text for one in got] == [story.text for story in SITE]
    assert [one.article.title for one in got] == [story.title for story in SITE]
    assert [[author.name for author in one.article.authors] for one in got] == [[story.author] for story in SITE]
    wrong = [fault for story, one in zip(SITE, got, strict=True) for fault in wrong_roles(story, one)]
    count = sum(len(furniture(story, SITE)) for story in SITE)
    assert len(wrong) <= 0.02 * count, wrong[:10]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_its_own_related_list_names_is_not_taken_for_longer_than_it_is(kind: str) -> None:
    # With twelve articles each page stands in its own list, the beginning of its text cut as a teaser among the others.
    few = SITE[:12]
    got = read_with_profile([(story.path, page(story, few, kind)) for story in few])
    assert [one.article.text for one in got] == [story.text for story in few]


def test_honest_markup_needs_no_profile() -> None:
    got = read(pages_of("honest"))
    assert [one.article.text for one in got] == [story.text for story in SITE]
    assert {fault for story, one in zip(SITE, got, strict=True) for fault in wrong_roles(story, one)} == set()


def test_the_profile_does_not_depend_on_any_order_or_on_pages_that_were_captured_twice() -> None:
    first = sketches(read(pages_of("hashed")))
    profile = learn_profile(HOST, first)
    assert profile is not None
    shuffled = [*first, *first[:5]]
    random.Random(3).shuffle(shuffled)
    again = learn_profile(HOST, shuffled)
    assert again is not None
    assert again.to_json() == profile.to_json()
    assert SiteProfile.from_json(profile.to_json()) == profile
    restored = read_sketches(write_sketches(first))
    other = learn_profile(HOST, restored)
    assert other is not None
    assert other.profile_id == profile.profile_id


def test_lines_that_an_earlier_reading_made_give_the_same_rows() -> None:
    pages = pages_of("hashed")[:6]
    first = read(pages)
    profile = learn_profile(HOST, sketches(first))
    assert profile is not None
    extractor = ArticleExtractor({HOST: profile}, "x")
    for (path, html), one in zip(pages, first, strict=True):
        assert one.sketch is not None
        record = PageRecord(f"http://{HOST}{path}", NOW, (("Content-Type", "text/html"),), html.encode())
        assert extractor.extract(replace(record, lines=one.sketch.blocks)) == extractor.extract(record)
        assert extractor.extract(replace(record, lines=one.sketch.blocks[1:])) == extractor.extract(record)


def test_a_site_of_two_articles_has_no_profile() -> None:
    pages = [
        (f"/{n}", html_of(SITE[n].title, ["The same words stand in both of them, word for word.", *SITE[n].paragraphs]))
        for n in range(2)
    ]
    assert learn_profile(HOST, sketches(read(pages))) is None


def test_a_column_keeps_the_line_that_it_always_opens_with() -> None:
    opening = "Good morning from the harbour, where the gulls are up already and the coffee is late once more."
    pages = [
        (story.path, html_of(story.title, [opening, *story.paragraphs] if story.number % 4 == 0 else story.paragraphs))
        for story in SITE
    ]
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        wanted = f"{opening}\n\n{story.text}" if story.number % 4 == 0 else story.text
        assert got.article.text == wanted


def test_articles_that_quote_one_another_keep_the_quotes() -> None:
    pages = []
    for story in SITE:
        quoted = SITE[(story.number + 1) % len(SITE)].paragraphs[0]
        paragraphs = [*story.paragraphs[:2], quoted, *story.paragraphs[2:]]
        pages.append((story.path, html_of(story.title, paragraphs)))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert SITE[(story.number + 1) % len(SITE)].paragraphs[0] in (got.article.text or "")
        assert (got.article.text or "").startswith(story.paragraphs[0])


def test_headings_and_lines_of_code_that_recur_inside_articles_stay() -> None:
    pages = []
    for story in SITE:
        middle = f"<pre>import numpy as np\nnp.random.seed(0)</pre><p>{story.paragraphs[2]}</p><h2>Conclusion</h2><p>{story.paragraphs[3]}</p>"
        pages.append((story.path, html_of(story.title, story.paragraphs[:2], middle)))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert "np.random.seed(0)" in (got.article.text or "")
        assert "Conclusion" in [heading.text for heading in got.article.headings]
        assert (got.article.text or "").endswith(story.paragraphs[3])


def test_a_live_blog_captured_again_and_again_keeps_its_entries() -> None:
    entries = [f"{SITE[n].paragraphs[0]}" for n in range(12)]
    live = [(f"/live?at={n}", html_of("Storm over the coast, hour by hour", entries[: 6 + n])) for n in range(6)]
    pages = [*live, *((story.path, html_of(story.title, story.paragraphs)) for story in SITE[12:])]
    got = read_with_profile(pages)
    for number in range(6):
        assert got[number].article.text == "\n\n".join(entries[: 6 + number])


@pytest.mark.parametrize("kind", ["flat", "honest"])
def test_a_page_is_not_judged_twice_and_gives_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = pages_of(kind)
    first = read(pages)
    profile = learn_profile(HOST, sketches(first))
    assert profile is not None
    wanted = read(pages, profile)

    def measured(*_: object) -> None:
        raise AssertionError("judged again")

    monkeypatch.setattr("broadsheet.pipelines.extract.body.body.measure", measured)
    extractor = ArticleExtractor({HOST: profile}, "x")
    got = [
        extractor.extract(PageRecord(f"http://{HOST}{path}", NOW, (("Content-Type", "text/html; charset=utf-8"),),
                                     html.encode(), one.body_decision))
        for (path, html), one in zip(pages, first, strict=True)
    ]  # fmt: skip
    assert got == wanted
    assert [one.body_decision for one in got] == [one.body_decision for one in first]
    cut = extractor.extract(PageRecord(f"http://{HOST}/a", NOW, (), pages[0][1].encode(), first[0].body_decision[:20]))
    assert cut.article.error is not None  # one that is of another page is not taken over
    assert "judged again" in cut.article.error
