"""read_metadata: a parsed page to its Metadata.  One scan of the tree, then one reader a field; nothing here raises.

dated_by: the same Metadata with its dates read by the habit of the site.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from broadsheet.pipelines.extract.body.embedded import SHOWN, embedded_body
from broadsheet.pipelines.extract.metadata.authors import read_authors
from broadsheet.pipelines.extract.metadata.dates import Dates, read_dates
from broadsheet.pipelines.extract.metadata.facts import (
    breadcrumbs,
    canonical_url,
    description,
    main_image,
    section,
    tags,
)
from broadsheet.pipelines.extract.metadata.jsonld import Linked, plain, read_linked, string_of
from broadsheet.pipelines.extract.metadata.language import declared_language, detect_language
from broadsheet.pipelines.extract.metadata.metadata import DateHabit, Metadata
from broadsheet.pipelines.extract.metadata.page_kind import kind_of_page
from broadsheet.pipelines.extract.metadata.rights import license_url, paywalled, robots, tdm
from broadsheet.pipelines.extract.metadata.scan import Scan, scan
from broadsheet.pipelines.extract.metadata.title import read_title, site_behind
from broadsheet.pipelines.extract.page.page import Page


def read_metadata(page: Page, *, body_text: str = "") -> Metadata:
    """The metadata of *page*; *body_text* is the text of its article, for the language and the kind of page."""
    found = scan(page.root)
    linked = read_linked(found.json_ld, page.url)
    sitename = _sitename(found, linked)
    site_names = [name for name in (sitename, *_host_names(page.url)) if name]
    titles = read_title(found, linked, site_names)
    declared = declared_language(found.lang, found.meta("og:locale", "content-language", "language", "dc.language"))
    byline = read_authors(found, linked, page, [*site_names, *site_behind(titles)], titles)
    dates = read_dates(found, linked, page, None, titles.heading, declared)
    kind = kind_of_page(found, linked, page.url, body_text)
    embedded = None
    if len(body_text) < SHOWN and kind in {"article", "other"}:
        embedded = embedded_body(page.root, linked, [one for one in (titles.title, *titles.alternatives) if one])
        kind = "article" if embedded else kind
    language, score = detect_language(embedded or body_text, declared)
    reservation, policy = tdm(found, page.headers, page.url, page.resolver)
    crumbs = breadcrumbs(found, linked)
    return Metadata(
        title=titles.title,
        title_alternatives=titles.alternatives,
        authors=byline.authors,
        byline_raw=byline.raw,
        section=section(found, linked, crumbs, titles.title),
        breadcrumbs=crumbs,
        tags=tags(found, linked),
        url_canonical=canonical_url(found, page.url, page.resolver),
        description=description(found, linked),
        main_image_url=main_image(found, linked, page.resolver),
        sitename=sitename,
        language=language,
        language_score=score,
        language_declared=declared,
        robots_meta=robots(found, page.headers),
        tdm_reservation=reservation,
        tdm_policy_url=policy,
        license_url=license_url(found, linked, page.resolver),
        is_paywalled=paywalled(found, linked),
        embedded_body=embedded,
        page_type=kind,
        **_dated(dates),
    )


def dated_by(habits: DateHabit, known: Metadata, page: Page) -> Metadata:
    """*known*, read of *page* without *habits*, as it is with them: they change dates that have two readings alone."""
    if habits.day_first is None or known.dates_two_ways is False:
        return known
    found = scan(page.root)
    linked = read_linked(found.json_ld, page.url)
    site_names = [name for name in (known.sitename, *_host_names(page.url)) if name]
    heading = read_title(found, linked, site_names).heading
    return replace(known, **_dated(read_dates(found, linked, page, habits, heading, known.language_declared)))


def _dated(dates: Dates) -> dict[str, Any]:
    """The fields that *dates* give."""
    published, modified = dates.published, dates.modified
    return {
        "date_published": published.utc if published else None,
        "date_published_raw": published.raw if published else dates.unread,
        "date_published_precision": published.precision if published else None,
        "date_published_source": dates.source,
        "day_published": (published.printed or published.day) if published else None,
        "date_modified": modified.utc if modified else None,
        "date_modified_raw": modified.raw if modified else None,
        "dates_two_ways": dates.two_ways,
    }


def _sitename(found: Scan, linked: Linked) -> str | None:
    article = linked.article or {}
    publisher = string_of(linked.follow(article.get("publisher")))
    name = found.meta("og:site_name") or publisher or found.meta("application-name", "apple-mobile-web-app-title")
    if not name:
        name = next((string_of(node.get("name")) for node in linked.of_type("website") if node.get("name")), None)
    return plain(name)[:200] or None if name else None


def _host_names(url: str) -> list[str]:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return []
    labels = host.split(".")
    return [host, *(label for label in labels[:-1] if len(label) > 3)]
