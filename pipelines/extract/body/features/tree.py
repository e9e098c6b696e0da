"""The measures of the elements that a block stands in.

Sums over elements are of the *running text*: sentences that are not links, outside of elements marked as comments, related and
the like (unless these hold the headline, as a wrapper called "has-sidebar" does).
``top`` is the innermost element with most of it, the *trunk* the way there from the root, and a *branch* the element that
leaves the trunk around a block: a body that is split over containers, and the boxes beside it, are branches of one trunk.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.body.features.columns import Columns, Numbers, Scores, Values, running_sums
from broadsheet.pipelines.extract.page.blocks import WITHIN, Layout
from broadsheet.pipelines.extract.page.hints import BIT, NOT_BODY

RUN = 80  # characters of a block from which it is a paragraph
LEVELS = 4  # elements around a block that are measured
_IN = ("article", "main", "header", "footer", "form", "figure", "table", "ul", "ol", "section", "li", "aside")
_BELOW = ("comment", "related", "newsletter", "share", "embed", "popular", "author", "biography", "caption", "tags", "date",
          "standfirst", "headline", "ad", "promo", "card", "sidebar", "footer", "figure", "toc", "box", "modal", "hidden",
          "form", "body", "content")  # fmt: skip
_NEAR = ("comment", "caption", "embed")
_ABOVE = ("body", "article", "comment", "toc")
_IN_COLUMNS = tuple(f"in.{tag}" for tag in _IN)
_BELOW_COLUMNS, _NEAR_COLUMNS, _ABOVE_COLUMNS = (
    tuple(f"{where}.{name}" for name in names)
    for where, names in (("below", _BELOW), ("near", _NEAR), ("above", _ABOVE))
)
_IN_BITS = np.array([[1 << WITHIN.index(tag)] for tag in _IN])
_BELOW_BITS, _NEAR_BITS, _ABOVE_BITS = (np.array([[BIT[name]] for name in names]) for names in (_BELOW, _NEAR, _ABOVE))
_AROUND = ("chars", "link", "running", "images", "share", "paragraphs", "blocks")
_OWN = 5  # of them that are measured of the innermost element, too
_SUMS = {name: row for row, name in enumerate(("chars", "link", "running", "paragraphs"))}


class Tree:
    """The elements of a page as arrays; sums over elements are differences of sums over blocks.

    Of each element: ``parent``, its blocks from ``first`` to ``stop``, ``depth``.  Of each block: ``of``, the element that
    it stands in, ``chars``, ``path``, ``branch``; ``running`` characters, and whether it is a ``paragraph`` of them.
    """

    def __init__(self, layout: Layout, text: Columns) -> None:
        nodes, blocks = layout.nodes, layout.blocks
        self.count = len(blocks)
        self.order = np.arange(self.count)
        self.parent = _numbers([0 if node.parent is None else node.parent.number for node in nodes])
        self.first = _numbers([node.first for node in nodes])
        self.stop = _numbers([node.stop for node in nodes])
        self.depth = _numbers([node.depth for node in nodes])
        self.images = _numbers([node.images for node in nodes])
        self.hints = _numbers([node.hints for node in nodes])
        self.chain = _numbers([node.chain for node in nodes])
        self.within = _numbers([node.within for node in nodes])
        self.of = _numbers([block.node.number for block in blocks])
        self.chars = text["text.chars"].astype(np.float64)
        self.embedded = text["text.embedded"]
        link = text["text.link"]
        self.away = self._away(layout, text["text.title_same"])
        running = (text["text.sentences"] > 0) & (link < 0.5) & ~self.away
        self.running = np.where(running, self.chars * (1 - link), 0.0)
        self.paragraph = running & (self.chars >= RUN)
        self._all_sums = running_sums(np.stack((self.chars, self.chars * link, self.running, self.paragraph)))
        self._sums: dict[str, Scores] = {name: self._all_sums[row] for name, row in _SUMS.items()}
        self.total = self._sums["running"][-1] or 1.0
        self.paths, self._wider = self._same_paths(layout)
        self.path = self.paths[self.of]
        self.top = self.descend("running", 0.6)
        self.top2 = self.descend("running", 0.35)
        self.trunk = self._trunk(self.top)
        self.branch, self.below = self._branches()
        self.levels = self._levels()

    def sums_before(self, name: str) -> Scores:
        """The sums of *name* over the blocks before each, from none to all."""
        return self._sums[name]

    def sums(self, name: str, nodes: Numbers) -> npt.NDArray[np.float64]:
        """The sums of *name* over all blocks of each of *nodes*."""
        values = self._sums[name]
        found: npt.NDArray[np.float64] = values[self.stop[nodes]] - values[self.first[nodes]]
        return found

    def _every_sum(self, nodes: Numbers) -> Scores:
        """The sums over all blocks of each of *nodes*, a row for each of _SUMS."""
        found: Scores = self._all_sums.take(self.stop[nodes], axis=1)
        found -= self._all_sums.take(self.first[nodes], axis=1)
        return found

    def add_sums(self, name: str, values: Values) -> None:
        """Have *values* of the blocks summed over elements, too."""
        self._sums[name] = running_sums(values)

    def inside(self, node: int) -> npt.NDArray[np.bool_]:
        """Which blocks stand in *node*."""
        found: npt.NDArray[np.bool_] = (self.order >= self.first[node]) & (self.order < self.stop[node])
        return found

    def common(self, node: int) -> Numbers:
        """For each block the innermost element around it that holds *node*, too."""
        common = np.zeros(self.count, dtype=np.int64)
        for number in self._chain(node):
            common[self.first[number] : self.stop[number]] = number
        return common

    def descend(self, name: str, share: float) -> int:
        """The innermost element with most of the sum *name*: descended into while one child has *share* of its parent's."""
        values = self._sums[name][self.stop] - self._sums[name][self.first]
        paragraphs = self._sums["paragraphs"]
        top = 0
        children: dict[int, list[int]] = {}
        for number in np.nonzero(values > 0.2 * values[0])[0].tolist():
            if number:
                children.setdefault(int(self.parent[number]), []).append(number)
        while candidates := children.get(top):
            best = max(candidates, key=lambda number: values[number])
            if values[best] < share * values[top] or paragraphs[self.stop[best]] - paragraphs[self.first[best]] < 2:
                break
            top = best
        return top

    def _levels(self) -> Numbers:
        """The elements around each block, a row for the innermost, one for those around these, and so on."""
        levels = [self.of]
        while len(levels) < LEVELS:
            levels.append(self.parent[levels[-1]])
        return np.stack(levels)

    def _chain(self, node: int) -> list[int]:
        """From the root to *node*."""
        chain = [node]
        while chain[-1]:
            chain.append(int(self.parent[chain[-1]]))
        return chain[::-1]

    def _trunk(self, top: int) -> npt.NDArray[np.bool_]:
        trunk = np.zeros(len(self.parent), dtype=bool)
        trunk[self._chain(top)] = True
        return trunk

    def _away(self, layout: Layout, title_same: Values) -> npt.NDArray[np.bool_]:
        """Blocks in elements that are marked as no body and hold no headline."""
        titled = np.zeros(self.count)
        titled[[number for number, block in enumerate(layout.blocks) if block.node.tag == "h1"]] = 1
        titled[np.nonzero(title_same)[0][:3]] = 1
        headlines = running_sums(titled)
        out = np.nonzero((self.hints & NOT_BODY > 0) & (headlines[self.stop] == headlines[self.first]))[0]
        chars = running_sums(self.chars)
        enough = 0.6 * chars[-1]
        small = chars[self.stop[out]] - chars[self.first[out]] < enough
        for at in np.nonzero(~small)[0].tolist():
            small[at] = "comment" in (layout.nodes[out[at]].element.get("class") or "").lower()
        kept = out[small]
        begun, ended = (np.bincount(edge[kept], minlength=self.count + 1) for edge in (self.first, self.stop))
        return np.asarray(np.cumsum(begun - ended)[:-1] > 0)

    def _same_paths(self, layout: Layout) -> tuple[Numbers, Numbers]:
        """A number for each path, and for each path but for its last element, of all elements."""
        paths = [node.path for node in layout.nodes]
        numbers = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        own = _numbers(list(map(numbers.__getitem__, paths)))
        wider: dict[str, int] = {}
        above = [wider.setdefault(path.rpartition("/")[0], len(wider)) for path in numbers]
        return own, _numbers(above)[own]

    def _branches(self) -> tuple[Numbers, Numbers]:
        """Of each block its branch (itself where it stands in the trunk), and the hints from there down to it."""
        branch, below = list(range(len(self.parent))), self.hints.tolist()
        on_trunk, above = self.trunk.tolist(), self.parent.tolist()
        for number in range(1, len(branch)):
            if on_trunk[number]:
                below[number] = 0
            elif not on_trunk[above[number]]:
                branch[number] = branch[above[number]]
                below[number] |= below[above[number]]
        below[0] = 0
        return _numbers(branch)[self.of], _numbers(below)[self.of]

    # ---- columns

    def columns(self, text: Columns) -> Iterator[Columns]:
        """All columns of elements, in groups; *text* are those of the blocks themselves."""
        yield self._bits()
        yield self._around()
        yield self._page()
        yield self._groups(text)
        yield self._branch()

    def _bits(self) -> Columns:
        """The hints and the kinds of the elements around each block."""
        parent = self.parent[self.of]
        within, chain = self.within[self.of], self.chain[parent]
        near = self.hints[self.of] | self.hints[parent] | self.hints[self.parent[parent]]
        return {
            _IN_COLUMNS: within & _IN_BITS > 0,
            _BELOW_COLUMNS: self.below & _BELOW_BITS > 0,
            _NEAR_COLUMNS: near & _NEAR_BITS > 0,
            _ABOVE_COLUMNS: chain & _ABOVE_BITS > 0,
            "near.no_body": near & NOT_BODY > 0,
        }

    def _around(self) -> Columns:
        """Sums over the elements around each block."""
        levels = self.levels
        chars, link, running, paragraphs = self._every_sum(levels)
        np.maximum(chars, 1, out=chars)
        found = np.empty((LEVELS, len(_AROUND), self.count), dtype=np.float32)
        found[:, 0] = chars
        found[:, 1] = link / chars
        found[:, 2] = running
        found[:, 3] = self.images[levels]
        found[:, 4] = running / self.total
        found[:, 5] = paragraphs
        found[:, 6] = self.stop[levels] - self.first[levels]
        columns: Columns = {tuple(f"node0.{name}" for name in _AROUND[:_OWN]): found[0, :_OWN]}
        for number in range(1, LEVELS):
            columns[tuple(f"node{number}.{name}" for name in _AROUND)] = found[number]
        return columns

    def _page(self) -> Columns:
        """Where a block stands to the top of the running text, and what the page has in all."""
        parent = self.parent[self.of]
        top, top2 = self.top, self.top2
        inside = self.inside(top)
        chars, link, _, paragraphs = self._every_sum(np.zeros(1, dtype=np.int64))[:, 0].tolist()
        return {
            "node.depth": self.depth[self.of],
            "node.siblings": self.stop[parent] - self.first[parent],
            "node.sibling_paragraphs": self.sums("paragraphs", parent),
            "node.top_share": self._share(top),
            "node.in_top": inside,
            "node.below_top": np.where(inside, self.depth[self.of] - self.depth[top], -1),
            "node.core_share": self.sums("running", self.common(top)) / self.total,
            "node.page_chars": chars,
            "node.page_link": link / max(chars, 1),
            "node.page_paragraphs": paragraphs,
            "node.away": self.away,
            "node.top2_share": self._share(top2),
            "node.in_top2": self.inside(top2),
        }

    def _share(self, node: int) -> float:
        return float(self.sums("running", np.array([node]))[0] / self.total)

    def _groups(self, text: Columns) -> Columns:
        """Means over blocks of the same path, and of the same path but for its last element."""
        columns: Columns = {}
        chars = np.log1p(self.chars)
        for name, group in (("group", self.path), ("wider", self._wider[self.of])):
            count = np.maximum(np.bincount(group), 1)
            columns[f"{name}.count"] = np.log1p(count)[group]
            for what, values in (
                ("chars", chars),
                ("link", text["text.link"]),
                ("sentences", text["text.sentences"]),
            ):
                columns[f"{name}.{what}"] = (np.bincount(group, values) / count)[group]
        own = self.path
        first, last = np.zeros((2, own.max() + 1))
        first[own[::-1]] = self.order[::-1]  # of several, the one that is written last
        last[own] = self.order
        columns["group.span"] = ((last - first) / np.maximum(np.bincount(own), 1))[own]
        columns["group.running"] = (np.bincount(own, self.running) / self.total)[own]
        return columns

    def _branch(self) -> Columns:
        """The branch of each block."""
        own, top = self.branch, self.top
        at_trunk = self.trunk[own]
        joint = np.where(at_trunk, own, self.parent[own])
        chars, link, running, paragraphs = self._every_sum(own)
        np.maximum(chars, 1, out=chars)
        inside = self.inside(top)
        sums = self._sums["running"]
        within = max(sums[self.stop[top]] - sums[self.first[top]], 1.0)
        by_path = np.bincount(self.path, self.running)
        main = by_path.argmax()
        on_main = self.path == main
        parents = self.parent[self.of]
        holds_main = np.zeros(len(self.parent), dtype=bool)
        holds_main[parents[on_main]] = True
        return {
            "branch.chars": chars,
            "branch.link": link / chars,
            "branch.running": running,
            "branch.paragraphs": paragraphs,
            "branch.blocks": self.stop[own] - self.first[own],
            "branch.above": self.depth[top] - self.depth[joint],
            "branch.alike": np.bincount(self.paths)[self.paths[own]],
            "branch.share": running / self.total,
            "branch.progress": np.clip((sums[1:] - sums[self.first[top]]) / within, -1, 2),
            "branch.path_in_top": (np.bincount(self.path, self.running * inside) / np.maximum(by_path, 1))[self.path],
            "branch.main_path": on_main,
            "branch.beside_main": holds_main[parents],
            "branch.deep": self.depth[self.of] - self.depth[own],
            "branch.main_count": np.count_nonzero(on_main),
        }


def _numbers(values: list[int]) -> Numbers:
    return np.array(values, dtype=np.int64)  # with the type given, it takes half the time
