"""Made-up articles in made-up languages, and copies of them as the web makes them: truth for deduplication.

Words are drawn by Zipf's law, so unrelated texts share as many phrases as real ones do.  Each host wraps its texts in
boilerplate of its own.  A *family* is one story: its original (the earliest), and copies that are exact, edited, cut
after some paragraphs, or syndicated (cut or not, another headline, an introduction, light edits).  Between them stand
stories that quote the same sentence, and digests that hold the first paragraphs of several stories: families of their
own.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.schema import ARTICLES

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
EXTRACTION = "made000000000001"
_LETTERS = {
    "latin": ("bcdfghklmnprstvwz", "aeiou"),
    "german": ("bdfghklmnrstwzß", "aeiouäöü"),
    "cyrillic": ("бвгджзклмнпрстфх", "аеиоуыя"),
    "greek": ("βγδζκλμνπρσφχ", "αεηιοω"),
    "arabic": ("بتجحدرزسشعفقكلمن", "اوي"),
    "devanagari": ("कखगचजटडतदनपबमयरलवसह", "ािीुूेो"),
}
_UNSPACED = {"han": (0x4E00, 2500), "thai": (0x0E01, 46)}
LANGUAGES = (*_LETTERS, *_UNSPACED)


@dataclass(frozen=True, slots=True)
class Made:
    """A row to be: ``family`` is the story that it tells, ``kind`` how it was made."""

    id: str
    family: int
    kind: str
    host: str
    path: str
    published: datetime | None
    fetched: datetime
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


class Language:
    """A vocabulary with Zipf frequencies; in scripts without spaces words are not parted."""

    def __init__(self, name: str, seed: int = 7) -> None:
        rng = random.Random(f"{name} {seed}")
        self.gap = "" if name in _UNSPACED else " "
        words: dict[str, None] = {}
        while len(words) < 6000:
            words[self._word(name, rng)] = None
        self.words = list(words)
        self._cumulative: list[float] = []
        total = 0.0
        for rank in range(len(self.words)):
            total += 1 / (rank + 2)
            self._cumulative.append(total)

    @staticmethod
    def _word(name: str, rng: random.Random) -> str:
        if name in _UNSPACED:
            first, count = _UNSPACED[name]
            return "".join(chr(first + rng.randrange(count)) for _ in range(rng.randint(1, 2) if name == "han" else 5))
        consonants, vowels = _LETTERS[name]
        return "".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(rng.randint(1, 4)))

    def draw(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self.words, cum_weights=self._cumulative, k=count)

    def paragraph(self, rng: random.Random, count: int) -> str:
        return self.join(rng, self.draw(rng, count))

    def join(self, rng: random.Random, words: Sequence[str]) -> str:
        stop, comma = ("。", "，") if self.gap == "" else (". ", ", ")
        pieces = [word + rng.choices((self.gap, comma, stop), (12, 1, 1))[0] for word in words]
        return "".join(pieces).strip(" ,，") + stop.strip()

    def edited(self, rng: random.Random, paragraph: str, share: float) -> str:
        """*paragraph* with that share of its words (or characters) replaced, dropped or preceded by another."""
        units = paragraph.split(" ") if self.gap else list(paragraph)
        done: list[str] = []
        rate = share if self.gap else share / 2
        for unit in units:
            if rng.random() >= rate:
                done.append(unit)
                continue
            other = self.draw(rng, 1)[0]
            done.extend(rng.choice(([other], [], [other, unit])))
        return self.gap.join(done)


@cache
def language(name: str) -> Language:
    """The language of that name, made once."""
    return Language(name)


class Press:
    """Makes families on *hosts* hosts; each host has a language and boilerplate of its own."""

    def __init__(self, seed: int, hosts: int = 12, languages: Sequence[str] = LANGUAGES) -> None:
        self._rng = random.Random(seed)
        self._languages = {name: language(name) for name in languages}
        self._hosts: dict[str, list[str]] = defaultdict(list)
        self._wrapping: dict[str, tuple[str, str]] = {}
        for name, tongue in self._languages.items():
            for number in range(hosts):
                host = f"{name}{number}.example"
                self._hosts[name].append(host)
                self._wrapping[host] = (tongue.paragraph(self._rng, 15), tongue.paragraph(self._rng, 60))
        self._serial = 0

    def family(self, family: int, copies: int) -> list[Made]:
        """A story, and *copies* copies of it."""
        rng = self._rng
        name = rng.choice(list(self._languages))
        language = self._languages[name]
        story = tuple(language.paragraph(rng, rng.randint(35, 80)) for _ in range(rng.randint(4, 10)))
        rows = [self._row(family, "original", name, story, MOMENT)]
        for _ in range(copies):
            kind = rng.choice(("exact", "edited", "cut", "syndicated"))
            rows.append(self._row(family, kind, name, self._copy(kind, language, story), MOMENT + timedelta(days=1)))
            if kind == "exact":
                rows[-1] = replace(rows[-1], paragraphs=tuple(_retyped(one) for one in rows[0].paragraphs))
        return rows

    def _copy(self, kind: str, language: Language, story: tuple[str, ...]) -> tuple[str, ...]:
        rng = self._rng
        kept = story[: max(2, round(len(story) * rng.uniform(0.25, 0.8)))]
        if kind == "cut":
            return kept
        if kind == "edited":
            share = rng.uniform(0.02, 0.14)
            return tuple(language.edited(rng, one, share) for one in story)
        body = tuple(language.edited(rng, one, 0.02) for one in rng.choice((kept, story)))
        return language.paragraph(rng, 8), language.paragraph(rng, 18), *body

    def quoting(self, family: int) -> list[Made]:
        """Two stories that have a statement of 30 words in common, and nothing else."""
        rng = self._rng
        name = rng.choice(list(self._languages))
        language = self._languages[name]
        quote = language.paragraph(rng, 30)
        rows = []
        for number in range(2):
            story = [language.paragraph(rng, rng.randint(35, 80)) for _ in range(rng.randint(3, 8))]
            rows.append(self._row(family + number, "quoting", name, (story[0], quote, *story[1:]), MOMENT))
        return rows

    def digest(self, family: int, stories: Sequence[Made]) -> list[Made]:
        """One text of the first paragraphs of several *stories* of one language; none if they have too few."""
        by_language = defaultdict(list)
        for story in stories:
            by_language[story.host.removesuffix(".example").rstrip("0123456789")].append(story)
        name, mine = max(by_language.items(), key=lambda item: len(item[1]))
        if len(mine) < 3 or name not in self._languages:
            return []
        paragraphs = tuple(one for story in mine[:6] for one in story.paragraphs[1:3])
        return [self._row(family, "digest", name, paragraphs, MOMENT + timedelta(hours=1))]

    def _row(self, family: int, kind: str, name: str, paragraphs: tuple[str, ...], published: datetime) -> Made:
        self._serial += 1
        rng = self._rng
        host = rng.choice(self._hosts[name])
        before, after = self._wrapping[host]
        when = published + timedelta(minutes=self._serial)
        unknown = kind != "original" and rng.random() < 0.2
        return Made(
            id=f"<urn:uuid:{rng.getrandbits(128):032x}>",
            family=family,
            kind=kind,
            host=host,
            path=f"/{family}/{self._serial}",
            published=None if unknown else when,
            fetched=when + timedelta(days=30),
            paragraphs=(before, *paragraphs, after),
        )


def _retyped(paragraph: str) -> str:
    """The same words in other type."""
    return paragraph.replace(". ", " … ").replace(", ", " – ").upper().replace("ẞ", "SS")


def made_press(seed: int, stories: int, copies: float = 1.0, **options: Any) -> list[Made]:
    """About stories x (1 + copies) rows in a mixed order, with quoting stories and digests among them."""
    rng = random.Random(seed)
    press = Press(seed, **options)
    rows: list[Made] = []
    family = 0
    while family < stories:
        if rng.random() < 0.1:
            rows += press.quoting(family)
            family += 2
        else:
            rows += press.family(family, rng.choices((0, 1, 2, 5), (4, 3, 2, 1))[0] if copies else 0)
            family += 1
    originals = [row for row in rows if row.kind == "original"]
    for number in range(stories // 50):
        rows += press.digest(family + number, rng.sample(originals, min(30, len(originals))))
    rng.shuffle(rows)
    return rows


def make_collection(
    directory: Path, rows: Iterable[Made], *, files: int = 1, extraction: str = EXTRACTION, name: str = "part"
) -> Collection:
    """A collection whose articles are *rows*, in that order, over *files* files; called again with another *name*, it has these
    rows, too."""
    collection = Collection.create(directory)
    folder = collection.dataset / "articles" / extraction
    folder.mkdir(parents=True, exist_ok=True)
    everything = [article_row(row, extraction) for row in rows]
    size = -(-len(everything) // files)
    for number in range(files):
        if part := everything[number * size : (number + 1) * size]:
            pq.write_table(pa.Table.from_pylist(part, schema=ARTICLES), folder / f"{name}-{number:05d}.parquet")
    return collection


def article_row(row: Made, extraction: str) -> dict[str, Any]:
    return {
        **empty_row(),
        "id": row.id,
        "url": f"https://{row.host}{row.path}",
        "url_host_name": row.host,
        "url_surtkey": f"{row.host}){row.path}",
        "date_published": row.published,
        "fetch_time": row.fetched,
        "text": row.text,
        "text_sha256": hashlib.sha256(row.text.encode()).hexdigest(),
        "extraction_id": extraction,
        "extraction_status": "ok",
    }


def empty_row() -> dict[str, Any]:
    """A row of ``articles`` in which everything that may be null is."""
    blank: dict[str, Any] = {}
    for field in ARTICLES:
        if field.nullable:
            blank[field.name] = None
        elif pa.types.is_list(field.type):
            blank[field.name] = []
        elif pa.types.is_timestamp(field.type):
            blank[field.name] = MOMENT
        else:
            blank[field.name] = "" if pa.types.is_string(field.type) else 0
    return blank


def score(rows: Sequence[Made], kept: Mapping[str, str]) -> tuple[float, float]:
    """Recall and precision over pairs of rows; *kept* has the kept id of each row's cluster."""

    def pairs(groups: Iterable[int]) -> int:
        return sum(size * (size - 1) // 2 for size in groups)

    true = pairs(Counter(row.family for row in rows).values())
    found = pairs(Counter(kept[row.id] for row in rows).values())
    both = pairs(Counter((row.family, kept[row.id]) for row in rows).values())
    return both / max(1, true), both / max(1, found)
