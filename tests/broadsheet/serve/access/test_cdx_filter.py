"""The parameters filter and collapse of a CDX server, in pywb's form and the Wayback Machine's."""

from __future__ import annotations

import pytest

from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.errors import BadInput
from broadsheet.serve.access.cdx_filter import collapsed, filtered, parse_collapse, parse_filter


def line(timestamp: str, status: int | None, mime: str) -> CdxjLine:
    return CdxjLine("example,a)/", timestamp, "http://a.example/", mime, status, None, 1, 0, "a.warc.gz")


LINES = [
    line("20260101000000", 200, "text/html"),
    line("20260102000000", 404, "text/plain"),
    line("20260201000000", None, "warc/revisit"),
]


@pytest.mark.parametrize(
    ("text", "whole", "kept"),
    [
        ("status:20", False, [0]),
        ("=mime:text/html", False, [0]),
        ("=mime:text", False, []),
        ("~mime:text/.", False, [0, 1]),
        ("!~mime:text", False, [2]),
        ("!=status:404", False, [0, 2]),
        ("mime:text/.*", True, [0, 1]),
        ("mime:text", True, []),
        ("!status:404", True, [0, 2]),
        ("revisit", False, [2]),
    ],
)
def test_a_filter_keeps_what_compares_well(text: str, whole: bool, kept: list[int]) -> None:
    assert list(filtered(LINES, [parse_filter(text, whole=whole)])) == [LINES[number] for number in kept]


def test_all_filters_must_keep_a_capture() -> None:
    assert list(filtered(LINES, [parse_filter("!=status:404"), parse_filter("mime:text")])) == [LINES[0]]


def test_captures_in_a_row_with_the_same_first_characters_are_one() -> None:
    assert list(collapsed(LINES, [parse_collapse("timestamp:6")])) == [LINES[0], LINES[2]]
    assert list(collapsed(LINES, [parse_collapse("timestamp")])) == LINES
    assert list(collapsed([*LINES, LINES[0]], [parse_collapse("mime")])) == [*LINES, LINES[0]]  # not in a row


@pytest.mark.parametrize("text", ["colour:red", "~mime:(", "~mime:(?=a)", "~mime:" + "a" * 1001])
def test_a_filter_that_is_none_is_told(text: str) -> None:
    with pytest.raises(BadInput, match=r"filter|expression"):
        parse_filter(text)


@pytest.mark.parametrize("text", ["colour", "timestamp:", "timestamp:x", "timestamp:12345", "timestamp:²"])
def test_a_collapse_that_is_none_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="collapse"):
        parse_collapse(text)
