"""The payload of React server components: rows in pieces, references, markup and data."""

from __future__ import annotations

import base64
import json

from broadsheet.pipelines.extract.body.embedded.flight import read_flight


def pushed(*pieces: str) -> list[str]:
    return [f"self.__next_f.push({json.dumps([1, piece])})" for piece in pieces]


def test_elements_become_markup_and_references_are_followed() -> None:
    rows = (
        '0:["$","article",null,{"children":["$L1",["$","p",null,{"className":"lead","children":"A & B"}]]}]\n'
        '1:["$","h1",null,{"children":"$2"}]\n2:T6,Tïtle'  # counted in bytes
    )
    markup, _ = read_flight(pushed(rows[:60], rows[60:]))
    assert markup == '<article><h1>Tïtle</h1><p class="lead">A &amp; B</p></article>'


def test_the_properties_of_components_are_data_and_not_markup() -> None:
    markup, data = read_flight(pushed('0:["$","$L9",null,{"story":{"body":"Long text"},"date":"$D2026-11-30"}]\n'))
    assert markup == ""
    assert data == [{"story": {"body": "Long text"}, "date": "2026-11-30"}]


def test_html_that_was_set_is_taken_as_it_is() -> None:
    row = json.dumps(["$", "div", None, {"dangerouslySetInnerHTML": {"__html": "<p>x</p>"}}])
    assert read_flight(pushed(f"0:{row}\n"))[0] == "<div><p>x</p></div>"


def test_pieces_may_be_base64_and_what_is_none_costs_only_itself() -> None:
    row = base64.b64encode(b'0:["$","p",null,{"children":"x"}]\n').decode()
    scripts = ["self.__next_f.push([1", "self.__next_f.push([2,null])", f'self.__next_f.push([3,"{row}"])']
    assert read_flight(scripts)[0] == "<p>x</p>"


def test_references_in_a_circle_end() -> None:
    assert read_flight(pushed('0:["$","p",null,{"children":"$1"}]\n1:["$0","$1"]\n'))[0] == ""
