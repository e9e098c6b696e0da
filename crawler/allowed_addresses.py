"""Which private addresses a crawl may ask: those that its user named.

A URL to crawl that says a private address itself, or a name for this machine, is leave for that address and port.  A name
that only resolves to one is not: whoever runs its name server could lead the crawler anywhere.  ``--allow-private HOST:PORT``
is leave for such a name, at that port and at the address that it has first (crawler/client/guard.py).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from broadsheet.archive.addresses import AddressPolicy, private_place
from broadsheet.archive.errors import BadInput
from broadsheet.archive.url import normalise
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.options import ALL_PRIVATE, CrawlOptions

_ALL = frozenset({ALL_PRIVATE, "1", "true", "yes", "on"})
_NONE = frozenset({"0", "false", "no", "off"})


def address_policy(options: CrawlOptions) -> AddressPolicy:
    """What the crawl of *options* may connect to.

    Raises:
        BadInput: a value of ``allow_private`` that is not ``HOST:PORT``.
    """
    said = [value.strip() for value in options.allow_private if value.strip().lower() not in _NONE]
    places = (private_place(url) for seed in options.seeds if (url := normalise(seed)))
    allowed = (_place(value) for value in said if value.lower() not in _ALL)
    return AddressPolicy(
        allow_private=any(value.lower() in _ALL for value in said),
        named_hosts=frozenset(place for place in (*places, *allowed) if place),
    )


def _place(value: str) -> str:
    """*value* as the policy knows it: the host as it stands in a normalised URL, and its port."""
    host = normalise(f"http://{value}/")
    port = urlsplit(f"//{value}").port if host is not None and "/" not in value else None
    if host is None or not port:
        raise BadInput(
            f"--allow-private {value}",
            "is not HOST:PORT",
            "Write it like intranet:8080 or [fd00::5]:80; for all private addresses say --allow-private behind the URLs.",
        )
    return f"{host_of(host).removesuffix(f':{port}')}:{port}"
