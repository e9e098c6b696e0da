"""Notices amid the text that are none of it: labels of advertisements, questions before content of others is loaded, and lines
that point at other articles.

They stand in paragraphs like any other and are known by their words alone (notices.txt), so they are short, or say what a page
says to its reader and an article does not: that it needs a consent, here, for this content.
"""

from __future__ import annotations

import re
from importlib.resources import files

from broadsheet.pipelines.extract.page.words import words_of

_LABEL = 90  # characters
_QUESTION = 600
_TEASER = 300
_LINKED = 0.4  # share of linked characters
# one of which each of the patterns for consent has in its text
_ABOUT_CONSENT = (
    "cookie", "consent", "permission", "privacy", "zustimm", "einwilligung", "einverstanden", "extern", "third",
    "personal data", "personenbez", "toestemming", "samtyck", "samtykke", "consenso", "bloqu", "bloccat",
)  # fmt: skip


def _read_patterns() -> dict[str, str]:
    """The sections of the file, each as one pattern."""
    text = files("broadsheet.pipelines.extract.body").joinpath("notices.txt").read_text("utf-8").replace("\n+", "")
    found: dict[str, str] = {}
    for section in text.split("\n[")[1:]:
        name, _, lines = section.partition("]\n")
        patterns = [line for line in lines.split("\n") if line and line[0] != "#"]
        found[name] = f"(?:{'|'.join(patterns)})".replace("{ad}", found.get("ad", ""))
    return found


_PATTERNS = _read_patterns()
_LABELS = re.compile(_PATTERNS["label"])
_QUESTIONS = re.compile(_PATTERNS["consent"])
_POINTERS = re.compile(rf"\s*[>»▶►•→]*\s*{_PATTERNS['pointer']}\s*[:：|–—»>-]", re.IGNORECASE)


def is_notice(text: str) -> bool:
    """Whether *text* is the label of an advertisement, or asks for a consent to load what is no part of the page."""
    if len(text) <= _LABEL and _LABELS.fullmatch(words_of(text)):
        return True
    if len(text) > _QUESTION:
        return False
    lowered = text.lower()
    for word in _ABOUT_CONSENT:
        if word in lowered:
            return _QUESTIONS.search(lowered) is not None
    return False


def is_pointer(text: str, link_density: float) -> bool:
    """Whether *text* points at another article: "Read also: ", and its headline as a link."""
    return link_density >= _LINKED and len(text) <= _TEASER and _POINTERS.match(text) is not None
