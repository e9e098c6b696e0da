"""Forms of a site: what is learnt is the same in any order, from any parts; small and mixed sites keep their articles."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import HOST, html_of, read, read_with_profile, sketches
from synthetic_site import stories

from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.sketch import read_sketches, write_sketches

SITE = stories()[:12]
TOWNS = ("Accra", "Bergen", "Cadiz", "Dakar", "Esbjerg", "Fano", "Gdynia", "Haifa", "Izmir", "Jena", "Kyoto", "Lyon")


def bodies(lines: Sequence[Sequence[str]]) -> list[str | None]:
    """The bodies of pages whose blocks are *lines*, in markup that says nothing."""
    pages = []
    for story, own in zip(SITE, lines, strict=False):
        flat = "".join(f"{line}<br><br>" for line in own)
        pages.append((story.path, f"<title>{story.title}</title><div><h1>{story.title}</h1>{flat}</div>"))
    return [one.article.text for one in read_with_profile(pages)]


def texts(count: int = 12) -> list[str]:
    return ["\n\n".join(story.paragraphs) for story in SITE[:count]]


@pytest.mark.parametrize("count", [4, 6, 12])
def test_what_stands_about_articles_in_plain_lines_is_no_part_of_them(count: int) -> None:
    lines = [
        ["Town desk", f"Written by {story.author}", *story.paragraphs, f"Listen: episode {story.number} from {town}",
         "Follow the desk", f"Printed on page {story.number + 3}"]
        for story, town in zip(SITE[:count], TOWNS, strict=False)
    ]  # fmt: skip
    assert bodies(lines) == texts(count)


def test_a_box_amid_the_text_goes_and_a_heading_that_recurs_stays() -> None:
    boxed, headed = [], []
    for story, town in zip(SITE, TOWNS, strict=True):
        at = 1 + story.number % (len(story.paragraphs) - 1)
        box = ["Poll of the day", f"Should the fair move to {town}?", "For it", "Against it"]
        boxed.append([*story.paragraphs[:at], *box, *story.paragraphs[at:]])
        headed.append([story.paragraphs[0], "What happened next", *story.paragraphs[1:]])
    assert bodies(boxed) == texts()
    assert all("What happened next" in (text or "") for text in bodies(headed))


def test_an_author_whom_nothing_introduces_is_known_by_the_sites_biographies() -> None:
    pages = []
    for story in SITE:
        about = f"<p>{story.author}</p><p>{story.author} has written for the paper since the year of the flood.</p>"
        pages.append((story.path, html_of(story.title, [story.author, *story.paragraphs], about)))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == story.text
        assert [one.name for one in got.article.authors] == [story.author]


def test_sentences_about_the_author_at_the_end_are_known_though_no_two_are_alike() -> None:
    lines = [
        [f"By {story.author}", *story.paragraphs, f"{story.author} can be reached at 555 01{story.number:02}, at any hour of the day."]
        for story in SITE
    ]  # fmt: skip
    assert bodies(lines) == texts()
    told = [[f"By {story.author}", *story.paragraphs[:-1], f"{story.author} was there: {story.paragraphs[-1]}", *story.paragraphs[-1:]]
            for story in SITE]  # fmt: skip
    assert all(f"{story.author} was there" in (text or "") for story, text in zip(SITE, bodies(told), strict=True))


def test_who_comments_is_no_author_where_the_page_names_none() -> None:
    pages = []
    for story, town in zip(SITE, TOWNS, strict=True):
        said = f"<p>Rita {story.author.split()[1]}, 3 May 2026</p><p>My aunt in {town} saw all of it from her kitchen window.</p>"
        pages.append((story.path, html_of(story.title, story.paragraphs, f"<p>Readers wrote</p>{said}<p>Reply</p>")))
    got = read_with_profile(pages)
    assert [one.article.text for one in got] == [story.text for story in SITE]
    assert not any(one.article.authors for one in got)


def test_a_subhead_right_below_a_box_stays_though_an_advertisement_parts_it_from_its_text() -> None:
    heads = ("What happened next", "How it began", "The vote")
    pages = []
    for story in SITE:
        parts = [f"<p>{one}</p>" for one in story.paragraphs]
        box = "<p class=nl>The Daily at noon</p><p>All that matters today, in your mailbox.</p><button>Sign up</button>"
        head = f"<h2>{heads[story.number % len(heads)]}</h2><div>Advertisement</div>"
        body = [parts[0], *parts[1:2], box, head, *parts[2:]]
        pages.append((story.path, f"<title>{story.title}</title><main><h1>{story.title}</h1>{''.join(body)}</main>"))
    for story, one in zip(SITE, read_with_profile(pages), strict=True):
        assert heads[story.number % len(heads)] in (one.article.text or "")
        assert "Sign up" not in (one.article.text or "")


def test_what_stands_around_the_page_s_own_headline_is_the_site_s_if_it_is_on_all_articles() -> None:
    lines = [
        [*story.paragraphs, f"The post {story.title} appeared first on the site of The Daily, where it can be read."]
        for story in SITE
    ]
    assert bodies(lines) == texts()
    told = [[*story.paragraphs, f"{town} says of {story.title}: nothing at all of the kind was ever seen there."]
            for story, town in zip(SITE, TOWNS, strict=True)]  # fmt: skip
    assert all(town in (text or "") for town, text in zip(TOWNS, bodies(told), strict=True))


def test_removals_say_why_in_words() -> None:
    pages = [(story.path, html_of(story.title, story.paragraphs, "<p>Follow the desk</p>")) for story in SITE]
    last = read_with_profile(pages)[0].segments[-1]
    assert last.role_source == "site_template: stands on 12 of 12 articles, never before text"


SKETCHES = sketches(read([(story.path, html_of(story.title, story.paragraphs, "<p>Follow us</p>")) for story in SITE]))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, len(SKETCHES)), st.randoms(use_true_random=False))
def test_parts_brought_together_in_any_order_teach_what_all_at_once_teaches(cut: int, rng: random.Random) -> None:
    whole = learn_profile(HOST, SKETCHES)
    shuffled = rng.sample(SKETCHES, len(SKETCHES))
    parts = [*read_sketches(write_sketches(shuffled[cut:])), *read_sketches(write_sketches(shuffled[:cut]))]
    again = learn_profile(HOST, parts)
    assert whole is not None
    assert again is not None
    assert again.to_json() == whole.to_json()
    assert SiteProfile.from_json(whole.to_json()) == whole


def test_a_profile_of_an_older_version_is_refused() -> None:
    profile = learn_profile(HOST, SKETCHES)
    assert profile is not None
    values = json.loads(profile.to_json())
    values["version"] -= 1
    with pytest.raises(ValueError, match="version"):
        SiteProfile.from_json(json.dumps(values).encode())


def test_a_preface_above_the_text_and_lines_that_articles_write_again_stay() -> None:
    pages = []
    for story in SITE:
        text = "".join(f"<p>{one}</p><p>import numpy as np</p>" for one in story.paragraphs[:-1])
        preface = "<h2>Preface</h2>" if story.number % 2 else ""
        inner = f"{preface}{text}<p>{story.paragraphs[-1]}</p>"
        pages.append((story.path, html_of(story.title, [], f"<div>{inner}</div>")))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert (got.article.text or "").startswith("Preface") == (story.number % 2 == 1)
        assert (got.article.text or "").count("import numpy as np") == len(story.paragraphs) - 1


def test_numbers_amid_the_text_stay_though_each_article_begins_with_one() -> None:
    lines = [
        [str(story.number + 100), story.paragraphs[0], str(story.number + 200), *story.paragraphs[1:]] for story in SITE
    ]
    for story, text in zip(SITE, bodies(lines), strict=True):
        assert f"\n\n{story.number + 200}\n\n" in (text or "")
