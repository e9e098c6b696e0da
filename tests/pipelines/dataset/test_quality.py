"""Quality flags: each on a text that has just that fault, none on a sound article."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.dataset.quality import QUALITY_RULES, quality_definitions, quality_flags

SENTENCES = (
    "The harbour was closed for three days after the storm had broken the outer wall.",
    "Engineers said on Monday that repairs would take until the end of the month.",
    "Fishing boats have been moved to the river, with room for about forty of them.",
    "Nobody was hurt, although two crews had to be taken off their boats at night.",
    "The town has asked the state for money to build a higher wall.",
    "A decision is to be made in spring, a spokeswoman for the ministry said.",
)
SOUND = "\n\n".join(" ".join(SENTENCES[start : start + 2]) for start in (0, 2, 4))
CHINESE = (
    "港口在暴风雨破坏外墙后关闭了三天。工程师周一表示，维修将持续到月底。渔船已被转移到河里，那里可容纳约四十艘船。"
    "没有人受伤，但两名船员不得不在夜间被带离他们的船只。该镇已要求国家出资建造更高的墙。部里的女发言人说将在春天作出决定。"
)


def test_a_sound_article_has_no_flags() -> None:
    assert quality_flags(SOUND, language="en", language_score=0.99, text_ratio=0.5, link_share=0.02) == ()
    assert quality_flags(CHINESE, language="zh") == ()


FAULTS = {
    "short_text": "One fine thing. Two fine things. Three fine things, and that is all.",
    "long_text": None,
    "odd_word_length": " ".join("a be I to of we go up so it." for _ in range(12)),
    "high_symbol_ratio": SOUND.replace(" the ", " #the ") + " #a #b #c #d #e #f #g #h",
    "few_alphabetic_words": SOUND + " 12 45 78 " * 12,
    "bullet_lines": "\n".join(f"• {sentence}" for sentence in SENTENCES),
    "ellipsis_lines": "\n".join(f"{sentence[:-1]} ..." for sentence in SENTENCES),
    "few_stop_words": "Der Hafen blieb drei Tage zu. Der Sturm war stark. Niemand kam zu Schaden. " * 5,
    "repeated_lines": f"{SOUND}\n{SOUND}",
    "repeated_phrases": SOUND.replace("\n\n", " ") + " " + SOUND.replace("\n\n", " ").lower().capitalize() * 2,
    "few_sentences": " ".join(SENTENCES).replace(". ", ", "),
    "lorem_ipsum": f"{SOUND} Lorem ipsum dolor.",
    "javascript_notice": f"{SOUND} Please enable JavaScript."[-350:],
    "policy_lines": f"{SOUND}\nThis site uses cookies. See our privacy policy.",
    "short_lines": SOUND + "\nHome\nNews\nSport\nWeather\nTravel\nJobs\nShop\nMore\nHelp",
    "few_line_ends": "\n".join(f"{sentence} And so on" for sentence in SENTENCES),
    "uncertain_language": None,
    "mostly_links": None,
    "low_text_ratio": None,
    "truncated": f"{SOUND} The wall, which was built in …",
    "embedded_text": None,
    "guessed_encoding": None,
    "broken_characters": SOUND.replace("s", "\ufffd"),
}


@pytest.mark.parametrize("flag", [flag for flag, text in FAULTS.items() if text is not None])
def test_each_fault_is_flagged(flag: str) -> None:
    assert flag in quality_flags(FAULTS[flag], language="en")


def test_what_is_known_besides_the_text_is_judged() -> None:
    assert quality_flags(SOUND, language_score=0.6) == ("uncertain_language",)
    assert quality_flags(SOUND, link_share=0.5) == ("mostly_links",)
    assert quality_flags(SOUND, text_ratio=0.01) == ("low_text_ratio",)
    assert quality_flags(SOUND, embedded=True) == ("embedded_text",)
    assert quality_flags(SOUND, encoding_guessed=True) == ("guessed_encoding",)
    assert quality_flags(SOUND, word_count=100_001) == ("long_text",)


def test_every_rule_is_tested_and_documented() -> None:
    flags = [rule.flag for rule in QUALITY_RULES]
    assert sorted(flags) == sorted(FAULTS)
    assert len(set(flags)) == len(flags)
    assert all(f"| `{rule.flag}` | {rule.definition} |" in quality_definitions() for rule in QUALITY_RULES)


def test_english_rules_are_for_english() -> None:
    german = FAULTS["few_stop_words"]
    assert "few_stop_words" not in quality_flags(german, language="de")
    assert "few_stop_words" in quality_flags(german, language="en-GB")


def test_what_a_script_lacks_is_no_fault() -> None:
    thai = "เรือประมงถูกย้ายไปที่แม่น้ำ ซึ่งมีที่ว่างสำหรับเรือประมาณสี่สิบลำ ไม่มีใครได้รับบาดเจ็บ\nเมืองได้ขอเงินจากรัฐเพื่อสร้างกำแพงที่สูงขึ้น"
    assert quality_flags(thai) == ()
    korean = "그 항구는 폭풍 뒤 사흘 동안 문을 닫았다. 배는 강에 둔다. 다친 이는 없다. "
    assert "odd_word_length" not in quality_flags(korean)


def test_a_page_without_text_has_no_flags() -> None:
    assert quality_flags(None) == quality_flags("") == quality_flags(" \n ") == ()


@given(st.text(max_size=300))
def test_any_text_can_be_judged(text: str) -> None:
    flags = quality_flags(text, language="en")
    assert flags == quality_flags(text, language="en")
    assert set(flags) <= {rule.flag for rule in QUALITY_RULES}


def test_time_is_linear() -> None:
    rng = random.Random(1)
    text = ". ".join(" ".join(rng.choices("abcdefgh", k=8)) for _ in range(60_000))
    assert "long_text" in quality_flags(text)
