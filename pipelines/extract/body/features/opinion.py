"""The measures of the second forests: what the first scores of all blocks say about each block.

The first forest does not see its own scores of the blocks around: that only two of forty comments look like text, or that a
paragraph stands after the end of everything else that is body.
"""

from __future__ import annotations

import numpy as np

from broadsheet.pipelines.extract.body.features.columns import Columns, Scores, running_sums, window
from broadsheet.pipelines.extract.body.features.tree import LEVELS, Tree

_SURE = 0.5  # probability from which a block counts as body
_ELEMENTS = (*(f"score.node{number}" for number in range(LEVELS)), "score.branch")  # around a block
_ELEMENT_COLUMNS = tuple(name + what for name in _ELEMENTS for what in ("", "_share"))
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
    """The share of body in the elements around a block, in its branch and in the blocks with its path; their part of it."""
    levels = np.concatenate((tree.levels, tree.branch[None]))
    own = tree.sums("mass", levels)
    found = np.empty((len(levels), 2, tree.count), dtype=np.float32)
    found[:, 0] = own / np.maximum(tree.sums("chars", levels), 1)
    found[:, 1] = own / total
    columns: Columns = {_ELEMENT_COLUMNS: found.reshape(-1, tree.count)}
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
    sums = running_sums(np.stack((mass, tree.chars)))
    for width in _WINDOWS:
        body, chars = window(sums, width)
        columns[f"score.window{width}"] = body / chars
    return columns


def _of_page(tree: Tree, scores: Scores, mass: Scores, total: float) -> Columns:
    """How much body the page has, how sure that is, and where a block stands to it."""
    doubt = np.minimum(scores, 1 - scores) * tree.chars
    embedded = tree.embedded > 0
    columns: Columns = {
        "score.before": np.cumsum(mass) / total,
        "score.total": total,
        "score.doubt": doubt.sum() / total,
        "score.unsure_before": np.cumsum(doubt) / total,
        "score.embedded": (mass * embedded).sum() / total,
        "score.embedded_rest": (tree.chars * embedded).sum() / total,
    }
    sure = np.nonzero(scores > _SURE)[0]
    columns["score.sure_count"] = len(sure)
    if not len(sure):
        return columns | dict.fromkeys(("score.since_sure", "score.to_sure", "score.mean_sure"), -1.0)
    before, until = np.searchsorted(sure, tree.order, side="left"), np.searchsorted(sure, tree.order, side="right")
    since = tree.order - sure[np.maximum(before - 1, 0)]
    following = sure[np.minimum(until, len(sure) - 1)] - tree.order
    columns["score.since_sure"] = np.where(before > 0, np.minimum(since, _FAR), -1)
    columns["score.to_sure"] = np.where(until < len(sure), np.minimum(following, _FAR), -1)
    columns["score.mean_sure"] = mass[sure].sum() / tree.chars[sure].sum()
    return columns


def verdict_columns(tree: Tree, scores: Scores, shares: Scores) -> Columns:
    """The columns of another extractor's verdict: *shares* of each block are in its text; *scores* are the first forest's."""
    theirs = shares * tree.chars
    tree.add_sums("verdict", theirs)
    by_path = np.bincount(tree.path, theirs)
    both = float((np.minimum(scores, shares) * tree.chars).sum())
    mine, total = max(float((scores * tree.chars).sum()), 1.0), max(float(theirs.sum()), 1.0)
    parent = tree.parent[tree.of]
    return {
        "verdict.share": shares,
        "verdict.near": window(running_sums(shares), 5) / window(running_sums(np.ones(tree.count)), 5),
        "verdict.window15": window(tree.sums_before("verdict"), 15) / window(tree.sums_before("chars"), 15),
        "verdict.parent": tree.sums("verdict", parent) / np.maximum(tree.sums("chars", parent), 1),
        "verdict.branch": tree.sums("verdict", tree.branch) / np.maximum(tree.sums("chars", tree.branch), 1),
        "verdict.path": (by_path / np.maximum(np.bincount(tree.path, tree.chars), 1))[tree.path],
        "verdict.before": np.cumsum(theirs) / total,
        "verdict.missed": 1 - both / total,
        "verdict.beyond": 1 - both / mine,
    }
