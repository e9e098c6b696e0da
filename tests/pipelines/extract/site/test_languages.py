"""Sites whose pages come in several languages in one template: labels are counted in their language, places and forms in all."""

from __future__ import annotations

import numpy as np
from reading import HOST, read, read_with_profile, sketches
from synthetic_site import stories

from broadsheet.pipelines.extract.site.kinship import STRANGE, kinship
from broadsheet.pipelines.extract.site.languages import Languages
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.sketch import read_sketches, write_sketches

THINGS = "Brücke Mühle Werft Kapelle Schleuse Bäckerei".split()  # noqa: SIM905
TOWNS = "Husum Fulda Kiel Graz Bern Emden".split()  # noqa: SIM905
MENUS = {"en": ("Start page", "Economy", "Stage"), "de": ("Startseite", "Wirtschaft", "Bühne")}
BELOW = {"en": "Our newsroom grows its own tea.", "de": "Die Redaktion zieht ihren Tee selbst."}


def german(number: int) -> list[str]:
    thing, town = THINGS[number], TOWNS[number]
    return [
        f"Die alte {thing} von {town} wird nach langem Streit im kommenden Frühjahr endlich wieder aufgebaut.",
        f"Der Rat von {town} hatte die {thing} schon vor {number + 11} Jahren schließen lassen, weil das Geld dafür fehlte.",
        f"Nun wollen {number + 3} Familien aus {town} die {thing} auf eigene Kosten wieder herrichten und betreiben.",
    ]


def page(language: str, title: str, paragraphs: list[str]) -> str:
    lines = [*MENUS[language], title, *paragraphs, BELOW[language]]
    return f"<html lang={language}><title>{title}</title><body><div>{''.join(f'{one}<br><br>' for one in lines)}</div></body>"


def test_labels_of_a_language_of_few_articles_are_learnt_from_these() -> None:
    told = [(f"/de/{at}", "de", f"Streit um die {THINGS[at]} von {TOWNS[at]}", german(at)) for at in range(4)]
    told += [(story.path, "en", story.title, list(story.paragraphs)) for story in stories()[:12]]
    pages = [(path, page(language, title, paragraphs)) for path, language, title, paragraphs in told]
    for (_, _, _, paragraphs), got in zip(told, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(paragraphs)
    profile = learn_profile(HOST, sketches(read(pages)))
    assert profile is not None
    assert set(profile.partly.values()) == {4, 12}, "on how many pages each label could stand"


def test_a_value_could_stand_on_the_pages_in_its_languages() -> None:
    languages = Languages.of(["en", "de", "en", "", "de", "en"])
    page = np.array([0, 1, 1, 4, 3, 5])
    values = np.array([7, 7, 8, 8, 9, 6])
    assert languages.pages_for_each(values, page).tolist() == [5, 5, 2, 2, 1, 3]
    few = languages.among(np.array([True, False, True, False, True, True]))
    assert few.pages_for(np.array([0, 0, 1]), np.array([0, 1, 4]), 2).tolist() == [4, 1]


def test_text_without_spaces_is_as_akin_to_its_page_as_text_with_spaces() -> None:
    text = [
        "市议会周二决定明年春天重建旧港口大桥",
        "这座港口大桥十年前因为缺乏资金而关闭",
        "市议会表示重建大桥需要三年时间",
    ]
    wide = [2 * len(one) for one in [*text, "今日星座运势"]]
    *own, box = kinship([*text, "今日星座运势"], wide, [True, True, True, False])
    assert min(own) > STRANGE > box == 0


def test_a_sketch_keeps_the_language_of_its_page() -> None:
    found = sketches(read([("/de/0", page("de", "Streit um die Mühle", german(1)))]))
    assert [one.language for one in read_sketches(write_sketches(found))] == ["de"]


def test_labels_around_texts_of_other_languages_count_among_the_pages_that_have_them() -> None:
    """Four pages in Spanish have a label, and two of nine in English, whose text alone is English."""
    languages = Languages.of(["es"] * 4 + ["en"] * 9)
    page = np.array([0, 1, 2, 3, 4, 5])
    assert languages.pages_for(np.zeros(6, np.int64), page, 1).tolist() == [6]
    rare = np.array([4, 6, 8])
    assert languages.pages_for(np.zeros(3, np.int64), rare, 1).tolist() == [9]
    assert languages.pages_for(np.zeros(13, np.int64), np.arange(13), 1).tolist() == [13]
