"""Options of the command line, made from the declarations of a dataclass (`broadsheet.crawler.option`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from broadsheet.cli.option import option
from broadsheet.cli.units import Duration, Size, size_text
from broadsheet.crawler.option import DeclaredOption, Unit, declared_options
from broadsheet.crawler.settled_options import Origin

_Command = TypeVar("_Command", bound=Callable[..., Any])
_ORIGINS = {
    ParameterSource.COMMANDLINE: Origin.FLAG,
    ParameterSource.ENVIRONMENT: Origin.ENVIRONMENT,
    ParameterSource.DEFAULT_MAP: Origin.TOML,
}


def takes(options: type) -> Callable[[_Command], _Command]:
    """Give a command the options that the dataclass *options* declares."""

    def decorate(command: _Command) -> _Command:
        for one in reversed(declared_options(options)):
            command = _click_option(one)(command)
        return command

    return decorate


def typed_values(options: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values for the fields of *options*, from those that click hands to a command."""
    return {one.name: one.from_plain(values[one.name]) for one in declared_options(options)}


def origins_now(context: click.Context, options: type) -> dict[str, Origin]:
    """Where each value of this call comes from."""
    sources = {one.name: context.get_parameter_source(one.name) for one in declared_options(options)}
    return {
        name: _ORIGINS.get(source, Origin.DEFAULT) if source else Origin.DEFAULT for name, source in sources.items()
    }


def _click_option(one: DeclaredOption) -> Callable[[_Command], _Command]:
    declared = one.option
    attributes: dict[str, Any] = {"help": declared.help, "metavar": declared.metavar, "envvar": declared.environment}
    if one.type is bool:
        names = f"--{one.flag}/--no-{one.flag}" if declared.kept else f"--{one.flag}"  # what is stored can be undone
        return option(names, one.name, is_flag=True, default=one.default, show_default=declared.kept, **attributes)
    if one.repeatable:
        attributes |= {"multiple": True, "help": f"{declared.help} Repeatable."}
        if declared.bare is not None:
            attributes |= {"is_flag": False, "flag_value": declared.bare}
    return option(
        f"--{one.flag}", one.name, type=_click_type(one), default=one.plain(one.default),
        show_default=default_text(one) or False, **attributes,
    )  # fmt: skip


def default_text(one: DeclaredOption) -> str:
    """The default as it is typed; empty for none."""
    if one.option.default_text is not None:
        return one.option.default_text
    if one.type is bool:
        return "yes" if one.default else "no"
    if one.option.unit is Unit.BYTES:
        return size_text(one.default)
    plain = one.plain(one.default)
    return f"{plain:g}" if isinstance(plain, float) else str(plain) if plain not in (None, "", []) else ""


def _click_type(one: DeclaredOption) -> click.ParamType[Any]:
    declared = one.option
    if issubclass(one.type, Enum):
        return click.Choice([member.value for member in one.type])
    if declared.unit is Unit.BYTES:
        return Size()
    if declared.unit is Unit.SECONDS:
        return Duration(positive=declared.least_excluded)
    if one.type is int:
        return click.IntRange(declared.least, declared.most)
    return click.Path(dir_okay=False) if declared.file else click.STRING
