"""What changed between two texts: nothing is left out, nothing invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.dataset.revision import changed_paragraphs

PARAGRAPH = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=6).map(" ".join)
TEXT = st.lists(PARAGRAPH, max_size=8).map("\n\n".join)


@given(TEXT, TEXT)
def test_the_one_text_and_the_changes_give_the_other(before: str, after: str) -> None:
    old, new = ([part for part in text.split("\n\n") if part] for text in (before, after))
    rebuilt: list[str] = []
    position = 0
    for change in changed_paragraphs(before, after):
        rebuilt += old[position : position + change.skipped]
        position += change.skipped
        if change.before:
            assert " ".join(piece.text for piece in change.before) == old[position]
            position += 1
        if change.after:
            rebuilt.append(" ".join(piece.text for piece in change.after))
    assert rebuilt + old[position:] == new


def test_a_rewritten_paragraph_shows_its_words_and_another_one_is_lost_and_gained() -> None:
    (change,) = changed_paragraphs("Same.\n\nThe mayor said yes today.", "Same.\n\nThe mayor said no today.")
    assert change.skipped == 1
    assert [piece.text for piece in change.before if piece.changed] == ["yes"]
    assert [piece.text for piece in change.after if piece.changed] == ["no"]
    lost, gained = changed_paragraphs("One thing entirely.", "Quite another matter.")
    assert (lost.after, gained.before) == ((), ())
    assert changed_paragraphs(None, None) == []
    (only,) = changed_paragraphs(None, "New.")
    assert only.before == ()


def test_a_rewrite_of_a_book_takes_no_minutes() -> None:
    before = "\n\n".join(f"Paragraph {number} of the first edition." for number in range(5000))
    after = "\n\n".join(f"Paragraph {number} of the second edition." for number in range(5000))
    assert len(changed_paragraphs(before, after)) == 5000
