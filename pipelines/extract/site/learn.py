"""Learning: the sketches of a site's pages to its profile.

Counted are articles and not captures: pages that share their title, or their longest paragraphs, are one (a page
captured twice, its
print version, another address).  A site of fewer than three articles has no profile.  Beyond MAX_PAGES the pages
with the smallest hashes of their URLs are taken: whatever the order and the workers, the same pages give the same profile.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set

import numpy as np

from broadsheet.pipelines.extract.metadata import learn_date_habit
from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, ROLE_OF_CODE
from broadsheet.pipelines.extract.site.languages import Languages
from broadsheet.pipelines.extract.site.learn_forms import learn_forms
from broadsheet.pipelines.extract.site.learnt_pages import MAX_PAGES, MIN_ARTICLES
from broadsheet.pipelines.extract.site.lines import CUT, LINKED
from broadsheet.pipelines.extract.site.profile import COMMON, SiteProfile, SlotHabit, placed_key
from broadsheet.pipelines.extract.site.sketch import PageSketch, identity_of

_IS_BODY = np.array([role in BODY_ROLES for _, role in sorted(ROLE_OF_CODE.items())])  # by code
_MIN_SLOT = 3  # pages from which the habit of a slot counts


def learn_profile(site: str, sketches: Iterable[PageSketch]) -> SiteProfile | None:
    """The profile of *site*; None for too few articles to know what recurs."""
    pages = _distinct(sketches)
    articles = [page for page in pages if page.article]
    if len(articles) < MIN_ARTICLES:
        return None
    texts: Counter[int] = Counter()
    shapes: Counter[int] = Counter()
    authors: defaultdict[int, set[int]] = defaultdict(set)
    starts: Counter[int] = Counter()
    for page in pages:
        texts.update(set(page.blocks["text"].tolist()))
        shapes.update(set(page.blocks["shape"].tolist()))
    for page in articles:
        for text in set(page.blocks["text"].tolist()):
            if texts[text] > 1:
                authors[text].add(page.author)
        blocks = page.blocks
        body = _IS_BODY[blocks["role"]] & (blocks["flags"] & (LINKED | CUT) == 0)  # a cut text begins nothing
        starts.update(set(blocks["start"][body].tolist()) - {0})
    partly = _partly(pages, {key for counts in (texts, shapes) for key, count in counts.items() if count > 1})
    headlines = frozenset(page.title for page in articles if page.title)
    return SiteProfile(
        site=site,
        pages=len(pages),
        articles=len(articles),
        texts=dict(sorted((text, count) for text, count in texts.items() if count > 1)),
        one_author=frozenset(text for text, who in authors.items() if len(who) == 1 and 0 not in who),
        headlines=headlines,
        starts=dict(sorted(starts.items())),
        slots=_slots(pages),
        placed=_placed(pages, texts, partly),
        partly=partly,
        shapes=dict(sorted((shape, count) for shape, count in shapes.items() if shape and count > 1)),
        forms=learn_forms(articles, headlines, starts),
        day_first=learn_date_habit(page.date for page in articles).day_first,
    )


def _partly(pages: list[PageSketch], repeated: Set[int]) -> dict[int, int]:
    """On how many pages *repeated* texts and shapes could stand, where those in their languages are not all."""
    languages = Languages.of([page.language for page in pages])
    if len(languages.sizes) <= 1:
        return {}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for page, language in zip(pages, languages.codes.tolist(), strict=True):
        for key in repeated & set(np.concatenate([page.blocks["text"], page.blocks["shape"]]).tolist()):
            found[key].add(language)
    sizes = languages.sizes.tolist()
    counted = {key: sum(sizes[one] for one in spoken) for key, spoken in sorted(found.items()) if key}
    return {key: count for key, count in counted.items() if count < len(pages)}


def _placed(pages: list[PageSketch], texts: Counter[int], partly: Mapping[int, int]) -> dict[int, int]:
    """On how many pages each text that half of them have stands in each of its places, when on more than one."""
    common = {text for text, count in texts.items() if count >= COMMON * partly.get(text, len(pages))}
    found: Counter[int] = Counter()
    for page in pages:
        placed = zip(page.blocks["text"].tolist(), page.blocks["slot"].tolist(), strict=True)
        found.update({placed_key(text, slot) for text, slot in placed if text in common})
    return dict(sorted((key, count) for key, count in found.items() if count > 1))


def _distinct(sketches: Iterable[PageSketch]) -> list[PageSketch]:
    """One sketch for each article, in the order of their URLs' hashes, MAX_PAGES at most."""
    ordered = sorted(sketches, key=lambda page: (hash_of(page.url), page.url, page.blocks.tobytes()))
    seen: set[object] = set()
    found = []
    for page in ordered:
        marks: list[object] = [page.url]
        if page.article:
            identity = identity_of(page.blocks)
            marks += [identity] if len(identity) > 1 else []
            marks += [("title", page.title)] if page.title else []
        if not any(mark in seen for mark in marks):
            found.append(page)
            if len(found) >= MAX_PAGES:
                break
        seen.update(marks)
    return found


def _slots(pages: list[PageSketch]) -> dict[int, SlotHabit]:
    """What stands in each place: the role that most of its blocks have, by characters and by pages."""
    roles: defaultdict[int, Counter[int]] = defaultdict(Counter)
    where: Counter[int] = Counter()
    for page in pages:
        if not page.article:
            continue
        blocks = page.blocks
        slots = blocks["slot"].tolist()
        where.update(set(slots))
        for slot, role in zip(slots, blocks["role"].tolist(), strict=True):
            roles[slot][role] += 1
    found = {}
    for slot, counts in sorted(roles.items()):
        if where[slot] < _MIN_SLOT:
            continue
        total = counts.total()
        role, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
        body = sum(count for code, count in counts.items() if ROLE_OF_CODE[code] in BODY_ROLES)
        found[slot] = SlotHabit(ROLE_OF_CODE[role], round(most / total, 4), round(body / total, 4), where[slot])
    return found
