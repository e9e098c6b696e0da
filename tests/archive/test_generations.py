"""A dataset changes places with its next generation: nobody ever meets none, and a kill at any step is mended."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from broadsheet.archive import generations
from broadsheet.archive.generations import (
    forget,
    generation_number,
    generations_folder,
    next_folder,
    number_next,
    opened,
    present,
    settle,
    switch,
)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """The present generation, which holds the file ``old``, and the next one made beside it, which holds ``new``."""
    folder = tmp_path / "dataset"
    folder.mkdir()
    (folder / "old").write_text("old")
    number_next(folder)
    (next_folder(folder) / "dataset" / "new").write_text("new")
    return folder


@pytest.fixture(params=["at once", "by renames"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by renames":
        monkeypatch.setattr(generations, "exchange", lambda *_: False)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith("_")}


@pytest.mark.usefixtures("_way")
def test_the_next_one_takes_the_place_and_the_old_one_is_kept_for_its_time(dataset: Path) -> None:
    switch(dataset, grace=60)
    assert (names(dataset), generation_number(dataset)) == ({"new"}, 1)
    (old,) = generations_folder(dataset).iterdir()
    assert float(old.name.split("-")[1]) == pytest.approx(time.time() + 60, abs=30)
    assert names(old / "dataset") == {"old"}
    assert present(dataset, dataset / "old") == old / "dataset" / "old"
    assert opened(dataset, dataset / "old", Path.read_text) == "old"
    settle(dataset)
    assert old.is_dir()
    forget(dataset)
    assert not generations_folder(dataset).exists()
    with pytest.raises(FileNotFoundError):
        opened(dataset, dataset / "old", Path.read_text)


@pytest.mark.usefixtures("_way")
def test_what_is_kept_for_no_time_goes_at_once(dataset: Path) -> None:
    switch(dataset, grace=-1)
    assert names(dataset) == {"new"}
    assert not generations_folder(dataset).exists()


@pytest.mark.parametrize("made_anew", [False, True])
def test_a_kill_after_the_first_rename_puts_the_old_one_back(dataset: Path, made_anew: bool) -> None:
    dataset.rename(generations_folder(dataset) / "away")
    if made_anew:  # by a command that did not find it
        dataset.mkdir()
    settle(dataset)
    assert (names(dataset), generation_number(dataset)) == ({"old"}, 0)
    assert names(next_folder(dataset) / "dataset") == {"new"}  # it is not the present one, and stays what comes next


def test_a_kill_after_the_second_rename_keeps_the_old_one(dataset: Path) -> None:
    dataset.rename(generations_folder(dataset) / "away")
    (next_folder(dataset) / "dataset").rename(dataset)
    settle(dataset)
    assert (names(dataset), generation_number(dataset)) == ({"new"}, 1)
    (old,) = generations_folder(dataset).iterdir()
    assert names(old / "dataset") == {"old"}
    assert float(old.name.split("-")[1]) == pytest.approx(time.time() + 3600, abs=300)  # nobody could say for how long


def test_a_file_that_moves_between_the_look_and_the_opening_is_found(dataset: Path) -> None:
    moves = iter([60])

    def opener(path: Path) -> str:
        for grace in moves:
            switch(dataset, grace=grace)
        return path.read_text()

    assert opened(dataset, dataset / "old", opener) == "old"


def test_a_dataset_that_is_a_link_stays_one(dataset: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = elsewhere / "dataset"
    link.symlink_to(dataset)
    switch(link, grace=60)
    assert link.is_symlink()
    assert names(link) == names(dataset) == {"new"}
