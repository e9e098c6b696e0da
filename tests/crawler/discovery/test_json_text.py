"""JSON as sites send it: hidden, guarded, in lines, with small faults."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.discovery.json_text import read_json_answer, read_json_script


@pytest.mark.parametrize(
    "form", ["{}", "//<![CDATA[\n{}\n//]]>", "/*<![CDATA[*/ {}; /*]]>*/", "<!--\n{}\n-->", " {} ; "]
)
def test_json_that_is_hidden_from_old_readers(form: str) -> None:
    assert read_json_script(form.replace("{}", '{"url": "//x/]]>"}')) == {"url": "//x/]]>"}


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ('{"a": [1,],}', [{"a": [1]}]),
        ('{"a": 1} {"b": 2}', [{"a": 1}, {"b": 2}]),
        ("{&quot;a&quot;: 1}", [{"a": 1}]),
        ("{&q;a&q;:&q;b &a; c&q;}", [{"a": "b & c"}]),
        ('{"a": "x\ny"}', {"a": "x\ny"}),
        ("var a = {}", None),
        ("", None),
    ],
)
def test_faults_that_many_make(text: str, document: object) -> None:
    assert read_json_script(text) == document


@pytest.mark.parametrize(
    ("body", "document"),
    [
        (b')]}\',\n{"a": 1}', {"a": 1}),
        (b"])}while(1);</x>[1]", [1]),
        (b"for(;;);[1]", [1]),
        (b'draw({"a": 1});', {"a": 1}),
        (b"/**/ app.draw( [1] )", [1]),
        (b'{"a": 1}\n{"b": 2}\n', [{"a": 1}, {"b": 2}]),
        (b"draw(news)", None),
        (b"(function(){ draw({a: 1}) })", None),
    ],
)
def test_answers_that_are_guarded_called_or_in_lines(body: bytes, document: object) -> None:
    assert read_json_answer(body) == document


@given(st.text(alphabet="{}[]()\"',:;&q<!-/*\\n 1a", max_size=60))
def test_no_text_is_a_fault(text: str) -> None:
    read_json_script(text)
    read_json_answer(text.encode())
