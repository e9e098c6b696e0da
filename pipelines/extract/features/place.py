"""Where a block stands on its page: between headline and end, under which heading, beside which blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipelines.extract.blocks import Block
from pipelines.extract.features.columns import Columns, Values, window
from pipelines.extract.features.tree import RUN, Tree

_FAR = 99.0
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNDER = ("comment", "related", "share", "newsletter", "ad")  # of the words of `block`
_SHIFTS = (-3, -2, -1, 1, 2, 3)
_WINDOWS = (5, 15)


def place_columns(tree: Tree, blocks: Sequence[Block], text: Columns) -> Iterator[Columns]:
    """The columns of places, idea by idea; *text* are those of the blocks themselves."""
    levels = np.array([_HEADINGS.get(block.node.tag, 0) for block in blocks])
    yield _places(tree, blocks, text)
    yield _under_heading(tree, text, levels)
    yield _beside(tree, text)


def _places(tree: Tree, blocks: Sequence[Block], text: Columns) -> Columns:
    count, order = tree.count, tree.order.astype(np.float64)
    h1 = [
        number
        for number, block in enumerate(blocks)
        if block.node.tag == "h1" or (block.node.parent is not None and block.node.parent.tag == "h1")
    ]
    titled = np.nonzero(text["text.title_same"])[0]
    good = np.nonzero(tree.paragraph)[0]
    first, last = (good[0], good[-1]) if len(good) else (0, count)
    before = np.searchsorted(good, order, side="right")
    since = order - good[np.maximum(before - 1, 0)] if len(good) else np.full(count, _FAR)
    after = good[np.minimum(before, len(good) - 1)] - order if len(good) else np.full(count, _FAR)
    first_h1 = h1[0] if h1 else -1
    title = int(titled[-1]) if len(titled) else first_h1
    run = np.cumsum(tree.running)
    return {
        "place.order": order / count,
        "place.share": np.cumsum(tree.chars) / tree.chars.sum(),
        "place.since_h1": np.clip(order - first_h1, -_FAR, _FAR) if h1 else np.full(count, -100.0),
        "place.after_h1": (order > first_h1) if h1 else np.full(count, -1.0),
        "place.since_first": np.clip(order - first, -_FAR, _FAR),
        "place.to_last": np.clip(last - order, -_FAR, _FAR),
        "place.since_paragraph": np.clip(np.where(before > 0, since, _FAR), 0, _FAR),
        "place.to_paragraph": np.clip(np.where(after >= 0, after, _FAR), 0, _FAR),
        "place.title_dist": np.clip(order - title, -_FAR, _FAR) if title >= 0 else np.full(count, -100.0),
        "place.running_before": run / tree.total,
        "place.running_after": (run[-1] - run) / tree.total,
    }


def _under_heading(tree: Tree, text: Columns, levels: Values) -> Columns:
    """The last heading before each block (an element, or a short line in bold): how far, what it says."""
    bold = text["text.all_bold"] & (tree.chars < RUN) & (text["text.link"] < 0.5)
    heads = np.nonzero((levels > 0) | bold)[0]
    if not len(heads):
        nothing = np.full(tree.count, -1.0)
        return {f"under.{name}": nothing for name in ("distance", "chars", "same_parent", "level", *_UNDER)}
    which = np.searchsorted(heads, tree.order, side="left") - 1
    under = which >= 0
    head = heads[np.maximum(which, 0)]
    parent = tree.parent[tree.of]
    columns: Columns = {
        "under.distance": np.minimum(tree.order - head, _FAR),
        "under.chars": tree.chars[head],
        "under.same_parent": parent[head] == parent,
        "under.level": np.where(levels[head] > 0, levels[head], 7),
    }
    columns |= {f"under.{name}": text[f"word.{name}"][head] for name in _UNDER}
    return {name: np.where(under, values, -1) for name, values in columns.items()}


def _beside(tree: Tree, text: Columns) -> Columns:
    count = tree.count
    parent = tree.parent[tree.of]
    chars, link, ends = np.log1p(tree.chars), text["text.link"], text["text.ends"]
    columns: Columns = {}
    for shift in _SHIFTS:
        index = tree.order + shift
        there = (index >= 0) & (index < count)
        index = np.clip(index, 0, count - 1)
        name = f"beside{shift:+d}"
        columns[f"{name}.chars"] = np.where(there, chars[index], -1)
        columns[f"{name}.link"] = np.where(there, link[index], -1)
        columns[f"{name}.same_path"] = np.where(there, tree.path[index] == tree.path, -1)
        if abs(shift) == 1:
            columns[f"{name}.ends"] = np.where(there, ends[index], -1)
            columns[f"{name}.same_parent"] = np.where(there, parent[index] == parent, -1)
    linked, words = tree.chars * text["text.link"], np.where(text["word.any"], 50.0, 0.0)
    for width in _WINDOWS:
        total = window(tree.chars, width)
        columns[f"window{width}.running"] = window(tree.running, width) / total
        columns[f"window{width}.link"] = window(linked, width) / total
        columns[f"window{width}.keywords"] = window(words, width) / total
    return columns
