"""What the CDX server understands: declared once, read by cdx_query.py and described by openapi.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BLOCK = 3000  # captures; pages are measured in blocks, as those of a ZipNum index are
PAGE_SIZE = 10  # blocks


class MatchType(StrEnum):
    """Which captures belong to a URL."""

    EXACT = "exact"
    PREFIX = "prefix"
    HOST = "host"
    DOMAIN = "domain"


class Sort(StrEnum):
    """In which order they come."""

    DEFAULT = "default"
    REVERSE = "reverse"
    CLOSEST = "closest"


class Output(StrEnum):
    """In which form they come."""

    TEXT = "text"
    CDXJ = "cdxj"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: ``kind`` and ``choices`` are those of JSON Schema."""

    name: str
    description: str
    kind: str = "string"
    choices: tuple[str, ...] = ()
    required: bool = False
    repeated: bool = False
    example: str = ""


PARAMETERS = (
    Parameter(
        "url",
        "The URL. `URL*` is matchType=prefix, `*.HOST` is matchType=domain, `*` is everything.",
        required=True,
        example="https://blog.example.org/*",
    ),
    Parameter(
        "matchType",
        "The URL itself; URLs that begin like it; all of its host; all of its host and what is below it.",
        choices=tuple(MatchType),
    ),
    Parameter("from", "Captures from this time on: 1 to 14 digits of YYYYMMDDhhmmss, UTC.", example="2026"),
    Parameter("to", "Captures up to this time, the whole of what the digits name.", example="202611"),
    Parameter(
        "filter",
        "`[!][=|~]FIELD:VALUE`: fields that contain, are (=) or match as a regular expression from their beginning (~) a "
        "value, or do not (!). Several are all to hold. Regular expressions are RE2's.",
        repeated=True,
        example="=status:200",
    ),
    Parameter("fl", "The fields, with commas between.", example="timestamp,url,status"),
    Parameter("limit", "At most so many captures; below zero: so many of the last.", kind="integer"),
    Parameter("offset", "Leave out so many captures at the beginning.", kind="integer"),
    Parameter(
        "sort",
        "By key and time; backwards; or by the distance from the time in `closest`.",
        choices=tuple(Sort),
    ),
    Parameter("closest", "A time of 1 to 14 digits; captures come by their distance from it.", example="20261124"),
    Parameter(
        "collapse",
        "`FIELD` or `FIELD:N`: of captures one after another with the same field (its first N characters) the first.",
        repeated=True,
        example="timestamp:8",
    ),
    Parameter("output", "Lines of text, CDXJ, or JSON.", choices=tuple(Output)),
    Parameter("page", "Only this page of the index, from 0; filters work within it.", kind="integer"),
    Parameter(
        "pageSize", f"Pages of so many blocks of {BLOCK:,} captures; {PAGE_SIZE} if it is left out.", kind="integer"
    ),
    Parameter("showNumPages", "How many pages there are, and nothing else.", kind="boolean"),
)
WAYBACK_PARAMETERS = (
    Parameter("showResumeKey", "After `limit` captures an empty line and the key to go on with.", kind="boolean"),
    Parameter("resumeKey", "Go on behind the captures that an answer with this key had."),
)
