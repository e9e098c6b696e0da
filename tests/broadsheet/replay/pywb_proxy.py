"""pywb as a proxy over WARCs of ours and their CDXJ, in a process of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

_SECONDS = 60


@contextlib.contextmanager
def serving(programs: Path, index: Path, archive: Path, folder: Path) -> Iterator[str]:
    """The ``host:port`` of a pywb, its ``wayback`` in *programs*, over *index* and the WARCs in *archive*.

    Its configuration, certificates and log are in *folder*.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    config = {
        "collections": {"ours": {"index_paths": str(index.absolute()), "archive_paths": f"{archive.absolute()}/"}},
        "proxy": {"coll": "ours", "use_banner": False, "use_head_insert": False},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    command = [str(programs / "wayback"), "--bind", "127.0.0.1", "--port", str(port)]
    with (folder / "pywb.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait_for(process, port, folder / "pywb.log")
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"pywb did not start: {log.read_text()[-500:]}")
