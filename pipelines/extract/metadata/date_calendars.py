"""Days of other calendars as days of the Gregorian one: Solar Hijri (Jalali), Islamic (Umm al-Qura), Buddhist, Minguo,
Japanese eras, Hebrew, Ethiopian.

Every function takes numbers as printed and returns a day, None where the calendar has none such.  The Islamic calendar is
the one of Saudi Arabia, Umm al-Qura, for 1400 to 1470 AH: which of its months have 30 days is a table, as it was published
and as R. H. van Gent, "The Umm al-Qura Calendar of Saudi Arabia", describes it.  Where the moon is sighted, a day may differ by
one: a weekday printed beside it decides.
"""

from __future__ import annotations

from datetime import date, timedelta

from broadsheet.pipelines.extract.metadata.date_moment import make_day

BUDDHIST, MINGUO = 543, -1911  # years: minus the one, minus the other is a Gregorian year
BUDDHIST_YEARS = range(2443, 2644)
JALALI_YEARS, HIJRI_YEARS = range(1340, 1430), range(1400, 1471)

# First Gregorian year of the Japanese eras, less one: the first year of an era is 1 (gannen).
JAPANESE_ERAS = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "r": 2018, "h": 1988, "s": 1925,
}  # fmt: skip

_NOWRUZ_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})  # of 33 years; as observed for 1178 to 1633
_JALALI_EPOCH = date(622, 3, 21)  # where the cycle that fits these years begins; the calendar began a day later
HEBREW_YEARS, ETHIOPIAN_YEARS = range(5650, 5861), range(1980, 2093)
_LONGEST_COMMON = 355  # days of a Hebrew year of twelve months
_HEBREW_EPOCH = -1373428  # what brings the count of days to ordinals
_ETHIOPIAN_EPOCH = date(8, 8, 29).toordinal() - 2  # proleptic Gregorian, of 29 August 8 in the Julian calendar
_MUHARRAM_1400 = date(1979, 11, 20)
# A year a number: bit n is set where month n + 1 has 30 days.
_LONG_MONTHS = (
    0xD4B, 0x52A, 0xA57, 0x4AE, 0x976, 0x56C, 0xB55, 0xAAA, 0xA55, 0x4AD, 0x95D, 0x2DA, 0x5D9, 0xDB2, 0xBA4, 0xB4A, 0xA55,
    0x2B5, 0x575, 0xB6A, 0xBD2, 0xBC4, 0xB89, 0xA95, 0x52D, 0x5AD, 0xB6A, 0x6D4, 0xDC9, 0xD92, 0xAA6, 0x956, 0x2AE, 0x56D,
    0x36A, 0xB55, 0xAAA, 0x94D, 0x49D, 0x95D, 0x2BA, 0x5B5, 0x5AA, 0xD55, 0xA9A, 0x92E, 0x26E, 0x55D, 0xADA, 0x6D4, 0x6A5,
    0x54B, 0xA97, 0x54E, 0xAAE, 0x5AC, 0xBA9, 0xD92, 0xB25, 0x64B, 0xCAB, 0x55A, 0xB55, 0x6D2, 0xEA5, 0xE4A, 0xA95, 0x52D,
    0xAAD, 0x36C, 0x759,
)  # fmt: skip


def jalali_day(year: int, month: int, day: int) -> date | None:
    """A day of the Solar Hijri calendar of Iran and Afghanistan, by its 33-year cycle.

    The cycle (K. M. Borkowski, "The Persian calendar for 3000 years", 1996) gives the observed leap years of the years here.

    >>> jalali_day(1403, 5, 22)
    datetime.date(2024, 8, 12)
    """
    if year not in JALALI_YEARS or not 1 <= month <= 12:
        return None
    long = 31 if month <= 6 else 30 if month < 12 or year % 33 in _NOWRUZ_LEAPS else 29
    if not 1 <= day <= long:
        return None
    cycles, rest = divmod(year - 1, 33)
    leaps = 8 * cycles + sum(1 for leap in _NOWRUZ_LEAPS if leap <= rest)
    days = 365 * (year - 1) + leaps + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    made = _JALALI_EPOCH + timedelta(days=days)
    return make_day(made.year, made.month, made.day)


def hijri_day(year: int, month: int, day: int) -> date | None:
    """A day of the Islamic calendar, as Umm al-Qura has it.

    >>> hijri_day(1446, 2, 8)
    datetime.date(2024, 8, 12)
    """
    if year not in HIJRI_YEARS or not 1 <= month <= 12:
        return None
    months = [29 + (bits >> at & 1) for bits in _LONG_MONTHS[: year - HIJRI_YEARS.start + 1] for at in range(12)]
    before = 12 * (year - HIJRI_YEARS.start) + month - 1
    if not 1 <= day <= months[before]:
        return None
    return _MUHARRAM_1400 + timedelta(days=sum(months[:before]) + day - 1)


def hebrew_day(year: int, month: int, day: int) -> date | None:
    """A day of the Hebrew calendar; its months count from Tishri, the sixth is that of leap years alone.

    As N. Dershowitz and E. M. Reingold, "Calendrical Calculations", have it.

    >>> hebrew_day(5784, 12, 8)
    datetime.date(2024, 8, 12)
    """
    if year not in HEBREW_YEARS or not 1 <= month <= 13:
        return None
    days = _hebrew_new_year(year + 1) - _hebrew_new_year(year)
    leap = days > _LONGEST_COMMON
    months = [
        30,
        30 if days % 10 == 5 else 29,
        29 if days % 10 == 3 else 30,
        29,
        30,
        30 if leap else 0,
        29,
        *(30, 29) * 3,
    ]
    if (month == 6 and not leap) or not 1 <= day <= months[month - 1]:
        return None
    return date.fromordinal(_hebrew_new_year(year) + sum(months[: month - 1]) + day - 1)


def _hebrew_new_year(year: int) -> int:
    """The ordinal of 1 Tishri: the day of its mean new moon, put off as the rules of the calendar say."""
    cycles, rest = divmod(year - 1, 19)
    months = 235 * cycles + 12 * rest + (7 * rest + 1) // 19
    parts = 204 + 793 * (months % 1080)
    hours = 5 + 12 * months + 793 * (months // 1080) + parts // 1080
    day, parts = 1 + 29 * months + hours // 24, 1080 * (hours % 24) + parts % 1080

    def leap(one: int) -> bool:
        return (7 * one + 1) % 19 < 7

    late = parts >= 19440 or (day % 7 == 2 and parts >= 9924 and not leap(year))
    if late or (day % 7 == 1 and parts >= 16789 and leap(year - 1)):
        day += 1
    return day + (day % 7 in {0, 3, 5}) + _HEBREW_EPOCH


def ethiopian_day(year: int, month: int, day: int) -> date | None:
    """A day of the calendar of Ethiopia: twelve months of thirty days and one of five or six.

    >>> ethiopian_day(2016, 12, 6)
    datetime.date(2024, 8, 12)
    """
    if (
        year not in ETHIOPIAN_YEARS
        or not 1 <= month <= 13
        or not 1 <= day <= (30 if month < 13 else 5 + (year % 4 == 3))
    ):
        return None
    made = date.fromordinal(_ETHIOPIAN_EPOCH + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)
    return make_day(made.year, made.month, made.day)


def foreign_day(year: int, month: int, day: int, language: str | None) -> date | None:
    """A day of digits whose year is of no Gregorian calendar: the year, and where that leaves two, the *language*, tells which.

    >>> foreign_day(2567, 8, 12, None), foreign_day(1403, 5, 22, None)
    (datetime.date(2024, 8, 12), datetime.date(2024, 8, 12))
    """
    if year in BUDDHIST_YEARS:
        return make_day(year - BUDDHIST, month, day)
    if language in {"fa", "ps"} or (language not in {"ar", "ur"} and 1369 <= year <= 1409):
        return jalali_day(year, month, day)
    if language in {"ar", "ur"} or 1421 <= year <= 1460:
        return hijri_day(year, month, day)
    return None
