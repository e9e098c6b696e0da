"""``broadsheet.toml``: values for the options of every command, before those of the environment and the command line.

    [crawl]
    delay = 1.0
    max-size = "64MiB"
    exclude = ["/tag/", "/print/"]

A table a command, a key an option, named as on the command line.  Settings of a host are a table of their own:

    [crawl.host."example.org"]
    delay = 5
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from broadsheet.archive.errors import BadInput, from_os_error
from broadsheet.cli.option import Option, nearest
from broadsheet.cli.units import Duration, Size

FILE = "broadsheet.toml"


def read_defaults(path: Path | None, group: click.Group) -> dict[str, dict[str, Any]]:
    """The values in *path*, or in ``broadsheet.toml`` of this folder if there is one; as click takes them.

    Raises:
        BadInput: the file is no TOML, names a command or an option that does not exist, or has a value of the wrong type.
    """
    if path is None:
        path = Path(FILE)
        if not path.is_file():
            return {}
    import tomllib  # noqa: PLC0415 - seldom needed

    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise from_os_error(error, str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(str(path), f"is not TOML ({error})", "Mend it, or move it away.") from error
    return {name: _values(path, name, table, group) for name, table in tables.items()}


def _values(path: Path, name: str, table: Any, group: click.Group) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise BadInput(
            f"{path}: {name}", "stands outside a table", "Write the name of its command above it, as in [crawl]."
        )
    if name not in group.commands:
        raise BadInput(f"{path}: [{name}]", "is not a command", nearest(name, list(group.commands)))
    known = {one.flag: one for one in group.commands[name].params if isinstance(one, Option)}
    for key in table:
        if key not in known:
            raise BadInput(f"{path}: [{name}] {key}", "is not an option", nearest(key, list(known)))
    return {
        str(known[key].name): _checked(f"{path}: [{name}] {key}", known[key], value) for key, value in table.items()
    }


def _checked(where: str, option: Option, value: Any) -> Any:
    """*value*, if it is of the option's type and within its range.

    Raises:
        BadInput: it is not.
    """
    types, remedy = _toml_types(option)
    if isinstance(value, bool) and isinstance(option.flag_value, str):  # a list that may be named without a value
        return [option.flag_value] if value else []
    if option.multiple and isinstance(value, dict):
        value = [_as_typed(where, name, table) for name, table in value.items()]
    if option.multiple:
        remedy = f"a list, as in [{remedy}]"
    items = value if option.multiple and isinstance(value, list) else [value]
    if (option.multiple and not isinstance(value, list)) or any(type(item) not in types for item in items):
        raise BadInput(where, f"cannot be {value!r}", f"Write {remedy}.")
    try:
        for item in items:
            option.type(item)
    except click.BadParameter as error:
        raise BadInput(where, error.message) from error
    return value


def _as_typed(where: str, name: str, table: Any) -> str:
    """A table of what is typed as ``NAME KEY=VALUE ...``, such as a host's settings.

    Raises:
        BadInput: it is no table of plain values.
    """
    if not isinstance(table, dict) or any(not isinstance(one, str | int | float) for one in table.values()):
        raise BadInput(f"{where}.{name!r}", f"cannot be {table!r}", "Write a table of plain values.")
    said = {key: ("yes" if one else "no") if isinstance(one, bool) else one for key, one in table.items()}
    return " ".join([name, *(shlex.quote(f"{key}={one}") for key, one in said.items())])


def _toml_types(option: Option) -> tuple[tuple[type, ...], str]:
    """The types of TOML that one value of *option* may have, and how to write one."""
    if option.is_flag:
        return (bool,), "true or false"
    match option.type:
        case Size():
            return (int, str), 'bytes, or a text like "64MiB"'
        case Duration():
            return (int, float, str), 'seconds, or a text like "2m"'
        case click.IntRange():
            return (int,), "a whole number"
        case click.FloatRange():
            return (int, float), "a number"
        case _:
            return (str,), 'a text in "quotes"'
