"""What things are called in addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from starlette.requests import Request

_UUID = re.compile(r"[0-9A-Za-z-]{4,64}")


def json_address(request: Request) -> str:
    """Where the data of the page at *request* are: the same address with ``.json``."""
    path = request.url.path
    path = f"{path}index.json" if path.endswith("/") else f"{path}.json"
    return quote(path, safe="/:@!$&'()*+,;=~") + (f"?{request.url.query}" if request.url.query else "")


def article_name(record_id: str) -> str:
    """What an article is called in an address: the UUID of its record, else its whole id, quoted."""
    inner = record_id.removeprefix("<urn:uuid:").removesuffix(">")
    return inner if _UUID.fullmatch(inner) else quote(record_id, safe="")


def record_id_of(name: str) -> str:
    """The id of the record that is called *name* in an address."""
    return f"<urn:uuid:{name}>" if _UUID.fullmatch(name) else name


def with_query(path: str, **values: Any) -> str:
    """*path* with a query of *values*, without those that are None or empty."""
    kept = [(name, value) for name, value in values.items() if value not in (None, "", ())]
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def web_address(url: str | None) -> str | None:
    """*url* if a link to it is harmless: http or https, of a length that a browser shows."""
    return url if url and url.lower().startswith(("http://", "https://")) and len(url) < 2000 else None
