"""Reads a collection with programs from PyPI that read public web archives; run by their Python, not by ours.

    archive_clients.py OWN ARCHIVED       the addresses of the collection on both origins

prints what each of them saw, as JSON.  Of the programs only addresses of public archives are changed, and the seconds that
they wait between requests.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import cdx_toolkit
import cdx_toolkit.myrequests
import openapi_spec_validator
import requests
import wayback
import waybackpy
from memento_client import MementoClient

ADDRESS = "http://varied.example/there?b=2&a=1"
NOT_BUSY = "!=status:503"  # cdx_toolkit asks again and again for what is a fault of a server


def sha1(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


def read_by_cdx_toolkit(own: str, archived: str) -> dict[str, object]:
    cdx_toolkit.myrequests.retry_info["default"]["minimum_interval"] = 0
    fetcher = cdx_toolkit.CDXFetcher(source=f"{own}/cdx", wb=archived)
    listed = [dict(one) for one in fetcher.iter("*.varied.example")]
    bodies = {}
    for capture in fetcher.get("varied.example/*", filter=[NOT_BUSY], limit=1000):
        bodies[f"{capture['timestamp']} {capture['url']}"] = sha1(capture.content)
    filtered = [
        one["url"] for one in fetcher.get("*.varied.example", filter=["=statuscode:404"], from_ts="2026", to="2026")
    ]
    return {
        "listed": listed,
        "bodies": bodies,
        "filtered": filtered,
        "nothing": fetcher.get("never.example/*"),
        "pages": fetcher.get_size_estimate("*.varied.example", as_pages=True),
        "closest": [one["timestamp"] for one in fetcher.get("varied.example", closest="20261001131000", limit=2)],
    }


def read_by_waybackpy(own: str, archived: str) -> dict[str, object]:
    def server(**asked: object) -> waybackpy.WaybackMachineCDXServerAPI:
        made = waybackpy.WaybackMachineCDXServerAPI("varied.example", match_type="domain", **asked)
        made.endpoint = f"{own}/cdx/search/cdx"
        return made

    listed = [[one.urlkey, one.timestamp, one.original, one.statuscode] for one in server(limit=7).snapshots()]
    filtered = [one.original for one in server(filters=["statuscode:404"], collapses=["urlkey"]).snapshots()]
    return {"listed": listed, "filtered": filtered}


def read_by_wayback(own: str, archived: str) -> dict[str, object]:
    wayback._client.CDX_SEARCH_URL = f"{own}/cdx/search/cdx"
    wayback._utils.MEMENTO_URL_TEMPLATE = archived + "/{timestamp}{mode}/{url}"
    wayback._utils.MEMENTO_URL_PATTERN = re.compile(re.escape(archived) + r"/(\d+)(\w\w_)?/(.+)$")
    session = wayback.WaybackSession(search_calls_per_second=0, memento_calls_per_second=0, retries=0)
    with wayback.WaybackClient(session) as client:
        records = list(client.search("varied.example", match_type="host", limit=5))  # it takes :8080 for :80
        bodies = {}
        for record in records:
            if record.statuscode == 200 and record.mimetype != "warc/revisit":
                memento = client.get_memento(record, mode=wayback.Mode.original)
                bodies[f"{record.timestamp:%Y%m%d%H%M%S} {record.original}"] = sha1(memento.content)
        return {
            "listed": [[one.urlkey, f"{one.timestamp:%Y%m%d%H%M%S}", one.original, one.statuscode] for one in records],
            "bodies": bodies,
        }


def read_by_memento_client(own: str, archived: str) -> dict[str, object]:
    client = MementoClient(timegate_uri=f"{own}/timegate/", check_native_timegate=False)
    # It begins at a Memento, which says what its original is: from an original the client would ask the web of today
    found = client.get_memento_info(f"{archived}/20261002170000/{ADDRESS}", datetime(2026, 10, 1, 18))
    return {
        "original": found["original_uri"],
        **{
            name: [entry["uri"][0], entry["datetime"].replace(tzinfo=UTC).isoformat()]
            for name, entry in found["mementos"].items()
        },
    }


def read_by_openapi(own: str, archived: str) -> dict[str, object]:
    document = requests.get(own.rpartition("/")[0] + "/openapi.json", timeout=30).json()
    openapi_spec_validator.validate(document)
    return {"paths": len(document["paths"])}


READERS: dict[str, Callable[[str, str], dict[str, object]]] = {
    "cdx_toolkit": read_by_cdx_toolkit,
    "waybackpy": read_by_waybackpy,
    "wayback": read_by_wayback,
    "memento_client": read_by_memento_client,
    "openapi": read_by_openapi,
}

if __name__ == "__main__":
    print(json.dumps({name: read(*sys.argv[1:3]) for name, read in READERS.items()}))
