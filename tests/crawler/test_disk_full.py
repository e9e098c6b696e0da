"""A full disk: a clear error, exit code 3, and after room is made the same command finishes the crawl."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def crawl(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "broadsheet",
        "crawl",
        url,
        "-o",
        str(folder),
        "--delay",
        "0",
        "--concurrency",
        "8",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)


@pytest.mark.slow
def test_a_full_disk_stops_the_crawl_and_room_lets_it_go_on(tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "linked_site.py"), "500", str(tmp_path / "log")]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
        small_disk(tmp_path / "disk", "900k") as disk,
    ):
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        try:
            full = crawl(url, disk / "c")
            assert full.returncode == 3, full.stdout + full.stderr
            assert "no space" in full.stdout + full.stderr or "refuses" in full.stdout + full.stderr
            assert "Traceback" not in full.stderr
            again = crawl(url, disk / "c")
            assert again.returncode == 3, again.stdout + again.stderr
            assert "Traceback" not in again.stderr
            subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
            done = crawl(url, disk / "c")
            assert done.returncode == 0, done.stdout + done.stderr
            verify = [sys.executable, "-m", "broadsheet", "verify", str(disk / "c")]
            checked = subprocess.run(verify, capture_output=True, text=True, check=False, timeout=280)
            assert checked.returncode == 0, checked.stdout
        finally:
            server.kill()
