"""Sites that show fewer articles than prove what an article is there: what is made up without end ends, honest pages do not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
from simulated_crawl import asked_of

from broadsheet.crawler.bounds import yields

PAGES = 90  # of an honest site
Made = Callable[[str], str | None]


def page(title: str, text: str, links: list[str]) -> str:
    anchors = "".join(f"<p><a href='{link}'>more</a></p>" for link in links)
    return f"<title>{title}</title><h1>{title}</h1><p>{text}</p>{anchors}"


def soft_404(target: str) -> str | None:
    if not target.startswith("/gone"):
        return None
    return page("Sorry", "We could not find that page.", [f"{target}/x", f"{target}/y"])


def calendar(target: str) -> str | None:
    found = re.fullmatch(r"/day\?d=(\d+)", target)
    if found is None:
        return None
    return page(f"Day {found[1]}", "There are no events.", [f"/day?d={int(found[1]) + step}" for step in (1, 7)])


def random_links(target: str) -> str | None:
    if not target.startswith("/r/"):
        return None
    return page(
        "More", "Look around.", [f"/r/{hashlib.md5(f'{target}{n}'.encode()).hexdigest()[:9]}" for n in range(2)]
    )


def long_calendar(target: str) -> str | None:
    made = calendar(target)
    return made and made.replace("no events", "no events, but much can be read here of all that might have been " * 40)


def numbered(what: Callable[[int], str]) -> Made:
    def answer(target: str) -> str | None:
        found = re.fullmatch(r"/n/(\d+)", target)
        number = int(found[1]) if found else PAGES
        return what(number) if number < PAGES else None

    return answer


def letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")


pictures = numbered(lambda number: page(f"Picture {number}", f"<img src=/i/{number}.jpg>", [f"/n/{number + 1}"]))
titles = numbered(lambda number: page(f"Of {letters(number)}", "A page of ours.", [f"/n/{number + 1}"]))
words = numbered(
    lambda n: page(f"Word {n}", f"It means {letters(n)} or {letters(n)}s.", [f"/n/{n + 1}", f"/n/{n - 1}"])
)


def site(articles: int, beginning: str, others: Made) -> Made:
    def answer(target: str) -> str | None:
        if target == "/":
            return page(
                "Home", "All that we have.", [f"/2026/01/02/a-story-{n}/" for n in range(articles)] + [beginning]
            )
        if target.startswith("/2026/") and int(target.strip("/").rpartition("-")[2]) < articles:
            return page(f"Story {target}", f"What {hashlib.sha256(target.encode()).hexdigest()} says.", [])
        return others(target)

    return answer


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawl of a tenth of the pages shows the same."""
    monkeypatch.setattr(yields, "_HOLLOW", 40)


@pytest.mark.parametrize(
    ("beginning", "trap"),
    [("/gone", soft_404), ("/day?d=1", calendar), ("/r/0", random_links), ("/day?d=1", long_calendar)],
)
@pytest.mark.parametrize("articles", [0, 2])
def test_a_trap_ends_on_a_site_of_few_articles(articles: int, beginning: str, trap: Made) -> None:
    asked = asked_of(site(articles, beginning, trap), most=200)
    assert len(asked) <= 100
    assert sum("a-story" in target for target in asked) == articles


def test_a_trap_whose_urls_look_like_the_articles_ends() -> None:
    def answer(target: str) -> str | None:
        if target == "/":
            return page(
                "Home", "All that we have.", [f"/a-story-{n}-of-ours" for n in range(12)] + ["/gone-for-good-1"]
            )
        if target.startswith("/a-story"):
            return page(f"Story {target}", " ".join(letters(ord(char) * n) for n, char in enumerate(target * 4)), [])
        return page("Sorry", "We could not find that page.", [f"/gone-for-good-{len(target)}{target[-6:]}"])

    asked = asked_of(answer, most=400)
    assert sum("a-story" in target for target in asked) == 12
    assert len(asked) <= 60


def test_a_list_of_many_pages_with_little_on_each_is_read_to_its_end() -> None:
    def answer(target: str) -> str | None:
        if target == "/" or target.startswith("/page/"):
            number = int(target.strip("/").rpartition("/")[2] or 1)
            return page(f"News {number}", "", [f"/s/{number}", f"/page/{number + 1}/"]) if number < 60 else None
        if not re.fullmatch(r"/s/\d+", target):
            return None  # a feed is looked for
        return page(f"Of {letters(int(target[3:]))}", hashlib.sha256(target.encode()).hexdigest() * 9, [])

    asked = asked_of(answer, most=200)
    assert {f"/s/{number}" for number in range(1, 60)} <= set(asked)


@pytest.mark.parametrize("honest", [pictures, titles, words])
def test_pages_that_look_alike_are_read_to_the_last(honest: Made) -> None:
    asked = asked_of(site(2, "/n/0", honest), most=2 * PAGES)
    assert {f"/n/{number}" for number in range(PAGES)} <= set(asked)
