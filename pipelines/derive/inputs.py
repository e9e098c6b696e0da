"""What is to be extracted, from what the user typed: files, folders, patterns, lists of all these, objects and URLs.

A shell expands patterns itself, but not in a list, not below ``s3://``, and not for a million files.
"""

from __future__ import annotations

import glob
import gzip
import os
import sys
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from broadsheet.archive.errors import BadInput, check_name, from_os_error, no_such_file
from broadsheet.archive.storage import is_object, is_remote, list_objects
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES

SUFFIXES = (*ARCHIVE_SUFFIXES, ".wacz")
_WILD = frozenset("*?[")
_PATHS = (".paths", ".paths.gz")  # what Common Crawl calls the lists of its WARCs (https://commoncrawl.org/get-started)
_COMMON_CRAWL_PATH = "crawl-data/"
_COMMON_CRAWL = "https://data.commoncrawl.org/"  # what its paths are below


def read_words(words: Sequence[str], lists: Sequence[str] = ()) -> list[Path | str]:
    """The paths, and as strings the URLs, that *words* name; ``@FILE`` is a list like those in *lists*.

    A list has a path, pattern or URL a line; blank lines, and those that begin with ``#``, say nothing; ``-`` is standard
    input, and a list may be gzipped.  Relative paths are relative to the current folder, as they are when they are typed; those
    of Common Crawl, whose lists are called ``*.paths`` and need no ``@``, are on its server where they are not here.

    Raises:
        BadInput: a list cannot be read or is empty, or a pattern fits nothing.
    """
    named: dict[Path | str, None] = {}
    for word in words:
        if word.startswith("@") or word.endswith(_PATHS):
            for line in _lines(word.removeprefix("@")):
                named.update(dict.fromkeys(_expand(line)))
        else:
            named.update(dict.fromkeys(_expand(word)))
    for name in lists:
        for line in _lines(name):
            named.update(dict.fromkeys(_expand(line)))
    return list(named)


def find_files(inputs: Sequence[Path], directory: Path) -> list[Path]:
    """The WARC and WACZ files that *inputs* name, folders searched through, sorted, each once.

    What the collection *directory* has in its own folders is left out: it is in the catalogue, or a copy of an input.

    Raises:
        BadInput: a path does not exist, or a folder holds none.
    """
    own = [directory.resolve() / name for name in ("archive", "unpacked")]
    found: dict[Path, None] = {}
    for path in inputs:
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if file.name.endswith(SUFFIXES) and file.is_file()]
            if not inside and path.resolve() != directory.resolve():
                raise BadInput(str(path), "holds no WARC or WACZ file", "Name a folder that does, or the files.")
        elif path.is_file():
            inside = [path]
        else:
            raise no_such_file(path)
        for file in inside:
            check_name(file)
        found.update((_absolute(file), None) for file in inside if not set(own) & set(file.resolve().parents))
    return list(found)


def find_objects(urls: Sequence[str]) -> list[str]:
    """The WARC and WACZ objects that *urls* name, prefixes in S3 searched through, sorted, each once.

    Raises:
        BadInput: there is none below a URL, or no such bucket.
        BrokenEnvironment: the store refuses, or does not answer.
    """
    found: dict[str, None] = {}
    for url in urls:
        if not is_object(url):
            found[url] = None  # what it is shows when it is read
            continue
        inside = [one.url for one in list_objects(url) if one.url.endswith(SUFFIXES)]
        if not inside:
            raise BadInput(url, "holds no WARC or WACZ file", "Name a prefix that does, or an object.")
        found.update(dict.fromkeys(inside))
    return list(found)


def _expand(word: str) -> list[Path | str]:
    """What *word* names, patterns expanded."""
    wild = bool(_WILD & set(word))
    if is_object(word) and wild:
        fixed = word[: min(word.index(one) for one in _WILD if one in word)]
        fitting = [one.url for one in list_objects(fixed.rpartition("/")[0]) if fnmatchcase(one.url, word)]
        if not fitting:
            raise BadInput(word, "no object fits this pattern", "Check it; * stands for anything, slashes, too.")
        return list(fitting)
    if is_remote(word):
        return [word]
    if word.startswith(_COMMON_CRAWL_PATH) and not wild and not Path(word).exists():
        return [f"{_COMMON_CRAWL}{word}"]
    if not wild or Path(word).exists():
        return [Path(word)]
    fitting = sorted(glob.glob(word, recursive=True))  # noqa: PTH207 - of absolute patterns, too
    if not fitting:
        raise BadInput(word, "no file fits this pattern", "Check it; ** stands for folders within folders.")
    return [Path(one) for one in fitting]


def _lines(name: str) -> Iterator[str]:
    """The lines of the list *name* that say something."""
    count = 0
    try:
        with _opened(name) as file:
            for raw in file:
                line = raw.decode("utf-8").strip()
                if line and not line.startswith("#"):
                    count += 1
                    yield line
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise BadInput(name, f"is no list of files ({error})", "Write a path or URL a line.") from error
    except OSError as error:
        raise from_os_error(error, name) from error
    if not count:
        raise BadInput(name, "is an empty list", "Write a path or URL a line.")


def _opened(name: str) -> IO[bytes]:
    if name == "-":
        if sys.stdin is None:  # Python has none where the shell closed it
            raise BadInput(name, "standard input is closed", "Pipe a list into the command, or name a file.")
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    with Path(name).open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return gzip.open(name) if compressed else Path(name).open("rb")  # type: ignore[return-value]  # a GzipFile is one


def _absolute(path: Path) -> Path:
    """*path* without "..", which must not get into the names of files; links keep their own name."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links
