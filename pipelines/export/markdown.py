"""An article as a Markdown file with YAML front matter, or as plain text; and the name of its file.

YAML: every string is a double-quoted JSON string, which YAML 1.1 and 1.2 read alike (no ``no`` that is false, no title with
a colon that is a mapping); what neither takes unescaped is escaped.  Names: ``host/2026-09-01-the-title-1a2b3c4d.md``, where
the last part comes from the place of the WARC record, so that no two rows have one name on any file system, and the same
row always has the same.  Letters of all scripts stay; at most 80 bytes of the title.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broadsheet.pipelines.export.values import json_bytes, moment_text

FRONT_MATTER = (
    "title", "authors", "date_published", "date_modified", "url", "sitename", "section", "tags", "language",
    "description", "license_url", "word_count", "id", "warc_filename", "warc_record_offset", "warc_record_length",
)  # fmt: skip
NEEDED = (
    "title", "text", "text_markdown", "date_published", "url_host_name", "warc_filename", "warc_record_offset",
)  # fmt: skip
_MAX_SLUG = 80  # bytes; a name of 255 bytes is the limit of most file systems
_MAX_HOST = 100
_NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def markdown_of(row: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    """*row* as Markdown; *columns* go into the front matter, what is null is left out of it."""
    lines = ["---", *(line for name in columns for line in _yaml(name, row[name])), "---", ""]
    if row["title"]:
        lines += [f"# {' '.join(row['title'].split())}", ""]
    return "\n".join([*lines, (row["text_markdown"] or row["text"]).strip(), ""])


def text_of(row: Mapping[str, Any]) -> str:
    """*row* as plain text: the title, an empty line, the body."""
    title = f"{' '.join(row['title'].split())}\n\n" if row["title"] else ""
    return f"{title}{row['text'].strip()}\n"


def file_name(row: Mapping[str, Any], suffix: str) -> str:
    """Where *row* goes, relative to the folder of the export."""
    place = hashlib.sha256(f"{row['warc_filename']}\n{row['warc_record_offset']}".encode()).hexdigest()[:8]
    published: datetime | None = row["date_published"]
    day = "undated" if published is None else moment_text(published)[:10]
    words = [word for word in (day, slug(row["title"] or ""), place) if word]
    return f"{_folder(row['url_host_name'])}/{'-'.join(words)}{suffix}"


def slug(title: str) -> str:
    """*title* in what every file system takes: letters, digits and hyphens, lower case."""
    folded = unicodedata.normalize("NFC", title).lower()
    kept = "".join(
        letter if letter.isalnum() or unicodedata.category(letter).startswith("M") else "-" for letter in folded
    )
    short = re.sub("-+", "-", kept).encode()[:_MAX_SLUG].decode(errors="ignore")
    return short.strip("-")


def _folder(host: str) -> str:
    name = re.sub(r"[^\w.-]", "_", host.lower()).strip(".")
    return name.encode()[:_MAX_HOST].decode(errors="ignore") or "unknown"


def _yaml(name: str, value: Any) -> list[str]:
    if value is None or value == []:
        return []
    if isinstance(value, list):
        return [f"{name}:", *(f"  - {_scalar(item)}" for item in value)]
    return [f"{name}: {_scalar(value)}"]


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)
        return _NOT_PRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, dict):  # a person, a heading: a flow mapping
        return f"{{{', '.join(f'{key}: {_scalar(item)}' for key, item in value.items() if item is not None)}}}"
    return json_bytes(value).decode()
