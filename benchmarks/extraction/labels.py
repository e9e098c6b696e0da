"""Which blocks of a page are its article's body, told from the true text: what the block model learns from.

A block's label is the share of its runs of four words that stand in the true body; shorter blocks count when they stand there
between matched neighbours.  Weights make every page worth the same, and a block the root of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from metrics import bag_f1, tokens

WRONG = 0.75  # bag F1 that the blocks in the truth reach together; truths below it are cut short or of another page
_SEGMENT = 0.02  # weight of a block that a segment names: of these a page has two or three


@dataclass(frozen=True, slots=True)
class Labels:
    """``shares`` and ``weights`` of the blocks; ``forced`` are those of a standfirst that the truth counts as body."""

    shares: Any
    weights: Any
    forced: Any


def label(corpus: str, truth: dict[str, Any], texts: Sequence[str]) -> Labels:
    """The labels of the blocks *texts* of one page."""
    if corpus == "trafilatura" or not truth.get("body"):
        return _label_segments(truth, texts)
    words = [tokens(text.lower()) for text in texts]
    shares = _in_order(words, tokens(truth["body"].lower()))
    weights = np.sqrt([len(one) + 1.0 for one in words])
    weights /= weights.sum()
    if (
        bag_f1(truth["body"], "\n".join(text for text, share in zip(texts, shares, strict=True) if share >= 0.5))
        < WRONG
    ):
        weights *= 0.2
    forced = np.zeros(len(texts), dtype=bool)
    if corpus == "fundus":  # it counts the standfirst in, the others do not: the model learns from neither
        summaries = [" ".join(tokens(one.lower())) for one in truth.get("summary") or ()]
        forced = np.array(
            [len(text) > 15 and " ".join(own) in summaries for text, own in zip(texts, words, strict=True)]
        )
        weights = np.where(forced, 0.0, weights)
    if corpus == "magic-html":  # it counts headline and date in
        weights = np.where([len(text) > 60 for text in texts], weights, 0.0)
    return Labels(shares, weights, forced)


def _in_order(words: Sequence[Sequence[str]], truth: list[str]) -> Any:
    """The share of each block that is in the true text.

    What stands there once counts in one block: that in the thick of it, then the longest.  A teaser, a caption or a line
    below the headline with the words of a paragraph is none.
    """
    grams: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(truth) - 4, -1, -1):
        grams.setdefault(tuple(truth[at : at + 4]), []).append(at)
    labels, places = np.zeros(len(words)), np.full(len(words), -1)
    thick = np.floor(np.log2(1 + np.convolve([_known(own, grams) for own in words], np.ones(5), "same")[: len(words)]))
    for number in sorted(range(len(words)), key=lambda number: (-thick[number], -len(words[number]))):
        own = words[number]
        hits = [found.pop() for at in range(len(own) - 3) if (found := grams.get(tuple(own[at : at + 4])))]
        if len(own) >= 4:
            labels[number] = len(hits) / (len(own) - 3)
            if labels[number] > 0.5:
                places[number] = hits[0]
    matched = np.nonzero(places >= 0)[0]
    for number, own in enumerate(words):
        if not 0 < len(own) < 4 or not len(matched):
            continue
        before, after = matched[matched < number], matched[matched > number]
        near = (len(before) and number - before[-1] <= 12) or (len(after) and after[0] - number <= 12)
        start = places[before[-1]] + max(0, len(words[before[-1]]) - 3) if len(before) else 0
        stop = places[after[0]] + 3 if len(after) else len(truth)
        if near and f" {' '.join(own)} " in f" {' '.join(truth[start:stop])} ":
            labels[number] = 1.0
    return labels


def _known(words: Sequence[str], grams: dict[tuple[str, ...], list[int]]) -> int:
    return sum(tuple(words[at : at + 4]) in grams for at in range(len(words) - 3))


def _label_segments(truth: dict[str, Any], texts: Sequence[str]) -> Labels:
    labels, weights = np.zeros(len(texts)), np.zeros(len(texts))
    for number, text in enumerate(texts):
        flat = " ".join(text.split())
        if any(wanted.strip() and " ".join(wanted.split()) in flat for wanted in truth.get("with") or ()):
            labels[number], weights[number] = 1.0, _SEGMENT
        elif any(
            other.strip() and " ".join(other.split()) in flat and 2 * len(other) > len(flat)
            for other in truth.get("without") or ()
        ):
            weights[number] = _SEGMENT
    return Labels(labels, weights, np.zeros(len(texts), dtype=bool))
