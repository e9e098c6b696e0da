"""Whether a date or a byline is that of the article: not of a card below "Latest news", an embedded post, a reference."""

from __future__ import annotations

import re
from datetime import date
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.metadata.date_moment import Moment
from broadsheet.pipelines.extract.metadata.scan import text_of

_OTHERS_CLASS = re.compile(
    r"""(?:^|[\s_-])(?:twitter-tweet|tweet-embed|embed(?:ded)?|instagram|bluesky|mastodon|fb-post|bookmark-card)(?:$|[\s_-])
    |(?:^|[\s_-])(?:related|recommended|recirc|read-?next|up-?next|also-?like|most-?(?:read|popular))(?:$|[\s_-])
    |(?:^|\s)(?:mw-)?(?:references?|reflist|citation|bibliography|footnotes?)(?:$|[\s_-])""",
    re.I | re.X,
)
_OTHERS_HEADING = re.compile(
    r"""(?:latest|more|related|read\s(?:more|next|also)|popular|most\s(?:read|popular|viewed)|trending|recommended|you\s(?:may|might)
    |up\snext|recent|other\s(?:news|stories|articles|posts)|references|sources|footnotes|see\salso|comments
    |weitere|mehr\s|meistgelesen|lesen\ssie|auch\sinteressant|neueste|das\skönnte|einzelnachweise
    |[àa]\slire|lire\saussi|dernières|sur\sle\smême|les\splus\slus|m[áa]s\s|lo\smás|[úu]ltimas|te\spuede|relacionad|leggi\sanche|ultime
    |leia\s|mais\s|veja\stambém|lees\sook|meer\s|laatste|najnowsze|czytaj|zobacz|polecane|читайте|последние|ещ[её]\s|другие|похожие
    |останні|関連|最新|相关|相關|推荐|관련|최신|المزيد|اقرأ|ذات\sصلة|آخرین|مرتبط|senaste|läs\s|siste|les\sogs|seneste|læs\s|lue\smyös
    |ilgili|son\shaber|berita\s(?:terkait|terbaru|lain)|tin\s(?:liên|mới)|σχετικά|διαβάστε|související|další)""",
    re.I | re.X,
)
_ARTICLE = frozenset({"article", "main"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_DEPTH, _SIBLINGS = 8, 12  # ancestors that are asked, siblings before each
_CARD = 24  # characters beside the date in a link by which the link is one to another article


def is_masthead(element: etree._Element, moment: Moment, spine: frozenset[etree._Element], today: date | None) -> bool:
    """Whether *moment* is the day the page was fetched on, *today*, and *element* stands outside of what holds the article.

    *spine*: the headline's ancestors, none where no headline is known."""
    if today is None or moment.precision != "day" or abs((moment.day - today).days) > 1:
        return False
    above = next((one for one in element.iterancestors() if one in spine), None)
    if above is None or above.tag == "body":
        return above is not None
    around = {one.tag for one in (above, *above.iterancestors())}
    return not around & _ARTICLE and any(one.tag in _ARTICLE for one in spine)


def is_of_others(element: etree._Element, spine: frozenset[etree._Element]) -> bool:
    """Whether the date or byline in *element* belongs to something else than the article; *spine*: the headline's ancestors."""
    above: etree._Element | None = element
    for _ in range(_DEPTH):
        if above is None or above in spine or above.tag == "body":
            return False
        if above.tag in {"blockquote", "cite"} or _OTHERS_CLASS.search((above.get("class") or "")[:240]):
            return True
        other = above.tag == "a" and above is not element and "bookmark" not in (above.get("rel") or "")
        if other and len(text_of(above, 200)) > len(text_of(element, 100)) + _CARD:
            return True
        if (label := above.get("aria-label")) and _OTHERS_HEADING.match(label.strip()):
            return True
        if _below_heading_of_others(above):
            return True
        above = above.getparent()
    return False


def _below_heading_of_others(element: etree._Element) -> bool:
    """Whether the next heading before *element*, among its siblings, is one over other articles."""
    for sibling in islice(element.itersiblings(preceding=True), _SIBLINGS):
        if sibling.tag == "h1":
            return False
        if sibling.tag in _HEADINGS:
            return bool(_OTHERS_HEADING.match(text_of(sibling, 60)))
    return False
