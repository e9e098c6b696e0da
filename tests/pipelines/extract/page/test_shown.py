"""What a browser shows and the markup says in another way: shadow roots, ruby, hidden until found, permalink signs."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>a</p><x-q><template shadowrootmode=open><style>b{}</style><blockquote>said</blockquote></template></x-q>", ["a", "said"]),
        ("<p>a <x-t><template shadowrootmode=open><b>term</b></template></x-t> c</p>", ["a term c"]),
        ("<x-c><template shadowrootmode=closed><h2><slot name=t>none</slot></h2><div><slot></slot></div></template>"
         "<span slot=t>Title</span><p>Body</p></x-c>", ["Title", "Body"]),
        ("<x-c><template shadowrootmode=open>by <slot></slot>!</template>Ann</x-c>", ["by Ann!"]),
        ("<x-c><template shadowrootmode=open><p><slot>unfilled</slot></p></template></x-c>", ["unfilled"]),
        ("<template><p>never</p></template><p>a</p>", ["a"]),
        ("<p>a</p><div hidden=until-found><p>found</p></div><div hidden><p>never</p></div>", ["a", "found"]),
        ("<p><ruby>錆<rt>さび</rt></ruby>が</p>", ["錆(さび)が"]),
        ("<p><ruby>渡船<rp>（</rp><rt>とせん</rt><rp>）</rp></ruby>は</p>", ["渡船（とせん）は"]),
        ("<p><ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby></p>", ["漢(かん)字(じ)"]),
        ("<h2 id=f>Fares<a class=headerlink href='#f'>¶</a></h2><p>a § 5 ¶</p>", ["Fares", "a § 5 ¶"]),
        ("<h2><a class=anchor href='/x#f'>#</a> Fares</h2><h2>C <a href='/c#'>#</a></h2>", ["Fares", "C"]),
    ],
)  # fmt: skip
def test_the_page_says_what_a_reader_sees(html: str, texts: list[str]) -> None:
    root = parse_html(f"<body>{html}</body>")
    assert root is not None
    assert [block.text for block in lay_out(root).blocks] == texts


def test_editions_in_tei_have_paragraphs_headings_lists_and_tables() -> None:
    html = (
        "<TEI-HEAD>Fire</TEI-HEAD><TEI-P>The <TEI-QUOTE>mill</TEI-QUOTE> burnt.</TEI-P><TEI-TABLE><TEI-ROW><TEI-CELL>5"
        "</TEI-CELL></TEI-ROW></TEI-TABLE><TEI-LIST><TEI-ITEM>rye</TEI-ITEM></TEI-LIST>"
    )
    root = parse_html(f"<body>{html}</body>")
    assert root is not None
    assert [(one.tag, one.text) for one in lay_out(root).blocks] == [
        ("h3", "Fire"), ("p", "The mill burnt."), ("td", "5"), ("li", "rye"),
    ]  # fmt: skip
