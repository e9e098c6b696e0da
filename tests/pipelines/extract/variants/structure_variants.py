"""Pages whose article has parts that a reader takes as text, or that a reader does not, whatever they are made of."""

from __future__ import annotations

from varied_page import FOUR, ONE, PARAGRAPHS, THREE, TWO, Varied

_FIRST, _LAST = PARAGRAPHS[0][-40:], PARAGRAPHS[3][-40:]


def _amid(kind: str, html: str, *has: str, hasnot: tuple[str, ...] = (), head: str = "") -> Varied:
    return Varied(kind, ONE + TWO + html + THREE + FOUR, (_FIRST, *has, _LAST), hasnot, head=head)


def _after(kind: str, html: str, *hasnot: str, has: tuple[str, ...] = ()) -> Varied:
    return Varied(kind, ONE + TWO + THREE + FOUR + html, (_FIRST, _LAST, *has), hasnot)


def _sentence(kind: str, html: str, words: str, *hasnot: str) -> Varied:
    return _amid(kind, f"<p>{html}</p>", words, hasnot=hasnot)


_QUESTIONS = (
    ("Can one walk on the crust?", "Only where the boards lie."),
    ("Is the salt for sale?", "In bags of a kilo, at the gate."),
)
_ALL = tuple(text for pair in _QUESTIONS for text in pair)
_SECOND = """<p>The swimming baths of the lower town have found a new lifeguard, who came from the islands with two suitcases and a
certificate that nobody could read.</p><p>She will begin in May, when the boiler has been mended, and wants to teach the pensioners the
butterfly stroke by the end of the summer.</p>"""
_SAYINGS = ("I raked there as a boy and my hands still hurt.", "Nobody will pay that much for salt, mark my words.")

INLINE = (
    _sentence(
        "term",
        "<button type='button' class='gl'>Brine</button> that stands too long turns red in the basins.",
        "Brine that stands too long turns red in the basins.",
    ),
    _sentence(
        "term",
        "What remains after weeks of sun is called the <button aria-haspopup='dialog'>flower</button>.",
        "What remains after weeks of sun is called the flower.",
    ),
    _sentence(
        "term",
        "Between <button>basin one</button> and <button>basin two</button> a sluice of oak was set.",
        "Between basin one and basin two a sluice of oak was set.",
    ),
    _sentence(
        "term",
        "The rakers call <span class='w'><button>the bitter</button></span>, as everybody knows, a curse.",
        "The rakers call the bitter, as everybody knows, a curse.",
    ),
    _sentence(
        "term",
        "The rakers fear the <glossary-term data-id='7'>bitter</glossary-term> that follows a wet June.",
        "fear the bitter that follows a wet June.",
    ),
    _sentence(
        "term",
        "The rakers fear the <x-tip><span>bitter</span><template>magnesium</template></x-tip> that follows a wet June.",
        "fear the bitter that follows a wet June.",
    ),
    _sentence(
        "tooltip",
        "The rakers fear the <abbr class='tip'>bitter<span class='tooltiptext'>A salt of magnesium</span></abbr> that follows a wet June.",
        "fear the bitter that follows a wet June.",
    ),
    _sentence(
        "tooltip",
        "The rakers fear the <span class='term'>bitter<span role='tooltip'>A salt of magnesium</span></span> that follows a wet June.",
        "fear the bitter that follows a wet June.",
    ),
    _sentence(
        "tooltip",
        "The rakers fear the <a href='#b' aria-describedby='t1'>bitter</a><span role='tooltip' id='t1'>A salt of magnesium</span> that follows a wet June.",
        "fear the bitter that follows a wet June.",
    ),
    _sentence(
        "tooltip",
        "The rakers fear the <button popovertarget='p1'>bitter</button><span popover id='p1'>A salt of magnesium</span> that follows a wet June.",
        "fear the bitter that follows a wet June.",
    ),
    _sentence(
        "tooltip",
        "The rakers fear the <span class='has-tooltip'>bitter<span class='tooltip-content' aria-hidden='true'>A salt of magnesium</span></span> that follows a wet June.",
        "fear the bitter that follows a wet June.",
    ),
    _amid(
        "term",
        "<ul><li>The <button>sluice</button> keeps the spring tide out.</li><li>The <button>weir</button> lets the rain off.</li></ul>",
        "The sluice keeps the spring tide out.",
        "The weir lets the rain off.",
    ),
    _sentence(
        "abbreviation",
        "The <abbr title='Bureau of Coasts'>BoC</abbr>, the <dfn>bitter</dfn> and the <data value='4'>four</data> tenants agreed.",
        "The BoC, the bitter and the four tenants agreed.",
    ),
)

KEPT = (
    _amid(
        "linked paragraph",
        "<p><a href='/deep'>The mine inland, which sells at a third of the price, said that it had no plans to lower it further.</a></p>",
        "it had no plans to lower it further.",
    ),
    _amid(
        "linked paragraph",
        "<div class='par'><a href='/deep'><span>Three of the rakers</span> had worked at the mine before they came to the coast for good.</a></div>",
        "they came to the coast for good.",
    ),
    _amid(
        "list of links",
        "<p>Three papers tell of the founding:</p><ul><li><a href='/a'>The deed of 1794</a></li><li><a href='/b'>The map of the surveyor</a></li><li><a href='/c'>A letter of the priest</a></li></ul>",
        "The deed of 1794",
        "The map of the surveyor",
        "A letter of the priest",
    ),
    _amid("single footnote", "<p>The oldest rake is of ash.*</p>", "The oldest rake is of ash.*"),
    _after(
        "single footnote",
        "<hr><p><small>* The rake was dated by its rings.</small></p>",
        has=("The rake was dated by its rings.",),
    ),
    _amid(
        "ingredients",
        "<h2>Salt bread</h2><div class='ing'><div><input type='checkbox' id='i1'><label for='i1'><b>500</b> g wheat flour</label></div><div><input type='checkbox' id='i2'><label for='i2'><b>12</b> g coast salt</label></div><div><input type='checkbox' id='i3'><label for='i3'>water</label></div></div>",
        "500 g wheat flour",
        "12 g coast salt",
        "water",
    ),
    _amid(
        "ingredients",
        "<h2>Salt bread</h2><table><tr><td>500 g</td><td>wheat flour</td></tr><tr><td>12 g</td><td>coast salt</td></tr></table><ol><li>Knead.</li><li>Bake it for an hour.</li></ol>",
        "500 g",
        "wheat flour",
        "coast salt",
        "Knead.",
        "Bake it for an hour.",
    ),
    _amid(
        "ingredients",
        "<h2>Salt bread</h2><dl><dt>Flour</dt><dd>500 g</dd><dt>Salt</dt><dd>12 g</dd></dl>",
        "Flour",
        "500 g",
        "Salt",
        "12 g",
    ),
    _amid(
        "ingredients",
        "<h2>Salt bread</h2><p class='ingredient'>500 g wheat flour</p><p class='ingredient'>12 g coast salt</p><p class='ingredient'>a little oil</p>",
        "500 g wheat flour",
        "12 g coast salt",
        "a little oil",
    ),
    _after(
        "short last items",
        "<p>To bring along:</p><ul><li>Boots that may get wet and will never be clean again.</li><li>A hat.</li><li>Water.</li></ul>",
        has=("A hat.", "Water."),
    ),
    _after(
        "short last items",
        "<p>How to rake:</p><ol><li>Draw the crust towards you, slowly and without lifting the rake.</li><li>Pile it.</li><li>Rest.</li></ol>",
        has=("Pile it.", "Rest."),
    ),
    _amid(
        "callout",
        "<div class='admonition warning'><p class='admonition-title'>Mind the sluice</p><p>It closes by itself at high tide.</p></div>",
        "Mind the sluice",
        "It closes by itself at high tide.",
    ),
    _amid(
        "callout",
        "<div class='kg-card kg-callout-card'><div class='kg-callout-emoji'>💡</div><div class='kg-callout-text'>Basin four is closed until the herons have bred.</div></div>",
        "Basin four is closed until the herons have bred.",
    ),
    _amid(
        "callout",
        "<aside class='callout'><p>Basin four is closed until the herons have bred.</p></aside>",
        "Basin four is closed until the herons have bred.",
    ),
    _amid(
        "callout",
        "<div role='note' class='alert alert-info'><strong>Good to know:</strong> basin four is closed until the herons have bred.</div>",
        "basin four is closed until the herons have bred.",
    ),
    _amid(
        "callout",
        "<blockquote class='markdown-alert'><p>Note</p><p>Basin four is closed until the herons have bred.</p></blockquote>",
        "Basin four is closed until the herons have bred.",
    ),
    _amid(
        "accordion",
        "<amp-accordion>"
        + "".join(f"<section><h4>{q}</h4><p>{a}</p></section>" for q, a in _QUESTIONS)
        + "</amp-accordion>",
        *_ALL,
    ),
    _amid("accordion", "".join(f"<details><summary>{q}</summary><p>{a}</p></details>" for q, a in _QUESTIONS), *_ALL),
    _amid(
        "accordion",
        "<div class='accordion'>"
        + "".join(
            f"<div class='accordion-item'><h2 class='accordion-header'><button class='accordion-button collapsed' data-bs-toggle='collapse'>{q}</button></h2><div class='accordion-collapse collapse'><div class='accordion-body'>{a}</div></div></div>"
            for q, a in _QUESTIONS
        )
        + "</div>",
        *_ALL,
    ),
    _amid(
        "accordion",
        "".join(
            f"<h3><button aria-expanded='false' aria-controls='s'>{q}<svg></svg></button></h3><div role='region'><p>{a}</p></div>"
            for q, a in _QUESTIONS
        ),
        *_ALL,
    ),
    _amid(
        "accordion",
        "".join(
            f"<div class='q' role='button' tabindex='0' aria-expanded='false'>{q}</div><div class='a'>{a}</div>"
            for q, a in _QUESTIONS
        ),
        *_ALL,
    ),
    _amid(
        "accordion", "".join(f"<h3>{q}</h3><div hidden='until-found'><p>{a}</p></div>" for q, a in _QUESTIONS), *_ALL
    ),
    _amid(
        "accordion",
        "".join(
            f"<div itemscope itemprop='mainEntity' itemtype='https://schema.org/Question'><h3 itemprop='name'>{q}</h3><div itemprop='acceptedAnswer'><p itemprop='text'>{a}</p></div></div>"
            for q, a in _QUESTIONS
        ),
        *_ALL,
    ),
    _amid(
        "definitions",
        "<dl><dt>Bitter</dt><dd>What is left when the salt is out.</dd><dt>Flower</dt><dd>The first crust.</dd></dl>",
        "Bitter",
        "What is left when the salt is out.",
        "Flower",
        "The first crust.",
    ),
    _amid(
        "definitions",
        "<dl class='terms'><div><dt>Bitter</dt><dd>What is left when the salt is out.</dd></div><div><dt>Flower</dt><dd>The first crust.</dd></div></dl>",
        "Bitter",
        "What is left when the salt is out.",
        "Flower",
        "The first crust.",
    ),
    _amid(
        "shadow root",
        "<bay-note><template shadowrootmode='open'><style>p{color:red}</style><p>Boards have been laid for the first hundred metres.</p></template></bay-note>",
        "Boards have been laid for the first hundred metres.",
    ),
    _amid(
        "shadow root",
        "<bay-box><template shadowrootmode='closed'><section><slot name='t'>Nothing</slot><slot></slot></section></template><h3 slot='t'>On the boards</h3><p>They are laid for a hundred metres.</p></bay-box>",
        "On the boards",
        "They are laid for a hundred metres.",
        hasnot=("Nothing",),
    ),
    Varied(
        "shadow root",
        f"<bay-story><template shadowrootmode='open'><div class='wrap'>{ONE}{TWO}<slot></slot></div></template>{THREE}{FOUR}</bay-story>",
        (_FIRST, PARAGRAPHS[1][-40:], PARAGRAPHS[2][-40:], _LAST),
    ),
    _amid(
        "until found",
        "<section><h2>The pumps</h2><div hidden='until-found' id='more'><p>Two pumps of 1911 still lift the water over the dyke in autumn.</p></div></section>",
        "The pumps",
        "Two pumps of 1911 still lift the water over the dyke in autumn.",
    ),
    Varied(
        "lines",
        PARAGRAPHS[0]
        + "<br><br>"
        + PARAGRAPHS[1]
        + "<div>Nobody saw it coming.</div>"
        + PARAGRAPHS[2]
        + "<br><br>"
        + PARAGRAPHS[3],
        (_FIRST, "Nobody saw it coming.", _LAST),
    ),
)

OUT = (
    _after(
        "comments",
        "<h2>2 comments</h2><ul>"
        + "".join(f"<li><b>Ann</b> said on 9 March: <p>{text}</p><a href='#r'>Reply</a></li>" for text in _SAYINGS)
        + "</ul>",
        *_SAYINGS,
    ),
    _after(
        "comments",
        "<h3>Comments (2)</h3>"
        + "".join(
            f"<div><div>Ann Ho, 9 March 2025, 10:12</div><div>{text}</div><div><a href='?r=1'>Reply</a> <a href='?p=1'>Report</a></div></div>"
            for text in _SAYINGS
        ),
        *_SAYINGS,
    ),
    _after(
        "comments",
        "<h3>Join the discussion</h3>"
        + "".join(
            f"<div><strong>Ann Ho</strong> <span>3 hours ago</span><p>{text}</p><button>Reply</button></div>"
            for text in _SAYINGS
        ),
        *_SAYINGS,
    ),
    _after(
        "comments",
        "<h2>Kommentare</h2>"
        + "".join(
            f"<div><p>Ann am 9. März 2025 um 10:12 Uhr</p><p>{text}</p><p><a href='#a'>Antworten</a></p></div>"
            for text in _SAYINGS
        ),
        *_SAYINGS,
    ),
    _after(
        "comments",
        "<h4>What readers say</h4><ol>"
        + "".join(f"<li><p><cite>Ann</cite> says:</p><p>{text}</p><p>Reply</p></li>" for text in _SAYINGS)
        + "</ol>",
        *_SAYINGS,
    ),
    _amid(
        "comments",
        "<h2>What comes next</h2><p>The mayor will open the second gate in June, when the boards have dried.</p><p>Who wants to rake"
        " may write to the weighing house.</p><p>The cannery pays the fares.</p><p>The bakery pays the bread.</p><p>The rest is work."
        "</p><p>And salt.</p>",
        "The mayor will open the second gate in June",
        "The rest is work.",
    ),
    _amid(
        "consent",
        "<div><div>We need your consent to load the video. YouTube may set cookies and learn your address.</div><button>Accept</button><button>Decline</button></div>",
        hasnot=("We need your consent", "Decline"),
    ),
    _amid(
        "consent",
        "<div><p>An dieser Stelle finden Sie einen externen Inhalt von Instagram, der den Artikel ergänzt. Mit einem Klick können Sie ihn anzeigen lassen.</p><a>Externen Inhalt anzeigen</a></div>",
        hasnot=("An dieser Stelle", "Externen Inhalt"),
    ),
    _amid(
        "consent",
        "<div><p>Pour afficher ce contenu YouTube, vous devez accepter les cookies publicitaires.</p><button>J'accepte</button></div>",
        hasnot=("Pour afficher",),
    ),
    _amid(
        "consent",
        "<div><p>Este contenido está bloqueado. Para verlo, acepte las cookies de redes sociales.</p><button>Aceptar</button></div>",
        hasnot=("Este contenido",),
    ),
    _amid(
        "consent",
        "<div><strong>External content</strong><p>This post from X could not be shown because of your privacy settings.</p></div>",
        hasnot=("could not be shown",),
    ),
    _amid(
        "advertisement",
        "<p>Advertisement</p><p>Article continues below</p>",
        hasnot=("Advertisement", "continues below"),
    ),
    Varied(
        "second article",
        f"<article><h1>Salt works on the flat coast open their gates</h1>{ONE}{TWO}{THREE}{FOUR}</article><article><h1>New lifeguard at the baths</h1>{_SECOND}</article>",
        (_FIRST, _LAST),
        ("swimming baths", "She will begin"),
        framed=False,
    ),
    Varied(
        "second article",
        f"<div id='feed'><div class='story' data-url='/a'><h1>Salt works on the flat coast open their gates</h1><div>{ONE}{TWO}{THREE}{FOUR}</div></div><div class='story' data-url='/b'><h1>New lifeguard at the baths</h1><div>{_SECOND}</div></div></div>",
        (_FIRST, _LAST),
        ("swimming baths", "She will begin"),
        framed=False,
    ),
    Varied(
        "second article",
        f"<main><article><h1>Salt works on the flat coast open their gates</h1>{ONE}{TWO}{THREE}{FOUR}</article><article><h2><a href='/b'>New lifeguard at the baths</a></h2>{_SECOND}</article></main>",
        (_FIRST, _LAST),
        ("swimming baths", "She will begin"),
        framed=False,
    ),
    Varied(
        "second article",
        f"<main><section data-href='/a'><header><h1>Salt works on the flat coast open their gates</h1><p>By Ann Ho</p></header>{ONE}{TWO}{THREE}{FOUR}</section><section data-href='/b'><header><h1>New lifeguard at the baths</h1><p>By Bo Li</p></header>{_SECOND}</section></main>",
        (_FIRST, _LAST),
        ("swimming baths", "She will begin"),
        framed=False,
    ),
    Varied(
        "second article",
        f"<main><div><h1>Salt works on the flat coast open their gates</h1>{ONE}{TWO}{THREE}{FOUR}</div><p>Next story</p><div><h2>New lifeguard at the baths</h2><p>By Bo Li | 8 March 2025</p>{_SECOND}</div></main>",
        (_FIRST, _LAST),
        ("swimming baths", "She will begin"),
        framed=False,
    ),
    _amid(
        "pointer",
        "<p><strong>Read also:</strong> <a href='/x'>Why the railway siding was never taken up</a></p>",
        hasnot=("Why the railway",),
    ),
    _after(
        "newsletter",
        "<div><p>Get our newsletter every Friday, free of charge.</p><input type='email'><button>Sign up</button></div>",
        "Get our newsletter",
    ),
)

STRUCTURE = INLINE + KEPT + OUT
