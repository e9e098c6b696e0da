"""What stands around the names of a byline and is cut off: the date before or after them, and who took the photographs.

"Published on 12 August 2024 by Ann Ho"     the date goes first: what follows "by" is the byline
"By Ann Ho on Monday, 12 August 2024"       the date goes last, with its day of the week and its preposition
"Words by Ann Ho, photos by Bo Ek"          photographers are no authors
"Reporting by Ann Ho in Oslo; Editing by"   as agencies sign: the places and the desk are left out
"From Ann Ho in Oslo"                       likewise
"Share Print By Ann Ho"                     the buttons before it go
"""

from __future__ import annotations

import re

from broadsheet.pipelines.extract.metadata.date_words import MONTHS

_BY = re.compile(r"\b(?:by|von|par|por|da|door|av|af|przez|oleh|автор)\b:?\s+(?=[^\W\d])", re.I)
_DAY_MONTH = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th|er|[.ºª])?\s+(?:de\s|of\s|d['’])?([^\W\d]{3,})")
_MONTH_DAY = re.compile(r"(?<!\w)([^\W\d]{3,})\.?\s+(?:de\s)?\d{1,2}(?!\d)")
_NUMBERS = re.compile(r"(?<!\w)(?:(?:19|20)\d\d(?!\w)|\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})")
_WEEKDAY = (
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
    r"|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo"
    r"|(?:lune|marte|mercole|giove|vener)d[ìi]|domenica|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mån|tis|ons|tors|fre|lör|sön|man|tirs|lør|søn)dag"
    r"|(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)na"
    r"|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье"
)
_PREPOSITION = r"on|at|the|am|vom|den|der|le|du|el|em|il|del|op|på|d|dne|dnia|w|в|от|på|la|à|a|um|of"
_BEFORE_DATE = re.compile(
    rf"[\s,(]+(?:(?:{_PREPOSITION})\.?(?:\s+(?:{_WEEKDAY}|[^\W\d]{{2,3}}))?|{_WEEKDAY})[\s.,]*$", re.I
)
_DANGLING = re.compile(rf"\s+(?:{_PREPOSITION})$")  # its date stands in an element of its own
_PHOTOGRAPHERS = re.compile(
    r"(?<!\w)(?:снимки|φωτο(?:γραφ\w+)?|צילום|تصوير|عکس|fotoğraf(?:lar)?|nuotr\.|photo(?:s|graph|graphs|graphy)?|fotos?|bild(?:er)?|фото|kuvat?|zdjęcia|fot\.|fotografie|crédits?|video|pictures?)"
    r"\s*(?:[:/]|(?<=fot\.)\s|(?:by|von|par|por|di|av|af)\s)",
    re.I,
)
_PHOTOGRAPHER = re.compile(  # "Ann Ho (Text) und Bo Ek (Fotos)"
    r"(?:,|\s(?:und|and|et|og|och|y|e|i|en|ja|&))\s+[^\W\d]\S*(?:\s[^\W\d]\S*){0,2}\s\((?:photos?|photographs?|pictures|images|illustrations?|translation|fotos?|bild(?:er)?|kuvat?|фото|video)\)",
    re.I,
)
_TEXT_AND_PHOTOS = re.compile(
    r"^\W*(?:texte?o?|testo|tekst|words|текст|ord|bài)\s*(?:[&+,]|and|und|et|och|og|y|e|i|и|và)\s*[^\W\d]{3,12}\s*(?::|(?:by|di|de|von|par|por)\s)",
    re.I,
)
_REPORTING = re.compile(r"^\W*(?:additional\s)?reporting\s+by\b", re.I)
_TWO_PARTS = re.compile(  # "Texte Ann Ho Photographies Bo Ek"
    r"^\W*(?:texte?|texto|testo|tekst|words|story)\s+((?-i:[A-ZÀ-Þ]).{3,60}?)\s+(?:photograph(?:s|ie|ies)|photos?|fotos?|foto|pictures|bilder|kuvat)\s+(?=(?-i:[A-ZÀ-Þ])).*$",
    re.I,
)
_SENT = re.compile(  # a role that is followed by its place
    r",\s*(?:enviad[oa]s?\sespecia(?:l|les)|envoyée?s?\sspécia\w+|inviat[oa](?:\sspeciale)?|corresponsal|correspondante?|correspondent|korrespondent(?:in)?)"
    r"\s+(?:a|en|in|à|au|aux|em|aus|w)\s+(?-i:[A-ZÀ-Þ])[\w.'’-]*(?:\s(?-i:[A-ZÀ-Þ])[\w.'’-]*)?",
    re.I,
)
_THEN_WRITTEN = re.compile(r"(?<=\w[.;|])\s+(?=(?:written|reported|story|words|text)\s+by\s)", re.I)
_DESK = re.compile(
    r"[;,.]?\s*(?:additional\sreporting|writing|editing|edited|compiled|graphics)\s(?:and\s\w+\s)?by\b.*", re.I
)
_OTHERS = re.compile(  # who had another part in it
    r"(?<=\w)[.,;|·—–-]*\s+(?:translat(?:ed|ion)|as\stold\sto|adapted|narrated|illustrat(?:ed|ions)\sby|with\s(?:photo|illustration)\w*\sby|tradu(?:it|ction|zione|cción|ção)"
    r"|übersetz(?:t|ung)|aus\sdem\s[A-Z]\w+\s(?:von|übersetzt)|vertaald|vertaling|przeł(?:ożył)?|перев[её]л|перевод)\b.*$",
    re.I,
)
_AGO = re.compile(r"\b(?:ago|yesterday|today)\b", re.I)
_BUTTONS = re.compile(r"^\W*(?:(?:share|print|e-?mail|save|listen|tweet|follow|comments?)\W+)+(?=by\s+[^\W\d])", re.I)
_DISPATCH = re.compile(r"^\W*From\s+([A-Z][^,;|]{3,60}?)\s+in\s+[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*)?\W*$")
_PLACE = re.compile(r"\s+in\s+[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){0,2}(?=\s*(?:[,;.)]|and\b|$))")

_JOINED = re.compile(r"[,&/;|+·•、]|(?:and|und|et|och|og|ja|y|e|i|и|та|και|ve|en|with|mit)\b", re.I)
_JOINING = re.compile(r"(?:[,&/;+、]|\b(?:and|und|et|och|og|ja|y|e|i|и|та|και|ve|en|with|mit|by|von|par|por))$", re.I)


def joins(above: str, line: str) -> bool:
    """Whether *line* goes on with the names of the line *above* it, as "and Bo Ek" does below "By Ann Ho"."""
    return _JOINED.match(line) is not None or _JOINING.search(above) is not None


def without_surroundings(text: str) -> str:
    """The byline *text* without a date, and without who took the photographs."""
    text = _BUTTONS.sub("", _DISPATCH.sub(r"\1", _TEXT_AND_PHOTOS.sub("", text)))
    if _REPORTING.match(text):
        text = _PLACE.sub("", _DESK.sub("", text))
    by = _BY.search(text)
    if by is not None and by.start() and (date_in(text[: by.start()]) is not None or _AGO.search(text[: by.start()])):
        text = text[by.start() :]
    text = _OTHERS.sub("", text)
    if (then := _THEN_WRITTEN.search(text)) is not None:  # "Moderated by Bo Ek. Written by Ann Ho"
        text = text[then.end() :]
    text = _PHOTOGRAPHER.sub("", _SENT.sub("", _TWO_PARTS.sub(r"\1", text)))
    if photographers := _PHOTOGRAPHERS.search(text):
        text = text[: photographers.start()]
    return _DANGLING.sub("", without_date(text))


def without_date(text: str) -> str:
    """*text* up to its date, its preposition and its day of the week."""
    at = date_in(text)
    if at is None:
        return text
    text = text[:at].rstrip()
    for _ in range(2):
        text = _BEFORE_DATE.sub("", text)
    return text


def date_in(text: str) -> int | None:
    """Where the first date of *text* begins; None when it has none."""
    found = [one.start() for one in (_NUMBERS.search(text),) if one]
    found += [
        one.start()
        for pattern in (_DAY_MONTH, _MONTH_DAY)
        for one in pattern.finditer(text)
        if one[1].casefold() in MONTHS
    ]
    return min(found, default=None)
