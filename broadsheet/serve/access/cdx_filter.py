"""The parameters ``filter`` and ``collapse`` of a CDX server.

Regular expressions come from whoever can make a browser follow a link, so they are RE2's (by way of pyarrow), whose time is
linear in the text: Python's own can be made to work for years on a line, with the whole server standing still.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby, islice
from operator import xor

import pyarrow as pa

from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.errors import BadInput
from broadsheet.serve.access.cdx_fields import FIELD_NAMES, is_field, value_of

_BATCH = 1000  # captures
_LONGEST = 1000  # characters of an expression


class Comparison(Enum):
    """How a value is compared."""

    CONTAINS = auto()
    EQUALS = auto()
    BEGINS = auto()  # a regular expression, from the beginning
    MATCHES = auto()  # a regular expression of the whole value


@dataclass(frozen=True, slots=True)
class CdxFilter:
    """Keeps captures whose *field* ("": the whole line) compares well with *value*, or does not."""

    field: str
    value: str
    comparison: Comparison
    inverted: bool = False

    def verdicts(self, lines: Sequence[CdxjLine]) -> list[bool]:
        """For each of *lines*, whether it is kept."""
        texts = [_text(line, self.field) for line in lines]
        if self.comparison is Comparison.CONTAINS:
            found = [self.value in text for text in texts]
        elif self.comparison is Comparison.EQUALS:
            found = [self.value == text for text in texts]
        else:
            found = _matches(texts, self.value, whole=self.comparison is Comparison.MATCHES)
        return [xor(one, self.inverted) for one in found]


@dataclass(frozen=True, slots=True)
class Collapse:
    """Of captures in a row whose *field* has the same first *characters* (0: all of them), keeps the first."""

    field: str
    characters: int = 0

    def key(self, line: CdxjLine) -> str:
        """What they have in common."""
        value = value_of(line, self.field)
        return value[: self.characters] if self.characters else value


def parse_filter(text: str, *, whole: bool = False) -> CdxFilter:
    """``[!][=|~]FIELD:VALUE`` as pywb has it; *whole*: ``[!]FIELD:EXPRESSION`` as the Wayback Machine has it.

    Raises:
        BadInput: there is no such field, or the expression is none.
    """
    rest = text.removeprefix("!")
    inverted = rest != text
    if whole:
        comparison = Comparison.MATCHES
    else:
        comparison = {"=": Comparison.EQUALS, "~": Comparison.BEGINS}.get(rest[:1], Comparison.CONTAINS)
        rest = rest if comparison is Comparison.CONTAINS else rest[1:]
    field, colon, value = rest.partition(":")
    if not colon:
        field, value = "", rest
    elif not is_field(field):
        raise BadInput(f"filter={text}", f"there is no field {field!r}", f"There are: {', '.join(FIELD_NAMES)}.")
    if comparison in (Comparison.BEGINS, Comparison.MATCHES):
        if len(value) > _LONGEST:
            raise BadInput("filter", f"an expression of more than {_LONGEST} characters", "Write a shorter one.")
        _matches([""], value, whole=whole)  # raises
    return CdxFilter(field, value, comparison, inverted)


def parse_collapse(text: str) -> Collapse:
    """``FIELD`` or ``FIELD:N``.

    Raises:
        BadInput: there is no such field, or N is no number.
    """
    field, colon, number = text.partition(":")
    if not is_field(field):
        raise BadInput(f"collapse={text}", f"there is no field {field!r}", f"There are: {', '.join(FIELD_NAMES)}.")
    if colon and not (number.isascii() and number.isdecimal() and 0 < len(number) < 5):
        raise BadInput(f"collapse={text}", f"{number!r} is no number of characters", "Write it like timestamp:8.")
    return Collapse(field, int(number) if colon else 0)


def filtered(lines: Iterable[CdxjLine], filters: Sequence[CdxFilter]) -> Iterator[CdxjLine]:
    """Those of *lines* that all *filters* keep."""
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
        for one in filters:
            batch = [line for line, kept in zip(batch, one.verdicts(batch), strict=True) if kept]
        yield from batch


def collapsed(lines: Iterable[CdxjLine], collapses: Sequence[Collapse]) -> Iterator[CdxjLine]:
    """*lines* without those that any of *collapses* leaves out, one after the other."""
    for one in collapses:
        lines = (next(group) for _, group in groupby(lines, key=one.key))
    return iter(lines)


def _text(line: CdxjLine, field: str) -> str:
    return value_of(line, field) if field else line.to_bytes().decode().rstrip("\n")


def _matches(texts: Sequence[str], expression: str, *, whole: bool) -> list[bool]:
    import pyarrow.compute as pc  # noqa: PLC0415 - half a second

    anchored = f"^(?:{expression})$" if whole else f"^(?:{expression})"
    try:
        found: list[bool] = pc.match_substring_regex(pa.array(texts, pa.string()), anchored).to_pylist()
    except (pa.ArrowException, UnicodeError) as error:
        cause = str(error).rpartition("Invalid regular expression: ")[2]
        raise BadInput(f"the expression {expression!r}", f"cannot be read ({cause})", "Correct it.") from error
    return found
