"""What the playlists of streams name: HLS (RFC 8216) and MPEG-DASH (ISO/IEC 23009-1).

A film is cut into segments, in several qualities, each with a playlist of its own.  So much is taken that it plays: of a list
of qualities the first, with which players begin, and the smallest, up to `MAX_VARIANTS`; of each its first `MAX_SEGMENTS`
segments, some half an hour.  Keys, maps, subtitles and other sound tracks are taken, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from broadsheet.crawler.discovery.charset import decode
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import Gathering, Requisite

MAX_VARIANTS = 2
MAX_RENDITIONS = 8  # sound tracks and subtitles
MAX_SEGMENTS = 400  # of one quality
_MAX_PLAYLIST = 8 * 1024 * 1024  # bytes that are looked at
_ATTRIBUTE = re.compile(r'([A-Z0-9-]{1,40})=(?:"([^"\r\n]{0,4096})"|([^,"\s]{1,4096}))')
_NAMING = (
    "#EXT-X-KEY",
    "#EXT-X-MAP",
    "#EXT-X-SESSION-DATA",
    "#EXT-X-SESSION-KEY",
    "#EXT-X-PART",
    "#EXT-X-PRELOAD-HINT",
)
_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_TEMPLATE = re.compile(r"\$(?:(RepresentationID|Number|Bandwidth|Time)(?:%0(\d{1,2})d)?)?\$")


def hls_requisites(body: bytes, base_url: str) -> tuple[Requisite, ...]:
    """What the HLS playlist *body* at *base_url* names; each URL once, in order.  Never raises."""
    gathering = Gathering(base_url, limit=MAX_SEGMENTS + MAX_RENDITIONS + 2)
    variants: list[tuple[int, str]] = []
    bandwidth: int | None = None
    renditions = 0
    for raw in decode(body[:_MAX_PLAYLIST], "utf-8").splitlines():
        line = raw.strip()
        if line.startswith("#EXT-X-STREAM-INF"):
            rate = _attributes(line).get("BANDWIDTH", "")
            bandwidth = int(rate) if rate.isascii() and rate.isdecimal() else 0
        elif line.startswith("#EXT-X-MEDIA:") and renditions < MAX_RENDITIONS:
            renditions += 1
            gathering.add(_attributes(line).get("URI"), Kind.MEDIA, "hls/EXT-X-MEDIA")
        elif line.startswith(_NAMING):
            gathering.add(_attributes(line).get("URI"), Kind.MEDIA, f"hls/{line.partition(':')[0][1:]}")
        elif line and not line.startswith("#"):
            if bandwidth is not None:
                variants.append((bandwidth, line))
                bandwidth = None
            else:
                gathering.add(line, Kind.MEDIA, "hls/segment")
    for url in _chosen(variants):
        gathering.add(url, Kind.MEDIA, "hls/EXT-X-STREAM-INF")
    return gathering.found


def _attributes(line: str) -> dict[str, str]:
    """The attributes of a tag (RFC 8216, 4.2)."""
    return {name: quoted or bare for name, quoted, bare in _ATTRIBUTE.findall(line.partition(":")[2])}


def _chosen(variants: list[tuple[int, str]]) -> list[str]:
    """The first of the *variants*, each with its bits a second, and the smallest of the others."""
    return [url for _, url in [*variants[:1], *sorted(variants[1:])][:MAX_VARIANTS]]


def dash_requisites(body: bytes, base_url: str) -> tuple[Requisite, ...]:
    """What the DASH presentation *body* at *base_url* names; each URL once, in order.  Never raises."""
    gathering = Gathering(base_url, limit=(MAX_SEGMENTS + 1) * MAX_VARIANTS * MAX_RENDITIONS)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
    try:
        root = etree.fromstring(body[:_MAX_PLAYLIST], parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    if root is None or _name(root) != "MPD":
        return ()
    for period, duration in _timed_periods(root):
        for track in _children(period, "AdaptationSet")[:MAX_RENDITIONS]:
            found = _children(track, "Representation")
            rated = [(_number(one.get("bandwidth"), 0), index) for index, one in enumerate(found)]
            for _, index in [*rated[:1], *sorted(rated[1:])][:MAX_VARIANTS]:
                base = base_url
                for level in (root, period, track, found[index]):
                    base = urljoin(base, "".join(one.text or "" for one in _children(level, "BaseURL")[:1]).strip())
                for url in _segments(_Representation(found[index], (found[index], track, period), duration)):
                    if url or not base.endswith("/"):  # a folder is no file with ranges
                        gathering.add(urljoin(base, url) if url else base, Kind.MEDIA, "dash/segment")
    return gathering.found


def _timed_periods(root: etree._Element) -> list[tuple[etree._Element, float]]:
    """The periods with their seconds: what they say, or until the next one or the end of it all (5.3.2.1)."""
    whole = _seconds(root.get("mediaPresentationDuration"))
    periods = _children(root, "Period")
    starts: list[float] = []
    after = 0.0
    for period in periods:
        starts.append(_seconds(period.get("start")) or after)
        after = starts[-1] + _seconds(period.get("duration"))
    return [
        (period, _seconds(period.get("duration")) or max(0.0, end - start) or whole)
        for period, start, end in zip(periods, starts, [*starts[1:], whole], strict=False)
    ]


@dataclass(frozen=True, slots=True)
class _Representation:
    """One quality of one track; ``levels`` are the elements that may say where its segments are, the nearest first."""

    element: etree._Element
    levels: tuple[etree._Element, ...]
    duration: float


@dataclass(frozen=True, slots=True)
class _SegmentInformation:
    """Where segments are: what the nearest element of that name leaves out is inherited from those above it (5.3.9.1)."""

    elements: tuple[etree._Element, ...]  # the nearest first; none for one file

    @classmethod
    def of(cls, one: _Representation, name: str) -> _SegmentInformation:
        """All that the levels of the representation say under that *name*."""
        return cls(tuple(found for level in one.levels for found in _children(level, name)[:1]))

    def get(self, attribute: str) -> str | None:
        """The value of the nearest element that has the *attribute*."""
        return next((value for one in self.elements if (value := one.get(attribute)) is not None), None)

    def children(self, name: str) -> list[etree._Element]:
        """The children of that *name* of the nearest element that has any."""
        return next((found for one in self.elements if (found := _children(one, name))), [])


def _segments(one: _Representation) -> Iterator[str]:
    """The addresses of the segments, relative ones; "" for the file that BaseURL names."""
    kinds = ("SegmentTemplate", "SegmentList", "SegmentBase")
    kind = next((kind for level in one.levels for kind in kinds if _children(level, kind)), "SegmentBase")
    information = _SegmentInformation.of(one, kind)
    if kind == "SegmentTemplate":
        yield from _of_template(one, information)
        return
    yield from (url for start in information.children("Initialization") if (url := start.get("sourceURL")))
    segments = information.children("SegmentURL")[:MAX_SEGMENTS]
    yield from (url for segment in segments if (url := segment.get("media")))
    if any(segment.get("media") is None for segment in segments) or not segments:
        yield ""  # ranges of the one file


def _of_template(one: _Representation, template: _SegmentInformation) -> Iterator[str]:
    if start := template.get("initialization"):
        yield _filled(start, one, 0, 0)
    if not (media := template.get("media")):
        return
    first = _number(template.get("startNumber"), 1)
    scale = max(1, _number(template.get("timescale"), 1))
    timeline = template.children("SegmentTimeline")
    if timeline:
        end = _number(template.get("presentationTimeOffset"), 0) + int(one.duration * scale)
        times = _timeline(timeline[0], end)
    else:
        step = _number(template.get("duration"), 0)
        count = min(MAX_SEGMENTS, -int(-one.duration * scale // step)) if step else 0
        times = iter(range(0, count * step, step)) if count else iter(())
    for offset, time in zip(range(MAX_SEGMENTS), times, strict=False):
        yield _filled(media, one, first + offset, time)


def _timeline(timeline: etree._Element, end: int) -> Iterator[int]:
    """When each segment begins (5.3.9.6): ``S`` with its time, its duration, and how often that is repeated."""
    time = 0
    entries = _children(timeline, "S")
    for segment, following in zip(entries, [*entries[1:], None], strict=True):
        time = _number(segment.get("t"), time)
        step = _number(segment.get("d"), 0)
        again = _number(segment.get("r"), 0)
        if step <= 0:
            return
        until = end if following is None else _number(following.get("t"), end)
        count = again + 1 if again >= 0 else max(1, -(-(until - time) // step))
        for _ in range(min(count, MAX_SEGMENTS)):
            yield time
            time += step


def _filled(template: str, one: _Representation, number: int, time: int) -> str:
    """*template* with its identifiers (5.3.9.4.4) replaced."""
    rate = _number(one.element.get("bandwidth"), 0)
    values: dict[str, str | int] = {
        "RepresentationID": one.element.get("id") or "",
        "Number": number,
        "Bandwidth": rate,
        "Time": time,
    }

    def value(match: re.Match[str]) -> str:
        if match[1] is None:
            return "$"
        return str(values[match[1]]).zfill(int(match[2] or 0))

    return _TEMPLATE.sub(value, template)


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if _name(child) == name]


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _number(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None and len(text) < 19 else default
    except ValueError:
        return default


def _seconds(duration: str | None) -> float:
    """An xs:duration in seconds; 0 when there is none."""
    match = _DURATION.fullmatch((duration or "").strip())
    if match is None:
        return 0
    days, hours, minutes, seconds = (float(part) if part and part != "." else 0 for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
