"""How an option is declared: what follows from the field, and what JSON may hold of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest

from broadsheet.crawler.option import (
    HIDDEN,
    DeclaredOption,
    declared_options,
    hidden,
    option,
    without_userinfo,
    without_values,
)


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Options:
    directory: str
    delay: float = option(0.5, "Seconds between two requests.")
    max_pages: int | None = option(None, "At most so many pages.")
    exclude: tuple[str, ...] = option((), "Leave these out.", flag="exclude")
    shapes: tuple[str, ...] = option((), "These shapes.", bare="all")
    colour: Colour = option(Colour.RED, "A colour.")
    http_password: str | None = option(None, "A secret.", shown=hidden)


def declared(name: str) -> DeclaredOption:
    return next(one for one in declared_options(Options) if one.name == name)


def test_what_follows_from_the_fields() -> None:
    names = [one.name for one in declared_options(Options)]
    assert names == ["delay", "max_pages", "exclude", "shapes", "colour", "http_password"]  # a folder is no option
    assert (declared("max_pages").type, declared("max_pages").optional) == (int, True)
    assert (declared("exclude").type, declared("exclude").repeatable) == (str, True)
    assert (declared("max_pages").flag, declared("delay").default) == ("max-pages", 0.5)


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("delay", 2.0, 2.0),
        ("max_pages", None, None),
        ("exclude", ("a", "b"), ["a", "b"]),
        ("colour", Colour.RED, "red"),
    ],
)
def test_json_gives_back_what_it_was_given(name: str, value: Any, plain: Any) -> None:
    one = declared(name)
    assert one.plain(value) == plain
    assert one.from_plain(plain) == value


def test_other_ways_to_write_a_value() -> None:
    assert declared("delay").from_plain(3) == 3.0
    assert declared("shapes").from_plain(True) == ("all",)
    assert declared("shapes").from_plain(False) == ()


@pytest.mark.parametrize(
    ("name", "value"), [("delay", "2"), ("max_pages", True), ("exclude", "a"), ("exclude", [1]), ("colour", "blue")]
)
def test_a_value_of_another_type_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match="is not"):
        declared(name).from_plain(value)


def test_secrets_are_not_shown() -> None:
    assert declared("http_password").shown("x") == HIDDEN
    assert declared("http_password").shown(None) is None
    assert without_userinfo("http://ann:x@proxy.example:1") == "proxy.example:1"
    assert without_values(["X-Key : abc"]) == ["X-Key: ***"]
