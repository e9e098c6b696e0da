"""The index follows the dataset: what is new is added, what is gone is masked, what is broken is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_articles_index import article, publish

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.search.index import SearchIndex
from broadsheet.pipelines.search.searcher import Searcher, SearchRequest
from broadsheet.pipelines.search.update import IndexUpdate, update_index


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "c")


@pytest.fixture
def index(collection: Collection, tmp_path: Path) -> SearchIndex:
    return SearchIndex.of(collection, tmp_path)


def count(index: SearchIndex, text: str = "") -> int:
    return Searcher(index).search(SearchRequest(text)).found


def test_a_collection_without_a_dataset_says_so(collection: Collection, index: SearchIndex) -> None:
    with pytest.raises(BadInput, match="has no dataset"):
        update_index(collection, index)
    assert count(index, "anything") == 0


def test_what_is_published_meanwhile_is_added(collection: Collection, index: SearchIndex) -> None:
    publish(collection, "a", [article(1, "One")])
    searcher = Searcher(index)
    assert update_index(collection, index) == IndexUpdate(articles=1)
    assert searcher.search(SearchRequest()).found == 1
    publish(collection, "b", [article(2, "Two"), article(3, "Three")])
    assert update_index(collection, index) == IndexUpdate(articles=2)
    assert searcher.search(SearchRequest()).found == 3
    assert update_index(collection, index) == IndexUpdate()


def test_a_part_that_was_made_anew_takes_the_place_of_the_old_one(collection: Collection, index: SearchIndex) -> None:
    publish(collection, "a", [article(1, "One")])
    publish(collection, "b", [article(2, "Two"), article(3, "Three"), article(4, "Four")])
    update_index(collection, index)
    publish(collection, "a", [article(1, "Uno")])
    assert update_index(collection, index) == IndexUpdate(articles=1, removed_files=1)
    assert (count(index), count(index, "one"), count(index, "uno")) == (4, 0, 1)


def test_an_index_of_which_most_is_gone_is_made_anew(collection: Collection, index: SearchIndex) -> None:
    publish(collection, "a", [article(1, "One"), article(2, "Two")])
    update_index(collection, index)
    publish(collection, "a", [article(1, "Uno"), article(2, "Due")])
    assert update_index(collection, index) == IndexUpdate(articles=2)
    assert (count(index), count(index, "uno")) == (2, 1)


def test_a_broken_file_costs_itself_alone(collection: Collection, index: SearchIndex) -> None:
    broken, *_ = publish(collection, "a", [article(1, "One")])
    publish(collection, "b", [article(2, "Two", section="News")])
    whole = broken.read_bytes()
    broken.write_bytes(b"PAR1 nothing PAR1")
    assert update_index(collection, index) == IndexUpdate(articles=1, faults=1)
    with index.reading() as db:
        ((path, message),) = db.execute("SELECT * FROM faults").fetchall()
    assert path.endswith("a.parquet")
    assert "Parquet" in message
    broken.write_bytes(whole)
    assert update_index(collection, index) == IndexUpdate(articles=1)
    assert count(index) == 2


def test_a_damaged_index_is_made_anew(collection: Collection, index: SearchIndex, tmp_path: Path) -> None:
    publish(collection, "a", [article(1, "One")])
    update_index(collection, index)
    index.close()
    index.path.write_bytes(b"not a database" * 100)
    again = SearchIndex.of(collection, tmp_path)
    assert update_index(collection, again).articles == 1


def test_two_processes_do_not_write_at_once(collection: Collection, index: SearchIndex) -> None:
    publish(collection, "a", [article(1, "One")])
    with index.writing():
        assert update_index(collection, index) == IndexUpdate(busy=True)


def test_versions_copies_and_near_duplicates_are_folded(collection: Collection, index: SearchIndex) -> None:
    same = {"text_sha256": "same"}
    publish(collection, "a", [
        article(1, "First", "a text", **same), article(2, "Copy", "a text", **same),
        article(3, "Version", "another", url_surtkey="example,a)/1"), article(4, "Alone", "alone"),
    ])  # fmt: skip
    update_index(collection, index)
    result = Searcher(index).search(SearchRequest())
    assert (result.found, result.groups) == (4, 2)
    assert sorted(hit.others for hit in result.hits) == [0, 2]
    assert Searcher(index).search(SearchRequest(folded=False)).groups == 4
    assert Searcher(index).search(SearchRequest(like=3)).found == 3
