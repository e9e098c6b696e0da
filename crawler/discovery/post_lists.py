"""Lists of all articles that a publishing system keeps, asked for where a page announces it.

WordPress: link rel="https://api.w.org/", in the page or in its head, names the root of the REST API, whose route
``wp/v2/posts`` lists the posts, newest first, a hundred at a time (developer.wordpress.org/rest-api).  Without permalinks the
route is a parameter: ``/?rest_route=/``.

Ghost: the script of its portal or its search names the content API and the public key to it (ghost.org/docs/content-api).

Answers are JSON and read as such (json_links.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDPRESS_RELATION: Final = "https://api.w.org/"
AT_ONCE: Final = 100  # posts; neither system gives more
_USUAL = 10  # posts that WordPress gives when nothing is said
_GHOST_API = "ghost/api/content/"


def wordpress_posts(root: str) -> str:
    """The first page of the posts of the WordPress whose REST API has the *root* URL."""
    start, mark, query = root.strip().partition("?")
    question = f"per_page={AT_ONCE}&page=1&_fields=link,modified_gmt"
    if mark and "rest_route=" in query:
        return f"{start}?{query.rstrip('/')}/wp/v2/posts&{question}"
    return f"{start.rstrip('/')}/wp/v2/posts?{question}"


def smaller_list(url: str) -> str | None:
    """The same list in fewer posts at a time, for a WordPress that refuses so many at *url*; None: it is no such list."""
    many = f"wp/v2/posts{'&' if 'rest_route=' in url else '?'}per_page={AT_ONCE}&page=1&"
    return url.replace(f"per_page={AT_ONCE}", f"per_page={_USUAL}") if many in url else None


def ghost_posts(attributes: Mapping[str, str]) -> str | None:
    """The first page of the posts of the Ghost that a script with these *attributes* belongs to; None: to none."""
    site = attributes.get("data-ghost") or attributes.get("data-sodo-search")
    api, key = attributes.get("data-api"), attributes.get("data-key") or attributes.get("data-api-key")
    if not key or not (site or api) or not key.isalnum():
        return None
    if not api or _GHOST_API not in api:
        api = f"{(site or api or '').rstrip('/')}/{_GHOST_API}"
    return f"{api.rstrip('/')}/posts/?key={key}&limit={AT_ONCE}&page=1&fields=url,updated_at"
