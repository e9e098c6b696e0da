"""What a collection holds is asked of its catalogue: files elsewhere are taken, missing ones are named, never left out."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from small_warcs import answered, write_warc

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive, MissingWarc
from broadsheet.archive.journal import connect
from broadsheet.archive.named_warcs import is_missing, named_warcs
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.cli import main
from broadsheet.pipelines.derive.extract import index_files
from broadsheet.pipelines.reconcile.reconcile import reconcile
from broadsheet.warcs.packing import pack_inputs
from broadsheet.warcs.verification import verify_paths


def warc(folder: Path, name: str) -> Path:
    path: Path = write_warc(folder, name, [answered(f"http://{name}.example/", "<p>A page that has a text.</p>")])
    return path


@pytest.fixture
def extracted(tmp_path: Path) -> Collection:
    """A collection of two WARCs that lie elsewhere, one of them in a WACZ."""
    packed = tmp_path / "in" / "two.wacz"
    one = warc(tmp_path / "in", "one")
    pack_inputs([warc(tmp_path / "other", "two")], packed)
    collection = Collection.create(tmp_path / "c")
    with closing(connect(collection.journal)) as db:
        index_files(collection, Catalogue(db), [one, packed])
    return collection


def test_warcs_that_lie_elsewhere_are_taken(extracted: Collection, tmp_path: Path) -> None:
    found = named_warcs(extracted.directory, tmp_path)
    assert not found.missing
    assert len({source.name for source in found.sources}) == 2
    done, damages = pack_inputs([extracted.directory], tmp_path / "c.wacz")
    assert (done.warcs, done.captures, damages) == (2, 2, [])
    assert not verify_paths([tmp_path / "c.wacz"])[0].errors
    index = CaptureIndex.open([extracted.directory], tmp_path)
    assert {one.line.url for one in index.captures()} == {"http://one.example/", "http://two.example/"}


def test_one_that_is_gone_is_named_and_the_others_are_taken(
    extracted: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (gone,) = (tmp_path / "in").glob("one*.warc.gz")
    gone.rename(tmp_path / "away.warc.gz")
    directory = str(extracted.directory)
    for command in (["pack", directory, "-o", str(tmp_path / "c.wacz")], ["index", directory]):
        with pytest.raises(SystemExit) as left:
            main([*command, "-q"])
        assert left.value.code == 1
        assert f"is not where it was ({gone})" in capsys.readouterr().out.replace("\n", "")
    index = CaptureIndex.open([extracted.directory], tmp_path)
    assert [is_missing(one) for one in index.damages] == [True]
    assert [one.line.url for one in index.captures()] == ["http://two.example/"]
    told = [one for one in reconcile(extracted) if "is gone" in one.message]
    assert [one.rule for one in told] == ["journal-file"]


def test_one_that_is_shorter_than_it_was_is_named_and_read(
    extracted: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (cut,) = (tmp_path / "in").glob("one*")
    size = cut.stat().st_size
    cut.write_bytes(b"")
    found = named_warcs(extracted.directory, tmp_path)
    assert [source.name for source in found.sources] == [cut.name, cut.name.replace("one", "two")]
    assert [(one.source, one.offset, one.length, is_missing(one)) for one in found.missing] == [
        (cut.name, 0, size, True)
    ]
    with pytest.raises(SystemExit) as left:
        main(["pack", str(extracted.directory), "-o", str(tmp_path / "c.wacz"), "-q"])
    assert left.value.code == 1
    assert f"is not what it was ({cut} has 0 bytes, and had {size:,})" in capsys.readouterr().out.replace("\n", "")


def test_when_all_are_gone_nothing_is_made(extracted: Collection, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "in")
    with pytest.raises(MissingWarc, match="none of its 2 WARCs is where it was"):
        named_warcs(extracted.directory, tmp_path)
    assert MissingWarc.exit_code == 1
    with pytest.raises(MissingWarc):
        pack_inputs([extracted.directory], tmp_path / "c.wacz")
    assert not (tmp_path / "c.wacz").exists()


def test_a_lost_journal_or_dataset_is_said(extracted: Collection) -> None:
    assert not extracted.was_one()
    (extracted.directory / "profiles" / "judgements").mkdir(parents=True)
    (extracted.directory / "profiles" / "judgements" / "x.npz").touch()
    assert [one.source for one in reconcile(extracted) if "was made: extract again" in one.message] == ["dataset"]
    (extracted.directory / "collection.lock").touch()
    write_warc(extracted.archive, "own", [answered("http://own.example/", "<p>Page</p>")])
    extracted.journal.unlink()
    with pytest.raises(CorruptArchive, match="the journal of this collection is gone"):
        Collection.open(extracted.directory)
    result, _ = verify_paths([extracted.directory])
    assert [one.source for one in result.log.kept if one.rule == "journal-file"] == ["collection.sqlite"]


def test_a_folder_without_warcs_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no WARC"):
        named_warcs(tmp_path, tmp_path)


@pytest.mark.parametrize(
    "command", [["verify"], ["index", "-o", "new"], ["repair", "-o", "new"], ["extract", "-o", "new"]]
)
def test_what_is_no_file_is_said_so(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.warc.gz")  # who opened it would wait for ever
    Path("loop.warc.gz").symlink_to("loop.warc.gz")
    for name, cause in (("pipe", "is a pipe, a socket or a device"), ("loop", "is a link that leads to no file")):
        with pytest.raises(SystemExit) as left:
            main([*command, f"{name}.warc.gz", "-q"])
        assert left.value.code == 2
        assert f"error: {name}.warc.gz: {cause}" in capsys.readouterr().err
