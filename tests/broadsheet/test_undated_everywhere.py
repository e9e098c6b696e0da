"""A record that gives no moment, in what is made of a collection and shown of it: packed, verified, served, never of 1970."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from pathlib import Path

import httpx
import pytest

from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.finding import Severity
from broadsheet.archive.verify.run import verify_sets
from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction, PageRecord
from broadsheet.serve.run import WebServer
from broadsheet.warcs.packing import pack_inputs
from tests.pipelines.compact.varied_collection import derive, warc

UNDATED = "http://b.example/3/3"


class Teller:
    """An extractor that finds the same in each page."""

    name, extraction_id, base_id = "teller==1", "teller0000000001", ""

    def extract(self, record: PageRecord) -> Extraction:
        title = f"Story of {record.url.rpartition('/')[2]}"
        return Extraction(ArticleColumns(status="ok", page_type="article", title=title, text=title, word_count=3))


@pytest.fixture
def undated(tmp_path: Path) -> Path:
    """A collection of four pages, of which the last has no date."""
    whole = gzip.decompress(warc(tmp_path, "dated", range(4)).read_bytes())
    records = re.split(rb"(?=WARC/1\.1\r\n)", whole)
    file = tmp_path / "undated.warc"
    file.write_bytes(
        b"".join(
            re.sub(rb"WARC-Date: \S+", b"WARC-Date: yesterday", one) if b"/3\r\n" in one else one for one in records
        )
    )
    return derive(tmp_path / "c", [file], Teller()).directory


def test_it_is_packed_without_a_line_or_a_page_and_the_wacz_is_sound(undated: Path, tmp_path: Path) -> None:
    out = tmp_path / "packed.wacz"
    packed, damage = pack_inputs([undated], out)
    assert (packed.captures, packed.pages, damage) == (3, 3, [])
    with zipfile.ZipFile(out) as archive:
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]
        assert not any(
            b"1970" in archive.read(name) for name in archive.namelist() if name.endswith((".jsonl", ".json"))
        )
    assert UNDATED not in {page["url"] for page in pages}
    found = verify_sets(file_sets([out], tmp_path)).log.kept
    errors = [one for one in found if one.severity is Severity.ERROR]
    assert {one.rule for one in errors} == {"date-form"}  # of the record itself, which is packed as it lies


def test_it_is_found_and_shown_without_a_date(undated: Path) -> None:
    with WebServer([undated], port=0) as server, httpx.Client(base_url=server.origins.own, trust_env=False) as client:
        data = client.get(f"/{undated.name}/search.json", params={"q": "story"}).json()
        hits = {hit["url"]: hit for hit in data["result"]["hits"]}
        assert len(hits) == 4
        assert "1970" not in json.dumps(hits[UNDATED])
        page = client.get(f"/{undated.name}/search", params={"q": "story"})
    assert page.status_code == 200
    assert "1970" not in page.text
