"""Dates told by their distance from the moment the page was fetched: "3 minutes ago", "gestern", "3小时前".

What is read is no finer than what is said: minutes give a minute, hours an hour, days a day, weeks a week.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from broadsheet.pipelines.extract.metadata.date_fold import fold
from broadsheet.pipelines.extract.metadata.date_moment import Moment

_UNITS = {
    "minute": r"min(?:ute|uut|uto|uten|ut)?[a-zéё]{0,3}|dakika|menit|phút|минут[аыу]?|мин|хвилин[иу]?|λεπτά?|دقائق|دقيقة|دقیقه|دقایق|मिनट|דקות|นาที|মিনিট|நிமிடங்கள்|minut[a-zėųūšę]{1,5}|минути|минутын|分钟|分鐘|分|분",
    "hour": r"hours?|hrs?|h|stunden?|std|heures?|horas?|or[ae]|uur|uren|godzin[yę]?|timm(?:e|ar)|timer?|saat|jam|giờ|час(?:а|ов)?|годин[иу]?|hodin(?:y|ami|ou)?|ώρ(?:α|ες)|ساعات|ساعة|ساعت|घंटे|שעות|ชั่วโมง|ชม\.|ঘণ্টা|ঘন্টা|மணி\sநேரம்|or[eă]|tunti[a]?|tundi|sat[ai]|час[аі]|часо[вт]а?|hodinam[ai]|hores|valand[aąųo]s?|stund[aāu]m?s?|klukkustundum|საათის|ժամ|цагийн|小时|小時|時間|시간",
    "day": r"days?|d|tag(?:en?)?|jours?|d[ií]as?|giorn[oi]|dag(?:en|ar|er)?|dni|dzień|gün|hari|ngày|дн(?:я|ей|і|ів)|день|dny|μέρες|أيام|يوم|روز|दिन|ימים|วัน|দিন|நாட்கள்|zile|päivää|päeva|dana|дана|dien(?:as|ām|ų|os)|dögum|დღის|օր|күн|өдрийн|天|日|일",
    "week": r"weeks?|wochen?|semaines?|semanas?|settiman[ae]|wek?en|tygodni[e]?|vecko?r?|uker?|hafta|minggu|tuần|недел[юиь]|أسابيع|هفته|हफ्ते|שבועות|สัปดาห์|সপ্তাহ|வாரங்கள்|săptămâni|viikkoa|nädalat|tjedna|nedelje|седмици|savai(?:tes|čių)|nedēļām|vikum|周|週間|주",
}
_NUMBER = r"(\d{1,3}|an?|one|einer|einem|une?|una|uno|um|uma|en|et)"
_BEFORE = r"לפני|acum|prije|pre|преди|пре|prieš|pirms|fyrir|vor|il\sy\sa|hace|há|för|for|πριν(?:\sαπό)?|před|منذ|قبل|cách\sđây"
_AFTER = r"ago|fa|atrás|geleden|temu|назад|тому|sedan|siden|önce|(?:yang\s)?lalu|trước|पहले|پیش|ที่แล้ว|ก่อน|ที่ผ่านมา|আগে|முன்(?:பு)?|sitten|tagasi|წინ|առաջ|əvvəl|бұрын|өмнө|前|전"
_PATTERNS = tuple(
    (unit, re.compile(rf"(?<!\w)(?:(?:{_BEFORE})\s+{_NUMBER}\s?(?:{words})(?!\w)|{_NUMBER}\s?(?:{words})\s?(?:{_AFTER})(?!\w))", re.I))
    for unit, words in _UNITS.items()
)  # fmt: skip
# two of a unit as one word, or one of it without a number
_DUAL = re.compile(
    r"(?:לפני|منذ|قبل)\s(?:(?P<minute2>דקתיים|دقيقتين)|(?P<hour2>שעתיים|ساعتين)|(?P<day2>יומיים|يومين)|(?P<week2>שבועיים|أسبوعين)"
    r"|(?P<minute1>דקה|دقيقة)|(?P<hour1>שעה|ساعة)|(?P<day1>יום|يوم)|(?P<week1>שבוע|أسبوع))(?!\w)"
)
_YESTERDAY = re.compile(
    r"^(?:\w+:?\s)?(?:yesterday|gestern|hier|ayer|ontem|gisteren|wczoraj|вчера|вчора|igår|i\sgår|dün|kemarin|אתמול|เมื่อวาน(?:นี้)?|ieri|jučer|juče|вчера|eilen|eile|včera|tegnap|গতকাল|कल|أمس|دیروز|昨天|昨日|어제)(?!\w)",
    re.I,
)
_TODAY = re.compile(
    r"^(?:\w+:?\s)?(?:today|heute|aujourd.hui|hoy|oggi|hoje|vandaag|dzisiaj|dziś|сегодня|сьогодні|idag|i\sdag|bugün|hari\sini|היום|วันนี้|astăzi|azi|danas|днес|tänään|täna|dnes|আজ|आज|اليوم|امروز|今天|今日|오늘)(?!\w)",
    re.I,
)
_MAX = 60  # characters of a text that is such a date and little else


def read_relative(text: str, now: datetime | None) -> Moment | None:
    """The moment that *text* says by its distance from *now* (UTC), None where it says none, or *now* is not known.

    >>> from datetime import UTC
    >>> moment = read_relative("3 hours ago", datetime(2024, 8, 12, 10, 30, tzinfo=UTC))
    >>> moment.utc.isoformat(), moment.precision
    ('2024-08-12T07:00:00+00:00', 'hour')
    """
    raw = " ".join(text.split())
    if now is None or not raw or len(raw) > _MAX:
        return None
    plain = raw if raw.isascii() else fold(raw)
    for unit, pattern in _PATTERNS:
        if found := pattern.search(plain):
            said = found[1] or found[2]
            return _before(raw, now, unit, int(said) if said.isdigit() else 1)
    if (dual := _DUAL.search(plain)) and (name := dual.lastgroup):
        return _before(raw, now, name[:-1], int(name[-1]))
    if _YESTERDAY.match(plain):
        return Moment((now - timedelta(days=1)).date(), raw)
    return Moment(now.date(), raw) if _TODAY.match(plain) else None


def _before(raw: str, now: datetime, unit: str, count: int) -> Moment:
    then = now - timedelta(**{f"{unit}s": count})
    if unit in {"day", "week"}:
        return Moment(then.date(), raw, unit)
    minute = then.minute if unit == "minute" else 0
    return Moment(then.date(), raw, unit, then.hour, minute, offset=0.0)
