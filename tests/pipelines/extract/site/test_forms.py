"""Forms of lines: what "By Ann Lee" and "By Tom Fox" have in common, and what is a name, a label, a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.site.address import addresses_reader
from broadsheet.pipelines.extract.site.forms import BEGINNING, beginning_of, columns, form_of, is_amount, is_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("By Ann Lee", "By Tom Fox"),
        ("By Ann Lee\nDesk Editor", "By Tom Fox\nDesk Editor"),
        ("By Ann Lee, 3 May 2026", "By Tom van Fox, 12 June 2026"),
        ("Ann Lee, 2026-05-03", "Tom Fox, 2026-06-12"),
        ("5 Min. Lesezeit", "12 Min. Lesezeit"),
        ("1 / 7", "3 / 9"),
        ("👁 231", "👁 7"),
        ("Printed from https://daily.example/2026/fair", "Printed from https://daily.example/2026/a-mill-12/?print=1"),
        ("Appeared on page 12 of the print edition.", "Appeared on page 3 of the print edition."),
    ],
)
def test_lines_that_differ_by_a_name_or_a_number_have_one_form(one: str, other: str) -> None:
    assert form_of(one).form == form_of(other).form != 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("By Ann Lee", "Photo Ann Lee"), ("5 min read", "5 comments"), ("12:30", "3 May 2026"), ("👁 5", "★ 5")],
)
def test_lines_of_other_words_have_other_forms(one: str, other: str) -> None:
    assert form_of(one).form != form_of(other).form


def test_text_without_slots_has_no_form() -> None:
    assert form_of("Background").form == 0


def test_what_follows_a_label_or_stands_for_the_name_is_known_as_it_would_be_alone() -> None:
    assert form_of("See also: The bridge opens").rest == hash_of("The bridge opens")
    assert form_of("By Ann Lee").rest == hash_of("Ann Lee")
    assert form_of("By Ann Lee\nHerald Staff Writer").rest == hash_of("Ann Lee")
    assert form_of("Ann Lee · 3.5.2026").rest == hash_of("Ann Lee")
    assert form_of("https://example.org/").label == 0


def test_a_label_that_begins_with_a_name_has_a_slot_for_it() -> None:
    one, other = form_of("Ann Lee wrote: no."), form_of("Tom wrote: yes.")
    assert one.named
    assert one.label == other.label


def test_names_look_like_names() -> None:
    assert all(map(is_name, ("Ann Lee", "Ludwig van Beethoven", "山田太郎")))
    assert not any(map(is_name, ("Ann", "Ann Lee writes", "By: Ann Lee", "Route 66", "the bridge", "ابريل")))


def test_a_month_between_numbers_is_no_authors_name() -> None:
    assert not form_of("١٥ ابريل ١٨٧٧").introduces
    assert form_of("Ann Lee, 3 May 2026").introduces


def test_sentences_that_ask_speak_to_the_reader() -> None:
    assert addresses_reader("Get the best stories in your inbox every morning.")
    assert addresses_reader("Die Nachrichten jeden Morgen in Ihrem Postfach.")
    assert addresses_reader("公式アカウントをフォローしてください。")
    assert not addresses_reader("The ministry did not reply to a request for comment.")


@given(st.text(max_size=300))
def test_any_text_has_a_width_a_beginning_and_a_form(text: str) -> None:
    assert len(text) <= columns(text) <= 2 * len(text)
    assert len(beginning_of(text)) <= BEGINNING
    if text.strip():
        assert form_of(text) == form_of(text)


def test_a_bare_number_beside_capital_words_is_no_date_of_a_name() -> None:
    assert form_of("Ann Lee, 3 May 2026").introduces
    assert form_of("Ann Lee 03.05.").introduces
    assert not form_of("90 Lee Centres").introduces
    assert form_of("4.5 of 120 readers like our app most").wordy
    assert not form_of("90 Lee Centres").wordy


def test_an_amount_begins_with_a_number_that_is_neither_a_date_nor_a_time() -> None:
    assert all(map(is_amount, ("900 g Mehl", "2 Eier", "1,5 l water")))
    assert not any(map(is_amount, ("12 May 2026: market", "20:15 The lantern", "Flour 200 g", "1 / 7")))
