"""What a page says of its rights: robots and TDM opt-outs (meta elements and headers), licence, paywall."""

from __future__ import annotations

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.metadata.jsonld import Linked, Node, string_of
from broadsheet.pipelines.extract.metadata.scan import Scan

_ROBOTS_METAS = ("robots", "googlebot", "googlebot-news", "bingbot")


def robots(found: Scan, headers: tuple[tuple[str, str], ...]) -> str | None:
    """Robots directives of meta elements and X-Robots-Tag headers, joined; for one bot alone as ``bot: directives``."""
    directives = list(found.metas.get("robots", ()))
    directives += [f"{name}: {value}" for name in _ROBOTS_METAS[1:] for value in found.metas.get(name, ())]
    directives += [value for name, value in headers if name.lower() == "x-robots-tag"]
    return ", ".join(dict.fromkeys(value for value in directives if value))[:2000] or None


def tdm(
    found: Scan, headers: tuple[tuple[str, str], ...], url: str, resolver: Resolver
) -> tuple[int | None, str | None]:
    """``tdm-reservation`` (0 or 1) and the URL of ``tdm-policy``: the header wins (TDM Reservation Protocol, W3C CG).

    The header is the answer's, its policy relative to *url*; that of a meta element is the page's, as *resolver* has it."""
    tdm_headers = {name.lower(): value.strip() for name, value in headers if name.lower().startswith("tdm-")}
    reservation = tdm_headers.get("tdm-reservation") or found.meta("tdm-reservation")
    announced = tdm_headers.get("tdm-policy")
    policy = absolute(Resolver(url), announced) if announced else absolute(resolver, found.meta("tdm-policy"))
    flag = int(reservation) if reservation in {"0", "1"} else None
    return flag, policy


def license_url(found: Scan, linked: Linked, resolver: Resolver) -> str | None:
    """The URL of the licence: link or anchor rel=license, JSON-LD, a Creative Commons link."""
    for rel, href, _ in found.links:
        if "license" in rel.split():
            return absolute(resolver, href)
    stated = string_of((linked.article or {}).get("license")) or found.meta("dc.rights.license", "dcterms.license")
    if stated and stated.startswith(("http:", "https:", "/")):
        return absolute(resolver, stated)
    return absolute(resolver, found.license_links[0]) if found.license_links else None


def paywalled(found: Scan, linked: Linked) -> bool | None:
    """Whether the text is behind a paywall; None when the page does not say."""
    if linked.article is not None and (free := _free(linked.article)) is not None:
        return not free
    tier = found.meta("article:content_tier", "content_tier", "cxenseparse:paywall", "access", "paywall")
    if tier:
        tier = tier.strip().lower()
        if tier in {"free", "false", "no", "open", "0"}:
            return False
        if tier in {"locked", "metered", "paid", "premium", "true", "yes", "subscriber", "1"}:
            return True
    for node in linked.nodes:
        if (free := _free(node)) is not None:
            return not free
    return True if found.paywall else None


def _free(node: Node) -> bool | None:
    value = node.get("isAccessibleForFree")
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.rsplit("/", 1)[-1].strip().lower()
        return {"true": True, "false": False, "yes": True, "no": False}.get(word)
    return None


def absolute(resolver: Resolver, target: str | None) -> str | None:
    """The URL of *target*; None for what is no http URL."""
    joined = resolver.target(target) if target else None
    return joined if joined and joined.startswith(("http://", "https://")) and len(joined) < 4000 else None
