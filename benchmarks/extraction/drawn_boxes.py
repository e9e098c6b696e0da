"""Sites drawn by lot around boxes as real sites have them: a label and what stands below it, in an element of their own or in none.

Beside the boxes stand look-alikes: lists, answers, dates, sources and summaries that an article's author wrote, in the same markup as
the boxes, and whose words are the article's.  `SEALED` kinds and markups were written to judge by: no rule was chosen for them; `KEPT`
ones were written later, when the sealed ones had been looked at, and `UNMET` ones after those, measured before any rule was chosen;
`LAST` kinds were never looked at.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from html import escape

from drawn_sites import DrawnPage, Line

SEALED = ("lost", "tide", "turn", "heard", "correction", "footnotes", "view", "numbers")
SEALED_STYLES = ("sections", "rows")
KEPT = (
    "listen", "dish", "roads", "flat", "mourned", "events", "crew", "quiz", "poem", "market", "word", "signatures", "podcast",
    "verdict", "profile", "next", "steps", "speakers",
)  # fmt: skip
KEPT_STYLES = ("centered", "headed")
UNMET = (
    "week", "ticker", "poll", "diary", "books", "partner", "raised", "audio", "app", "evening", "legend", "machine", "league",
    "wanted", "tip", "shop", "reported", "points", "timeline", "shares", "method", "whatis", "tracks", "pros",
)  # fmt: skip
UNMET_STYLES = ("aside", "ordered", "spans", "linked")
LAST = ("readers", "gallery", "passed")
SETS = {"work": (), "sealed": SEALED, "kept": KEPT, "unmet": UNMET, "last": (*LAST, "reported", "tracks", "whatis")}
STYLES = (
    "br",
    "cells",
    "divs",
    "bold",
    "definitions",
    "details",
    "quotes",
    "hashed",
    "lists",
    "joined",
    *SEALED_STYLES,
    *KEPT_STYLES,
    *UNMET_STYLES,
)
_GIVEN = "Alma Benno Carla Deniz Edda Felix Gudrun Hilde Igor Janna Knut Lotte".split()  # noqa: SIM905 - a table of words
_FAMILY = "Aalto Brink Corte Dahl Ekman Ferro Gruber Holm Iversen Jokinen".split()  # noqa: SIM905
_TOWNS = "Almere Bilbao Corfu Dover Evora Fulda Graz Husum Izola Kiel".split()  # noqa: SIM905
_THINGS = "kettle lantern pigeon saddle teapot violin walnut anchor blanket candle drum ladder".split()  # noqa: SIM905
_TRADES = "baker cooper glazier joiner plumber roofer sailor tailor".split()  # noqa: SIM905
_SIGNS = "Ram Bull Twins Crab Lion Scales Archer Fishes".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday".split()  # noqa: SIM905

# where each may stand; those of the article beside them
BOXES = {
    "fact": "amid tail", "sky": "top head amid", "history": "amid tail", "letter": "tail amid", "job": "amid tail", "offer": "amid tail",
    "cross": "amid tail", "photo": "head amid", "shelf": "amid tail", "scores": "amid head", "stars": "tail amid", "brand": "amid",
    "hours": "head tail", "contents": "head", "lost": "amid tail", "tide": "top amid", "turn": "amid tail", "heard": "amid",
    "listen": "head", "dish": "amid tail", "roads": "amid tail top", "flat": "amid tail", "mourned": "tail amid", "events": "amid tail",
    "crew": "head tail", "quiz": "amid tail", "poem": "tail amid", "market": "amid head", "word": "amid tail", "signatures": "amid",
    "podcast": "tail amid",
    "hammer": "amid tail", "pet": "amid tail", "ferry": "amid head", "chess": "amid tail", "choir": "tail amid", "pump": "amid",
    "week": "amid top tail", "ticker": "top amid", "poll": "amid tail", "diary": "tail amid", "books": "tail amid", "partner": "amid",
    "raised": "amid tail", "audio": "head", "app": "tail amid", "evening": "amid tail", "legend": "amid", "machine": "head tail",
    "league": "amid head", "wanted": "tail amid", "tip": "amid tail", "shop": "amid tail",
    "readers": "head amid", "gallery": "amid tail", "passed": "tail amid",
}  # fmt: skip
LOOK_ALIKES = {
    "amounts": "amid", "answers": "amid", "dates": "amid", "short": "head", "lead": "head", "signoff": "tail", "sources": "tail",
    "correction": "tail", "footnotes": "tail", "view": "tail", "numbers": "amid",
    "verdict": "tail", "profile": "amid", "next": "amid", "steps": "amid", "speakers": "amid",
    "spec": "amid", "cast": "amid", "years": "amid", "asked": "amid", "grades": "amid", "where": "tail",
    "reported": "tail", "points": "head", "timeline": "amid", "shares": "amid", "method": "tail", "whatis": "amid", "tracks": "amid",
    "pros": "amid",
}  # fmt: skip
_OPEN = [kind for kind in (*BOXES, *LOOK_ALIKES) if kind not in (*SEALED, *KEPT, *UNMET, *LAST)]
_LABELS = {
    "fact": ("Did you know?", "Wussten Sie das?", "One more fact"), "sky": ("Tomorrow's sky", "Der Himmel morgen"),
    "history": ("On this day", "Heute vor Jahren"), "letter": ("A letter to us", "Post an uns"), "job": ("Job of the week", "Stelle der Woche"),
    "cross": ("Crossword", "Rätsel"), "photo": ("Picture of the day", "Bild des Tages"), "shelf": ("From our shelves", "Aus dem Regal"),
    "scores": ("Results", "Ergebnisse"), "stars": ("Your stars", "Die Sterne"), "brand": ("Kite Airways", "Hanse Bank"),
    "contents": ("On this page", "Auf dieser Seite"), "lost": ("Lost and found", "Fundsachen"), "turn": ("Your turn", "Jetzt du"),
    "heard": ("Heard on the bus", "Im Bus gehört"), "amounts": ("Ingredients", "Zutaten"), "short": ("In short", "Kurz gefasst"),
    "view": ("Our view", "Unsere Meinung"), "numbers": ("In numbers", "In Zahlen"),
    "listen": ("Listen to this story", "Zum Anhören"), "dish": ("Dish of the day", "Tagesteller"), "roads": ("On the roads", "Auf den Straßen"),
    "flat": ("Flat of the week", "Wohnung der Woche"), "mourned": ("In memory", "Wir trauern"), "events": ("What's on", "Termine"),
    "quiz": ("Test yourself", "Wissen Sie es?"), "poem": ("Poem of the week", "Vers der Woche"), "market": ("Market prices", "Marktpreise"),
    "word": ("Word of the week", "Wort der Woche"), "signatures": ("Your signature", "Ihre Stimme zählt"),
    "podcast": ("On air", "Im Gespräch"), "verdict": ("The verdict", "Fazit"), "profile": ("At a glance", "Auf einen Blick"),
    "next": ("What comes next", "Wie es weitergeht"), "steps": ("How it works", "So geht es"),
    "hammer": ("Under the hammer", "Unter dem Hammer"), "pet": ("Pet of the week", "Tier der Woche"), "ferry": ("Ferries today", "Fähren heute"),
    "chess": ("Chess", "Schach"), "choir": ("Sing with us", "Singen Sie mit"), "pump": ("At the pump", "An der Zapfsäule"),
    "spec": ("The facts", "Die Fakten"), "cast": ("Who is who", "Wer ist wer"), "years": ("How it came about", "Wie es dazu kam"),
    "grades": ("Our marks", "Unsere Noten"),
    "week": ("The week's weather", "El tiempo", "Pogoda"), "poll": ("Poll", "Umfrage der Woche", "Encuesta", "读者调查"),
    "diary": ("Diary", "Agenda", "Kalender"), "books": ("By the same author", "Del mismo autor", "Vom selben Autor"),
    "partner": ("From our partner's kitchen", "Aus der Küche unserer Partner", "Tarifler"),
    "raised": ("The campaign so far", "Spendenstand", "Ya recaudado"), "evening": ("Tonight on television", "Heute im Fernsehen", "今晚电视"),
    "legend": ("Legend", "Légende", "Legende"), "league": ("Live", "Direct", "Liveticker"), "wanted": ("Jobs", "Stellenmarkt", "İş ilanları"),
    "tip": ("Tip of the day", "Conseil du jour", "Dica do dia"), "shop": ("Our choice", "Unsere Empfehlung"),
    "reported": ("How we reported this", "So haben wir recherchiert"), "points": ("Key points", "Das Wichtigste", "Lo esencial"),
    "timeline": ("Timeline", "Chronologie"), "shares": ("The result", "Das Ergebnis"), "method": ("Method", "Methode"),
    "whatis": ("What is it?", "Was ist das?"), "tracks": ("The album", "Das Album"), "pros": ("For and against", "Dafür und dagegen"),
    "gallery": ("Gallery", "Bildergalerie"), "passed": ("Obituaries", "Traueranzeigen", "Obituarios"),
}  # fmt: skip


def draw_boxes(texts: Sequence[tuple[str, list[str]]], sites: int, seed: int, which: str) -> Iterator[list[DrawnPage]]:
    """*sites* sites with the pages of each, with the kinds and markups of one set (`SETS`)."""
    rng = random.Random(f"boxes {seed}")
    kinds = [kind for kind in (*BOXES, *LOOK_ALIKES) if kind in (SETS[which] or _OPEN)]
    later = {
        "work": (*SEALED_STYLES, *KEPT_STYLES, *UNMET_STYLES),
        "sealed": (*KEPT_STYLES, *UNMET_STYLES),
        "kept": UNMET_STYLES,
    }
    closed = later.get(which, ())
    styles = [style for style in STYLES if style not in closed]
    for number in range(sites):
        articles = rng.sample(texts, rng.randint(4, 14))
        yield _Site(number, rng, articles, kinds, styles[number % len(styles)]).pages()


class _Site:
    def __init__(
        self,
        number: int,
        rng: random.Random,
        articles: Sequence[tuple[str, list[str]]],
        kinds: Sequence[str],
        style: str,
    ) -> None:
        self.host, self.articles, self.style, self.seed = f"boxes{number}.example", articles, style, rng.random()
        self.town, self.name = rng.choice(_TOWNS), f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"
        places = {**BOXES, **LOOK_ALIKES}
        boxes, others = ([kind for kind in kinds if kind in own] for own in (BOXES, LOOK_ALIKES))
        drawn = [*rng.sample(boxes, min(len(boxes), rng.randint(2, 5))), *rng.sample(others, rng.randint(0, 3))]
        self.chance = {kind: rng.choice((0.5, 0.8, 1.0)) for kind in drawn}
        self.place = {kind: rng.choice(places[kind].split()) for kind in kinds}
        self.fixed = {kind: rng.randint(1, 3) for kind in kinds if rng.random() < 0.4}
        self.order = rng.sample(drawn, len(drawn))
        self.label = {
            kind: rng.choice(labels)
            for kind, labels in _LABELS.items()
            if kind not in (*KEPT, *UNMET, *LAST) or kind in kinds
        }
        self.subheads = rng.random() < 0.4
        self.hashes = {
            kind: "css-" + hashlib.md5(f"{number} {kind}".encode()).hexdigest()[:6]
            for kind in (*places, "para", "subhead", "byline", "site", "menu", "imprint")
        }

    def url(self, number: int) -> str:
        return f"http://{self.host}/story/{number + 10}"

    def pages(self) -> list[DrawnPage]:
        links = "".join(
            f'<h3><a href="{self.url(at)}">{escape(title)}</a></h3>' for at, (title, _) in enumerate(self.articles)
        )
        front = f"<title>{self.town} Mirror</title><body>{links}"
        return [
            DrawnPage(f"http://{self.host}/", front, (), None, self.style, frozenset()),
            *map(self.page, range(len(self.articles))),
        ]

    def page(self, number: int) -> DrawnPage:
        rng = random.Random(f"{self.seed} {number}")
        title, paragraphs = self.articles[number]
        words = [word.strip(".,;:!?\"'()“”„»«") for text in paragraphs for word in text.split()]
        words = sorted({word for word in words if len(word) > 5 and word.isalpha()}) or ["harbour", "council"]
        here = [kind for kind in self.order if rng.random() < self.chance[kind]]
        parts: dict[str, list[list[Line]]] = {"top": [], "head": [], "tail": []}
        amid: dict[int, list[list[Line]]] = {}
        for kind in here:
            lines = self.lines(kind, rng, words, paragraphs)
            if self.place[kind] == "amid":
                at = min(len(paragraphs) - 1, self.fixed.get(kind) or rng.randrange(1, len(paragraphs)))
                amid.setdefault(at, []).append(lines)
            else:
                parts[self.place[kind]].append(lines)
        groups: list[list[Line]] = [
            [("site", f"{self.town} Mirror")],
            *([("menu", one)] for one in ("News", "Sport", "Stage")),
        ]
        groups += parts["top"]
        groups += [[("title", title)], [("byline", f"By {self.name}, {rng.randint(1, 28)} May 2026")]]
        groups += sorted(parts["head"], key=lambda lines: lines[0][0] == "lead")
        for at, text in enumerate(paragraphs):
            groups += amid.get(at, [])
            if self.subheads and at == len(paragraphs) // 2:
                groups.append([("subhead", f"{rng.choice(words).capitalize()} and {rng.choice(words)}")])
            groups.append([("para", text)])
        tails = parts["tail"]
        groups += [one for one in tails if self._is_of_article(one)] + [
            one for one in tails if not self._is_of_article(one)
        ]
        groups.append([("imprint", f"{self.town} Mirror Ltd, Quay {len(self.town)}")])
        lines = tuple(line for group in groups for line in group)
        head = f'<meta charset="utf-8"><title>{escape(title)} | {self.town} Mirror</title>'
        html = f"<!doctype html><html><head>{head}</head><body>{self.render(groups)}</body></html>"
        return DrawnPage(self.url(number), html, lines, self.name, self.style, frozenset(here))

    @staticmethod
    def _is_of_article(group: Sequence[Line]) -> bool:
        return group[0][0] in LOOK_ALIKES

    def lines(self, kind: str, rng: random.Random, words: Sequence[str], paragraphs: Sequence[str]) -> list[Line]:
        pick: Callable[[Sequence[str]], str] = rng.choice
        town, thing, name = (lambda: pick(_TOWNS)), (lambda: pick(_THINGS)), f"{pick(_GIVEN)} {pick(_FAMILY)}"

        def of(count: int) -> str:
            return " ".join(rng.sample(words, min(count, len(words))))

        made: dict[str, Callable[[], list[str]]] = {
            "fact": lambda: [f"A {thing()} from {town()} weighs as much as {rng.randint(2, 90)} ordinary {thing()}s filled with sand."],
            "sky": lambda: [f"{town()} {rng.randint(2, 30)}° and wind from the {pick(('north', 'south', 'west'))}", f"{town()} {rng.randint(2, 30)}°"],
            "history": lambda: [f"{rng.randint(1800, 1990)}: The first {thing()} maker of {town()} opens a workshop beside the old {thing()}."],
            "letter": lambda: [f"Nobody in {town()} needs another {thing()}, and your page says nothing of it to anyone.", f"— {name}, {town()}"],
            "job": lambda: [f"A {pick(_TRADES)} is wanted in {town()}, {rng.randint(9, 40)} hours a week, own {thing()} welcome."],
            "offer": lambda: [f"{thing().capitalize()} set for {rng.randint(9, 99)},99", f"In shops from {rng.randint(1, 28)} May"],
            "cross": lambda: [f"{rng.randint(4, 9)} letters: a {thing()} without a {thing()}"],
            "photo": lambda: [f"Morning light on a {thing()} in {town()}, found by {name} on the way to work."],
            "shelf": lambda: [f"{name}: The {thing()} of {town()}", f"{rng.randint(90, 600)} pages"],
            "scores": lambda: [f"{town()} – {town()} {rng.randint(0, 4)}:{rng.randint(0, 4)}" for _ in range(3)],
            "stars": lambda: [f"{sign}: A fine day to buy a {thing()}, a poor one to lend a {thing()} to {pick(_GIVEN)}." for sign in rng.sample(_SIGNS, 2)],
            "brand": lambda: [f"Fly your {thing()} to {town()} and sleep as soundly as a {thing()} on the way there."],
            "contents": lambda: [" ".join(text.split()[:5]) for text in paragraphs[1:4]],
            "lost": lambda: [f"Grey {thing()} left near the station of {town()} on {pick(_DAYS)} evening, owner please call.", f"Found: one {thing()}, slightly bent."],
            "turn": lambda: [f"Would you trade your own {thing()} for a {thing()} from {town()}?", "Gladly", "Never"],
            "heard": lambda: [f"“My {thing()} is older than this whole bus, and it still goes to {town()} twice a year.”"],
            "amounts": lambda: [f"{rng.randint(1, 9)}00 g {pick(words)}" for _ in range(4)],
            "short": lambda: [f"{of(6).capitalize()}." for _ in range(3)],
            "view": lambda: [f"We think that {of(4)} is about {of(4)}, and {of(3)} with it."],
            "numbers": lambda: [f"{rng.randint(2, 90)} {of(2)}" for _ in range(3)],
            "listen": lambda: [f"{rng.randint(2, 19)} min {rng.randint(10, 59)} sec, read by {name}"],
            "dish": lambda: [f"{thing().capitalize()} soup with a {thing()} at the Golden {thing().capitalize()} in {town()}, {rng.randint(9, 20)}.50"],
            "roads": lambda: [f"A{rng.randint(1, 9)} {town()}–{town()}: {rng.randint(2, 20)} km of traffic, please allow {rng.randint(10, 60)} minutes more" for _ in range(2)],
            "flat": lambda: [f"{rng.randint(1, 5)} rooms in {town()}, {rng.randint(30, 120)} m², {rng.randint(500, 2000)} a month, with own {thing()}."],
            "mourned": lambda: [f"{pick(_GIVEN)} {pick(_FAMILY)}, {rng.randint(1925, 1960)}–2026" for _ in range(2)],
            "events": lambda: [f"{pick(_DAYS)}, {rng.randint(15, 21)}:00: {thing().capitalize()} evening at the {thing()} hall of {town()}" for _ in range(2)],
            "quiz": lambda: [f"How many {thing()}s does it take to fill the harbour of {town()} to its brim?", *(f"{letter}) {rng.randint(10, 900)}" for letter in "abc")],
            "poem": lambda: [f"O {thing()}, my {thing()}, {line}" for line in ("how far is the shore,", "how cold is the floor,", "I sail you no more.")] + [f"— {name}"],
            "market": lambda: [f"{one.capitalize()} {rng.randint(1, 90)}.{rng.randint(10, 99)} ({rng.choice('+-')}{rng.randint(1, 9)}.{rng.randint(10, 99)})" for one in rng.sample(_THINGS, 3)],
            "word": lambda: [f"{thing().capitalize()}: what a {pick(_TRADES)} of {town()} calls a {thing()} that no longer fits its {thing()}."],
            "signatures": lambda: [f"{rng.randint(1, 4)},{rng.randint(100, 999)} of 5,000 people have signed for a new {thing()} in {town()}, {name} among them."],
            "podcast": lambda: [f"{name} talks to a {pick(_TRADES)} from {town()} about {thing()}s and about the last {thing()} of its kind."],
            "verdict": lambda: [f"So {of(4)} is more than {of(4)}, and {of(3)} stays {of(2)}."],
            "profile": lambda: [f"{one}: {of(3)}" for one in ("Place", "Begun", "Members")],
            "next": lambda: [f"Whether {of(4)} means {of(4)} is to be told when {of(3)} comes to {of(2)}."],
            "steps": lambda: [f"{number}. {of(5).capitalize()}." for number in (1, 2, 3)],
            "hammer": lambda: [f"Lot: a {thing()} and a {thing()}", f"Bid: {rng.randint(5, 900)}", f"Until: {pick(_DAYS)}"],
            "pet": lambda: [f"Name: {pick(_GIVEN)}", f"Kind: {thing()} pigeon", f"Age: {rng.randint(2, 15)}"],
            "ferry": lambda: [f"{town()}–{town()}: {rng.randint(6, 22)}:{rng.randint(10, 59)}" for _ in range(rng.randint(2, 4))],
            "chess": lambda: [f"White to move and to win a {thing()} in {rng.randint(2, 6)} moves, {name} against {pick(_FAMILY)}."],
            "choir": lambda: [f"The choir of {town()} seeks a {pick(_TRADES)} who can hold a {thing()} and a note at once.", f"{pick(_DAYS)}, {rng.randint(17, 21)}:00"],
            "pump": lambda: [f"{one} {rng.randint(1, 2)}.{rng.randint(100, 999)}" for one in ("Diesel", "Super", "Gas")],
            "spec": lambda: [f"Where: {of(3)}", f"When: {rng.randint(1, 28)} May", f"How: {of(2)}", f"Cost: {rng.randint(2, 90)}"],
            "cast": lambda: [f"{pick(_GIVEN)} {pick(_FAMILY)}: {of(3)}" for _ in range(3)],
            "years": lambda: [f"{rng.randint(1950, 2020)}: {of(5)}." for _ in range(3)],
            "grades": lambda: [f"{one}: {rng.randint(1, 5)} of 5, {of(2)}" for one in ("Story", "Sound", "Pictures")],
            "week": lambda: [f"{day[:3]} {rng.randint(10, 30)}° / {rng.randint(-3, 9)}°" for day in _DAYS[:4]],
            "poll": lambda: [f"Should {town()} buy itself a {thing()}?", f"Yes {rng.randint(20, 80)} %", f"No {rng.randint(20, 80)} %", f"{rng.randint(90, 900)} have voted"],
            "diary": lambda: [f"{rng.randint(1, 28)} May – {thing().capitalize()} market, {town()}" for _ in range(rng.randint(2, 4))],
            "books": lambda: [f"A {thing()} for {pick(_GIVEN)} ({rng.randint(1990, 2025)}), {rng.randint(9, 30)}.90" for _ in range(2)],
            "partner": lambda: [f"{thing().capitalize()} stew as in {town()}", f"{rng.randint(15, 90)} min · {rng.randint(2, 8)} servings"],
            "raised": lambda: [f"{rng.randint(2, 19)},{rng.randint(100, 999)} of 20,000 for the {thing()} of {town()}"],
            "evening": lambda: [f"{hour}:15 The {thing()} of {town()} (channel {rng.randint(1, 9)})" for hour in (20, 21, 22)],
            "legend": lambda: [f"■ {thing()}s", f"▲ {thing()}s of {town()}", f"● {town()}"],
            "league": lambda: [f"{town()} {rng.randint(0, 5)} {town()} {rng.randint(0, 5)} {rng.randint(1, 90)}'" for _ in range(rng.randint(1, 3))],
            "wanted": lambda: [f"{pick(_TRADES).capitalize()} (m/f/d), {town()}, {rng.randint(20, 60)},000" for _ in range(3)],
            "tip": lambda: [f"Never lend a {thing()} to a {pick(_TRADES)}. Wrap it in a {thing()} first, and leave both in {town()} until {pick(_DAYS)}."],
            "shop": lambda: [f"{thing().capitalize()} by {pick(_FAMILY)}, from {rng.randint(9, 99)}.99" for _ in range(2)],
            "gallery": lambda: [f"{rng.randint(4, 40)} pictures: {thing()}s of {town()}"],
            "passed": lambda: [f"† {pick(_GIVEN)} {pick(_FAMILY)} ({rng.randint(60, 99)}), {town()}" for _ in range(rng.randint(1, 3))],
            "reported": lambda: [f"For this text we asked {rng.randint(3, 30)} people about {of(4)} and looked at {of(4)}."],
            "points": lambda: [f"{of(7).capitalize()}." for _ in range(3)],
            "timeline": lambda: [f"{rng.randint(1, 28)} May: {of(6).capitalize()}." for _ in range(3)],
            "shares": lambda: [f"{of(2).capitalize()}: {rng.randint(2, 90)} %" for _ in range(3)],
            "method": lambda: [f"Asked were {rng.randint(500, 3000)} people about {of(3)}; {of(3)} was weighted by {of(2)}."],
            "whatis": lambda: [f"By {of(2)} one means {of(4)} together with {of(4)}, or {of(2)} alone."],
            "tracks": lambda: [f"{number}. {of(2).capitalize()} ({rng.randint(2, 6)}:{rng.randint(10, 59)})" for number in (1, 2, 3)],
            "pros": lambda: [f"+ {of(4)}", f"+ {of(3)}", f"– {of(4)}"],
        }  # fmt: skip
        whole: dict[str, Callable[[], list[Line]]] = {
            "asked": lambda: [("asked", f"{mark}: {of(7).capitalize()}{end}") for mark, end in (("Question", "?"), ("Answer", ".")) * 2],
            "where": lambda: [("where", f"Address: {of(2)} {rng.randint(1, 99)}, {of(1)}")],
            "hours": lambda: [("hours", f"Desk open {rng.randint(7, 10)} to {rng.randint(15, 20)}, not on {pick(_DAYS)}")],
            "tide": lambda: [("tide", f"High water {town()} {rng.randint(1, 11)}:{rng.randint(10, 59)} · {town()} {rng.randint(1, 11)}:{rng.randint(10, 59)}")],
            "answers": lambda: [("answers", f"What does {of(3)} mean?"), ("answers", f"It means that {of(5)} and {of(4)} belong together.")],
            "dates": lambda: [("dates", f"{rng.randint(1, 28)} June {rng.randint(1990, 2025)}"), ("dates", f"{of(5).capitalize()} with {of(4)}.")],
            "lead": lambda: [("lead", f"{of(5).capitalize()}, and {of(6)} beside it.")],
            "signoff": lambda: [("signoff", f"That was {of(3)}. Until next {pick(_DAYS)}, dear readers.")],
            "sources": lambda: [("sources", f"Sources: {of(2)}, {of(3)}")],
            "correction": lambda: [("correction", f"Correction: an earlier version of this text said {of(3)} instead of {of(4)}.")],
            "footnotes": lambda: [("footnotes", f"{number} {of(5).capitalize()}.") for number in (1, 2)],
            "crew": lambda: [("crew", f"Today's page was made by {name} and {pick(_GIVEN)} {pick(_FAMILY)} in {town()}")],
            "ticker": lambda: [("ticker", f"{one} {rng.randint(900, 20000)} {rng.choice('+-')}{rng.randint(0, 4)}.{rng.randint(1, 9)} %") for one in ("DAX", "Dow", "Nikkei")],
            "audio": lambda: [("audio", f"Audio · {rng.randint(2, 19)}:{rng.randint(10, 59)} · read by a machine")],
            "app": lambda: [("app", f"Take the {self.town} Mirror along: our app, {rng.randint(3, 4)}.{rng.randint(1, 9)} ★ of {rng.randint(100, 999)} readers")],
            "machine": lambda: [("machine", f"A machine read these {rng.randint(200, 900)} words first and a person after it.")],
            "readers": lambda: [("readers", f"{rng.randint(20, 900)} are here with you now")],
            "speakers": lambda: [("speakers", f"{who}: {of(5).capitalize()}{end}") for who, end in (("Mirror", "?"), (name, ".")) * 2],
        }  # fmt: skip
        if kind in whole:
            return whole[kind]()
        labelled = [self.label[kind]] if kind in self.label else []
        return [(kind, text) for text in (*labelled, *made[kind]())]

    def render(self, groups: Sequence[Sequence[Line]]) -> str:
        return "".join(self.group(group) for group in groups)

    def group(self, group: Sequence[Line]) -> str:
        """One paragraph, or a label with what stands below it, in the markup of the site."""
        kind, texts = group[0][0].removesuffix(""), [escape(text) for _, text in group]
        if kind == "title":
            return f"<h1>{texts[0]}</h1>"
        box, first, rest = kind in BOXES or kind in LOOK_ALIKES, texts[0], texts[1:]
        bold = f"<b>{first}</b>" if rest or kind in {"subhead", "lead"} else first
        lines = "".join(f"<p>{text}</p>" for text in rest)
        match self.style:
            case "br":
                return "".join(f"{text}<br><br>" for text in texts)
            case "cells":
                cells = "".join(f"<tr><td>{text}</td></tr>" for text in texts)
                return f"<table>{cells}</table>" if box else f"<table><tr><td>{bold}</td></tr></table>"
            case "divs":
                return f"<div><p>{first}</p>{lines}</div>" if box else f"<p>{bold}</p>"
            case "definitions" if rest:
                return f"<dl><dt>{first}</dt>{''.join(f'<dd>{text}</dd>' for text in rest)}</dl>"
            case "details" if rest:
                return f"<details open><summary>{first}</summary>{lines}</details>"
            case "quotes" if rest:
                return f"<blockquote>{bold}{lines}</blockquote>"
            case "hashed":
                inside = "".join(f"<div>{text}</div>" for text in texts) if rest else first
                return f'<div class="{self.hashes[kind]}">{inside}</div>'
            case "lists" if rest:
                return f"<div><h4>{first}</h4><ul>{''.join(f'<li>{text}</li>' for text in rest)}</ul></div>"
            case "joined" if rest:
                return f"<p>{bold}<br>{'<br>'.join(rest)}</p>"
            case "sections":
                return f"<section><header>{first}</header>{lines}</section>" if rest else f"<p>{bold}</p>"
            case "centered":
                return "".join(f"<center>{text}</center>" for text in (bold, *rest)) if box else f"<p>{bold}</p>"
            case "headed":
                return f"<h5>{first}</h5>{lines}" if rest else f"<p>{bold}</p>"
            case "aside" if box:
                return f"<aside><h4>{first}</h4>{lines}</aside>" if rest else f"<aside>{first}</aside>"
            case "ordered" if rest:
                return f"<p><strong>{first}</strong></p><ol>{''.join(f'<li>{text}</li>' for text in rest)}</ol>"
            case "spans" if box:
                return f"<div>{'<br>'.join(f'<span>{text}</span>' for text in texts)}</div>"
            case "linked" if rest and kind in BOXES:
                linked = "".join(f'<p><a href="/go/{len(text)}">{text}</a></p>' for text in rest)
                return f"<p>{bold}</p>{linked}"
            case "rows":
                return f"<div>{'<hr>'.join(texts)}</div><hr>"
            case _:
                return f"<p>{bold}</p>{lines}"
