"""Makes `collections.tar.xz` with an earlier version: ``python make_collections.py OLD``, where OLD is that version's checkout
(its interpreter is OLD/.venv/bin/python).

Run once a release, by hand: what users have is what that version wrote, not what this one would write.

A crawl is stopped by --max-pages and gone on with.  From there it is updated twice: one update, ``stopped``, ends by
--max-pages, the other, ``killed``, by a kill while article 9 is under way.  Both collections hold revisits of both profiles, a
cut answer, a URL that failed, one that robots.txt forbids, some that are queued, a cookie, a learnt profile of the site, and a
dataset; ``killed`` holds an open WARC as well.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
from harbour_paper import HOST, printing  # noqa: E402
from loopback_socks import all_names_here  # noqa: E402

_OPTIONS = ("--workers", "1", "--concurrency", "1", "--delay", "0", "--retries", "0", "-q")
_NOT_KEPT = {"run.log", "collection.lock"}


def main(old: Path, work: Path) -> None:
    """Crawl, update twice, pack."""
    python = str(old.resolve() / ".venv/bin/python")

    def crawl(folder: str, *arguments: str) -> subprocess.Popen[bytes]:
        (work / folder).mkdir(exist_ok=True)
        command = [python, "-m", "broadsheet", "crawl", *_OPTIONS, *arguments]
        return subprocess.Popen(command, cwd=work / folder, start_new_session=True)

    with printing(1) as paper, all_names_here(paper.port, paper.port) as (proxy, _):
        named = ("--proxy", proxy, "--operator", "The Harbour")
        assert crawl("stopped", f"{HOST}/", "-o", "harbour", "--max-pages", "4", *named).wait() == 3
        assert crawl("stopped", "harbour", "--max-pages", "0").wait() == 0
        shutil.copytree(work / "stopped", work / "killed")
        paper.edition = 2
        assert crawl("stopped", "harbour", "--update", "--max-pages", "5").wait() == 3
        paper.held.add("/9")
        killed = crawl("killed", "harbour", "--update")
        assert paper.holding.wait(60)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    with tarfile.open(HERE / "collections.tar.xz", "w:xz") as archive:
        for collection in (work / "stopped/harbour", work / "killed/harbour"):
            shutil.rmtree(collection / "tmp")
            with closing(sqlite3.connect(collection / "collection.sqlite")) as db:
                db.execute("VACUUM")
            for path in sorted(collection.rglob("*")):
                if path.is_file() and path.name not in _NOT_KEPT:
                    archive.add(path, path.relative_to(work), filter=_nobodys)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(sys.argv[1]), Path(folder))
