"""A process that runs one function of ours and talks with its parent over a pipe.

It is started by a command of its own.  What multiprocessing spawns runs the caller's main module again before anything
else, so a script that calls us without ``if __name__ == "__main__":`` would begin itself once more in every worker.
It is never forked: a fork of a process with threads and an event loop inherits locks that nobody will release.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from broadsheet.archive.ending import ENDINGS

# The child imports from where its parent does, whatever the parent has made of its sys.path.
_COMMAND = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from broadsheet.archive.child_process import serve; serve(int(sys.argv[1]), int(sys.argv[2]))"
)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class ChildProcess:
    """A process that `start_process` has started, and our end of the pipe to it."""

    process: subprocess.Popen[bytes]
    connection: Connection

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """Hang up, end it at once, and wait for its end."""
        self.connection.close()
        self.process.kill()
        self.process.wait()

    def join(self) -> int:
        """Hang up and wait until it ends by itself; its exit code, or minus the signal that ended it."""
        self.connection.close()
        return self.process.wait()


def start_process(function: Callable[..., None], *arguments: object, shared_files: Sequence[int] = ()) -> ChildProcess:
    """Call *function* with the other end of a pipe and *arguments* in a process of its own.

    *function* is one of a module, *arguments* can be pickled.  *shared_files* are file descriptors that are open there, too.
    The process ends when the calling thread does, however that ends: on Linux at once, elsewhere when it next looks at its
    pipe.  Ctrl-C and the end of the terminal, which go to the whole group, are for the parent to decide upon.

    Raises:
        OSError: the system starts no process.
    """
    here, there = Pipe()
    command = [sys.executable, "-c", _COMMAND, str(there.fileno()), str(os.getpid()), *sys.path]
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(there.fileno(), *shared_files))
    except BaseException:
        here.close()
        raise
    finally:
        there.close()
    with suppress(OSError):  # it died at once: the first who reads from the pipe learns of it
        here.send((function, arguments))
    return ChildProcess(process, here)


def serve(file: int, parent: int) -> None:
    """Do what process *parent* asks for over the socket *file*; the first that the child calls."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    prctl: Any = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it has ended meanwhile
        return
    with Connection(file) as connection:
        try:
            function, arguments = connection.recv()
        except EOFError:
            return
        try:
            function(connection, *arguments)
        except Exception:
            traceback.print_exc()  # before the pipe is closed: the parent takes that for the end, and kills
            sys.exit(1)
