"""Forms: what lines of a site have in common though no two are the same text.

"By Ann Lee, 3 May 2026" and "By Tom Fox, 9 June 2026" are one form with slots: *by*, a name, a date.  "Photo: Lee/AP" and
"Photo: private" share a label.  Both are found in a text by itself, so that a line costs one look into a cache wherever it
stands; what is a name is told by capitals, in scripts that have them.

Lengths are columns: a letter of Chinese, Japanese or Korean fills two, as on a terminal, and says about as much as two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from broadsheet.pipelines.extract.metadata.date_text import PRINTED_DATE
from broadsheet.pipelines.extract.page.text_hash import hash64, hash_of_words
from broadsheet.pipelines.extract.page.words import words_of

_NOTICE = 80  # columns of a line that is the same text whatever its numbers
LINE = 160  # columns of a text that may have a form or a label; longer ones are running text
BEGINNING = 40  # columns by which a teaser is known as the beginning of another page's paragraph
_NAME_COLUMNS = 40
_WIDE_NAME = 6  # letters of a name in a script that fills two columns and writes no spaces
_SLOT, _DATE, _TIME, _NUMBER = "\x01", "\x02", "\x03", "\x04"
# words, and the signs that stand for one before a number ("👁 231", "★ 4.5")
_WORD = re.compile(r"[\w\x02\x03]+(?:['’.&-]\w+)*|[\u2600-\u27bf\u2b50-\u2b55\U0001f300-\U0001faff]+")
_LABEL = re.compile(r"^([^\W\d_][^:：\n]{0,39}?)\s?[:：](?!//)\s*(?=\S)")
_NOT_IN_NAMES = frozenset('.:;!?,/()[]{}|"“”„«»<>=+*&@#…')
_PARTICLES = frozenset(
    "de del den der di da do dos du van von la le el al bin ibn und and of the y e".split()  # noqa: SIM905 - a table of words
)
# letters that fill two columns (Unicode Standard Annex 11, East Asian Width: W and F), by their blocks
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd]"
)
_SENTENCE_END = re.compile(r"[.!?…。！？:：][\"'”’»)\]」』]*$")
_REST_OF_DATE = re.compile(r"(?<!\w)[-\d./:]+(?!\w)")
_PART_OF_DATE = re.compile(r"\d[-./:]\d|\b\d{4}\b")  # "90 Lee Centres" has none
_ADDRESS = re.compile(r"\bhttps?://\S+")
_OF_MANY = re.compile(r"\d{1,4}\s?[/|]\s?\d{1,4}")
_AMOUNT = re.compile(r"\d[\d.,/]*\s?[^\W\d]")
_DIGIT, _DIGITS = re.compile(r"[0-9]"), re.compile(r"\d+")
_MOMENTS = frozenset({_DATE, _TIME})
_DASHES = frozenset("–—-―")
_AROUND = " ,.|·•–—-―"  # between a name and a date
_WORDY = 5  # words beside its numbers by which a text is known
_FEW_LITERALS = 3  # words beside the name in a label like "Ann Lee wrote"


class Form(NamedTuple):
    """What a short text is known by beside its words; each a hash, 0 for none.

    ``form`` has slots for names, dates and numbers; ``label`` is what stands before a colon, with a slot for the name in it;
    ``rest`` what stands behind it, or else the one name in the form, as `hash_of` would know them; ``named`` says that the
    label begins with a name or another capital word, ``name`` that the whole text looks like a person's name; ``numbered``
    that the form has a number or a date, ``introduces`` that nothing but an author is written so; ``wordy`` that it has so many
    words beside its numbers that lines of this form are one text, whatever the numbers.
    """

    form: int
    label: int
    rest: int
    named: bool
    name: bool
    numbered: bool
    introduces: bool
    wordy: bool


NO_FORM = Form(0, 0, 0, False, False, False, False, False)
_SIGNED, _DATED_NAME = (hash64(f"a form: {one}") for one in ("a dash and a name", "a name and a date"))
_INTRODUCING = frozenset({_SIGNED, _DATED_NAME})


def columns(text: str) -> int:
    """How wide *text* is; of one of more than LINE letters, its length is near enough."""
    if text.isascii() or len(text) > LINE:
        return len(text)
    return len(text) + len(_WIDE.findall(text))


def beginning_of(words: str) -> str:
    """The first BEGINNING columns of *words* (`words_of`); "" when there are fewer."""
    if words[:BEGINNING].isascii():
        return words[:BEGINNING].rstrip() if len(words) >= BEGINNING else ""
    letters = BEGINNING  # so many, less one for each of them that is wide
    for wide in _WIDE.finditer(words, 0, BEGINNING):
        if wide.start() >= letters:
            break
        letters = max(letters - 1, wide.end())
    return words[:letters].rstrip() if len(words) >= letters else ""


def ends_sentence(text: str) -> bool:
    """Whether *text* ends as a sentence does, or with a colon."""
    return _SENTENCE_END.search(text[-8:]) is not None


def has_digit(text: str) -> bool:
    """Whether there is a digit in *text*."""
    return _DIGIT.search(text) is not None if text.isascii() else any(map(str.isdigit, text))


def is_amount(text: str) -> bool:
    """Whether *text* begins with a number and a word or a unit ("200 g flour"), and not with a date or a time."""
    return _AMOUNT.match(text) is not None and PRINTED_DATE.match(text) is None


def is_wordy(text: str) -> bool:
    """Whether *text* is known by its form: no sentence, with so many words beside its numbers that it is the same text whatever
    the numbers ("4.5 of 120 readers like our app")."""
    return 0 < len(text) <= _NOTICE and form_of(text).wordy and not ends_sentence(text)


def is_name(text: str) -> bool:
    """Whether *text* looks like the name of a person and nothing else."""
    if not 2 <= len(text) <= _NAME_COLUMNS or not _NOT_IN_NAMES.isdisjoint(text) or has_digit(text):
        return False
    parts = text.split()
    if len(parts) == 1:  # of other scripts a word alone is a month ("15 ابريل 1877") or "page" as often as a name
        return len(text) <= _WIDE_NAME and all(map(_WIDE.match, text))
    return (
        2 <= len(parts) <= 4
        and parts[-1][0].isupper()
        and all(part[0].isupper() or part in _PARTICLES for part in parts)
    )  # scripts without capitals write names as they write all else


@lru_cache(maxsize=16_384)
def form_of(text: str) -> Form:
    """The form of a text of at most LINE columns."""
    if columns(text) > LINE:
        return NO_FORM
    form, name, numbered, wordy = _masked(text)
    if not form and text[0] in _DASHES and is_name(text.strip(_AROUND)):  # "— Ann Lee"
        form, name = _SIGNED, text.strip(_AROUND)
    label, rest, named = 0, hash_of_words(words_of(name)) if name else 0, False
    if (found := _LABEL.match(text)) is not None:
        masked, named = _masked_label(found[1])
        label, rest = hash64(f"{masked}:"), hash_of_words(words_of(text[found.end() :]))
    return Form(form, label, rest, named, is_name(text.strip(_AROUND)), numbered, form in _INTRODUCING, wordy)


def label_of_speech(text: str) -> int:
    """The hash of a label of capital words before a colon ("ANNA LEE: ..."), as `Form.label` is; 0 for none."""
    found = _LABEL.match(text[: 2 * _NAME_COLUMNS])
    if found is None or not all(word[:1].isupper() for word in found[1].split()):
        return 0
    return hash64(f"{_masked_label(found[1])[0]}:")


def name_of(text: str) -> str:
    """What `Form.rest` is the hash of: what stands behind the label, or else the one name in the form; "" for neither."""
    if (found := _LABEL.match(text)) is not None:
        return text[found.end() :]
    return _masked(text)[1]


def _masked(text: str) -> tuple[int, str, bool, bool]:
    """The hash of the words of *text* with its names, dates and numbers as slots, 0 when it has none or nothing else; the name,
    when its first line with names has one; whether a slot is of a number or a date; and if so, whether it is wordy."""
    dated = text if "://" not in text else _ADDRESS.sub("0", text)
    counted = has_digit(dated)
    if not counted and text.isascii() and text[1:] == text[1:].lower():  # neither a number nor a name in it
        return 0, "", False, False
    if counted:
        undated = PRINTED_DATE.sub(" ", text)
        if undated != text:
            dated = PRINTED_DATE.sub(_moment, dated)
        alone = " ".join(_REST_OF_DATE.sub(" ", undated).split()).strip(_AROUND)
        if (undated != text or _PART_OF_DATE.search(text)) and is_name(alone):  # "Ann Lee, 3 May 2026"
            return _DATED_NAME, alone, True, False
    parts, names, literals = _slotted(dated, counted=counted)
    if not literals and _NUMBER in parts:  # "5 Min. Lesezeit": capitals say nothing where all words have one
        parts = [_NUMBER if has_digit(word) else word.casefold() for word in _WORD.findall(dated)]
        literals, names = len(parts) - parts.count(_NUMBER), []
    if _OF_MANY.fullmatch(text) is not None:  # "1 / 7"
        return hash64(_DIGITS.sub(_NUMBER, text)), "", True, False
    slots = {part for part in parts if part <= _NUMBER}
    if not slots or not (literals or slots & _MOMENTS):
        return 0, "", False, False
    first = [name for line, name in names if line == names[0][0]]
    name, numbered = " ".join(first[0]) if len(first) == 1 else "", slots != {_SLOT}
    return hash64(" ".join(parts)), name, numbered, numbered and literals >= _WORDY


def _slotted(text: str, *, counted: bool) -> tuple[list[str], list[tuple[int, list[str]]], int]:
    """The words of *text* with slots for names and numbers, each once for several in a row; the words of each name, with the
    number of its line; how many are neither.  *counted* says whether there is a digit in the text."""
    parts: list[str] = []
    names: list[tuple[int, list[str]]] = []
    literals = 0
    for line, at, word in _numbered(text):
        if word in _MOMENTS:
            part = word
        elif counted and has_digit(word):
            part = _NUMBER
        elif at and (word[0].isupper() or (word in _PARTICLES and parts[-1] == _SLOT)):
            if parts[-1] != _SLOT:
                names.append((line, []))
            names[-1][1].append(word)
            part = _SLOT
        else:
            part = word.casefold()
            literals += part[0].isalpha() or any(map(str.isalpha, part)) or not any(map(str.isalnum, part))
        if not (parts and part == parts[-1] and part <= _NUMBER):
            parts.append(part)
    return parts, names, literals


def _numbered(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of *text*, each with the number of its line and its own number there: a line's first capital says nothing."""
    for number, line in enumerate(text.split("\n")):
        for at, word in enumerate(_WORD.findall(line)):
            yield number, at, word


def _moment(found: re.Match[str]) -> str:
    """The slot for a date, or a time of day, with spaces around it."""
    return f" {_TIME if ':' in found[0] else _DATE} "


def _masked_label(label: str) -> tuple[str, bool]:
    """*label* in lower case, with a slot for the name that it begins with ("Ann Lee wrote"), and whether it has one."""
    words = label.split()
    names = 0
    while names < len(words) and words[names][:1].isupper():
        names += 1
    literal = words[names:]
    if names and literal and len(literal) <= _FEW_LITERALS:
        return f"{_SLOT} {words_of(' '.join(literal))}", True
    return words_of(label), False
