"""Filters: what they leave out is counted, captures stay, and extractions with other filters stand side by side."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from click.testing import CliRunner
from small_warcs import answered, write_warc

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.cli import cli
from broadsheet.pipelines.dataset.manifest import Manifest, read_manifest
from broadsheet.pipelines.derive.capture_filter import CaptureFilter
from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction
from broadsheet.pipelines.reconcile.reconcile import reconcile

MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ENGLISH = "The council voted on the new trains after months of talks between the towns and the operator. "
GERMAN = "Der Rat hat nach Monaten der Gespräche zwischen den Städten über die neuen Züge abgestimmt. "
PAGES = (  # host, status, type, text; a day each
    ("a.example", 200, "text/html", ENGLISH),
    ("www.a.example", 200, "text/html", ENGLISH),
    ("b.example", 200, "text/html", GERMAN),
    ("b.example", 404, "text/html", ENGLISH),
    ("b.example", 200, "image/png", ""),
    ("b.example", 200, "application/xhtml+xml", ENGLISH),
)


def warc(folder: Path) -> Path:
    def page(text: str) -> str:
        return f"<html><body><article><h1>Trains</h1>{f'<p>{text * 3}</p>' * 4}</article></body></html>"

    path: Path = write_warc(
        folder,
        "w",
        (
            answered(f"http://{host}/{day}", page(text), moment=MOMENT + timedelta(days=day), status=status, kind=kind)
            for day, (host, status, kind, text) in enumerate(PAGES)
        ),
    )
    return path


def manifests(folder: Path) -> dict[str, list[Manifest]]:
    found: dict[str, list[Manifest]] = {}
    for path in (folder / "dataset" / "_manifest").rglob("*.json"):
        one = read_manifest(path)
        found.setdefault(one.wanted, []).append(one)
    return found


@pytest.mark.slow
def test_each_filter_is_a_reason_and_an_extraction_of_its_own(tmp_path: Path) -> None:
    path, out = warc(tmp_path / "in"), tmp_path / "c"

    def run(*filters: str) -> dict[str, int]:
        command = ["extract", str(path), "-o", str(out), "--no-profiles", "--workers", "1", "--json", *filters]
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 0, result.output
        said = json.loads(result.stdout)
        counts = said["counts"]
        assert counts["articles"] + sum(counts["reasons"].values()) == counts["entries"] == len(PAGES)
        return {"rows": counts["articles"], "derived": said["derived"], **counts["reasons"]}

    whole = {"rows": 4, "derived": 1, "status 404": 1, "not HTML": 1}
    assert run() == whole
    chosen = ("--host", ".a.example", "--host", "b.example", "--language", "en", "--since", "2026-11-21")
    filtered = {"status 404": 1, "not HTML": 1, "filtered: date": 1, "filtered: language": 1}
    assert run(*chosen) == {"rows": 2, "derived": 1, **filtered}
    assert run(*chosen[2:], *chosen[:2]) == {"rows": 2, "derived": 0, **filtered}  # in another order
    assert run("--status", "404", "--host", "b.example", "--mime", "text/html") == {
        "rows": 1,
        "derived": 1,
        "status 200": 5,
    }
    assert run() == {**whole, "derived": 0}
    found = manifests(out)
    assert set(found) == {
        "",
        "host .a.example, b.example; language en; since 2026-11-21T00:00:00+00:00",
        "host b.example; status 404; mime text/html",
    }
    assert all(one.entries == one.articles + sum(one.reasons.values()) for some in found.values() for one in some)
    rows = ds.dataset(out / "dataset" / "articles").to_table(columns=["extraction_id", "url"]).to_pylist()
    assert sorted(Counter(row["extraction_id"] for row in rows).values()) == [1, 2, 4]
    assert ds.dataset(out / "dataset" / "captures").to_table().num_rows == len(PAGES)
    assert list(reconcile(Collection(out))) == []


def test_the_same_filters_have_the_same_words_whatever_their_order() -> None:
    some = CaptureFilter(hosts=frozenset({"b", "a"}), statuses=frozenset({200, 404}), since=MOMENT)
    other = CaptureFilter(
        hosts=frozenset(["a", "b"]),
        statuses=frozenset([404, 200]),
        since=MOMENT.astimezone(tz=None),
    )
    assert str(some) == str(other) == "host a, b; status 200, 404; since 2026-11-20T12:00:00+00:00"
    assert str(CaptureFilter()) == ""


def test_a_page_that_failed_has_no_language_and_stays_a_row() -> None:
    wanted = CaptureFilter(languages=frozenset({"en"}))
    said = {
        status: wanted.why_not_read(Extraction(ArticleColumns(status=status))) for status in ("ok", "empty", "error")
    }
    assert said == {"ok": "filtered: language", "empty": "filtered: language", "error": None}


@pytest.mark.parametrize(("option", "value"), [("--since", "yesterday"), ("--status", "99"), ("--from", "nowhere.txt")])
def test_filters_that_are_none(tmp_path: Path, option: str, value: str) -> None:
    result = CliRunner().invoke(cli, ["extract", str(tmp_path), "-o", str(tmp_path / "c"), option, value])
    assert value in f"{result.output} {result.exception}"
    assert isinstance(result.exception, BadInput) or result.exit_code == 2
