"""Indexes with one thing wrong, beside their sound WARC; `build` makes both in a folder and returns what to verify."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from made_records import HTML, NAME, PNG, answer

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.reader import WarcSource, read_records


def sound_warc(lab: Any) -> bytes:
    """Two pages and a picture, all of one second."""
    pages = [
        answer(
            lab,
            body,
            f"Content-Type: {mime}\r\n",
            WARC_Record_ID=f"<urn:uuid:00000000-0000-0000-0000-00000000000{number}>",
            WARC_Target_URI=f"http://news.example/{path}",
            WARC_Payload_Digest=labelled_digest(body),
        )
        for number, (path, mime, body) in enumerate(
            (("a", "text/html", HTML), ("b", "text/html", HTML * 2), ("c.png", "image/png", PNG)), 2
        )
    ]
    return bytes(lab.gzip(lab.warcinfo(), *pages))


def index_of(warc: Path) -> list[tuple[str, str, dict[str, str]]]:
    """The lines of the CDXJ index of *warc*, sorted, taken apart."""
    lines = []
    for record in read_records(WarcSource.of(warc)):
        head = record.response_head()
        if head is not None and record.url is not None and record.date is not None:
            values = {
                "url": record.url,
                "mime": (head.get("Content-Type") or "").partition(";")[0],
                "status": str(head.status),
                "digest": record.get("WARC-Payload-Digest") or "",
                "length": str(record.length),
                "offset": str(record.offset),
                "filename": warc.name,
            }
            lines.append((surt(record.url), f"{record.date:%Y%m%d%H%M%S}", values))
    return sorted(lines, key=lambda line: line[:2])


def index_text(lines: list[tuple[str, str, dict[str, str]]]) -> bytes:
    """They as a file."""
    return "".join(f"{key} {timestamp} {json.dumps(values)}\n" for key, timestamp, values in lines).encode()


Lines = list[tuple[str, str, dict[str, str]]]


@dataclass(frozen=True)
class IndexFault:
    """An index with one thing wrong beside a sound WARC: *change* gets its lines and returns the file's bytes."""

    rule: str
    change: Callable[[Lines], bytes]

    def build(self, lab: Any, folder: Path) -> Path:
        """Write both; returns the folder."""
        warc = folder / NAME
        warc.write_bytes(sound_warc(lab))
        (folder / "index.cdxj").write_bytes(self.change(index_of(warc)))
        return folder


def edited(**changes: str | None) -> Callable[[Lines], bytes]:
    """The index with these values in its second line."""

    def change(lines: Lines) -> bytes:
        key, timestamp, values = lines[1]
        merged = {name: value for name, value in (values | changes).items() if value is not None}
        return index_text([lines[0], (key, timestamp, merged), lines[2]])

    return change


INDEX_FAULTS: dict[str, IndexFault] = {
    "stale offset": IndexFault("index-offset", edited(offset="17")),
    "wrong length": IndexFault("index-length", edited(length="17")),
    "another URL": IndexFault("index-url", edited(url="http://news.example/B#x?")),
    "wrong digest": IndexFault("index-digest", edited(digest=labelled_digest(b"other"))),
    "wrong status": IndexFault("index-status", edited(status="404")),
    "wrong media type": IndexFault("index-mime", edited(mime="text/css")),
    "a WARC that is not there": IndexFault("index-warc", edited(filename="y.warc.gz")),
    "no offset": IndexFault("index-fields", edited(offset=None)),
    "no digest": IndexFault("index-fields-other", edited(digest=None)),
    "another key": IndexFault(
        "index-key", lambda lines: index_text([lines[0], ("example,news)/bb", *lines[1][1:]), lines[2]])
    ),
    "another time": IndexFault(
        "index-time", lambda lines: index_text([lines[0], (lines[1][0], "20261124102031", lines[1][2]), lines[2]])
    ),
    "no time": IndexFault(
        "index-timestamp", lambda lines: index_text([lines[0], (lines[1][0], "2026", lines[1][2]), lines[2]])
    ),
    "a line missing": IndexFault("index-missing", lambda lines: index_text([lines[0], lines[2]])),
    "a line twice": IndexFault("index-twice", lambda lines: index_text([lines[0], lines[0], lines[1], lines[2]])),
    "not sorted": IndexFault("index-sorted", lambda lines: index_text(lines[::-1])),
    "no JSON": IndexFault("index-syntax", lambda lines: index_text(lines)[:-4] + b"\n"),
    "two parts": IndexFault("index-syntax", lambda lines: b"a b\n" + index_text(lines)),
    "gzip cut": IndexFault("index-damaged", lambda lines: gzip.compress(index_text(lines))[:-12]),
}
