"""Tokens and shingles: the same for typographic variants, in every script, in every process."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.dedupe.boilerplate import common_shingles, without
from broadsheet.pipelines.dedupe.relation import relate
from broadsheet.pipelines.dedupe.shingles import mix, print_of
from broadsheet.pipelines.tokens import MAX_TOKENS, tokens, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Smart quotes” — and dashes…", '"Smart quotes" - and dashes...'),
        ("ＦＵＬＬ width １２", "full width 12"),
        ("STRASSE", "straße"),
        ("line\n\nend\u00a0and\u200bspace", "line end and space"),
        ("«Guillemets», ¿preguntas?", "Guillemets preguntas"),
        ("ﬁnal", "final"),
        ("北京，大学生。", "北京 大学生"),
    ],
)
def test_typography_does_not_count(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


def test_words_of_indic_scripts_are_whole() -> None:
    assert tokens("हिन्दी में लिखा हुआ। दूसरा") == ["हिन्दी", "में", "लिखा", "हुआ", "दूसरा"]


def test_scripts_without_spaces_are_cut_into_windows() -> None:
    assert tokens("北京大学生") == ["北京大", "京大学", "大学生"]
    assert tokens("สวัสดีครับ")[0] == "สวัสดี"
    assert tokens("我") == ["我"]
    assert tokens("the 北京大学 of") == ["the", "北京大", "京大学", "of"]


def test_words_count_characters_where_words_are_not_parted() -> None:
    assert words("Die Stadt 北京, hm?") == ["Die", "Stadt", "北", "京", "hm"]


def test_a_monstrous_text_is_cut() -> None:
    assert len(tokens("a b " * MAX_TOKENS)) == MAX_TOKENS
    assert len(tokens("北京" * MAX_TOKENS)) == MAX_TOKENS


@given(st.text())
def test_any_text_has_a_print(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    one = print_of(text)
    assert (np.diff(one.shingles.astype(np.int64)) > 0).all()
    assert len(one.shingles) <= max(0, len(tokens(text)) - 2)
    assert one.digest == print_of(text).digest


@given(st.lists(st.sampled_from("abcdefghij"), max_size=60), st.lists(st.sampled_from("abcdefghij"), max_size=60))
def test_relation_is_that_of_the_sets(first: list[str], second: list[str]) -> None:
    def triples(tokens: list[str]) -> set[tuple[str, ...]]:
        return set(zip(tokens, tokens[1:], tokens[2:], strict=False))

    relation = relate(print_of(" ".join(first)).shingles, print_of(" ".join(second)).shingles)
    one, other = triples(first), triples(second)
    assert (relation.shared, relation.first, relation.second) == (len(one & other), len(one), len(other))
    assert relation.jaccard == pytest.approx(len(one & other) / max(1, len(one | other)))


def test_prints_are_the_same_in_another_process() -> None:
    text = "The quick brown fox jumps over the lazy dog; " * 3
    program = (
        f"from broadsheet.pipelines.dedupe.shingles import print_of; one = print_of({text!r}); "
        "print(one.digest.hex(), sum(one.shingles.tolist()))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    one = print_of(text)
    assert answer.split() == [one.digest.hex(), str(sum(one.shingles.tolist()))]


def test_a_passage_is_found_wherever_it_stands() -> None:
    rng = np.random.default_rng(1)
    story = [f"w{number}" for number in rng.integers(0, 5000, 400)]
    whole = print_of(" ".join(story))
    cut = print_of("quite another introduction to it " + " ".join(story[100:160]) + " and an end of its own")
    shared = np.intersect1d(whole.passages[:, 0], cut.passages[:, 0])
    assert len(shared) >= 3


def test_mixing_is_one_to_one() -> None:
    assert len(np.unique(mix(np.arange(100_000, dtype=np.uint64)))) == 100_000


def pages(shared: int, count: int, own: int = 50) -> dict[int, np.ndarray]:
    begin = np.arange(shared, dtype=np.uint32)
    return {row: np.concatenate([begin, 1000 + row * own + np.arange(own)]).astype(np.uint32) for row in range(count)}


def test_what_recurs_on_a_host_is_boilerplate() -> None:
    host = pages(shared=20, count=30)
    common = common_shingles(np.arange(30), mix(np.arange(30, dtype=np.uint64)), host.__getitem__)
    assert common.tolist() == list(range(20))
    assert without(host[3], common).sum() == 50


def test_a_page_that_was_captured_often_is_no_boilerplate() -> None:
    host = pages(shared=20, count=30)
    one_url = np.full(30, 7, np.uint64)
    assert len(common_shingles(np.arange(30), one_url, host.__getitem__)) == 0


def test_one_page_teaches_no_boilerplate() -> None:
    host = pages(shared=20, count=1)
    assert len(common_shingles(np.arange(1), mix(np.arange(1, dtype=np.uint64)), host.__getitem__)) == 0


@pytest.mark.parametrize("count", [2, 5])
@pytest.mark.parametrize(("shared", "boilerplate"), [(20, 20), (300, 0)])
def test_on_a_small_host_stories_count_not_their_versions(shared: int, boilerplate: int, count: int) -> None:
    host = pages(shared=shared, count=count)
    assert (
        len(common_shingles(np.arange(count), mix(np.arange(count, dtype=np.uint64)), host.__getitem__)) == boilerplate
    )
