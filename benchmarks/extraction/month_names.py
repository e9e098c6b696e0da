"""Write the names of the months in the languages of the world, from Unicode's CLDR as Babel ships it.

    uv run python benchmarks/extraction/month_names.py > pipelines/extract/metadata/month_names.py

One line a language: twelve months, each with its wide and abbreviated forms, both as they stand in a date and by themselves.
Forms of digits only, and those of one letter, say nothing and are left out.
"""

from __future__ import annotations

import re

from babel import Locale

# Not Tigrinya: its names are those of the Ethiopian calendar, too.
# Languages whose short forms are those of other languages for other months
WIDE_ALONE = (
    "ast ceb fur haw kl kok lg mi om sa sc sd se si sn su tn to ug vec wo xh".split()  # noqa: SIM905 - a table of words
)
LANGUAGES = [
    *WIDE_ALONE,
    "af",
    "am",
    "ar",
    "ar_DZ",
    "ar_MA",
    "ar_SY",
    "ar_IQ",
    "ar_SA",
    "ar_TN",
    "as",
    "az",
    "az_Cyrl",
    "be",
    "bg",
    "bn",
    "br",
    "bs",
    "bs_Cyrl",
    "ca",
    "ckb",
    "cs",
    "cy",
    "da",
    "de",
    "de_AT",
    "dsb",
    "el",
    "en",
    "eo",
    "es",
    "et",
    "eu",
    "fa",
    "fa_AF",
    "fi",
    "fil",
    "fo",
    "fr",
    "fy",
    "ga",
    "gd",
    "gl",
    "gu",
    "ha",
    "he",
    "hi",
    "hr",
    "hsb",
    "hu",
    "hy",
    "id",
    "ig",
    "is",
    "it",
    "jv",
    "ka",
    "kk",
    "km",
    "kn",
    "ku",
    "ky",
    "lb",
    "lo",
    "lt",
    "lv",
    "mg",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "mt",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "oc",
    "or",
    "pa",
    "pl",
    "ps",
    "pt",
    "ro",
    "rm",
    "ru",
    "rw",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sr_Latn",
    "sv",
    "sw",
    "ta",
    "te",
    "tg",
    "th",
    "tk",
    "tr",
    "tt",
    "uk",
    "ur",
    "uz",
    "uz_Cyrl",
    "vi",
    "yi",
    "yo",
    "zu",
]

HEAD = '''"""Names of the months by language, from Unicode's CLDR (Babel 2.19; Unicode License v3).

Written by benchmarks/extraction/month_names.py; a language a line: its code, then twelve months with their forms.
"""

from __future__ import annotations

CLDR_MONTHS = """
'''


def forms(locale: Locale, month: int) -> list[str]:
    """The forms of one month's name, in lower case."""
    found = []
    for context in ("format", "stand-alone"):
        for width in ("wide",) if locale.language in WIDE_ALONE else ("wide", "abbreviated"):
            name = locale.months[context][width][month].casefold().replace("\u200c", " ")
            name = re.sub(r"[.\u0589]+$", "", " ".join(name.split()))
            if len(name) > 1 and not re.search(r"\d", name):
                found.append(name)
    return list(dict.fromkeys(found))


def main() -> None:
    print(HEAD, end="")
    for code in sorted(LANGUAGES):
        try:
            locale = Locale.parse(code)
        except Exception:
            continue
        months = [",".join(forms(locale, month)) for month in range(1, 13)]
        if sum(map(bool, months)) > 6:
            print(f"{code.split('_')[0]} {'|'.join(months)}")
    print('"""')


if __name__ == "__main__":
    main()
