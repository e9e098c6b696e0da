"""``broadsheet.toml``: defaults for the options of every command; what is typed wins.

    [crawl]
    delay = 1.0
    user-agent = "Example Archive (archive@example.org)"

A table a command, a key an option, named as on the command line.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from broadsheet.archive.errors import BadInput, from_os_error

FILE = "broadsheet.toml"


def read_defaults(path: Path | None, group: click.Group) -> dict[str, dict[str, Any]]:
    """The defaults in *path*, or in ``broadsheet.toml`` of this folder if there is one; as click takes them.

    Raises:
        BadInput: the file is no TOML, or names a command or an option that does not exist.
    """
    if path is None:
        path = Path(FILE)
        if not path.is_file():
            return {}
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise from_os_error(error, str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(str(path), f"is not TOML ({error})", "Mend it, or move it away.") from error
    return {
        command: _options(path, command, values, _known(path, command, group)) for command, values in tables.items()
    }


def _known(path: Path, command: str, group: click.Group) -> dict[str, str]:
    """The options of *command*: name on the command line -> name of the parameter."""
    if command not in group.commands:
        raise BadInput(f"{path}: [{command}]", "is not a command", _suggest(command, list(group.commands)))
    known: dict[str, str] = {}
    for parameter in group.commands[command].params:
        if isinstance(parameter, click.Option) and parameter.name:
            known |= {option.lstrip("-"): parameter.name for option in parameter.opts}
    return known


def _options(path: Path, command: str, values: Any, known: dict[str, str]) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise BadInput(f"{path}: {command}", "stands outside a table", "Write [crawl] above it.")
    for name in values:
        if name not in known:
            raise BadInput(f"{path}: {command}.{name}", "is not an option", _suggest(name, list(known)))
    return {known[name]: value for name, value in values.items()}


def _suggest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(known))}."
