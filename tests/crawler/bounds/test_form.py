"""What the form of a URL says: a date, an article or a list, and which URLs are counted together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.crawler.bounds.form import UrlForm, date_in, form_of, shape_of


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/2026/01/05/a-story/", UrlForm.DATED_ARTICLE),
        ("/news/2026-01-05-the-story.html", UrlForm.DATED_ARTICLE),
        ("/20260105/story", UrlForm.DATED_ARTICLE),
        ("/the-mayor-of-the-town", UrlForm.ARTICLE),
        ("/story-17/", UrlForm.ARTICLE),
        ("/", UrlForm.OTHER),
        ("/about", UrlForm.OTHER),
        ("/2026/01/05/a-story/more/and/more.html", UrlForm.OTHER),
        ("/2026/01/", UrlForm.LISTING),
        ("/tag/football/", UrlForm.LISTING),
        ("/page/2/", UrlForm.LISTING),
        ("/news?page=2", UrlForm.LISTING),
    ],
)
def test_the_form_tells_articles_from_lists(path: str, form: UrlForm) -> None:
    assert form_of(f"https://a.example{path}") is form


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/01/05/a/", (2026, 1, 5)),
        ("/2026/1/a/", (2026, 1, 1)),
        ("/a-20260105.html", (2026, 1, 5)),
        ("/2026/02/31/a", None),
        ("/12345678/a", None),
        ("/room/2101", None),
    ],
)
def test_a_path_may_name_a_day(path: str, day: tuple[int, int, int] | None) -> None:
    assert date_in(f"https://a.example{path}") == (None if day is None else datetime(*day, tzinfo=UTC))


@pytest.mark.parametrize(
    "paths",
    [
        ("/2026/01/05/a-story/", "/2025/12/31/another-one/"),
        ("/tag/football/", "/tag/tennis/page/7/"),
        ("/2026/", "/2026/01/", "/2026/01/05/"),
        ("/r/3f9a8b7c1", "/r/77ab01cde"),
        ("/view?n=1", "/view?n=2"),
        ("/f?p1=a", "/f?p22=a"),
    ],
)
def test_urls_that_are_alike_have_one_shape(paths: tuple[str, ...]) -> None:
    assert len({shape_of(f"https://a.example{path}") for path in paths}) == 1


def test_urls_that_are_not_have_others() -> None:
    paths = ["/tag/football/", "/author/football/", "/story-17/", "/", "/page/2/", "/view?n=1", "/view?m=1", "/a/b/c/"]
    assert len({shape_of(f"https://a.example{path}") for path in paths}) == len(paths)
