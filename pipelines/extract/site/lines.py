"""Lines: what is known of each block of a page when it is compared with the site's other pages.  Hashes and bits, no text.

`lines_of` makes them of one page alone, before the site is heard; `sketch` keeps them for learning, `page_forms` looks them
up in what was learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.body.features import Scores
from broadsheet.pipelines.extract.page.blocks import BOLD, WITHIN, Block, Layout, Node
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.page.text_hash import hash64, hash_of_words
from broadsheet.pipelines.extract.page.text_traits import TextTraits
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.assign import is_data_table
from broadsheet.pipelines.extract.roles.evidence import is_heading
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.site.address import addresses_reader
from broadsheet.pipelines.extract.site.forms import (
    BEGINNING,
    LINE,
    NO_FORM,
    Form,
    beginning_of,
    columns,
    ends_sentence,
    form_of,
    is_amount,
    is_wordy,
    label_of_speech,
)
from broadsheet.pipelines.extract.site.kinship import kinship
from broadsheet.pipelines.extract.site.shapes import is_cut, shape_of

LINKED, CUT, SENTENCE = 1, 2, 4  # mostly links; ends as a teaser does; holds a sentence
RUNNING = 8  # long enough and made as a paragraph is
STOPPED = 16  # ends as a sentence does
HEADING = 32  # an element h1 to h6, or all bold
FIXED = 64  # code, or a cell of a table of data
PICTURED = 128  # right after an image
NAME = 256  # looks like a person's name
ECHO = 512  # begins with the name that is all of the block above it
AUTHORED = 1024  # begins with the name of an author of the page
NAMED = 2048  # begins with a capital word and few others before a colon ("Ann Lee wrote: ...")
OWN_TITLE = 4096  # is the page's headline, or that and a word or two
FURNITURE, PLEA = (
    8192,
    16384,
)  # says a word of furniture; one of those that ask for something, or tell of an advertisement
LINKING = 32768  # holds a link
LETTERS = 65536  # holds letters
NUMBERED = 131072  # its form has a number or a date
WHOLE_LINK = 262144  # is a link and nothing else
ADDRESSING = 524288  # speaks to the reader
INTRODUCED = 1048576  # short, with a word that introduces an author
HEADED = 2097152  # its first line, of several, is its label
OPENING = 8388608  # ends with a colon or a comma, as what introduces a speech or a letter does
AMOUNT = 16777216  # begins with a number that is neither a date nor a time
WORDY = 4194304  # its form has many words beside its numbers
LINE_TYPE = np.dtype(
    [
        ("text", "<i8"),
        ("shape", "<i8"),
        ("slot", "<i8"),
        ("start", "<i8"),
        ("form", "<i8"),
        ("label", "<i8"),
        ("rest", "<i8"),
        ("chars", "<i4"),
        ("flags", "<u4"),
        ("columns", "<u2"),
        ("kin", "u1"),
        ("shared", "u1"),
        ("role", "u1"),
        ("score", "u1"),
    ]
)
Lines = npt.NDArray[np.void]  # of LINE_TYPE
Integers = npt.NDArray[np.int64]  # one for each line, or each page
Booleans = npt.NDArray[np.bool_]
MOST_COLUMNS = 10_000
BIOGRAPHY = 30  # columns from which a text that begins with the name above it is a biography
_PARAGRAPH, _LONG_PARAGRAPH = 50, 120  # columns of a paragraph that ends as a sentence does, and of one that need not
_INTRODUCED = 80  # columns of a line that introduces an author
_APPEAL = 240  # columns of a line that may ask the reader for something
_LABEL, _MOST_DEPTH = 45, 255  # columns of a label that is a line of its own; depth that is told
_SLOTTED = 20  # letters of a headline that is told within a text: a short one is a word of many
_TITLE, _MORE_LETTERS, _MORE_STOPPED = 8, 30, 12  # letters of a headline that is told by them, and that may follow it
_SLOT = "\x01"  # for the page's title within a text
_FURNITURE = sum(
    KEYWORD_BIT[name]
    for name in (
        "newsletter", "share", "legal", "related", "popular", "comment", "cookie", "ad", "biography", "tags", "media",
        "credit", "byline", "date",
    )
)  # fmt: skip
_AUTHOR = KEYWORD_BIT["byline"]
_OPENS = (":", "：", ",", "،", "，")
_PLEA = sum(KEYWORD_BIT[name] for name in ("newsletter", "share", "ad", "cookie"))
_FIXING, _CELLS = frozenset({"pre", "code"}), frozenset({"td", "th"})
_IN_TABLE = 1 << WITHIN.index("table")


def lines_of(layout: Layout, traits: Sequence[TextTraits], scores: Scores, head: HeadWords) -> Lines:
    """The lines of a page; the field ``role`` is left 0."""
    blocks = layout.blocks
    texts = [block.text for block in blocks]
    found = np.zeros(len(texts), dtype=LINE_TYPE)
    kinds = [_kind_of(text) if len(text) <= LINE else _kind(text) for text in texts]
    forms, widths = [kind.form for kind in kinds], [kind.columns for kind in kinds]
    found["text"] = _texts(traits, head.title)
    found["shape"] = [kind.shape for kind in kinds]
    found["slot"] = [slot_of(block.node.path) for block in blocks]
    found["start"] = [_start(one.words) if width >= BEGINNING else 0 for one, width in zip(traits, widths, strict=True)]
    found["form"] = [form.form for form in forms]
    found["label"] = [form.label for form in forms]
    found["rest"] = [form.rest for form in forms]
    found["chars"] = [len(text) for text in texts]
    found["columns"] = np.minimum(widths, MOST_COLUMNS)
    found["score"] = np.asarray(255 * scores).astype("u1")
    found["shared"] = _shared_depths(blocks)
    found["flags"] = _flags(layout, traits, kinds, head)
    entries = {
        at: [words_of(line) for line in texts[at].split("\n")[1:]]
        for at in np.flatnonzero(found["flags"] & HEADED != 0).tolist()
    }
    found["kin"] = kinship([one.words for one in traits], widths, (found["flags"] & RUNNING != 0).tolist(), entries)
    return found


def _texts(traits: Sequence[TextTraits], title: str) -> list[int]:
    """The hashes of the texts; with a slot for the page's *title* where it stands amid other words, which are the site's if
    they stand on all articles ("The post ... appeared first on ...")."""
    if len(title) < _SLOTTED:
        return [one.hash for one in traits]
    return [
        hash_of_words(one.words.replace(title, _SLOT, 1))
        if title in one.words and len(one.words) > len(title) + _MORE_LETTERS
        else one.hash
        for one in traits
    ]


def wording_of(lines: Lines) -> Integers:
    """By what lines are known as the same: their texts, or their forms where these are wordy ("4.5 of 120 readers ...")."""
    found: Integers = np.where(lines["flags"] & WORDY != 0, lines["form"], lines["text"])
    return found


@lru_cache(maxsize=4096)
def slot_of(path: str) -> int:
    """The hash of a place in the page's markup."""
    return hash64(path)


def start_of(text: str) -> int:
    """The hash of the beginning of *text*, by which a teaser is known; 0 for one that is too short."""
    return _start(words_of(text[: 4 * BEGINNING])) if columns(text) >= BEGINNING else 0


def _start(words: str) -> int:
    begun = beginning_of(words)
    return hash_of_words(begun) if begun else 0


def _shared_depths(blocks: Sequence[Block]) -> list[int]:
    """For each block the depth of the innermost element in which it stands together with the block above."""
    found: list[int] = []
    above: Node | None = None
    for block in blocks:
        node = above
        while node is not None and node.stop <= block.ordinal:
            node = node.parent
        found.append(0 if node is None else min(node.depth, _MOST_DEPTH))
        above = block.node
    return found


class _Kind(NamedTuple):
    """What a text is by itself: its form, its width, its shape, and the flags that it alone decides."""

    form: Form
    columns: int
    shape: int
    flags: int


def _kind(text: str) -> _Kind:
    width, stopped = columns(text), ends_sentence(text)
    form = form_of(text) if width <= LINE else NO_FORM._replace(label=label_of_speech(text))
    first = text.partition("\n")[0]
    headed = len(first) < len(text) and columns(first) <= _LABEL
    if headed:
        form = form._replace(label=hash_of_words(f"{words_of(first)}\n"))
    flags = (
        CUT * is_cut(text)
        | STOPPED * stopped
        | NAME * form.name
        | NAMED * form.named
        | NUMBERED * form.numbered
        | INTRODUCED * form.introduces
        | WORDY * is_wordy(text)
        | AMOUNT * is_amount(text)
        | HEADED * headed
        | OPENING * text.endswith(_OPENS)
        | ADDRESSING * (stopped and width <= _APPEAL and addresses_reader(text))
        | LETTERS * (not text.isascii() or any(map(str.isalpha, text)))
    )
    return _Kind(form, width, shape_of(text), flags)


_kind_of = lru_cache(maxsize=16_384)(_kind)  # of short texts, most of which stand on many pages


def _flags(layout: Layout, traits: Sequence[TextTraits], kinds: Sequence[_Kind], head: HeadWords) -> list[int]:
    pictured = {mark.before for mark in layout.images}
    fixed = _fixed_nodes(layout)
    authors = tuple(name + " " for name in head.authors)
    titles = tuple(filter(None, head.titles))
    found = []
    above = ""
    for block, one, kind in zip(layout.blocks, traits, kinds, strict=True):
        words, node, keywords, bits, width = one.words, block.node, one.keywords, kind.flags, kind.columns
        density = block.link_chars / len(block.text)
        if density:
            bits |= LINKING | LINKED * (density > 0.6) | WHOLE_LINK * (density >= 1)
        if density < 0.5 and width >= (_PARAGRAPH if bits & STOPPED else _LONG_PARAGRAPH):
            bits |= RUNNING
        if keywords:
            bits |= FURNITURE * (keywords & _FURNITURE != 0) | PLEA * (keywords & _PLEA != 0)
            bits |= INTRODUCED * (keywords & _AUTHOR != 0 and width <= _INTRODUCED)
        bits |= SENTENCE * (block.sentences > 0) | PICTURED * (block.ordinal in pictured)
        bits |= FIXED * fixed[node.number] | HEADING * _is_headed(block)
        if above and words.startswith(above):
            bits |= ECHO
        if authors and words.startswith(authors):
            bits |= AUTHORED
        if _is_title(words, titles, stopped=bits & STOPPED != 0):
            bits |= OWN_TITLE
        found.append(bits)
        above = words + " " if bits & NAME else ""
    return found


def _fixed_nodes(layout: Layout) -> list[bool]:
    """For each node whether what stands in it is code, or a cell of a table of data.  A parent comes before its children."""
    coded: list[bool] = []
    found: list[bool] = []
    data: dict[int, bool] = {}  # by the number of a table
    for node in layout.nodes:
        code = node.tag in _FIXING or (node.parent is not None and coded[node.parent.number])
        coded.append(code)
        found.append(code or (node.tag in _CELLS and node.within & _IN_TABLE != 0 and _is_of_data(node, data)))
    return found


def _is_of_data(cell: Node, data: dict[int, bool]) -> bool:
    """Whether one of the tables around *cell* holds data; kept in *data*."""
    for node in cell.up():
        if node.tag == "table":
            holds = data.get(node.number)
            if holds is None:
                holds = data[node.number] = is_data_table(node)
            if holds:
                return True
    return False


def _is_headed(block: Block) -> bool:
    node = block.node
    if is_heading(node.tag) or (node.parent is not None and is_heading(node.parent.tag)):
        return True
    return all(run.style & BOLD or run.text.isspace() for run in block.runs)


def _is_title(words: str, titles: tuple[str, ...], *, stopped: bool) -> bool:
    """Whether a line of these *words* is the page's headline, or that with a word or two, as a caption has ("(Photo: Lee)")."""
    if words in titles:
        return True
    if not words.startswith(titles):
        return False
    most = _MORE_STOPPED if stopped else _MORE_LETTERS
    return any(
        len(title) > _TITLE and len(words) < len(title) + most and words.startswith(title + " ") for title in titles
    )
