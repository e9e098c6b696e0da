"""Filed: a block's role and why it has it; and what blocks are compared by when roles are given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

LABEL = 100  # characters of a text that may stand on many pages: what is found out about it is remembered
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Filed:
    """A block's role, why it has it (``markup``, ``rule``, ``model``, ``trafilatura``, ``site_template``,
    ``embedded``), and how sure."""

    role: str
    source: str
    score: float | None = None


@cache
def filed(role: str, source: str) -> Filed:
    """`Filed` without a score: there are some fifty, and a block costs none."""
    return Filed(role, source)


@dataclass(frozen=True, slots=True)
class Known:
    """What the page's metadata say about it, for naming blocks."""

    title: str | None = None
    titles: tuple[str, ...] = ()  # other forms of the title
    authors: tuple[str, ...] = ()
    description: str | None = None


def words_of(text: str) -> str:
    """The words of *text*, in lower case, with single spaces: what is compared when punctuation and case say nothing."""
    return _words_of_label(text) if len(text) <= LABEL else " ".join(_WORD.findall(text.casefold()))


@lru_cache(maxsize=8192)
def _words_of_label(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def is_heading(tag: str) -> bool:
    """Whether *tag* is h1, h2 ..."""
    return len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()
