"""A hit as a list of them shows it, with title and snippet where the words stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import zstandard

from broadsheet.pipelines.search.columns import Codes, Floats, Ints, SearchColumns
from broadsheet.pipelines.search.query_language import Phrase
from broadsheet.pipelines.search.snippets import Highlighter, SnippetPiece

_MAX_TEXT = 8_000_000  # bytes of a text


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found; ``others`` are folded under it.  Times are seconds since 1970, UTC."""

    number: int
    id: str
    url: str
    site: str
    title: tuple[SnippetPiece, ...]
    snippet: tuple[SnippetPiece, ...]
    authors: tuple[str, ...]
    published: int | None
    fetched: int
    image: str | None
    page_type: str | None
    status: str | None
    word_count: int
    score: float
    others: int = 0


def hits_of(
    db: sqlite3.Connection,
    columns: SearchColumns,
    places: Ints,
    others: Ints | None,
    scores: Floats,
    phrases: Sequence[Phrase],
) -> tuple[Hit, ...]:
    """The articles at *places*, in that order; *others* are folded under each, *phrases* are marked."""
    in_title, in_text = Highlighter(phrases, (None, "title")), Highlighter(phrases, (None, "body", "standfirst"))
    unpack = zstandard.ZstdDecompressor()
    hits = []
    for at, place in enumerate(places.tolist()):
        number = int(columns.numbers[place])
        row = db.execute(
            "SELECT id, url, title, summary, authors, image, kind, status, word_count, text FROM hits "
            "LEFT JOIN texts USING (number) WHERE number = ?",
            (number,),
        ).fetchone()
        if row is None:  # made anew meanwhile
            continue
        packed = row[9]
        text = (
            unpack.decompress(packed, max_output_size=_MAX_TEXT).decode("utf-8", "replace") if packed else row[3] or ""
        )
        published = int(columns.published[place])
        site = columns.facets["site"]
        hits.append(
            Hit(
                number=number,
                id=row[0],
                url=row[1],
                site=_value_of(site.owners, site.codes, site.values, place),
                title=in_title.pieces((row[2] or row[1])[:400]),
                snippet=in_text.snippet(text),
                authors=tuple(orjson.loads(row[4])[:6]),
                published=None if columns.months[place] < 0 else published,
                fetched=int(columns.fetched[place]),
                image=row[5],
                page_type=row[6],
                status=row[7],
                word_count=row[8],
                score=round(float(scores[place]), 3),
                others=0 if others is None else int(others[at]),
            )
        )
    return tuple(hits)


def _value_of(owners: Codes, codes: Codes, values: Sequence[str], place: int) -> str:
    at = int(np.searchsorted(owners, np.int32(place)))  # of another type, all would be converted
    return values[codes[at]] if at < len(owners) and owners[at] == place else ""
