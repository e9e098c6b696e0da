"""The columns of an article's row, from what was read of its page."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.pipelines.extract.compose.text import Composed
from broadsheet.pipelines.extract.extraction import ArticleColumns
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.page import Page
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import Role

_MIN_BODY = 25  # characters, unless the page shows little else
_MAX_FIELD = 4_000  # characters of a standfirst or a byline


def article_row(
    page: Page, metadata: Metadata, roles: tuple[RoleAssignment, ...], composed: Composed
) -> ArticleColumns:
    """The row; its status is ``empty`` when the page has no body."""
    text = composed.text
    visible = page.visible_chars
    empty = not text or (len(text) < _MIN_BODY and 2 * len(text) < visible)
    embedded = not empty and not composed.starts
    return ArticleColumns(
        status="empty" if empty else "ok",
        url_canonical=metadata.url_canonical,
        title=metadata.title,
        description=metadata.description,
        standfirst=_joined(page, roles, Role.STANDFIRST),
        authors=metadata.authors,
        byline_raw=_joined(page, roles, Role.BYLINE) or metadata.byline_raw,
        sitename=metadata.sitename,
        date_published=metadata.date_published,
        date_published_raw=metadata.date_published_raw,
        date_published_precision=metadata.date_published_precision,
        date_published_source=metadata.date_published_source,
        date_modified=metadata.date_modified,
        date_modified_raw=metadata.date_modified_raw,
        text=None if empty else text,
        text_markdown=None if empty else composed.markdown,
        headings=() if empty else composed.headings,
        html_tables=() if empty else composed.tables,
        section=metadata.section,
        breadcrumbs=metadata.breadcrumbs,
        tags=metadata.tags,
        language=metadata.language,
        language_score=metadata.language_score,
        language_declared=metadata.language_declared,
        page_type=metadata.page_type,
        is_paywalled=metadata.is_paywalled,
        license_url=metadata.license_url,
        robots_meta=metadata.robots_meta,
        tdm_reservation=metadata.tdm_reservation,
        tdm_policy_url=metadata.tdm_policy_url,
        main_image_url=metadata.main_image_url,
        word_count=0 if empty else len(text.split()),
        text_ratio=min(len(text) / visible, 1.0) if visible and not empty and not embedded else None,
        text_embedded=embedded,
        encoding_guessed=page.encoding_guessed,
    )


def _joined(page: Page, roles: tuple[RoleAssignment, ...], role: Role) -> str | None:
    """The texts of all blocks with that role, each once."""
    texts: Iterable[str] = dict.fromkeys(
        block.text for block, one in zip(page.blocks, roles, strict=True) if one.role is role
    )
    return "\n".join(texts)[:_MAX_FIELD] or None
