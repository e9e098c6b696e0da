"""From a byline as printed to a clean list of names.

A byline is: lead-in ("By", "Von", "Автор:") + names joined by commas and words for "and" + roles, places, dates and page
furniture.  The lead-in is removed, the text is cut where furniture begins, the rest is split at the joins, roles are dropped.
"Surname, Given" pairs are turned round; organisations stay.  A piece that cannot be a name is dropped: no author is better
than a wrong one.  All patterns are linear.
"""

from __future__ import annotations

import re

from broadsheet.pipelines.extract.metadata.byline_cut import without_surroundings
from broadsheet.pipelines.extract.metadata.names_cjk import cjk_names

MAX_BYLINE = 400
MAX_NAMES = 30

_LEAD_IN = re.compile(
    r"""^[\s:|–—•·*,.\-/>«»"'“”()]*(?:
    (?:(?:an?\s)?(?:article|story|post|report|analysis|opinion|interview|review|text|words|news|guest\spost|update)\s+)?
    (?:(?:writt?en|authored|posted|published|created|reported|submitted|contributed|compiled|edited|shared|uploaded|
    medically\sreviewed|reviewed|updated|added|reporting)\s+(?:and\s\w+\s)?)?by\b(?:\s+our\s+(?:own\s+)?(?:correspondent|reporter)\b)?
    |(?:articles|posts|stories|words)\s+(?:and\s\w+\s+)?by\b|article\sauthor|authors?\b(?=\s*[:\s–|-])|author's?\sname|about\sthe\sauthors?|(?:staff\s)?writer\s*:|written\s*:|words\s*:|story\s*:
    |(?:(?:verfasst|geschrieben|veröffentlicht|ein\sbeitrag|ein\sartikel|ein\sgastbeitrag|gastbeitrag|interview|text|kommentar|(?:ein\s)(?:kommentar|essay|interview|porträt|gespräch|nachruf|leitartikel|überblick)|eine\s(?:analyse|kolumne|rezension|glosse|recherche|kritik)|(?:aufgezeichnet|protokolliert|aufgeschrieben|zusammengestellt|kommentiert)|(?:das\s)?interview\sgeführt|die\sfragen\sgestellt|(?:ein\s|eine\s)?(?:bericht|reportage)|eingereicht|gespeichert|erstellt|eingestellt|alles|(?:zeige\s)?alle\s(?:beiträge|artikel)|mehr)\s+)?von\b(?:\s+unser(?:e[mnr]?)?\s+(?:korrespondent|redakt|reporter|mitarbeiter)\w*)?
    |autor(?:in|en|innen|es|as|a)?\b(?=\s*[:\s–|-])|(?:das\sinterview\sführte[n]?|die\sfragen\sstellte[n]?)\b|text(?:e|o)?\s*:|texto\sde\b|redacci[óo]n\s*:|haber\s*:|redaktion\s*:|interview\s*:|verfasser(?:in)?\b|redakteur(?:in)?\s*:|aus\sder\sredaktion\s:
    |(?:(?:publié|écrit|rédigé|posté|propos\srecueillis|article|soumis)\s+)?par\b(?:\s+(?:notre|nos)\s+(?:correspondante?s?|envoyée?s?\sspécia(?:le?s?|ux)))?|auteure?s?\b(?=\s*[:\s–|-])
    |(?:(?:escrito|publicado|redactado|texto|publicada|enviad[oa])\s+)?por\b(?:\s+nuestr[oa]\s+(?:corresponsal|enviad[oa]\sespecial))?|de\s+nuestr[oa]\s+(?:corresponsal|enviad[oa]\sespecial)\b|(?:scritto|pubblicato|articolo|inviato)\s+(?:da|di)\b|(?:dal|dalla|del|della)\s+nostr[oa]\s+(?:inviat[oa]|corrispondente)\b|a\scura\sdi\b|di\b(?=\s+[A-ZÀ-Þ])|autore\b(?=\s*[:\s])
    |(?:door|(?:geschreven|ingediend)\sdoor|tekst)\b:?|av\b|af\b|skrevet\sav|skriven\sav|tekst\s*:|skribent\s*:|journalist\s*:|teksti\s*:|kirjoittaja\s*:?
    |toimittaja(?=\s+[A-ZÄÖÅ])|piš[ea]\b\s*:?|пише\b\s*:?|пишува\b\s*:?|autor(?:ka|s|ius|ė)\b\s*:|höfundur\s*:|muallif\s*:|müəllif\s*:?|egilea\s*:|údar\s*:|ავტორი\s*:?|հեղինակ\s*[:՝]?
    |(?-i:Nga|Deur|Eftir)\b(?=\s+(?-i:[A-ZÀ-Þ]))
    |przez\b|opracowa(?:ła|ł|nie)\b\s*:?|napsal[a]?\b|autoři\b:?|szerző\b:?|írta\b:?|yazar\b:?|yazan\b:?|scris\sde\b|de\b(?=\s+[A-ZÀ-Þ])|od\b(?=\s+[A-ZÀ-Þ])
    |автор(?:ы|и|ка)?\b:?|текст\s*:|написал[а]?\b|від\b|от\b|autori\b:?|autorii\b:?|autorė?\b:?|συντάκτης\b:?|γράφ(?:ει|ουν)(?:\s(?:ο|η|οι)\b|\s*:)|του\b|της\b
    |作者\s*[:：丨]?|文\s*[:：/／|｜丨]|記者\s*[:：]?|记者\s*[:：]?|撰文\s*[:：]?|責任編輯\s*[:：]?|责任编辑\s*[:：]?|编辑\s*[:：]|編輯\s*[:：]|来源\s*[:：]|來源\s*[:：]|執筆者?\s*[:：]?|글\s*[:：]
    |tác\sgiả\s*:?|oleh\s*:?|penulis\s*:?|(?:laporan\s*:?\s*)?wartawan\s*:?|laporan\s*:|reporter\s*:|muhabir(?:i)?\s*:|(?:بقلم|كتبته?|كتبه?|إعداد|تقرير|تحرير|بواسطة)\b\s*:?|(?:نویسنده|به\sقلم|خبرنگار|گزارش(?:\sاز)?|تحریر)\b\s*:?
    |(?:כתבה?|מאת|כותבת?)\b\s*:?|(?:เขียน)?โดย\s*:?|(?:ผู้เขียน|ผู้สื่อข่าว|เรื่อง)\s*:?|(?:लेखक|लेखिका|रिपोर्ट|द्वारा|লিখেছেন|লেখক|প্রতিবেদক|எழுதியவர்|ஆசிரியர்|రచన|రచయిత|ಲೇಖಕರು|എഴുതിയത്|લેખક|ਲੇਖਕ)\s*[:—-]?|de\s+notre\s+correspondant[e]?\b
    )[\s:|–—•·,.\-/>]*""",
    re.I | re.X,
)
# who translated it, and nobody else
_TRANSLATED = re.compile(
    r"\W*(?:translat(?:ed|ion)\s(?:by|:)|tradu(?:it|zione|cción|ção)\s(?:par|di|de|:)|übersetz(?:t|ung)\s?(?:von|:)|перевод\s?:|ترجمة\s?:|译者)",
    re.I,
)
_MAILED = re.compile(r"\S+@\S+\s*\(([^()@]{4,60})\)")  # ann@a.example (Ann Ho), as RSS 2.0 has it
_BEHIND = re.compile(r"\s+द्वारा$")  # "by", behind the name
_OUTLET = re.compile(r"^[a-z][\w.\-]{2,20}\s+von\s+(?=[A-ZÄÖÜ]\w+\s+[A-ZÄÖÜ])")  # "capital von Ann Ho"
_CUT = re.compile(
    r"""\s*(?:
    [•|▪●►→⋅∙│]|·(?![\u4e00-\u9fff])|\s[–—-]\s|\s[–—-]$|\s//\s|\s/\s(?=\d)
    |\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b\d+\s*(?:min|sec|hour|day|week|month|year|comment|kommentar|view|share|read|std|tag|stund)
    |\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?\s*\d
    |\b\d{1,2}\.?\s+(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])
    |\b(?:(?:first|originally)\s(?:posted|published)|updated|published|posted|last\smodified|last\supdated|reviewed|fact[\s-]checked|medically|edited\sby|photos?\sby|photograph(?:y|s)\sby|illustrat\w+\sby|published\son
      |follow|subscribe|share|view\s(?:all|bio|profile|author|more|posts)|see\s(?:all|more|bio|full)|read\smore|more\s(?:by|from|about)|read\stime|min\sread|minutes?\sread|reading\stime|leave\sa|no\scomments|comments?\b
      |about\sthe|email|e-mail|twitter|facebook|linkedin|instagram|all\sposts|opens\sin|learn\smore|listen|print|save|copy\slink|bio\b|contact
      |is\s(?:an?|the|our)\b|was\s(?:an?|the)\b|has\s(?:been|worked|written)|who\s(?:is|has|was)|writes\s|works\s|covers\s|special\sto|for\sthe\s|для(?=\s)|специально(?=\s)|for\s(?=[A-Z])|on\s(?:mon|tues?|wednes|thurs?|fri|satur|sat|sun)(?:day)?|on\s\w+\s\d|in\s(?:\w+\s)?(?=[A-Z])|at\s(?=\d)
      |veröffentlicht|aktualisiert|erschienen|stand\s*:|uhr\b|am\s\d|artikel\svon|zur\sperson|mehr\s(?:von|zum|über)|ist\s(?:ein|der|die|redakt)|fotos?\s*:|bild\s*:|foto\s+(?:von|av|di)|lesezeit|im\sinterview
      |publié|mis\sà\sjour|modifié|le\s\d|lecture|avec\s(?:afp|reuters)|actualizado|publicado|publicada|atualizado|aggiornato|pubblicato|modificato|publisert|oppdatert|publicerad|uppdaterad|publiceret|opdateret|julkaistu|päivitetty|gepubliceerd|bijgewerkt|opublikowano|aktualizacja|aktualizováno)\b
    |@\w|https?://|www\.|\S+@\S+|\#
    )""",
    re.I | re.X,
)
_JOIN = re.compile(
    r"\s*[;|/&+、，；／\n]\s*|\s*,?\s+(?:and|und|et|och|og|ja|y|e|i|en|и|та|й|και|ve|und|dan|și|si|și|a|és|oraz|with|mit|avec|con|sowie|und|ed|în|va|và)\s+",
)
_COMMA = re.compile(r"\s*[,،]\s*")
_WITH_AND = re.compile(r"\s[וو]")
_MIN_NAME = 3  # letters of a name with "and" before it
_BEGIN_LIKE_AND = frozenset(
    "وليد وائل وسيم وفاء وداد وجدي وحيد وجيه ولاء وسام وعد وهيب وصفي وردة وهبة ורד ויקטוריה ויקטור ולדימיר ורדה ויטלי".split()  # noqa: SIM905
)
_ROLE = re.compile(
    r"""(?:^|[\s\-(/])(?:
    (?:senior|junior|chief|deputy|associate|assistant|managing|executive|contributing|staff|guest|freelance|lead|head|vice|founding|co-?)?[\s-]*
    (?:editor|writer|reporter|correspondent|journalist|columnist|contributor|producer|author|analyst|photographer|blogger|critic|fellow|professor|lecturer|director|manager|founder|co-founder|president|ceo|cto|cmo|coo|cfo|officer|specialist|strategist|consultant|engineer|developer|researcher|scientist|intern|bureau\schief|reviewer|copywriter|publisher|partner|attorney|expert|coach|marketer|designer|physician|rdn?|ph\.?d\.?|m\.?d\.?|mba|r\.?n\.?|msc|bsc|cpa|cfp|esq\.?|jr\.?|sr\.?|iii?|lmft|lcsw|dds|dvm|mph|ms|ma|dnp|pharmd)s?
    |redakt(?:eur|eurin|ion|ionsleiter|ør|or|orka)\w*|chefredakteur\w*|reporter\w*|korrespondent\w*|autor(?:in)?|volont[äa]r\w*|chefreporter\w*|ressortleit\w*|kommentator|leder|journalist\w*|journaliste?s?|r[ée]dact(?:eur|rice)\w*|correspondant\w*|redactor\w*|periodista\w*|corresponsal\w*|enviad[oa]s?\sespecial(?:es)?|envoyée?s?\sspécia(?:le?s?|ux)|redattor\w*|giornalist\w*|inviato|redacteur|verslaggever|toimittaja|кореспондент|корреспондент|журналист\w*|редактор\w*|обозреватель
    |كاتبة?|مراسلة?|صحفية?|صحافية?|محررة?|خبرنگار|روزنامه‌نگار|כתבת?|עורכת?|פרשנית?|עיתונאית?|记者|記者|编辑|編輯|통신원|특파원
    )(?=$|[\s\-,./):])""",
    re.I | re.X,
)
_ROLE_LAST = re.compile(
    r"""\s+(?:(?:senior|chief|deputy|associate|assistant|managing|executive|contributing|staff|guest|freelance|lead|head|political|business|sports?|health|science|news|technology|tech|education|environment|political|food|travel|art|culture|editorial|content|founder)[\s-]+){0,3}
    (?:editor|writer|reporter|correspondent|journalist|columnist|contributor|author|analyst|producer|redakteurin|redakteur|reporterin|journaliste?|redaktør|toimittaja)\b.*$""",
    re.I | re.X,
)
_ROLE_BEFORE = re.compile(
    r"^(?:[a-z]+[\s-]){0,3}(?:reporter|correspondent|editor|writer|columnist|journalist|critic|producer|analyst)\s(?=[A-ZÀ-Þ]\S+\s[A-ZÀ-Þ])"
)
_HOUSE_OF_WORK = re.compile(
    r"\b(?:universit(?:y|ät|é|à|eit)|universi(?:dad|dade|tet|tat)|uniwersytet|institut[eo]?|college|school|department|faculty|hospital|foundation"
    r"|laborator(?:y|ium)|academy|museum|ministry|unit)\b|университет|институт|大学|大學|대학교",
    re.I,
)
# who distributed it, behind a name and a stroke: alone, or after "and", an agency is an author
_DISTRIBUTED = re.compile(
    r"(?<=[^\W\d_])\s*/\s*(?:AP|AFP|EFE|ANSA|APA|AAP|ANP|ANI|PTI|TT|NTB|CTK|ČTK|PAP|STA|dpa|DPA|Reuters|Lusa|Belga|MTI|UPI|SDA|ATS|SID|EPD|KNA"
    r"|Agenc(?:ias?|ies)|Agenzie|Agenturen|Redacción|Redação|Redazione)\s*$|\s+(?:avec|con|com|mit|with)\s+(?:l['’]|la\s|der\s|the\s)?(?:AFP|Reuters|EFE|ANSA|dpa|DPA|AP|Lusa|Agenturen|agenc\w+|agenz\w+)\s*$"
)
_SUFFIX = re.compile(r"\b(?:Jr|Sr)$")
_AFFILIATION = re.compile(
    r"\s+(?:(?:of|with|from)\s+the\s.*|(?:the\s)?associated\spress|bbc\s(?:news|sport)\b.*|(?-i:AP|AFP|Reuters|PA|dpa))$",
    re.I,
)
_OUTLET_BEHIND = re.compile(
    r"^(?:d[ao]s?|del(?:la)?|dell['’]|de|of|from|for|para|pour|für|aus)\s|^(?:the\s)?associated\spress$|\b(?:news|media|press\sagency|news\sagency|newspaper)$",
    re.I,
)
_KOREAN = re.compile(r"^([가-힣]{2,4})\s*(?:기자|특파원|논설위원|선임기자|인턴기자|객원기자|칼럼니스트)")
_AROUND = ' \t\n,.;:|/\\-–—•·*_>«»"“”„‘’()[]{}<=+~©【】〔〕「」'
_NEVER = frozenset(
    """admin administrator author authors autor autoren by editor user guest anonymous unknown null none undefined
    n/a na default
    root webmaster test wordpress staff-writer home read-more more share follow email print comments comment reply date posted
    published submitted updated subscribe advertisement details info name profile bio redacao superuser sysadmin twitter facebook linkedin
    instagram pinterest youtube rss whatsapp telegram website contact about bluesky mastodon threads tiktok
    others weitere andere otros autres altri outros
    mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday
    login log-in sign-in register registration anmelden einloggen ログイン ログイン・登録 新規登録 登録 로그인 登录 注册
    """.split()  # noqa: SIM905 - a table of words
)
_NEVER_PHRASE = re.compile(
    r"^(?:about (?:the|us)|all (?:posts|articles)|view |see |read |more |follow |posted |published |last |updated|share |click |"
    r"skip |sign |log |the author|this (?:article|post|story)|your |our |my |table of|back to|no |leave |what |how |why |when |"
    r"in |on |at |for |from |if |is |are |was |image|photo|foto|bild|credit|copyright|courtesy|getty|disclaimer|disclosure|"
    r"we |i |you |it |he |she |they |mehr |alle |zum |zur |zu |autor|author|und |and |meet |get |related|avatar)",
    re.I,
)
_LETTER = re.compile(r"[^\W\d_]")
_ACRONYM = re.compile(r"^[A-Z][A-Z.&]+$")
_SPACED = re.compile(r"\s+")
_BRACKETS = re.compile(r"\s*[(\[{（][^()\[\]{}（）]{0,120}[)\]}）]?")
_CREDENTIAL = re.compile(r"^(?:[A-Z][A-Za-z]{0,4}\.?-?){1,4}$")
_CJK_NAME = re.compile(r"^[\u4e00-\u9fff\uac00-\ud7af\u3040-\u30ff]{2,12}$")


def names_in(byline: str, *, organisation: bool = False) -> tuple[str, ...]:
    """The names in *byline*, in order, without repeats.  An *organisation*'s name is not split at joins."""
    text = _SPACED.sub(" ", byline[: 4 * MAX_BYLINE]).strip()[:MAX_BYLINE]
    if _TRANSLATED.match(text):
        return ()
    if "@" in text and (mailed := _MAILED.search(text)):
        text = mailed[1]
    if not organisation and (written := cjk_names(text)) is not None:
        return written
    if organisation:
        text = _OUTLET.sub("", lead_in_cut(text))
        name = text.strip(_AROUND)
        return (name,) if plausible(name) else ()
    text = _OUTLET.sub("", lead_in_cut(_DISTRIBUTED.sub("", without_surroundings(text))))
    text = _BRACKETS.sub(" ", text)
    if cut := _CUT.search(text):
        text = text[: cut.start()]
    if turned := _turned(text):
        return turned
    names: dict[str, str] = {}
    for part in _JOIN.split(_with_and_apart(text)):
        for position, piece in enumerate(_COMMA.split(part)):
            found = _one(piece, first=position == 0)
            if found and found.casefold() not in names:
                names[found.casefold()] = found
            if len(names) >= MAX_NAMES:
                break
    return tuple(names.values())


def _with_and_apart(text: str) -> str:
    """*text* with the Arabic and Hebrew "and" as a sign of its own, where it is written in one with the second of two names."""
    if not _WITH_AND.search(text):
        return text
    words = text.split()
    for at in range(2, len(words) - 1):
        word = words[at]
        if word[0] in "وו" and len(word) > _MIN_NAME and word not in _BEGIN_LIKE_AND and not set(",،;") & set(text):
            return f"{' '.join(words[:at])}، {' '.join((word[1:], *words[at + 1 :]))}"
    return text


def lead_in_cut(text: str) -> str:
    """*text* without its lead-ins: "Written by", "Von", "Author:"."""
    for _ in range(3):
        shorter = _LEAD_IN.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter
    return text


def has_lead_in(text: str) -> bool:
    """Whether *text* begins as a byline does."""
    return _LEAD_IN.match(text) is not None


def plausible(name: str) -> bool:
    """Whether *name* can be the name of a person or of an organisation."""
    if not 2 <= len(name) <= 70 or _LETTER.search(name) is None:
        return False
    words = name.split()
    if len(words) > 7 or name.casefold().replace(" ", "-") in _NEVER or _NEVER_PHRASE.match(name):
        return False
    return not (
        sum(map(str.isdigit, name)) > 3 or "http" in name or "=" in name or "?" in name or "{" in name or " by " in name
    )


def _one(piece: str, *, first: bool) -> str | None:
    """The name in one piece of a byline; None for a role, a place, a title after a name."""
    if not first and _OUTLET_BEHIND.search(piece.strip(_AROUND)):
        return None
    whole = _ROLE_BEFORE.sub("", lead_in_cut(piece))
    piece = _BEHIND.sub("", whole.strip(_AROUND)) if not whole.isascii() else whole.strip(_AROUND)
    if f"{piece}." in whole and _SUFFIX.search(piece):
        piece += "."
    if korean := _KOREAN.match(piece):
        return korean.group(1)
    if not piece or not plausible(piece):
        return None
    if not first:
        if _ROLE.search(piece) or _CREDENTIAL.match(piece) or _HOUSE_OF_WORK.search(piece):
            return None
        if len(piece.split()) < 2 and not _CJK_NAME.match(piece) and not _ACRONYM.match(piece):
            return None
    elif len(piece.split()) > 2 and (role := _ROLE_LAST.search(piece)) and len(piece[: role.start()].split()) >= 2:
        piece = piece[: role.start()].strip(_AROUND)
    elif (outlet := _AFFILIATION.search(piece)) and len(piece[: outlet.start()].split()) >= 2:
        piece = piece[: outlet.start()].strip(_AROUND)
    if len(piece.split()) == 1 and piece[:1].islower() and not first:
        return None
    return piece if plausible(piece) else None


def _turned(text: str) -> tuple[str, ...] | None:
    """Names given as "Surname, Given", alone or in a list with semicolons; None when *text* is nothing of the kind."""
    names = []
    for part in text.split(";"):
        pieces = [piece.strip(_AROUND) for piece in part.split(",")]
        if len(pieces) != 2 or any(
            not re.fullmatch(r"[^\W\d_][^\W\d_.'’\-]*(?:[ \-][A-Z]\.?)?", piece) for piece in pieces
        ):
            return None
        if any(_ACRONYM.match(piece) or _ROLE.search(piece) or not piece[:1].isupper() for piece in pieces):
            return None
        names.append(f"{pieces[1]} {pieces[0]}")
    return tuple(names) or None
