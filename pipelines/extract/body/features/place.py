"""Where a block stands on its page: between headline and end, under which heading, beside which blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from broadsheet.pipelines.extract.body.features.block import KEYWORD_COLUMNS
from broadsheet.pipelines.extract.body.features.columns import Columns, Values, running_sums, window
from broadsheet.pipelines.extract.body.features.tree import RUN, Tree
from broadsheet.pipelines.extract.page.blocks import Block

_FAR = 99.0
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNDER_WORDS = ("comment", "related", "share", "newsletter", "ad")  # of the words of `block`
_UNDER = tuple(f"under.{name}" for name in ("distance", "chars", "same_parent", "level", *_UNDER_WORDS))
_UNDER_ROWS = [KEYWORD_COLUMNS.index(f"word.{name}") for name in _UNDER_WORDS]
_SHIFTS = (-3, -2, -1, 1, 2, 3)
_NEAR = (
    "chars",
    "link",
    "same_path",
    "ends",
    "same_parent",
)  # of a block beside one; the latter two of the very next alone
_BESIDE = tuple((shift, row) for shift in _SHIFTS for row in range(len(_NEAR)) if row < 3 or abs(shift) == 1)
_BESIDE_COLUMNS = tuple(f"beside{shift:+d}.{_NEAR[row]}" for shift, row in _BESIDE)
_BESIDE_ROWS = [_SHIFTS.index(shift) * len(_NEAR) + row for shift, row in _BESIDE]
_WINDOWS = (5, 15)


def place_columns(tree: Tree, blocks: Sequence[Block], text: Columns) -> Iterator[Columns]:
    """The columns of places, idea by idea; *text* are those of the blocks themselves."""
    levels = np.array([_HEADINGS.get(block.node.tag, 0) for block in blocks], dtype=np.int64)
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
        "place.since_h1": np.clip(order - first_h1, -_FAR, _FAR) if h1 else -100.0,
        "place.after_h1": (order > first_h1) if h1 else -1.0,
        "place.since_first": np.clip(order - first, -_FAR, _FAR),
        "place.to_last": np.clip(last - order, -_FAR, _FAR),
        "place.since_paragraph": np.clip(np.where(before > 0, since, _FAR), 0, _FAR),
        "place.to_paragraph": np.clip(np.where(after >= 0, after, _FAR), 0, _FAR),
        "place.title_dist": np.clip(order - title, -_FAR, _FAR) if title >= 0 else -100.0,
        "place.running_before": run / tree.total,
        "place.running_after": (run[-1] - run) / tree.total,
    }


def _under_heading(tree: Tree, text: Columns, levels: Values) -> Columns:
    """The last heading before each block (an element, or a short line in bold): how far, what it says."""
    bold = text["text.all_bold"] & (tree.chars < RUN) & (text["text.link"] < 0.5)
    heads = np.nonzero((levels > 0) | bold)[0]
    if not len(heads):
        return {_UNDER: -1.0}
    which = np.searchsorted(heads, tree.order, side="left") - 1
    head = heads[np.maximum(which, 0)]
    parent = tree.levels[1]
    found = np.empty((len(_UNDER), tree.count), dtype=np.float32)
    found[0] = np.minimum(tree.order - head, _FAR)
    found[1] = tree.chars[head]
    found[2] = parent[head] == parent
    found[3] = np.where(levels[head] > 0, levels[head], 7)
    found[4:] = text[KEYWORD_COLUMNS][_UNDER_ROWS][:, head]
    found[:, which < 0] = -1
    return {_UNDER: found}


def _beside(tree: Tree, text: Columns) -> Columns:
    count = tree.count
    path, parent, link = tree.path, tree.levels[1], text["text.link"]
    found = np.empty((len(_SHIFTS), len(_NEAR), count), dtype=np.float32)
    index = tree.order + np.array(_SHIFTS)[:, None]
    beyond = (index < 0) | (index >= count)
    np.clip(index, 0, count - 1, out=index)
    found[:, 0] = np.log1p(tree.chars)[index]
    found[:, 1] = link[index]
    found[:, 2] = path[index] == path
    found[:, 3] = text["text.ends"][index]
    found[:, 4] = parent[index] == parent
    found.swapaxes(1, 2)[beyond] = -1
    columns: Columns = {_BESIDE_COLUMNS: found.reshape(-1, count)[_BESIDE_ROWS]}
    words = np.where(text["word.any"], 50.0, 0.0)
    sums = running_sums(np.stack((tree.chars, tree.running, tree.chars * link, words)))
    for width in _WINDOWS:
        total, *shares = window(sums, width)
        names = tuple(f"window{width}.{name}" for name in ("running", "link", "keywords"))
        columns[names] = shares / total
    return columns
