"""A crawl is changed from its monitor by who knows the token, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from made_crawl import capture, make_crawl

from broadsheet.archive.collection import Collection
from broadsheet.crawler.control.action import ActionFolder
from broadsheet.serve.control import ControlToken
from broadsheet.serve.run import WebServer

TOKEN = ControlToken()
FORM = {"action": "exclude", "value": "/tag/", "reason": "endless <b>lists</b>", "token": TOKEN.secret}


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made: Collection = make_crawl(tmp_path_factory.mktemp("control") / "news", [capture("http://a.example/1", 1)])
    return made


@pytest.fixture(scope="module")
def page(crawl: Collection) -> Iterator[httpx.Client]:
    with (
        WebServer([crawl.directory], port=0, token=TOKEN) as server,
        httpx.Client(base_url=server.origins.own, trust_env=False) as client,
    ):
        yield client


def test_what_is_asked_is_a_file_and_stands_on_the_page(page: httpx.Client, crawl: Collection) -> None:
    answer = page.post("/news/monitor/control", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/news/monitor")
    asked = ActionFolder(crawl).pending()
    assert [(one.action.value, one.action.reason) for one in asked] == [("/tag/", FORM["reason"])]
    shown = page.get("/news/monitor").text
    assert "endless &lt;b&gt;lists&lt;/b&gt;" in shown
    assert "by the next run" in shown
    assert page.get("/news/monitor.json").json()["actions"][0]["action"]["kind"] == "exclude"


@pytest.mark.parametrize(
    ("changed", "headers", "status"),
    [
        ({"token": "guessed"}, {}, 403),
        ({"token": ""}, {}, 403),
        ({}, {"Origin": "http://evil.example"}, 403),
        ({}, {"Origin": "null"}, 403),
        ({"value": "("}, {}, 400),
        ({"action": "delete"}, {}, 400),
        ({"action": "pause"}, {}, 400),  # nothing works on it
        ({"reason": "x" * 40_000}, {}, 400),
    ],
)
def test_nobody_else_asks_and_nonsense_is_refused(
    page: httpx.Client, crawl: Collection, changed: dict[str, str], headers: dict[str, str], status: int
) -> None:
    before = ActionFolder(crawl).all()
    assert page.post("/news/monitor/control", data=FORM | changed, headers=headers).status_code == status
    assert ActionFolder(crawl).all() == before


def test_a_pause_is_asked_of_what_runs(page: httpx.Client, crawl: Collection) -> None:
    with crawl.locked():
        assert page.post("/news/monitor/control", data=FORM | {"action": "pause", "value": ""}).status_code == 303
    folder = ActionFolder(crawl)
    folder.take(folder.pending()[-1])
    assert not page.get("/news/monitor.json").json()["is_paused"]  # what ran is gone
    with crawl.locked():
        assert "Paused:" in page.get("/news/monitor").text


def test_without_control_there_is_none(server: WebServer, client: httpx.Client) -> None:
    assert "Change the crawl" not in client.get("/gazette/monitor").text
    assert client.post("/gazette/monitor/control", data=FORM).status_code == 403
    assert client.get("/gazette/monitor/control").status_code in (404, 405)
