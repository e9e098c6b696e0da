"""Who may ask, and what pages may load."""

from __future__ import annotations

import httpx
import pytest

from broadsheet.serve.run import WebServer


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "0.0.0.0", ""])
def test_another_name_for_this_machine_gets_nothing(client: httpx.Client, archived: httpx.Client, host: str) -> None:
    for one in (client, archived):
        answer = one.get("/", headers={"Host": host})
        assert answer.status_code == 421
        assert "gazette" not in answer.text


def test_localhost_is_sent_on_to_the_one_origin(server: WebServer, client: httpx.Client) -> None:
    answer = client.get("/gazette/overview?a=1", headers={"Host": f"localhost:{server.origins.port}"})
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{server.origins.own}/gazette/overview?a=1"


def test_pages_of_other_sites_may_lead_here_and_not_ask(server: WebServer, client: httpx.Client) -> None:
    ask = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert client.get("/", headers=ask).status_code == 403
    follow = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/", headers=follow).status_code == 200
    frame = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert client.get("/", headers=frame).status_code == 403  # an archived page
    for origin in ("http://evil.example", server.origins.archived, "null"):
        assert client.get("/", headers={"Origin": origin}).status_code == 403
    assert client.get("/", headers={"Origin": server.origins.own}).status_code == 200


def test_our_pages_load_our_own_scripts_alone(server: WebServer, client: httpx.Client) -> None:
    for path in ("/", "/gazette/overview", "/nothing", "/static/serve.css"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert f"frame-src {server.origins.archived};" in policy
        assert "frame-ancestors 'none'" in policy
