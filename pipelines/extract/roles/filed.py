"""Filed: a block's role and why it has it; and what blocks are compared by when roles are given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_WORD = re.compile(r"\w+")
_HASHTAGS = re.compile(r"(?:[#＃][^\W\d_][^\s#＃]*\s*){1,20}")
# of ASCII, which most blocks are, bytes are cut at what is no letter, digit or "_" in half the time of a pattern
_WORD_BYTES = bytes(code if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(128)) + bytes(128)


@dataclass(frozen=True, slots=True)
class Filed:
    """A block's role, why it has it (``markup``, ``rule``, ``model``, ``trafilatura``, ``site_template``), and how
    sure."""

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
    if text.isascii():
        return b" ".join(text.lower().encode("ascii").translate(_WORD_BYTES).split()).decode("ascii")
    return " ".join(_WORD.findall(text.casefold()))


def is_heading(tag: str) -> bool:
    """Whether *tag* is h1, h2 ..."""
    return len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()


def is_hashtags(text: str) -> bool:
    """Whether *text* is hashtags and nothing else."""
    return text[:1] in {"#", "＃"} and _HASHTAGS.fullmatch(text) is not None
