"""Templates with few pages, boxes on part of the pages, signatures and lists: what the whole site knows is asked where they do not."""

from __future__ import annotations

from collections.abc import Sequence

from reading import HOST, html_of, read, read_with_profile, sketches
from synthetic_site import stories

from broadsheet.pipelines.extract.extraction import Extraction
from broadsheet.pipelines.extract.site.learn import learn_profile

SITE = stories()[:12]


def flat(lines: Sequence[str]) -> str:
    return "".join(f"{line}<br><br>" for line in lines)


def test_a_box_that_a_small_template_has_seldom_is_known_from_the_whole_site() -> None:
    """Comments stand below two articles of a template of four, and below all of another: all are comments."""
    pages = []
    for at, story in enumerate(SITE):
        comments = [f"Reader{at} wrote: I have seen the fair of {story.number} and it was a good one, believe me."]
        own = [*story.paragraphs, *(comments if at % 3 or at in {0, 3} else []), "Post a comment"]
        inner = f"<main>{''.join(f'<p>{line}</p>' for line in own)}</main>" if at % 3 else f"<div>{flat(own)}</div>"
        pages.append((story.path, f"<title>{story.title}</title><body><h1>{story.title}</h1>{inner}"))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)


def test_marks_end_a_page_of_a_few_words_too() -> None:
    """A counter of a plug-in below each article, some of which are a line."""
    pages, texts = [], list[str]()
    for at, story in enumerate(SITE):
        own = story.paragraphs if at % 3 else (f"Pictures of the fair of ward {at}, with thanks.",)
        foot = f"<p>👁 {at * 7}</p><h4>Thank you, friends, for sharing the link</h4><p>© 2026 The Daily</p>"
        body = "".join(f"<p>{line}</p>" for line in own)
        head = f"<a href='/'>Home</a><h1>{story.title}</h1><p>Posted: {at + 1} May 2026</p>"
        pages.append((story.path, f"<title>{story.title}</title><body>{head}<div class=post>{body}{foot}</div>"))
        texts.append("\n\n".join(own))
    assert [got.article.text for got in read_with_profile(pages)] == texts


def test_the_button_below_each_entry_of_a_live_blog_is_no_text() -> None:
    pages = []
    for story in SITE:
        entries = "".join(f"<p>{line}</p><p>Share this update</p>" for line in story.paragraphs)
        pages.append((story.path, f"<title>{story.title}</title><body><h1>{story.title}</h1><div>{entries}</div>"))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)


def test_of_an_article_of_two_lines_neither_is_a_box_below_the_label_above_both() -> None:
    links = "".join(f"<p><a href='{story.path}'>{story.title}</a></p>" for story in SITE[:4])
    pages, texts = [], list[str]()
    for at, story in enumerate(SITE):
        lines = (f"The mill of ward {at} was let again to its old tenant.", f"{story.title}, and nobody was surprised.")
        own = lines if at % 4 else story.paragraphs
        body = "".join(f"<p>{line}</p>" for line in ("Share", *own))
        pages.append(
            (story.path, f"<title>{story.title}</title><body><h1>{story.title}</h1>{body}<p><b>More</b></p>{links}")
        )
        texts.append("\n\n".join(own))
    assert [got.article.text for got in read_with_profile(pages)] == texts


def test_a_page_of_one_sentence_has_it_where_the_site_has_its_text() -> None:
    """What stands on all pages is fifty times as long, and the page alone does not tell which is the article."""
    names = "".join(f"<div>{one} of the archive, no {at}</div>" for at, one in enumerate(("Editor", "Typist") * 24))
    pages, texts = [], list[str]()
    for at, story in enumerate(SITE):
        sentence = (
            f"The mill of ward {at} was let again to its old tenant, for a term that is yet to be set by its owners"
        )
        own = story.paragraphs if at % 3 else (sentence,)
        head = f"<x-d>{at + 1} April 1877</x-d><x-d>Page {at % 4}</x-d>"
        body = f"<x-div id='WA{1299126700 + at}'>{head}{''.join(f'<x-p>{line}</x-p>' for line in own)}</x-div>"
        pages.append((story.path, f"<title>{at}-{story.number}</title><body>{names}<x-text>{body}</x-text>"))
        texts.append("\n\n".join(own))
    found = read_with_profile(pages)
    assert [got.article.text for got in found] == texts
    assert found[0].segments[-1].role_source == "site_template: stands where the site's articles have their text"


def test_a_name_right_below_the_text_is_the_authors_though_nothing_introduces_it() -> None:
    pages = [
        (story.path, f"<title>{story.title}</title><h1>{story.title}</h1><div>{flat([*story.paragraphs, story.author])}</div>")
        for story in SITE
    ]  # fmt: skip
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)
        assert got.segments[-1].role == "byline"


def test_a_heading_keeps_its_place_though_a_box_stands_between_it_and_its_text() -> None:
    """Subheads in a place of their own, which the block model doubts; on every second page an appeal follows them."""
    pages, heads = [], list[str]()
    for at, story in enumerate(SITE):
        first, *rest = (f"<div class='t'><p>{one}</p></div>" for one in story.paragraphs)
        words = story.paragraphs[2].replace(".", "").split()
        head = f"<div class='h'><p>{' '.join(words[2 : 6 + at % 3])}</p></div>"
        heads.append(" ".join(words[2 : 6 + at % 3]))
        appeal = "<div class='t'><p>Support the desk with a small gift.</p></div>" if at % 2 else ""
        body = first + head + appeal + "".join(rest)
        pages.append((story.path, f"<title>{story.title}</title><body><h1>{story.title}</h1>{body}"))
    for head, got in zip(heads, read_with_profile(pages), strict=True):
        assert f"\n\n{head}\n\n" in (got.article.text or "")
        assert "small gift" not in (got.article.text or "")


def test_a_second_list_without_a_heading_is_not_part_of_the_first() -> None:
    links = [f"<a href='{story.path}'>{story.title}</a>" for story in SITE]
    pages = []
    for at, story in enumerate(SITE):
        others = [link for number, link in enumerate(links) if number != at]
        lists = "".join(f"<p>{link}</p>" for link in ("Most read", *others[:4]))
        more = "".join(f"<h4>{link}</h4>" for link in others[5:8])
        pages.append((story.path, html_of(story.title, story.paragraphs, f"{lists}{more}")))
    roles = {
        segment.dom_path.rpartition("/")[2]: set[str]() for got in read_with_profile(pages) for segment in got.segments
    }
    for got in read_with_profile(pages):
        for segment in got.segments[len(got.segments) - 8 :]:
            roles[segment.dom_path.rpartition("/")[2]].add(segment.role)
    assert roles["p"] == {"most_read"}
    assert roles["h4"] == {"related"}


def alone_and_profiled(pages: Sequence[tuple[str, str]]) -> tuple[list[Extraction], list[Extraction]]:
    first = read(pages)
    return first, read(pages, learn_profile(HOST, sketches(first)))


def test_a_site_of_one_page_or_two_has_no_profile() -> None:
    pages = [(story.path, html_of(story.title, story.paragraphs)) for story in SITE[:2]]
    for count in (1, 2):
        assert learn_profile(HOST, sketches(read(pages[:count]))) is None


def test_two_templates_half_and_half_are_each_read_right() -> None:
    pages = []
    for at, story in enumerate(SITE):
        about = "<p>Follow the desk</p>" if at % 2 else "<footer>Printed in Leeds</footer>"
        text = [f"By {story.author}", *story.paragraphs]
        inner = "".join(f"<p>{one}</p>" for one in text) if at % 2 else flat(text)
        pages.append((story.path, f"<title>{story.title}</title><h1>{story.title}</h1><div>{inner}</div>{about}"))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)


def test_hosts_that_share_a_domain_but_no_template_teach_one_another_nothing() -> None:
    pages = [(story.path, html_of(story.title, story.paragraphs, "<p>Follow the desk</p>")) for story in SITE]
    profile = learn_profile(HOST, sketches(read(pages)))
    assert profile is not None
    learnt = {sketch.site for sketch in sketches(read(pages))}
    assert learnt == {HOST}  # a subdomain has sketches, and a profile, of its own


def test_pages_in_five_languages_lose_no_line() -> None:
    said = (
        "The bridge over the river stays closed until the spring, the council of {n} said on Monday evening.",
        "Die Brücke über den Fluss bleibt bis zum Frühjahr gesperrt, teilte der Rat von {n} am Montagabend mit.",
        "Le pont sur le fleuve reste fermé jusqu'au printemps, a annoncé lundi soir le conseil de {n}.",
        "El puente sobre el río sigue cerrado hasta la primavera, anunció el lunes el consejo de {n}.",
        "川に架かる橋は春まで閉鎖されたままであると{n}の議会は月曜日の夜に発表した。住民は遠回りを強いられている。",
    )
    pages, truths = [], []
    for at in range(15):
        text = [said[at % 5].format(n=f"Ward {at} {part}") for part in "ABCDE"]
        truths.append("\n\n".join(text))
        pages.append((f"/{at}", html_of(f"The bridge of ward {at}", text, "<p>Follow the desk</p>")))
    first, second = alone_and_profiled(pages)
    for truth, one, got in zip(truths, first, second, strict=True):
        assert set((one.article.text or "").split("\n\n")) & set(truth.split("\n\n")) <= set(
            (got.article.text or "").split("\n\n")
        )


def test_a_list_of_amounts_in_the_place_of_the_menu_stays() -> None:
    """Ingredients and the menu are both `ul > li`; one ingredient has a capital, as it stands on half of the pages."""
    menu = "".join(f"<li><a href='/{one}'>{one.capitalize()}</a></li>" for one in ("news", "sport", "stage", "food"))
    pages, listed = [], []
    for at, story in enumerate(SITE):
        first, *rest = story.paragraphs
        words = [word.strip(".,") for word in first.split() if word.isalpha() and len(word) > 4] + [
            "salt",
            "flour",
            "lemon",
        ]
        amounts = [
            f"{at + 2}00 g {words[0]}",
            f"{at + 3} kg {words[1].capitalize() if at % 2 else words[1]}",
            f"5 g {words[2]}",
        ]
        listed.append(amounts)
        items = "".join(f"<li>{one}</li>" for one in amounts)
        text = f"<p>{first}</p><h3>Ingredients</h3><ul>{items}</ul>{''.join(f'<p>{one}</p>' for one in rest)}"
        pages.append((story.path, f"<title>{story.title}</title><ul>{menu}</ul><h1>{story.title}</h1>{text}"))
    for amounts, got in zip(listed, read_with_profile(pages), strict=True):
        assert all(one in (got.article.text or "") for one in ("Ingredients", *amounts))
