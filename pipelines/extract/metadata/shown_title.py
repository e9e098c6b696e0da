"""The title as the page shows it: without what the site adds in ``<title>`` ("... | Daily News"), where a block of the page is
the title without it.  That needs no list of site names, and works in any markup and language."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.words import words_of

_SEPARATOR = re.compile(r"\s+[|\-–—·•»:]{1,2}\s+|\s*[|｜]\s*")
_MIN_CHARS = 10  # of a headline; a shorter text is a label


def with_shown_title(metadata: Metadata, texts: Collection[str]) -> Metadata:
    """*metadata* with that part of its title that is one of *texts* (blocks, by `words_of`), if all of it is not."""
    title = metadata.title
    if title is None or words_of(title) in texts:
        return metadata
    for found in _SEPARATOR.finditer(title):
        for part in (title[: found.start()], title[found.end() :]):
            if len(part) >= _MIN_CHARS and 2 * len(part) > len(title) and words_of(part) in texts:
                return replace(metadata, title=part, title_alternatives=(*metadata.title_alternatives, title))
    return metadata
