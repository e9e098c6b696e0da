"""The measures of a block by itself: its text, links, element and words, and its agreement with the metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.body.features.columns import Columns, Numbers
from broadsheet.pipelines.extract.page.blocks import BOLD, Block
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.page.text_traits import TextTraits
from broadsheet.pipelines.extract.page.words import FULL_STOPS

_TAGS = ("p", "li", "h1", "h2", "h3", "h4", "div", "td", "pre", "button", "figcaption")
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
TAG_COLUMNS = tuple(f"tag.{tag}" for tag in _TAGS)
_KEYWORDS = ("newsletter", "related", "comment", "credit", "byline", "legal", "ad", "date", "share")
KEYWORD_COLUMNS = tuple(f"word.{name}" for name in _KEYWORDS)
_KEYWORD_BITS = np.array([[KEYWORD_BIT[name]] for name in _KEYWORDS])
_WORD = re.compile(r"\w+")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d\d\b|年\d{1,2}月")
_ENDS = frozenset(".!?。！？”\"'…:;)" + FULL_STOPS)
_LINE = 60  # characters from which a text is no label
_BEGINNING = 120  # characters of a block whose kinds are counted
_UPPER, _DIGIT = 1, 2
_ALPHABETS = 0x3000
_COMPARED = 60  # characters of a block that are looked for in the metadata's texts


@dataclass(frozen=True, slots=True)
class MetaTexts:
    """What the page's metadata say of its article, in lower case with single spaces; "" where they say nothing."""

    title: str = ""
    description: str = ""
    embedded: str = ""


def block_columns(blocks: Sequence[Block], meta: MetaTexts, traits: Sequence[TextTraits], host: str) -> Columns:
    """The columns of the blocks by themselves; *host* is the page's, by which links to other sites are recognised."""
    texts = [block.text for block in blocks]
    sizes = np.array(list(map(len, texts)), dtype=np.int64)
    words = np.array([text.count(" ") for text in texts], dtype=np.int64) + 1
    unstopped = np.array(list(map(_is_unstopped, texts)))
    upper, digits = _beginnings(texts)
    looked = np.minimum(sizes, _BEGINNING)
    columns: Columns = {
        "text.chars": sizes,
        "text.words": words,
        "text.link": np.array([block.link_chars for block in blocks], dtype=np.int64) / sizes,
        "text.sentences": np.where(unstopped, (words + 1) // 2, [block.sentences for block in blocks]),
        "text.commas": np.where(unstopped, words // 2, [_commas(text) for text in texts]),
        "text.linebreaks": [text.count("\n") for text in texts],
        "text.ends": unstopped | [text[-1] in _ENDS for text in texts],
        "text.digits": digits / looked,
        "text.capitals": upper / looked,
        "text.date": _dates(texts, digits),
        "text.mean_word": sizes / words,
    }
    columns |= _runs(blocks, sizes, words, host)
    columns |= _agreement(texts, traits, meta)
    repeated = Counter(texts)
    columns["text.repeated"] = list(map(repeated.__getitem__, texts))
    columns["text.dup_before"] = _seen_before(texts, repeated)
    tags = np.array([_TAG_NUMBER.get(block.node.tag, -1) for block in blocks], dtype=np.int64)
    columns[TAG_COLUMNS] = tags == np.arange(len(_TAGS))[:, None]
    bits = np.array([one.keywords for one in traits], dtype=np.int64)
    columns["word.any"] = bits > 0
    columns[KEYWORD_COLUMNS] = bits & _KEYWORD_BITS > 0
    return columns


def _is_unstopped(text: str) -> bool:
    """Whether a text is one of Thai or Lao, in which a space ends a sentence or a part of one, and no more."""
    return "\u0e00" <= text[-1] <= "\u0eff" and len(text) >= _LINE


def _commas(text: str) -> int:
    return text.count(",") if text.isascii() else sum(map(text.count, ",，、"))


@lru_cache(maxsize=1)
def _kinds() -> npt.NDArray[np.uint8]:
    """The kind of each character of the alphabets that know capitals."""
    kinds = np.zeros(_ALPHABETS + 1, dtype=np.uint8)
    for code in range(_ALPHABETS):
        character = chr(code)
        kinds[code] = _UPPER * character.isupper() + _DIGIT * character.isdigit()
    return kinds


def _beginnings(texts: list[str]) -> tuple[Numbers, Numbers]:
    """Capitals and digits in the beginning of each text."""
    heads = [text[:_BEGINNING] for text in texts]
    codes = np.frombuffer("".join(heads).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds()[np.minimum(codes, _ALPHABETS)]
    starts = np.zeros(len(heads), dtype=np.int64)
    np.cumsum([len(head) for head in heads[:-1]], out=starts[1:])
    upper, digits = (np.add.reduceat(kinds == kind, starts, dtype=np.int64) for kind in (_UPPER, _DIGIT))
    return upper, digits


def _dates(texts: list[str], digits: Numbers) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(texts), dtype=bool)
    for number in np.nonzero(digits)[0].tolist():
        found[number] = _DATE.search(texts[number], 0, _BEGINNING) is not None
    return found


def _seen_before(texts: list[str], repeated: Counter[str]) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(texts), dtype=bool)
    seen: set[str] = set()
    for number, text in enumerate(texts):
        if repeated[text] > 1:
            found[number] = text in seen
            seen.add(text)
    return found


def _runs(blocks: Sequence[Block], sizes: Numbers, words: Numbers, host: str) -> Columns:
    """What links and styles a block has."""
    count = len(blocks)
    links, styled = np.zeros(count), np.zeros(count)
    bold, outer = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    for number, block in enumerate(blocks):
        runs = block.runs
        if len(runs) == 1:
            _, style, href = runs[0]
            if style:
                styled[number] = len(block.text)
                bold[number] = style & BOLD > 0
            if href is None:
                continue
            links[number] = 1
            outer[number] = bool(host) and href.startswith("http") and host not in href[:80]
        else:
            bold[number] = all(run.style & BOLD for run in runs)
            styled[number] = sum([len(run.text) for run in runs if run.style])
            if not block.link_chars:
                continue
            hrefs = [run.href for run in runs if run.href is not None]
            links[number] = len(hrefs)
            outer[number] = bool(host) and any(href.startswith("http") and host not in href[:80] for href in hrefs)
    return {
        "text.links": links,
        "text.styled": styled / sizes,
        "text.all_bold": bold,
        "text.outer_link": outer,
        "text.anchor_share": links / words,
    }


def _agreement(texts: list[str], traits: Sequence[TextTraits], meta: MetaTexts) -> Columns:
    """Whether the text of a block is in the title, the description, or the embedded article text."""
    title, description, embedded = meta.title, meta.description, meta.embedded
    title_words = frozenset(_WORD.findall(title))
    begins = description[:_COMPARED]
    count = len(texts)
    same, share, described, within = [False] * count, [0.0] * count, [False] * count, [0.0] * count
    for number, text in enumerate(texts):
        if title_words and len(text) < 300:
            own = traits[number].words.split() if text.isascii() else _WORD.findall(text.lower())
            if not title_words.isdisjoint(own):
                shared = sum(map(title_words.__contains__, own)) / len(own)
                share[number] = shared
                same[number] = (
                    shared > 0.5 and text.lower() in title and (2 * len(text) > len(title) or text.lower() == title)
                )
        if description and len(text) > 30:
            described[number] = text[:_COMPARED].lower() in description or (
                len(text) >= len(begins) and begins in text[:1000].lower()
            )
        if embedded:
            within[number] = 1.0 if text[:_COMPARED].lower() in embedded else -1.0
    return {
        "text.title_same": np.array(same),
        "text.title_share": share,
        "text.description": described,
        "text.embedded": np.array(within),
    }
