"""What belongs to the body by the structure of a page, and what does not: pages of one article with the odd part in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.body.notices import is_notice, is_pointer
from broadsheet.pipelines.extract.body.structure import by_structure
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.page.page import open_page
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

TITLE = "Mill on the upper river stands still"
PARAGRAPHS = (
    "The mill on the upper river has ground its last sack of rye, and the family that ran it for four generations is looking for"
    " somebody who would take over the wheel, the stones and the debts.",
    "Nobody in the valley remembers a winter in which the wheel stood still for more than a week, and the old miller says that he"
    " slept badly in the first quiet nights because the house no longer trembled.",
    "The district office would rather see a museum in it, with a café on the ground floor, but a museum needs a roof that is tight,"
    " and the last survey put the price of that at more than the village spends in a year.",
)
ONE, TWO, THREE = (f"<p>{text}</p>" for text in PARAGRAPHS)
_FRAME = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Valley Post</title></head><body>
<header class="top"><a class="logo" href="/">Valley Post</a><nav><ul><li><a href="/local">Local</a></li><li><a href="/money">Money</a>
</li></ul></nav></header><main><h1>{title}</h1>{body}</main><aside class="sidebar"><h3>Most read</h3><ul><li><a href="/1">Swimming pool
opens early this year</a></li><li><a href="/2">Fire brigade gets a second boat</a></li></ul></aside><footer><p>© 2025 Valley Post. All
rights reserved.</p><ul><li><a href="/imprint">Imprint</a></li></ul></footer></body></html>"""
_SECOND = """<p>The swimming pool in the lower town opens three weeks early this year, since the new boiler was delivered in March and
not in May as had been planned by the architect.</p><p>The lifeguards had to be called back from their holidays, and one of them, who
was found on a camping site in the south, came by train in his sandals.</p>"""
_QUESTIONS = (
    ("Is the mill for sale?", "It is, with the house and the meadow behind it."),
    ("Who owns the water?", "The district does, since the reform of the last century."),
)
_ANSWERS = tuple(text for pair in _QUESTIONS for text in pair)
_INGREDIENTS = ("400 g rye flour", "9 g salt", "1 cup water", "a spoon of honey")


def text_of(body: str, *, article: bool = True) -> str:
    html = _FRAME.format(title=TITLE, body=f"<article>{body}</article>" if article else body)
    record = PageRecord("https://valley.example/2025/05/mill", datetime(2025, 6, 1, tzinfo=UTC), (), html.encode())
    return ArticleExtractor().extract(record).article.text or ""


def amid(html: str) -> str:
    return ONE + TWO + html + THREE


def listed(item: str, texts: tuple[str, ...]) -> str:
    return "".join(item.format(text) for text in texts)


_RECIPE = "<h2>Ingredients</h2>{}<h2>Method</h2><ol><li>Mix everything and let it stand overnight.</li><li>Bake it for an hour.</li></ol>"
_LINKED = "<a href='/x'>All mills of the valley stood still in the flood of that year, and two of them never ground again.</a>"
_REFERS = ONE.replace("</p>", "<sup><a href='#fn1' id='r1'>1</a></sup></p>") + TWO + THREE


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        (amid(f"<p>{_LINKED}</p>"), ["never ground again"]),
        (ONE + f"<div class='b'><p><strong>{_LINKED}</strong></p></div>" + TWO + THREE, ["never ground again"]),
        (amid("<p>Three reports:</p><ul><li><a href='https://o.example/1'>The survey of the roof</a><li><a href='https://o.example/2'>Rye</a></ul>"),
         ["survey of the roof", "\nRye"]),
        (amid("<ul><li><a href='/a'>The roof</a> – leaks since the storm</li><li><a href='/b'>The dam</a> – was mended twice</li></ul>"),
         ["leaks since", "mended twice"]),
        (_REFERS + "<section class=footnotes><ol><li id=fn1>It has twelve pages. <a href='#r1'>↩</a></li></ol></section>",
         ["debts.[^1]", "[^1]: It has twelve pages."]),
        (_REFERS + "<footer><p id=fn1>1. It has twelve pages.</p></footer>", ["[^1]: It has twelve pages."]),
        (ONE + _RECIPE.format(f"<ul>{listed('<li><label><input type=checkbox> {}</label></li>', _INGREDIENTS)}</ul>"), [*_INGREDIENTS, "an hour"]),
        (ONE + _RECIPE.format(listed("<div class=ingredient>{}</div>", _INGREDIENTS)), [*_INGREDIENTS, "Mix"]),
        (amid("") + "<p>What remains:</p><ul><li>the wheel</li><li>two stones</li><li>debts</li></ul>", ["the wheel\ntwo stones\ndebts"]),
        (amid("") + "<p>Come and see.</p><p>Bring boots.</p>", ["Come and see.", "Bring boots."]),
        (amid("") + "<dl><dt>Opening<dd>Never</dd><dt>Price<dd>Unknown</dd></dl>", ["Opening\nNever\nPrice\nUnknown"]),
        ("".join(f"<div>{one}</div>" for one in (*PARAGRAPHS[:2], "A line in between belongs to it.", PARAGRAPHS[2])), ["A line in between"]),
        ("<div class=page>" + listed("<div class=text><div><div>{}</div></div></div>", PARAGRAPHS[:2])
         + listed("<div class=bulleted><div><div>•</div><div><div>{}</div></div></div></div>", ("Forty sacks are left.", "Two cats stay."))
         + listed("<div class=text><div><div>{}</div></div></div>", PARAGRAPHS[2:]) + "</div>", ["Forty sacks", "Two cats"]),
        (amid("<div class='alert alert-warning' role=alert>Visitors should know that the yard is muddy after rain.</div>"), ["yard is muddy"]),
        (amid("<aside class=note><p>Visitors should know that the yard is muddy after rain.</p></aside>"), ["yard is muddy"]),
        (amid(listed("<details><summary>{0[0]}</summary><p>{0[1]}</p></details>", _QUESTIONS)), _ANSWERS),  # type: ignore[arg-type]
        (amid("") + "<h2>Questions</h2><div class=faq>" + listed(
            "<div class=item><button aria-expanded=false>{0[0]}</button><div class=panel><p>{0[1]}</p></div></div>", _QUESTIONS)  # type: ignore[arg-type]
         + "</div>", _ANSWERS),
        (ONE + TWO.replace("old miller", "<button class=term>old miller</button>") + THREE, [PARAGRAPHS[1]]),
        (amid("<table><tr><th>Year<th>Sacks<tr><td>1990<td>812<tr><td>2000<td></table>"), ["Year | Sacks\n1990 | 812\n2000 | "]),
        (amid("") + "<table><thead><tr><th>Year<th>Sacks<tbody><tr><td>1990<td>812<tr><td>2000<td>640</table>", ["1990 | 812\n2000 | 640"]),
        (amid("<pre>const share = import('print');</pre>") + "<pre>y = 2</pre>", ["const share", "y = 2"]),
        (amid("<p><math display=block><mi>P</mi><mo>=</mo><mi>Q</mi></math></p>"), ["$$P = Q$$"]),
        (ONE + "<p>Turn, wheel, turn.</p>" + TWO + "<p>Turn, wheel, turn.</p>" + THREE, ["turn.\n\nNobody", "turn.\n\nThe district"]),
        ("<section><h1>The roof</h1>" + ONE + TWO + "</section><section><h1>The dam</h1>" + THREE + _SECOND + "</section>", ["sandals"]),
    ],
)  # fmt: skip
def test_what_the_structure_makes_body(body: str, holds: list[str]) -> None:
    text = text_of(body)
    paragraphs = [one[:40] for one in PARAGRAPHS if one in body]
    assert [one for one in (*paragraphs, *holds) if one not in text] == []


_PART = (
    "<div class='page hidden'><div>{0} of 5</div><h2 class=item>{0}. {1}</h2><figure><img src={0}.jpg><figcaption>The mill ({0})"
    "</figcaption></figure><p>Advertisement</p><div><a href=/r{0}>Also read: why the dam was never mended</a></div></div>"
)


def test_a_numbered_heading_of_a_list_of_pictures_is_body_whatever_it_says() -> None:
    said = ("The mill in spring", "The wheel", "Share a photo of it on Instagram", "Comment on the stones", "The house")
    parts = "".join(_PART.format(number, one) for number, one in enumerate(said, 1))
    text = text_of(f"{ONE}{TWO}{parts}<h2 class=item>Newsletter</h2>")
    assert [one for one in said if one not in text] == []
    assert "Newsletter" not in text
    assert "Also read" not in text


_COMMENTS = """<h2>Comments (2)</h2><div><div><p><strong>Anna says:</strong></p><p>My grandfather worked there and I still have his apron
somewhere.</p></div><div><p><strong>Peter says:</strong></p><p>A museum would be a waste of money, if you ask me.</p></div></div>"""


_DATED = """<h3>2 Kommentare</h3><div><b>Anna</b> 13.08.2024<p>Mein Großvater hat dort gearbeitet, und ich habe noch seine Schürze.</p>
</div><div><b>Peter</b> 14.08.2024<p>Ein Museum wäre Geldverschwendung, wenn man mich fragt.</p></div>"""


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        (f"<article>{ONE}{TWO}{THREE}{_DATED}</article>", "Schürze"),
        (f"<article>{ONE}{TWO}{THREE}</article><article><h1>Pool opens early</h1>{_SECOND}</article>", "boiler"),
        (
            f"<article>{ONE}{TWO}{THREE}</article><article><h2><a href='/pool'>Pool opens early</a></h2>{_SECOND}</article>",
            "boiler",
        ),
        (
            f"<div class=story>{ONE}{TWO}{THREE}</div><div class=story><h1>Pool opens early</h1>{_SECOND}</div>",
            "sandals",
        ),
        (f"<article>{ONE}{TWO}{THREE}{_COMMENTS}</article>", "apron"),
        (f"<article>{ONE}{TWO}<p>Story continues below advertisement</p>{THREE}</article>", "Story"),
        (
            f"<article>{ONE}{TWO}<p>This content is not available due to your privacy preferences.</p>{THREE}</article>",
            "privacy",
        ),
        (
            f"<article>{ONE}{TWO}<p>READ ALSO: <a href='/x'>Why the dam was never mended</a></p>{THREE}</article>",
            "dam was",
        ),
    ],
)
def test_what_is_not_the_article(body: str, lacks: str) -> None:
    text = text_of(body, article=False)
    assert [one[:40] for one in PARAGRAPHS if one[:40] not in text] == []
    assert lacks not in text


@pytest.mark.parametrize(
    "prompt",
    [
        "<div class='prompt input_prompt'>In&nbsp;[1]:</div>",
        "<div class='prompt input_prompt'>In [*]:</div>",
        "<div class='jp-InputPrompt jp-InputArea-prompt'>[7]:</div>",
        "<div class='jp-OutputPrompt jp-OutputArea-prompt'>Out[12]:</div>",
        "<div class='prompt highlight-none notranslate'><div class='highlight'><pre><span></span>[2]:</pre></div></div>",
        "<p><strong>In [3]:</strong></p>",
    ],
)
def test_the_number_of_a_notebooks_cell_is_no_text(prompt: str) -> None:
    cell = f"<div class=cell>{prompt}<div class=inner_cell><pre>total = sum(range(10))\nprint(total)</pre></div></div>"
    text = text_of(ONE + cell + TWO + cell + THREE)
    assert text.count("print(total)") == 2
    assert "]:" not in text


def test_a_heading_with_text_before_it_opens_no_other_article() -> None:
    parts = f"<article><h1>{TITLE}</h1>{ONE}{TWO}</article><aside><p>Share</p></aside><article>{THREE}"
    text = text_of(parts + _SECOND.replace("</p><p>", "</p><h2>The staff</h2><p>") + "</article>", article=False)
    assert [one for one in ("debts", "boiler", "sandals") if one not in text] == []


def test_the_text_for_another_width_of_the_window_is_given_once() -> None:
    whole = ONE + TWO + THREE
    text = text_of(f"<div class='d-none d-md-block'>{whole}</div><div class=d-md-none>{whole}</div>", article=False)
    assert [text.count(one) for one in PARAGRAPHS] == [1, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Advertisement", "ANZEIGE", "Publicité", "Article continues after advertisement", "Scroll to continue reading",
        "ADVERTISEMENT - CONTINUE READING BELOW", "Der Artikel wird nach der Werbung fortgesetzt", "Continua após a publicidade",
        "Log in to leave a comment.", "You must be logged in to post a comment", "Bitte einloggen, um einen Kommentar zu schreiben",
        "Connectez-vous pour laisser un commentaire", "Inicia sesión para dejar un comentario",
        "We need your consent to load this video.", "Wir benötigen Ihre Zustimmung, um den Inhalt von YouTube zu laden.",
        "Ce contenu est masqué. Donnez votre consentement pour voir la vidéo.", "Change your cookie settings to watch it.",
        "You need to give consent to view this map.", "Please accept marketing cookies to watch this video.",
        "An dieser Stelle finden Sie externen Inhalt von Instagram. Mit einem Klick stimmen Sie zu; ich bin einverstanden.",
    ],
)  # fmt: skip
def test_notices_are_known_by_their_words(text: str) -> None:
    assert is_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "She had to log in to read the log of the tower.", "Anzeigen wegen Betrugs", "The story continues below the surface of things, as it did in every house of the valley that year.",
        "The court says that sites need a consent before they may set a cookie.", "She gave no permission.", "Keep reading, he said.",
        "Nobody can give consent when others have shared the data, says the lawyer of the union.",
        "You need permission from the district to film on the bridge.", "You can change your privacy settings in the app.",
        "Apps have to ask for your permission before they track you.", "„Ich bin damit einverstanden“, sagte der Bürgermeister.",
        "Ohne Ihre Einwilligung darf der Vermieter die Wohnung nicht betreten.", "Sans votre consentement, la banque ne peut rien faire.",
        "No one may enter the house without your permission to do so.", "Personal data may be transferred to the heirs.",
    ],
)  # fmt: skip
def test_sentences_are_no_notices(text: str) -> None:
    assert not is_notice(text)


def test_a_pointer_is_a_link() -> None:
    assert is_pointer("Read also: Why the dam was never mended", 0.7)
    assert not is_pointer("Read also: in the evenings, when the wheel stood still, they did", 0.0)


def test_a_long_line_that_stands_twice_among_loose_lines_takes_nothing_with_it() -> None:
    """A headline of more than a hundred letters, as ticker above the text and as related line below it."""
    ticker = "The swimming pool in the lower town opens three weeks early this year, since the new boiler came in March already"
    lines = (ticker, *PARAGRAPHS, ticker)
    text = text_of("<br><br>".join(lines))
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(("cell", "whole"), [("12.{}", True), ("<a href='/{0}'>12.{0}</a>", False)])
def test_a_table_of_data_right_below_text_is_whole_though_few_of_its_cells_read_like_text(
    cell: str, *, whole: bool
) -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell.format(row * 8 + at)}</td>' for at in range(8))}</tr>" for row in range(6)
    )
    html = f"<title>{TITLE}</title><div>{ONE}{TWO}<table>{rows}</table></div>"
    page = open_page(PageRecord("https://valley.example/mill", datetime(2025, 6, 1, tzinfo=UTC), (), html.encode()))
    assert page is not None
    scores = [0.9 if block.text in PARAGRAPHS else 0.7 if block.text == "12.3" else 0.05 for block in page.blocks]
    body = [RoleAssignment(Role.BODY, RoleSource.MODEL, score) if score > 0.5 else None for score in scores]
    words, keywords = [block.text.lower() for block in page.blocks], [0] * len(page.blocks)
    found = by_structure(page.layout, body, scores, HeadWords("", frozenset(), (), ""), words, keywords)
    assert all(one is not None for one in found) == whole
