"""The Exchange: one request and what came back, as bytes.

It is made by the capture client, written to the WARC unchanged, and read back from it; everything else in the
product is derived from it.  ``response`` is the final answer alone, head and body, exactly as on the wire: header
case, order, duplicates, chunk framing, trailers and content coding kept.  Interim 1xx answers stand apart in
``interim`` so that a 103 can never be stored as the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from broadsheet.archive.http import NotHTTP, ResponseHead, parse_response_head
from broadsheet.archive.http_answer import Answer


class Truncation(StrEnum):
    """Values of WARC-Truncated (ISO 28500:2017, 5.13)."""

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"
    UNSPECIFIED = "unspecified"


class FetchError(StrEnum):
    """Why there is no complete answer.  Kept in the metadata record as ``fetchError`` and in the dataset."""

    DNS = "dns"  # the name does not resolve
    REFUSED_ADDRESS = "refused-address"  # private address that the user did not name (SSRF guard)
    REFUSED_PORT = "refused-port"  # a private host that the user named, at a port that was not
    MIXED_ADDRESSES = "mixed-addresses"  # the name has public and private addresses at once
    REBOUND_ADDRESS = "rebound-address"  # the name led elsewhere before (DNS rebinding)
    CONNECT = "connect"  # refused or unreachable
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT = "timeout"  # connecting, waiting for the head, or the whole exchange
    DISCONNECT = "disconnect"  # closed before the answer was complete
    PROTOCOL = "protocol"  # not HTTP/1.x
    TOO_LARGE = "too-large"  # cut at the size limit
    BLOCKED = "robots"  # not requested: robots.txt forbids it
    INVALID_URL = "invalid-url"


ADDRESS_REFUSALS = frozenset(
    {FetchError.REFUSED_ADDRESS, FetchError.REFUSED_PORT, FetchError.MIXED_ADDRESSES, FetchError.REBOUND_ADDRESS}
)


@dataclass(frozen=True)  # no slots: its answer is read once and kept
class Exchange:
    """One request and its answer.

    Times are UTC-aware; ``duration`` is in seconds.  ``request`` is empty when no connection came up, ``response``
    when no byte of a final answer came.  ``response[:head_length]`` is status line and headers with the blank line;
    the rest is the body in its transfer coding.  ``ip`` is the server's address, None behind a proxy.
    ``protocols`` are WARC-Protocol values, e.g. ``("http/1.1", "tls/1.3")``.  ``addresses`` are all that the host's name
    resolved to, best first; none where nothing was resolved on this side.
    ``parsed_head`` is the head as whoever framed the answer has parsed it; None: it is parsed when it is asked for.
    ``resource``: somebody else fetched it, a browser for example, or it comes out of a file, and no byte of the wire is known;
    ``response`` is then the content alone, of this media type, and ``status`` what they say.
    """

    url: str
    started: datetime
    duration: float
    request: bytes = b""
    interim: bytes = b""
    response: bytes = b""
    head_length: int = 0
    status: int | None = None
    ip: str | None = None
    addresses: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    cipher_suite: str | None = None
    truncated: Truncation | None = None
    error: FetchError | None = None
    error_detail: str = ""
    parsed_head: ResponseHead | None = field(default=None, compare=False, repr=False)
    resource: str | None = None

    @property
    def answered(self) -> bool:
        """Whether anything came, be it an empty resource."""
        return bool(self.response) or self.resource is not None

    @cached_property
    def answer(self) -> Answer | None:
        """The final answer, read once for all who ask; None when what came is no HTTP, or was cut within its head."""
        if not self.head_length:
            return None
        if self.parsed_head is not None:
            return Answer(self.parsed_head, self.response)
        try:
            return Answer(parse_response_head(self.head), self.response)
        except NotHTTP:
            return None

    @property
    def head(self) -> bytes:
        """Status line and headers of the final answer, with the blank line."""
        return self.response[: self.head_length]

    @property
    def body(self) -> bytes:
        """The body as on the wire: transfer coding and content coding still on."""
        return self.response[self.head_length :]


class Outlink(NamedTuple):  # a page has dozens: a dataclass takes three times as long to make
    """A link found in an answer, kept in its metadata record so that a crawl can be picked up from the WARC alone.

    ``hop`` is Heritrix's letter for the kind of link: L link, R redirect, E embedded, I inferred (sitemap, feed), S seed.
    """

    url: str
    hop: str
    context: str = ""  # where it stood, e.g. "a/@href"
    lastmod: str = ""  # what a sitemap says of when it was changed, as written


@dataclass(frozen=True, slots=True)
class SpiderRequest:
    """A Request of a spider: the names of spider and callback, what the spider's queue calls it ("" without a queue), and
    the download handler that took it, where that was not ours."""

    spider: str
    callback: str = ""
    request_id: str = ""
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why an exchange happened: goes into its metadata record.

    ``hops`` is the path of hop letters from the seed ("" for a seed itself), ``via`` the URL that led here.
    ``imported_from`` says what an exchange was made from that nobody saw on the wire; None: it was on the wire.
    ``asked_by`` is the Request of a Scrapy project that it was made for.
    """

    via: str | None = None
    hops: str = ""
    outlinks: tuple[Outlink, ...] = ()
    imported_from: str | None = None
    asked_by: SpiderRequest | None = None

    @property
    def embedded(self) -> bool:
        """Whether it was fetched as a part of another document."""
        return is_embedded(self.hops)

    @property
    def listing(self) -> bool:
        """Whether it was fetched for what it names: a sitemap, a feed, a list in JSON."""
        return self.hops.rstrip("R").endswith("I")

    @property
    def document(self) -> bool:
        """Whether it was fetched for its own sake: not as a part of another document, nor as a prerequisite (robots.txt), nor
        as a list that leads to others (a sitemap, a feed)."""
        return not (is_embedded(self.hops) or self.hops.endswith("P") or self.listing)


def is_embedded(hops: str) -> bool:
    """Whether the path *hops* ends at a part of a document (E), redirects aside, and not at a document of its own."""
    return hops.rstrip("R").endswith("E")
