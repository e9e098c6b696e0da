"""Pages and their data, errors as pages, ports that are taken."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.serve.run import WebServer


def test_each_page_has_its_data_beside_it(client: httpx.Client) -> None:
    home = client.get("/")
    assert "gazette" in home.text
    assert 'href="/index.json"' in home.text
    assert client.get("/index.json").json()["collections"][0]["captures"] == 21
    overview = client.get("/gazette/overview")
    assert overview.status_code == 200
    assert 'href="/gazette/overview.json"' in overview.text
    assert client.get("/gazette/overview.json").json()["answers"] == 21


def test_what_is_not_there_is_said_in_words(client: httpx.Client) -> None:
    for path in ("/nobody/overview", "/gazette/nothing", "/gazette/..%2f..%2fetc/passwd", "/static/%2e%2e/app.py"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "<h1>" in answer.text
    assert client.get("/nobody/overview.json").json()["remedy"] == "There are: gazette."


def test_a_port_that_is_taken_is_named(server: WebServer, gazette: Path) -> None:
    taken = WebServer([gazette], port=server.origins.port)
    with pytest.raises(BadInput, match=f"port {server.origins.port}: another program listens there"), taken:
        pass


def test_a_folder_that_is_no_collection_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a collection"), WebServer([tmp_path], port=0):
        pass


def test_two_folders_of_one_name_are_told_apart(gazette: Path, tmp_path: Path) -> None:
    (tmp_path / "gazette").symlink_to(gazette)
    with pytest.raises(BadInput, match="named twice"), WebServer([gazette, tmp_path / "gazette"], port=0):
        pass
