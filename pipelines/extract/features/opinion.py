"""What the scores of all blocks say about each: the measures of the second forests.

The first sees a block and what is around it, and not what it thinks of that itself: that of a list of comments two look like
text and forty do not, that a paragraph stands behind the end of everything else that is body.
"""

from __future__ import annotations

import numpy as np

from pipelines.extract.features.columns import Columns, Scores, window
from pipelines.extract.features.tree import Tree

_SURE = 0.5  # probability from which a block counts as body
_LEVELS = 4  # elements around a block
_REACH = 3  # blocks before and after one whose scores it sees
_WINDOWS = (5, 15, 41)
_FAR = 99.0


def opinion_columns(tree: Tree, scores: Scores) -> Columns:
    """The columns that follow from *scores*, the first forest's probabilities."""
    mass = scores * tree.chars
    tree.add_sums("mass", mass)
    total = max(float(mass.sum()), 1.0)
    columns: Columns = {"score.own": scores}
    columns |= _of_elements(tree, scores, mass, total)
    columns |= _of_neighbours(tree, scores, mass)
    columns |= _of_page(tree, scores, mass, total)
    return columns


def _of_elements(tree: Tree, scores: Scores, mass: Scores, total: float) -> Columns:
    """How much of the elements around a block, of its branch and of the blocks with its path is body, and of the body there."""
    columns: Columns = {}
    level = tree.of
    for number in range(_LEVELS):
        own = tree.sums("mass", level)
        columns[f"score.node{number}"] = own / np.maximum(tree.sums("chars", level), 1)
        columns[f"score.node{number}_share"] = own / total
        level = tree.parent[level]
    own = tree.sums("mass", tree.branch)
    columns["score.branch"] = own / np.maximum(tree.sums("chars", tree.branch), 1)
    columns["score.branch_share"] = own / total
    by_path = np.bincount(tree.path, mass)
    columns["score.path"] = (by_path / np.maximum(np.bincount(tree.path, tree.chars), 1))[tree.path]
    columns["score.path_share"] = (by_path / total)[tree.path]
    columns["score.path_count"] = (np.bincount(tree.path, scores) / np.maximum(np.bincount(tree.path), 1))[tree.path]
    top = tree.descend("mass", 0.6)
    inside, common = tree.inside(top), tree.common(top)
    columns["score.in_top"] = inside
    columns["score.below_top"] = np.where(inside, tree.depth[tree.of] - tree.depth[top], -1)
    columns["score.above_top"] = tree.depth[top] - tree.depth[common]
    columns["score.core"] = tree.sums("mass", common) / np.maximum(tree.sums("chars", common), 1)
    return columns


def _of_neighbours(tree: Tree, scores: Scores, mass: Scores) -> Columns:
    columns: Columns = {}
    beyond = [-1.0] * _REACH
    padded = np.concatenate((beyond, scores, beyond))
    for shift in range(-_REACH, _REACH + 1):
        if shift:
            columns[f"score{shift:+d}"] = padded[_REACH + shift : _REACH + shift + tree.count]
    for width in _WINDOWS:
        columns[f"score.window{width}"] = window(mass, width) / window(tree.chars, width)
    return columns


def _of_page(tree: Tree, scores: Scores, mass: Scores, total: float) -> Columns:
    """How much body the page has, how sure that is, and where a block stands to it."""
    count = tree.count
    doubt = np.minimum(scores, 1 - scores) * tree.chars
    embedded = tree.embedded > 0
    columns: Columns = {
        "score.before": np.cumsum(mass) / total,
        "score.total": np.full(count, total),
        "score.doubt": np.full(count, doubt.sum() / total),
        "score.unsure_before": np.cumsum(doubt) / total,
        "score.embedded": np.full(count, (mass * embedded).sum() / total),
        "score.embedded_rest": np.full(count, (tree.chars * embedded).sum() / total),
    }
    sure = np.nonzero(scores > _SURE)[0]
    columns["score.sure_count"] = np.full(count, len(sure))
    if not len(sure):
        nothing = np.full(count, -1.0)
        return columns | dict.fromkeys(("score.since_sure", "score.to_sure", "score.mean_sure"), nothing)
    before, until = np.searchsorted(sure, tree.order, side="left"), np.searchsorted(sure, tree.order, side="right")
    since = tree.order - sure[np.maximum(before - 1, 0)]
    following = sure[np.minimum(until, len(sure) - 1)] - tree.order
    columns["score.since_sure"] = np.where(before > 0, np.minimum(since, _FAR), -1)
    columns["score.to_sure"] = np.where(until < len(sure), np.minimum(following, _FAR), -1)
    columns["score.mean_sure"] = np.full(count, mass[sure].sum() / tree.chars[sure].sum())
    return columns


def verdict_columns(tree: Tree, scores: Scores, shares: Scores) -> Columns:
    """What another extractor's text says about each block, whose *shares* are in it, beside the *scores*."""
    theirs = shares * tree.chars
    tree.add_sums("verdict", theirs)
    by_path = np.bincount(tree.path, theirs)
    both = float((np.minimum(scores, shares) * tree.chars).sum())
    mine, total = max(float((scores * tree.chars).sum()), 1.0), max(float(theirs.sum()), 1.0)
    parent = tree.parent[tree.of]
    return {
        "verdict.share": shares,
        "verdict.near": window(shares, 5) / window(np.ones(tree.count), 5),
        "verdict.window15": window(theirs, 15) / window(tree.chars, 15),
        "verdict.parent": tree.sums("verdict", parent) / np.maximum(tree.sums("chars", parent), 1),
        "verdict.branch": tree.sums("verdict", tree.branch) / np.maximum(tree.sums("chars", tree.branch), 1),
        "verdict.path": (by_path / np.maximum(np.bincount(tree.path, tree.chars), 1))[tree.path],
        "verdict.before": np.cumsum(theirs) / total,
        "verdict.missed": np.full(tree.count, 1 - both / total),
        "verdict.beyond": np.full(tree.count, 1 - both / mine),
    }
