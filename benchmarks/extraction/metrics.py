"""How close an extracted text is to the true one: shingles, bags of words, segments; titles, authors, days; bootstrap.

Shingle precision and recall over runs of four words, averaged over pages and then made F1, are the measure of the article
extraction benchmark of Scrapinghub; the F1 of bags of words, averaged over pages, that of WCXB; segments that must and must
not be there, that of trafilatura's evaluation.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SPACELESS = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
_TOKEN = re.compile(rf"{_SPACELESS}|(?:(?!{_SPACELESS})\w)+")
_GRAM = 4


def tokens(text: str) -> list[str]:
    """Words; characters where no spaces are written."""
    return _TOKEN.findall(text.replace("\u00ad", ""))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words, with how often each stands there."""
    words = tokens(text)
    return Counter(tuple(words[at : at + _GRAM]) for at in range(max(1, len(words) - _GRAM + 1)) if words)


def shingle_scores(truth: str, found: str) -> tuple[float | None, float | None]:
    """Precision (None when nothing was found) and recall."""
    wanted, got = shingles(truth), shingles(found)
    common = (wanted & got).total()
    return (common / got.total() if got else None), (common / wanted.total() if wanted else None)


def bag_f1(truth: str, found: str) -> float:
    """F1 over the words, whatever their order."""
    wanted, got = Counter(tokens(truth.lower())), Counter(tokens(found.lower()))
    if not wanted or not got:
        return float(not wanted and not got)
    return 2 * (wanted & got).total() / (wanted.total() + got.total())


def f1(precision: float, recall: float) -> float:
    """Their harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class BodyScore:
    """One page."""

    precision: float | None
    recall: float | None
    bag: float


def score_body(truth: str, found: str) -> BodyScore:
    """All measures of one text."""
    precision, recall = shingle_scores(truth, found)
    return BodyScore(precision, recall, bag_f1(truth, found))


def corpus_f1(scores: Sequence[BodyScore]) -> float:
    """F1 of mean precision and mean recall."""
    precisions = [score.precision for score in scores if score.precision is not None]
    recalls = [score.recall for score in scores if score.recall is not None]
    return f1(sum(precisions) / max(len(precisions), 1), sum(recalls) / max(len(recalls), 1))


def corpus_bag(scores: Sequence[BodyScore]) -> float:
    """Mean F1 over bags of words."""
    return sum(score.bag for score in scores) / max(len(scores), 1)


def paired_interval(
    ours: Sequence[BodyScore],
    theirs: Sequence[BodyScore],
    measure: Callable[[Sequence[BodyScore]], float],
    rounds: int = 1000,
) -> tuple[float, float]:
    """The 95 % interval of ours minus theirs, pages drawn anew *rounds* times."""
    rng = random.Random(1)
    count = len(ours)
    differences = []
    for _ in range(rounds):
        drawn = [rng.randrange(count) for _ in range(count)]
        differences.append(measure([ours[at] for at in drawn]) - measure([theirs[at] for at in drawn]))
    differences.sort()
    return differences[int(0.025 * rounds)], differences[int(0.975 * rounds) - 1]


def same_title(truth: str, found: str) -> bool:
    """Whether titles are equal but for case, punctuation and kinds of quotes."""
    return folded(truth) == folded(found)


def folded(text: str) -> str:
    """*text* without case and punctuation."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
