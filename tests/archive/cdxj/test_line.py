"""One line of CDXJ: read as it was written, and named where it is none."""

from __future__ import annotations

import pytest
from any_lines import LINES
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.cdxj.line import CdxjLine, parse_line
from broadsheet.archive.errors import CorruptArchive


@given(LINES)
def test_a_line_is_parsed_as_it_was_written(parsed: CdxjLine) -> None:
    line = parsed.to_bytes()
    assert line.count(b"\n") == 1
    assert parse_line(line) == parsed


@given(st.binary(max_size=80))
def test_what_is_no_line_is_named(noise: bytes) -> None:
    with pytest.raises(CorruptArchive, match="not CDXJ"):
        parse_line(b"not a line " + noise)
