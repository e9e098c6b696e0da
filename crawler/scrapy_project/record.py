"""Where the record of a response lies."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from broadsheet.archive.addresses import private_place
from broadsheet.archive.capture import Capture

# Keys of a Request's meta that are ours.  None of them is kept with a Request, nor handed on to one that a spider makes.
RECORD, VIA, REQUEST_ID, PARENT = "broadsheet_record", "broadsheet_via", "broadsheet_id", "broadsheet_parent"
OURS = frozenset({RECORD, VIA, REQUEST_ID, PARENT})


def record_of(response: Response) -> Capture | None:
    """The WARC record that *response* came out of; None of one that no request brought, as from Scrapy's own HTTP cache."""
    request: Request | None = response.request
    record = None if request is None else request.meta.get(RECORD)
    return record if isinstance(record, Capture) else None


def start_place(request: Request) -> str:
    """host:port of a start Request whose URL itself says that it is private: the user's own code names it; else ""."""
    return (private_place(request.url) or "") if request.meta.get("is_start_request") else ""
