"""Blocks: the visible text of a page, all of it and in order, each with where it stands."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broadsheet.pipelines.extract.page.blocks import BOLD, CODE, ITALIC, Layout, lay_out
from broadsheet.pipelines.extract.page.page import parse_html

_UNSEEN = {
    "script",
    "style",
    "template",
    "noscript",
    "head",
    "title",
    "svg",
    "object",
    "iframe",
    "select",
    "textarea",
    "datalist",
}
_UNSEEN |= {"canvas", "audio", "video"}
_TAGS = st.sampled_from(
    [
        "p",
        "div",
        "b",
        "a",
        "li",
        "ul",
        "h2",
        "td",
        "section",
        "span",
        "pre",
        "br",
        "script",
        "em",
        "article",
        "button",
        "code",
        "template",
    ]
)
_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="<>&\x00\r", exclude_categories=("Cc", "Cs")), max_size=12
)
_TREES = st.recursive(_TEXT, lambda inner: st.tuples(_TAGS, st.booleans(), st.lists(inner, max_size=4)), max_leaves=30)


def laid_out(html: str) -> Layout:
    root = parse_html(html)
    assert root is not None
    return lay_out(root)


def texts(html: str) -> list[str]:
    return [block.text for block in laid_out(html).blocks]


def visible(element: etree._Element) -> str:
    """The definition, said in the simplest way: text of all elements but the unseen ones, and all tails."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN or "hidden" in element.attrib:
        return ""
    return (element.text or "") + "".join(visible(child) + (child.tail or "") for child in element)


def source(tree: object) -> str:
    if isinstance(tree, str):
        return tree
    assert isinstance(tree, tuple)
    tag, hidden, inner = tree
    return f"<{tag}{' hidden' if hidden and tag != 'br' else ''}>{''.join(map(source, inner))}" + (
        "" if tag == "br" else f"</{tag}>"
    )


@given(_TREES)
@settings(deadline=None, max_examples=200)
def test_the_blocks_are_the_visible_text(tree: object) -> None:
    root = parse_html(f"<html><body><p>start</p>{source(tree)}</body></html>")
    assert root is not None
    layout = lay_out(root)
    assert "".join("".join(block.text.split()) for block in layout.blocks) == "".join(visible(root).split())
    assert [block.ordinal for block in layout.blocks] == list(range(len(layout.blocks)))
    assert layout.nodes[0].chars == sum(len(block.text) for block in layout.blocks)
    for node in layout.nodes:
        assert node.chars == sum(len(block.text) for block in layout.blocks[node.first : node.stop])
    for block in layout.blocks:
        assert "".join(run.text for run in block.runs) == block.text
        code = any(node.tag == "pre" for node in block.node.up())
        assert block.text == (block.text.rstrip() if code else block.text.strip())  # code is indented


def test_what_ends_a_block() -> None:
    assert texts("<p>one</p>two<p>three<br>four<br><br>five</p><li>six <b>seven</b></li>") == [
        "one",
        "two",
        "three\nfour",
        "five",
        "six seven",
    ]
    assert texts("<p>a<script>x</script>b<span hidden>c</span> d</p>") == ["ab d"]
    assert texts("<pre>def f():\n    return  1</pre>") == ["def f():\n    return  1"]


def test_paragraphs_that_single_line_breaks_part_are_blocks() -> None:
    one, other = (
        f"The ferry of {town} was late again, and nobody on the long pier was surprised to hear of it."
        for town in ("Fano", "Jena")
    )
    assert texts(f"<td>Herald<br>{one}<br><b>Later</b><br>{other}<br>Print</td>") == [
        "Herald",
        one,
        "Later",
        other,
        "Print",
    ]
    assert texts(f"<p>{one}<br>{other[:-1]}</p>") == [f"{one}\n{other[:-1]}"]
    assert texts("<div>Roses are red,<br>violets are blue.<br>And so on.</p>") == [
        "Roses are red,\nviolets are blue.\nAnd so on."
    ]
    pre = f"<pre>{one}<br>{other}<br>{one}</pre>"
    assert len(texts(pre)) == 1


def test_a_line_that_is_the_page_s_title_is_a_block_of_its_own() -> None:
    title = "<title>The harbour froze - The Gazette</title>"
    byline = "By Ann Ho<br>Of the Gazette<br>3 May 2003"
    blocks = ["The harbour froze", "By Ann Ho\nOf the Gazette\n3 May 2003", "It was cold."]
    for tag in ("font size=5", "b", "span"):
        made = (
            f"{title}<td><{tag}>The harbour froze</{tag.split()[0]}><br><font>{byline}<br><br></font>It was cold.</td>"
        )
        assert texts(made)[-3:] == blocks
    assert texts(f"{title}<h1>The harbour froze<br>at night</h1>") == ["The harbour froze\nat night"]
    assert texts("<title>The harbour froze over</title><b>The harbour froze</b><br>over") == ["The harbour froze\nover"]


def test_styles_and_links_are_kept_with_the_text() -> None:
    (block,) = laid_out('<p>See <a href="/x">the <em>whole</em></a> <b>story</b>, <code>x = 1</code></p>').blocks
    assert [(run.text, run.style, run.href) for run in block.runs] == [
        ("See ", 0, None),
        ("the", 0, "/x"),
        (" ", 0, "/x"),
        ("whole", ITALIC, "/x"),
        (" ", 0, None),
        ("story", BOLD, None),
        (", ", 0, None),
        ("x = 1", CODE, None),
    ]
    assert block.link_chars == len("the whole")


def test_a_path_is_the_same_for_the_pages_of_a_template() -> None:
    one, other = (laid_out(f'<div class="post post-{n} x"><p id="p{n}">t</p></div>').blocks[0].path for n in (17, 4))
    assert one == other
    assert one.endswith("div.post.post-/p.p")
    numbered = (laid_out(f"<div id='WA{n}-1'><p>t</p></div>").blocks[0].path for n in (1299126701, 1286001102))
    assert len(set(numbered)) == 1


def test_a_page_nested_deep_is_cut_in_bounded_time() -> None:
    assert texts("<div>" * 1500 + "deep" + "</div>" * 1500)[0] == "deep"
    assert texts("<p>seen</p>" + "<div>" * 100_000 + "too deep")[0] == "seen"


def test_what_a_script_unhides_at_once_is_visible() -> None:
    streamed = (
        "<main><!--$?--><template id='B:0'></template></main><div hidden id='S:0'><p>Streamed by React.</p></div>"
    )
    assert texts(streamed) == ["Streamed by React."]
    paywall = "<div class='paywall' hidden><p>One.</p><p>Two.</p><p>Three.</p></div>"
    assert texts(paywall) == ["One.", "Two.", "Three."]
    assert texts(
        "<p>Seen</p><div class='paywall' hidden><p>Subscribe now.</p></div><div hidden id='S'><p>No</p></div>"
    ) == ["Seen"]


def test_elements_that_html_does_not_know_cut_no_sentence() -> None:
    def texts(html: str) -> list[str]:
        root = parse_html(html)
        assert root is not None
        return [block.text for block in lay_out(root).blocks]

    office = "<p>He went to <st1:city><st1:place>Paris</st1:place></st1:city> and came<o:p></o:p> back.</p>"
    assert texts(office) == ["He went to Paris and came back."]
    tei = "<tei-p>From <tei-org>the court</tei-org> <tei-x>of</tei-x> <tei-place>Cairo</tei-place> it was said.</tei-p>"
    assert texts(tei + "<tei-p><tei-name>Ann</tei-name> wrote.</tei-p>") == [
        "From the court of Cairo it was said.",
        "Ann wrote.",
    ]
    apart = "<x-page>Hello<x-card><div>one</div></x-card></x-page><x-list><x-item>two</x-item><x-item>three</x-item></x-list>"
    assert texts(apart) == ["Hello", "one", "two", "three"]


def test_tooltip_stands_after_its_sentence() -> None:
    def texts(html: str) -> list[str]:
        root = parse_html(html)
        assert root is not None
        return [block.text for block in lay_out(root).blocks]

    tooltip = (
        "<p>They fear the <b>bitter<span class='tooltip-text'>A <i>salt</i></span></b> that follows.</p><p>Then?</p>"
    )
    assert texts(tooltip) == ["They fear the bitter that follows.", "A salt", "Then?"]
    note = "<p>Oak was used.<span class='sidenote'>From the hills.</span> It lasts.</p>"
    assert texts(note) == ["Oak was used. It lasts.", "From the hills."]
    explained = "<p>They fear the <span class='tooltip'>bitter</span> that follows.</p>"
    assert texts(explained) == ["They fear the bitter that follows."]
    around = "<span class='popup-content'><div><p>An article.</p></div></span>"
    assert texts(around) == ["An article."]


def test_unknown_elements_in_great_numbers_take_no_time() -> None:
    root = parse_html("<div>" + "<x-a>a</x-a> " * 50_000 + "</div>")
    assert root is not None
    assert len(lay_out(root).blocks) == 50_000
