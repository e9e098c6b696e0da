"""The article extractor: PageRecord -> Page -> ArticleColumns, Segments, Images, Links.

open_page        decode, parse once, cut into blocks of visible text     page/
decide_body      how likely each block is body; trafilatura where         body/
                 that is in doubt
read_metadata    title, authors, dates ...                                metadata/
correct_body     what recurs over the site corrects the body              site/
assign_roles     every other block gets its role                          roles/
correct_roles    what recurs over the site corrects the roles             site/
compose          text and Markdown of the body; of a page that shows      compose/
                 none, the text that it holds unseen                      body/embedded/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import repeat

from broadsheet.pipelines.extract.body.body import BodyDecision, decide_body, decision_bytes
from broadsheet.pipelines.extract.body.edges import trim_head, with_byline
from broadsheet.pipelines.extract.body.embedded import SHOWN
from broadsheet.pipelines.extract.body.structure import by_structure
from broadsheet.pipelines.extract.compose.article_columns import article_row
from broadsheet.pipelines.extract.compose.images import PlacedImage, article_images, placed_images
from broadsheet.pipelines.extract.compose.text import Composed, compose, compose_embedded
from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction, Link, PageRecord, Segment
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.metadata.kept import metadata_from_bytes, metadata_to_bytes
from broadsheet.pipelines.extract.metadata.read import dated_by, read_metadata
from broadsheet.pipelines.extract.metadata.shown_title import with_shown_title
from broadsheet.pipelines.extract.options import USUAL, ExtractionOptions
from broadsheet.pipelines.extract.page.page import Page, open_page
from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.page.text_traits import TextTraits, traits_of
from broadsheet.pipelines.extract.roles.assign import assign_roles, follow_headings
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.site.apply import correct_body
from broadsheet.pipelines.extract.site.apply_forms import FormsApplied
from broadsheet.pipelines.extract.site.apply_roles import correct_roles
from broadsheet.pipelines.extract.site.form_authors import with_site_author
from broadsheet.pipelines.extract.site.form_roles import roles_by_forms
from broadsheet.pipelines.extract.site.lines import Lines, lines_of
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.recurrence import Recurrence, recurrences
from broadsheet.pipelines.extract.site.site_name import site_of
from broadsheet.pipelines.extract.site.sketch import PageSketch, sketched
from broadsheet.pipelines.extract.site.store import read_profiles
from broadsheet.pipelines.identity import extraction_identity

MAX_LINKS = 5_000  # of a page that are kept as rows
_LINKED = re.compile(r"(?:https?|mailto|ftp):", re.IGNORECASE)  # schemes of those


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that was found out about a page; what an explanation prints."""

    page: Page
    metadata: Metadata
    in_head: Metadata  # the same as read from the page's elements, before its blocks and the site's habit were asked
    decision: BodyDecision
    site: tuple[Recurrence, ...]
    roles: tuple[RoleAssignment, ...]
    traits: tuple[TextTraits, ...]
    head: HeadWords
    composed: Composed


class ArticleExtractor:
    """Satisfies `broadsheet.pipelines.extract.extraction.Extractor`; *profiles* are those of the sites, by host."""

    def __init__(
        self,
        profiles: Mapping[str, SiteProfile] | None = None,
        profiles_id: str = "",
        options: ExtractionOptions = USUAL,
    ) -> None:
        identity = extraction_identity(profiles_id, options=str(options))
        self.name, self.extraction_id, self.base_id = identity.name, identity.extraction_id, identity.base_id
        self._profiles = profiles or {}
        self._options = options

    def extract(self, record: PageRecord) -> Extraction:
        """Read one page; whatever goes wrong with it is the article's status."""
        try:
            page = open_page(record)
            if page is None:
                return Extraction(ArticleColumns(status="undecodable", error="no HTML in it", page_type="other"))
            reading = self.read(page, record.body_decision, record.lines)
            sketch = record.sketch and self.extraction_id == self.base_id  # what a profile says is not learnt again
            return extraction_of(reading, sketch=sketch, rows=record.rows, earlier=record.body_decision)
        except Exception as error:
            return Extraction(ArticleColumns(status="error", error=f"{type(error).__name__}: {error}"[:500]))

    def read(self, page: Page, earlier: bytes = b"", lines: Lines | None = None) -> PageReading:
        """Find out all about *page*; *earlier* is the body decision of an earlier reading, if there was one, *lines* are those
        of its sketch."""
        profile = self._profiles.get(site_of(page.url))
        layout = page.layout
        traits = [traits_of(block.text) for block in layout.blocks]
        words, keywords = [one.words for one in traits], [one.keywords for one in traits]
        decision = decide_body(page, traits, earlier)
        text = "\n".join(block.text for block, one in zip(layout.blocks, decision.body, strict=True) if one is not None)
        in_head = _metadata(page, text, earlier)
        dated = in_head if profile is None else dated_by(profile.date_habit, in_head, page)
        metadata = with_byline(with_shown_title(dated, frozenset(words)), layout.blocks)
        head = HeadWords.of(metadata)
        body = by_structure(layout, decision.body, decision.scores.tolist(), head, words, keywords)
        body = trim_head(layout.blocks, body, head, words, keywords)
        site: tuple[Recurrence, ...] = ()
        forms = None
        if profile is not None:
            if lines is None or len(lines) != len(layout.blocks):
                lines = lines_of(layout, traits, decision.scores, head)
            title = hash_of(metadata.title or "")
            site = tuple(recurrences(layout, traits, lines, profile, title))
            body = correct_body(layout, body, decision, site, head)
            body = trim_head(layout.blocks, body, head, words, keywords)
            forms = FormsApplied(lines, profile, title, body)
            body = forms.kept
            metadata = with_site_author(metadata, layout, forms)
            head = HeadWords.of(metadata)
        roles = assign_roles(layout, body, head, words, keywords)
        if forms is not None:
            roles = correct_roles(layout, roles, site, head)
        follow_headings(layout.blocks, keywords, roles)
        if forms is not None:
            roles = roles_by_forms(layout, roles, forms, traits)
        pictures: tuple[PlacedImage, ...] = ()
        if self._options.markdown_images:
            pictures = placed_images(layout, roles, page.resolver, metadata.main_image_url)
        composed = compose(layout.blocks, [one.role for one in roles], page.resolver, pictures)
        if metadata.embedded_body is not None and len(composed.text) < SHOWN:
            composed = compose_embedded(metadata.embedded_body)
        return PageReading(page, metadata, in_head, decision, site, tuple(roles), tuple(traits), head, composed)


def _metadata(page: Page, body_text: str, earlier: bytes) -> Metadata:
    """What the elements of the page say; taken over from an earlier reading, if there was one."""
    kept = earlier[decision_bytes(len(page.blocks)) :]
    if kept and (found := metadata_from_bytes(kept)) is not None:
        return found
    return read_metadata(page, body_text=body_text)


def extractor_of(directory: str, options: ExtractionOptions = USUAL) -> ArticleExtractor:
    """The extractor with the profiles that are kept in the collection *directory*.

    Raises:
        CorruptArchive: a profile cannot be read.
    """
    profiles, profiles_id = read_profiles(directory)
    return ArticleExtractor(profiles, profiles_id, options)


def extraction_of(reading: PageReading, *, sketch: bool = True, rows: bool = True, earlier: bytes = b"") -> Extraction:
    """The rows of a page that was read: its article; segments, images and links if *rows*; its sketch if *sketch*; what a later
    reading takes over, which is what an *earlier* one left, where this one took that over."""
    page, metadata = reading.page, reading.metadata
    article = article_row(page, metadata, reading.roles, reading.composed)
    sketched = _sketch(reading, article) if sketch else None
    kept = earlier if earlier and reading.decision.evidence is None else _kept(reading)
    if not rows:
        return Extraction(article, sketch=sketched, body_decision=kept)
    images = article_images(page.layout, reading.roles, page.resolver, metadata.main_image_url)
    return Extraction(article, _segments(reading), images, _links(reading), sketched, kept)


def _kept(reading: PageReading) -> bytes:
    """What a later reading of the page need not find out again."""
    return reading.decision.to_bytes() + metadata_to_bytes(reading.in_head)


def _sketch(reading: PageReading, article: ArticleColumns) -> PageSketch:
    metadata = reading.metadata
    return PageSketch(
        site=site_of(reading.page.url),
        url=reading.page.url,
        title=hash_of(metadata.title) if metadata.title else 0,
        author=hash_of(" ".join(person.name for person in metadata.authors)) if metadata.authors else 0,
        date=metadata.date_published_raw or "",
        article=article.status == "ok" and article.page_type != "listing",
        blocks=sketched(
            lines_of(reading.page.layout, reading.traits, reading.decision.scores, reading.head), reading.roles
        ),
        language=metadata.language or "",
    )


_segment = partial(tuple.__new__, Segment)
_link = partial(tuple.__new__, Link)


def _segments(reading: PageReading) -> tuple[Segment, ...]:
    """Every block of the page, in its order; the texts together are its visible text."""
    blocks, roles = reading.page.blocks, reading.roles
    ordinals = range(len(blocks))
    columns: dict[str, Iterable[object]] = {
        "ordinal": ordinals,
        "role": [one.role for one in roles],
        "role_source": [one.told for one in roles],
        "text": [block.text for block in blocks],
        "role_score": [None if one.score is None else round(one.score, 4) for one in roles],
        "tag": [block.node.tag for block in blocks],
        "dom_path": [block.node.path for block in blocks],
        "char_start": map(reading.composed.starts.get, ordinals),
        "link_density": [round(block.link_density, 4) if block.link_chars else 0.0 for block in blocks],
        "block_hash": [one.hash for one in reading.traits],
        "site_page_count": [one.pages for one in reading.site] if reading.site else repeat(None, len(blocks)),
    }
    return tuple(map(_segment, zip(*(columns[name] for name in Segment._fields), strict=True)))


def _links(reading: PageReading) -> tuple[Link, ...]:
    """The hyperlinks with a text, each with the role of its block."""
    links: list[Link] = []
    target_of = reading.page.resolver.target
    for block, one in zip(reading.page.blocks, reading.roles, strict=True):
        if not block.link_chars:
            continue
        for text, _, href in block.runs:
            if href and len(links) < MAX_LINKS and (target := target_of(href)) and _LINKED.match(target):
                links.append(_link((len(links), target, one.role, text.strip() or None, None, block.ordinal)))
    return tuple(links)
