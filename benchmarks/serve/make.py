"""Makes a collection of many articles from texts of real ones: paragraphs drawn from all of them, under titles drawn from these.

    python benchmarks/serve/make.py TEXTS... -o DIR --rows 100000

TEXTS are JSON lines with ``body`` (and ``title``, ``author``, where known).  The dataset is published as a crawl's is, 500 articles
a part, with an image and a caption each, and 20 links, some to other articles; there are no WARCs.  One article in twenty is another capture of an earlier one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.columns import TableBuilder
from broadsheet.pipelines.dataset.manifest import Manifest, publish_manifest
from broadsheet.pipelines.dataset.publish import publish_tables
from broadsheet.pipelines.dataset.schema import ARTICLES, IMAGES, LINKS

EXTRACTION = "benchmark0000002"
PART = 500
LINKS_OF_A_PAGE = 20
SITES = 60
FETCHED = datetime(2026, 10, 1, tzinfo=UTC)
FIRST = datetime(2016, 1, 1, tzinfo=UTC)
_ZEROS = {pa.int64(): 0, pa.int32(): 0, pa.int16(): 200, pa.bool_(): False, pa.string(): ""}


def paragraphs_of(paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        for line in path.open(encoding="utf-8"):
            body = json.loads(line).get("body") or ""
            found += [one.strip() for one in body.split("\n") if 80 <= len(one.strip()) <= 1500]
    return sorted(set(found))


def title_from(text: str, dice: random.Random) -> str:
    words = text.split()
    if len(words) < 8:  # a script without spaces
        start = dice.randrange(max(1, len(text) - 20))
        return re.sub(r"\s+", "", text[start : start + dice.randint(10, 18)])
    count = dice.randint(5, 9)
    start = dice.randrange(max(1, len(words) - count))
    title = " ".join(words[start : start + count]).strip(" ,.;:\"'“”()")
    return title[:1].upper() + title[1:]


def article(number: int, texts: list[str], dice: random.Random) -> dict[str, Any]:
    body = [dice.choice(texts) for _ in range(max(3, min(40, round(dice.lognormvariate(2.2, 0.5)))))]
    site = min(SITES - 1, int(dice.paretovariate(0.9)) - 1)
    url = f"https://www.site{site:02}.example/{number % 12 + 1}/{number:x}"
    text = "\n\n".join(body)
    return {
        "id": f"<urn:uuid:{number:08x}-0000-4000-8000-000000000000>",
        "url": url,
        "url_surtkey": f"example,site{site:02})/{number % 12 + 1}/{number:x}",
        "url_host_name": f"www.site{site:02}.example",
        "url_host_registered_domain": f"site{site:02}.example",
        "title": title_from(dice.choice(body), dice),
        "standfirst": body[0][:200] if number % 3 == 0 else None,
        "authors": [{"name": f"Author {min(3000, int(dice.paretovariate(0.8)))}", "url": None}] if number % 5 else [],
        "date_published": None if number % 50 == 0 else FIRST + timedelta(minutes=dice.randrange(10 * 365 * 1440)),
        "text": text,
        "text_sha256": f"{number:064x}",
        "section": f"Section {dice.randrange(40)}",
        "language": "en" if body[0].isascii() else "other",
        "page_type": "listing" if number % 12 == 0 else "article",
        "extraction_status": "ok",
        "is_paywalled": number % 9 == 0,
        "word_count": len(text.split()),
        "fetch_time": FETCHED + timedelta(seconds=number),
    }


def links_of(row: dict[str, Any], others: list[str], dice: random.Random) -> list[dict[str, Any]]:
    """The links of the page *row*: to *others* of the collection, to its own site's pages, to the web."""
    made = []
    for ordinal in range(LINKS_OF_A_PAGE):
        kind = dice.random()
        if kind < 0.2:
            target = dice.choice(others)
        elif kind < 0.7:
            target = f"https://{row['url_host_name']}/section-{dice.randrange(40)}/"
        else:
            target = f"https://www.elsewhere{min(5000, int(dice.paretovariate(0.7)))}.example/{dice.randrange(10**6):x}"
        domain = target.split("/")[2].removeprefix("www.")
        role = "body" if kind < 0.2 or kind > 0.9 else "navigation"
        made.append({"id": row["id"], "extraction_id": EXTRACTION, "ordinal": ordinal, "target_url": target, "role": role,
                     "target_host_registered_domain": domain, "anchor_text": "read more", "fetch_time": row["fetch_time"],
                     "url_surtkey": row["url_surtkey"]})  # fmt: skip
    return made


def filled(schema: pa.Schema, rows: list[dict[str, Any]]) -> TableBuilder:
    columns = {}
    for field in schema:
        if field.nullable:
            blank: Any = None
        elif pa.types.is_list(field.type):
            blank = []
        else:
            blank = FETCHED if pa.types.is_timestamp(field.type) else _ZEROS[field.type]
        columns[field.name] = pa.array([row.get(field.name, blank) for row in rows], field.type)
    made = TableBuilder(schema)
    made.add(pa.RecordBatch.from_arrays([columns[field.name] for field in schema], schema=schema))
    return made


def make(paths: list[Path], directory: Path, count: int) -> None:
    dice = random.Random(7)
    texts = paragraphs_of(paths)
    print(f"{len(texts):,} paragraphs", flush=True)
    collection = Collection.create(directory)
    earlier: list[dict[str, Any]] = []
    for first in range(0, count, PART):
        rows = []
        for number in range(first, min(first + PART, count)):
            row = article(number, texts, dice)
            if earlier and number % 20 == 19:
                row = {**dice.choice(earlier), "id": row["id"], "fetch_time": row["fetch_time"]}
            rows.append({**row, "extraction_id": EXTRACTION, "warc_record_id": row["id"]})
        earlier = rows
        captions = [
            {"id": row["id"], "extraction_id": EXTRACTION, "image_url": f"{row['url']}.jpg", "role": "hero", "fetch_time": row["fetch_time"],
             "url_surtkey": row["url_surtkey"], "caption": dice.choice(texts)[:90]} for row in rows
        ]  # fmt: skip
        part = f"made-{first // PART:05}"
        others = [row["url"] for row in rows]
        links = [link for row in rows for link in links_of(row, others, dice)]
        tables = {"articles": filled(ARTICLES, rows), "images": filled(IMAGES, captions), "links": filled(LINKS, links)}
        files = publish_tables(collection, part, EXTRACTION, tables)
        manifest = Manifest(
            part,
            "made.warc.gz",
            first,
            first + len(rows),
            EXTRACTION,
            len(rows),
            len(rows),
            0,
            {},
            files,
            base_id=EXTRACTION,
        )
        publish_manifest(collection, manifest)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    arguments = parser.parse_args()
    make(arguments.texts, arguments.output, arguments.rows)
