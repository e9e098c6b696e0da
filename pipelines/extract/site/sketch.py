"""PageSketch: the little of a page that the profile of its site is learnt from.

A sketch holds hashes and no text: of each block, of its beginning, and of the place it stands in (its slot), with the role and
the score that it has from the page alone. Sketches are made wherever pages are read, in any order, and brought together where
the profile is learnt.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.page.blocks import Block
from broadsheet.pipelines.extract.page.text_hash import hash64, hash_of_words
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import Role

BEGINNING = 40  # characters by which a teaser is known as the beginning of another page's paragraph
_LONG = 100  # characters from which a paragraph tells pages apart
_SHAPE, _MIN_LETTERS = 80, 4  # characters of a text that has a shape, letters that it has at least
_NUMBERS = re.compile(r"\d+")
_LABELLED = re.compile(r"([^\W\d_][^:：\n]{1,29})[:：]\s")  # "Filed under: ", before what is another on each page
_ENDS = frozenset(".!?…。！？")  # of a sentence
_CUT = ("…", "...", "[…]", "[...]", "..", "»", "→")
LINKED, CUT, SENTENCE = 1, 2, 4
BLOCK_TYPE = np.dtype(
    [
        ("text", "<i8"),
        ("shape", "<i8"),
        ("slot", "<i8"),
        ("start", "<i8"),
        ("chars", "<i4"),
        ("role", "u1"),
        ("score", "u1"),
        ("flags", "u1"),
    ]
)
Blocks = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class PageSketch:
    """``site`` is the host it belongs to; ``title`` and ``author`` are hashes, 0 for none; ``date`` is its date as printed;
    ``blocks`` is of BLOCK_TYPE."""

    site: str
    url: str
    title: int
    author: int
    date: str
    article: bool
    blocks: Blocks


@lru_cache(maxsize=4096)
def slot_of(path: str) -> int:
    """The hash of a place in the page's markup."""
    return hash64(path)


def beginning_of(text: str) -> int:
    """The hash of the first characters of *text*, 0 for one that is too short."""
    if len(text) < BEGINNING:
        return 0
    words = words_of(text[: 2 * BEGINNING])
    return hash_of_words(words[:BEGINNING].rstrip()) if len(words) >= BEGINNING else 0


def shape_of(text: str) -> int:
    """The hash of a short text whatever its numbers ("12 views", "Page 3 of 5"), that of its label where it has one; 0 for one
    without label and numbers, or words."""
    return _shape_of_label(text) if len(text) <= _SHAPE else 0


def label_of(text: str) -> str:
    """The words of the label of a short text that is no sentence but label and value ("Comments: three"); else nothing."""
    found = _LABELLED.match(text) if len(text) <= _SHAPE and text[-1:] not in _ENDS else None
    return words_of(found[1]) if found is not None and any(map(str.isalpha, text[found.end() :])) else ""


@lru_cache(maxsize=8192)
def _shape_of_label(text: str) -> int:
    if label := label_of(text):
        return hash_of_words(f"{label}:")
    if not any(map(str.isdigit, text)) or sum(map(str.isalpha, text)) < _MIN_LETTERS:
        return 0
    return hash_of_words("#" + _NUMBERS.sub("0", words_of(text)))


def is_cut(text: str) -> bool:
    """Whether *text* ends as a teaser does."""
    return text.endswith(_CUT)


def sketch_blocks(blocks: Sequence[Block], hashes: Sequence[int], roles: Sequence[RoleAssignment]) -> Blocks:
    """The blocks of a page as the profile sees them."""
    texts = [block.text for block in blocks]
    found = np.empty(len(texts), dtype=BLOCK_TYPE)
    found["text"] = hashes
    found["shape"] = [shape_of(text) for text in texts]
    found["slot"] = [slot_of(block.node.path) for block in blocks]
    found["start"] = [beginning_of(text) for text in texts]
    found["chars"] = [len(text) for text in texts]
    found["role"] = [one.role.code for one in roles]
    found["score"] = [int(255 * (one.score or 0.0)) for one in roles]
    found["flags"] = [
        LINKED * (block.link_chars > 0.6 * len(text)) + CUT * text.endswith(_CUT) + SENTENCE * (block.sentences > 0)
        for block, text in zip(blocks, texts, strict=True)
    ]
    return found


def identity_of(blocks: Blocks) -> tuple[int, ...]:
    """What tells an article from others whatever its URL: the three smallest hashes of its long body paragraphs."""
    body = blocks[(blocks["role"] == Role.BODY.code) & (blocks["chars"] >= _LONG)]["text"]
    return tuple(int(one) for one in np.sort(np.unique(body))[:3])


def write_sketches(sketches: Iterable[PageSketch], asked: Iterable[int] = ()) -> bytes:
    """The sketches as bytes: the same for the same sketches.  *asked* says of which records they are, pages or not."""
    pages = list(sketches)
    heads = np.array(
        [(page.title, page.author, page.article, len(page.blocks)) for page in pages], dtype="<i8"
    ).reshape(-1, 4)
    names = "\n".join(f"{page.site}\t{_flat(page.date)}\t{_flat(page.url)}" for page in pages).encode(
        "utf-8", "replace"
    )
    out = io.BytesIO()
    blocks = np.concatenate([page.blocks for page in pages]) if pages else np.zeros(0, BLOCK_TYPE)
    offsets = np.array(sorted(asked), dtype="<i8")
    np.savez_compressed(out, heads=heads, blocks=blocks, names=np.frombuffer(names, dtype="u1"), asked=offsets)
    return out.getvalue()


def read_sketches(data: bytes) -> list[PageSketch]:
    """What `write_sketches` wrote.

    Raises:
        ValueError, OSError, KeyError: it is none.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        heads, blocks, names = file["heads"], file["blocks"], file["names"].tobytes().decode()
    found, at = [], 0
    for (title, author, article, count), line in (
        zip(heads.tolist(), names.split("\n"), strict=True) if len(heads) else ()
    ):
        site, date, url = line.split("\t", 2)
        found.append(PageSketch(site, url, title, author, date, bool(article), blocks[at : at + count]))
        at += count
    return found


def read_asked(data: bytes) -> frozenset[int]:
    """Of which records `write_sketches` was told that the sketches are.

    Raises:
        ValueError, OSError, KeyError: it wrote none of this.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return frozenset(file["asked"].tolist())


def _flat(text: str) -> str:
    return " ".join(text.split())
