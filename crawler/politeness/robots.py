"""What robots.txt allows: RFC 9309, with Crawl-delay and Sitemap, over protego.

The status decides first (2.3.1): 2xx is read, 4xx means there are no rules, and after anything else (2.3.1.4) the file is
undefined: nothing may be asked until it can be had (`why_unreachable`); so it is after a 2xx whose body was cut, which is no
complete message (RFC 9112, 8).  Redirects are followed by the caller.  Bytes are
UTF-8, else Latin-1; what lies beyond 500 KiB is ignored, as section 2.5 permits.  A version behind a product's name, which the
standard does not have, is passed over: ``User-agent: broadsheet/1.0`` means us.  A product's name is compared whole (2.2.1):
``User-agent: broad`` means another; protego would take the beginning of a name, so each is closed with a ``/`` for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

from broadsheet.archive.exchange import ADDRESS_REFUSALS, FetchError

MAX_SIZE = 500 * 1024  # bytes
MAX_CRAWL_DELAY = 300.0  # seconds: more is a ban in other words, or a mistake
ROBOTS_TOKEN = "broadsheet"  # noqa: S105 - the name that robots.txt files know us by, unless the user has another
_NAMED = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*[^\s*/#]+)(?:/[^\r\n#]*)?", re.IGNORECASE | re.MULTILINE)
_PRODUCT = re.compile(r"([A-Za-z][A-Za-z_-]*)(?=[/\s;)]|$)")
_COMPATIBLE = re.compile(r"\(\s*compatible\s*;\s*([A-Za-z][A-Za-z_-]*)", re.IGNORECASE)
_BROWSER = "mozilla"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_CONNECTION = ADDRESS_REFUSALS | {FetchError.DNS, FetchError.CONNECT, FetchError.TLS, FetchError.PROXY}
_CUT = frozenset({FetchError.DISCONNECT, FetchError.TIMEOUT})  # rules may be missing that forbid
_MAX_SITEMAPS = 1000


def product_token(user_agent: str) -> str:
    """The name by which robots.txt files address who sends *user_agent* (RFC 9309, 2.2.1): its product, or the one in its
    comment, as ``Mozilla/5.0 (compatible; examplebot/1.0)`` has it; ours where it gives no name but a browser's."""
    compatible = _COMPATIBLE.search(user_agent)
    if compatible is not None:
        return compatible[1]
    product = _PRODUCT.match(user_agent.strip())
    return ROBOTS_TOKEN if product is None or product[1].lower() == _BROWSER else product[1]


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one origin; without any, everything is allowed."""

    sitemaps: tuple[str, ...] = ()
    _rules: Protego | None = None

    @classmethod
    def parse(cls, status: int | None, body: bytes) -> RobotsRules:
        """The rules that an answer with *status* and *body* (decoded), which is not unreachable, stands for.

        A 3xx that is left after the caller has followed redirects counts as unavailable, i.e. no rules (2.3.1.2); so does
        a host that no connection comes up to: its pages will fail in the same way, and say so themselves.  Never raises.
        """
        if status is None or status >= 300:
            return cls()
        rules = Protego.parse(_NAMED.sub(r"\1/", _text(body)))
        return cls(tuple(dict.fromkeys(rules.sitemaps))[:_MAX_SITEMAPS], rules)

    def allowed(self, url: str, user_agent_token: str) -> bool:
        """Whether the product *user_agent_token* (e.g. ``broadsheet``) may fetch *url*."""
        return self._rules is None or bool(self._rules.can_fetch(url, f"{user_agent_token}/"))

    def crawl_delay(self, user_agent_token: str) -> float | None:
        """Seconds between requests that the host asks this product for, None when it asks for nothing; capped."""
        delay = None if self._rules is None else self._rules.crawl_delay(f"{user_agent_token}/")
        return None if delay is None or not delay > 0 else min(float(delay), MAX_CRAWL_DELAY)


def why_unreachable(status: int | None, error: FetchError | None, *, own_host: bool, asked: bool = True) -> str | None:
    """Why an answer with *status* (None: there was none, by *error*) leaves robots.txt undefined; None when it does not.

    With a status, *error* says how the answer ended before it was complete.

    *own_host*: it came, or failed to, from the origin itself, not from where that redirects to; *asked*: a connection came up.
    """
    if status is None:
        if own_host and (error in _NO_CONNECTION or not asked):
            return None  # nothing else of it can be had, either
        return str(error)
    if error in _CUT and 200 <= status < 300:
        return f"its end is missing: {error}"
    return f"status {status}" if status >= 500 or status < 200 or status == 429 else None


def _text(body: bytes) -> str:
    body = body[:MAX_SIZE]
    if len(body) == MAX_SIZE:  # the last line may be cut, and a cut path would forbid too much
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1] or body
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")
