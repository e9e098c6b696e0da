"""The CDX server: what it finds, in what order and form, and what it says to nonsense."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from broadsheet.serve.access import cdx_search, parameters
from broadsheet.warcs.indexing import index_inputs

ALL = 19  # captures
EXPRESSIONS = st.from_regex(r"[!=~]{0,2}(url|status)?:?[a-z0-9().*+?\[\]]{0,9}", fullmatch=True)


def urls(asking: TestClient, query: str) -> list[str]:
    """The paths of what the CDX server finds; none where it says that there is nothing."""
    answer = asking.get(f"/varied/cdx?{query}&output=json")
    assert answer.status_code in (200, 404), answer.text
    if answer.status_code == 404:
        return []
    return [json.loads(line)["url"].removeprefix("http://varied.example") for line in answer.text.splitlines()]


def test_everything_is_the_index_to_the_byte(asking: TestClient, varied: Path, tmp_path: Path) -> None:
    index_inputs([varied.parent / "warcs"], tmp_path / "made.cdxj")
    assert asking.get("/varied/cdx?url=*").content == (tmp_path / "made.cdxj").read_bytes()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("url=varied.example", 3),  # http and https, with www: one key
        ("url=https://www.varied.example/&matchType=exact", 3),
        ("url=http://varied.example/th*", 2),
        ("url=http://varied.example/there?*", 2),
        ("url=http://varied.example/&matchType=prefix", 16),
        ("url=http://varied.example/hostile&matchType=prefix", 2),
        ("url=varied.example/nothing&matchType=host", 16),
        ("url=varied.example:8080&matchType=host", 1),
        ("url=*.varied.example", 18),  # below it and on other ports, and not variedexample.example
        ("url=example&matchType=domain", ALL),
        ("url=http://varied.example/caf%25C3%25A9%2520noir%3Fq=%E6%B8%AF", 1),
        ("url=nothing.example", 0),
    ],
)
def test_captures_belong_to_a_url_by_their_keys(asking: TestClient, query: str, count: int) -> None:
    assert len(urls(asking, query)) == count


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("from=2026", ALL),
        ("from=20261002", 7),
        ("to=20261001", ALL - 7),
        ("from=2026100113&to=2026100114", 2),
        ("to=2025", 0),
        ("filter=status:40", 1),
        ("filter==status:200", 15),
        ("filter=!=status:200", 4),
        ("filter=~status:[45]", 2),
        ("filter=~url:.*hostile", 2),
        ("filter=~hostile", 0),  # of the whole line, from its beginning
        ("filter=hostile", 2),
        ("filter=mimetype:html&filter=!statuscode:200", 2),
        ("filter==mime:-", 3),
        ("collapse=urlkey", 16),
        ("collapse=timestamp:8", 8),  # one after another, in the order of keys
        ("limit=4", 4),
        ("limit=-4", 4),
        ("limit=0", 0),
        ("offset=17", 2),
        ("page=0&pageSize=1", ALL),
        ("gzip=false&crawl=None&unknown=1", ALL),
    ],
)
def test_what_is_asked_for_is_given(asking: TestClient, query: str, count: int) -> None:
    assert len(urls(asking, f"url=*&{query}")) == count


def test_the_order_is_that_of_the_index_backwards_or_by_distance(asking: TestClient) -> None:
    everything = urls(asking, "url=*")
    assert urls(asking, "url=*&sort=reverse") == everything[::-1]
    assert urls(asking, "url=*&sort=reverse&limit=3") == everything[::-1][:3]
    assert urls(asking, "url=*&limit=-3") == everything[-3:]
    assert urls(asking, "url=*&closest=20261001151000&limit=3") == ["/chunked", "/moved", "https://www.varied.example/"]
    assert urls(asking, "url=*&sort=closest&closest=20261001151000&offset=1&limit=1") == ["/moved"]


def test_pages_make_up_the_whole(asking: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdx_search, "BLOCK", 4)
    assert asking.get("/varied/cdx?url=*&showNumPages=true&pageSize=2").json() == {
        "pages": 3,
        "pageSize": 2,
        "blocks": 5,
    }
    pages = [urls(asking, f"url=*&page={number}&pageSize=2") for number in range(3)]
    assert [len(page) for page in pages] == [8, 8, 3]
    assert [url for page in pages for url in page] == urls(asking, "url=*")
    assert asking.get("/varied/cdx?url=*&page=3&pageSize=2").status_code == 400
    assert asking.get("/varied/cdx/search/cdx?url=*&showNumPages=true&pageSize=2").text == "3\n"


def test_fields_are_as_asked(asking: TestClient) -> None:
    text = asking.get("/varied/cdx?url=varied.example/moved&fl=status,mime,url").text
    assert text == "301 - http://varied.example/moved\n"
    lines = asking.get("/varied/cdx?url=varied.example/moved&fl=original,mime&output=json").text
    assert json.loads(lines) == {"original": "http://varied.example/moved", "mime": "-"}


def test_the_wayback_form_goes_on_with_a_resume_key(asking: TestClient) -> None:
    path = "/varied/cdx/search/cdx?url=*&showResumeKey=true&limit=4"
    seen: list[str] = []
    key = ""
    for _ in range(10):
        lines = asking.get(f"{path}{f'&resumeKey={key}' if key else ''}").text.splitlines()
        more = len(lines) > 1 and lines[-2] == ""
        seen += lines[:-2] if more else lines
        if not more:
            break
        key = lines[-1].replace("%", "%25")
    whole = asking.get("/varied/cdx/search/cdx?url=*").text.splitlines()
    assert seen == whole
    assert len(whole) == ALL
    assert all(len(line.split(" ")) == 7 for line in whole)
    (table, rest) = asking.get("/varied/cdx/search/cdx?url=varied.example/gone&output=json").json()
    assert table[2:5] == ["original", "mimetype", "statuscode"]
    assert rest[2:5] == ["http://varied.example/gone", "text/html", "404"]
    assert asking.get("/varied/cdx/search/cdx?url=nothing.example&output=json").json() == []
    assert len(asking.get("/varied/cdx/search/cdx?url=*&filter=statuscode:[45]..").text.splitlines()) == 2
    assert asking.get("/varied/cdx/search/cdx?url=*&filter=statuscode:4").text == ""  # of the whole field


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "url: the parameter is missing"),
        ("url=", "url: the parameter is missing"),
        ("url=a&matchType=near", "matchType=near: is not known. There are: exact, prefix, host, domain."),
        ("url=a&from=yesterday", "from=yesterday: is not 1 to 14 digits"),
        ("url=a&to=202611240000001", "to=202611240000001: is not"),
        ("url=a&limit=many", "limit=many: is not a number"),
        ("url=a&limit=99999999999999999999", "is not a number"),
        ("url=a&page=-1", "page=-1: is not a number from 0 on"),
        ("url=a&pageSize=0", "pageSize=0: is not a number from 1 on"),
        ("url=a&fl=url,colour", "there is no field 'colour'. There are: urlkey"),
        ("url=a&filter=colour:red", "there is no field 'colour'"),
        ("url=a&filter=~url:(", "cannot be read"),
        ("url=a&filter=~url:" + "a" * 1001, "more than 1000 characters"),
        ("url=a&filter=~url:(?=a)", "cannot be read"),
        ("url=a&collapse=timestamp:x", "'x' is no number of characters"),
        ("url=a&sort=up", "sort=up: is not known"),
        ("url=a&sort=closest", "closest to what time is not said"),
        ("url=a&output=xml", "output=xml: is not known"),
        ("url=a&showNumPages=perhaps", "is neither true nor false"),
    ],
)
def test_nonsense_is_answered_with_what_is_wrong(asking: TestClient, query: str, said: str) -> None:
    answer = asking.get(f"/varied/cdx?{query}")
    assert answer.status_code == 400
    assert said in answer.json()["message"]


def test_a_resume_key_of_others_is_refused(asking: TestClient) -> None:
    for key in ("x", "a 2026 x", "a b 1", "%00"):
        assert asking.get("/varied/cdx/search/cdx", params={"url": "*", "resumeKey": key}).status_code == 400


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    given_names=st.dictionaries(
        st.sampled_from([one.name for one in (*parameters.PARAMETERS, *parameters.WAYBACK_PARAMETERS)]),
        st.one_of(st.text(max_size=30), EXPRESSIONS),
        max_size=5,
    ),
    url=st.sampled_from(["*", "varied.example", "*.example", "http://varied.example/*"]),
    path=st.sampled_from(["/varied/cdx", "/varied/cdx/search/cdx"]),
)  # fmt: skip
def test_no_query_is_a_fault_of_ours(asking: TestClient, given_names: dict[str, str], url: str, path: str) -> None:
    try:
        answer = asking.get(path, params={"url": url, **given_names})
    except UnicodeEncodeError:  # a lone surrogate, which no URL can hold
        return
    assert answer.status_code in (200, 400, 404), (given_names, answer.text)
    assert answer.status_code == 200 or answer.json()["message"]


def test_an_expression_that_explodes_elsewhere_is_harmless(asking: TestClient) -> None:
    """A backtracking engine would not end within the lifetime of this machine."""
    assert urls(asking, "url=*&filter=~url:(([a-z:/.0-9])*)*%23") == []
    assert urls(asking, "url=*&filter=~urlkey:([a-z]|[a-z,)/]|[a-z0-9,)/])*%23") == []


def test_who_asks_for_no_collection_is_told(asking: TestClient) -> None:
    answer = asking.get("/nobody/cdx?url=*")
    assert answer.status_code == 400
    assert "There are: varied." in answer.json()["message"]


def test_the_document_describes_what_is_there(asking: TestClient) -> None:
    document = asking.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    described = {one["name"] for one in document["paths"]["/{collection}/cdx"]["get"]["parameters"]}
    assert described == {one.name for one in parameters.PARAMETERS}
    for path, item in document["paths"].items():
        names = {one["name"] for one in (*item["parameters"], *item["get"]["parameters"]) if one["in"] == "path"}
        assert names == set(re.findall(r"\{(\w+)\}", path))
