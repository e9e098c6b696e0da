"""An option of a command: it can stand in the environment, too.

Its name there is BROADSHEET, the command and the option in capitals: ``BROADSHEET_CRAWL_MAX_PAGES=100``.  An option that can
be repeated holds one value a line.  On and off are 1 and 0, true and false, yes and no.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import click
from click.core import ParameterSource

_Command = TypeVar("_Command", bound=Callable[..., Any])
_PREFIX = "BROADSHEET"


class Option(click.Option):
    """An option of ours."""

    @property
    def flag(self) -> str:
        """Its name, without dashes in front: on the command line and in ``broadsheet.toml``."""
        return max(self.opts, key=len).lstrip("-")

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Its text in the environment, if there is one that is not empty."""
        return os.environ.get(environment_name(ctx.info_name, self.flag)) or super().resolve_envvar_value(ctx)

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """Its value in the environment: of a repeatable option, one a line."""
        text = self.resolve_envvar_value(ctx)
        if text is None or not self.multiple:
            return text
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def get_help_extra(self, ctx: click.Context) -> Any:
        """What stands in brackets in its help: a default that is told in words stands without parentheses."""
        extra = super().get_help_extra(ctx)
        if isinstance(self.show_default, str):
            extra["default"] = self.show_default
        return extra

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """What a wrong value is called: by its name where it stands."""
        if ctx is not None and self.name and ctx.get_parameter_source(self.name) is ParameterSource.ENVIRONMENT:
            return f"{environment_name(ctx.info_name, self.flag)} in the environment"
        return super().get_error_hint(ctx)


def option(*names: str, **attributes: Any) -> Callable[[_Command], _Command]:
    """Give a command an option: `click.option` of this class."""
    return click.option(*names, cls=Option, **attributes)


def environment_name(command: str | None, flag: str) -> str:
    """The name of the option *flag* of *command* in the environment."""
    return "_".join((_PREFIX, command or "", flag)).replace("-", "_").upper()


def nearest(name: str, known: Sequence[str]) -> str:
    """What to write in place of *name*, which is none of the *known* ones."""
    from difflib import get_close_matches  # noqa: PLC0415 - seldom needed

    near = get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(known))}."


def misspelt_environment(command: click.Command) -> Iterator[str]:
    """A line for each variable that is named like an option of *command* and is none."""
    prefix = environment_name(command.name, "")
    known = [environment_name(command.name, one.flag) for one in command.params if isinstance(one, Option)]
    for name in sorted(os.environ):
        if name.startswith(prefix) and name not in known:
            yield f"{name} in the environment names no option. {nearest(name, known)}"
