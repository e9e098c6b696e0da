"""What comes from outside while a command runs: a signal, a fault of the machine, a kill."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from small_warcs import answered, write_warc

from broadsheet import __main__ as program
from broadsheet.archive.ending import ENDINGS, InterruptOnce
from broadsheet.archive.warc.repair import repair
from broadsheet.cli import cli, main
from broadsheet.cli.shared import Face
from broadsheet.warcs.repairing import repair_all


def run(monkeypatch: pytest.MonkeyPatch, effect: Any) -> int | str | None:
    monkeypatch.setattr(cli.commands["schema"], "callback", lambda **_: effect())
    with pytest.raises(SystemExit) as left:
        main(["schema"])
    return left.value.code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_comes_from_outside_ends_a_command_once_and_as_ctrl_c_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    cleared = []
    signal.signal(number, signal.SIG_DFL)  # whatever runs the tests may ignore it

    def working() -> None:
        try:
            os.kill(os.getpid(), number)
        finally:
            os.kill(os.getpid(), number)
            cleared.append(True)

    assert run(monkeypatch, working) == 3
    assert cleared
    assert "The same command goes on from here" in capsys.readouterr().err
    assert signal.getsignal(number) is signal.SIG_DFL


def test_a_later_signal_counts_again_when_the_first_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InterruptOnce, "ONE", 0.0)

    def losing() -> None:
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)

    assert run(monkeypatch, losing) == 3


def test_a_signal_that_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` does
    assert run(monkeypatch, lambda: os.kill(os.getpid(), signal.SIGHUP)) == 0


def test_a_signal_that_comes_too_late_leaves_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.commands["schema"], "callback", lambda **_: 0)
    monkeypatch.setattr(sys, "argv", ["broadsheet", "schema"])
    with pytest.raises(SystemExit) as left:
        program.main()
    for number in ENDINGS:
        os.kill(os.getpid(), number)  # while Python ends
    assert left.value.code == 0


def test_ctrl_c_while_the_command_line_is_loaded_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupting:
        """A finder of modules that is stopped by the user."""

        def find_spec(self, *_: object) -> None:
            raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "broadsheet.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupting()])
    with pytest.raises(SystemExit) as left:
        program.main()
    assert left.value.code == 3
    assert capsys.readouterr().err == "Stopped. The same command goes on from here.\n"


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, 3), (errno.EROFS, 3), (errno.ENAMETOOLONG, 2), (errno.EIO, 3)]
)
def test_no_fault_of_the_machine_is_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, code: int
) -> None:
    def failing() -> None:
        raise OSError(number, os.strerror(number), "/somewhere/file")

    assert run(monkeypatch, failing) == code
    said = capsys.readouterr().err
    assert said.startswith("error: /somewhere/file: ")
    assert "Traceback" not in said


def test_a_current_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert run(monkeypatch, lambda: 0) == 2


def test_a_killed_repair_can_be_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warcs = [write_warc(tmp_path / "in", name, [answered("http://a.example/", "<p>A</p>")]) for name in ("one", "two")]
    calls = 0

    def killed(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return repair(*arguments, **options)

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr("broadsheet.warcs.repairing.repair", killed)
        with pytest.raises(KeyboardInterrupt):
            repair_all(Face(quiet=True), warcs, out, keep_doubtful=False)
    assert len(repair_all(Face(quiet=True), warcs, out, keep_doubtful=False)) == 2
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in warcs)
    with pytest.raises(Exception, match="is there already"):
        repair_all(Face(quiet=True), warcs, out, keep_doubtful=False)
