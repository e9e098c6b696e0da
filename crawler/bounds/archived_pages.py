"""The pages that stand for their families, read back from the archive to hold another spelling against them."""

from __future__ import annotations

import logging

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.http import decode_content
from broadsheet.archive.locate import own_source
from broadsheet.archive.resolved_response import ResponseResolver
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.crawler.bounds.sameness import MAX_CONTENT, PageFacts, page_facts
from broadsheet.crawler.state.store import FamilyPage

logger = logging.getLogger(__name__)

_MAX_BLOCK = 8 * MAX_CONTENT  # bytes of a record that are read


def archived_facts(collection: Collection, page: FamilyPage) -> PageFacts | None:
    """What the archived answer of *page* in *collection* says; None when it cannot be read."""
    if page.warc_filename is None:
        return None
    try:
        source = own_source(collection, page.warc_filename)
        record = read_record_at(source, page.offset, page.length, max_block=_MAX_BLOCK)
        with ResponseResolver(collection, max_block=_MAX_BLOCK) as resolver:
            response = resolver.resolve(record)
    except (BroadsheetError, OSError) as error:  # the two are not held against each other
        logger.warning("no comparison with %s: %s", page.url, error)
        return None
    if response is None:
        return None
    content = decode_content(response.payload(), response.head, MAX_CONTENT).content
    return page_facts(page.url, content, response.head.get("Content-Type") or "")
