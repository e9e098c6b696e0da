"""How an option is declared: once, as a field of a frozen dataclass.

The field gives name, type and default; `option` adds what else is to be known: help, unit, range, whether it is kept with
the crawl, what of it may be shown.  The command line, ``broadsheet.toml``, the environment, the JSON in the journal, the
warcinfo record and docs/cli.md are made from these declarations.
"""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
_METADATA = "option"
HIDDEN = "***"


class Unit(Enum):
    """What a number counts."""

    BYTES = "bytes"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Option:
    """What is declared of an option beside the name, the type and the default of its field."""

    help: str
    flag: str = ""  # the name on the command line; that of the field, unless a list is named once an item
    metavar: str | None = None
    unit: Unit | None = None
    least: int | None = None
    least_excluded: bool = False
    most: int | None = None
    default_text: str | None = None  # of a default that depends on the machine
    environment: str | None = None  # a second name in the environment
    bare: str | None = (
        None  # what a list is given by the option alone, without a value; stored as "true" by version 0.1.0
    )
    file: bool = False  # names a file that is read
    kept: bool = True  # with the crawl, for those who go on with it
    recorded: bool = True  # in the warcinfo record's settings; False: it stands elsewhere in the WARC, or is no setting
    part_of: str | None = None  # the option that this one says more about: another value there leaves this one behind
    shown: Callable[[Any], Any] | None = None  # what may be shown of a value that holds a secret


def option(default: _T, help: str, **declared: Any) -> _T:
    """A dataclass field with *default* that declares an option; *declared* are fields of `Option`."""
    return dataclasses.field(default=default, metadata={_METADATA: Option(help, **declared)})


@dataclass(frozen=True, slots=True)
class DeclaredOption:
    """An option of a dataclass.  ``type`` is that of one value: of an item if ``repeatable``, without None if ``optional``."""

    name: str
    type: type
    repeatable: bool
    optional: bool
    default: Any
    option: Option

    @property
    def flag(self) -> str:
        """The name on the command line and in ``broadsheet.toml``, without dashes in front."""
        return (self.option.flag or self.name).replace("_", "-")

    def plain(self, value: Any) -> Any:
        """*value* as JSON holds it."""
        if self.repeatable:
            return [self._plain_item(item) for item in value]
        return value if value is None else self._plain_item(value)

    def from_plain(self, value: Any) -> Any:
        """The value that JSON, or a command line that checked it, holds as *value*.

        Raises:
            ValueError: it is not of this option's type.
        """
        if value is None and self.optional:
            return None
        if not self.repeatable:
            return self._item_from_plain(value)
        if self.option.bare is not None and isinstance(value, bool):
            return (self.option.bare,) if value else ()
        if not isinstance(value, list | tuple):
            raise ValueError(f"{value!r} is not a list")  # noqa: TRY004 - a type of JSON, not of a caller
        return tuple(self._item_from_plain(item) for item in value)

    def shown(self, value: Any) -> Any:
        """*value* as JSON holds it, without what is secret in it."""
        plain = self.plain(value)
        return plain if self.option.shown is None or value is None else self.option.shown(plain)

    def _plain_item(self, item: Any) -> Any:
        return item.value if isinstance(item, Enum) else item

    def _item_from_plain(self, item: Any) -> Any:
        if issubclass(self.type, Enum):
            return self.type(item)
        if self.type is float and type(item) is int:
            return float(item)
        if type(item) is not self.type:
            raise ValueError(f"{item!r} is not {_TYPE_NAMES[self.type]}")
        return item


_TYPE_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


@functools.cache
def declared_options(options: type) -> tuple[DeclaredOption, ...]:
    """The options that the dataclass *options* declares, in its order."""
    hints = get_type_hints(options)
    return tuple(
        _declared(field.name, hints[field.name], field.default, field.metadata[_METADATA])
        for field in dataclasses.fields(options)
        if _METADATA in field.metadata
    )


def _declared(name: str, hint: Any, default: Any, declared: Option) -> DeclaredOption:
    optional = get_origin(hint) in (Union, types.UnionType)
    if optional:
        hint = next(one for one in get_args(hint) if one is not types.NoneType)
    repeatable = get_origin(hint) is tuple
    if repeatable:
        hint = get_args(hint)[0]
    return DeclaredOption(name, hint, repeatable, optional, default, declared)


def hidden(_value: Any) -> str:
    """In place of a secret."""
    return HIDDEN


def without_userinfo(url: str) -> str:
    """*url* without the name and the password in it, and what stands before them."""
    return url.rpartition("@")[2]


def without_values(headers: list[str]) -> list[str]:
    """The names of header fields that are written ``Name: value``: any value may be a key or a password."""
    return [f"{header.partition(':')[0].strip()}: {HIDDEN}" for header in headers]
