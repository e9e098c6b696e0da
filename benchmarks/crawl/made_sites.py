"""Sites for articles.py: each article under many URLs, lists without end, and articles that only a list for scripts names.

A site is a function from a target (path and query) and its own base URL to an answer; nothing of it lies on disk.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

WORDS = [
    f"{a}{b}{c}" for a in ("ba", "co", "di", "fu", "ge") for b in ("ra", "lo", "mi", "nu") for c in ("st", "rn", "ck")
]
STORY = re.compile(r"/story-(\d+)")
LINES = 24  # of a story
TRAPPED = 24  # articles of a site with a trap


@dataclass(frozen=True, slots=True)
class Made:
    """An answer: a page, unless *kind* or *location* says another thing."""

    body: str = ""
    kind: str = "text/html; charset=utf-8"
    location: str | None = None
    link: str | None = None  # a header


Answer = Callable[[str, str], "Made | None"]  # of a target and the base URL; None: 404


@dataclass(frozen=True, slots=True)
class Site:
    """*pages*: what a crawl has to ask for, articles, lists that lead to them and the home page."""

    name: str
    articles: int
    pages: int
    answer: Answer


def day(number: int) -> str:
    return f"2026/{1 + number // 28:02d}/{1 + number % 28:02d}"


def path_of(number: int) -> str:
    return f"/{day(number)}/story-{number}/"


def page(title: str, text: str, links: list[str], head: str = "") -> Made:
    anchors = "".join(f"<p><a href='{link}'>{link}</a></p>" for link in links)
    return Made(
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p>{anchors}</body></html>"
    )


def story(number: int, links: list[str], head: str = "") -> Made:
    rng = random.Random(number)
    text = " ".join(" ".join(rng.choices(WORDS, k=9)) + "." for _ in range(LINES))
    return page(f"Story number {number}", text, links, head)


def made_up(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:10]


# -- a blog, and twelve articles in eight spellings


def blog(target: str, base: str) -> Made | None:
    """30 articles, 14 URLs each, and 110 lists of them."""
    path, _, query = target.partition("?")
    if found := STORY.search(path):
        return _blog_story(int(found[1]), path, base)
    if path == "/" and query.startswith("p="):
        return Made(location=base + path_of(int(query[2:])))
    found = re.fullmatch(r"/(?:(tag/t\d+|author/a\d|2026|2026/\d\d|2026/\d\d/\d\d)/)?(?:page/(\d+)/)?", path)
    if found is None:
        return Made("<rss version='2.0'><channel/></rss>", "application/rss+xml") if path.endswith("feed/") else None
    group, number = found[1] or "", int(found[2] or 1)
    members = [one for one in range(29, -1, -1) if _is_in(one, group)]
    shown = members[(number - 1) * 4 : number * 4]
    if not shown:
        return None
    before = f"/{group}/" if group else "/"
    links = [path_of(one) for one in shown] + [f"/tag/t{tag}/" for tag in range(12)] + [f"{before}feed/"]
    links += [f"{before}page/{number + 1}/"] if len(members) > number * 4 else []
    return page(f"List {path}", "What was written.", [*links, *(f"{before}?orderby={by}" for by in ("date", "title"))])


def _is_in(one: int, group: str) -> bool:
    if group.startswith("tag/"):
        return any((one * 7 + step * 3) % 12 == int(group[5:]) for step in range(6))
    return one % 3 == int(group[-1]) if group.startswith("author") else day(one).startswith(group)


def _blog_story(number: int, path: str, base: str) -> Made | None:
    plain = path_of(number)
    if path.endswith("/trackback/") or path == plain[:-1]:
        return Made(location=base + plain)
    if path.endswith("/feed/"):
        return Made(
            f"<rss version='2.0'><channel><item><link>{base}{plain}</link></item></channel></rss>",
            "application/rss+xml",
        )
    ways = ["?replytocom=1", "?share=email", "amp/", "?amp=1", "feed/", "print/", "?print=1", "?utm_source=home"]
    ways += ["?ref=related", "trackback/", "comment-page-1/", "?fbclid=abc", f"?PHPSESSID={number:032x}"]
    links = [
        "/",
        *(plain + way for way in ways),
        plain[:-1],
        f"/?p={number}",
        f"{path_of((number + 1) % 30)}?from=related",
    ]
    links += [f"/tag/t{(number * 7 + step * 3) % 12}/" for step in range(6)]
    links += [
        f"/author/a{number % 3}/",
        "/2026/",
        f"/{day(number)[:7]}/",
        f"/{day(number)}/",
        path_of((number + 1) % 30),
    ]
    head = f"<link rel=canonical href='{base}{plain}'><link rel=amphtml href='{plain}amp/'>"
    return story(number, links, head)


def spellings(target: str, _base: str) -> Made | None:
    """12 articles, eight URLs each."""
    path = target.partition("?")[0]
    ways = ("", "index.html", "print/", "?print=1", "?from=home", "?b=2&a=1", "?a=1&b=2", "amp/")
    if found := re.fullmatch(r"/story-(\d+)/(?:index\.html|print/|amp/)?", path):
        return (
            story(int(found[1]), ["/", *(f"/story-{found[1]}/{way}" for way in ways)]) if int(found[1]) < 12 else None
        )
    return page("Home", "All of it.", [f"/story-{number}/" for number in range(12)]) if target == "/" else None


# -- lists without end


def trapped(name: str, beginnings: tuple[str, ...], *traps: Answer) -> Site:
    """24 articles on two pages of a list, and *traps* that the first of them and each article leads to."""

    def answer(target: str, base: str) -> Made | None:
        path = target.partition("?")[0]
        if target in ("/", "/page/2/"):
            first = 0 if target == "/" else TRAPPED // 2
            numbers = range(first, first + TRAPPED // 2)
            return page(
                f"News {target}", "The news.", [*(f"/story-{n}-of-the-town/" for n in numbers), "/page/2/", *beginnings]
            )
        if found := re.fullmatch(r"/story-(\d+)-of-the-town/", path):
            return story(int(found[1]), ["/", *beginnings]) if int(found[1]) < TRAPPED and target == path else None
        return next((made for trap in traps if (made := trap(target, base)) is not None), None)

    return Site(name, TRAPPED, TRAPPED + 2, answer)


def trap(pattern: str, title: str, text: str, links: Callable[[re.Match[str], str], list[str]]) -> Answer:
    """Pages at targets that match *pattern*, each of which names more of them."""
    wanted = re.compile(pattern)

    def answer(target: str, _base: str) -> Made | None:
        found = wanted.fullmatch(target)
        return found and page(title.format(*found.groups(), target=target), text, links(found, target))

    return answer


def _months(found: re.Match[str], _target: str) -> list[str]:
    year, month = int(found[1]), int(found[2])
    return [f"/calendar/{year + month // 12}/{month % 12 + 1:02d}/", f"/calendar/{year - 1}/{month:02d}/"]


LONG = "Of what else there is to say of this, all was said before, and it is said here once again. " * 25
NUMBERS = trap(r"/n/(\d+)/", "Page {0}", "More.", lambda m, _: [f"/n/{int(m[1]) + 1}/", f"/n/{2 * int(m[1])}/"])
QUERY = trap(
    r"/list\?from=(\d+)", "From {0}", "More.", lambda m, _: [f"/list?from={int(m[1]) + step}" for step in (1, 5)]
)
CALENDAR = trap(r"/calendar/(\d+)/(\d+)/", "Month {0} {1}", "No events are planned.", _months)
DAYS = trap(
    r"/day\?d=(\d+)", "Day {0}", "No events.", lambda m, _: [f"/day?d={int(m[1]) + step}" for step in (-1, 1, 7)]
)
LONG_DAYS = trap(r"/days/(\d+)", "Day {0}", LONG, lambda m, _: [f"/days/{int(m[1]) + step}" for step in (1, 2)])
FACETS = trap(
    r"/shop\?(.*)", "Shop {0}", "Things.", lambda m, _: [f"/shop?{m[1]}&f{m[1].count('=')}={v}" for v in "abc"]
)
FACET_PATHS = trap(
    r"/shop/(.*)", "Shop {0}", "Things.", lambda _, t: [f"{t}{name}/" for name in ("red", "large", "new")]
)
SESSIONS = trap(r"/in\?zid=(\w+)", "Inside", "Welcome.", lambda m, _: [f"/in?zid={made_up(m[1] + n)}" for n in "ab"])
SESSION_PATHS = trap(
    r"/s-(\w+)/inside", "Inside", "Welcome.", lambda m, _: [f"/s-{made_up(m[1] + n)}/inside" for n in "ab"]
)
GROWING = trap(r"/find\?.*", "Find", "Nothing was found.", lambda _, t: [f"{t}&more=1", f"{t}&less=1"])
GROWING_PATH = trap(r"/deep/.*", "Deeper", "Go on.", lambda _, t: [f"{t}{name}/" for name in ("left", "right")])
RANDOM = trap(r"/r/(\w+)", "{0}", "Look around.", lambda m, _: [f"/r/{made_up(m[1] + n)}" for n in "abc"])
SLUGS = trap(r"/go/(.*)", "{0}", "Look around.", lambda m, _: [f"/go/more-of-{made_up(m[1] + n)}-here" for n in "ab"])
SOFT = trap(r"/gone.*", "Sorry", "That page is not here.", lambda _, t: [f"{t}/x", f"{t}/y"])
ECHO = trap(r"/lost.*", "{target} is lost", "Look for it elsewhere.", lambda _, t: [f"{t}/x", f"/lost-{made_up(t)}"])
RELATIVE = trap(r"/rel/.*", "Nothing here", "Go on.", lambda *_: ["a/", "b/"])

TRAPS = (
    trapped("numbers in the path", ("/n/1/",), NUMBERS),
    trapped("numbers in the query", ("/list?from=1",), QUERY),
    trapped("calendar of months", ("/calendar/2026/11/",), CALENDAR),
    trapped("calendar of days", ("/day?d=20000",), DAYS),
    trapped("calendar with much text", ("/days/100",), LONG_DAYS),
    trapped("facets in the query", ("/shop?color=red",), FACETS),
    trapped("facets in the path", ("/shop/all/",), FACET_PATHS),
    trapped("sessions in the query", ("/in?zid=a1",), SESSIONS),
    trapped("sessions in the path", ("/s-a1b2/inside",), SESSION_PATHS),
    trapped("growing query", ("/find?q=town",), GROWING),
    trapped("growing path", ("/deep/",), GROWING_PATH),
    trapped("random names", ("/r/a",), RANDOM),
    trapped("random slugs", ("/go/more-of-it-here",), SLUGS),
    trapped("soft 404", ("/gone-away",), SOFT),
    trapped("soft 404 that says its URL", ("/lost-page",), ECHO),
    trapped("soft 404, relative links", ("/rel/a/",), RELATIVE),
    trapped("calendar and facets", ("/calendar/2026/11/", "/shop?color=red"), CALENDAR, FACETS),
    trapped("sessions and random names", ("/in?zid=a1", "/r/a"), SESSIONS, RANDOM),
    trapped("soft 404 and numbers", ("/gone-away", "/n/1/"), SOFT, NUMBERS),
    trapped("growing query and days", ("/find?q=town", "/day?d=20000"), GROWING, DAYS),
)


# -- articles that only a list for scripts names


def wordpress(target: str, base: str) -> Made | None:
    path, _, query = target.partition("?")
    if target == "/":
        return Made(page("Home", "Welcome.", []).body, link=f'<{base}/wp-json/>; rel="https://api.w.org/"')
    if path == "/wp-json/":
        return Made(json.dumps({"routes": {"/wp/v2/posts": {}}}), "application/json")
    if path == "/wp-json/wp/v2/posts":
        asked = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair)
        size, number = int(asked.get("per_page", 10)), int(asked.get("page", 1))
        posts = [{"link": base + path_of(one)} for one in range(59, -1, -1)[(number - 1) * size : number * size]]
        return Made(json.dumps(posts), "application/json")
    return _story_of_60(path)


def paged_feed(target: str, base: str) -> Made | None:
    path, _, query = target.partition("?")
    if target == "/":
        return page("Home", "Welcome.", [], "<link rel=alternate type='application/rss+xml' href='/feed/'>")
    if path == "/feed/":
        number = int(query.removeprefix("paged=") or 1)
        shown = range(59, -1, -1)[(number - 1) * 10 : number * 10]
        items = "".join(f"<item><link>{base}{path_of(one)}</link></item>" for one in shown)
        generator = "<generator>https://wordpress.org/?v=6.4</generator>"
        return (
            Made(f"<rss version='2.0'><channel>{generator}{items}</channel></rss>", "application/rss+xml")
            if shown
            else None
        )
    return _story_of_60(path)


def json_list(target: str, _base: str) -> Made | None:
    path, _, query = target.partition("?")
    if target == "/":
        return page("Home", "<script>fetch('/api/posts?page=1').then(show)</script>", [])
    if path == "/api/posts":
        number = int(query.removeprefix("page=") or 1)
        shown = range(59, -1, -1)[(number - 1) * 20 : number * 20]
        more = f"/api/posts?page={number + 1}" if shown and shown[-1] else None
        return Made(json.dumps({"posts": [{"url": path_of(one)} for one in shown], "next": more}), "application/json")
    return _story_of_60(path)


def _story_of_60(path: str) -> Made | None:
    found = STORY.search(path)
    return story(int(found[1]), ["/"]) if found and path == path_of(int(found[1])) and int(found[1]) < 60 else None


def dated(target: str, base: str) -> Made | None:
    """60 articles in an index of 12 sitemaps, the oldest first, and a news sitemap."""
    if target == "/robots.txt":
        return Made(f"User-agent: *\nSitemap: {base}/index.xml\nSitemap: {base}/news.xml\n", "text/plain")
    if target == "/index.xml":
        children = "".join(f"<sitemap><loc>{base}/part-{part}.xml</loc></sitemap>" for part in range(12))
        return Made(f"<sitemapindex>{children}</sitemapindex>", "application/xml")
    found = re.fullmatch(r"/(?:part-(\d+)|news)\.xml", target)
    if found:
        first = 55 if found[1] is None else int(found[1]) * 5
        entries = "".join(
            f"<url><loc>{base}{path_of(one)}</loc><lastmod>{day(one).replace('/', '-')}</lastmod></url>"
            for one in range(first, first + 5)
        )
        return Made(f"<urlset>{entries}</urlset>", "application/xml")
    return page("Home", "Welcome.", []) if target == "/" else _story_of_60(target)


BLOG, SPELLINGS = Site("blog", 30, 31, blog), Site("eight spellings", 12, 13, spellings)
DATED = Site("index of sitemaps", 60, 60, dated)
LISTS = tuple(
    Site(name, 60, 61, answer)
    for name, answer in (("WordPress REST", wordpress), ("paged feed", paged_feed), ("JSON list", json_list))
)
