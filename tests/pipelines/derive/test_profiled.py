"""Two readings: the rows are those that the site's profile makes, the same for any workers, through kills and additions."""

from __future__ import annotations

import hashlib
import importlib.util
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow.dataset as ds
import pytest
from small_warcs import answered, write_warc

from broadsheet.archive.child_process import ChildProcess, start_process
from broadsheet.archive.collection import Collection
from broadsheet.pipelines.derive.extract import extract
from broadsheet.pipelines.derive.learnable import Learnable, order_of, site_hash
from broadsheet.pipelines.derive.sketches import learn_sites, publish_sketches
from broadsheet.pipelines.extract.site.lines import LINE_TYPE
from broadsheet.pipelines.extract.site.sketch import PageSketch, read_sketches
from broadsheet.pipelines.reconcile.reconcile import reconcile

MOMENT = datetime(2026, 4, 1, tzinfo=UTC)


def _synthetic_site() -> ModuleType:
    path = Path(__file__).parents[1] / "extract" / "synthetic_site.py"
    spec = importlib.util.spec_from_file_location("synthetic_site", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("synthetic_site", module)
    spec.loader.exec_module(module)
    return module


SITE_MODULE = _synthetic_site()
SITE = SITE_MODULE.stories()


def warc(folder: Path, name: str, numbers: range, kind: str = "flat", host: str = "daily.example") -> Path:
    pages = (
        answered(f"http://{host}{SITE[number].path}", SITE_MODULE.page(SITE[number], SITE, kind), moment=MOMENT)
        for number in numbers
    )
    path: Path = write_warc(folder, name, pages, via="http://daily.example/")
    return path


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in (folder / "dataset").rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def texts(folder: Path) -> dict[str, str]:
    table = ds.dataset(folder / "dataset" / "articles").to_table(columns=["title", "text"])
    assert len(set(table["title"].to_pylist())) == table.num_rows
    return dict(zip(table["title"].to_pylist(), table["text"].to_pylist(), strict=True))


def test_the_rows_are_made_with_the_profile_and_do_not_depend_on_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", 6)
    files = [warc(tmp_path / "in", "a", range(12)), warc(tmp_path / "in", "b", range(12, 25))]
    summary = extract(files, tmp_path / "one", workers=2)
    assert (summary.exit_code, summary.counts.articles) == (0, 25)
    assert texts(tmp_path / "one") == {story.title: story.text for story in SITE}
    monkeypatch.setattr("broadsheet.pipelines.derive.sketches.SHARE_BYTES", 1000)  # sites are learnt a share at a time
    started = Counter[str]()

    def counted(*arguments: Any, **named: Any) -> ChildProcess:
        started["workers"] += 1
        return start_process(*arguments, **named)

    monkeypatch.setattr("broadsheet.pipelines.derive.worker_pool.start_process", counted)
    extract(files[::-1], tmp_path / "other", workers=1)
    assert digests(tmp_path / "one") == digests(tmp_path / "other")
    assert started["workers"] == 1  # both readings are one worker's
    assert list(reconcile(Collection(tmp_path / "one"))) == []
    segments = ds.dataset(tmp_path / "one" / "dataset" / "segments").to_table(
        columns=["role", "site_page_count", "text"]
    )
    rows = {row["text"]: row for row in segments.to_pylist()}
    assert rows["Most Read"] == {"role": "most_read", "site_page_count": 25, "text": "Most Read"}
    assert extract(files, tmp_path / "one", workers=1).derived == 0


def test_added_captures_give_what_all_together_give(tmp_path: Path) -> None:
    one, other = warc(tmp_path / "in" / "a", "a", range(12)), warc(tmp_path / "in" / "b", "b", range(12, 25))
    extract([one], tmp_path / "c", workers=1)
    assert len(texts(tmp_path / "c")) == 12
    extract([one, other], tmp_path / "c", workers=1)
    assert texts(tmp_path / "c") == {story.title: story.text for story in SITE}
    assert list(reconcile(Collection(tmp_path / "c"))) == []


def sketched(folder: Path) -> Counter[str]:
    """The pages that were read to learn from them, by site."""
    files = (folder / "profiles" / "sketches").rglob("*.npz")
    return Counter(sketch.site for path in files for sketch in read_sketches(path.read_bytes()))


def test_sites_that_can_have_no_profile_are_read_once_until_they_can(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    files = [warc(inputs, "a", range(9)), warc(inputs, "b", range(10, 12), host="lone.example")]
    extract(files, tmp_path / "c", workers=1)
    assert sketched(tmp_path / "c") == {"daily.example": 9}
    assert extract(files, tmp_path / "c", workers=1).derived == 0
    files.append(warc(inputs, "c", range(12, 13), host="lone.example"))
    extract(files, tmp_path / "c", workers=1)
    assert sketched(tmp_path / "c") == {"daily.example": 9, "lone.example": 3}
    extract(files, tmp_path / "together", workers=1)
    assert digests(tmp_path / "c") == digests(tmp_path / "together")


def test_a_reading_that_nothing_is_learnt_from_leaves_no_sketches(tmp_path: Path) -> None:
    files = [warc(tmp_path / "in", "a", range(2))]  # too few to learn from
    extract(files, tmp_path / "c", workers=1)
    assert sketched(tmp_path / "c") == {}
    files.append(warc(tmp_path / "in", "b", range(2, 9)))
    extract(files, tmp_path / "c", workers=1)
    assert sketched(tmp_path / "c") == {"daily.example": 9}
    extract(files, tmp_path / "together", workers=1)
    assert digests(tmp_path / "c") == digests(tmp_path / "together")


def test_a_large_site_is_learnt_from_its_first_pages_by_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.learnable.MOST_URLS", 10)
    path = warc(tmp_path / "in", "a", range(25))
    extract([path], tmp_path / "c", workers=1)
    assert sketched(tmp_path / "c") == {"daily.example": 10}
    extract([path], tmp_path / "all", workers=1, profiles=False)  # as a crawl does: all pages leave their sketches
    assert sketched(tmp_path / "all") == {"daily.example": 25}
    extract([tmp_path / "all"], tmp_path / "all", workers=1)
    assert digests(tmp_path / "all") == digests(tmp_path / "c")


def test_a_sketch_that_is_kept_keeps_no_other_page_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [PageSketch("a.example", f"http://a.example/{n}", n, 0, "", True, np.zeros(5, LINE_TYPE)) for n in range(4)]
    collection = Collection.create(tmp_path)
    collection.temporary.mkdir(exist_ok=True)
    publish_sketches(collection, "base", "part", pages, range(4))
    kept: list[PageSketch] = []
    monkeypatch.setattr("broadsheet.pipelines.derive.sketches.learn_profile", lambda _, sketches: kept.extend(sketches))
    orders = np.array(sorted(order_of(page.url) for page in pages))
    learnable = Learnable(np.array([site_hash("a.example")]), orders[-1:])
    assert list(learn_sites(collection, "base", learnable)) == []
    assert len(kept) == 4
    assert all(sketch.blocks.base is None for sketch in kept)


def test_judgements_that_are_gone_or_broken_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", 3)
    one, other = warc(tmp_path / "in" / "a", "a", range(12)), warc(tmp_path / "in" / "b", "b", range(12, 25))
    extract([one], tmp_path / "c", workers=1)
    kept = sorted((tmp_path / "c" / "profiles" / "judgements").rglob("*.npz"))
    assert len(kept) == 4
    kept[0].unlink()
    kept[1].write_bytes(b"")
    kept[2].write_bytes(kept[2].read_bytes()[:-40])
    whole = bytearray(kept[3].read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    kept[3].write_bytes(bytes(whole))
    extract([one, other], tmp_path / "c", workers=1)
    assert texts(tmp_path / "c") == {story.title: story.text for story in SITE}


def test_without_profiles_each_page_is_judged_alone(tmp_path: Path) -> None:
    extract([warc(tmp_path / "in", "a", range(25))], tmp_path / "c", workers=1, profiles=False)
    assert "Leave a Reply" in texts(tmp_path / "c")[SITE[0].title]
    extract([tmp_path / "c"], tmp_path / "c", workers=1)  # and may be read again with them
    assert texts(tmp_path / "c") == {story.title: story.text for story in SITE}
    assert list(reconcile(Collection(tmp_path / "c"))) == []


@pytest.mark.slow
def test_killed_in_either_reading_the_same_call_ends_with_the_same_bytes(tmp_path: Path) -> None:
    files = [warc(tmp_path / "in", name, range(25), kind) for name, kind in (("a", "flat"), ("b", "hashed"))]
    extract(files, tmp_path / "undisturbed", workers=2)
    command = [
        sys.executable,
        "-m",
        "broadsheet",
        "extract",
        *map(str, files),
        "-o",
        str(tmp_path / "killed"),
        "-q",
        "--workers",
        "2",
    ]
    for moment in (1.2, 2.0, 2.8, 3.6, 4.4):
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run(command, check=True, timeout=200, capture_output=True)
    assert digests(tmp_path / "killed") == digests(tmp_path / "undisturbed")
    assert list(reconcile(Collection(tmp_path / "killed"))) == []
