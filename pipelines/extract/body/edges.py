"""Trimming the edges of the body: headline, standfirst, byline and dateline at its beginning, hashtags at its end.

A body that keeps them is the most frequent fault of extractors (a third of pages). They are recognised by their text, in any
markup: a headline equals the title, a byline is the author's name or introduces a name, a dateline is a date and little else.
Bylines and datelines are looked for at the beginning of the body only, headlines everywhere, since no paragraph of an
article is its title. A first paragraph that is marked as standfirst is trimmed if another block (a byline, a caption) stands
between it and the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.metadata.date_text import PRINTED_DATE
from broadsheet.pipelines.extract.page.blocks import Block
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.page.words import is_hashtags, words_of
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords

_LINE = 120  # characters
_FEW_LETTERS = 24  # letters beside the digits of a date
_OPENING = 3  # blocks at the beginning, of which a paragraph may be the title
_LOOK = 8  # blocks from the beginning of the body
_BY = re.compile(
    r"^(?:(?:by|von|par|por|di|da|door|av|af|text|words by|written by|posted by|автор|oleh|przez|文/|作者)\b|[👤✍🖊✏])"
    r"[\ufe0f:\s]*",
    re.I,
)
_PART = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+")  # between the name and the date
_NAME = re.compile(r"^[^\W\d_][\w.'’-]*(?:[\s,&]+(?:and|und|et|y|e|i|og|och)?\s*[^\W\d_][\w.'’-]*){1,6}$")
_DATE_WORDS = KEYWORD_BIT["date"]
_STANDFIRST = BIT["standfirst"]


def trim_head(
    blocks: Sequence[Block],
    body: Sequence[RoleAssignment | None],
    head: HeadWords,
    words: Sequence[str],
    keywords: Sequence[int],
) -> list[RoleAssignment | None]:
    """*body* without the lines of the article's head, and without hashtags at its end."""
    kept = list(body)
    inside = [number for number, one in enumerate(kept) if one is not None]
    beginning = set(inside[:_OPENING])
    for number in inside:
        if words[number] not in head.titles or (len(words[number]) <= 12 and blocks[number].tag != "h1"):
            continue
        if number in beginning or words[number] == head.title or blocks[number].tag != "p":
            kept[number] = None  # a paragraph further down may be what the page says of itself for social networks
    for number in inside[:_LOOK]:
        block = blocks[number]
        if kept[number] is None:
            continue
        if not (is_byline(block.text, words[number], head.authors) or is_dateline(block.text, keywords[number])):
            break
        kept[number] = None
    for number in reversed(inside[1:]):
        if kept[number] is not None and not is_hashtags(blocks[number].text):
            break
        kept[number] = None
    rest = [number for number, one in enumerate(kept) if one is not None]
    if len(rest) > 1 and rest[1] - rest[0] > 1 and blocks[rest[0]].node.hints & _STANDFIRST:
        kept[rest[0]] = None
    return kept


def with_byline(metadata: Metadata, blocks: Sequence[Block]) -> Metadata:
    """*metadata* with the author that a line right below the headline names, when nothing else names one."""
    if metadata.authors or not metadata.title:
        return metadata
    title = words_of(metadata.title)
    at = next(
        (block.ordinal for block in blocks if block.text[:1].isalnum() and words_of(block.text[:400]) == title), None
    )
    for block in () if at is None else blocks[at + 1 : at + 4]:
        name = author_of(block.text)
        if name is not None:
            return replace(metadata, authors=(Person(name),), byline_raw=block.text)
    return metadata


def is_byline(text: str, words: str, authors: Sequence[str]) -> bool:
    """Whether *text* is the line that names the author."""
    if len(text) > _LINE or not words or "://" in text:  # an address may hold the author's name
        return False
    if any(name and name in words and len(words) < len(name) + _FEW_LETTERS for name in authors):
        return True
    return author_of(text) is not None


def author_of(text: str) -> str | None:
    """The name that a line like "By Ann Lee" introduces; None for any other."""
    found = _BY.match(text) if len(text) <= _LINE else None
    if found is None:
        return None
    name, *rest = _PART.split(text[found.end() :].strip(" .,|-–—"))
    if rest and not any(PRINTED_DATE.search(one) for one in rest):
        return None
    capitals = [word[0].isupper() or not word[0].isascii() for word in name.split()]
    return name if _NAME.match(name) and len(capitals) <= 5 and sum(capitals) >= 2 else None


def is_dateline(text: str, keywords: int) -> bool:
    """Whether *text* is a date with little beside it, or a line such as "5 minutes to read"."""
    if len(text) > _LINE or text.count(" ") > 14:
        return False
    dates = list(PRINTED_DATE.finditer(text))
    if dates:
        rest = PRINTED_DATE.sub("", text)
        letters = sum(map(str.isalpha, rest))
        return letters <= _FEW_LETTERS or (keywords & _DATE_WORDS != 0 and letters <= 2 * _FEW_LETTERS)
    return keywords & _DATE_WORDS != 0 and any(map(str.isdigit, text)) and sum(map(str.isalpha, text)) <= _FEW_LETTERS
