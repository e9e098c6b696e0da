"""Objects in S3 and what speaks its protocol, and files on web servers: the one place that knows that not all bytes lie in a
local file.

With S3 pyarrow's own file system does the talking: it is here already, and releases the GIL.  Endpoint, region and
credentials come from the environment (AWS_ENDPOINT_URL, AWS_REGION or AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID, ...).
It repeats requests that were answered with 500; what it gives up, a body that was cut off, or an object that came up short
is asked for again from here, after a growing pause.  An object is written by one PUT: it is there whole or not at all.
Web servers are asked by `broadsheet.archive.web_file`, and only read.

Reading is sequential with a window of read-ahead that grows from 256 KiB to 4 MiB, so that a look at one record does not
cost megabytes; at most two windows are in memory.  Dropped: s3fs and boto3, which are slower and bring their own pins.
"""

from __future__ import annotations

import io
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment
from broadsheet.archive.web_file import WebFile

SCHEME = "s3://"
_WEB = ("http://", "https://")
ATTEMPTS = 5
PAUSE_SECONDS = 0.2  # before the second attempt; doubled before each one after it
FIRST_WINDOW = 256 * 1024
WINDOW = 4 * 1024 * 1024
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object: its URL and its size in bytes."""

    url: str
    size: int


def is_object(text: str) -> bool:
    """Whether *text* names something in S3."""
    return text.startswith(SCHEME)


def is_remote(text: str) -> bool:
    """Whether *text* names something in S3, or on a web server."""
    return text.startswith((SCHEME, *_WEB))


def name_of(url: str) -> str:
    """What the file at *url* is called in a collection: its bucket and key, or its host and path.

    Raises:
        BadInput: its path has pieces that no file can be called by.
    """
    if is_object(url):
        return url.removeprefix(SCHEME)
    parts = urlsplit(url)
    name = f"{parts.netloc.rpartition('@')[2]}/{unquote(parts.path).strip('/')}"
    if any(piece in {"", ".", ".."} for piece in name.split("/")) or not name.isprintable():
        raise BadInput(url, "names no file", "Write it like https://example.org/path/file.warc.gz.")
    return name


def list_objects(url: str) -> list[StoredObject]:
    """The object *url*, or all objects below it, sorted by URL; none when nothing is there.  Of a web server: the file.

    Raises:
        BadInput: there is no such bucket.
        BrokenEnvironment: the store refuses, or does not answer.
    """
    if not is_object(url):
        with RemoteFile(url) as file:
            return [StoredObject(url, file.seek(0, os.SEEK_END))]
    from pyarrow import fs  # noqa: PLC0415 - heavy

    key = _key(url)

    def look() -> list[StoredObject]:
        there = _file_system().get_file_info(key)
        if there.type == fs.FileType.File:
            return [StoredObject(SCHEME + there.path, there.size)]
        if there.type == fs.FileType.NotFound and _bucket_is_missing(key):
            raise BadInput(url, "no such bucket", "Check its name, and AWS_ENDPOINT_URL.")
        found = _file_system().get_file_info(fs.FileSelector(key, recursive=True, allow_not_found=True))
        return [StoredObject(SCHEME + one.path, one.size) for one in found if one.type == fs.FileType.File]

    return sorted(_persistently(url, look), key=lambda one: one.url)


def read_object(url: str) -> bytes:
    """All of an object that is known to be small.

    Raises:
        BroadsheetError: it cannot be read.
    """
    with RemoteFile(url) as file:
        return file.read()


def put_object(url: str, data: bytes) -> None:
    """Write the object *url*, whole or not at all.

    Raises:
        BadInput: there is no such bucket.
        BrokenEnvironment: the store refuses, or does not answer.
    """

    def put() -> None:
        stream = _file_system().open_output_stream(_key(url), compression=None)  # else a .gz is compressed again
        stream.write(data)
        stream.close()  # the upload is completed here; without it nothing appears

    _persistently(url, put)


def put_file(url: str, path: Path) -> None:
    """Write the object *url* from the file *path*, whole or not at all.

    Raises:
        BadInput: there is no such bucket.
        BrokenEnvironment: the store refuses, or does not answer.
    """

    def put() -> None:
        with path.open("rb") as file:
            stream = _file_system().open_output_stream(_key(url), compression=None)
            shutil.copyfileobj(file, stream, WINDOW)
            stream.close()

    _persistently(url, put)


def delete_object(url: str) -> None:
    """Delete the object *url*; one that is gone already is no fault.

    Raises:
        BrokenEnvironment: the store refuses, or does not answer.
    """

    def delete() -> None:
        try:
            _file_system().delete_file(_key(url))
        except FileNotFoundError:
            return

    _persistently(url, delete)


class RemoteFile(io.RawIOBase):
    """An object, or a file on a web server, as a seekable binary file; or *size* bytes of it at *base* (None: to its end).

    Raises:
        BadInput: it does not exist.
        BrokenEnvironment: the store refuses, or does not answer.
    """

    def __init__(self, url: str, base: int = 0, size: int | None = None) -> None:
        super().__init__()
        self._url = url
        self._file: Any = _persistently(url, lambda: _opened(url))
        self._base = base
        there = max(0, self._file.size() - base)
        self._size: int = there if size is None else min(size, there)
        self._position = 0
        self._start, self._window = 0, b""
        self._next: Future[bytes] | None = None
        self._next_start = -1
        self._pool: ThreadPoolExecutor | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The offset in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to an offset in bytes; nothing is fetched by it."""
        self._position = max(0, {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence] + offset)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower than WriteableBuffer
        """Fill *buffer* as far as one window goes."""
        if self._position >= self._size or not len(buffer):
            return 0
        if not self._start <= self._position < self._start + len(self._window):
            self._move()
        at = self._position - self._start
        piece = self._window[at : at + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        """End the read-ahead."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._file.close()
        super().close()

    def _move(self) -> None:
        """Bring the window to the position; behind a window that was read to its end, the next one is fetched ahead."""
        end = self._start + len(self._window)
        sequential = bool(self._window) and self._position == end
        length = min(WINDOW, 2 * len(self._window)) if sequential else FIRST_WINDOW
        if self._next is not None and self._next_start == self._position:
            self._window = self._next.result()
        else:
            self._window = self._fetch(self._position, length)
        self._start, self._next = self._position, None
        ahead = self._start + len(self._window)
        if sequential and ahead < self._size:
            self._pool = self._pool or ThreadPoolExecutor(1, "read-ahead")
            self._next_start = ahead
            self._next = self._pool.submit(self._fetch, ahead, min(WINDOW, 2 * len(self._window)))

    def _fetch(self, start: int, length: int) -> bytes:
        wanted = min(length, self._size - start)

        def read() -> bytes:
            data: bytes = self._file.read_at(wanted, self._base + start)
            if len(data) != wanted:
                raise OSError(f"{len(data)} bytes came of {wanted}")
            return data

        return _persistently(self._url, read)


def _opened(url: str) -> Any:
    return _file_system().open_input_file(_key(url)) if is_object(url) else WebFile(url)


def _persistently(url: str, action: Callable[[], _T]) -> _T:
    """What *action* gives; a fault that may pass is met by doing it again."""
    pause = PAUSE_SECONDS
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return action()
        except OSError as error:
            lasting = _lasting(url, error)
            if lasting is not None:
                raise lasting from error
            if attempt == ATTEMPTS:
                cause = f"the store did not answer as it should, {ATTEMPTS} times ({_brief(error)})"
                where = "AWS_ENDPOINT_URL and the network" if is_object(url) else "the URL and the network"
                remedy = f"Check {where}, then run the same command again."
                raise BrokenEnvironment(url, cause, remedy) from error
            time.sleep(pause)
            pause *= 2
    raise AssertionError("unreachable")


def _lasting(url: str, error: OSError) -> BroadsheetError | None:
    """*error* in the user's words when asking again cannot help."""
    message = str(error)
    if "NO_SUCH_BUCKET" in message or "NoSuchBucket" in message or "bucket does not exist" in message.lower():
        return BadInput(url, "no such bucket", "Make it, or check its name and AWS_ENDPOINT_URL.")
    if isinstance(error, FileNotFoundError) or "NO_SUCH_KEY" in message:
        return BadInput(url, "no such object", "Check the URL.")
    if not is_object(url):
        if isinstance(error, PermissionError):
            return BrokenEnvironment(url, f"the server refuses ({message})", "Fetch the file, and name the copy.")
        return None
    refused = (
        "ACCESS_DENIED",
        "INVALID_ACCESS_KEY",
        "SIGNATURE_DOES_NOT_MATCH",
        "HTTP status 403",
        "MISSING_AUTHENTICATION",
    )
    if isinstance(error, PermissionError) or any(word in message for word in refused):
        remedy = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ask for the right to it."
        return BrokenEnvironment(url, "the store refuses: no credentials, or not enough rights", remedy)
    return None


def _bucket_is_missing(key: str) -> bool:
    from pyarrow import fs  # noqa: PLC0415 - heavy

    there = _file_system().get_file_info(key.partition("/")[0])
    return bool(there.type == fs.FileType.NotFound)


def _brief(error: OSError) -> str:
    return " ".join(str(error).split())[:200]


def _key(url: str) -> str:
    key = url.removeprefix(SCHEME).strip("/")
    if not key or "//" in key:
        raise BadInput(url, "names no bucket", "Write it like s3://bucket/prefix.")
    return key


@lru_cache(maxsize=1)
def _file_system() -> Any:
    from pyarrow import fs  # noqa: PLC0415 - heavy

    options: dict[str, Any] = {
        "retry_strategy": fs.AwsStandardS3RetryStrategy(max_attempts=4),
        "connect_timeout": 5,
        "request_timeout": 30,
        "allow_bucket_creation": False,
    }
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        scheme, _, host = endpoint.partition("://")
        options |= (
            {"scheme": scheme, "endpoint_override": host.rstrip("/")} if host else {"endpoint_override": endpoint}
        )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if region or endpoint:
        options["region"] = region or "us-east-1"
    return fs.S3FileSystem(**options)
