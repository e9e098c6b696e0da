"""What names and words say about a block: one table of signals, many languages, used as one witness among others.

Names are those in class, id, role, itemprop and the like: cut into words, each word looked up once and remembered, so
that a page costs a dictionary look-up a word.  Words are how a short block begins ("Read more", "Foto:", "Tags").
Nothing here decides alone; the model and the rules weigh it with markup, place and neighbours.
"""

from __future__ import annotations

import re
from enum import IntFlag


class Signal(IntFlag):
    """A hint from a name.  One bit each: an element's hints are one integer."""

    BODY = 1 << 0
    CONTENT = 1 << 1
    POST = 1 << 2
    ARTICLE = 1 << 3
    TEXT = 1 << 4
    MAIN = 1 << 5
    CAPTION = 1 << 6
    CREDIT = 1 << 7
    AUTHOR = 1 << 8
    BIO = 1 << 9
    DATE = 1 << 10
    SHARE = 1 << 11
    NEWSLETTER = 1 << 12
    AD = 1 << 13
    RELATED = 1 << 14
    MORE = 1 << 15
    POPULAR = 1 << 16
    TEASER = 1 << 17
    SIDE = 1 << 18
    COMMENT = 1 << 19
    NAV = 1 << 20
    FOOTER = 1 << 21
    HEADER = 1 << 22
    TITLE = 1 << 23
    STANDFIRST = 1 << 24
    TAGS = 1 << 25
    PAYWALL = 1 << 26
    COOKIE = 1 << 27
    HIDDEN = 1 << 28
    EMBED = 1 << 29
    TOC = 1 << 30
    QUOTE = 1 << 31
    NOTE = 1 << 32
    FORM = 1 << 33
    BUTTON = 1 << 34
    BOX = 1 << 35
    LIST = 1 << 36
    META = 1 << 37
    BREADCRUMB = 1 << 38
    IMAGE = 1 << 39
    INTRO = 1 << 40
    PARAGRAPH = 1 << 41


# A word of a name matches a signal when the pattern matches its beginning, or (with a leading "*") any part of it.
_NAMES: dict[Signal, str] = {
    Signal.BODY: "*body bodytext copy$ prose$ richtext rich$ rte$ wysiwyg",
    Signal.CONTENT: "*content$ contenido inhalt contenu conteudo contents$",
    Signal.POST: "post$ posts$ *entry$ single$ hentry blogpost postcontent",
    Signal.ARTICLE: "*article story news$ artikel articulo artigo articolo statya storyline longform",
    Signal.TEXT: "*text$ texto texte testo txt",
    Signal.MAIN: "main$ primary page$ detail",
    Signal.CAPTION: "*caption legend bildunter *cutline legende didascalia leyenda bildtext figcap",
    Signal.CREDIT: "credit copyright photog quelle fotograf attribution photocredit imagecredit",
    Signal.AUTHOR: "*author *byline autor$ autore$ autoren auteur writer contributor vcard reporter journalist redakt fn$ creator columnist",
    Signal.BIO: "bio$ biograph about$ profile avatar gravatar",
    Signal.DATE: "date$ *datetime *timestamp datum fecha publish time$ updated modified readtime reading pubdate data$ dateline",
    Signal.SHARE: "*share *sharing *social facebook twitter whatsapp teilen addthis addtoany sharedaddy follow linkedin pinterest compartir partage shariff sns$ like$ likes$ reaction rating vote$",
    Signal.NEWSLETTER: "*newsletter *subscri *signup abonn optin mailing mailchimp hubspot mc4wp inscri convertkit",
    Signal.AD: "ad$ ads$ adv$ adslot adunit *advert sponsor banner dfp$ gpt$ *taboola *outbrain *anzeige werbung publicid commercial adsense affiliate adbox mpu$ promoted",
    Signal.RELATED: "*related *recommend *recirc similar relacion relat linked readalso crp yarpp verwandt suggested connected furtherreading interesse",
    Signal.MORE: "more$ *readmore *readnext further$ also$ next$ prev$ previous$ adjacent alsoread mehr$ zobacz upnext continue",
    Signal.POPULAR: "*popular *trending mostread mostviewed latest recent$ recentposts top$ hot$ ranking beliebt meistgelesen meest",
    Signal.TEASER: "*teaser card$ cards$ tile$ promo$ promos$ thumb thumbnail listing archive loop$ feed$ grid$ carousel slider swiper slick item$ items$",
    Signal.SIDE: "*sidebar aside$ widget rail$ complementary secondary sticky column$ col$",
    Signal.COMMENT: "*comment disqus respond$ reply$ replies$ discussion *kommentar livefyre coral$ comentario fb-comments guestbook",
    Signal.NAV: "nav$ *navbar *navigation menu$ *menu pagination pager$ paging$ toolbar tabs$ tab$ skip$ sitemap dropdown megamenu navigat",
    Signal.FOOTER: "*footer foot$ colophon bottom$ legal$ contentinfo imprint impressum postfooter after$",
    Signal.HEADER: "*header head$ masthead hero$ topbar top-bar intestazione kopf$",
    Signal.TITLE: "*title *headline heading$ titel titulo titre titolo hed$ h1$ zag$",
    Signal.STANDFIRST: "standfirst dek$ deck$ *subtitle *subhead *subheadline lede$ lead$ leadtext *standfirst chapo chapeau sapo$ strap$ strapline abstract$ excerpt summary$ ingress manchet teasertext subtitulo sottotitolo occhiello subline bajada copete vorspann anleser underrubrik resumo entradilla sumario subdeck description$ drophead",
    Signal.TAGS: "tag$ tags$ *taglist tagcloud *keyword topic$ topics$ category$ categories$ cat$ rubrik *hashtag etiquet label$ labels$ taxonomy terms$ schlagwor section$ kicker$ eyebrow",
    Signal.PAYWALL: "*paywall piano regwall premium$ subscriber locked meter$ gate$ gated plus$",
    Signal.COOKIE: "*cookie consent gdpr cmp$ privacy onetrust cybot",
    Signal.HIDDEN: "*modal popup *popover overlay dialog lightbox hidden$ hide$ offscreen sronly sr$ screenreader visually print$ noprint tooltip toast$ alert$ offcanvas drawer$ collapse$",
    Signal.EMBED: "*embed *tweet instagram video$ *player youtube audio$ podcast$ gallery$ galler slideshow tiktok media$",
    Signal.TOC: "toc$ *tableofcontents tocs$ jumplink ez-toc anchors$ index$ inpage",
    Signal.QUOTE: "*quote zitat citation blockquote cita$ pull$",
    Signal.NOTE: "note$ notes$ *footnote reference$ references$ correction disclaimer disclosure endnote editor$",
    Signal.FORM: "form$ *login account$ register$ search$ input$ field$ contact$ wpcf7 survey poll$ quiz$ signin",
    Signal.BUTTON: "btn$ *button cta$ action$ actions$ calltoaction tools$ utility icon$ icons$ link$ links$",
    Signal.BOX: "box$ *infobox *factbox fact$ callout panel$ infographic aside$ highlight$ keypoints takeaway keytakeaways notice$ inset$",
    Signal.LIST: "list$ ul$ ol$ accordion faq$ faqs$ table$ steps$",
    Signal.META: "meta$ *metadata info$ infos$ details$ credits$ postmeta",
    Signal.BREADCRUMB: "*breadcrumb crumb$ crumbs$ rastro ariadne pathway fil$",
    Signal.IMAGE: "image$ images$ img$ figure$ photo$ photos$ picture$ foto$ fotos$ bild$ imagen$ visual$",
    Signal.INTRO: "intro$ introduction$ *intro$ lead$ first$ opening",
    Signal.PARAGRAPH: "paragraph$ para$ p$ absatz parrafo paragraphs$ block$ wpblock",
}

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")
_MAX_NAME = 400  # characters of a name that are looked at
_MAX_REMEMBERED = 200_000


def _compile() -> list[tuple[int, re.Pattern[str]]]:
    patterns = []
    for signal, words in _NAMES.items():
        parts = [
            (".*" if word.startswith("*") else "") + re.escape(word.strip("*$")) + ("$" if word.endswith("$") else "")
            for word in words.split()
        ]
        patterns.append((int(signal), re.compile("|".join(parts))))
    return patterns


_PATTERNS = _compile()
_words: dict[str, int] = {}
_names: dict[str, int] = {}


def name_signals(name: str) -> int:
    """The signals of a name (class, id and so on, with spaces between), as an integer of `Signal` bits."""
    known = _names.get(name)
    if known is not None:
        return known
    if len(_names) >= _MAX_REMEMBERED:
        _names.clear()
    mask = 0
    for word in _WORD.findall(name[:_MAX_NAME]):
        mask |= _word_signals(word.lower())
    _names[name[:_MAX_NAME]] = mask
    return mask


def _word_signals(word: str) -> int:
    known = _words.get(word)
    if known is not None:
        return known
    if len(_words) >= _MAX_REMEMBERED:
        _words.clear()
    mask = 0
    if 1 < len(word) <= 40:
        for bit, pattern in _PATTERNS:
            if pattern.match(word):
                mask |= bit
    elif word == "p":
        mask = int(Signal.PARAGRAPH)
    _words[word] = mask
    return mask


# How a short block of text begins or what it holds, in lower case; the name is the signal.
PHRASES: dict[str, str] = {
    "related": r"related|read (?:more|also|next)|see (?:also|more)|also (?:on|read)|more (?:on|from|about|stories|in|news|like)"
    r"|recommended|you (?:may|might|will) (?:also )?like|don.?t miss|lire aussi|[àa] lire|lesen sie|mehr (?:zum|zu|aus|von|:)"
    r"|leia (?:mais|tamb)|lea tamb|te puede|también te|keep reading|up next|next (?:post|article|story)|previous|what to read|editor.?s? pick|latest"
    r"|continue reading|full story|leggi anche|czytaj|zobacz|lees ook|læs også|les også|läs (?:också|mer|även)|lue myös|auch interessant|das könnte|weitere (?:artikel|themen)"
    r"|читайте|смотрите также|также|еще по теме|по теме|相关|延伸阅读|推荐|関連|おすすめ|あわせて|관련|devamını|ilgili|dalším|čtěte|přečtěte|vezi și|citește"
    r"|in other news|similar|explore more|discover more|go deeper|watch:|listen:|popular|most (?:read|popular|viewed)|trending|meist|más leíd|mais lidas|i più letti",
    "newsletter": r"subscribe|sign ?up|join (?:our|us|the|\d)|get (?:the|our|your) (?:latest|best|free|news|daily|weekly)|newsletter|abonn|inscri|iscriviti|suscr|follow us|stay (?:up|in|informed|tuned|connected)"
    r"|download (?:the|our)|like us|enter your email|never miss|support (?:our|us|independent)|donate|become a (?:member|sub)|подпис|newsletter|receba|recibe|jetzt abonn|melde",
    "share": r"share|tweet|facebook|twitter|pinterest|linkedin|whats ?app|telegram|email|print|copy (?:link|url)|teilen|partager|compart|condividi|поделиться|分享|シェア|save|bookmark|like this|pin it",
    "comment": r"\d*\s*(?:comments?|replies|responses|kommentar|comentario|commentaire|комментар|评论|コメント)|leave a|post a|add a comment|your (?:email|name|comment)|reply|log ?in|sign in|cancel reply|notify me|save my name|join the (?:conversation|discussion)|schreib|deja un|laisser un|required fields",
    "author": r"by\b|von\b|por\b|par\b|di\b|af\b|av\b|door\b|text[eo]?\b|written by|posted by|author|words|about the author|автор|作者|记者|文\s*[/:：]|reporting by|editing by|autor|story by|view all posts|more (?:posts )?by|all (?:posts|articles) by|contact",
    "tags": r"tags?\b|filed under|categor|topics?\b|keywords?|schlagw|etiquetas|posted in|published in|themen|stichw|теги|метки|标签|タグ|mots-cl|thèmes|temas|argomenti|labels|more on:",
    "ad": r"advertis|sponsor|anzeige|promoted|publicidad|publicité|werbung|ad$|реклама|pubblicità|annons|reklam|广告|continue reading below|story continues",
    "legal": r"©|copyright|\(c\)|all rights|reprint|terms of|privacy|disclos|affiliate|disclaimer|originally (?:published|appeared)|this (?:article|story|post) (?:was|is|has|first|orig)|correction|alle rechte|все права|版权|tous droits|reproduc|todos los derechos|impressum",
    "credit": r"(?:file )?photo|image|picture|illustration|foto|bild|credit|getty|reuters|shutterstock|courtesy|ap photo|afp|unsplash|screenshot|imago|dpa|picture alliance|фото|图|写真|source\b|quelle|crédit|\(photo|\[photo",
    "cookie": r"(?:we|this (?:site|website)|wir|nous) (?:use|uses|verwenden|utilis)|cookie|accept|please enable|javascript|your browser|consent",
    "toc": r"table of contents|contents$|jump to|in this (?:article|guide|post|story)|on this page|inhalt|toc$|sommaire|índice|key takeaways",
    "date": r"(?:published|updated|posted|last (?:updated|modified)|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|stand|发布|发表|опубликовано|更新)\b"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?,? \d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[-./年]\d{1,2}|\d+ ?(?:min|sec|hour|day|week|month|year)s?\b|\d{1,2}\.? (?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])",
}
PHRASE_NAMES = tuple(PHRASES)
_BEGINS = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in PHRASES.items()))
_HOLDS = re.compile(
    r"(?P<newsletter>newsletter|subscribe|sign up|inbox|abonnier|подпис|suscríb|inscreva)|(?P<legal>©|all rights reserved|affiliate|commission"
    r"|first appeared on|originally published|terms of (?:use|service)|privacy policy|press release)|(?P<author>is an? (?:\w+[ -]){0,6}(?:writer|reporter|journalist|editor|author|correspondent|contributor|professor"
    r"|freelance|columnist|producer|founder)|can be reached|on twitter|@\w{3,}|about the author|contributed to this|follow (?:him|her|them))|(?P<cookie>cookies)|(?P<share>share (?:this|on)|on facebook)"
)
_LEAD = re.compile(r"^[\W_]+")
PHRASE_BIT = {name: 1 << number for number, name in enumerate(PHRASE_NAMES)}
HOLDS_NAMES = ("newsletter", "legal", "author", "cookie", "share")
HOLDS_BIT = {name: 1 << number for number, name in enumerate(HOLDS_NAMES)}


def phrase_signals(lowered: str) -> int:
    """How *lowered*, a block's text in lower case, begins: one bit of `PHRASE_BIT`, or 0."""
    match = _BEGINS.match(lowered[:60]) or (None if lowered[:1].isalnum() else _BEGINS.match(_LEAD.sub("", lowered[:60])))
    return PHRASE_BIT[match.lastgroup] if match and match.lastgroup else 0


def holds_signals(lowered: str) -> int:
    """What *lowered* holds anywhere in its first 600 characters: one bit of `HOLDS_BIT`, or 0."""
    match = _HOLDS.search(lowered[:600])
    return HOLDS_BIT[match.lastgroup] if match and match.lastgroup else 0
