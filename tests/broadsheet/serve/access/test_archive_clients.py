"""Programs that nobody here wrote read a collection as they read a public web archive.

cdx_toolkit, waybackpy, wayback (EDGI's) and memento_client, each as it comes from PyPI, in an environment of their own.  Their
lists are held against the index, and the bytes that they fetch against warcio's reading of the WARC.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import needs
import oracle_programs
import pytest
from warcio.archiveiterator import ArchiveIterator

from broadsheet.archive.cdxj.line import CdxjLine, parse_line
from broadsheet.serve.run import WebServer
from broadsheet.warcs.indexing import index_inputs

pytestmark = [pytest.mark.slow, pytest.mark.oracle]
READS = Path(__file__).parent / "archive_clients.py"


@pytest.fixture(scope="module")
def seen(varied: Path) -> dict[str, Any]:
    """What the programs saw."""
    python = needs.installed(oracle_programs.archive_clients) / "python"
    with WebServer([varied], port=0) as server:
        command = [str(python), str(READS), f"{server.origins.own}/varied", f"{server.origins.archived}/varied"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@pytest.fixture(scope="module")
def lines(varied: Path, tmp_path_factory: pytest.TempPathFactory) -> list[CdxjLine]:
    """The index, without the site that is another."""
    path = tmp_path_factory.mktemp("index") / "made.cdxj"
    index_inputs([varied.parent / "warcs"], path)
    found = [parse_line(line) for line in path.read_bytes().splitlines()]
    return [one for one in found if "variedexample" not in one.urlkey]


@pytest.fixture(scope="module")
def bodies(varied: Path) -> dict[str, str]:
    """The SHA-1 of each payload, content codings undone, by time and URL."""
    (warc,) = (varied.parent / "warcs").glob("*.warc.gz")
    found = {}
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type in ("response", "revisit"):
                stamp = "".join(char for char in record.rec_headers.get_header("WARC-Date") if char.isdecimal())[:14]
                body = record.content_stream().read() if record.rec_type == "response" else b"<p>there</p>"
                url = record.rec_headers.get_header("WARC-Target-URI")
                found[f"{stamp} {url}"] = base64.b32encode(hashlib.sha1(body).digest()).decode()
    return found


def test_cdx_toolkit_lists_the_index(seen: dict[str, Any], lines: list[CdxjLine]) -> None:
    listed = [
        (one["urlkey"], one["timestamp"], one["url"], int(one["offset"]), one["digest"])
        for one in seen["cdx_toolkit"]["listed"]
    ]
    assert listed == [(one.urlkey, one.timestamp, one.url, one.offset, one.digest) for one in lines]
    assert seen["cdx_toolkit"]["filtered"] == ["http://varied.example/gone"]
    assert seen["cdx_toolkit"]["nothing"] == []
    assert seen["cdx_toolkit"]["pages"] == 1
    assert seen["cdx_toolkit"]["closest"] == ["20261001130000", "20261001140000"]


def test_what_cdx_toolkit_fetches_is_what_was_captured(seen: dict[str, Any], bodies: dict[str, str]) -> None:
    fetched = seen["cdx_toolkit"]["bodies"]
    assert len(fetched) == 15
    assert fetched == {place: bodies[place] for place in fetched}


def test_waybackpy_lists_the_index(seen: dict[str, Any], lines: list[CdxjLine]) -> None:
    """Seven at a time, by resume keys."""
    assert seen["waybackpy"]["listed"] == [[one.urlkey, one.timestamp, one.url, str(one.status)] for one in lines]
    assert seen["waybackpy"]["filtered"] == ["http://varied.example/gone"]


def test_wayback_lists_the_index_and_fetches_what_was_captured(
    seen: dict[str, Any], lines: list[CdxjLine], bodies: dict[str, str]
) -> None:
    host = [one for one in lines if one.urlkey.startswith("example,varied)")]
    assert seen["wayback"]["listed"] == [[one.urlkey, one.timestamp, one.url, one.status] for one in host]
    fetched = seen["wayback"]["bodies"]
    assert len(fetched) == 11
    assert fetched == {place: bodies[place] for place in fetched}


def test_memento_client_is_led_to_the_mementos(seen: dict[str, Any]) -> None:
    found = seen["memento_client"]
    assert found["original"] == "http://varied.example/there?b=2&a=1"
    assert found["closest"][1] == found["first"][1] == "2026-10-01T17:00:00+00:00"
    assert found["last"][1] == "2026-10-02T17:00:00+00:00"
    assert "/varied/20261001170000/" in found["closest"][0]


def test_the_openapi_document_is_valid(seen: dict[str, Any]) -> None:
    assert seen["openapi"]["paths"] == 7
