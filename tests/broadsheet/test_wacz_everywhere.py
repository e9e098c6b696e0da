"""Each command that takes a WARC takes a WACZ that we packed, and says the same of it."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest
from small_warcs import MOMENT, answered, write_warc

from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource
from broadsheet.cli import cli, main
from broadsheet.warcs.packing import pack_inputs

Run = Callable[..., tuple[int, str, str]]
LINE = "<p>The harbour froze on Monday for the first time in forty years, and the ferries stayed at their piers.</p>"
BROWSER = """#!{python}
import sys, urllib.request
proxy = next(one.partition("=")[2] for one in sys.argv if one.startswith("--proxy-server="))
opener = urllib.request.build_opener(urllib.request.ProxyHandler({{"http": proxy}}))
open({output!r}, "wb").write(opener.open(sys.argv[-1], timeout=20).read())
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(one) for one in arguments])
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return command


@pytest.fixture
def warcs(tmp_path: Path) -> list[Path]:
    """Two files of three pages each."""
    return [
        write_warc(
            tmp_path / "warcs",
            name,
            [
                answered(
                    f"http://{name}.example/{n}", f"<title>{n}</title>{LINE * 5}", moment=MOMENT + timedelta(minutes=n)
                )
                for n in range(3)
            ],
        )
        for name in "ab"
    ]


@pytest.fixture
def wacz(warcs: list[Path], tmp_path: Path) -> Path:
    return pack_inputs(warcs, tmp_path / "two.wacz")[0].path


def extracts(run: Run, inputs: list[Path], folder: Path) -> object:
    code, out, err = run("extract", *inputs, "-o", folder / "c", "--json", "--no-profiles", "--workers", "1")
    assert code == 0, err
    return json.loads(out)["counts"]["articles"]


def verifies(run: Run, inputs: list[Path], _folder: Path) -> object:
    code, out, err = run("verify", *inputs, "--json")
    told = json.loads(out)
    return code, told["errors"], told["warnings"], len(told["warcs"]), err


def indexes(run: Run, inputs: list[Path], folder: Path) -> object:
    assert run("index", *inputs, "-o", folder / "x.cdxj")[0] == 0
    return (folder / "x.cdxj").read_bytes()


def packs(run: Run, inputs: list[Path], folder: Path) -> object:
    assert run("pack", *inputs, "-o", folder / "again.wacz", "--title", "t")[0] == 0
    return (folder / "again.wacz").read_bytes()


def checks(run: Run, inputs: list[Path], _folder: Path) -> object:
    code, out, _ = run("check", *inputs, "--json", "--sample", "0")
    told = json.loads(out)
    assert told["pages"] == 6
    return code, told


def repairs(run: Run, inputs: list[Path], folder: Path) -> object:
    code, _, err = run("repair", *inputs, "-o", folder / "mended", "--json")
    assert code == 0, err
    return {file.name: file.read_bytes() for file in sorted((folder / "mended").iterdir())}


def replays(run: Run, inputs: list[Path], folder: Path) -> object:
    program, output = folder / "browser", folder / "seen"
    program.write_text(BROWSER.format(python=sys.executable, output=str(output)))
    program.chmod(0o755)
    code, _, err = run("replay", *inputs, "http://b.example/1", "--browser", program, "-q")
    assert code == 0, err
    return output.read_bytes()


TAKING = {
    "extract": extracts,
    "verify": verifies,
    "index": indexes,
    "pack": packs,
    "check": checks,
    "repair": repairs,
    "replay": replays,
}


def test_no_command_that_takes_warcs_is_forgotten() -> None:
    arguments = [
        (name, one.metavar or "")
        for name, command in cli.commands.items()
        for one in command.params
        if isinstance(one, click.Argument)
    ]
    taking = {name for name, metavar in arguments if "WARC" in metavar or metavar == "PATH..."}
    assert taking == TAKING.keys()


@pytest.mark.parametrize("name", TAKING)
def test_a_wacz_is_as_good_as_its_warcs(name: str, run: Run, warcs: list[Path], wacz: Path, tmp_path: Path) -> None:
    outcomes = []
    for place, inputs in (("plain", warcs), ("packed", [wacz])):
        (tmp_path / place).mkdir()
        outcomes.append(TAKING[name](run, inputs, tmp_path / place))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0]


def test_a_wacz_goes_to_a_folder_when_it_is_repaired(run: Run, warcs: list[Path], wacz: Path, tmp_path: Path) -> None:
    for name, said in (("new.wacz", "broadsheet pack FOLDER"), ("one.warc.gz", "is one file, for 2 WARCs")):
        code, _, err = run("repair", wacz, "-o", tmp_path / name)
        assert code == 2
        assert said in err
        assert not (tmp_path / name).exists()
    single = pack_inputs(warcs[:1], tmp_path / "single.wacz")[0].path
    assert run("repair", single, "-o", tmp_path / "one.warc.gz")[0] == 0
    assert (tmp_path / "one.warc.gz").read_bytes() == warcs[0].read_bytes()


def streamed(path: Path, files: list[Path]) -> Path:
    """A WACZ as a program writes it that cannot seek: sizes stand behind the members."""

    class Pipe:
        def __init__(self) -> None:
            self.file = path.open("wb")

        def write(self, data: bytes) -> int:
            return self.file.write(data)

        def flush(self) -> None:
            self.file.flush()

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for file in files:
            archive.write(file, f"archive/{file.name}")
        archive.writestr("pages/pages.jsonl", "{}\n")
    pipe.file.close()
    return path


@pytest.mark.parametrize("writer", ["ours", "a stream"])
def test_a_wacz_without_its_end_gives_up_its_warcs(
    writer: str, run: Run, warcs: list[Path], wacz: Path, tmp_path: Path
) -> None:
    path = wacz if writer == "ours" else streamed(tmp_path / "stream.wacz", warcs)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"PK\x01\x02")])  # all but the directory
    assert repairs(run, [path], tmp_path) == {file.name: file.read_bytes() for file in warcs}
    half = whole.index(warcs[1].read_bytes()) + warcs[1].stat().st_size // 2
    path.write_bytes(whole[:half])
    code, out, err = run("repair", path, "-o", tmp_path / "half", "--json")
    assert code == 0, err
    first, second = json.loads(out)["files"]
    assert not first["repair"]["losses"]
    missing = warcs[1].stat().st_size - warcs[1].stat().st_size // 2
    assert (first["missing"], second["missing"]) == (0, missing if writer == "ours" else 0)  # a stream does not say
    assert len(second["repair"]["losses"]) == 1
    kept = [record.record_id for record in read_records(WarcSource.of(tmp_path / "half" / warcs[1].name))]
    assert kept == [record.record_id for record in read_records(WarcSource.of(warcs[1]))][: len(kept)]
    assert 4 <= len(kept) < 10
    path.write_bytes(whole[:20])
    code, _, err = run("repair", path, "-o", tmp_path / "nothing")
    assert code == 2
    assert "zip" in err
