"""The captures of one URL as Mementos (RFC 7089): which there are, where they are, and the links between them.

TimeGate    ORIGIN/COLLECTION/timegate/URL          leads to the capture closest to Accept-Datetime
TimeMap     ORIGIN/COLLECTION/timemap/link/URL      lists all captures; also timemap/json
Memento     ARCHIVED/COLLECTION/TIMESTAMP/URL       the page as it was, scripts off
            ARCHIVED/COLLECTION/TIMESTAMPid_/URL    its bytes as captured
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import unquote

from starlette.requests import Request

from broadsheet.archive.replay.capture_index import CaptureIndex, IndexedCapture
from broadsheet.archive.replay.headers import header_url
from broadsheet.archive.replay.lookup import moment_of, same_address
from broadsheet.archive.surt import surt
from broadsheet.serve.security import Origins

_MOST_LINKED = 16_000  # bytes of a header; with more, only original, TimeGate and TimeMap are linked
_TIMESTAMP = re.compile(r"[0-9]{14}")
_WHOLLY_QUOTED = re.compile(r"https?%3A", re.IGNORECASE)
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture by its time (UTC) and its own *url*."""

    url: str
    moment: datetime
    capture: IndexedCapture

    @property
    def timestamp(self) -> str:
        """Its time in 14 digits."""
        return self.capture.line.timestamp


@dataclass(frozen=True, slots=True)
class MementoAddresses:
    """Where the resources of the collection *name* are."""

    origins: Origins
    name: str

    def timegate(self, url: str) -> str:
        """The TimeGate of *url*."""
        return f"{self.origins.own}/{self.name}/timegate/{header_url(url)}"

    def timemap(self, url: str, form: str = "link") -> str:
        """The TimeMap of *url*."""
        return f"{self.origins.own}/{self.name}/timemap/{form}/{header_url(url)}"

    def memento(self, memento: Memento, modifier: str = "") -> str:
        """The Memento; with the *modifier* ``id_`` its bytes."""
        return f"{self.origins.archived}/{self.name}/{memento.timestamp}{modifier}/{header_url(memento.url)}"


def mementos_of(index: CaptureIndex, url: str) -> list[Memento]:
    """The captures of *url*, the oldest first: those of http and https, with and without ``www``, as archives count them.

    Of those at one second under one URL the first is taken, as only that can be told apart by its address.
    """
    found: dict[tuple[str, str], Memento] = {}
    for capture in index.lookup(surt(url)):
        line = capture.line
        moment = moment_of(line.timestamp)
        if _TIMESTAMP.fullmatch(line.timestamp) and moment.year > 1:
            found.setdefault((line.timestamp, line.url), Memento(line.url, moment, capture))
    return sorted(found.values(), key=lambda one: one.timestamp)


def closest(mementos: Sequence[Memento], url: str, moment: datetime | None) -> int:
    """Which of *mementos* is closest to *moment* (None: the latest); of two at one time that of *url* itself."""

    def distance(number: int) -> tuple[float, bool]:
        one = mementos[number]
        away = -one.moment.timestamp() if moment is None else abs((one.moment - moment).total_seconds())
        return away, not same_address(one.url, url)

    return min(range(len(mementos)), key=distance)


def link_header(
    addresses: MementoAddresses, url: str, mementos: Sequence[Memento], at: int | None, modifier: str = ""
) -> str:
    """The Link header of the Memento number *at*, or of a TimeGate that leads there (RFC 7089, section 2.2); None: of a
    TimeGate that leads nowhere."""
    links = [
        f'<{header_url(url)}>; rel="original"',
        f'<{addresses.timegate(url)}>; rel="timegate"',
        f'<{addresses.timemap(url)}>; rel="timemap"; type="application/link-format"',
    ]
    if at is None:
        return ", ".join(links)
    near = sorted({0, at - 1, at, at + 1, len(mementos) - 1} & set(range(len(mementos))))
    whole = ", ".join([*links, *(_link(addresses, mementos, one, at, modifier) for one in near)])
    return whole if len(whole) <= _MOST_LINKED else ", ".join(links)


def link_format(addresses: MementoAddresses, url: str, mementos: Sequence[Memento]) -> Iterator[str]:
    """The TimeMap as application/link-format (RFC 7089, section 5; RFC 6690)."""
    yield f'<{header_url(url)}>; rel="original",\n'
    span = f'; from="{_date(mementos[0])}"; until="{_date(mementos[-1])}"'
    yield f'<{addresses.timemap(url)}>; rel="self"; type="application/link-format"{span},\n'
    yield f'<{addresses.timegate(url)}>; rel="timegate"'
    for number in range(len(mementos)):
        yield ",\n" + _link(addresses, mementos, number)
    yield "\n"


def as_json(addresses: MementoAddresses, url: str, mementos: Sequence[Memento]) -> dict[str, object]:
    """The TimeMap as JSON, with the members that the aggregators of Memento give."""
    listed = [{"datetime": one.moment.isoformat(), "uri": addresses.memento(one)} for one in mementos]
    return {
        "original_uri": url,
        "self": addresses.timemap(url, "json"),
        "timegate_uri": addresses.timegate(url),
        "timemap_uri": {
            "link_format": addresses.timemap(url),
            "json_format": addresses.timemap(url, "json"),
        },
        "mementos": {"first": listed[0], "last": listed[-1], "list": listed},
    }


def asked_url(request: Request, parts: int) -> str:
    """The URL that stands in the path of *request* behind *parts* parts, its query too.

    It is taken as it stands; one that was percent-encoded as a whole (``http%3A//``) is decoded, one without a scheme is http.
    """
    path = request.scope["raw_path"].decode("utf-8", "replace")
    query = request.scope["query_string"].decode("utf-8", "replace")
    return written_url(path.split("/", parts + 1)[parts + 1], query)


def written_url(rest: str, query: str) -> str:
    """The URL in *rest* of a path and the *query* behind it."""
    url = unquote(rest) if _WHOLLY_QUOTED.match(rest) else rest
    url = f"{url}?{query}" if query else url
    return url if _HAS_SCHEME.match(url) else f"http://{url}"


def timestamp_of(digits: str) -> datetime:
    """The time (UTC) that 1 to 14 *digits* begin.

    Raises:
        ValueError: there is no such time.
    """
    padded = digits + "00000101000000"[len(digits) :]
    return datetime.strptime(padded, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _link(
    addresses: MementoAddresses, mementos: Sequence[Memento], number: int, at: int | None = None, modifier: str = ""
) -> str:
    near = {} if at is None else {at - 1: "prev", at + 1: "next"}
    ends = [name for name, is_end in (("first", number == 0), ("last", number == len(mementos) - 1)) if is_end]
    relation = " ".join([*ends, *([near[number]] if number in near else []), "memento"])
    one = mementos[number]
    return f'<{addresses.memento(one, modifier)}>; rel="{relation}"; datetime="{_date(one)}"'


def _date(memento: Memento) -> str:
    return format_datetime(memento.moment, usegmt=True)
