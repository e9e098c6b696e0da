"""Who made or owns a picture, told from what its caption says.

Markup goes first: ``<cite>``, classes of credits, ``copyrightHolder`` and its kin in schema.org.  Then the words at the end of
the caption: in brackets ("(AP Photo/J. Doe)", "（新华社记者李明摄）"), behind a full stop ("REUTERS/Jane Doe"), or behind a
word that introduces it ("Foto: Ann Ho").  A bracket is a credit only if it names an agency, photographs, or a name and a house:
"(left)" is none.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.metadata.scan import text_of
from broadsheet.pipelines.extract.page.blocks import Block
from broadsheet.pipelines.extract.page.hints import BIT, hints_of

_LOOKED = 40  # elements of a caption that are asked
_LONGEST = 160  # characters of a credit
_MIN_CAPTION = 3  # characters before a credit that are a caption
_FEW_WORDS = 6  # of a credit that no word of it tells
_SENTENCE = 5  # words in small letters behind a label that are a caption
_AROUND = " .,|–—-•/"
_BETWEEN = " |–—-/"
_CREDIT, _CAPTION = BIT["credit"], BIT["caption"]
_PROPERTIES = frozenset({"copyrightholder", "credittext", "creditline", "copyrightnotice", "author", "creator"})
_AGENCIES = (
    r"AP|AFP|EPA(?:-EFE)?|EFE|ANSA|APA|AAP|ANP|ANI|PTI|TT|NTB|CTK|ČTK|PAP|MTI|STA|Belga|dpa|DPA|REUTERS|Reuters|Getty(?:\sImages)?"
    r"|I[Mm][Aa][Gg][Oo]|PA(?:\sWire)?|Keystone|Ritzau|Scanpix|Lehtikuva|Xinhua|Yonhap|Kyodo|TASS|ТАСС|РИА\sНовости|Alamy|Shutterstock|iStock"
    r"|Unsplash|Pixabay|Pexels|Flickr|Wikimedia(?:\sCommons)?|picture[\s-]alliance|ddp|Bloomberg|Zuma(?:\sPress)?|Rex|Sipa|Magnum|Handout"
)
_PHOTO = (
    r"fot\.|fotoğraf|nuotr\.|снимк[аи]|φωτο(?:γραφ[ίι]α)?|صورة|תצלום|צילום|ภาพ|ảnh|photo(?:s|graph|graphs|grapher|graphy)?|pictures?|images?|fotos?|fotograf[íi]as?|fotografie|bild(?:er)?|kuvat?|zdjęci[ea]|фото|illustration|credits?"
    r"|crédits?|créditos?|quelle|source|zdroj|kilde|fonte|fuente|courtesy|copyright|hand-?out|stock"
)
_NAME = r"[^\W\d_a-zß-ÿ][\w.'’-]*(?:\s(?:(?:de|van|von|der|da|al|bin)\s)?[^\W\d_a-zß-ÿ][\w.'’-]*){0,3}"
_HOUSE = rf"(?-i:{_NAME}\s?/\s?(?:{_NAME}|{_AGENCIES})(?:\s?/\s?{_NAME})*(?:\s(?:via|for)\s{_NAME})?)"
_SAID = re.compile(
    rf"""(?:(?-i:{_NAME}\s)?(?:{_PHOTO})\s*(?:(?:by|von|par|por|di|av|af|of)\s(?=(?-i:[A-ZÀ-ÞА-Я]))|[:/©=]|copyright\s|of\s).{{1,120}}
    |(?:image|photo)\s+copyright\s.{{1,100}}|courtesy\s(?:of\s)?.{{2,100}}|crédits?\s(?:photo|image)s?\s*:.{{1,100}}|(?:©|\(c\)|copyright\b).{{1,120}}
    |{_HOUSE}|(?-i:(?:{_AGENCIES})(?:\s?[/,|-]\s?{_NAME})?)|(?-i:{_NAME},\s(?:{_AGENCIES}))|(?-i:{_NAME})\s+(?:for|via)\s(?-i:{_NAME})
    |[^。，,]{{0,20}}(?:摄|攝|供图|供圖|撮影|提供)|(?:图片|圖片|图|圖|写真|사진|摄影)\s*[:：/／=].{{1,60}}|\[?사진.{{1,60}}|.{{1,40}}\s(?:제공|기자))""",
    re.I | re.X,
)  # fmt: skip
_LABEL = re.compile(r"(?:images?|photos?|pictures?)\s*:\s", re.I)
_SMALL_WORD = re.compile(r"(?<![^\W\d_])[a-zß-ÿ]+(?=[\s,;]|$)")
_LICENCE = re.compile(r"[,/|\s]*\(?\bCC(?:0|[\s-]BY(?:-[A-Z]{2})*)(?:\s\d\.\d)?\)?$")
_TAKEN_BY = re.compile(r"＝([^。、，,＝\d]{2,20}(?:撮影|提供))$")  # the caption's sign before who took it
_SHORTENED = (" fot.", " nuotr.", " foto.")
_SHOWS = re.compile(r"图为|圖為|▲|△")  # "the picture shows", which begins a caption
_BRACKET = re.compile(
    r"\s*[(\[（【〔]([^()\[\]（）【】〔〕]{2,160}(?:\([^()]{1,40}\)[^()]{0,40})?)[)\]）】〕][\s.。]*$"
)
_BEHIND = re.compile(r"(?<=[.!?…”\"»)。！？])\s*|\s+[|–—•/]\s+")
_INTRODUCED = re.compile(
    r"""[\s,|–—-]*[(\[]?\s*(?:(?:images?|photos?|fotos?|pictures?|pics?|bild(?:er)?|credits?|quelle|source|фото|fot\.(?=\s)|fotoğraf|nuotr\.|снимк[аи]|φωτο(?:γραφ[ίι]α)?|צילום|ảnh|photograph(?:er|y)?|crédits?|créditos?
    |fotografie|zdroj|kuva|kilde|fonte|fuente|illustration|getty|copyright)\s*(?:(?:by|von)\s+(?=(?-i:[A-ZÀ-ÞА-Я]))|[:/©=]\s*|(?<=\.)\s(?=(?-i:[A-ZÀ-Þ])))|©|\(c\)\s|\[사진|사진\s*=|\[図|写真[:：])""",
    re.I | re.X,
)  # fmt: skip


def split_credit(block: Block, *, is_credit: bool) -> tuple[str, str]:
    """The caption in *block*, and the credit; *is_credit*: the block was read as nothing but a credit."""
    text = " ".join(block.text.split())
    for marked in _marked(block, text):
        before, _, behind = text.rpartition(marked) if text.endswith(marked) else text.partition(marked)
        if marked == text:
            if len(text.split()) <= _FEW_WORDS:  # "Ann Ho | Getty Images" is no caption with a credit behind it
                return "", text
            is_credit = True
        elif not behind:
            return with_bracket(before.rstrip(_BETWEEN), marked)
        elif behind[0] in _BETWEEN and _is_said(
            behind.strip(_BETWEEN)
        ):  # who sells the picture, in an element of its own
            return before.rstrip(_BETWEEN), marked + behind
        elif not before:
            return behind.lstrip(_BETWEEN), marked
    if (taken := _TAKEN_BY.search(text)) is not None:
        return text[: taken.start()].strip(), taken[1]
    introduced = _INTRODUCED.search(text)
    begins = introduced.start() if introduced is not None else len(text)
    if _is_said(text) and not text[:begins].rstrip(" /").endswith("."):  # "The tower. Photo: Ann Ho"
        return "", text
    bracket = _BRACKET.search(text)
    if bracket is not None and _is_said(bracket[1]) and not _MIN_CAPTION <= begins < bracket.start():
        return text[: bracket.start()].strip(), text[bracket.start() :].strip(" .")
    for cut in _BEHIND.finditer(text):
        credit = text[cut.end() :].strip(_AROUND)
        if cut.start() >= _MIN_CAPTION and not text[: cut.start()].lower().endswith(_SHORTENED) and _is_said(credit):
            return text[: cut.start()].strip(), credit
    if introduced is not None and introduced.start() >= _MIN_CAPTION:
        return text[: introduced.start()].strip(), text[introduced.start() :].strip(_AROUND)
    is_credit = is_credit and not _SHOWS.match(text) and len(text.split()) <= _FEW_WORDS
    return ("", text) if is_credit else (text, "")


def _is_said(text: str) -> bool:
    text = _LICENCE.sub("", text)
    return len(text) <= _LONGEST and _SAID.fullmatch(text) is not None and not _is_labelled_caption(text)


def _is_labelled_caption(text: str) -> bool:
    """Whether *text* is a sentence with a label: "Image: The ferry, left, has taken the place of the old one"."""
    label = _LABEL.match(text)
    return label is not None and len(_SMALL_WORD.findall(text, label.end())) >= _SENTENCE


def with_bracket(caption: str, credit: str) -> tuple[str, str]:
    """Both, the credit with the bracket that is opened at the end of the one and closed in the other."""
    return (caption[:-1].rstrip(), f"({credit}") if caption.endswith("(") else (caption, credit)


def _marked(block: Block, text: str) -> list[str]:
    """The parts of the caption *text* that the markup calls a credit, the longest first."""
    found = set()
    for element in filter(_is_credit, islice(block.node.element.iter(etree.Element), _LOOKED)):
        own = text_of(element, _LONGEST)
        if own and own in text and (element.tag != "small" or 2 * len(own) < len(text)):  # all may be small
            found.add(own)
    return sorted(found, key=len, reverse=True)


def _is_credit(element: etree._Element) -> bool:
    if element.tag in {"cite", "small"} or (element.get("itemprop") or "").lower() in _PROPERTIES:
        return True
    name = element.get("class")
    return name is not None and (hints_of(name) & (_CREDIT | _CAPTION) == _CREDIT or "attribution" in name.lower())
