"""What can be measured about each block of a page: the numbers that the block model judges by.

One row a block, one column a feature (`feature_names`).  Text, links and markup of the block itself; of the elements that it
stands in; of the blocks beside it; of all blocks with the same path (a list of teasers is a list because its members look
alike); where it stands; and witnesses: title, description and embedded article text.  Nothing here knows a site or a
language beyond the words of `keywords`.

What is summed over elements is the *running text*: sentences that are not links, outside of elements that call themselves
comments, related and the like (as long as those do not hold the headline: a wrapper called "has-sidebar" says nothing).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.extract.blocks import BOLD, WITHIN, Block, Layout
from pipelines.extract.hints import NAMES, NOT_BODY
from pipelines.extract.keywords import KEYWORD_NAMES

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
_TAGS = ("p", "li", "h1", "h2", "h3", "h4", "div", "td", "blockquote", "pre", "dt", "dd", "figcaption", "section", "button", "label",
         "th", "time", "h5", "h6", "summary", "article", "body", "header", "footer", "address", "main", "aside")  # fmt: skip
_TAG_CODE = {tag: number for number, tag in enumerate(_TAGS)}
_WORD = re.compile(r"\w+")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d\d\b|年\d{1,2}月")
_AUTHOR_LINK = re.compile(r"/(?:author|autor|profile|user|people|contributor|by|staff|redaktion)s?/|@")
_TAG_LINK = re.compile(
    r"/(?:tag|topic|category|kategorie|categor|thema|themen|keyword|label|section|etiqueta|search)s?[/?]|[?&]tag="
)
_ENDS = frozenset(".!?。！？”\"'…:;)")
_QUOTES = frozenset("\"“„«‘'「")
_BARS = "|·»•›"
_RUN = 80  # characters of a block from which it is a paragraph


@dataclass(frozen=True, slots=True)
class Witness:
    """What the page says of itself, beside its text.  All in lower case with single spaces."""

    title: str = ""
    description: str = ""
    embedded: str = ""


def measure(layout: Layout, witness: Witness, keywords: Sequence[int], host: str = "") -> Floats:
    """The features of all blocks of *layout*: float32, shape (blocks, len(feature_names())); *keywords* are
    `keywords_of` each."""
    blocks = layout.blocks
    if not blocks:
        return np.zeros((0, len(feature_names())), dtype=np.float32)
    text = _text_features(blocks, witness, host)
    words = _unpack(np.array(keywords, dtype=np.uint64), len(KEYWORD_NAMES))
    tree = _Tree(layout, text)
    tags = np.zeros((len(blocks), len(_TAGS)), dtype=np.float32)
    codes = np.array([_TAG_CODE.get(block.node.tag, -1) for block in blocks])
    known = np.nonzero(codes >= 0)[0]
    tags[known, codes[known]] = 1
    parts = (
        text,
        tags,
        words,
        tree.bits(),
        tree.nodes(),
        tree.groups(text),
        tree.branches(),
        _places(tree, blocks, text),
        _under_heading(tree, text, words, codes),
        _beside(tree, text, words, codes),
    )
    return np.concatenate(parts, axis=1, dtype=np.float32)


def feature_names() -> tuple[str, ...]:
    """The names of the columns of `measure`."""
    names = [f"text.{name}" for name in _TEXT]
    names += [f"tag.{name}" for name in _TAGS]
    names += [f"word.{name}" for name in KEYWORD_NAMES]
    for level in ("own", "near", "above", "inline"):
        names += [f"{level}.{name}" for name in NAMES]
    names += [f"in.{name}" for name in WITHIN]
    names += [f"node{level}.{name}" for level in range(_LEVELS) for name in _NODE]
    names += [f"node.{name}" for name in _NODE_EXTRA]
    names += [f"group.{name}" for name in _GROUP]
    names += [f"branch.{name}" for name in (*_BRANCH, *NAMES)]
    names += [f"place.{name}" for name in _PLACE]
    names += [f"under.{name}" for name in (*_UNDER, *KEYWORD_NAMES)]
    names += [f"beside{shift:+d}.{name}" for shift in _SHIFTS for name in _BESIDE]
    names += [f"window{width}.{name}" for width in _WINDOWS for name in ("running", "link", "keywords")]
    return tuple(names)


def _unpack(bits: npt.NDArray[np.uint64], count: int) -> Floats:
    return ((bits[:, None] >> np.arange(count, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)


# ---- the block itself

_TEXT = ("chars", "words", "link", "sentences", "commas", "ends", "ellipsis", "lower", "capitals", "digits", "date",
         "bar", "colon_end", "question", "quote", "mean_word", "links", "all_bold", "styled", "linebreaks", "author_link", "tag_link",
         "outer_link", "anchor_share", "title_same", "title_share", "description", "embedded", "repeated", "dup_before")  # fmt: skip
_AT = {name: number for number, name in enumerate(_TEXT)}


def _text_features(blocks: tuple[Block, ...], witness: Witness, host: str) -> Floats:
    texts = [block.text for block in blocks]
    count = len(texts)
    found = np.zeros((count, len(_TEXT)), dtype=np.float32)

    def put(name: str, values: npt.ArrayLike) -> None:
        found[:, _AT[name]] = values

    sizes = np.array([len(text) for text in texts])
    words = np.array([text.count(" ") for text in texts]) + 1
    upper, digits, bars, starts_lower = _beginnings(texts)
    put("chars", sizes)
    put("words", words)
    put("link", np.array([block.link_chars for block in blocks]) / sizes)
    put("sentences", [block.sentences for block in blocks])
    put("commas", [text.count(",") + text.count("，") + text.count("、") for text in texts])
    put("linebreaks", [text.count("\n") for text in texts])
    last = [text[-1] for text in texts]
    put("ends", [one in _ENDS for one in last])
    put(
        "ellipsis", [one == "…" or (one == "." and text.endswith("...")) for one, text in zip(last, texts, strict=True)]
    )
    put("colon_end", [one in ":：" for one in last])
    put("question", [one in "?？" for one in last])
    put("quote", [text[0] in _QUOTES for text in texts])
    looked = np.minimum(sizes, _BEGINNING)
    put("lower", starts_lower)
    put("capitals", upper / looked)
    put("digits", digits / looked)
    put("bar", bars > 0)
    for number in np.nonzero(digits)[0].tolist():
        found[number, _AT["date"]] = _DATE.search(texts[number], 0, _BEGINNING) is not None
    put("mean_word", sizes / words)
    _put_runs(found, blocks, host)
    put("styled", found[:, _AT["styled"]] / sizes)
    put("anchor_share", found[:, _AT["links"]] / words)
    _put_witness(found, texts, witness)
    repeated = Counter(texts)
    put("repeated", [repeated[text] for text in texts])
    seen: set[str] = set()
    for number, text in enumerate(texts):
        if repeated[text] > 1:
            found[number, _AT["dup_before"]] = text in seen
            seen.add(text)
    return found


_BEGINNING = 120  # characters of a block whose kinds are counted
_UPPER, _DIGIT, _BAR, _LOWER = 1, 2, 4, 8
_ALPHABETS = 0x3000


@lru_cache(maxsize=1)
def _kinds() -> npt.NDArray[np.uint8]:
    """The kind of each character of the alphabets that know capitals."""
    kinds = np.zeros(_ALPHABETS + 1, dtype=np.uint8)
    for code in range(_ALPHABETS):
        character = chr(code)
        kinds[code] = _UPPER * character.isupper() + _DIGIT * character.isdigit() + _LOWER * character.islower()
    for character in _BARS:
        kinds[ord(character)] = _BAR
    return kinds


def _beginnings(texts: list[str]) -> tuple[Numbers, Numbers, Numbers, npt.NDArray[np.bool_]]:
    """Capitals, digits and bars in the beginning of each text, and whether it begins in lower case."""
    heads = [text[:_BEGINNING] for text in texts]
    codes = np.frombuffer("".join(heads).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds()[np.minimum(codes, _ALPHABETS)]
    starts = np.zeros(len(heads), dtype=np.int64)
    np.cumsum([len(head) for head in heads[:-1]], out=starts[1:])
    upper, digits, bars = (
        np.add.reduceat((kinds & kind) // kind, starts, dtype=np.int64) for kind in (_UPPER, _DIGIT, _BAR)
    )
    return upper, digits, bars, kinds[starts] & _LOWER > 0


def _put_runs(found: Floats, blocks: tuple[Block, ...], host: str) -> None:
    """What links and styles a block has; ``styled`` as characters."""
    links, bold, styled, outer = _AT["links"], _AT["all_bold"], _AT["styled"], _AT["outer_link"]
    linked: list[int] = []
    targets: list[str] = []
    hrefs: tuple[str, ...]
    for number, block in enumerate(blocks):
        runs = block.runs
        if len(runs) == 1:
            text, style, href = runs[0].text, runs[0].style, runs[0].href
            if style:
                found[number, styled] = len(text)
                found[number, bold] = style & BOLD > 0
            hrefs = () if href is None else (href,)
        else:
            found[number, bold] = all(run.style & BOLD for run in runs)
            found[number, styled] = sum([len(run.text) for run in runs if run.style])
            hrefs = tuple([run.href for run in runs if run.href is not None])
        if hrefs:
            found[number, links] = len(hrefs)
            linked.append(number)
            targets.append("\n".join([href[:200] for href in hrefs[:50]]))
            if host and any(href.startswith("http") and host not in href[:80] for href in hrefs):
                found[number, outer] = 1
    if linked:
        _put_targets(found, np.array(linked), targets)


def _put_targets(found: Floats, linked: Numbers, targets: list[str]) -> None:
    """Which of the blocks *linked* lead to authors and to tags: all *targets* are searched as one text."""
    joined = "\n".join([target.lower() for target in targets])
    ends = np.cumsum([len(target.lower()) + 1 for target in targets])
    for name, pattern in (("author_link", _AUTHOR_LINK), ("tag_link", _TAG_LINK)):
        places = [match.start() for match in pattern.finditer(joined)]
        found[linked[np.searchsorted(ends, places, side="right")], _AT[name]] = 1


def _put_witness(found: Floats, texts: list[str], witness: Witness) -> None:
    """Whether a block says what the title, the description, or embedded article text says."""
    title, description, embedded = witness.title, witness.description, witness.embedded
    title_words = frozenset(_WORD.findall(title))
    same, share, described, within = _AT["title_same"], _AT["title_share"], _AT["description"], _AT["embedded"]
    for number, text in enumerate(texts):
        if title_words and len(text) < 300:
            lower = text.lower()
            own = _WORD.findall(lower)
            shared = sum(map(title_words.__contains__, own)) / (len(own) or 1)
            if shared:
                found[number, share] = shared
                found[number, same] = shared > 0.5 and (
                    lower == title or (lower in title and 2 * len(text) > len(title))
                )
        if description and len(text) > 30:
            found[number, described] = text[:60].lower() in description or description[:60] in text[:1000].lower()
        if embedded:
            found[number, within] = 1.0 if text[:60].lower() in embedded else -1.0


# ---- the elements that it stands in

_LEVELS = 4
_NODE = ("chars", "link", "running", "paragraphs", "blocks", "images", "at", "share")
_NODE_EXTRA = ("depth", "siblings", "sibling_paragraphs", "top_share", "in_top", "below_top", "core_share", "page_chars", "page_link",
               "page_paragraphs", "away", "top2_share", "in_top2")  # fmt: skip
_BRANCH = ("chars", "link", "running", "paragraphs", "blocks", "at", "trunk", "above", "alike", "share", "progress", "path_in_top", "main_path",
           "beside_main", "deep", "main_count")  # fmt: skip
_GROUP = (
    "count",
    "chars",
    "link",
    "sentences",
    "parent_count",
    "parent_chars",
    "parent_link",
    "parent_sentences",
    "span",
    "running",
)


class _Tree:
    """The elements of a page as arrays; sums over elements are differences of sums over blocks."""

    def __init__(self, layout: Layout, text: Floats) -> None:
        self.layout = layout
        nodes, blocks = layout.nodes, layout.blocks
        index = {id(node): number for number, node in enumerate(nodes)}
        self.parent = np.array([0 if node.parent is None else index[id(node.parent)] for node in nodes])
        self.first = np.array([node.first for node in nodes])
        self.stop = np.array([node.stop for node in nodes])
        self.depth = np.array([node.depth for node in nodes])
        self.of = np.array([index[id(block.node)] for block in blocks])
        self.count = len(blocks)
        self.order = np.arange(self.count)
        chars, linked = text[:, 0].astype(np.float64), text[:, 2]
        self.away = self._away(text)
        running = (text[:, 3] > 0) & (linked < 0.5) & ~self.away
        self.running = np.where(running, chars * (1 - linked), 0.0)
        self.paragraph = running & (chars >= _RUN)
        self._sums = {name: np.concatenate(([0.0], np.cumsum(values))) for name, values in (
            ("chars", chars), ("link", chars * linked), ("running", self.running), ("paragraphs", self.paragraph))}  # fmt: skip
        self.total = self._sums["running"][-1] or 1.0
        self.top = self._top(0.6)
        self.top2 = self._top(0.35)

    def sums(self, name: str, nodes: Numbers) -> npt.NDArray[np.float64]:
        """The sums of *name* over all blocks of each of *nodes*."""
        values = self._sums[name]
        found: npt.NDArray[np.float64] = values[self.stop[nodes]] - values[self.first[nodes]]
        return found

    def _away(self, text: Floats) -> npt.NDArray[np.bool_]:
        """Blocks in elements that call themselves no body, and hold no headline."""
        away = np.zeros(self.count, dtype=bool)
        titled = [number for number, block in enumerate(self.layout.blocks) if block.node.tag == "h1"]
        titled += np.nonzero(text[:, _AT["title_same"]])[0].tolist()[:3]
        size = text[:, 0].sum()
        for node in self.layout.nodes:
            if not node.hints & NOT_BODY or any(node.first <= number < node.stop for number in titled):
                continue
            if node.chars < 0.6 * size or "comment" in (node.element.get("class") or "").lower():
                away[node.first : node.stop] = True
        return away

    def _top(self, share: float) -> int:
        """The innermost element with most of the running text: descended into while one child has *share* of its parent's."""
        everything = np.arange(len(self.parent))
        running = self.sums("running", everything)
        paragraphs = self.sums("paragraphs", everything)
        top = 0
        children: dict[int, list[int]] = {}
        for number in np.nonzero(running > 0.2 * running[0])[0].tolist():
            if number:
                children.setdefault(int(self.parent[number]), []).append(number)
        while candidates := children.get(top):
            best = max(candidates, key=lambda number: running[number])
            if running[best] < share * running[top] or paragraphs[best] < 2:
                break
            top = best
        return top

    def bits(self) -> Floats:
        """Hints of the element, of the two around it, of all above, and of inline elements; kinds of elements around."""
        nodes = self.layout.nodes
        own = np.array([node.hints for node in nodes], dtype=np.uint64)
        chain = np.array([node.chain for node in nodes], dtype=np.uint64)
        within = np.array([node.within for node in nodes], dtype=np.uint64)
        parent = self.parent
        at = self.of
        near = own[parent[at]] | own[parent[parent[at]]]
        inline = np.array([block.hints for block in self.layout.blocks], dtype=np.uint64)
        count = len(NAMES)
        return np.concatenate(
            (
                _unpack(own[at], count),
                _unpack(near, count),
                _unpack(chain[parent[at]], count),
                _unpack(inline, count),
                _unpack(within[at], len(WITHIN)),
            ),
            axis=1,
        )

    def nodes(self) -> Floats:
        """Sums over the elements around each block, and where it stands in them."""
        columns = []
        images = np.array([node.images for node in self.layout.nodes])
        level = self.of
        for _ in range(_LEVELS):
            chars = np.maximum(self.sums("chars", level), 1)
            size = np.maximum(self.stop[level] - self.first[level], 1)
            running = self.sums("running", level)
            columns += [
                chars, self.sums("link", level) / chars, running, self.sums("paragraphs", level), size, images[level],
                (self.order - self.first[level]) / size, running / self.total,
            ]  # fmt: skip
            level = self.parent[level]
        parent = self.parent[self.of]
        page = np.zeros(self.count)
        root = np.zeros(1, dtype=np.int64)
        top = self.top
        inside = (self.order >= self.first[top]) & (self.order < self.stop[top])
        columns += [
            self.depth[self.of], self.stop[parent] - self.first[parent], self.sums("paragraphs", parent), page + self._share(top), inside,
            np.where(inside, self.depth[self.of] - self.depth[top], -1), self.sums("running", self._common(top)) / self.total,
            page + self.sums("chars", root), page + self.sums("link", root) / np.maximum(self.sums("chars", root), 1),
            page + self.sums("paragraphs", root), self.away, page + self._share(self.top2),
            (self.order >= self.first[self.top2]) & (self.order < self.stop[self.top2]),
        ]  # fmt: skip
        return np.stack(columns, axis=1).astype(np.float32)

    def _share(self, node: int) -> float:
        return float(self.sums("running", np.array([node]))[0] / self.total)

    def _common(self, top: int) -> Numbers:
        """For each block the innermost element around it that holds *top*, too."""
        chain = [top]
        while chain[-1]:
            chain.append(int(self.parent[chain[-1]]))
        common = np.zeros(self.count, dtype=np.int64)
        for number in reversed(chain):
            common[self.first[number] : self.stop[number]] = number
        return common

    def branches(self) -> Floats:
        """The element that leaves the trunk (the way from the root to *top*) around each block; a block of the trunk is
        a branch of its own.  A body that is split over containers, and boxes beside it, are branches of one trunk."""
        trunk = np.zeros(len(self.parent), dtype=bool)
        node = self.top
        while True:
            trunk[node] = True
            if node == 0:
                break
            node = int(self.parent[node])
        branch = list(range(len(self.parent)))
        held, above = trunk.tolist(), self.parent.tolist()
        for number in range(1, len(branch)):
            if not held[number] and not held[above[number]]:
                branch[number] = branch[above[number]]
        own = np.array(branch)[self.of]
        at_trunk = trunk[own]
        joint = np.where(at_trunk, own, self.parent[own])
        chars = np.maximum(self.sums("chars", own), 1)
        top, total = self.top, self.total
        inside = (self.order >= self.first[top]) & (self.order < self.stop[top])
        run = np.cumsum(self.running)
        start = run[self.first[top]] - self.running[self.first[top]] if self.count > self.first[top] else 0.0
        within = max(float(self.sums("running", np.array([top]))[0]), 1.0)
        running = self.sums("running", own)
        alike = np.bincount(self.paths)[self.paths[own]]
        main = np.bincount(self.path, self.running).argmax()
        parents = self.parent[self.of]
        held_by = np.zeros(len(self.parent), dtype=bool)
        held_by[parents[self.path == main]] = True
        columns = (
            chars, self.sums("link", own) / chars, running, self.sums("paragraphs", own), self.stop[own] - self.first[own],
            (self.order - self.first[own]) / np.maximum(self.stop[own] - self.first[own], 1), at_trunk,
            self.depth[top] - self.depth[joint], alike, running / total, np.clip((run - start) / within, -1, 2),
            (np.bincount(self.path, self.running * inside) / np.maximum(np.bincount(self.path, self.running), 1))[self.path],
            self.path == main, held_by[parents], self.depth[self.of] - self.depth[own],
            (np.bincount(self.path[self.path == main], minlength=1).sum() + np.zeros(self.count)),
        )  # fmt: skip
        hints = np.array([node.hints for node in self.layout.nodes], dtype=np.uint64)
        own_hints = np.where(at_trunk, np.uint64(0), hints[own])
        return np.concatenate((np.stack(columns, axis=1), _unpack(own_hints, len(NAMES))), axis=1).astype(np.float32)

    def groups(self, text: Floats) -> Floats:
        """Means over blocks of the same path, and of the same path but for its last element."""
        self.paths, wider = _same_paths(self.layout)
        own, above = self.paths[self.of], wider[self.of]
        columns = []
        for group in (own, above):
            count = np.maximum(np.bincount(group), 1)
            columns.append(np.log1p(count)[group])
            columns += [
                (np.bincount(group, values) / count)[group] for values in (np.log1p(text[:, 0]), text[:, 2], text[:, 3])
            ]
        first = np.full(own.max() + 1, self.count)
        last = np.zeros(own.max() + 1)
        np.minimum.at(first, own, self.order)
        np.maximum.at(last, own, self.order)
        columns.append(((last - first) / np.maximum(np.bincount(own), 1))[own])
        columns.append((np.bincount(own, self.running) / self.total)[own])
        self.path = own
        return np.stack(columns, axis=1).astype(np.float32)


def _same_paths(layout: Layout) -> tuple[Numbers, Numbers]:
    """A number for each path, and for each path but for its last element, of all elements."""
    numbers: dict[str, int] = {}
    own = [numbers.setdefault(node.path, len(numbers)) for node in layout.nodes]
    wider: dict[str, int] = {}
    above = [wider.setdefault(path.rpartition("/")[0], len(wider)) for path in numbers]
    return np.array(own), np.array(above)[own]


# ---- where it stands

_UNDER = ("distance", "chars", "link", "same_parent", "level")


def _under_heading(tree: _Tree, text: Floats, words: Floats, codes: Numbers) -> Floats:
    """The last heading before each block (an element, or a short line in bold): how far, what it says."""
    bold = (text[:, _AT["all_bold"]] > 0) & (text[:, 0] < _RUN) & (text[:, _AT["link"]] < 0.5)
    heads = np.nonzero(np.isin(codes, _HEADING_CODES) | bold)[0]
    found = np.full((tree.count, len(_UNDER) + words.shape[1]), -1, dtype=np.float32)
    if not len(heads):
        return found
    which = np.searchsorted(heads, tree.order, side="left") - 1
    under = which >= 0
    head = heads[np.maximum(which, 0)]
    parent = tree.parent[tree.of]
    level = np.select([codes[head] == code for code in _HEADING_CODES], range(1, 7), default=7)
    columns = (np.minimum(tree.order - head, _FAR), text[head, 0], text[head, 2], parent[head] == parent, level)
    found[under] = np.concatenate((np.stack(columns, axis=1), words[head]), axis=1)[under]
    return found


_PLACE = ("order", "share", "since_h1", "after_h1", "since_first", "to_last", "in_run", "since_paragraph", "to_paragraph", "title_dist", "h1_count",
          "running_before", "running_after")  # fmt: skip
_FAR = 99.0


def _places(tree: _Tree, blocks: tuple[Block, ...], text: Floats) -> Floats:
    count, order = tree.count, tree.order.astype(np.float64)
    h1 = [
        number
        for number, block in enumerate(blocks)
        if block.node.tag == "h1" or (block.node.parent is not None and block.node.parent.tag == "h1")
    ]
    titled = np.nonzero(text[:, _AT["title_same"]])[0]
    good = np.nonzero(tree.paragraph)[0]
    first, last = (good[0], good[-1]) if len(good) else (0, count)
    before = np.searchsorted(good, order, side="right")
    since = order - good[np.maximum(before - 1, 0)] if len(good) else np.full(count, _FAR)
    after = good[np.minimum(before, len(good) - 1)] - order if len(good) else np.full(count, _FAR)
    first_h1 = h1[0] if h1 else -1
    title = int(titled[-1]) if len(titled) else first_h1
    chars = text[:, 0].astype(np.float64)
    run = np.cumsum(tree.running)
    columns = (
        order / count,
        np.cumsum(chars) / chars.sum(),
        np.clip(order - first_h1, -_FAR, _FAR) if h1 else np.full(count, -100.0),
        (order > first_h1) if h1 else np.full(count, -1.0),
        np.clip(order - first, -_FAR, _FAR),
        np.clip(last - order, -_FAR, _FAR),
        tree.paragraph,
        np.clip(np.where(before > 0, since, _FAR), 0, _FAR),
        np.clip(np.where(after >= 0, after, _FAR), 0, _FAR),
        np.clip(order - title, -_FAR, _FAR) if title >= 0 else np.full(count, -100.0),
        np.full(count, len(h1)),
        run / tree.total,
        (run[-1] - run) / tree.total,
    )
    return np.stack(columns, axis=1).astype(np.float32)


# ---- its neighbours

_SHIFTS = (-3, -2, -1, 1, 2, 3)
_BESIDE = ("chars", "link", "sentences", "keywords", "heading", "ends", "same_path", "same_parent")
_WINDOWS = (5, 15)
_HEADING_CODES = [_TAG_CODE[f"h{level}"] for level in range(1, 7)]


def _beside(tree: _Tree, text: Floats, words: Floats, codes: Numbers) -> Floats:
    count = tree.count
    any_word = words.any(axis=1)
    base = np.stack(
        (np.log1p(text[:, 0]), text[:, 2], text[:, 3], any_word, np.isin(codes, _HEADING_CODES), text[:, 5]), axis=1
    )
    parent = tree.parent[tree.of]
    columns = []
    for shift in _SHIFTS:
        index = tree.order + shift
        there = ((index >= 0) & (index < count))[:, None]
        index = np.clip(index, 0, count - 1)
        same = np.stack((tree.path[index] == tree.path, parent[index] == parent), axis=1)
        columns.append(np.where(there, np.concatenate((base[index], same), axis=1), -1))
    chars = text[:, 0].astype(np.float64)
    for width in _WINDOWS:
        total = window(chars, width)
        columns.append(
            np.stack(
                [
                    window(values, width) / total
                    for values in (tree.running, chars * text[:, 2].astype(np.float64), np.where(any_word, 50.0, 0.0))
                ],
                axis=1,
            )
        )
    return np.concatenate(columns, axis=1).astype(np.float32)


def window(values: npt.NDArray[np.floating[Any]], width: int) -> npt.NDArray[np.float64]:
    """Sums over *width* values around each."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    order = np.arange(len(values))
    found: npt.NDArray[np.float64] = (
        sums[np.minimum(order + width // 2 + 1, len(values))] - sums[np.maximum(order - width // 2, 0)]
    )
    return found
