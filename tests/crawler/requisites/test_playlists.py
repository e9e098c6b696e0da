"""Streams: a playlist names its qualities, a quality its segments, within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.crawler.requisites.answer import answer_requisites, language_of
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.playlists import MAX_SEGMENTS, dash_requisites, hls_requisites

BASE = "https://a.example/v/x"


def names(body: str, kind: str = "hls") -> list[str]:
    found = (hls_requisites if kind == "hls" else dash_requisites)(body.encode(), BASE)
    assert all(one.kind is Kind.MEDIA and one.via == BASE for one in found)
    return [one.url.removeprefix("https://a.example/v/") for one in found]


def test_a_master_names_its_first_quality_its_smallest_and_other_tracks() -> None:
    qualities = [(3000, "mid"), (9000, "high"), (500, "low"), (6000, "more")]
    lines = [f'#EXT-X-STREAM-INF:BANDWIDTH={rate},CODECS="a,b"\n{name}.m3u8' for rate, name in qualities]
    sound = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="x",URI="sound/de.m3u8"'
    assert names("\n".join(["#EXTM3U", sound, *lines])) == ["sound/de.m3u8", "mid.m3u8", "low.m3u8"]


def test_a_quality_names_its_segments_keys_and_maps() -> None:
    body = (
        '#EXTM3U\r\n#EXT-X-KEY:METHOD=AES-128,URI="key?x=1,2",IV=0x1\r\n#EXT-X-MAP:URI="init.mp4",BYTERANGE="9@0"\r\n'
        "#EXTINF:2,\r\ns1.ts\r\n#EXT-X-BYTERANGE:75232@0\r\ns1.ts\r\n#EXTINF:2,\r\nhttps://cdn.example/s2.ts\r\n#EXT-X-ENDLIST\r\n"
    )
    assert names(body) == ["key?x=1,2", "init.mp4", "s1.ts", "https://cdn.example/s2.ts"]
    assert len(names("#EXTM3U\n" + "".join(f"#EXTINF:2,\n{n}.ts\n" for n in range(5000)))) <= MAX_SEGMENTS + 10


def presentation(inside: str, length: str = "PT9.5S") -> str:
    return (
        f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" mediaPresentationDuration="{length}">'
        f"<Period>{inside}</Period></MPD>"
    )


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param(
            '<AdaptationSet><SegmentTemplate timescale="1000" duration="4000" media="$RepresentationID$/$Number%03d$.m4s"'
            ' initialization="$RepresentationID$/i.mp4"/><Representation id="a" bandwidth="5"/></AdaptationSet>',
            ["a/i.mp4", "a/001.m4s", "a/002.m4s", "a/003.m4s"],
            id="template",
        ),
        pytest.param(
            '<AdaptationSet><Representation id="a" bandwidth="5"><SegmentTemplate timescale="10" startNumber="7"'
            ' media="$Bandwidth$-$Number$-$Time$$$.m4s"><SegmentTimeline><S t="20" d="30" r="1"/><S d="5"/></SegmentTimeline>'
            "</SegmentTemplate></Representation></AdaptationSet>",
            ["5-7-20$.m4s", "5-8-50$.m4s", "5-9-80$.m4s"],
            id="timeline",
        ),
        pytest.param(
            '<AdaptationSet><Representation id="a"><BaseURL>a/</BaseURL><SegmentList><Initialization sourceURL="i.mp4"/>'
            '<SegmentURL media="1.m4s"/><SegmentURL mediaRange="0-9"/></SegmentList></Representation></AdaptationSet>',
            ["a/i.mp4", "a/1.m4s"],
            id="list",
        ),
        pytest.param(
            "<AdaptationSet><Representation><BaseURL>film.mp4</BaseURL></Representation></AdaptationSet>"
            "<AdaptationSet><Representation><BaseURL>de.vtt</BaseURL></Representation></AdaptationSet>",
            ["film.mp4", "de.vtt"],
            id="whole files",
        ),
        pytest.param(
            '<SegmentTemplate timescale="1000" duration="5000" startNumber="0"/><AdaptationSet><SegmentTemplate'
            ' media="$RepresentationID$-$Number$" initialization="$RepresentationID$-i"/><Representation id="a"/>'
            "</AdaptationSet>",
            ["a-i", "a-0", "a-1"],
            id="template of two levels",
        ),
        pytest.param(
            '<AdaptationSet><SegmentTemplate media="$Time$" duration="4"/><Representation id="a">'
            '<SegmentTemplate timescale="10" presentationTimeOffset="40"><SegmentTimeline><S t="40" d="20" r="-1"/>'
            '<S t="80" d="30" r="-1"/></SegmentTimeline>'
            "</SegmentTemplate></Representation></AdaptationSet>",
            ["40", "60", "80", "110"],
            id="timeline below its template",
        ),
        pytest.param(
            '<AdaptationSet><SegmentList><Initialization sourceURL="i.mp4"/></SegmentList><Representation><SegmentList>'
            '<SegmentURL media="1.m4s"/></SegmentList></Representation></AdaptationSet>',
            ["i.mp4", "1.m4s"],
            id="list of two levels",
        ),
        pytest.param(
            '<AdaptationSet><Representation><BaseURL>f.mp4</BaseURL><SegmentList><SegmentURL mediaRange="0-9"/></SegmentList>'
            "</Representation></AdaptationSet><AdaptationSet><Representation><BaseURL>g.mp4</BaseURL><SegmentBase>"
            '<Initialization sourceURL="i.mp4"/></SegmentBase></Representation></AdaptationSet>',
            ["f.mp4", "i.mp4", "g.mp4"],
            id="ranges of a file",
        ),
    ],
)
def test_a_dash_presentation(inside: str, expected: list[str]) -> None:
    assert names(presentation(inside), "dash") == expected


def test_a_period_ends_where_the_next_one_begins() -> None:
    track = '<AdaptationSet><SegmentTemplate duration="5" media="{}-$Number$"/><Representation/></AdaptationSet>'
    periods = [(' duration="PT5S"', "a"), ("", "b"), (' start="PT15S"', "c")]
    inside = "".join(f"<Period{said}>{track.format(name)}</Period>" for said, name in periods)
    body = f'<MPD mediaPresentationDuration="PT25S">{inside}</MPD>'
    assert names(body, "dash") == ["a-1", "b-1", "b-2", "c-1", "c-2"]


def test_a_long_film_is_bounded() -> None:
    template = '<SegmentTemplate duration="1" media="$Number$"/>'
    rates = "".join(f'<Representation id="{n}" bandwidth="{n}"/>' for n in range(50))
    inside = f"<AdaptationSet>{template}{rates}</AdaptationSet>"
    assert len(names(presentation(inside, "PT99999H"), "dash")) <= 2 * (MAX_SEGMENTS + 1)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_anything_is_read_without_a_fault(body: bytes) -> None:
    hls_requisites(b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=" + body, BASE)
    dash_requisites(b"<MPD>" + body, BASE)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/x", "application/vnd.apple.mpegurl"),
        ("/x", "audio/x-mpegurl; charset=utf-8"),
        ("/x.m3u8", "text/plain"),
        ("/x.m3u8", ""),
    ],
)
def test_a_playlist_is_known_by_type_or_ending(path: str, content_type: str) -> None:
    assert language_of(f"https://a.example{path}", content_type) is not None
    found = answer_requisites(f"https://a.example{path}", content_type, b"#EXTM3U\n#EXTINF:2,\ns.ts\n")
    assert [one.url for one in found] == ["https://a.example/s.ts"]


def test_modules_by_a_prefix_of_the_import_map_and_data_with_a_changing_end() -> None:
    page = (
        b'<script type=importmap>{"imports": {"lib": "/m/lib.js", "u/": "/m/u/", "u/deep/": "/d/"}}</script>'
        b'<script type=module>import x from "u/y.js"; import z from "u/deep/z.js"; import "other/no.js";'
        b'fetch("/list.json?_=" + Date.now()); fetch("/page/" + id)</script>'
    )
    found = answer_requisites("https://a.example/", "text/html", page)
    paths = [one.url.removeprefix("https://a.example") for one in found]
    assert paths == ["/m/lib.js", "/m/u/y.js", "/d/z.js", "/list.json?_="]


def test_a_module_that_only_exports_names_what_it_exports() -> None:
    page = (
        b'<script type=importmap>{"imports": {"u/": "/u/"}}</script><script type=module>export * from "u/y.js"</script>'
    )
    assert [one.url for one in answer_requisites("https://a.example/", "text/html", page)] == [
        "https://a.example/u/y.js"
    ]
