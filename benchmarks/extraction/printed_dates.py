"""Dates as the press of the world prints them: which of them ours, trafilatura and htmldate read from the same pages.

    uv run python benchmarks/extraction/printed_dates.py [--misses]

The dates are printed by Unicode's CLDR (as Babel ships it) in its full, long and medium forms, with a clock in one of them, and
with the language's own digits where the press uses them; dates of other calendars are converted here.  Each stands below the
headline of a page that states it nowhere else.  A date is read when the day is right, null when none is found, else wrong.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import trafilatura
from babel.dates import format_date, format_datetime
from htmldate import find_date

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LANGUAGES = (
    "th", "fa", "ar", "ar_EG", "he", "hi", "bn", "ta", "ur", "ko", "ja", "zh", "zh_TW", "vi", "id", "ms", "sw", "ka", "hy", "kk",
    "az", "sq", "sl", "sr", "sr_Latn", "lv",
)  # fmt: skip
DIGITS = {"fa": "۰۱۲۳۴۵۶۷۸۹", "ar_EG": "٠١٢٣٤٥٦٧٨٩", "hi": "०१२३४५६७८९", "bn": "০১২৩৪৫৬৭৮৯"}
FULL, LONG, MEDIUM, CLOCK = (
    date(2024, 8, 27),
    date(2023, 3, 30),
    date(2025, 12, 18),
    datetime(2022, 5, 19, 14, 5, tzinfo=UTC),
)
OTHER_CALENDARS = (  # language, what is printed, the day
    ("th", "วันอังคารที่ 27 สิงหาคม พ.ศ. 2567", date(2024, 8, 27)),
    ("th", "๓๐ มีนาคม ๒๕๖๖", date(2023, 3, 30)),
    ("fa", "سه‌شنبه ۶ شهریور ۱۴۰۳", date(2024, 8, 27)),
    ("fa", "۱۴۰۲/۰۱/۱۰", date(2023, 3, 30)),
    ("ar", "الثلاثاء 22 صفر 1446 هـ", date(2024, 8, 27)),
    ("ar", "٨ رمضان ١٤٤٤ هـ", date(2023, 3, 30)),
    ("ja", "令和6年8月27日", date(2024, 8, 27)),
    ("ja", "平成30年3月30日", date(2018, 3, 30)),
    ("zh", "二〇二四年八月二十七日", date(2024, 8, 27)),
    ("zh", "二〇二三年三月三十日 星期四", date(2023, 3, 30)),
    ("zh_TW", "中華民國113年8月27日", date(2024, 8, 27)),
    ("zh_TW", "112年3月30日", date(2023, 3, 30)),
)
TEXT = "".join(
    f"<p>The ferry number {n} left the pier late, the harbour said, and nobody knew why.</p>" for n in range(9)
)


def printed() -> Iterator[tuple[str, str, date]]:
    """Language, what is printed, and the day that it says."""
    for language in LANGUAGES:
        digits = str.maketrans("0123456789", DIGITS.get(language, "0123456789"))
        yield language, format_date(FULL, "full", locale=language).translate(digits), FULL
        yield language, format_date(LONG, "long", locale=language).translate(digits), LONG
        yield language, format_date(MEDIUM, "medium", locale=language).translate(digits), MEDIUM
        yield language, format_datetime(CLOCK, "medium", locale=language).translate(digits), CLOCK.date()
    yield from OTHER_CALENDARS


def page(language: str, text: str) -> str:
    lang = language.replace("_", "-")
    head = f'<html lang="{lang}"><head><meta charset="utf-8"><title>Ferries are late again</title></head>'
    return f"{head}<body><article><h1>Ferries are late again</h1><p class=meta>{text}</p>{TEXT}</article></body></html>"


def ours(html: str) -> str | None:
    record = PageRecord(
        "https://daily.example/ferries", NOW, (("Content-Type", "text/html; charset=utf-8"),), html.encode()
    )
    article = EXTRACTOR.extract(record).article
    return article.date_published and (article.date_published.date().isoformat())


def theirs(html: str) -> str | None:
    found = trafilatura.bare_extraction(html, with_metadata=True)
    return found.date if found else None


EXTRACTOR = ArticleExtractor()
READERS: dict[str, Callable[[str], str | None]] = {
    "ours": ours,
    "trafilatura": theirs,
    "htmldate": lambda html: find_date(html, original_date=True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print what ours did not read")
    options = parser.parse_args()
    counts = {name: Counter[str]() for name in READERS}
    for language, text, day in printed():
        html = page(language, text)
        for name, read in READERS.items():
            found = read(html)
            counts[name]["null" if found is None else "read" if found == day.isoformat() else "wrong"] += 1
            if options.misses and name == "ours" and found != day.isoformat():
                print(language, repr(text), day, found)
    for name, count in counts.items():
        print(f"{name:12} {count['read']} of {count.total()} read, {count['wrong']} wrong, {count['null']} null")


if __name__ == "__main__":
    main()
