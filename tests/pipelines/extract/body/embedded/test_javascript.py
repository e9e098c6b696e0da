"""Values that a script writes as JavaScript: literals, a function that is called at once, and an end at anything else."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.body.embedded.allowance import Allowance
from broadsheet.pipelines.extract.body.embedded.javascript import read_literal


def read(source: str) -> object:
    value, end = read_literal(source, 0, Allowance())
    assert end == len(source)
    return value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{title:'A \\'title\\'',n:1e3,}", {"title": "A 'title'", "n": 1000.0}),
        ("[1,,void 0,!0,!1,0x1F]", [1.0, None, None, True, False, 31]),
        ('{"a":{b:[`c`]} /* no */ , // none\n d: null}', {"a": {"b": ["c"]}, "d": None}),
        ('"\\u00e9\\x41\\u{1F600}\\ud83d\\ude00\\n"', "éA😀😀\n"),
        ("new Date(5)", 5.0),
        ("Object.create(null)", {}),
    ],
)
def test_literals_are_read(source: str, value: object) -> None:
    assert read(source) == value


def test_a_function_that_is_called_at_once_gives_what_its_parameters_stand_for() -> None:
    source = "(function(a,b){b.title=a;b.list[1]=2;return {data:[b,a]}}('T',{list:[]}))"
    value, _ = read_literal(source, 0, Allowance())
    assert value == {"data": [{"list": [None, 2.0], "title": "T"}, "T"]}


@pytest.mark.parametrize("source", ["", "{", "{a:1", "[1 2]", "'open", "{a b}", "`${x}`", "(function(a){alert(a)}(1))"])
def test_the_reading_ends_at_anything_else(source: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_literal(source, 0, Allowance())


def test_what_doubles_itself_or_goes_down_without_end_is_given_up() -> None:
    doubled = "".join(f"x{n}.a=[x{n - 1},x{n - 1}];" for n in range(1, 40))
    names = ",".join(f"x{n}" for n in range(40))
    for source in ("[" * 100, f"(function({names}){{{doubled}return x39}}({','.join(['{}'] * 40)}))"):
        with pytest.raises(ValueError, match="too large"):
            read_literal(source, 0, Allowance())


def test_a_place_far_behind_the_end_of_a_list_is_not_made() -> None:
    value, _ = read_literal("(function(a){a[999999999]=1;return a}([7]))", 0, Allowance())
    assert value == [7.0]
