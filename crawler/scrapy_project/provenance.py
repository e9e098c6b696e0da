"""Why a Request of a spider was made, as its exchange's metadata record says it."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http.request import NO_CALLBACK

from broadsheet.archive.exchange import Provenance, SpiderRequest
from broadsheet.crawler.scrapy_project.record import REQUEST_ID, VIA


def provenance_of(request: Request, spider: Spider, handler: str = "") -> Provenance:
    """The page that led to *request*, how far that is from a start Request, and which callback waits for the answer.

    What Scrapy itself asks for has no callback: robots.txt is a prerequisite (P), what media pipelines fetch is a part (E).
    *handler* took it, where that was not ours.
    """
    redirects = request.meta.get("redirect_urls") or []
    via = redirects[-1] if redirects else request.meta.get(VIA)
    hops = "L" * int(request.meta.get("depth") or (1 if request.meta.get(VIA) else 0)) + "R" * len(redirects)
    if request.callback is NO_CALLBACK:
        hops += "P" if urlsplit(request.url).path == "/robots.txt" else "E"
    callback = "" if request.callback in (None, NO_CALLBACK) else getattr(request.callback, "__name__", "")
    asked_by = SpiderRequest(spider.name, callback or "", request.meta.get(REQUEST_ID, ""), handler)
    return Provenance(via, hops, asked_by=asked_by)
