"""A made-up news site of 25 articles in four kinds of markup: what a reader must get out of each page is known.

``honest``  WordPress-like classes that say what things are
``plain``   few classes, ordinary elements
``hashed``  divisions only, class names of a build tool
``flat``    everything a ``<p>``, siblings in one division

Every page: the headline repeated twice as caption (with and without full stop), a biography after the text, a comment
form, a misspelt heading over related headlines with teasers cut off, a list of what is most read, a copyright line.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape

KINDS = ("honest", "plain", "hashed", "flat")
AUTHORS = (
    ("Mara Quill", "Mara Quill covers the harbour and the town council. She lives by the sea with two dogs and writes on weekends."),
    ("Tobias Fenn", "Tobias Fenn has written about schools, roads and budgets for twelve years. Before that he was a bus driver."),
    ("Ines Okafor", "Ines Okafor is a reporter for science and weather. Her first book is about rain, her second about snow."),
)  # fmt: skip
_WHO = ("the council", "a group of parents", "the ferry company", "the museum", "the new owner", "a retired teacher", "the fire brigade",
        "the mayor", "a local bakery", "the river authority", "the school board", "the orchestra", "a farmer from the north", "the hospital")  # fmt: skip
_DID = ("has announced", "wants to rebuild", "will close", "presented", "defended", "has found", "is looking for", "returned", "voted on",
        "complained about", "measured", "opened", "paid for", "postponed")  # fmt: skip
_WHAT = ("the old bridge", "a plan for the market square", "three hundred letters", "the winter timetable", "the roof of the library", "a new well",
         "the budget of next year", "an unusual discovery", "the lighthouse", "the night bus", "a collection of maps", "the swimming hall")  # fmt: skip
_WHEN = ("on Monday", "after a long debate", "for the first time since 1988", "despite the rain", "within two weeks", "late in the evening",
         "before the summer", "at short notice", "to the surprise of many", "without giving a reason")  # fmt: skip
_MORE = ("The costs are put at {n} thousand crowns, most of which will come from the region.",
         "Nobody was hurt, but {n} households were without water until noon.",
         "“We have waited {n} years for this,” said a neighbour who did not want to be named.",
         "Of the {n} people who were asked, a little more than half were in favour.",
         "A first attempt had failed {n} months ago because of a missing signature.",
         "The work is to begin in the coming weeks, and it will take at least {n} days.",
         "Experts had warned of exactly that in a report of {n} pages.",
         "How many of the {n} seats will stay is not yet decided.")  # fmt: skip


@dataclass(frozen=True)
class Story:
    """An article, and what the page around it holds."""

    number: int
    title: str
    author: str
    biography: str
    paragraphs: tuple[str, ...]
    date: str

    @property
    def path(self) -> str:
        return f"/2026/{self.title.lower().replace(' ', '-')}.html"

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def stories(count: int = 25, seed: int = 7) -> list[Story]:
    """The articles: no two have a paragraph in common."""
    rng = random.Random(seed)
    return [_story(number, rng) for number in range(count)]


def _sentence(rng: random.Random) -> str:
    return f"{rng.choice(_WHO)} {rng.choice(_DID)} {rng.choice(_WHAT)} {rng.choice(_WHEN)}"


def _story(number: int, rng: random.Random) -> Story:
    title = f"{rng.choice(_WHO)} {rng.choice(_DID)} {rng.choice(_WHAT)} no {number + 2}"
    title = title[0].upper() + title[1:]
    paragraphs = []
    for part in range(rng.randint(5, 9)):
        sentences = []
        for _ in range(rng.randint(2, 4)):
            one = _sentence(rng)
            sentences.append(f"{one[0].upper()}{one[1:]}.")
            if rng.random() < 0.6:
                sentences.append(rng.choice(_MORE).format(n=rng.randint(3, 900)))
        rng.shuffle(sentences)
        paragraphs.append(
            " ".join(sentences) + (f" This is what is known of matter {number}-{part}." if part == 0 else "")
        )
    author, biography = AUTHORS[number % 3]
    return Story(number, title, author, biography, tuple(paragraphs), f"2026-03-{number % 28 + 1:02d}")


def cut_off(text: str, length: int = 90) -> str:
    """The beginning of *text* as a teaser has it."""
    return text[:length].rsplit(" ", 1)[0] + "..."


@dataclass(frozen=True)
class Furniture:
    """A block of a page that is not its body, and the roles that are right for it."""

    text: str
    roles: frozenset[str]


def furniture(story: Story, site: list[Story]) -> list[Furniture]:
    """What stands on the page of *story* around its text, in the order of the page."""

    def roles(*names: str) -> frozenset[str]:
        return frozenset(names)

    related = [site[(story.number + step) % len(site)] for step in (3, 7, 11, 12)]
    found = [
        Furniture(story.title, roles("headline")),
        Furniture(f"By {story.author}", roles("byline")),
        Furniture(f"Published {story.date}", roles("dateline")),
        Furniture(story.title, roles("caption", "headline")),
        Furniture(f"{story.title}.", roles("caption", "headline")),
        Furniture(story.biography, roles("author_bio")),
        Furniture("Leave a Reply", roles("comment_form", "comment")),
        Furniture(
            "Your email address will not be published. Required fields are marked *", roles("comment_form", "comment")
        ),
        Furniture("Related Articels", roles("related")),
    ]
    for other in related:
        found.append(Furniture(other.title, roles("related")))
        found.append(Furniture(cut_off(other.paragraphs[0]), roles("related")))
    found.append(Furniture("Most Read", roles("most_read")))
    found += [Furniture(other.title, roles("most_read")) for other in site[2:7]]
    found.append(Furniture("© 2026 The Daily Harbour. All rights reserved.", roles("footer")))
    return found


def page(story: Story, site: list[Story], kind: str) -> str:
    """The HTML of *story* in the markup of *kind*."""
    related = [site[(story.number + step) % len(site)] for step in (3, 7, 11, 12)]
    write = {"honest": _honest, "plain": _plain, "hashed": _hashed, "flat": _flat}[kind]
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(story.title)} - The Daily Harbour</title></head>'
        f"<body>{write(story, related, site[2:7])}</body></html>"
    )


def _image(story: Story) -> str:
    return f'<img src="/img/{story.number}.jpg" alt="" width="800" height="500">'


def _honest(story: Story, related: list[Story], popular: list[Story]) -> str:
    text = "".join(f"<p>{escape(one)}</p>" for one in story.paragraphs)
    teasers = "".join(
        f'<div class="related-item"><h4><a href="{one.path}">{escape(one.title)}</a></h4><p class="excerpt">{escape(cut_off(one.paragraphs[0]))}</p></div>'
        for one in related
    )
    most = "".join(f'<li><a href="{one.path}">{escape(one.title)}</a></li>' for one in popular)
    return f"""<header class="site-header"><nav class="main-nav"><ul><li><a href="/">Home</a></li><li><a href="/town">Town</a></li><li><a href="/sea">Sea</a></li></ul></nav></header>
<main><article class="post"><header class="entry-header"><h1 class="entry-title">{escape(story.title)}</h1>
<p class="byline">By {story.author}</p><p class="date">Published {story.date}</p></header>
<figure class="wp-caption">{_image(story)}<figcaption class="wp-caption-text">{escape(story.title)}</figcaption></figure>
<figure class="wp-caption">{_image(story)}<figcaption class="wp-caption-text">{escape(story.title)}.</figcaption></figure>
<div class="entry-content">{text}</div>
<div class="author-box"><p class="author-bio">{escape(story.biography)}</p></div></article>
<section id="comments" class="comments-area"><h3>Leave a Reply</h3><form class="comment-form"><p>Your email address will not be published. Required fields are marked *</p></form></section>
<aside class="related-posts"><h3>Related Articels</h3>{teasers}</aside>
<aside class="most-read"><h3>Most Read</h3><ol>{most}</ol></aside></main>
<footer class="site-footer"><p>© 2026 The Daily Harbour. All rights reserved.</p></footer>"""


def _plain(story: Story, related: list[Story], popular: list[Story]) -> str:
    text = "".join(f"<p>{escape(one)}</p>" for one in story.paragraphs)
    teasers = "".join(
        f'<h4><a href="{one.path}">{escape(one.title)}</a></h4><p>{escape(cut_off(one.paragraphs[0]))}</p>'
        for one in related
    )
    most = "".join(f'<li><a href="{one.path}">{escape(one.title)}</a></li>' for one in popular)
    return f"""<div><a href="/">Home</a> <a href="/town">Town</a> <a href="/sea">Sea</a></div>
<div class="wrap"><h1>{escape(story.title)}</h1><p>By {story.author}</p><p>Published {story.date}</p>
<div>{_image(story)}<p>{escape(story.title)}</p></div><div>{_image(story)}<p>{escape(story.title)}.</p></div>
{text}<p>{escape(story.biography)}</p>
<h3>Leave a Reply</h3><p>Your email address will not be published. Required fields are marked *</p>
<h3>Related Articels</h3>{teasers}<h3>Most Read</h3><ul>{most}</ul>
<p>© 2026 The Daily Harbour. All rights reserved.</p></div>"""


def _hashed(story: Story, related: list[Story], popular: list[Story]) -> str:
    text = "".join(f'<div class="x9f3a">{escape(one)}</div>' for one in story.paragraphs)
    teasers = "".join(
        f'<div class="q81kd"><div class="z00p1"><a href="{one.path}">{escape(one.title)}</a></div><div class="m3k2j">{escape(cut_off(one.paragraphs[0]))}</div></div>'
        for one in related
    )
    most = "".join(f'<div class="z00p1"><a href="{one.path}">{escape(one.title)}</a></div>' for one in popular)
    return f"""<div class="a1b2c"><div class="k2l1"><a href="/">Home</a></div><div class="k2l1"><a href="/town">Town</a></div><div class="k2l1"><a href="/sea">Sea</a></div></div>
<div class="d4e5f"><div class="t7t7t">{escape(story.title)}</div><div class="u5u5">By {story.author}</div><div class="u5u5">Published {story.date}</div>
<div class="i8i8">{_image(story)}<div class="c3c3">{escape(story.title)}</div></div><div class="i8i8">{_image(story)}<div class="c3c3">{escape(story.title)}.</div></div>
<div class="b6b6">{text}<div class="x9f3a">{escape(story.biography)}</div></div>
<div class="r1r1"><div class="h0h0">Leave a Reply</div><div class="x9f3a">Your email address will not be published. Required fields are marked *</div></div>
<div class="r1r1"><div class="h0h0">Related Articels</div>{teasers}</div><div class="r1r1"><div class="h0h0">Most Read</div>{most}</div>
<div class="f2f2">© 2026 The Daily Harbour. All rights reserved.</div></div>"""


def _flat(story: Story, related: list[Story], popular: list[Story]) -> str:
    lines = [
        '<a href="/">Home</a> <a href="/town">Town</a> <a href="/sea">Sea</a>',
        escape(story.title),
        f"By {story.author}",
        f"Published {story.date}",
        _image(story),
        escape(story.title),
        _image(story),
        f"{escape(story.title)}.",
        *(escape(one) for one in story.paragraphs),
        escape(story.biography),
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Related Articels",
    ]
    for one in related:
        lines += (f'<a href="{one.path}">{escape(one.title)}</a>', escape(cut_off(one.paragraphs[0])))
    lines += ("Most Read", *(f'<a href="{one.path}">{escape(one.title)}</a>' for one in popular))
    lines.append("© 2026 The Daily Harbour. All rights reserved.")
    return f"<div>{''.join(f'<p>{line}</p>' for line in lines)}</div>"
