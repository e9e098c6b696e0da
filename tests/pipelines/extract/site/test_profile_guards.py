"""What a site's profile must not eat: articles of small, bilingual, rebuilt and repetitive sites; and what it must end them at."""

from __future__ import annotations

from reading import html_of, read, read_with_profile, sketches
from synthetic_site import stories

from broadsheet.pipelines.extract.site.learn import learn_profile

SITE = stories()[:10]
WORDS = ("harbour", "council", "weather", "fishery", "theatre", "schools", "bridges", "markets", "ferries", "winter")
FOOT = "<p>Thank you for reading the Harbour, and for telling others of it.</p>"


def test_a_site_of_three_articles_keeps_what_two_of_them_share() -> None:
    shared = "The ferry company has not answered the questions of this newspaper."
    pages = [
        (story.path, html_of(story.title, [*story.paragraphs, *([shared] if story.number else [])]))
        for story in SITE[:3]
    ]
    for story, got in zip(SITE, read_with_profile(pages), strict=False):
        assert got.article.text == "\n\n".join([*story.paragraphs, *([shared] if story.number else [])])


def test_an_article_that_other_pages_show_whole_keeps_its_text() -> None:
    newest = SITE[0]
    whole = f"<h2>{newest.title}</h2>" + "".join(f"<p>{one}</p>" for one in newest.paragraphs)
    lists = [
        (f"/{name}", html_of(f"Posts of {name}", [], f"{whole}<h2>{other.title}</h2><p>{other.paragraphs[0]}</p>"))
        for name, other in zip(("april", "harbour", "ann-lee", "sea"), SITE[1:5], strict=True)
    ]
    pages = [*((story.path, html_of(story.title, story.paragraphs)) for story in SITE), *lists]
    assert read_with_profile(pages)[0].article.text == newest.text


def test_a_paragraph_that_trails_off_is_no_teaser() -> None:
    trailing = "And then the wind turned, as it always does when the boats are far out, and nobody spoke ..."
    pages = [
        (story.path, html_of(story.title, [*story.paragraphs[:2], trailing.replace("boats", f"boats of {story.number}"),
                                           *story.paragraphs[2:]])) for story in SITE
    ]  # fmt: skip
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert f"boats of {story.number} " in (got.article.text or "")


def test_a_bilingual_site_keeps_both() -> None:
    words = {
        "harbour": "Hafen",
        "council": "Rat",
        "the": "der",
        "and": "und",
        "of": "von",
        "a": "ein",
        "in": "im",
        "to": "zu",
    }

    def german(text: str) -> str:
        return " ".join(words.get(word, word) for word in text.split(" "))

    pages = []
    for story in SITE:
        switch = '<p><a href="/de">Deutsch</a> | <a href="/en">English</a></p>'
        pages.append((f"/en{story.path}", html_of(story.title, story.paragraphs, switch + FOOT)))
        pages.append(
            (f"/de{story.path}", html_of(german(story.title), [german(one) for one in story.paragraphs], switch + FOOT))
        )
    got = read_with_profile(pages)
    for story, english, other in zip(SITE, got[::2], got[1::2], strict=True):
        assert english.article.text == story.text
        assert other.article.text == "\n\n".join(german(one) for one in story.paragraphs)


def test_a_site_that_was_rebuilt_keeps_the_articles_of_both_templates() -> None:
    pages = []
    for story in SITE:
        if story.number < 5:
            pages.append((story.path, html_of(story.title, story.paragraphs, FOOT)))
        else:
            text = "".join(f"<section><div>{one}</div></section>" for one in story.paragraphs)
            foot = "<div>Write to the editors: we read every letter.</div>"
            pages.append((story.path, f"<title>{story.title}</title><main><h1>{story.title}</h1>{text}</main>{foot}"))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == story.text


def test_songs_keep_their_refrains() -> None:
    refrain = "Haul away, my lovely, haul away for home"
    pages = []
    for story in SITE:
        verses = [one.split(". ")[0] for one in story.paragraphs]
        song = [
            line
            for verse in verses
            for line in (verse, refrain if story.number % 2 else f"{refrain}, said {story.author}")
        ]
        pages.append((story.path, html_of(story.title, song)))
    alone = read(pages)
    for one, got in zip(alone, read_with_profile(pages), strict=True):
        assert (got.article.text or "").count(refrain) == (one.article.text or "").count(refrain) > 2


def test_what_comes_after_the_line_that_ends_every_article_is_not_part_of_it() -> None:
    pages = []
    for story in SITE:
        after = (
            f"<p>Seen {story.number + 3} times</p><h4>Thanks for sharing this with your friends:</h4>"
            f"<div>Filed under {story.author}, {story.title.split()[0]}</div>"
            f"<p>Before: <a href='/x'>{SITE[story.number - 1].title}</a></p>"
        )
        pages.append((story.path, html_of(story.title, story.paragraphs, after)))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == story.text


def test_headings_that_recur_at_the_edge_of_a_text_stay_with_it() -> None:
    pages = [
        (story.path, html_of(story.title, [], "<h2>Preface</h2>" + "".join(f"<p>{one}</p>" for one in story.paragraphs))
         if story.number % 2 else html_of(story.title, story.paragraphs)) for story in SITE
    ]  # fmt: skip
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert [one.text for one in got.article.headings] == (["Preface"] if story.number % 2 else [])


def test_a_list_of_links_between_paragraphs_stays_where_lists_are_text() -> None:
    pages = []
    for story in SITE:
        items = [f"the boat of {story.author}, number {n}" for n in range(3)]
        if story.number == 0:
            items = [f'<a href="http://ann{n}.example/">http://ann{n}.example</a>' for n in range(3)]
        listed = "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
        pages.append((story.path, html_of(story.title, story.paragraphs[:2], listed + f"<p>{story.paragraphs[2]}</p>")))
    assert "http://ann1.example" in (read_with_profile(pages)[0].article.text or "")


def test_a_profile_knows_texts_whatever_their_numbers() -> None:
    pages = [
        (story.path, html_of(story.title, story.paragraphs, f"<p>Seen {story.number} times</p>")) for story in SITE
    ]
    profile = learn_profile("daily.example", sketches(read(pages)))
    assert profile is not None
    assert max(profile.shapes.values()) == len(SITE)


def test_lines_of_label_and_value_at_the_head_of_every_article_are_no_text_of_it() -> None:
    pages = [
        (
            story.path,
            html_of(story.title, [f"Filed under: {word}", f"Remarks: {word} and others", *story.paragraphs]),
        )
        for story, word in zip(SITE, WORDS, strict=True)
    ]
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == story.text


def test_sentences_that_begin_with_a_label_stay() -> None:
    asked = [f"Question: what became of the {word}?" for word in WORDS]
    pages = [
        (story.path, html_of(story.title, [one, *story.paragraphs])) for story, one in zip(SITE, asked, strict=True)
    ]
    for one, got in zip(asked, read_with_profile(pages), strict=True):
        assert (got.article.text or "").startswith(one)


def test_tables_of_data_keep_cells_that_recur_on_every_page() -> None:
    def table(title: str) -> str:
        own = title.lower().split()
        rows = [
            (f"{word}.{own[at % len(own)]}" if at % 2 else word, ("false", "true", "none")[at % 3])
            for at, word in enumerate(WORDS)
        ]
        cells = "".join(f"<tr><td>{name}</td><td>{value}</td><td>undefined</td></tr>" for name, value in rows)
        return f"<table><tr><th>Setting</th><th>Before</th><th>Now</th></tr>{cells}</table>"

    pages = [(story.path, html_of(story.title, story.paragraphs, table(story.title))) for story in SITE]
    texts = [one.article.text or "" for one in read(pages)]
    assert sum(text.count("undefined") for text in texts) > 2 * len(texts)
    assert [one.article.text for one in read_with_profile(pages)] == texts


def test_code_and_paragraphs_that_begin_like_those_of_other_pages_and_trail_off_stay() -> None:
    begun = "The letter that came from the ministry of fisheries in May says"
    code = "% telnet harbour.example.com 25 connecting to the harbour"
    pages = []
    for story in SITE:
        end = "..." if story.number < 2 else f"that {story.author} has to leave."
        lines = f"<pre>{code} {'of ' + WORDS[story.number] if story.number > 1 else '...'}</pre>"
        text = "".join(f"<p>{one}</p>" for one in (*story.paragraphs[:2], f"{begun} {WORDS[story.number]} {end}"))
        rest = "".join(f"<p>{one}</p>" for one in story.paragraphs[2:])
        pages.append((story.path, html_of(story.title, [], text + lines + rest)))
    for got in read_with_profile(pages)[:2]:
        assert begun in (got.article.text or "")
        assert code in (got.article.text or "")


def test_a_sentence_that_mentions_another_article_stays() -> None:
    pages = [(SITE[0].path, html_of(SITE[0].title, [
        *SITE[0].paragraphs[:2], f'How it began is told in <a href="{SITE[3].path}">{SITE[3].title}</a>, in its second half.',
        *SITE[0].paragraphs[2:]]))] + [(story.path, html_of(story.title, story.paragraphs)) for story in SITE[1:]]  # fmt: skip
    assert "How it began" in (read_with_profile(pages)[0].article.text or "")


def test_a_page_of_nothing_but_the_box_about_the_author_has_no_text() -> None:
    box = "".join(f"<p>{one}</p>" for one in SITE[1].paragraphs[:2])
    pages = [(story.path, html_of(story.title, story.paragraphs, box)) for story in stories(25)[3:]]
    pictures = [(f"/picture-{word}", html_of(f"Picture of the {word}", [], box)) for word in WORDS[:4]]
    for got in read_with_profile([*pages, *pictures])[-4:]:
        assert not got.article.text


def test_the_sites_motto_may_be_the_last_line_of_an_article() -> None:
    motto = "Together we are the harbour!"
    foot = f"<footer><h6>{motto}</h6></footer>"
    pages = [
        (story.path, html_of(story.title, [*story.paragraphs, *([motto] if story.number < 3 else [])], foot))
        for story in stories(25)
    ]
    got = read_with_profile(pages)
    assert [(one.article.text or "").endswith(motto) for one in got] == [number < 3 for number in range(25)]
