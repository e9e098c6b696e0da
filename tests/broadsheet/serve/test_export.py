"""What was found, taken along as rows and as an archive."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest

from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.commands import verify

STORIES = "q=title:lighthouse&section=Harbour"


def test_rows_are_those_that_were_found(client: httpx.Client) -> None:
    found = client.get(f"/gazette/search.json?{STORIES}").json()["result"]
    lines = client.get(f"/gazette/export.jsonl?{STORIES}")
    assert "attachment" in lines.headers["content-disposition"]
    rows = [json.loads(line) for line in lines.text.splitlines()]
    assert len(rows) == found["groups"]
    assert {row["id"] for row in rows} == {hit["id"] for hit in found["hits"]}
    table = pq.read_table(io.BytesIO(client.get(f"/gazette/export.parquet?{STORIES}&folded=0").content))
    assert table.num_rows == found["found"]
    cells = list(csv.DictReader(io.StringIO(client.get(f"/gazette/export.csv?{STORIES}").text)))
    assert {row["url"] for row in cells} == {row["url"] for row in rows}


def test_a_wacz_has_the_pages_and_what_they_need_and_is_sound(client: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "hits.wacz"
    path.write_bytes(client.get("/gazette/export.wacz?q=%22report+number+5%22").content)
    assert verify(path).errors == 0
    urls = {
        one.line.url.removeprefix("http://gazette.example") for one in CaptureIndex.open([path], tmp_path).captures()
    }
    assert urls == {"/2026/story-5.html", "/style.css", "/pictures/light.png"}


@pytest.mark.parametrize("form", ["jsonl", "wacz"])
def test_nothing_found_is_nothing_to_take(client: httpx.Client, form: str) -> None:
    answer = client.get(f"/gazette/export.{form}?q=zzzzzz")
    assert answer.status_code == 404
    assert "nothing was found" in answer.text
