"""pywb over WARCs of ours and their CDXJ, in a process of its own: as a proxy, and by addresses that name a collection."""

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
def serving(programs: Path, archive: Path, folder: Path, **indexes: Path) -> Iterator[str]:
    """The ``host:port`` of a pywb, its ``wayback`` in *programs*, over the WARCs in *archive*.

    *indexes* are collections by their names, of which the first is what the proxy shows; ``/NAME/id_/URL`` gives the
    payload of a URL as it is stored.  Configuration, certificates and log are in *folder*.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    config = {
        "collections": {
            name: {"index_paths": str(index.absolute()), "archive_paths": f"{archive.absolute()}/"}
            for name, index in indexes.items()
        },
        "proxy": {"coll": next(iter(indexes)), "use_banner": False, "use_head_insert": False},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    command = [str(programs / "wayback"), "--bind", "127.0.0.1", "--port", str(port)]
    with (folder / "pywb.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_for(process, port, folder / "pywb.log")
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until *process* listens at *port*."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"it did not start: {log.read_text()[-500:]}")
