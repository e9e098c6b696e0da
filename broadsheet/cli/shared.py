"""What commands share: how to speak (quiet, JSON, colour), and how a URL is typed."""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import urlsplit

import click

from broadsheet.archive.errors import BadInput
from broadsheet.cli.option import option

if TYPE_CHECKING:
    from rich.console import Console

    from broadsheet.archive.collection import Collection


conversions_option = option(
    "--conversions", is_flag=True,
    help="Pages in conversion records are captures, too; a collection has what it was extracted with.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """How this call speaks."""

    quiet: bool = False
    as_json: bool = False
    out_is_taken: bool = False

    def beside(self, output: Path | str) -> Face:
        """How to speak beside *output*: where that is standard output, results go to standard error.

        Raises:
            BadInput: JSON was asked for, too, which goes to standard output.
        """
        from broadsheet.archive.output import is_standard_output  # noqa: PLC0415 - heavy

        if isinstance(output, str) or not is_standard_output(output):
            return self
        if self.as_json:
            raise BadInput("--json", "writes to standard output, as -o does", "Leave out one of them.")
        return dataclasses.replace(self, out_is_taken=True)

    def out(self) -> Console:
        """Where results go."""
        if self.out_is_taken:
            return self.err()
        return _console(file=sys.stdout, quiet=self.as_json)

    def err(self) -> Console:
        """Where progress and notes go."""
        return _console(file=sys.stderr, quiet=self.quiet)

    def print_json(self, value: Any) -> None:
        """Print *value*, if JSON was asked for."""
        if self.as_json:
            click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def _console(*, file: TextIO, quiet: bool) -> Console:
    from rich.console import Console  # noqa: PLC0415 - heavy

    return Console(file=file, quiet=quiet, highlight=False)


def speaks(command: Callable[..., int]) -> Callable[..., int]:
    """Give *command* the options that say how to speak, and a Face as its first argument."""

    @option("-q", "--quiet", is_flag=True, help="No progress; only the result, and errors.")
    @option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
    @functools.wraps(command)
    def speaking(*arguments: Any, quiet: bool, as_json: bool, **options: Any) -> int:
        return command(Face(quiet, as_json), *arguments, **options)

    return speaking


def tell_lost_journal(face: Face, collection: Collection) -> None:
    """Say that the dataset of *collection* is read without its journal, if that is gone."""
    if not collection.journal.is_file():
        line = f"{collection.journal} is gone; the dataset is read without it. `broadsheet verify` says what to do."
        face.err().print(line, markup=False, soft_wrap=True)


def url_argument(text: str) -> str:
    """The URL that a person typed; https:// is taken for granted.

    Raises:
        BadInput: it cannot be crawled.
    """
    if "://" not in text and not text.startswith(("mailto:", "data:", "javascript:")):
        host = text.partition("/")[0]
        if "." not in host and not host.startswith("localhost"):
            raise BadInput(text, "is not a URL", "Write it like https://blog.example.org/.")
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise BadInput(text, "is not a URL that can be crawled", "Write it like https://blog.example.org/.")
    return text


def plain(value: Any) -> Any:
    """*value* in what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value
