"""Lines are sorted by bytes, whatever fits into memory."""

from __future__ import annotations

import pytest
from any_lines import LINES
from hypothesis import given, settings
from hypothesis import strategies as st

import broadsheet.archive.cdxj.sort
from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.cdxj.sort import sorted_lines


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=60), st.integers(100, 3000))
def test_lines_are_sorted_by_bytes_whatever_fits_into_memory(
    tmp_path_factory: pytest.TempPathFactory, parsed_lines: list[CdxjLine], run_bytes: int
) -> None:
    lines = [parsed.to_bytes() for parsed in parsed_lines]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broadsheet.archive.cdxj.sort, "RUN_BYTES", run_bytes)
        patch.setattr(broadsheet.archive.cdxj.sort, "MAX_RUNS", 3)
        assert list(sorted_lines(lines, tmp_path_factory.getbasetemp())) == sorted(set(lines))
