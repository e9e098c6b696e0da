"""Sites drawn by lot: designs with boxes, places and markup of their own, and the truth of every page, since the page is made of it.

A page is a list of blocks, each of a kind; its article is the blocks of kind ``para`` and ``subhead``.  Every box stands on some or
all pages of its site.  Those `HELD_OUT`, and two markups, were written to judge by: no rule was chosen for them.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

Line = tuple[str, str]  # kind, text
BODY = frozenset({"para", "subhead"})
HELD_OUT = ("partners", "hour", "contents", "wire", "coming", "corrected", "lucky", "hear")
HELD_OUT_STYLES = ("bold", "columns")
STYLES = (
    "custom",
    "definitions",
    "spans",
    "lists",
    "centred",
    "cards",
    "rows",
    "nested",
    "fieldsets",
    "asides",
    "grid",
    *HELD_OUT_STYLES,
)
_GIVEN = [
    "Amara",
    "Bruno",
    "Chika",
    "Dario",
    "Elin",
    "Farid",
    "Greta",
    "Hugo",
    "Ilse",
    "Jomo",
    "Katya",
    "Luis",
    "Maren",
    "Niko",
    "Oksana",
    "Pilar",
]
_FAMILY = [
    "Abara",
    "Bergman",
    "Castillo",
    "Dumont",
    "Eriksen",
    "Fofana",
    "Grant",
    "Halvorsen",
    "Ito",
    "Jansen",
    "Kamau",
    "Lindqvist",
    "Moretti",
]
_TOWNS = ["Arusha", "Bruges", "Cadiz", "Dresden", "Esbjerg", "Fano", "Gdynia", "Haifa", "Ipswich", "Jena"]
_THINGS = [
    "bridge",
    "ferry",
    "market",
    "school",
    "theatre",
    "clinic",
    "library",
    "orchard",
    "quarry",
    "museum",
    "station",
    "harbour",
]
_SAYINGS = (
    "Who sails first pays twice.",
    "A quiet oven bakes no bread.",
    "Old ropes know the harbour.",
    "Rain asks nobody for the way.",
    "Two clocks make one late guest.",
    "No bridge without a river.",
)
_FIRMS = ("Hanse Bank", "Nordlicht Energy", "Fisher & Sons", "Kite Airways", "Three Lakes Dairy")
_LABELS = {
    "continue": ("Story continues below", "Der Text geht weiter", "Weiter nach dieser Einblendung", "Sigue leyendo"),
    "print": (
        "This article appeared on page {n} of the print edition.",
        "Erschienen in Ausgabe {n}.",
        "From issue {n}.",
    ),
    "listen": ("Listen to this article ({n} min)", "Artikel anhören · {n} Minuten", "Play audio {n}:{m}"),
    "updated": ("Updated on {d}, {h}:{m}", "Stand: {d}, {h}:{m} Uhr", "Last revised {d}"),
    "counter": ("{n} comments", "{n} Reaktionen", "Seen {n} times"),
    "error": ("Spotted an error? Tell us.", "Fehler gefunden? Schreiben Sie uns.", "Something wrong with this page?"),
    "club": ("The {t} Club meets every Thursday at the old {x}.", "Der Verein der Freunde von {t} dankt allen."),
    "weather": ("{t} {n}°", "Heute in {t}: {n}°"),
    "donate": ("Give 5", "Spenden: 5", "Chip in 5"),
    "meter": ("You have read {n} of 9 free articles.", "Noch {n} freie Artikel", "{n} free stories left"),
}


@dataclass(frozen=True)
class DrawnPage:
    """A page of a drawn site; ``author`` is None where the page names none."""

    url: str
    html: str
    lines: tuple[Line, ...]
    author: str | None
    style: str
    boxes: frozenset[str]


def texts_of(paths: Sequence[Path]) -> list[tuple[str, list[str]]]:
    """Headlines and paragraphs of the articles in truth files (JSON lines with ``title`` and ``body``), each paragraph once."""
    seen: set[str] = set()
    found = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            one = json.loads(line)
            title = " ".join((one.get("title") or "").split())
            lines = [" ".join(text.split()) for text in (one.get("body") or "").split("\n")]
            kept = [
                text
                for text in lines
                if len(text) >= 80 and text[-1] in ".!?" and "://" not in text and text not in seen
            ]
            seen.update(kept)
            if 25 <= len(title) <= 110 and len(kept) >= 5 and not kept[0].startswith(title):
                found.append((title, kept[:8]))
    return found


def draw(
    texts: Sequence[tuple[str, list[str]]], sites: int, seed: int, boxes: Collection[str] = ()
) -> Iterator[list[DrawnPage]]:
    """*sites* sites with the pages of each, and these *boxes* alone if some are named; no text stands on two of a site's
    articles."""
    rng = random.Random(seed)
    for number in range(sites):
        yield _Site(number, rng, rng.sample(texts, rng.randint(4, 14)), boxes or tuple(BOXES)).pages()


class _Site:
    def __init__(
        self, number: int, rng: random.Random, articles: Sequence[tuple[str, list[str]]], boxes: Collection[str]
    ) -> None:
        self.host, self.articles, self.style = f"drawn{number}.example", articles, rng.choice(STYLES)
        self.seed = rng.random()
        self.names = [f"{given} {rng.choice(_FAMILY)}" for given in rng.sample(_GIVEN, rng.randint(1, 3))]
        self.chance = {box: rng.choice([0.0, 0.0, 0.5, 0.8, 1.0]) if box in boxes else 0.0 for box in BOXES}
        self.fixed = {box: rng.randint(1, 3) for box in BOXES if BOXES[box] == "amid" and rng.random() < 0.4}
        self.words = {box: rng.choice(words) for box, words in _LABELS.items()}
        self.town, self.thing = rng.choice(_TOWNS), rng.choice(_THINGS)
        self.order = rng.sample(
            [box for box in BOXES if BOXES[box] == "tail"], len([1 for box in BOXES.values() if box == "tail"])
        )
        self.subheads = rng.random() < 0.4
        self.meta = rng.random() < 0.4
        self.hashes = {
            kind: hashlib.md5(f"{number} {kind}".encode()).hexdigest()[:5] for kind in (*BOXES, "para", "subhead")
        }

    def pages(self) -> list[DrawnPage]:
        return [self.front(), *(self.page(number) for number in range(len(self.articles)))]

    def url(self, number: int) -> str:
        return f"http://{self.host}/{self.thing}/{number + 10}"

    def front(self) -> DrawnPage:
        links = "".join(
            f'<h3><a href="{self.url(at)}">{escape(title)}</a></h3>' for at, (title, _) in enumerate(self.articles)
        )
        return DrawnPage(
            f"http://{self.host}/", f"<title>{self.town} Times</title><body>{links}", (), None, self.style, frozenset()
        )

    def page(self, number: int) -> DrawnPage:
        rng = random.Random(f"{self.seed} {number}")
        title, paragraphs = self.articles[number]
        name = self.names[number % len(self.names)]
        boxes = {box for box in BOXES if rng.random() < self.chance[box]}
        lines: list[Line] = [("skip", "Skip to content")] if "skip" in boxes else []
        lines += [("site", f"{self.town} Times"), *(("menu", one) for one in ("News", "Town", "Sea"))]
        lines += [line for box in ("weather", "edition", "wire") if box in boxes for line in self.box(box, rng, number)]
        lines.append(("title", title))
        lines += [
            line
            for box in ("byname", "meter", "listen", "counter", "live", "desk", "diary", "lineup", "hear", "contents")
            if box in boxes
            for line in self.box(box, rng, number)
        ]
        places = {
            box: self.fixed.get(box) or rng.randrange(1, len(paragraphs))
            for box in sorted(boxes)
            if BOXES[box] == "amid"
        }
        for at, text in enumerate(paragraphs):
            for box in sorted(places):
                if places[box] == at:
                    lines += self.box(box, rng, number)
            if self.subheads and at == len(paragraphs) // 2:
                lines.append(
                    (
                        "subhead",
                        " ".join(
                            rng.sample([word for word in text.split() if word.isalpha()] or ["More"], 2)
                        ).capitalize(),
                    )
                )
            lines.append(("para", text))
        lines += [line for box in self.order if box in boxes for line in self.box(box, rng, number)]
        lines.append(("imprint", f"{self.town} Times Ltd, Quay {len(self.town)}"))
        named = self.meta or bool(boxes & {"byname", "signed"})
        return DrawnPage(
            self.url(number),
            self.render(title, name, lines),
            tuple(lines),
            name if named else None,
            self.style,
            frozenset(boxes),
        )

    def box(self, box: str, rng: random.Random, number: int) -> list[Line]:
        name = self.names[number % len(self.names)]
        others = [title for at, (title, _) in enumerate(self.articles) if at != number]
        if box in self.words:
            slots = {"n": rng.randint(2, 60), "m": rng.randint(10, 59), "h": rng.randint(10, 23), "t": self.town, "x": self.thing,
                     "d": f"{rng.randint(1, 28)}.{rng.randint(1, 12)}.2026"}  # fmt: skip
            first = (box, self.words[box].format(**slots))
            return [first, (box, "10"), (box, "25"), (box, "Other amount")] if box == "donate" else [first]
        made: dict[str, Callable[[], list[str]]] = {
            "byname": lambda: [f"{name} · {rng.randint(1, 28)}.{rng.randint(1, 12)}.2026"],
            "edition": lambda: [f"No. {rng.randint(100, 999)}"],
            "signed": lambda: [f"— {name}"],
            "contact": lambda: [f"Contact: {name.lower().replace(' ', '.')}@{self.host}"],
            "poll": lambda: ["Reader poll", f"Should the {rng.choice(_THINGS)} of {rng.choice(_TOWNS)} stay?", "Yes", "No", "Show result"],
            "podcast": lambda: ["Our podcast", f"Episode {rng.randint(2, 90)}: {rng.choice(_TOWNS)} by night"],
            "next": lambda: [f"Up next: {rng.choice(others)}"] if others else [],
            "gallery": lambda: [f"{rng.randint(1, 4)} / {rng.randint(5, 9)}"],
            "inline": lambda: [f"» {rng.choice(others)}"] if others else [],
            "sponsor": lambda: ["With kind support of", rng.choice(("Hanse Bank", "Nordlicht Energy", "Fisher & Sons"))],
            "quiz": lambda: ["Quiz of the day", f"Who built the {rng.choice(_THINGS)}?", rng.choice(_FAMILY), rng.choice(_FAMILY)],
            "rate": lambda: ["How good was this story?", "1", "2", "3", "4", "5"],
            "word": lambda: ["Word of the week", rng.choice(_THINGS).capitalize(), f"A {rng.choice(_THINGS)} by the {rng.choice(_THINGS)} of {rng.choice(_TOWNS)}"],
            "lineup": lambda: [f"Desk of {self.town}", f"{name}, editor", f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}, pictures"],
            "proverb": lambda: ["Saying of the day", rng.choice(_SAYINGS), f"— {rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"],
            "figures": lambda: ["In figures", f"{rng.randint(2, 98)} %", f"of {rng.choice(_TOWNS)} goes by {rng.choice(_THINGS)}"],
            "diary": lambda: ["Diary", f"{rng.randint(1, 28)} May", f"{rng.choice(_THINGS).capitalize()} day in {rng.choice(_TOWNS)}"],
            "recipe": lambda: ["Recipe of the week", f"{rng.choice(_GIVEN)}'s {rng.choice(_THINGS)} soup", f"Serves {rng.randint(2, 9)}"],
            "live": lambda: ["Live", *(f"{rng.randint(8, 20)}:{rng.randint(10, 59)} {rng.choice(_THINGS).capitalize()} in {rng.choice(_TOWNS)} shut" for _ in range(rng.randint(2, 3)))],
            "glossary": lambda: ["In plain words", f"{rng.choice(_THINGS).capitalize()}: a {rng.choice(_THINGS)} without a {rng.choice(_THINGS)}."],
            "stocks": lambda: [f"DAX {rng.randint(10, 19)}.{rng.randint(100, 999)} +{rng.randint(0, 9)},{rng.randint(10, 99)} %"],
            "table": lambda: ["Table", *(f"{at} {rng.choice(_TOWNS)} {rng.randint(20, 60)}" for at in (1, 2, 3))],
            "partners": lambda: ["Our partners this month", *rng.sample(_FIRMS, 2)],
            "hour": lambda: ["Quote of the hour", f"{rng.choice(_SAYINGS)[:-1]}, and {rng.choice(_SAYINGS).lower()}", f"— {rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"],
            "contents": lambda: ["In this article", *(" ".join(text.split()[:4]) for text in rng.sample(self.articles[number][1][1:], 3))],
            "wire": lambda: [f"+++ {rng.choice(_TOWNS)}: {rng.choice(_THINGS)} shut +++ {rng.choice(_TOWNS)}: {rng.choice(_THINGS)} open +++"],
            "coming": lambda: ["Coming up", *(f"{day} {rng.randint(1, 28)}.5. {rng.choice(_THINGS)} fair, {rng.choice(_TOWNS)}" for day in ("Mon", "Sat"))],
            "corrected": lambda: [f"Corrected {rng.randint(1, 28)}.{rng.randint(1, 12)}.2026: the {rng.choice(_THINGS)} is in {rng.choice(_TOWNS)}."],
            "lucky": lambda: ["Lucky numbers", " ".join(str(rng.randint(1, 49)) for _ in range(6))],
            "hear": lambda: ["Hear it", f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)} talks to {rng.choice(_GIVEN)} {rng.choice(_FAMILY)} about the {rng.choice(_THINGS)}"],
            "desk": lambda: [f"From our {rng.choice(_THINGS)} desk in {rng.choice(_TOWNS)}"],
            "event": lambda: ["What is on", f"{rng.randint(1, 28)} May: {rng.choice(_THINGS)} night in {rng.choice(_TOWNS)}"],
        }  # fmt: skip
        return [(box, text) for text in made.get(box, list)()]

    def render(self, title: str, name: str, lines: Sequence[Line]) -> str:
        head = f'<meta charset="utf-8"><title>{escape(title)} | {self.town} Times</title>'
        head += f'<meta name="author" content="{name}">' if self.meta else ""
        return f"<!doctype html><html><head>{head}</head><body>{self.body(lines)}</body></html>"

    def body(self, lines: Sequence[Line]) -> str:
        def each(write: Callable[[str, str], str]) -> str:
            return "".join(write(kind, escape(text)) for kind, text in lines)

        heads = {"title": "h1", "subhead": "h2"}
        match self.style:
            case "custom":
                return (
                    "<story-page>"
                    + each(
                        lambda k, t: (
                            f"<h1>{t}</h1>"
                            if k == "title"
                            else f"<story-{'p' if k in BODY else 'x'}>{t}</story-{'p' if k in BODY else 'x'}>"
                        )
                    )
                    + "</story-page>"
                )
            case "definitions":
                return "<dl>" + each(lambda k, t: f"<dt>{t}</dt>" if k in heads else f"<dd>{t}</dd>") + "</dl>"
            case "spans":
                return (
                    "<div>"
                    + each(lambda k, t: f"<h1>{t}</h1>" if k == "title" else f"<span>{t}</span><br><br>")
                    + "</div>"
                )
            case "lists":
                return (
                    "<ul>" + each(lambda k, t: f"<li><h1>{t}</h1></li>" if k == "title" else f"<li>{t}</li>") + "</ul>"
                )
            case "centred":
                return (
                    "<center>"
                    + each(
                        lambda k, t: (
                            f"<font size=6>{t}</font><p>"
                            if k == "title"
                            else f"{'<b>' if k == 'subhead' else ''}{t}{'</b>' if k == 'subhead' else ''}<p>"
                        )
                    )
                    + "</center>"
                )
            case "cards":
                return each(lambda k, t: f"<div class='card'><{heads.get(k, 'p')}>{t}</{heads.get(k, 'p')}></div>")
            case "rows":
                return each(
                    lambda k, t: (
                        f"<div class='row-{self.hashes.get(k, 'a')}'><{heads.get(k, 'div')}>{t}</{heads.get(k, 'div')}></div>"
                    )
                )
            case "asides":
                return each(
                    lambda k, t: (
                        f"<{heads.get(k, 'p')}>{t}</{heads.get(k, 'p')}>"
                        if k in BODY or k in heads
                        else f"<aside>{t}</aside>"
                    )
                )
            case "bold":
                firsts = {
                    at for at, (kind, _) in enumerate(lines) if at and kind != lines[at - 1][0] and kind not in BODY
                }
                return "".join(
                    f"<h1>{escape(text)}</h1>"
                    if kind == "title"
                    else f"<p><b>{escape(text)}</b></p>"
                    if at in firsts or kind == "subhead"
                    else f"<p>{escape(text)}</p>"
                    for at, (kind, text) in enumerate(lines)
                )
            case "columns":
                tails = {kind for kind in BOXES if BOXES[kind] == "tail"}
                left, right = (
                    "<br>".join(
                        f"<b>{escape(text)}</b>" if kind in heads else escape(text)
                        for kind, text in lines
                        if (kind in tails) == aside
                    )
                    for aside in (False, True)
                )
                return f"<table><tr><td>{left}</td><td>{right}</td></tr></table>"
            case "grid":
                return (
                    "<table>"
                    + each(lambda k, t: f"<tr><td>{f'<h1>{t}</h1>' if k == 'title' else f'<p>{t}</p>'}</td></tr>")
                    + "</table>"
                )
            case "fieldsets":
                return (
                    "<form>"
                    + each(
                        lambda k, t: (
                            f"<fieldset><legend>{t}</legend></fieldset>" if k in heads else f"<label>{t}</label><hr>"
                        )
                    )
                    + "</form>"
                )
            case _:
                return (
                    "<main>"
                    + each(
                        lambda k, t: (
                            f"<section><div><div><{heads.get(k, 'p')}>{t}</{heads.get(k, 'p')}></div></div></section>"
                        )
                    )
                    + "</main>"
                )


BOXES = {  # where each box stands
    "skip": "top", "weather": "top", "edition": "top", "byname": "head", "listen": "head", "counter": "head", "continue": "amid",
    "donate": "amid", "inline": "amid", "gallery": "amid", "poll": "tail", "podcast": "tail", "print": "tail", "updated": "tail",
    "signed": "tail", "contact": "tail", "next": "tail", "error": "tail", "club": "tail", "sponsor": "tail",
    "meter": "head", "quiz": "amid", "event": "tail", "rate": "tail", "word": "amid", "lineup": "head", "proverb": "amid",
    "figures": "amid", "diary": "head", "recipe": "amid", "live": "head", "glossary": "amid", "stocks": "amid", "table": "amid",
    "desk": "head", "partners": "amid", "hour": "amid", "contents": "head", "wire": "top", "coming": "amid", "corrected": "tail",
    "lucky": "amid", "hear": "head",
}  # fmt: skip
