"""The measures of each block of a page, by which the block model scores it.

block     text, links and markup of the block itself; whether title, description or embedded article text agree with it
tree      the elements that it stands in, all blocks with the same path (a list of teasers is a list because its members
          look alike), the branch that leaves the way to the text
place     where it stands, the heading above it, the blocks beside it
opinion   the first forest's scores of the whole page, and trafilatura's verdict, for the second forests

Every part gives its columns by name, so names and numbers stay together.  Nothing here is about one site, or about a language
beyond the words of `keywords`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from lxml import etree

from broadsheet.pipelines.extract.body.features.block import MetaTexts, block_columns
from broadsheet.pipelines.extract.body.features.columns import Columns, Floats, Numbers, Scores, fill, names_of, stacked
from broadsheet.pipelines.extract.body.features.opinion import opinion_columns, verdict_columns
from broadsheet.pipelines.extract.body.features.place import place_columns
from broadsheet.pipelines.extract.body.features.tree import Tree
from broadsheet.pipelines.extract.page.blocks import Layout, lay_out
from broadsheet.pipelines.extract.page.text_traits import TextTraits, traits_of

__all__ = [
    "Floats",
    "Measured",
    "MetaTexts",
    "Numbers",
    "Scores",
    "feature_names",
    "measure",
    "opinion_names",
    "verdict_names",
]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The measures of a page: ``features`` are float32, shape (blocks, len(feature_names()))."""

    features: Floats
    tree: Tree

    def opinion(self, scores: Scores) -> Floats:
        """The measures that follow from the *scores* of all blocks."""
        return stacked(opinion_columns(self.tree, scores), len(scores))

    def verdict(self, scores: Scores, shares: Scores) -> Floats:
        """The measures of another extractor's verdict: *shares* of the blocks are in its text."""
        return stacked(verdict_columns(self.tree, scores, shares), len(scores))


def measure(layout: Layout, meta: MetaTexts, traits: Sequence[TextTraits], host: str = "") -> Measured:
    """Measure the blocks of *layout*, which must have some; *traits* are those of their texts, *host* is the page's."""
    text = block_columns(layout.blocks, meta, traits, host)
    tree = Tree(layout, text)
    found = np.empty((len(feature_names()), len(layout.blocks)), dtype=np.float32)
    at = 0
    for columns in _parts(layout, text, tree):
        at = fill(found, at, columns)
    return Measured(found.T, tree)


def _parts(layout: Layout, text: Columns, tree: Tree) -> Iterator[Columns]:
    """The columns in groups: one group is gone from memory before the next is made."""
    yield text
    yield from tree.columns(text)
    yield from place_columns(tree, layout.blocks, text)


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    layout = lay_out(etree.fromstring("<html><body><p>one</p></body></html>"))
    text = block_columns(layout.blocks, MetaTexts(), [traits_of("one")], "")
    tree = Tree(layout, text)
    one = np.ones(1)
    return (
        tuple(name for columns in _parts(layout, text, tree) for name in names_of(columns)),
        tuple(names_of(opinion_columns(tree, one))),
        tuple(names_of(verdict_columns(tree, one, one))),
    )


def feature_names() -> tuple[str, ...]:
    """The names of the columns of `Measured.features`."""
    return _names()[0]


def opinion_names() -> tuple[str, ...]:
    """The names of the columns of `Measured.opinion`."""
    return _names()[1]


def verdict_names() -> tuple[str, ...]:
    """The names of the columns of `Measured.verdict`."""
    return _names()[2]
