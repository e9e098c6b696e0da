"""Which short texts of a page may be a date, and what in a longer one may."""

from __future__ import annotations

import re

from broadsheet.pipelines.extract.metadata.date_phrases import pieces_of
from broadsheet.pipelines.extract.metadata.date_text import read_date

SHORT = 60  # characters of a text that may be a date and little else
_YEAR_IN = re.compile(r"\d{1,4}[./\-年]|(?:19|20)\d\d|['’]\d\d(?!\d)")
_FOREIGN_YEAR = re.compile(
    r"\d{4}|[ก-ฮ]\.\s?\d\d(?!\d)|\d{2,3}\s*年|[〇零]|年.{1,4}月|ת[א-ת]{0,2}[\"״'׳]"
)  # of other calendars and numerals
_OPENING = re.compile(
    r"(?:\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{4}-\d\d-\d\d)(?=\s*[-–—:|]\s)"
)  # of a paragraph: "27.1.2022 - ..."
_DATELINE = re.compile(  # of a press release: "BERGEN, Norway - August 12, 2024 - ", "OSLO, Aug. 12, 2024 (AGENCY) -- "
    r"[A-ZÀ-Þ][^\W\d_]{2,20}(?:[\s,.]+[A-ZÀ-Þ][\w.]{0,20}){0,4}[\s,(–—/-]{1,4}"
    r"((?:[A-Z][a-z]{2,9}\.?\s\d{1,2},\s|\d{1,2}\.?\s[^\W\d_]{3,10}\.?,?\s)(?:19|20)\d\d)\)?\s*(?:[(/][^()/]{2,30}[)/]\s*)?(?:--|[-–—:])"
)
_LINE = 200  # characters of a line of bylines and dates


def may_be_date(text: str) -> bool:
    """Whether a short text is worth reading for a date."""
    return _YEAR_IN.search(text) is not None or (not text.isascii() and _FOREIGN_YEAR.search(text) is not None)


def short_date(text: str) -> str | None:
    """The date that a longer text opens with, or that stands in it between bars."""
    if opening := _OPENING.match(text):
        return opening.group()
    if dateline := _DATELINE.match(text):
        return dateline[1]
    pieces = pieces_of(text) if len(text) <= _LINE else []
    if len(pieces) < 2:
        return None
    return next((piece for piece in pieces if len(piece) <= SHORT and may_be_date(piece) and read_date(piece)), None)
