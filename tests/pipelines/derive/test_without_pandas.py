"""Our own processes do without pandas; a program that calls us keeps it."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

from broadsheet.pipelines.derive.without_pandas import pandas_hidden


def test_pandas_is_hidden_until_the_end_of_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    before = list(sys.meta_path)
    with pandas_hidden():
        with pytest.raises(ModuleNotFoundError):
            find_spec("pandas")
        assert find_spec("numpy") is not None
    assert sys.meta_path == before
