"""Quality flags: what the filters of published corpora would have thrown away, said instead of done.

Each flag is a rule with a published definition, applied to the body.  The rules are those of Gopher (Rae et al. 2021,
appendix A), C4 (Raffel et al. 2020) and FineWeb (Penedo et al. 2024) where they make sense for one article of any
language, and a few of our own for what goes wrong with news pages.  A flag is not a verdict: a poem has short lines, a
match report repeats itself.  Rules that depend on words being parted do not apply to scripts that do not part them.

The definition beside each rule is the documentation; `quality_definitions` gives it to whoever prints it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import islice
from operator import eq

from broadsheet.pipelines.tokens import words

_MAX_WORDS = 20_000  # what comes after is not looked at for repetitions
_BULLETS = ("•", "‣", "▪", "●", "◦", "- ", "* ", "– ", "· ")
_ELLIPSES = ("…", "...", "[…]", "[...]")
_SENTENCE_END = re.compile(r"[.!?。！？｡।॥؟۔։።…]+[\"'”’»›)\]」』]*(?=\s|$|[\u3040-\u30ff\u3400-\u9fff])")
_LINE_ENDS = frozenset(".!?。！？｡।॥؟۔։።…:;\"'”’»›」』")  # before closing brackets
_LETTER = re.compile(r"[^\W\d_]")
_HANGUL = re.compile("[\uac00-\ud7a3]")  # a syllable a character: words of two are the rule
_WITHOUT_STOPS = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")  # Thai, Lao and Khmer end sentences with a space or nothing
_ENGLISH = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})
_POLICY = re.compile(r"terms of use|privacy policy|cookie policy|uses? (?:of )?cookies", re.IGNORECASE)
_POLICY_PARTS = ("cookie", "privacy policy", "terms of use")  # one of them is in all that it finds


class _Text:
    """The text, and what several rules ask about it, found out once."""

    def __init__(
        self,
        text: str,
        word_count: int | None,
        text_ratio: float | None,
        language: str | None,
        language_score: float | None,
        link_share: float | None,
        embedded: bool,
        encoding_guessed: bool,
    ) -> None:
        self.text = text
        self.lines = [line.strip() for line in text.split("\n") if line.strip()]
        self.words = words(text)
        self.word_count = len(self.words) if word_count is None else max(word_count, len(self.words))
        self.text_ratio, self.link_share, self.embedded = text_ratio, link_share, embedded
        self.encoding_guessed = encoding_guessed
        self.language, self.language_score = (language or "").lower().partition("-")[0], language_score
        self.letters = sum(map(len, self.words))
        self.lower = text.lower()

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word stands in the text."""
        return Counter(self.words)

    @cached_property
    def is_spaced(self) -> bool:
        """Whether the script parts its words; where it does not, a word is a character here."""
        return self.letters > 1.5 * len(self.words)

    def is_mostly(self, letters: re.Pattern[str]) -> bool:
        """Whether half of the characters or more are of that kind."""
        return 2 * len(letters.findall(self.text)) >= len(self.text)

    def share_of_lines(self, holds: Callable[[str], object]) -> float:
        """The share of lines for which *holds*."""
        return sum([1 for line in self.lines if holds(line)]) / max(1, len(self.lines))

    def top_phrase(self, length: int) -> float:
        """The share of letters in the most frequent phrase of *length* words that stands more than once."""
        counts = Counter(self._phrases(length))
        return max([n * sum(map(len, phrase)) for phrase, n in counts.items() if n > 1], default=0) / max(
            1, self.letters
        )

    def most_in_pairs(self) -> float:
        """No less than the share of letters in the most frequent pair of words: a pair of two words stands no more often than
        each of them."""
        if any(map(eq, self.words, self.words[1:])):
            return 1.0
        return sum(nlargest(2, [n * len(word) for word, n in self.counts.items()])) / max(1, self.letters)

    def repeated_phrases(self, length: int, enough: float) -> float:
        """The share of letters in phrases of *length* words that stood before; 0 for any that cannot be over *enough*."""
        phrases = self._phrases(length)
        again = len(phrases) - len(set(phrases))
        if again * length * max(map(len, self.counts), default=0) <= enough * self.letters:
            return 0.0
        seen: set[tuple[str, ...]] = set()
        covered = letters = 0
        for place, phrase in enumerate(phrases):
            if phrase in seen:
                letters += sum(map(len, phrase[max(0, covered - place) :]))
                covered = place + length
            seen.add(phrase)
        return letters / max(1, self.letters)

    def _phrases(self, length: int) -> list[tuple[str, ...]]:
        some = self.words[:_MAX_WORDS]
        return list(zip(*(some[start:] for start in range(length)), strict=False))


@dataclass(frozen=True, slots=True)
class QualityRule:
    """A flag and its definition, with where it comes from."""

    flag: str
    definition: str
    source: str
    holds: Callable[[_Text], bool]


def _repeats_lines(text: _Text) -> bool:
    counts = Counter(text.lines)
    again = sum(n - 1 for n in counts.values())
    letters = sum((n - 1) * len(line) for line, n in counts.items())
    return again > 0.3 * len(text.lines) or letters > 0.2 * sum(map(len, text.lines))


def _repeats_phrases(text: _Text) -> bool:
    if not text.is_spaced:
        return text.repeated_phrases(20, 0.1) > 0.1
    # a phrase of three or four words makes up no more than twice what its pairs do: mostly there is no need to look
    pair = text.top_phrase(2) if text.most_in_pairs() > 0.08 else 0.0
    if pair > 0.2 or (pair > 0.08 and (text.top_phrase(3) > 0.18 or text.top_phrase(4) > 0.16)):
        return True
    five = text.repeated_phrases(5, 0.1)
    return five > 0.15 or (five > 0.1 and text.repeated_phrases(10, 0.1) > 0.1)


def _is_alphabetic(text: _Text) -> bool:
    """Whether four fifths of the words have a letter; most are nothing else."""
    enough = 0.8 * len(text.words)
    if sum(map(str.isalpha, text.words)) >= enough:
        return True
    return sum([word.isalpha() or _LETTER.search(word) is not None for word in text.words]) >= enough


def _has_stop_words(text: _Text) -> bool:
    """Whether two different stop words of English are in the text."""
    if sum(map(text.counts.__contains__, _ENGLISH)) >= 2:
        return True
    return len(_ENGLISH & set(map(str.lower, text.counts))) >= 2


def _sentences(text: _Text, most: int) -> int:
    """How many sentences end, *most* at most."""
    return sum(1 for _ in islice(_SENTENCE_END.finditer(text.text), most))


def _names_policies(text: _Text) -> bool:
    folded = text.lower.replace("ſ", "s").replace("ı", "i").replace("i̇", "i")  # IGNORECASE takes them for one another
    return any(map(folded.__contains__, _POLICY_PARTS)) and text.share_of_lines(_POLICY.search) >= 0.2


def _ends_well(line: str) -> bool:
    """Whether a line ends as a sentence or a quotation does, closing brackets aside."""
    return line.rstrip(")]")[-1:] in _LINE_ENDS


def _has_odd_words(text: _Text) -> bool:
    mean = text.letters / max(1, len(text.words))
    return text.is_spaced and not 3 <= mean <= 10 and not text.is_mostly(_HANGUL)


def _symbols(text: _Text) -> int:
    return text.text.count("#") + text.text.count("…") + text.text.count("...")


QUALITY_RULES: tuple[QualityRule, ...] = (
    QualityRule(
        "short_text",
        "fewer than 50 words (100 characters in scripts that do not part words)",
        "Gopher",
        lambda text: text.word_count < (50 if text.is_spaced else 100),
    ),
    QualityRule("long_text", "more than 100,000 words", "Gopher", lambda text: text.word_count > 100_000),
    QualityRule(
        "odd_word_length",
        "the mean length of words is under 3 or over 10 letters (scripts that part words, without Korean)",
        "Gopher",
        _has_odd_words,
    ),
    QualityRule(
        "high_symbol_ratio",
        "hash signs and ellipses are more than a tenth as many as words",
        "Gopher",
        lambda text: _symbols(text) > 0.1 * max(1, len(text.words)),
    ),
    QualityRule(
        "few_alphabetic_words",
        "fewer than 80 % of words have a letter (scripts that part words)",
        "Gopher",
        lambda text: text.is_spaced and not _is_alphabetic(text),
    ),
    QualityRule(
        "bullet_lines",
        "more than 90 % of lines begin with a bullet",
        "Gopher",
        lambda text: text.share_of_lines(lambda line: line.startswith(_BULLETS)) > 0.9,
    ),
    QualityRule(
        "ellipsis_lines",
        "more than 30 % of lines end with an ellipsis: teasers of other articles",
        "Gopher",
        lambda text: text.share_of_lines(lambda line: line.endswith(_ELLIPSES)) > 0.3,
    ),
    QualityRule(
        "few_stop_words",
        "English without two different ones of the, be, to, of, and, that, have, with",
        "Gopher",
        lambda text: text.language == "en" and not _has_stop_words(text),
    ),
    QualityRule(
        "repeated_lines",
        "lines that stood before are more than 30 % of lines or 20 % of characters",
        "Gopher",
        _repeats_lines,
    ),
    QualityRule(
        "repeated_phrases",
        "one phrase of 2, 3 or 4 words makes up 20, 18 or 16 % of letters, or phrases of 5 or 10 words that stood before "
        "15 or 10 % (of 20 characters 10 %, in scripts that do not part words)",
        "Gopher",
        _repeats_phrases,
    ),
    QualityRule(
        "few_sentences",
        "fewer than 3 sentences (not Thai, Lao, Khmer)",
        "C4",
        lambda text: _sentences(text, 3) < 3 and not text.is_mostly(_WITHOUT_STOPS),
    ),
    QualityRule("lorem_ipsum", "holds the words lorem ipsum", "C4", lambda text: "lorem ipsum" in text.lower),
    QualityRule(
        "javascript_notice",
        "fewer than 100 words, and javascript is one",
        "C4, its rule for lines",
        lambda text: text.word_count < 100 and "javascript" in text.lower,
    ),
    QualityRule(
        "policy_lines",
        "a fifth of lines or more name terms of use, a privacy or cookie policy, or the use of cookies",
        "C4, its rule for lines",
        _names_policies,
    ),
    QualityRule(
        "short_lines",
        "two thirds of lines or more are shorter than 30 characters (12 in scripts that do not part words)",
        "FineWeb",
        lambda text: text.share_of_lines(lambda line: len(line) < (30 if text.is_spaced else 12)) >= 0.67,
    ),
    QualityRule(
        "few_line_ends",
        "12 % of lines or fewer end with a punctuation mark that ends a sentence or a quotation (not Thai, Lao, Khmer)",
        "FineWeb",
        lambda text: text.share_of_lines(_ends_well) <= 0.12 and not text.is_mostly(_WITHOUT_STOPS),
    ),
    QualityRule(
        "uncertain_language",
        "the language detector is less than 65 % sure",
        "FineWeb",
        lambda text: text.language_score is not None and text.language_score < 0.65,
    ),
    QualityRule(
        "mostly_links",
        "more than 40 % of the body's characters are link texts",
        "broadsheet",
        lambda text: text.link_share is not None and text.link_share > 0.4,
    ),
    QualityRule(
        "low_text_ratio",
        "the body is less than 5 % of the page's visible text",
        "broadsheet",
        lambda text: text.text_ratio is not None and text.text_ratio < 0.05,
    ),
    QualityRule(
        "truncated",
        "the last line ends with an ellipsis: the page shows the beginning only",
        "broadsheet",
        lambda text: bool(text.lines) and text.lines[-1].endswith(_ELLIPSES),
    ),
    QualityRule(
        "broken_characters",
        "more than one character in 1,000 is U+FFFD: the page was read in the wrong encoding",
        "broadsheet",
        lambda text: text.text.count("\ufffd") > len(text.text) / 1000,
    ),
    QualityRule(
        "embedded_text",
        "the page shows next to no body; the text is one that it holds unseen (JSON-LD, noscript, a script's state)",
        "broadsheet",
        lambda text: text.embedded,
    ),
    QualityRule(
        "guessed_encoding",
        "the page declares no character encoding, or one that its bytes contradict; it was detected",
        "broadsheet",
        lambda text: text.encoding_guessed,
    ),
)


def quality_flags(
    text: str | None,
    *,
    word_count: int | None = None,
    text_ratio: float | None = None,
    language: str | None = None,
    language_score: float | None = None,
    link_share: float | None = None,
    embedded: bool = False,
    encoding_guessed: bool = False,
) -> tuple[str, ...]:
    """The flags of an article's body, in the order of QUALITY_RULES; none for a page without text.

    *text_ratio*: characters of text / characters of all visible text.  *language*: BCP 47, of the text.  *link_share*:
    the share of the text's characters that are in links.  What is None is not judged.  *embedded*: the text is not among
    what the page shows.  *encoding_guessed*: the page's encoding was detected.
    """
    if not text or not text.strip():
        return ()
    facts = _Text(text, word_count, text_ratio, language, language_score, link_share, embedded, encoding_guessed)
    return tuple(rule.flag for rule in QUALITY_RULES if rule.holds(facts))


def quality_definitions() -> str:
    """The flags with their definitions, as a Markdown table."""
    rows = [f"| `{rule.flag}` | {rule.definition} | {rule.source} |" for rule in QUALITY_RULES]
    return "\n".join(["| flag | definition | after |", "|---|---|---|", *rows])
