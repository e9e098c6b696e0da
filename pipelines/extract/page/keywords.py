"""Keywords: words by which furniture is recognised, in the languages of many news sites.

They are evidence for the block model and for roles; no block is dropped for a word alone.  They are looked up in the first
words of a block that is no long paragraph: any of them may occur in the middle of a text.  A
table of words and phrases costs a few look-ups a word; patterns with as many alternatives cost ten times that.  Scripts
without spaces are searched by one pattern, and only in blocks that hold such characters.
"""

from __future__ import annotations

import re
from importlib.resources import files

_WORDS = 40  # that are looked at
_CHARS = 260
_LONG = 700  # characters from which a block is running text
_NO_SPACES: dict[str, str] = {
    "related": "相关|推荐|延伸阅读|更多|関連|あわせて読|관련",
    "popular": "热门|排行|人気|ランキング|最新|많이 본",
    "newsletter": "订阅|公众号|登録|구독",
    "share": "分享|共有|공유",
    "legal": "版权|转载|免责|責任編集|责任编辑|编辑：|无断|無断|무단",
    "credit": "^(?:图|写真|사진)",
    "byline": "作者|記者|记者|文/|文：",
    "comment": "评论|コメント|댓글",
    "ad": "广告|広告|廣告|광고",
    "date": "发布|发表|更新|公開|게시|등록",
    "tags": "^(?:标签|タグ|태그)",
    "contents": "目次|目录",
}


def _read_lists() -> dict[str, list[str]]:
    sections = files("broadsheet.pipelines.extract.page").joinpath("keywords.txt").read_text("utf-8").split("\n[")[1:]
    named = (section.partition("]\n") for section in sections)
    return {name: [" ".join(phrase.split()) for phrase in phrases.split(",")] for name, _, phrases in named}


_LISTS = _read_lists()
KEYWORD_NAMES = tuple(_LISTS)
KEYWORD_BIT = {name: 1 << number for number, name in enumerate(KEYWORD_NAMES)}
_SYMBOLS = tuple(
    (symbol, KEYWORD_BIT[name])
    for symbol, name in (("©", "legal"), ("@", "contact"), ("$", "buy"), ("£", "buy"), ("€", "buy"))
)
_ASCII_SYMBOLS = tuple((symbol, bit) for symbol, bit in _SYMBOLS if symbol.isascii())
_WORD = re.compile(r"[^\W_]+")
# of ASCII, which most blocks are: bytes are cut at what is no letter or digit in half the time of a pattern
_WORD_BYTES = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(128)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SPACELESS_PATTERNS = tuple((KEYWORD_BIT[name], re.compile(pattern)) for name, pattern in _NO_SPACES.items())


def _tables() -> tuple[dict[str, int], dict[str, int], dict[str, tuple[tuple[tuple[str, ...], int, bool], ...]]]:
    """Single words; single words that count at the beginning; phrases by their first word."""
    anywhere: dict[str, int] = {}
    beginning: dict[str, int] = {}
    phrases: dict[str, tuple[tuple[tuple[str, ...], int, bool], ...]] = {}
    for name, bit in KEYWORD_BIT.items():
        for phrase in _LISTS[name]:
            first = phrase.startswith("^")
            words = tuple(phrase.removeprefix("^").split())
            if len(words) > 1:
                phrases[words[0]] = (*phrases.get(words[0], ()), (words, bit, first))
            else:
                table = beginning if first else anywhere
                table[words[0]] = table.get(words[0], 0) | bit
    return anywhere, beginning, phrases


_ANYWHERE, _BEGINNING, _PHRASES = _tables()
_KNOWN = frozenset(_ANYWHERE) | frozenset(_PHRASES)


def keywords_of(text: str, words: str = "_") -> int:
    """The bits of the lists of which a word stands at the beginning of *text*; *words* are its own, if known (`words_of`)."""
    if len(text) > _LONG:
        return 0
    look, symbols = text[:_CHARS].lower(), _ASCII_SYMBOLS
    if len(text) <= _CHARS and text.isascii() and "_" not in words:  # which is a letter to `words_of`
        bits = _in_words(words.split(" ", _WORDS)[:_WORDS])
    elif look.isascii():
        bits = _in_words(look.encode("ascii").translate(_WORD_BYTES).decode("ascii").split()[:_WORDS])
    else:
        symbols = _SYMBOLS
        bits = _in_words(_WORD.findall(look)[:_WORDS])
        if _SPACELESS.search(look):
            bits |= sum(bit for bit, pattern in _SPACELESS_PATTERNS if pattern.search(look))
    for symbol, bit in symbols:
        if symbol in look:
            bits |= bit
    return bits


def _in_words(words: list[str]) -> int:
    bits = _BEGINNING.get(words[0], 0) if words else 0
    if _KNOWN.isdisjoint(words):
        return bits
    for number, word in [(number, word) for number, word in enumerate(words) if word in _KNOWN]:
        bits |= _ANYWHERE.get(word, 0)
        for phrase, bit, first in _PHRASES.get(word, ()):
            if (number == 0 or not first) and tuple(words[number : number + len(phrase)]) == phrase:
                bits |= bit
    return bits
