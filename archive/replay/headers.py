"""Which captured headers go to the browser, and which are ours.

As captured, but for those of the connection (its framing is made anew) and those that would act beyond the page: that
bind the browser to a host's security policy, name other ways to reach the host, or ask for reports to be sent.  These
stay readable as ``X-Archive-Orig-...``.  Nothing of it is needed to keep the browser in, which can speak to the proxy
alone; it keeps its log of misses free of noise.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from broadsheet.archive.http import Headers, ResponseHead
from broadsheet.archive.replay.request import ReplayRequest

_CONNECTION = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
    ]
)
_DISARMED = frozenset(
    [
        "strict-transport-security",
        "public-key-pins",
        "public-key-pins-report-only",
        "expect-ct",
        "alt-svc",
        "report-to",
        "nel",
        "reporting-endpoints",
        "content-security-policy-report-only",
        "clear-site-data",
        "memento-datetime",
    ]
)


def captured_headers(head: ResponseHead) -> list[tuple[str, str]]:
    """The headers of *head* that are sent on; names and values as captured."""
    named = {name.strip().lower() for value in head.get_all("Connection") for name in value.split(",")}
    kept = []
    for name, value in head.headers:
        lower = name.lower()
        if not _is_token(name) or lower in _CONNECTION or (lower in named and lower not in ("close", "keep-alive")):
            continue
        value = value.replace("\r", " ").replace("\n", " ").replace("\0", " ")
        kept.append((f"X-Archive-Orig-{name}" if lower in _DISARMED else name, value))
    return kept


def _is_token(name: str) -> bool:
    return bool(name) and name.isascii() and all(char.isalnum() or char in "!#$%&'*+-.^_`|~" for char in name)


def wanted_datetime(accept_datetime: str) -> datetime:
    """The time (UTC) that a header Accept-Datetime asks for (RFC 7089, section 2.1.1).

    Raises:
        ValueError: it is no date.
    """
    try:
        moment = parsedate_to_datetime(accept_datetime)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:  # the year 1, east of Greenwich
        raise ValueError(accept_datetime) from error


def memento_headers(url: str, date: datetime | None) -> Headers:
    """What says that this is a capture, and of when (RFC 7089, sections 2.1.1 and 2.2); without *date* nothing says when."""
    link = f'<{header_url(url)}>; rel="original"'
    when = () if date is None else (("Memento-Datetime", format_datetime(date, usegmt=True)),)
    return (*when, ("Link", link))


def header_url(url: str) -> str:
    """*url* as it can stand in a header: ASCII, without white space and angle brackets."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def with_leave(request: ReplayRequest, headers: Headers) -> Headers:
    """*headers* with leave to use the answer across origins, where the capture was made without asking for it.

    A browser sends Origin with a font, a module or a fetch, and many servers give leave only then; a crawler sends
    none, so its captures lack what the page needs.  What a server did say stands, but for an answer that it says varies
    with the origin: that was given to another one.
    """
    origin = request.get("Origin")
    said = {name.lower(): value for name, value in headers}
    if origin is None or said.get("access-control-allow-origin") in (origin, "*"):
        return headers
    if "access-control-allow-origin" in said and "origin" not in said.get("vary", "").lower():
        return headers
    leave = (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"))
    replaced = {name.lower() for name, _ in leave}
    return (*(field for field in headers if field[0].lower() not in replaced), *leave)


def accepted_codings(value: str | None) -> frozenset[str]:
    """The content codings that an Accept-Encoding header allows by name (RFC 9110, section 12.5.3)."""
    accepted = set()
    for part in (value or "").lower().split(","):
        coding, _, parameter = part.partition(";")
        quality = parameter.replace(" ", "").removeprefix("q=")
        if coding.strip() and not (parameter and quality.strip("0.") == ""):
            accepted.add(coding.strip())
    return frozenset(accepted)
