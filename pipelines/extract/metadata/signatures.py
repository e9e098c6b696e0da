"""Bylines that no class and no element tells: a line near the headline that begins as a byline does, and the line with which
agencies and Chinese papers sign below the text.  They are asked for where nothing else names an author."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.metadata.byline_cut import joins
from broadsheet.pipelines.extract.metadata.date_place import is_of_others
from broadsheet.pipelines.extract.metadata.names import names_in
from broadsheet.pipelines.extract.page.blocks import Block

_NEAR = 6  # blocks below the headline
_LONGEST = 100  # characters of a line near the headline, and of a signature
_LONGEST_SIGNATURE = 240
_INTRODUCED = re.compile(
    r"""^\W*(?:(?:(?:written|posted|published|reported|submitted|story|words|text|report|analysis)\s+)?by
    |(?:(?:geschrieben|verfasst|text|erstellt|ein\s(?:beitrag|artikel))\s+)?von|(?:(?:publié|écrit|rédigé)\s+)?par
    |(?:(?:escrito|publicado)\s+)?por|(?:geschreven\s)?door|(?:skrevet\s|skriven\s)?av|af|przez|oleh|napsala?|γράφει\s[οη]
    |(?:autor(?:in|a|es|ka)?|auteure?|authors?|text|tekst|texte|penulis|tác\sgiả|yazan|szerző|írta|piše|автор|текст|بقلم|נכתב)\s*:)
    \s+(?=[^\W\d_])|^(?:[来來稿]源\s*[:：]\s*\S{2,20}\s+)?(?:作者|記者|记者|撰文|文|执笔|執筆)\s*[:：/／]\s*(?=[^\W\d_])""",
    re.I | re.X,
)
_GUEST = re.compile(
    r"(?:guest\s(?:post|article|column|essay|blog)\b[^.:]{0,30}?\bby|gastbeitrag\svon|(?:article|billet|tribune)\sinvité[^.]{0,20}\spar)\s+"
    r"((?-i:[A-ZÀ-Þ][\w.'’-]+(?:\s(?:(?:de|van|von|der|da|al|bin)\s)?[A-ZÀ-Þ][\w.'’-]+){1,3}))",
    re.I,
)
_SIGNED = re.compile(
    r"""^[\s(（\[【]*(?:reporting\sby\b|(?:责编|責編|责任编辑|責任編輯|作者|撰文|文字?|记者|記者)\s*[:：/／]
    |(?:本报|新华社)记者\s)""",
    re.I | re.X,
)
_PARTICLES = "de del della der den van von da di do dos du la le el al bin ibn ben ter ten y e i och og und"
_PARTICLE = frozenset(_PARTICLES.split())
_UNCASED = re.compile(r"[\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def signed_by(
    blocks: Sequence[Block], headline: str | None, spine: frozenset[etree._Element]
) -> tuple[tuple[str, ...], str | None]:
    """The names in such a line of the page's *blocks*, and the line itself; *spine*: the headline's ancestors."""
    for block in below(blocks, headline):
        line = _byline_in(block.text)
        if line is not None and not is_of_others(block.node.element, spine):
            names = names_in(line)
            if names and all(map(_is_full_name, names)):
                return names, line
        if (guest := _GUEST.search(block.text)) is not None:
            return names_in(guest[1]), " ".join(block.text.split())
    for block in reversed(blocks):
        if len(block.text) <= _LONGEST_SIGNATURE and _SIGNED.match(block.text):
            line = " ".join(block.text.split())
            if names := names_in(line):
                return names, line
    return (), None


def _byline_in(text: str) -> str | None:
    """The first line of a block that begins as a byline does, with those that go on with its names: a name ends with its
    line, and the next tells the author's outlet or place.  None where the block has no such line."""
    lines: list[str] = []
    for line in text.split("\n"):
        line = " ".join(line.split())
        if lines and joins(lines[-1], line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return next(filter(_INTRODUCED.match, lines), None)


def below(blocks: Sequence[Block], headline: str | None) -> Iterator[Block]:
    """The short blocks below the *headline*."""
    if not headline:
        return
    rest = iter(blocks)
    for block in rest:
        if len(block.text) <= 4 * len(headline) and " ".join(block.text.split()) == headline:
            break
    yield from (block for block in islice(rest, _NEAR) if len(block.text) <= _LONGEST)


def _is_full_name(name: str) -> bool:
    """Whether *name* is written as a person's: at least two words that begin large, or in a script without capitals."""
    words = [word for word in name.split() if word.casefold() not in _PARTICLE]
    if _UNCASED.search(name):
        return len(words) <= 4
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)
