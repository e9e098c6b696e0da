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
    |udgivet|utgitt|zveřejn|vydáno|公開|掲載|投稿|配信|发表|發表|刊登|게시|발행|เผยแพร่|โพสต์""",
    re.I | re.X,
)
NOT_PUBLISHED = re.compile(
    r"©|copyright|\(c\)|all rights|since|seit|depuis|desde|retrieved|accessed|archived|abgerufen|consult[ée]|geraadpleegd|"
    r"besucht am|dostęp|дата обращения",
    re.I,
)
_DIGIT = re.compile(r"\d")
_WITH_YEAR = re.compile(r"\d{4}|\d[./-]\s?\d{1,2}[./-]\s?\d\d")  # "8 min read" has none
_ENDS = " |•·,;-–—("
_SEPARATOR = re.compile(r"\s*[|•·]\s*")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The part of a text with its date of publication, and that with the date of its change; None where it has not both."""

    published: str | None = None
    modified: str | None = None


def phrases_of(text: str) -> Phrases:
    """Tell the two dates of *text* apart by the words before them; a date without a word is that of publication.

    >>> phrases_of("Published 12 August 2024 | Updated 13 August 2024 | 5 min read").published
    'Published 12 August 2024'
    """
    marks = sorted(
        {(found.start(), True) for found in MODIFIED_WORD.finditer(text)}
        | {(found.start(), False) for found in PUBLISHED_WORD.finditer(text)}
    )
    if not any(changed for _, changed in marks):
        return Phrases()
    ends = [start for start, _ in marks[1:]] + [len(text)]
    parts = [(changed, text[start:end]) for (start, changed), end in zip(marks, ends) if _DIGIT.search(text[start:end])]
    if _WITH_YEAR.search(text[: marks[0][0]]):
        parts.insert(0, (False, text[: marks[0][0]]))
    published = next((part for changed, part in parts if not changed), None)
    modified = next((part for changed, part in parts if changed), None)
    return Phrases(published.strip(_ENDS), modified.strip(_ENDS)) if published and modified else Phrases()


def pieces_of(text: str) -> list[str]:
    """*text* cut at bars and middle dots: "By A | 12 August 2024 | 5 min read"."""
    return _SEPARATOR.split(text)
