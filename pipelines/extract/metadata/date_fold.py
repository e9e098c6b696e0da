"""A printed date in the digits, numerals and half-days of its script, as ASCII digits and am/pm: ۱۲, 二〇二四年, 오후 9:30."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CHINESE = {
    sign: value
    for value, signs in enumerate(("〇零○", "一元", "二", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十廿卅百]{1,9}(?=\s*[年月日号號點点时時分])|元(?=年)")
_BEFORE = {
    "am": ["오전", "上午", "午前", "凌晨", "早上", "清晨", "早晨", "صباحا", "صباحاً", "πμ"],
    "pm": ["오후", "下午", "午後", "晚上", "傍晚", "中午", "مساء", "مساءً"],
}
_AFTER = {
    "am": ("ص", "صباحا", "صباحاً", "π.μ.", "πμ", "sabah"),
    "pm": ("م", "مساء", "مساءً", "μ.μ.", "μμ", "بعدازظهر", "بعد از ظهر"),
}
_HALF = {word: half for table in (_BEFORE, _AFTER) for half, words in table.items() for word in words}
_TIME = r"(\d{1,2})\s?(?::|(?:時|时|點|点|시)(?![間间간]))\s?(?:(\d{1,2})\s?분?分?)?(?::(\d{2}))?"
_EAST_ASIAN = re.compile(
    rf"(?:({'|'.join(map(re.escape, sorted(_BEFORE['am'] + _BEFORE['pm'], key=len, reverse=True)))})\s?)?{_TIME}"
)
_HALF_AFTER = re.compile(
    rf"(\d{{1,2}}[:.]\d{{2}})\s?({'|'.join(map(re.escape, sorted(_AFTER['am'] + _AFTER['pm'], key=len, reverse=True)))})(?!\w)"
)
_MARKS = dict.fromkeys([0x200B, 0x200D, 0x200E, 0x200F, 0xAD, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class _Folding(dict[int, int | str | None]):
    """For str.translate: decimal digits of every script and the full-width signs as ASCII, invisible marks as nothing."""

    def __missing__(self, code: int) -> int | str | None:
        sign = chr(code)
        folded: int | str | None = code
        if 0xFF01 <= code <= 0xFF5E:
            folded = code - 0xFEE0
        elif sign.isdecimal():
            folded = str(unicodedata.decimal(sign))
        self[code] = folded
        return folded


_FOLDING = _Folding({**_MARKS, 0x200C: " ", 0x3000: " ", 0xA0: " ", 0x60C: ",", 0x66B: ".", 0x589: "."})


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """*text* with ASCII digits, and clocks as 9:30 pm.

    >>> fold("二〇二四年八月十二日"), fold("2024년 8월 12일 오후 9:30")
    ('2024年8月12日', '2024년 8월 12일  9:30 pm')
    """
    text = text.translate(_FOLDING)
    text = _NUMERAL.sub(lambda found: str(_number(found[0])), text)
    text = _HALF_AFTER.sub(lambda found: f"{found[1]} {_HALF[found[2]]}", text)
    return _EAST_ASIAN.sub(_clock, text)


def _number(signs: str) -> int:
    """The number of Chinese numerals: by place (二〇二四) or spoken (十二, 一百一十三)."""
    if not any(sign in "十廿卅百" for sign in signs):
        return int("".join(str(_CHINESE[sign]) for sign in signs))
    total, digit = 0, 0
    for sign in signs:
        if sign in "十廿卅":
            total += (digit or 1) * 10 if sign == "十" else 20 if sign == "廿" else 30
            digit = 0
        elif sign == "百":
            total += (digit or 1) * 100
            digit = 0
        else:
            digit = _CHINESE[sign]
    return total + digit


def _clock(found: re.Match[str]) -> str:
    half, hour, minute, second = found.groups()
    if minute is None and half is None and ":" in found[0]:
        return found[0]
    clock = f" {hour}:{minute or '00':0>2}{':' + second if second else ''}"
    return f"{clock} {_HALF[half]}" if half else clock + " " * (not found[0][-1:].isdigit())
