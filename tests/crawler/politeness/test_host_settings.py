"""Settings of single hosts, as they are typed."""

from __future__ import annotations

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.politeness.host_settings import HostSettings, host_settings
from broadsheet.crawler.politeness.hours import Hours


def test_what_is_said_of_a_host() -> None:
    text = "News.Example.ORG:8080 delay=2.5 concurrency=1 hours='22:00-06:00 UTC' ignore-robots reason='Leave of 3 May'"
    assert HostSettings.parse(text) == HostSettings(
        "news.example.org:8080", 2.5, 1, Hours(22 * 60, 6 * 60, utc=True), True, "Leave of 3 May"
    )
    assert HostSettings.parse("example.org ignore-robots=no") == HostSettings("example.org")


def test_of_two_for_one_host_the_later_counts() -> None:
    assert host_settings(["a.example delay=1", "a.example delay=2"])["a.example"].delay == 2.0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no host"),
        ("'", "names no host"),
        ("https://example.org/ delay=1", "is not a host"),
        ("example.org pace=1", "'pace' is not a setting"),
        ("example.org delay=soon", "delay cannot be 'soon'"),
        ("example.org delay=-1", "delay cannot be '-1'"),
        ("example.org concurrency=0", "concurrency cannot be '0'"),
        ("example.org concurrency=1.5", "concurrency cannot be '1.5'"),
        ("example.org hours=night", "are no hours"),
        ("example.org ignore-robots", "without a reason"),
    ],
)
def test_what_cannot_be_said(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        HostSettings.parse(text)
