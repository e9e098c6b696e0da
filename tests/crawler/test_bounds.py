"""A crawl of a site that has every page under many spellings, and lists without end: each article once, and an end."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from crawled_site import broadsheet, crawl, frontier

from broadsheet.crawler.state.url import State

ARTICLES = 12
LIMIT = 400  # requests after which the site has no more pages: a crawl that does not end fails, and ends
_ARTICLE = re.compile(r"/story-(\d+)")


def page(title: str, links: list[str], lines: int = 8, head: str = "") -> str:
    text = " ".join(f"Line {line} of {title} says what the others say about the town." for line in range(lines))
    anchors = "".join(f'<a href="{link}">more</a> ' for link in links)
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p>{anchors}</body></html>"


def answer(target: str, base: str) -> str | tuple[int, str] | None:
    """The page at *target*; a redirect; None: there is no such page."""
    path, _, query = target.partition("?")
    found = _ARTICLE.match(path)
    if found and int(found[1]) < ARTICLES:
        plain = f"/story-{found[1]}/"
        if path == plain[:-1]:
            return 301, base + plain
        if path not in (plain, f"{plain}index.html", f"{plain}print/"):
            return None
        spellings = ["index.html", "print/", "?print=1", "?from=home", "?utm_source=x", "?b=2&a=1", "?a=1&b=2"]
        links = ["/", plain[:-1], *(plain + spelling for spelling in spellings), f"/login?next={plain}"]
        head = f'<link rel=canonical href="{base}{plain}">' if int(found[1]) % 2 else ""
        return page(f"Story number {found[1]}", links, 60, head)
    if path == "/":
        traps = [
            "/calendar/2026/11/",
            "/shop?color=red",
            "/r/0",
            "/x/",
            f"/in?zid={hashlib.md5(target.encode()).hexdigest()}",
        ]
        return page("Home", [*(f"/story-{number}/" for number in range(6)), "/page/2/", *traps])
    if path == "/page/2/":
        return page("Older", [f"/story-{number}/" for number in range(6, ARTICLES)])
    if path == "/login":
        return page("Log in", ["/"])
    if found := re.fullmatch(r"/calendar/(\d+)/(\d+)/", path):
        year, month = int(found[1]), int(found[2])
        return page(
            f"{year} {month}",
            [f"/calendar/{year + month // 12}/{month % 12 + 1:02d}/", f"/calendar/{year - 1}/{month:02d}/"],
        )
    if path == "/shop":
        return page(f"Shop {query}", [f"/shop?{query}&f{len(query)}={value}" for value in "abc"])
    if path.startswith("/r/"):
        return page(path, [f"/r/{hashlib.md5((path + str(number)).encode()).hexdigest()[:9]}" for number in range(3)])
    if path.startswith("/x/"):
        return page("Nothing here", ["y/", "z/"])
    if path == "/in":
        return page(
            "Inside", [f"/in?zid={hashlib.md5((query + str(number)).encode()).hexdigest()}" for number in range(3)]
        )
    return None


class Server:
    def __init__(self) -> None:
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                made = answer(self.path, site.url) if len(site.asked) <= LIMIT else None
                status, body = (200, made) if isinstance(made, str) else (made[0], "") if made else (404, "<p>no")
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body.encode())))
                if isinstance(made, tuple):
                    self.send_header("Location", made[1])
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def articles(self) -> Counter[int]:
        return Counter(int(found[1]) for path in self.asked if (found := _ARTICLE.match(path)))


@contextmanager
def serving() -> Iterator[Server]:
    site = Server()
    threading.Thread(target=site.server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()


def test_each_article_is_asked_for_once_or_twice_and_no_list_without_end_keeps_the_crawl(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    options = ("--no-requisites", "--no-extract")
    with serving() as site:
        code, _, _ = crawl(folder, site.url + "/", *options)
        first = len(site.asked)
        times = site.articles()
        again, summary, _ = crawl(folder, site.url + "/", *options)
        assert (again, summary["end"], len(site.asked)) == (0, "already finished", first)
        account = json.loads(broadsheet("explain", folder, f"{site.url}/story-3/?from=home", "--json"))
        dropped = json.loads(broadsheet("explain", folder, "http://elsewhere.example/", "--json"))
        by_ftp = json.loads(broadsheet("explain", folder, "ftp://files.example/x", "--json"))
        report = broadsheet("report", folder, "--json")
        # the same command with an option takes what was left out
        crawl(folder, site.url + "/", "--variants", *options)
        taken = site.articles()
    assert code == 0
    assert sorted(times) == list(range(ARTICLES))
    assert max(times.values()) <= 3
    assert sum(times.values()) <= 2 * ARTICLES
    assert first <= 5 * (ARTICLES + 3)
    assert sum(path.startswith("/login") for path in site.asked[:first]) == 1
    assert taken.total() > 3 * ARTICLES
    assert (account["state"], account["variant_of"]) == ("left out", f"{site.url}/story-3/")
    assert "variant: parameter from" in account["verdict"]
    assert "only http and https are fetched" in by_ftp["verdict"]
    assert (dropped["state"], dropped["in_scope"]) == (None, False)
    left = {one["reason"]: one["count"] for one in json.loads(report)["facts"]["left_out"]}
    assert left["no new articles"] > 0
    assert any(reason.startswith("variant: ") for reason in left)


def test_max_pages_takes_the_newest_and_since_leaves_the_rest(tmp_path: Path) -> None:
    from crawled_site import Answer
    from crawled_site import serving as serving_answers

    urls = [(f"{{base}}/2026/{1 + number // 28:02d}/{1 + number % 28:02d}/a-{number}/", number) for number in range(40)]
    answers = {"/": Answer(page("Home", []).encode())}
    for part in range(4):
        entries = "".join(
            f"<url><loc>{url}</loc><lastmod>2026-{1 + number // 28:02d}-{1 + number % 28:02d}</lastmod></url>"
            for url, number in urls[part * 10 : part * 10 + 10]
        )
        answers[f"/s{part}.xml"] = Answer(f"<urlset>{entries}</urlset>".encode(), "application/xml")
    index = "".join(f"<sitemap><loc>{{base}}/s{part}.xml</loc></sitemap>" for part in range(4))
    answers["/sitemap.xml"] = Answer(f"<sitemapindex>{index}</sitemapindex>".encode(), "application/xml")
    for url, number in urls:
        answers[url.removeprefix("{base}")] = Answer(page(f"Story {number}", []).encode())
    options = ("--no-requisites", "--no-extract")
    with serving_answers(answers) as site:
        crawl(tmp_path / "few", site.url + "/", "--max-pages", "8", "--concurrency", "1", *options)
        asked = [path for path in site.paths() if "/a-" in path]
        assert [int(path.split("-")[-1].strip("/")) for path in asked] == list(range(39, 32, -1))
        before = site.paths()[: site.paths().index(asked[0])]
        assert sum(path.startswith("/s") and path != "/sitemap.xml" for path in before) <= 2
        site.asked.clear()
        crawl(tmp_path / "new", site.url + "/", "--since", "2026-02-08", *options)
        assert sorted(int(path.split("-")[-1].strip("/")) for path in site.paths() if "/a-" in path)[0] >= 34
        assert sum("/a-" in path for path in site.paths()) >= 5
        rules = json.loads(broadsheet("report", tmp_path / "new", "--json"))["facts"]["left_out"]
        assert any(one["reason"] == "before --since" for one in rules)
        assert all(state is not State.REFUSED for state, _ in frontier(tmp_path / "new").values())
