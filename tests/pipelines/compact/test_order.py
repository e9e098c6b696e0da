"""Sorting and cutting: a function of the rows, whatever the runs, the merges and the chunks they come in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.pipelines.compact.files import write_files
from broadsheet.pipelines.compact.order import in_order, sort_keys
from broadsheet.pipelines.dataset.schema import LINKS

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
row = st.tuples(
    st.sampled_from(["", "a)/", "a)/b", "é)/", "𝒳)/"]), st.integers(0, 3), st.integers(0, 40), st.text(max_size=9)
)


def link(surt: str, hour: int, number: int, text: str) -> dict[str, object]:
    when = MOMENT.replace(hour=hour)
    whole: dict[str, object] = dict.fromkeys(LINKS.names)
    return whole | {
        "id": f"<{number:03d}>", "extraction_id": "x", "ordinal": number, "target_url": text, "anchor_text": text,
        "role": "body", "url_surtkey": surt, "fetch_time": when,
    }  # fmt: skip


def key(one: dict[str, object]) -> tuple[object, ...]:
    return tuple(
        value.encode() if isinstance(value, str) else value for value in (one[name] for name in sort_keys(LINKS))
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(row, max_size=60, unique_by=lambda one: one[2]), st.integers(1, 9), st.integers(0, 20), st.data())
def test_any_runs_and_chunks_give_the_same_files(
    found: list[tuple[str, int, int, str]], piece: int, ordered: int, data: st.DataObject
) -> None:
    table = [link(*one) for one in found]
    wanted = sorted(table, key=key)
    fan_in = data.draw(st.integers(2, 4))
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setattr("broadsheet.pipelines.compact.order.FAN_IN", fan_in)
        patch.setattr("broadsheet.pipelines.compact.order.CHUNK_BYTES", data.draw(st.integers(1, 2000)))
        patch.setattr("broadsheet.pipelines.compact.files.GROUP_BYTES", 700)
        before = pa.Table.from_pylist(sorted(table[:ordered], key=key), LINKS)
        pq.write_table(before, folder / "before.parquet", row_group_size=7)
        new = [pa.Table.from_pylist(table[at : at + piece], LINKS) for at in range(ordered, len(table), piece)]
        rows = list(in_order(new, [folder / "before.parquet"], LINKS, folder, run_bytes=500))
        assert [one for some in rows for one in some.to_pylist()] == wanted
        assert not list(folder.glob("run-*"))
        one_table = [pa.Table.from_pylist(wanted, LINKS)] if wanted else []
        in_one = list(write_files(one_table, "links", LINKS, folder / "one", 2000))
        assert list(write_files(rows, "links", LINKS, folder / "other", 2000)) == in_one
        read = [pq.ParquetFile(folder / "other" / one.name).read().to_pylist() for one in in_one]
        assert [one for some in read for one in some] == wanted
        assert all(one.rows for one in in_one)  # never a file without rows
