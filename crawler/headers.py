"""The header fields of a crawl's requests.

What a user adds with --header goes to every host, and replaces a field of ours with the same name; Authorization goes
to the hosts of the seeds alone, because requisites lie on hosts that the user never named.
"""

from __future__ import annotations

import re
from base64 import b64encode
from importlib.metadata import version
from urllib.parse import urlsplit

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.cookies.cookie import Cookie
from broadsheet.crawler.options import CrawlOptions

Headers = tuple[tuple[str, str], ...]

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ACCEPT_PAGE = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
_ACCEPT_ANY = ("Accept", "*/*")
_ACCEPT = (("Accept-Language", "en;q=0.9, *;q=0.5"), ("Accept-Encoding", "gzip, deflate, br"))
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "referer", "range"})
_URL = re.compile(r"https?://[^\s()<>;\"]+")
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HOW = "Write it like 'Accept-Language: de'."


def default_user_agent(contact: str | None = None) -> str:
    """How requests say who asks, and whom to *contact* about it, unless the user says it otherwise."""
    whom = "" if contact is None else f"; {_contact_comment(contact)}"
    return f"Mozilla/5.0 (compatible; broadsheet/{version('broadsheet')}{whom})"


def settled_user_agent(options: CrawlOptions) -> str:
    """The User-Agent of a crawl: the user's or ours, with the contact in it.

    Raises:
        BadInput: ``contact`` is neither a URL nor a mail address.
    """
    contact = options.contact
    if contact is not None and not _URL.fullmatch(contact) and not _MAIL.fullmatch(contact):
        raise BadInput(
            f"--contact {contact}",
            "is neither a URL nor a mail address",
            "Write https://example.org/bot, or bot@example.org.",
        )
    if not options.user_agent:
        return default_user_agent(contact)
    if contact is None or contact in options.user_agent:
        return options.user_agent
    return f"{options.user_agent} ({_contact_comment(contact)})"


def tells_contact(user_agent: str, options: CrawlOptions) -> bool:
    """Whether the owner of a site learns from requests whom to ask about the crawl of *options*."""
    names = {header.partition(":")[0].strip().lower() for header in options.headers}
    return "from" in names or "://" in user_agent or "@" in user_agent


def _contact_comment(contact: str) -> str:
    return f"+{contact}" if _URL.fullmatch(contact) else contact


def parse_header(text: str) -> tuple[str, str]:
    """Name and value of a header field as it is typed.

    Raises:
        BadInput: it is none, or one that only the crawler can set.
    """
    name, colon, value = text.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not _NAME.fullmatch(name) or any(char in value for char in "\r\n\0"):
        raise BadInput(f"--header {text!r}", "is not a header field", _HOW)
    try:
        value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise BadInput(f"--header {name}", "holds characters that HTTP cannot carry", "Use Latin-1.") from error
    if name.lower() in _OURS:
        raise BadInput(f"--header {name}", "is set by the crawler for each request", "Leave it out.")
    return name, value


class RequestHeaders:
    """What goes with the requests of a crawl that is run as *options* say.

    Raises:
        BadInput: a header that was typed is none.
    """

    def __init__(self, options: CrawlOptions) -> None:
        given = [parse_header(text) for text in options.headers]
        if options.http_user is not None:
            secret = f"{options.http_user}:{options.http_password or ''}".encode()
            given.append(("Authorization", "Basic " + b64encode(secret).decode("ascii")))
        named = {name.lower() for name, _ in given}
        if options.contact is not None and "from" not in named and _MAIL.fullmatch(options.contact):
            given.insert(0, ("From", options.contact))  # RFC 9110, 10.1.2
        added = tuple(field for field in given if field[0].lower() not in ("authorization", "cookie"))
        agent = ("User-Agent", options.user_agent)
        self._page = _with((agent, _ACCEPT_PAGE, *_ACCEPT), added)
        self._requisite = _with((agent, _ACCEPT_ANY, *_ACCEPT), added)
        self._authorization = tuple(field for field in given if field[0].lower() == "authorization")
        self._hosts = frozenset(urlsplit(seed).netloc for seed in options.seeds)
        self._cookies = [value for name, value in given if name.lower() == "cookie"]

    def fields(self, url: str, *, requisite: bool, referrer: str | None = None, cookies: str | None = None) -> Headers:
        """The fields of a request for *url*, Host left out."""
        fields = self._requisite if requisite else self._page
        if self._authorization and urlsplit(url).netloc in self._hosts:
            fields = (*fields, *self._authorization)
        if referrer is not None:
            fields = (*fields, ("Referer", referrer))
        return fields if cookies is None else (*fields, ("Cookie", cookies))

    @property
    def page(self) -> Headers:
        """The fields that every request for a page has."""
        return self._page

    @property
    def cookies(self) -> tuple[Cookie, ...]:
        """The cookies of a Cookie header that was typed: for the hosts of the seeds."""
        pairs = [pair.partition("=") for value in self._cookies for pair in value.split(";") if "=" in pair]
        hosts = {urlsplit(f"//{netloc}").hostname or "" for netloc in self._hosts}
        return tuple(Cookie(name.strip(), value.strip(), host) for host in sorted(hosts) for name, _, value in pairs)


def _with(fields: Headers, added: Headers) -> Headers:
    names = {name.lower() for name, _ in added}
    return (*(field for field in fields if field[0].lower() not in names), *added)
