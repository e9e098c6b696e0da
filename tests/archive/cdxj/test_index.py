"""Captures in a sorted index are found by halving."""

from __future__ import annotations

import pytest
from any_lines import LINES
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.archive.cdxj.index import CdxjIndex
from broadsheet.archive.cdxj.line import CdxjLine, parse_line


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=40), st.text("abc,)/?=%", max_size=6))
def test_captures_are_found_by_halving(
    tmp_path_factory: pytest.TempPathFactory, parsed_lines: list[CdxjLine], wanted: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "halved.cdxj"
    lines = sorted({parsed.to_bytes() for parsed in parsed_lines})
    path.write_bytes(b"".join(lines))
    all_of_it = [parse_line(line) for line in lines]
    index = CdxjIndex(path)
    assert list(index) == all_of_it
    for key in {wanted, *(parsed.urlkey for parsed in parsed_lines)}:
        assert index.lookup(key) == [parsed for parsed in all_of_it if parsed.urlkey == key]
    beginning = wanted.encode()
    assert index.prefix(wanted, 5) == [parse_line(line) for line in lines if line.startswith(beginning)][:5]
    index.close()
