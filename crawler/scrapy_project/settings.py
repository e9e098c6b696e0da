"""The settings of a Scrapy project that are ours: BROADSHEET_*, read once and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from broadsheet.archive.errors import BadInput

# Names of the settings, with what they are when a project says nothing.
DEFAULTS: dict[str, Any] = {
    "BROADSHEET_DIR": None,
    "BROADSHEET_ALLOW_PRIVATE": False,
    "BROADSHEET_ALLOW_HOSTS": [],
    "BROADSHEET_WARC_SIZE": 1_000_000_000,
    "BROADSHEET_DEDUPE": True,
    "BROADSHEET_HANDLER_META": [],
    "BROADSHEET_ITEM_FIELDS": {},
}
# Set by the add-on: the handlers of the project's own that it found, by scheme.
PROJECT_HANDLERS = "BROADSHEET_PROJECT_HANDLERS"


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What a project says.

    ``directory`` is the collection; requests with one of the keys ``handler_meta`` in their meta go to the project's own
    download handler, if it has one (without any key named: all).  ``item_fields`` are the columns of items that declare
    none, by the name of the item's type.
    """

    directory: Path
    allow_private: bool = False
    allow_hosts: frozenset[str] = frozenset()
    warc_size: int = 1_000_000_000
    dedupe: bool = True
    handler_meta: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: BaseSettings, spider: str) -> ProjectSettings:
        """What *settings* say for the spider of that name, which stands for ``%(name)s`` in BROADSHEET_DIR.

        Raises:
            BadInput: they cannot be followed.
        """
        text = settings.get("BROADSHEET_DIR")
        if not text:
            raise BadInput(
                "BROADSHEET_DIR", "is not set", 'Name the folder of the archive: BROADSHEET_DIR = "archive".'
            )
        try:
            directory = Path(str(text) % {"name": spider})
        except (KeyError, ValueError, TypeError) as error:
            raise BadInput(
                f"BROADSHEET_DIR = {str(text)!r}", "holds a % that is not %(name)s", "Write %% for a percent sign."
            ) from error
        warc_size = _whole_number(settings, "BROADSHEET_WARC_SIZE")
        return cls(
            directory,
            settings.getbool("BROADSHEET_ALLOW_PRIVATE"),
            frozenset(host.lower() for host in settings.getlist("BROADSHEET_ALLOW_HOSTS")),
            warc_size,
            settings.getbool("BROADSHEET_DEDUPE", default=True),
            tuple(settings.getlist("BROADSHEET_HANDLER_META")),
        )


def item_fields(settings: BaseSettings) -> Mapping[str, Mapping[str, str]]:
    """BROADSHEET_ITEM_FIELDS: for each name of an item's type its columns and their types, in their order.

    Raises:
        BadInput: it is no such table.
    """
    value = settings.get("BROADSHEET_ITEM_FIELDS") or {}
    if isinstance(value, str):  # as -s gives it
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, Mapping) or not all(isinstance(fields, Mapping) for fields in value.values()):
        raise BadInput(
            "BROADSHEET_ITEM_FIELDS",
            "is not a table of tables",
            'Write it like {"dict": {"title": "string", "price": "float"}}.',
        )
    return {str(name): {str(key): str(kind) for key, kind in fields.items()} for name, fields in value.items()}


def _whole_number(settings: BaseSettings, name: str) -> int:
    try:
        value = int(settings.get(name) or DEFAULTS[name])
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} = {settings.get(name)!r}", "is no whole number", "Give bytes.") from error
    if value <= 0:
        raise BadInput(f"{name} = {value}", "is not above zero", "Give bytes.")
    return value
