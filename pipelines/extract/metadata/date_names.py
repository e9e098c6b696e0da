"""Names under which pages and their scripts state when they were published and modified."""

from __future__ import annotations

import re

PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date", "publishdate", "publish_date",
    "publication_date", "publication-date", "published_date", "published_time", "published_time_telegram", "published",
    "article.published", "pubdate", "pub_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dc.date", "dcterms.date", "dc.created", "article:created", "article_date_original", "article:post_date", "bt:pubdate",
    "citation_publication_date", "citation_online_date", "citation_date", "date", "datecreated", "originalpublicationdate",
    "displaydate", "article.created", "ptime", "prism.publicationdate", "vr:published_time", "weibo:article:create_at",
    "rnews:datepublished", "release_date", "created", "date_published", "mediator_published_time", "eomportal-publishdate",
    "og:pubdate", "last_published",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified", "dcterms.modified", "dc.date.modified",
    "lastmod", "last-modified", "modified", "article.updated", "updated", "og:article:modified_time", "article:updated_time",
    "revised", "last_updated_date", "modified_time", "dateupdated",
)  # fmt: skip
PUBLISHED_KEY = re.compile(r"publi(?:sh|cation)(?!er)|pub_?date|issued|releasedate|created")
IN_SCRIPT = re.compile(
    r"\b(?:date_?published|published_?(?:at|date|time|on)?|publish_?(?:ed_?)?(?:date|time)|publication_?date|created_?(?:at|date)|date_?created)"
    r"""\\{0,3}["']?\s{0,4}:\s{0,4}\\{0,3}["']((?:19|20)\d\d-\d\d-\d\d[T ]?[0-9:.+Z-]{0,24})""",
    re.I,
)
