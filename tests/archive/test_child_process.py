"""A process of our own: it does what it is asked, ends when it is told or its parent ends, and knows nothing of its caller."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from broadsheet.archive.child_process import start_process


def answer(connection: Connection, what: object) -> None:
    connection.send((what, os.getpid(), os.getppid()))


def wait_for_the_end(connection: Connection) -> None:
    connection.send(os.getpid())
    with suppress(EOFError):
        connection.recv()


def test_it_calls_a_function_with_a_pipe_and_arguments() -> None:
    child = start_process(answer, {"a": [1, b"\xff"]})
    assert child.connection.recv() == ({"a": [1, b"\xff"]}, child.pid, os.getpid())
    assert child.join() == 0
    assert not child.is_alive()


def test_it_ends_at_once_when_it_is_killed_and_says_so() -> None:
    child = start_process(wait_for_the_end)
    assert child.connection.recv() == child.pid
    assert child.is_alive()
    os.kill(child.pid, signal.SIGINT)  # Ctrl-C is for the parent to decide upon
    child.kill()
    assert child.join() == -signal.SIGKILL
    with pytest.raises(OSError):
        child.connection.recv()


def test_it_sees_the_files_that_are_shared_and_no_others(tmp_path: Path) -> None:
    with (tmp_path / "shared").open("wb") as shared, (tmp_path / "own").open("wb") as own:
        os.set_inheritable(own.fileno(), True)
        child = start_process(write, shared.fileno(), own.fileno(), shared_files=(shared.fileno(),))
        assert child.connection.recv() == "OSError"
        child.join()
    assert (tmp_path / "shared").read_bytes() == b"here"


def write(connection: Connection, shared: int, own: int) -> None:
    os.write(shared, b"here")
    try:
        os.write(own, b"not here")
    except OSError as error:
        connection.send(type(error).__name__)


PARENT = """
import os, sys
sys.path.insert(0, sys.argv[1])
from test_child_process import wait_for_the_end
from broadsheet.archive.child_process import start_process
print(start_process(wait_for_the_end).connection.recv(), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it ends when it looks at its pipe")
def test_it_ends_with_its_parent_and_does_not_run_the_parents_script() -> None:
    here = str(Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", PARENT, here], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert done.stderr == ""
    (child,) = map(int, done.stdout.split())
    deadline = time.monotonic() + 20
    while _runs(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
