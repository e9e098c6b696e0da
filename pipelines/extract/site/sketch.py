"""PageSketch: the little of a page that the profile of its site is learnt from.

A sketch holds hashes and no text: of each block, of its form and label, of its beginning, and of the place it stands in (its
slot), with the role and the score that it has from the page alone. Sketches are made wherever pages are read, in any order,
and brought together where the profile is learnt.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import Role
from broadsheet.pipelines.extract.site.lines import LINE_TYPE, Lines

_LONG = 100  # characters from which a paragraph tells pages apart


@dataclass(frozen=True, slots=True)
class PageSketch:
    """``site`` is the host it belongs to; ``title`` and ``author`` are hashes, 0 for none; ``date`` is its date as printed;
    ``blocks`` is of LINE_TYPE; ``language`` is that of its text, "" where it is not known."""

    site: str
    url: str
    title: int
    author: int
    date: str
    article: bool
    blocks: Lines
    offset: int = -1  # of its record in the WARC, where it is known
    language: str = ""


def sketched(lines: Lines, roles: Sequence[RoleAssignment]) -> Lines:
    """*lines* with the roles that their blocks got by the page alone."""
    found = lines.copy()
    found["role"] = [one.role.code for one in roles]
    return found


def identity_of(blocks: Lines) -> tuple[int, ...]:
    """What tells an article from others whatever its URL: the three smallest hashes of its long body paragraphs."""
    body = blocks[(blocks["role"] == Role.BODY.code) & (blocks["chars"] >= _LONG)]["text"]
    return tuple(int(one) for one in np.sort(np.unique(body))[:3])


def write_sketches(sketches: Iterable[PageSketch], asked: Iterable[int] = ()) -> bytes:
    """The sketches as bytes: the same for the same sketches.  *asked* says of which records they are, pages or not."""
    pages = list(sketches)
    heads = np.array(
        [(page.title, page.author, page.article, len(page.blocks), page.offset) for page in pages], dtype="<i8"
    ).reshape(-1, 5)
    names = "\n".join(f"{page.site}\t{page.language}\t{_flat(page.date)}\t{_flat(page.url)}" for page in pages).encode(
        "utf-8", "replace"
    )
    out = io.BytesIO()
    blocks = np.concatenate([page.blocks for page in pages]) if pages else np.zeros(0, LINE_TYPE)
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
    for (title, author, article, count, offset), line in (
        zip(heads.tolist(), names.split("\n"), strict=True) if len(heads) else ()
    ):
        site, language, date, url = line.split("\t", 3)
        lines = blocks[at : at + count]
        found.append(PageSketch(site, url, title, author, date, bool(article), lines, offset, language))
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
