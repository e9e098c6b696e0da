"""What changes in the journal when the spiders of a project run, as values; each may be applied twice."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.pipelines.capture.submission import Change


@dataclass(frozen=True, slots=True)
class RequestQueued(Change):
    """A Request waits to be made.

    ``request_id`` names it (crawler/scrapy_project/queue_ids.py), ``value`` is the whole of it as JSON, ``start_place`` the
    private place (host:port) that a start Request names.  With ``again`` it stands in the place of one with that id that was
    made: a redirect, or another try.
    """

    spider: str
    request_id: str
    fingerprint: str
    priority: int
    value: str
    start_place: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class RequestFetched(Change):
    """The answer to a Request is in the archive; its exchange comes along."""

    spider: str
    request_id: str


@dataclass(frozen=True, slots=True)
class RequestEnded(Change):
    """All that a Request's callback gave is durable before this: it need not be made again."""

    spider: str
    request_id: str


@dataclass(frozen=True, slots=True)
class CookiesKept(Change):
    """The cookies of one of a spider's jars, as JSON."""

    spider: str
    jar: str
    value: str


@dataclass(frozen=True, slots=True)
class RunFinished(Change):
    """A spider has nothing left to do: its next run begins anew.  It is the only change here that is told once."""

    spider: str


@dataclass(frozen=True, slots=True)
class ItemKept(Change):
    """An item of the type *kind*, as JSON by its columns.  One with the same ``item_id`` is the same."""

    kind: str
    item_id: str
    value: str


@dataclass(frozen=True, slots=True)
class ItemSchemaKept(Change):
    """The columns of items of the type *kind*, as text."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class ItemsPublished(Change):
    """File *number* has the items of the type *kind* up to the place *last*."""

    kind: str
    number: int
    last: int
