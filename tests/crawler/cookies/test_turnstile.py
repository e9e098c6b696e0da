"""Which redirects are asked again when a cookie has come, and which never."""

from __future__ import annotations

from broadsheet.crawler.cookies.turnstile import AGAIN, Turnstiles
from broadsheet.crawler.frontier.queues import Visit


class Seen:
    """Turnstiles over a site where one cookie goes everywhere."""

    def __init__(self) -> None:
        self.cookie: str | None = None
        self.turnstiles = Turnstiles(lambda _url: self.cookie)

    def redirected(self, url: str, target: str, sets: str | None = None) -> list[str]:
        sent, self.cookie = self.cookie, sets or self.cookie
        visit = Visit(url.encode(), url, "e.org", 0, "L", None, 0)
        return [again.url for again in self.turnstiles.redirected(visit, sent, target, sets=sets is not None)]


def test_a_url_that_redirects_to_itself_until_it_has_set_a_cookie() -> None:
    site = Seen()
    assert site.redirected("/a", "/a", sets="c=1") == ["/a"]
    assert site.redirected("/b", "/b") == []  # the cookie was sent, and it is not what the page wants
    assert site.redirected("/c", "/c", sets="c=2") == ["/c"]


def test_all_that_wait_at_a_check_are_asked_again_and_the_check_is_not() -> None:
    site = Seen()
    assert site.redirected("/a", "/check") == []
    assert site.redirected("/b", "/check") == []
    assert site.redirected("/check", "/a", sets="c=1") == ["/a", "/b"]
    seen = Seen()
    assert seen.redirected("/a", "/check?/a") == []
    assert seen.redirected("/check?/a", "/a", sets="c=1") == ["/a"]


def test_a_chain_of_checks() -> None:
    site = Seen()
    assert site.redirected("/a", "/one") == []
    assert site.redirected("/one", "/two") == []
    assert "/a" in site.redirected("/two", "/a", sets="c=1")


def test_redirects_that_set_cookies_and_lead_on_are_not_repeated() -> None:
    site = Seen()
    assert site.redirected("/old", "/new", sets="c=1") == []
    assert site.redirected("/new", "/newest", sets="c=2") == []
    assert site.redirected("/loop", "/pool") == []
    assert site.redirected("/pool", "/loop") == []  # a circle, but nothing in it sets a cookie


def test_a_server_that_counts_does_not_hold_the_crawl() -> None:
    site = Seen()
    asked = [site.redirected("/a", "/a", sets=f"n={number}") for number in range(AGAIN + 3)]
    assert asked == [["/a"]] * AGAIN + [[]] * 3
