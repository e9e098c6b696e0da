"""The monitor: what it shows, and that it moves while a crawl writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from made_crawl import add_captures, capture, make_crawl

from broadsheet.serve import monitor_page
from broadsheet.serve.run import WebServer

HOSTILE = "http://a.example/<script>alert(1)</script>\u202e"


def _events(lines: Iterator[str]) -> Iterator[str]:
    """The events in *lines*, one after the other."""
    held: list[str] = []
    for line in lines:
        if line:
            held.append(line.removeprefix("data: "))
        else:
            yield "\n".join(held)
            held = []


def test_it_moves_while_a_crawl_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor_page, "_SECONDS", 0.05)
    monkeypatch.setattr(monitor_page, "_IDLE_SECONDS", 0.05)
    crawl = make_crawl(tmp_path / "news", [capture("http://a.example/1", 1)], queued=[HOSTILE])
    with WebServer([crawl.directory], port=0) as server, crawl.locked():
        url = f"{server.origins.own}/news/monitor"
        page = httpx.get(url, trust_env=False)
        assert page.status_code == 200
        assert 'href="/news/monitor">Refresh</a>' in page.text
        assert "http://a.example/1" in page.text
        assert httpx.get(f"{url}.json", trust_env=False).json()["queued"] == 1
        with httpx.stream("GET", f"{url}/events", timeout=30, trust_env=False) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            events = _events(answer.iter_lines())
            first = next(events)
            assert first.startswith("event: status\n<p>")
            assert "http://a.example/2" not in first
            add_captures(crawl, [capture(f"http://a.example/2{HOSTILE[16:]}", 2)])
            later = next(event for event in events if "http://a.example/2" in event)
        assert "<script" not in later
        assert "&lt;script&gt;" in later


def test_pages_of_other_sites_cannot_listen(server: WebServer) -> None:
    url = f"{server.origins.own}/gazette/monitor/events"
    ask = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    assert httpx.get(url, headers=ask, trust_env=False).status_code == 403
    assert httpx.get(url, headers={"Host": "evil.example"}, trust_env=False).status_code == 421
