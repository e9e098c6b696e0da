"""Role: what kind of thing a block of a page is; RoleSource: what gave the block its role.

Each role is declared once, with its group, its code and its meaning. Everything that goes by roles follows from this
declaration: what is part of the body, the sketches of pages, the schema of the dataset, the table in docs/extraction.md.
To add a role: a member here with the next free code, a question that gives it (`questions`), and a page for it in
tests/pipelines/extract/roles/test_role.py.

Roles and sources are strings: the values that Parquet files and profiles hold.
"""

from __future__ import annotations

from enum import StrEnum


class RoleGroup(StrEnum):
    """What roles have in common; ``doc`` says where the dataset has the blocks with these roles, beside ``segments``."""

    doc: str

    def __new__(cls, value: str, doc: str) -> RoleGroup:
        """A member with its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.doc = doc
        return member

    BODY = "body", "the article's body, in its order: `text`, `text_markdown`"
    HEAD = "head", "the article's head: columns of their own"
    PICTURE = "picture", "words about pictures: with their images, in `images`"
    ABOUT = "about", "about the article, its author, its place in the site"
    ELSEWHERE = "elsewhere", "other articles"
    FURNITURE = "furniture", "the page's furniture"
    OTHER = "other", "nothing speaks for any of these"


class Role(StrEnum):
    """The role of a block. ``code`` stands for it in sketches (one byte) and never changes; ``doc`` is its meaning."""

    code: int
    group: RoleGroup
    doc: str

    def __new__(cls, value: str, code: int, group: RoleGroup, doc: str) -> Role:
        """A member with its code, group and meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.code, member.group, member.doc = code, group, doc
        return member

    BODY = "body", 0, RoleGroup.BODY, "a paragraph of the article"
    HEADING = "heading", 1, RoleGroup.BODY, "a heading inside the article"
    QUOTE = "quote", 2, RoleGroup.BODY, "a block quotation"
    LIST = "list", 3, RoleGroup.BODY, "an item of a list"
    TABLE = "table", 4, RoleGroup.BODY, "a cell of a table with data"
    CODE = "code", 5, RoleGroup.BODY, "preformatted text"
    HEADLINE = "headline", 6, RoleGroup.HEAD, "the article's title as the page shows it"
    STANDFIRST = "standfirst", 7, RoleGroup.HEAD, "the summary between headline and body"
    BYLINE = "byline", 8, RoleGroup.HEAD, "the line that names the author"
    DATELINE = "dateline", 9, RoleGroup.HEAD, "the line with the date"
    CAPTION = "caption", 10, RoleGroup.PICTURE, "the caption of a picture"
    CREDIT = "credit", 11, RoleGroup.PICTURE, "who made or owns a picture"
    AUTHOR_BIO = "author_bio", 12, RoleGroup.ABOUT, "who the author is"
    TAGS = "tags", 13, RoleGroup.ABOUT, "the article's tags"
    SHARE = "share", 14, RoleGroup.FURNITURE, "buttons for sharing and following"
    NEWSLETTER = "newsletter", 15, RoleGroup.FURNITURE, "the offer of a newsletter"
    AD = "ad", 16, RoleGroup.FURNITURE, "an advertisement, or the label of one"
    RELATED = "related", 17, RoleGroup.ELSEWHERE, "headlines and teasers of other articles"
    MOST_READ = "most_read", 18, RoleGroup.ELSEWHERE, "the list of the articles most read"
    COMMENT = "comment", 19, RoleGroup.ABOUT, "a reader's comment"
    COMMENT_FORM = "comment_form", 20, RoleGroup.ABOUT, "the form for comments, and its heading"
    COOKIE = "cookie", 21, RoleGroup.FURNITURE, "the question about cookies"
    PAYWALL = "paywall", 22, RoleGroup.FURNITURE, "the offer of a subscription in place of the text"
    NAV = "nav", 23, RoleGroup.FURNITURE, "menus and other lists of links"
    BREADCRUMB = "breadcrumb", 24, RoleGroup.ABOUT, "the path from the front page to the article"
    FOOTER = "footer", 25, RoleGroup.FURNITURE, "imprint, copyright, the page's end"
    OTHER = "other", 26, RoleGroup.OTHER, "what no question gave a role"


class RoleSource(StrEnum):
    """What gave a block its role; ``doc`` is its meaning."""

    doc: str

    def __new__(cls, value: str, doc: str) -> RoleSource:
        """A member with its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.doc = doc
        return member

    RULE = "rule", "its words, its place, what the metadata say"
    MARKUP = "markup", "elements and classes"
    TRAFILATURA = "trafilatura", "asked where the scores of the block model are in doubt"
    SITE_TEMPLATE = "site_template", "it recurs over the site"
    MODEL = "model", "the block model's score"


def roles_in(*groups: RoleGroup) -> frozenset[Role]:
    """The roles of these groups."""
    return frozenset(role for role in Role if role.group in groups)


BODY_ROLES = roles_in(RoleGroup.BODY)
ROLE_OF_CODE = {role.code: role for role in Role}
ROLE_OF_NAME = {str(role): role for role in Role}
