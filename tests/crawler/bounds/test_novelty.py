"""A form that is filled in with other numbers says nothing new; a text does, once."""

from __future__ import annotations

from broadsheet.crawler.bounds.novelty import LONG, Novelty


def page(title: str, text: str) -> bytes:
    return f"<title>{title}</title><nav><a href=/>All news of the day</a></nav><p>{text}</p>".encode()


def test_the_same_form_is_new_once() -> None:
    novelty = Novelty()
    form = "On day {} of the month there are no events in the {} and nobody has planned any others for the coming weeks"
    first = novelty.weigh("a", "http://a/cal/3", page("Day 3", form.format(3, "alpha")))
    again = novelty.weigh("a", "http://a/cal/beta/4", page("Day 4 beta", form.format(4, "beta")))
    assert first.is_new
    assert (again.is_new, again.is_copy) == (False, False)
    assert novelty.weigh("b", "http://b/cal/4", page("Day 4", form.format(4, "beta"))).is_new
    assert again.length < LONG


def test_a_copy_is_told() -> None:
    novelty = Novelty()
    text = page("None", "Nothing is here. " * 200)
    assert not novelty.weigh("a", "http://a/1", text).is_copy
    assert novelty.weigh("a", "http://a/2", text).is_copy


def test_another_text_is_new() -> None:
    novelty = Novelty()
    words = [f"w{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}x" for n in range(100)]
    assert novelty.weigh("a", "http://a/1", page("One", " ".join(words[:50]))).is_new
    assert novelty.weigh("a", "http://a/2", page("Two", " ".join(words[50:]))).is_new
