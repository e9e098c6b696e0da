"""Dates with the months, calendars and numerals of the world: what the ordinary reading of a date leaves.

Months in a hundred languages by CLDR (`month_names`), loaded on the first date that needs them; Solar Hijri and Islamic months;
Buddhist, Minguo and Japanese years; months that are numbers (Vietnamese, Mongolian); dates of digits whose year is of another calendar.
A word that means two months in two languages is read by the page's language, or not at all.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from broadsheet.pipelines.extract.metadata.date_calendars import (
    BUDDHIST,
    BUDDHIST_YEARS,
    JAPANESE_ERAS,
    MINGUO,
    ethiopian_day,
    foreign_day,
    hebrew_day,
    hijri_day,
    jalali_day,
)
from broadsheet.pipelines.extract.metadata.date_clock import CLOCK, timed
from broadsheet.pipelines.extract.metadata.date_moment import Moment, make_day
from broadsheet.pipelines.extract.metadata.date_words import MONTHS
from broadsheet.pipelines.extract.metadata.month_names import CLDR_MONTHS

_JALALI = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد,امرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
_DARI = ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"]
_PASHTO = ["وری,وري", "غویی,غويي", "غبرګولی,غبرګولي", "چنګاښ", "زمری,زمري", "وږی,وږي", "تله,تلې", "لړم", "لیندۍ,ليندۍ", "مرغومی,مرغومي", "سلواغه,سلواغې", "کب"]  # fmt: skip
_HIJRI = (
    "محرم,muharram", "صفر,safar", "ربيع الأول,ربيع الاول,ربیع الاول,ربیع‌الاول,rabi al-awwal,rabiul awal",
    "ربيع الآخر,ربيع الثاني,ربیع الثانی,rabi al-thani,rabiul akhir", "جمادى الأولى,جمادى الاولى,جمادی الاول,جمادی‌الاول",
    "جمادى الآخرة,جمادى الثانية,جمادی الثانی", "رجب,rajab", "شعبان,shaaban,syaban", "رمضان,ramadan,ramadhan",
    "شوال,shawwal,syawal", "ذو القعدة,ذي القعدة,ذیقعد,ذوالقعدة,dhu al-qadah,zulkaidah",
    "ذو الحجة,ذي الحجة,ذی الحج,ذوالحجة,dhu al-hijjah,zulhijah",
)  # fmt: skip
_ETHIOPIAN = ["መስከረም", "ጥቅምት", "ኅዳር,ህዳር", "ታኅሣሥ,ታህሳስ,ታኅሳስ", "ጥር", "የካቲት", "መጋቢት", "ሚያዝያ,ሚያዚያ", "ግንቦት", "ሰኔ", "ሐምሌ,ሀምሌ", "ነሐሴ,ነሃሴ", "ጳጉሜን,ጳጉሜ"]  # fmt: skip
_HEBREW = ("תשרי", "חשוון חשון מרחשוון מרחשון", "כסלו כסליו", "טבת", "שבט", "אדר־א", "אדר אדר־ב", "ניסן", "אייר איר", "סיוון סיון", "תמוז", "אב מנחם־אב", "אלול")  # fmt: skip
_HEBREW_MONTHS = {form.replace("־", " "): month for month, forms in enumerate(_HEBREW, 1) for form in forms.split()}
_HEBREW_DATE = re.compile(
    r"(?<![א-ת])([א-ל]['׳]?|[יכ][\"״'׳]?[א-ט]|ט[\"״'׳]?[וז]|ל['׳]?)\s(?:[בל]?חודש\s)?[בל]?("
    + "|".join(sorted(map(re.escape, _HEBREW_MONTHS), key=len, reverse=True))
    + r")['׳]?,?\s(?:ה['׳]?)?(ת[א-ת]{0,2}[\"״'׳][א-ת]?)(?![א-ת])"
)
_HEBREW_VALUES = dict(
    zip("אבגדהוזחטיכלמנסעפצקרשת", (*range(1, 10), *range(10, 100, 10), *range(100, 500, 100)), strict=True)
)
# Inflected and popular forms that CLDR does not have.
_MORE = """sr januara|februara|marta|aprila|maja|juna|jula|avgusta|septembra|oktobra|novembra|decembra
sr јануара|фебруара|марта|априла|маја|јуна|јула|августа|септембра|октобра|новембра|децембра
fa ژانویه|فوریه|مارس|آوریل|می|ژوئن|ژوئیه,جولای|اوت,آگوست,آگست|سپتامبر|اکتبر|نوامبر|دسامبر
ur جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر
vi tháng một|tháng hai|tháng ba|tháng tư|tháng năm|tháng sáu|tháng bảy|tháng tám|tháng chín|tháng mười|tháng mười một|tháng mười hai
lv janvārī|februārī|martā|aprīlī|maijā|jūnijā|jūlijā|augustā|septembrī|oktobrī|novembrī|decembrī
eu urtarrilaren|otsailaren|martxoaren|apirilaren|maiatzaren|ekainaren|uztailaren|abuztuaren|irailaren|urriaren|azaroaren|abenduaren
my ဇန်နဝါရီ|ဖေဖော်ဝါရီ|မတ်|ဧပြီ|မေ|ဇွန်|ဇူလိုင်|သြဂုတ်|စက်တင်ဘာ|အောက်တိုဘာ|နိုဝင်ဘာ|ဒီဇင်ဘာ
ckb کانوونی دووەمی|شوباتی|ئازاری|نیسانی|ئایاری|حوزەیرانی|تەمووزی|ئابی|ئەیلوولی|تشرینی یەکەمی|تشرینی دووەمی|کانوونی یەکەمی
so janaayo|febraayo|maarso|abriil|maajo|juun|luuliyo|agoosto|sebteembar|oktoobar|noofeembar|diseembar
si ජනවාරි|පෙබරවාරි|මාර්තු|අප්‍රේල්|මැයි|ජූනි|ජූලි|අගෝස්තු|සැප්තැම්බර්|ඔක්තෝබර්|නොවැම්බර්|දෙසැම්බර්
bn জানুয়ারী|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট,অগাস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর"""

_TOKEN = re.compile(r"\d+|[^\s\d,;:/|()\[\]\-–—·•«»\"]+")
_VIETNAMESE = re.compile(r"(\d{1,2})\s*th(?:án)?g\s*(\d{1,2})\s*(?:[,/\-]|,?\s*năm)?\s*(\d{4})", re.I)
_MONGOLIAN = re.compile(r"(\d{4})\s*(?:оны?\s*)?(\d{1,2})[-\s]?(?:р|дугаар|дүгээр)?\s*сар(?:ын)?\s*(\d{1,2})", re.I)
_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|\b[RHS])\s?\.?(\d{1,2})(?:年\s?|[./-]\s?)(\d{1,2})(?:月\s?|[./-]\s?)(\d{1,2})日?"
)
_MINGUO = re.compile(r"(?:(民國)\s*|(?<![\d和成正治]))(\d{2,3})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_MINGUO_DIGITS = re.compile(r"(?<!\d)(1[01]\d)[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_ISLAMIC_WEEKDAYS = ("الاثنين الإثنين پیر", "الثلاثاء منگل", "الأربعاء الاربعاء بدھ", "الخميس جمعرات", "الجمعة جمعہ", "السبت ہفتہ", "الأحد الاحد اتوار")  # fmt: skip
_MONTH_WORDS = ("ខែ", "เดือน", "ເດືອນ")  # "month", written in one with its name
_AROUND = "., ՝॰'’،"  # signs around a word
_FILLER = 8  # characters of a word that may stand between a month and its numbers
_HOPS = 2  # such words at most
_SHORT = 4  # letters below which a month's name is read in its own language only

_OTHER_CALENDARS = frozenset({"jalali", "hijri", "ethiopian"})

_Names = dict[str, dict[str, int]]  # word -> language -> month


@cache
def _months() -> _Names:
    names: _Names = {}
    for line in _folded(f"{CLDR_MONTHS}\n{_MORE}").split("\n"):
        language, _, months = line.partition(" ")
        for number, forms in enumerate(months.split("|") if months else (), 1):
            for form in forms.split(","):
                names.setdefault(form.strip(_AROUND), {}).setdefault(language, number)
    for calendar, months_of in (
        ("jalali", _JALALI),
        ("jalali", _DARI),
        ("jalali", _PASHTO),
        ("hijri", _HIJRI),
        ("ethiopian", _ETHIOPIAN),
    ):
        for number, forms in enumerate(months_of, 1):
            for form in forms.split(","):
                names.setdefault(_plain(form), {})[calendar] = number
    return names


def _plain(word: str) -> str:
    return _folded(word).strip(_AROUND)


def _folded(text: str) -> str:
    return text.casefold().replace("\u200c", " ").replace("\u200d", "").replace("׳", "").replace("'", "")


def read_world_date(text: str, language: str | None) -> Moment | None:
    """The date in *text*, whose digits are ASCII (`date_fold`); *language*: ISO 639 code of the page, if known.

    >>> read_world_date("22 مرداد 1403", "fa").day, read_world_date("令和6年8月12日", None).day
    (datetime.date(2024, 8, 12), datetime.date(2024, 8, 12))
    """
    return (
        _hebrew(text)
        or _numbered_month(text)
        or _east_asian(text, language)
        or _with_month(text, language)
        or _other_year(text, language)
    )


def _numbered_month(text: str) -> Moment | None:
    """Months that are numbers and a word: 12 tháng 8 năm 2024, 2024 оны 8-р сарын 12."""
    if found := _VIETNAMESE.search(text):
        day = make_day(int(found[3]), int(found[2]), int(found[1]))
    elif found := _MONGOLIAN.search(text):
        day = make_day(int(found[1]), int(found[2]), int(found[3]))
    else:
        return None
    return timed(Moment(day, text), text, 0) if day else None


def _hebrew(text: str) -> Moment | None:
    """A date of the Hebrew calendar in Hebrew numerals: ח׳ באב תשפ״ד."""
    found = _HEBREW_DATE.search(text) if "ת" in text else None
    if found is None:
        return None
    day, year = (sum(_HEBREW_VALUES.get(sign, 0) for sign in numeral) for numeral in (found[1], found[3]))
    made = hebrew_day(5000 + year, _HEBREW_MONTHS[found[2]], day)
    return timed(Moment(made, text), text, found.end()) if made else None


def _east_asian(text: str, language: str | None) -> Moment | None:
    """Years of Japanese eras and of the Republic of China."""
    if found := _ERA.search(text):
        if found[1].isascii() and language not in {"ja", None}:
            return None
        day = make_day(JAPANESE_ERAS[found[1].lower()] + int(found[2]), int(found[3]), int(found[4]))
        return timed(Moment(day, text), text, found.end()) if day else None
    if found := _MINGUO.search(text):
        stated = found[1] is not None or (len(found[2]) == 3 and language in {"zh", None})
        day = make_day(int(found[2]) - MINGUO, int(found[3]), int(found[4])) if stated else None
        return timed(Moment(day, text), text, found.end()) if day else None
    if language == "zh" and (found := _MINGUO_DIGITS.search(text)):
        day = make_day(int(found[1]) - MINGUO, int(found[2]), int(found[3]))
        return timed(Moment(day, text), text, found.end()) if day else None
    return None


def _other_year(text: str, language: str | None) -> Moment | None:
    """Dates of digits in a calendar that their year tells."""
    if found := _YEAR_FIRST.search(text):
        day = foreign_day(int(found[1]), int(found[3]), int(found[4]), language)
    elif found := _YEAR_LAST.search(text):
        day = foreign_day(int(found[4]), int(found[3]), int(found[1]), language)
    else:
        return None
    return timed(Moment(day, text), text, found.end()) if day else None


def _with_month(text: str, language: str | None) -> Moment | None:
    """A date with a month's name, Gregorian before Islamic and Solar Hijri ones."""
    clocks = [(found.start(), found.end()) for found in CLOCK.finditer(text)]
    tokens = [
        found[0] for found in _TOKEN.finditer(text) if not any(start <= found.start() < end for start, end in clocks)
    ]
    best: Moment | None = None
    for index, token in enumerate(tokens):
        if token[0].isdigit():
            continue
        calendar, month, width = _month_at(tokens, index, language)
        if not month:
            continue
        year, day = _year_and_day(tokens, index, index + width, thai=calendar == "th")
        if year is None:
            continue
        moment = _made(text, calendar, year, month, day)
        if moment is None:
            continue
        if calendar not in _OTHER_CALENDARS and not moment.coarse:
            return moment
        if best is None or (best.coarse and not moment.coarse):
            best = moment
    return best


def _made(text: str, calendar: str, year: int, month: int, day: int | None) -> Moment | None:
    made: date | None
    if calendar == "jalali":
        made = jalali_day(year, month, day or 1)
    elif calendar == "hijri":
        made = hijri_day(year, month, day or 1)
        made = _on_weekday(text, made) if made else None
    elif calendar == "ethiopian":
        made = ethiopian_day(year, month, day or 1)
    else:
        made = make_day(year - BUDDHIST if year in BUDDHIST_YEARS else year, month, day or 1)
    if made is None or (day is None and calendar in _OTHER_CALENDARS):
        return None
    return timed(Moment(made, text), text, 0) if day else Moment(made, text, "month")


def _on_weekday(text: str, day: date) -> date:
    """*day*, or the one beside it whose weekday *text* names: the sighting of the moon moves Islamic months by a day."""
    named = {number for number, names in enumerate(_ISLAMIC_WEEKDAYS) if any(name in text for name in names.split())}
    for days in (0, 1, -1):
        if len(named) == 1 and (day + timedelta(days=days)).weekday() in named:
            return day + timedelta(days=days)
    return day


def _month_at(tokens: list[str], index: int, language: str | None) -> tuple[str, int, int]:
    """The calendar (a language or jalali, hijri), the month and the number of tokens of the name at *index*; month 0: none."""
    for width in (3, 2, 1):
        words = tokens[index : index + width]
        if len(words) < width or any(word[0].isdigit() for word in words):
            continue
        word = _plain(" ".join(words))
        for form in _forms(word, language):
            if found := _meaning(form, language):
                return *found, width
    return "", 0, 1


def _forms(word: str, language: str | None) -> list[str]:
    """*word*, and what it may be without the prefix and the endings that languages put to a month."""
    forms = [word]
    if word[:1] == "ב" and len(word) > 3:
        forms.append(word[1:])
    forms += [word.removeprefix(one) for one in _MONTH_WORDS if word.startswith(one)]
    if len(word) > 5 and (language not in {None, "en"} or not word.isascii()):
        forms += [word[:-1], word[:-2], *([word[:-3]] if len(word) > 8 else [])]
    return forms


def _meaning(word: str, language: str | None) -> tuple[str, int] | None:
    meanings = _months().get(word)
    if not meanings:
        if len(word) >= _SHORT and (month := MONTHS.get(word)):
            return "", month
        return None
    if "ethiopian" in meanings:  # Tigrinya has the names for months of the Gregorian calendar, too
        return ("ethiopian", meanings["ethiopian"]) if language == "am" else None
    if language in meanings:
        return language or "", meanings[language]
    if len(set(meanings.values())) > 1:
        return None
    own_script = not word.isascii() and not "а" <= word[0] <= "ӿ"
    if len(word) < (2 if own_script else _SHORT):
        return None
    return next(iter(meanings.items()))


def _year_and_day(tokens: list[str], start: int, end: int, *, thai: bool) -> tuple[int | None, int | None]:
    """The year and the day beside the month's name that is tokens[start:end]."""
    before, after = _numbers(tokens, start - 1, -1), _numbers(tokens, end, 1)

    def day(numbers: list[str], at: int = 0) -> int | None:
        return int(numbers[at]) if len(numbers) > at and len(numbers[at]) <= 2 else None

    def year(numbers: list[str], at: int = 0) -> int | None:
        if len(numbers) > at and len(numbers[at]) == 4:
            return int(numbers[at])
        if thai and len(numbers) > at and len(numbers[at]) == 2 and int(numbers[at]) > 32:
            return 2500 + int(numbers[at])
        return None

    for found in (
        (year(after), day(before)),
        (year(before, 1), day(before)),
        (year(before), day(after)),
        (year(after, 1), day(after)),
    ):
        if None not in found:
            return found
    if not before and year(after):
        return year(after), None
    return None, None


def _numbers(tokens: list[str], at: int, step: int) -> list[str]:
    """The next two numbers from *at* in that direction, over a few short words."""
    found: list[str] = []
    words = 0
    while 0 <= at < len(tokens) and len(found) < 2:
        if tokens[at][0].isdigit():
            found.append(tokens[at])
            words = 0
        else:
            words += 1
            if words > _HOPS or len(tokens[at]) > _FILLER:
                break
        at += step
    return found
