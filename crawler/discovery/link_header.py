"""The Link header of a page (RFC 8288): what its server says in the head instead of in the page.

Each link becomes the tag that would say the same, so that whoever reads tags reads headers as well.  A browser that
replays the page asks for what is preloaded here, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.tags import Tag

MAX_HEADER = 16_384  # characters that are looked at
_LINK = re.compile(r'<([^<>]*+)>((?:\s*+;\s*+[\w*-]++(?:\s*+=\s*+(?:"[^"]*+"|[^\s",;]*+))?+)*+)')
_PARAMETER = re.compile(r';\s*+([\w*-]++)(?:\s*+=\s*+(?:"([^"]*+)"|([^\s",;]*+)))?+')


def link_tags(headers: Iterable[str], url: str) -> tuple[Tag, ...]:
    """The links in the values *headers* of Link in an answer from *url*, as tags with absolute URLs."""
    resolver = Resolver(url)  # not against a <base>, which is the page's own
    tags = []
    for target, parameters in _LINK.findall(", ".join(headers)[:MAX_HEADER]):
        said = {name.lower(): quoted or bare for name, quoted, bare in reversed(_PARAMETER.findall(parameters))}
        absolute = resolver.resolve(target)
        if absolute is not None and "anchor" not in said:  # else it is about another document
            tags.append(Tag("link", {**said, "href": absolute}))
    return tuple(tags)
