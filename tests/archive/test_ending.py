"""A terminal that closes takes nothing down but itself."""

from __future__ import annotations

import os
import pty

import pytest

from broadsheet.archive.ending import leave_closed_terminal


def test_what_is_written_to_a_closed_terminal_goes_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, output = pty.openpty()
    monkeypatch.setattr("broadsheet.archive.ending._OUTPUTS", (output,))
    assert not leave_closed_terminal()
    os.close(terminal)
    with pytest.raises(OSError, match="Input/output error"):
        os.write(output, b"progress")
    assert leave_closed_terminal()
    assert os.write(output, b"progress") == len(b"progress")
    assert not leave_closed_terminal()
    os.close(output)


def test_pipes_and_files_are_no_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    monkeypatch.setattr("broadsheet.archive.ending._OUTPUTS", (writer,))
    os.close(reader)
    assert not leave_closed_terminal()
    os.close(writer)
