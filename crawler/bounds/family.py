"""Which URLs may be the same page under other spellings: a family, and the rules by which its members differ.

A rule is a guess that a site can prove or refute (rules.py): ``slash``, ``index``, ``http``, ``www``, ``mobile``, ``case``,
``double slash``, ``order`` (of parameters), ``amp``, ``print``, ``share``, ``feed``, ``comment page``, ``trackback``,
``embed``, ``session``, and ``parameter NAME`` for each parameter.  Nothing is folded because two URLs are of one family: that
only says which pages to hold against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from broadsheet.crawler.bounds.form import path_shape, split_url
from broadsheet.crawler.discovery.urls import dedupe_key

_INDEX = re.compile(r"/(?:index|default|home)\.(?:s?html?|php\d?|aspx?|jsp|cfm)$", re.IGNORECASE)
_SESSION = re.compile(r"/(?:\([a-z]\([0-9a-z]{12,}\)\)|(?:sid|session|s)[=-][0-9a-z]{12,})(?=/)", re.IGNORECASE)
_SUFFIXES = (
    (re.compile(r"(?:/amp|\.amp)(?=$|\.html?$)", re.IGNORECASE), "amp"),
    (re.compile(r"(?:/print(?:able|er|version)?|[._-]print)(?=$|\.html?$)", re.IGNORECASE), "print"),
    (re.compile(r"(?<=[^/])/(?:feed(?:/(?:atom|rss2?|rdf))?|rss|atom|(?:feed|rss|atom|index)\.(?:xml|rss|rdf))$"), "feed"),
    (re.compile(r"/comment-page-\d+$"), "comment page"),
    (re.compile(r"/trackback$"), "trackback"),
    (re.compile(r"/embed$"), "embed"),
    (re.compile(r"/(?:share|email|send|mailto)$"), "share"),
)  # fmt: skip
# A path without any of these has none of the endings above: one look instead of fifteen.
_ENDINGS = re.compile("index|default|home|amp|print|feed|rss|atom|comment-page|trackback|embed|share|email|send|mailto")
_WITHOUT_SLASH = frozenset(("index", "amp", "print", "feed", "comment page", "trackback", "embed", "share"))
_PREFIXES = ((re.compile(r"^/amp(?=/.)"), "amp"), (re.compile(r"^/print(?=/.)"), "print"))
_HOSTS = (("www.", "www"), ("m.", "mobile"), ("mobile.", "mobile"), ("amp.", "amp"))
# Names that mean the same on every site that has them, so that one proof is enough for a site.
_WELL_KNOWN = {
    **dict.fromkeys(("amp", "outputtype", "amphtml"), "amp"),
    **dict.fromkeys(("print", "printable", "printview", "print_view"), "print"),
    **dict.fromkeys(("share", "shared", "sharer", "ref", "ref_src", "ref_url", "referrer"), "share"),
    **dict.fromkeys(("orderby", "order_by", "sortby", "sort_by", "sortorder", "sort_order"), "sort"),
    **dict.fromkeys(("sid", "sessionid", "session_id", "session", "oscsid", "zenid", "cfid", "cftoken"), "session"),
}  # fmt: skip
_DIGITS = re.compile(r"\d+")
_LOGIN = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|sign-?on|auth|sso|wp-login\.php|account|anmelden|connexion)(?:$|[/._-])",
    re.IGNORECASE,
)
_LOGIN_FOR = re.compile(r"(.*/(?:log-?in|sign-?in))/+(.+)", re.IGNORECASE)  # /login/story-1: to come back to it
_BACK = re.compile(r"^(?:%2f|/|https?(?::|%3a))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """A URL as a member of its family.

    ``site`` is the host without "www.".  ``key`` names the family.  ``ways`` are the rules by which the URL departs from the
    family's plainest spelling; ``values`` those parameters that are not part of the key.
    """

    url: str
    site: str
    key: int
    ways: frozenset[str]
    values: tuple[tuple[str, str], ...] = ()
    login: bool = False

    def differs_from(self, other: Member) -> frozenset[str]:
        """The rules that must hold for this URL to be the same page as *other*, of the same family."""
        rules = self.ways ^ other.ways
        if self.values != other.values:
            mine, its = dict(self.values), dict(other.values)
            rules |= {name for name in mine.keys() | its.keys() if mine.get(name) != its.get(name)}
        return rules or frozenset(("order",))


def site_of(host: str) -> str:
    """The *host* (with its port) without "www."."""
    return host.removeprefix("www.")


def member(url: str, refuted: Callable[[str], bool]) -> Member:
    """*url*, normalised, in its family.  *refuted* says whether a rule does not hold on the site."""
    ways: set[str] = set()
    host, path, query = split_url(dedupe_key(url))
    site = site_of(host)
    if url.startswith("http:"):
        ways.add("http")
    for prefix, rule in _HOSTS:
        if host.startswith(prefix) and host.count(".") > 1 and not refuted(rule):
            host = host[len(prefix) :]
            ways.add(rule)
            break
    path = _plain_path(path, ways, refuted)
    values: list[tuple[str, str]] = []
    kept: list[str] = []
    login = bool(_LOGIN.search(path))
    if login and (back := _LOGIN_FOR.fullmatch(path)) is not None:
        path = back[1]
        values.append(("login", back[2]))
    pairs = [pair for pair in query.split("&") if pair] if query else []
    for pair in pairs:
        name, _, value = pair.partition("=")
        if login and _BACK.match(value):
            values.append(("login", value))
            continue
        rule = parameter_rule(name, path)
        if refuted(rule):
            kept.append(pair)
        else:
            values.append((rule, f"{name}={value}"))
    plain = sorted(dict.fromkeys(kept))
    if plain != kept or ("?" in url and not pairs):
        ways.add("order")
    text = f"{host}{path}?{'&'.join(plain)}"
    key = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
    return Member(url, site, key, frozenset(ways), tuple(sorted(values)), login)


def parameter_rule(name: str, path: str) -> str:
    """The rule that the parameter *name* says nothing of what is read at *path*: of the whole site where the name is a usual
    one, of like paths else."""
    low = name.lower()
    known = _WELL_KNOWN.get(low)
    return f"parameter {low}" if known else f"parameter {_DIGITS.sub('#', low)[:40]} at {path_shape(path)[:80]}"


def is_usual(rule: str) -> bool:
    """Whether *rule* is one that most sites keep, so that one proof will do."""
    return " at /" not in rule


def _plain_path(path: str, ways: set[str], refuted: Callable[[str], bool]) -> str:
    if "//" in path and not refuted("double slash"):
        path = re.sub("//+", "/", path)
        ways.add("double slash")
    if "(" in path or "=" in path:
        path = _without(_SESSION, "", path, "session", ways, refuted)
    slash = path.endswith("/")
    path = path.rstrip("/") if not refuted("slash") else path
    if not slash and path:
        ways.add("slash")
    if _ENDINGS.search(path.lower()):
        path = _without_endings(path, ways, refuted)
    if not path or ways & _WITHOUT_SLASH:
        ways.discard("slash")  # it says nothing there
    low = path.lower()
    if low != path and not refuted("case"):
        path = low
        ways.add("case")
    return path


def _without_endings(path: str, ways: set[str], refuted: Callable[[str], bool]) -> str:
    for pattern, rule in _PREFIXES:
        path = _without(pattern, "", path, rule, ways, refuted)
    path = _without(_INDEX, "", path, "index", ways, refuted)
    for _ in range(2):
        for pattern, rule in _SUFFIXES:
            path = _without(pattern, "", path, rule, ways, refuted)
    return path


def without_session(path: str) -> str:
    """*path* without a session in it."""
    return _SESSION.sub("", path)


def _without(
    pattern: re.Pattern[str], by: str, path: str, rule: str, ways: set[str], refuted: Callable[[str], bool]
) -> str:
    changed, count = pattern.subn(by, path)
    if not count or refuted(rule):
        return path
    ways.add(rule)
    return changed
