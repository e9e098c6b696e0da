"""Headings: their text without the signs that link to them, and which of them are no headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from broadsheet.pipelines.extract.metadata.scan import text_of

_SIGNS = frozenset("#¶§🔗⚓")
_PERMALINK = re.compile(
    r"(?:^|[\s_-])(?:header-?(?:link|anchor)|perma-?link|hash-?link|anchor(?:-?link)?|edit-?section)(?:$|[\s_-])", re.I
)
_HIDDEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-?reader(?:-text)?|visually-?hidden|visuallyhidden|assistive-text|u-hidden)(?:$|[\s_-])",
    re.I,
)
_MINOR = re.compile(
    r"""(?:foot-?notes?|end-?notes?|notes|references|bibliography|sources|citations|further\sreading|external\slinks|see\salso
    |(?:related|recent|latest|popular|recommended|similar|trending|more|other|most\s(?:read|popular|viewed))\s(?:posts?|stories|articles|news|reading|content|topics|links)
    |(?:\d+\s)?(?:comments?|replies|responses?)|leave\sa\s(?:reply|comment)|share(?:\sthis(?:\s\w+)?)?|follow\sus|about\sthe\sauthors?
    |table\sof\scontents|contents|(?:main\s)?(?:menu|navigation)|post\snavigation|search(?:\sresults)?|newsletter|subscribe(?:\s.*)?
    |read\s(?:more|next|also)|you\s(?:may|might)\s(?:also\s)?(?:like|enjoy).*|tags?|categories|archives?|cookies?(?:\s.*)?|privacy\s.*
    |fußnoten|einzelnachweise|quellen|literatur|weblinks|kommentare?|ähnliche\s(?:beiträge|artikel)|weitere\s(?:beiträge|artikel)|mehr\szum\sthema|inhaltsverzeichnis|menü
    |notes\set\sréférences|articles\s(?:similaires|liés|récents)|commentaires?|sur\sle\smême\ssujet|à\slire\saussi|sommaire
    |notas|referencias|referências|artículos\srelacionados|artigos\srelacionados|entradas\srelacionadas|comentarios?|comentários?|note|articoli\scorrelati|commenti
    |voetnoten|gerelateerde\s(?:berichten|artikelen)|reacties|relaterte\s(?:artikler|saker)|relaterade\sartiklar|fotnoter|komentarze|przypisy|powiązane\s.*
    |примечания|комментарии|похожие\s.*|читайте\sтакже|примітки|коментарі|相关(?:文章|新闻|阅读)|相關(?:文章|新聞)|関連(?:記事|リンク)|コメント|脚注|参考文献|관련\s?(?:기사|뉴스)|댓글)""",
    re.I | re.X,
)
_LABEL = 4  # words of a kicker, a badge, a date
_FEW = 8  # elements of a heading that are asked


def heading_text(element: etree._Element, text: str) -> str:
    """The *text* of the heading *element*, without the link to itself ("¶", "#") and what is for screen readers alone."""
    for part in islice(element.iterdescendants(etree.Element), _FEW):
        own = text_of(part, len(text) + 1)
        if own and own != text and (_is_sign(part, own) or _HIDDEN.search(_class_of(part))):
            text = text.removesuffix(own).rstrip() if text.endswith(own) else text.removeprefix(own).lstrip()
    return text


def without_parts(element: etree._Element, text: str) -> Iterator[str]:
    """The *text* of the heading *element* without elements at its ends: a kicker, a badge, a date, the mark of a note, a
    subtitle, also one behind a line break."""
    parts = [own for part in islice(element.iterdescendants(etree.Element), _FEW) if (own := text_of(part, len(text)))]
    ends = [own for own in parts if own != text and text.endswith(own)]
    parts = [own for own in parts if len(own.split()) <= _LABEL]
    if (first := _before_break(element)) and first != text and text.startswith(first):
        ends.append(text.removeprefix(first))
    for end in ("", *ends):
        rest = text.removesuffix(end).rstrip()
        if end:
            yield rest
        yield from (rest.removeprefix(own).lstrip() for own in parts if own != rest and rest.startswith(own))


def _before_break(element: etree._Element) -> str:
    """The text of *element* up to its first line break; "" where it has none."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag == "br":
            return " ".join("".join(pieces).split())
        pieces.append((node.text if event == "start" else node.tail) or "")
    return ""


def leads_home(element: etree._Element) -> bool:
    """Whether the heading is a link to the front page: the site's name."""
    parent = element.getparent()
    links = list(islice(element.iterchildren("a"), 2))
    if parent is not None and parent.tag == "a":
        links.append(parent)
    return any(_is_home(link.get("href")) for link in links)


def is_hidden(element: etree._Element) -> bool:
    """Whether the heading, or what it stands in, is for screen readers alone."""
    above: etree._Element | None = element
    for _ in range(3):
        if above is None:
            return False
        if _HIDDEN.search(_class_of(above)):
            return True
        above = above.getparent()
    return False


def is_minor(text: str) -> bool:
    """Whether the heading *text* stands over footnotes, comments, other articles, and so on."""
    return len(text) < 60 and _MINOR.fullmatch(text.strip(" :.()")) is not None


def _is_sign(part: etree._Element, text: str) -> bool:
    if part.tag not in {"a", "span", "button"}:
        return False
    return _SIGNS.issuperset(text) or (
        part.tag == "a" and (part.get("href") or "").startswith("#") and _PERMALINK.search(_class_of(part)) is not None
    )


def _is_home(href: str | None) -> bool:
    if not href or len(href) > 200:
        return False
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    return parts.path in {"/", "/index.html", "/index.php"} or (bool(parts.netloc) and not (parts.path or parts.query))


def _class_of(element: etree._Element) -> str:
    return (element.get("class") or "")[:240]
