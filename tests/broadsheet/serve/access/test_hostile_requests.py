"""Who asks badly, and what is captured badly: nothing of it reaches a header, a path, or another origin."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

TARGETS = (
    "/openapi.json",
    "/varied/cdx?url=*",
    "/varied/cdx/search/cdx?url=*",
    "/varied/timegate/http://varied.example/",
    "/varied/timemap/link/http://varied.example/",
    "/varied/timemap/json/http://varied.example/",
)
RAW = "/varied/20261001120000id_/http://varied.example/"


@pytest.mark.parametrize("target", [*TARGETS, RAW])
def test_another_name_or_another_site_gets_nothing(asking: TestClient, fetching: TestClient, target: str) -> None:
    client = fetching if target == RAW else asking
    for host in ("evil.example", "evil.example:8900", "127.0.0.1", "127.0.0.1.evil.example:8900"):
        answer = client.get(target, headers={"Host": host})
        assert answer.status_code == 421
        assert "varied" not in answer.text
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ):
        answer = client.get(target, headers=headers)
        assert answer.status_code == 403
        assert "varied" not in answer.text


@pytest.mark.parametrize("target", TARGETS)
def test_what_programs_get_is_no_page_to_a_browser(asking: TestClient, target: str) -> None:
    answer = asking.get(target)
    assert answer.status_code in (200, 302)
    assert not answer.headers.get("content-type", "").startswith(
        ("text/html", "image/svg", "text/xml", "application/xml")
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "url",
    [
        "http://varied.example/%0d%0aSet-Cookie:%20a=1",
        "http://varied.example/\u202egnp.exe",
        'http://varied.example/">;rel="memento",<http://evil.example/',
        "http://varied.example/<script>alert(1)</script>",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "http://127.0.0.1:1/",
        "http://[::1",
        "http://varied.example:99999999/",
        "http%3A//%00",
        "//",
        "%",
    ],
)
def test_a_hostile_url_is_one_that_was_not_captured(asking: TestClient, fetching: TestClient, url: str) -> None:
    for path in ("timegate", "timemap/link", "timemap/json"):
        answer = asking.get(f"/varied/{path}/{url}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/json"
        assert "set-cookie" not in answer.headers
        assert not answer.headers.get("link", "").count("<http://evil.example/")
    for modifier in ("id_", ""):
        answer = fetching.get(f"/varied/20261001120000{modifier}/{url}")
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text or answer.headers["content-type"].startswith("text/plain")
        assert "root:" not in answer.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    digits=st.text("0123456789", min_size=1, max_size=16),
    where=st.sampled_from(["timegate", "timemap/link", "timemap/json"]),
)
def test_no_address_is_a_fault_of_ours(
    asking: TestClient, fetching: TestClient, path: str, digits: str, where: str
) -> None:
    from urllib.parse import quote

    assert asking.get(f"/varied/{where}/{quote(path)}").status_code in (302, 404)
    for modifier in ("", "id_"):
        assert fetching.get(f"/varied/{digits}{modifier}/{quote(path)}").status_code in (200, 301, 302, 404)
