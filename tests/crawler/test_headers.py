"""Who asks, and whom to ask about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.headers import RequestHeaders, settled_user_agent, tells_contact
from broadsheet.crawler.options import CrawlOptions


def options(**said: str | tuple[str, ...]) -> CrawlOptions:
    return CrawlOptions(Path(), ("https://news.example/",), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ({}, ")"),
        ({"contact": "https://library.example/bot"}, "; +https://library.example/bot)"),
        ({"contact": "bot@library.example"}, "; bot@library.example)"),
        ({"contact": "bot@library.example", "user_agent": "libbot/1"}, "libbot/1 (bot@library.example)"),
        ({"contact": "bot@library.example", "user_agent": "libbot/1 bot@library.example"}, "1 bot@library.example"),
    ],
)
def test_the_user_agent_names_the_contact(said: dict[str, str], end: str) -> None:
    agent = settled_user_agent(options(**said))
    assert agent.endswith(end)
    assert tells_contact(agent, options(**said)) is bool(said)
    assert "broadsheet/" in agent or "libbot/" in agent


def test_a_mail_address_stands_in_from_unless_that_is_typed() -> None:
    fields = dict(RequestHeaders(options(contact="bot@library.example", user_agent="a")).page)
    assert fields["From"] == "bot@library.example"
    typed = options(contact="bot@library.example", user_agent="a", headers=("from: other@library.example",))
    assert [value for name, value in RequestHeaders(typed).page if name.lower() == "from"] == ["other@library.example"]
    assert tells_contact("libbot/1", options(headers=("From: x@library.example",)))


@pytest.mark.parametrize(
    "contact", ["me", "ftp://a.example/", "a@b", "https://a.example/ (x)", "a@b.example\r\nX: y", ""]
)
def test_what_is_no_contact(contact: str) -> None:
    with pytest.raises(BadInput, match="is neither a URL nor a mail address"):
        settled_user_agent(options(contact=contact))
