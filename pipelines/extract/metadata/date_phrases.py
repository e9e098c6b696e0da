"""The words around a date: "Published X | Updated Y | 5 min read" in one block; words of dates that are not of publication."""

from __future__ import annotations

import re
from dataclasses import dataclass

MODIFIED_WORD = re.compile(
    r"""updat|modif|aktualis|actualis|actualiz|aggiorn|bijgewerkt|uppdater|oppdater|opdater|päivit|atualiz|обновл|оновл|aktualiz
    |revis|mise?\s(?:à|a)\sjour|last\sedit|更新|수정|geändert|stand:|güncel|ενημέρωσ|ενημερώθ|τροποπο|cập\snhật|diperbarui|dikemas\skini
    |تحديث|به‌?روزرسانی|עודכן|עדכון|अपडेट|frissít|módosít|ažurir|измен|posodob|atnaujin|atjaunin|uuendat|zmien|změn|upraven
    |editado|endret|ændret|redigeret|ändrad|muokattu|แก้ไข|อัปเดต|修改|変更""",
    re.I | re.X,
)
PUBLISHED_WORD = re.compile(
    r"""publi|posted|created|erschien|veröffent|geplaatst|gepubliceerd|julkaistu|опубл|written|发布|發布|입력|등록|pubblicat
    |datum|yayın|δημοσ|diterbitkan|diterbit|đăng\slúc|xuất\sbản|نشر|انتشار|פורסם|प्रकाशित|közzé|megjelen|objavlj|objavljen|paskelb|avaldat
    |udgivet|cread[oa]\b|criado|creato|créé|erstellt|angelegt|skapad|opprettet|oprettet|aangemaakt|utworzon|создан|vytvořen|létrehoz|oluşturul|luotu|utgitt|zveřejn|vydáno|公開|掲載|投稿|配信|发表|發表|刊登|게시|발행|เผยแพร่|โพสต์""",
    re.I | re.X,
)
OTHER_STEP = re.compile(  # of a manuscript's or a text's life, neither its publication nor its change
    r"\b(?:received|accepted|submitted|(?:last\s|medically\s|fact\s)?(?:reviewed|checked)|eingereicht|eingegangen|angenommen|reçu|accepté"
    r"|recibido|aceptado|ricevuto|accettato|recebido|aceito|ontvangen|geaccepteerd|otrzymano|przyjęto)\b"
    r"|поступила|принята|收稿|接受日期|录用|受付|受理|접수|심사|채택",
    re.I,
)
ISSUE = re.compile(r"\b(?:issue|edition|ausgabe|numéro|número|numero|nummer|edição|edición)\b", re.I)  # of a magazine
NOT_PUBLISHED = re.compile(
    r"©|copyright|\(c\)|all rights|since|seit|depuis|desde|retrieved|accessed|archived|abgerufen|consult[ée]|geraadpleegd|"
    r"besucht am|dostęp|дата обращения",
    re.I,
)
_PUBLISHED, _CHANGED, _OTHER = range(3)
_DIGIT = re.compile(r"\d")
_WITH_YEAR = re.compile(r"\d{4}|\d[./-]\s?\d{1,2}[./-]\s?\d\d")  # "8 min read" has none
_ENDS = " |•·,;-–—("
_SEPARATOR = re.compile(r"\s*[|•·]\s*")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The part of a text with its date of publication, and that with the date of its change, where it has several dates."""

    published: str | None = None
    modified: str | None = None


def phrases_of(text: str) -> Phrases:
    """Tell the two dates of *text* apart by the words before them; a date without a word is that of publication.

    >>> phrases_of("Published 12 August 2024 | Updated 13 August 2024 | 5 min read").published
    'Published 12 August 2024'
    """
    steps = ((_CHANGED, MODIFIED_WORD), (_PUBLISHED, PUBLISHED_WORD), (_OTHER, OTHER_STEP))
    marks = sorted({(found.start(), step) for step, words in steps for found in words.finditer(text)})
    if all(step == _PUBLISHED for _, step in marks):
        return Phrases()
    ends = [start for start, _ in marks[1:]] + [len(text)]
    parts = [(step, text[start:end]) for (start, step), end in zip(marks, ends) if _DIGIT.search(text[start:end])]
    if _WITH_YEAR.search(text[: marks[0][0]]):
        parts.insert(0, (_PUBLISHED, text[: marks[0][0]]))
    published = next((part.strip(_ENDS) for step, part in parts if step == _PUBLISHED), None)
    modified = next((part.strip(_ENDS) for step, part in parts if step == _CHANGED), None)
    if not published or all(step == _PUBLISHED for step, _ in parts):
        return Phrases()
    return Phrases(published, modified)


def pieces_of(text: str) -> list[str]:
    """*text* cut at bars and middle dots: "By A | 12 August 2024 | 5 min read"."""
    return _SEPARATOR.split(text)
