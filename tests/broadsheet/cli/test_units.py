"""Sizes and durations as people write them."""

from __future__ import annotations

from decimal import Decimal

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.cli.units import Duration, Size, parse_duration, parse_size, size_text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("64MiB", 67_108_864),
        ("64Mi", 67_108_864),
        ("64MB", 64_000_000),
        ("64M", 64_000_000),
        ("64", 64),
        ("64B", 64),
        ("0", 0),
        ("2G", 2 * 10**9),
        ("1.5k", 1500),
        ("1.5KiB", 1536),
        ("1 TiB", 2**40),
        (" 10 mb ", 10**7),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "many", "-1", "1.5", "64iB", "64MiBs", "1e6", "1,000", "64 M B", "٣", "0x10", "nan"]
)
def test_what_is_no_size_is_said_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a size; write it like 64MiB|whole number of bytes"):
        parse_size(text)


@given(st.integers(0, 2**60))
def test_a_size_reads_as_it_is_written(size: int) -> None:
    assert parse_size(size_text(size)) == size
    assert parse_size(str(size)) == size


def test_a_size_is_written_in_the_largest_unit_that_says_it() -> None:
    texts = [size_text(size) for size in (64_000_000, 67_108_864, 1000, 1024, 10**9, 1234, 0)]
    assert texts == ["64MB", "64MiB", "1KB", "1KiB", "1GB", "1234", "0"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1.5", 1.5), ("0", 0.0), (".5", 0.5), ("500ms", 0.5), ("90s", 90.0), ("2m", 120.0), ("2min", 120.0), ("1.5H", 5400.0),
     ("7d", 604_800.0)],
)  # fmt: skip
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1:30", "inf", "nan", "2 weeks", "1e3"])
def test_what_is_no_duration_is_said_so(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write it like"):
        parse_duration(text)


@given(st.decimals(0, 10**6, places=3))
def test_a_plain_number_is_seconds(seconds: Decimal) -> None:
    assert parse_duration(f"{seconds}") == float(seconds)


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(click.BadParameter, match="less than 1"):
        Size(least=1)("0B")
    with pytest.raises(click.BadParameter, match="more than 0"):
        Duration(positive=True)("0ms")
    for value in (float("inf"), float("nan"), -1):  # of broadsheet.toml
        with pytest.raises(click.BadParameter, match="at least 0"):
            Duration()(value)
