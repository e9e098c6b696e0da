"""Words by which a line speaks to the reader or of the publisher: "your inbox", "folgen Sie uns", "購読してください".

Pronouns and forms of address are few and closed in every language, while what sites ask for is new every year.  An article says
"you" as well; so this is asked only of sentences that recur on much of a site.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_WORDS = frozenset(
    """you your yours us our
    uns unser unsere unseren unserem unserer dich dir dein deine deinem deinen deiner euch euer eure ihnen
    vous votre vos nous notre nos suivez recevez abonnez inscrivez rejoignez soutenez téléchargez
    usted ustedes tu tus te ti nuestro nuestra nuestros nuestras suscríbete suscríbase síguenos recibe únete
    tuo tua tuoi tue ci nostro nostra nostri nostre vostro vostra seguici iscriviti ricevi
    você vocês seu sua teu tua nosso nossa nossos nossas siga receba assine inscreva
    uw jij jou jouw jullie ons onze
    deg din ditt dine dere deres oss vår vårt våre dig dit dina er eder jer jeres os vores
    teitä teidän sinun sinä meitä meidän
    twój twoje twoja twoją ciebie tobie wam was wasz nasz nasze naszą naszego nam nas
    vás vám váš vaše nás nám náš naše
    siz sizi size sizin sizden bizi bize bizim
    вас вам ваш ваша ваше вашу ваши вашем нас нам наш наша наше нашу нашем наши тебя тебе твой
    anda kamu kami""".split()  # noqa: SIM905 - a table of words
)
_CAPITAL = frozenset(
    {"Sie", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihnen", "Din"}
)  # which address only so, and not first
_ASKING = frozenset(
    ["become", "donate", "download", "follow", "give", "join", "register", "sign", "subscribe", "support"]
)  # as the first word
_WITHOUT_SPACES = re.compile(
    r"ください|下さい|しよう|ましょう|ませんか|お届け|あなた|您|你|请|請|세요|십시오|습니까|하자"
)


def addresses_reader(text: str) -> bool:
    """Whether a line speaks to the reader, or of the publisher as "us"."""
    found = _WORD.findall(text)
    if found and found[0].lower() in _ASKING:
        return True
    if any(word.lower() in _WORDS for word in found) or any(word in _CAPITAL for word in found[1:]):
        return True
    return not text.isascii() and _WITHOUT_SPACES.search(text) is not None
