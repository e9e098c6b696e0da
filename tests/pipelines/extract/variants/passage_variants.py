"""Further makes of what stands amid an article's text, or beside it, on pages with other paragraphs than the first ones."""

from __future__ import annotations

from varied_page import Varied

PASSAGES = (
    "Ferries to the outer islands will leave from the new pier from Monday on, the port authority said, after divers had found"
    " cracks in two of the six pillars on which the old landing stage rests.",
    "Passengers with luggage are asked to allow a quarter of an hour more than before, because the way from the station leads"
    " around the fish market until the bridge over the lock has been repaired.",
    "The company that built the stage in 1968 no longer exists, and its drawings burned with the town hall, so that the engineers"
    " had to measure every beam themselves before they could say what it still carries.",
    "If the weather holds, the pillars can be cased in concrete before the first storms of November; if it does not, the old stage"
    " will stay shut for the winter and the mail will go by the freighter.",
)
_A, _B, _C, _D = (f"<p>{text}</p>" for text in PASSAGES)
_FIRST, _LAST = PASSAGES[0][-40:], PASSAGES[3][-40:]
_REMARKS = ("My aunt took that boat every week and never got wet.", "Typical of this council, they sleep all summer.")
_NEXT = (
    "A choir of forty will sing on the market square on Sunday, although the mayor had forbidden it in spring because of the noise.",
    "The conductor promises nothing louder than a lullaby and has asked the neighbours to judge for themselves at the last bars.",
)


def _amid(
    kind: str, html: str, *has: str, hasnot: tuple[str, ...] = (), marked: tuple[str, ...] = (), head: str = ""
) -> Varied:
    return Varied(kind, _A + _B + html + _C + _D, (_FIRST, *has, _LAST), hasnot, marked, head=head)


def _after(kind: str, html: str, *hasnot: str, has: tuple[str, ...] = (), marked: tuple[str, ...] = ()) -> Varied:
    return Varied(kind, _A + _B + _C + _D + html, (_FIRST, _LAST, *has), hasnot, marked)


def _said(kind: str, html: str, words: str, *hasnot: str) -> Varied:
    return _amid(kind, f"<p>{html}</p>", words, hasnot=hasnot)


PASSAGE = (
    Varied(
        "base href",
        _A + _B + "<p>The <a href='pier.html'>plan of the pier</a> hangs in the hall.</p>" + _C + _D,
        marked=("[plan of the pier](https://static.example/bay/pier.html)",),
        head="<base href='https://static.example/bay/index.html'>",
    ),
    Varied(
        "base href",
        _A
        + "<figure><img src='stage.jpg' width='900' height='600'><figcaption>The old stage at low tide</figcaption></figure>"
        + _B
        + _C
        + _D,
        images=(("https://static.example/img/stage.jpg", "The old stage at low tide", None),),
        head="<base target='_blank'><base href='//static.example/img/'>",
    ),
    _said(
        "inline",
        "The <abbr title='Bay Port Authority'>BPA</abbr> and the <dfn>stage master</dfn> agree.",
        "The BPA and the stage master agree.",
    ),
    _said(
        "inline",
        "A <button class='glossary-link' data-id='4'>bollard</button>, once of iron, holds the ropes.",
        "A bollard, once of iron, holds the ropes.",
    ),
    _said(
        "inline",
        "The word <span class='term' tabindex='0'>lee<span class='popover-content' role='dialog'>The side away from the wind</span></span> is on every sign.",
        "The word lee is on every sign.",
    ),
    _said(
        "inline",
        "Each boat has a <a class='glossary' href='#draught'>draught</a><sup><button aria-label='More'>?</button></sup> of two metres.",
        "of two metres.",
    ),
    _said(
        "inline",
        "It is <kbd>low</kbd> water, <var>h</var> metres, <q>at most</q>, said <cite>the log</cite>.",
        "It is low water, h metres, at most, said the log.",
    ),
    _said("inline", "They call it <em>the <wbr>stage</em>&shy; and <mark>nothing else</mark>.", "and nothing else."),
    _amid(
        "linked paragraph",
        "<p><strong><a href='/2024/pillars'>Divers had warned of the cracks two years ago, in a report that nobody answered.</a></strong></p>",
        "Divers had warned of the cracks two years ago",
    ),
    _amid(
        "linked paragraph",
        "<p><a href='https://port.example/notice.pdf'>The notice of the port authority</a></p>",
        "The notice of the port authority",
    ),
    _amid(
        "list of links",
        "<p>The following boats are concerned:</p><ul class='wp-block-list'><li><a href='/n'>Northern Star</a></li><li><a href='/p'>Petrel</a></li><li><a href='/a'>Anna Maria</a></li></ul>",
        "Northern Star",
        "Petrel",
        "Anna Maria",
    ),
    _amid(
        "list of links",
        "<p>Those who want to read on will find more in these books:</p><ol><li><a href='/b1'>Piers of the North</a> (1999)</li><li><a href='/b2'>Stages and Storms</a> (2004)</li></ol>",
        "Piers of the North (1999)",
        "Stages and Storms (2004)",
    ),
    Varied(
        "single footnote",
        _A
        + _B
        + "<p>The drawings burned.<sup id='fnref1'><a href='#fn1'>1</a></sup></p>"
        + _C
        + _D
        + "<div class='footnotes'><hr><ol><li id='fn1'><p>They were kept in the cellar. <a href='#fnref1' class='footnote-backref'>↩</a></p></li></ol></div>",
        ("The drawings burned.[^1]", _LAST, "[^1]: They were kept in the cellar."),
        marked=("[^1]: They were kept in the cellar.",),
    ),
    _amid(
        "ingredients",
        "<h2>Pier soup</h2><h3>For the stock</h3><ul><li><span class='amount'>1</span> <span class='unit'>kg</span> <span class='name'>mussels</span></li><li><span class='amount'>2</span> <span class='name'>onions</span></li></ul><h3>Method</h3><p>Boil it all for an hour and strain it.</p>",
        "1 kg mussels",
        "2 onions",
        "Boil it all for an hour and strain it.",
    ),
    _amid(
        "ingredients",
        "<div class='wprm-recipe-ingredients-container'><h3>Ingredients</h3><ul class='wprm-recipe-ingredients'><li class='wprm-recipe-ingredient'><span>1 kg</span> <span>mussels</span></li><li class='wprm-recipe-ingredient'><span>2</span> <span>onions</span></li></ul></div><p>Boil it all for an hour and strain it.</p>",
        "1 kg mussels",
        "2 onions",
    ),
    _amid(
        "ingredients",
        "<h2>Pier soup</h2><p>1 kg mussels<br>2 onions<br>salt</p><p>Boil it all for an hour and strain it.</p>",
        "1 kg mussels",
        "2 onions",
        "salt",
        "Boil it all for an hour and strain it.",
    ),
    _after(
        "short last items",
        "<h2>What to do</h2><ul><li>Come a quarter of an hour before the boat leaves, with the ticket in your hand.</li><li>Wait.</li><li>Board.</li></ul>",
        has=("Wait.", "Board."),
    ),
    _after("short last items", "<p>So it goes.</p>", has=("So it goes.",)),
    _after(
        "short last items",
        "<p>The mail, for once, will be late.</p><p>Nobody minds.</p>",
        has=("will be late.", "Nobody minds."),
    ),
    _amid(
        "callout",
        "<div class='callout callout-warning' role='alert'><h4>No boats on Sunday</h4><p>On Sunday divers work at the pier.</p></div>",
        "No boats on Sunday",
        "On Sunday divers work at the pier.",
    ),
    _amid(
        "callout",
        "<div class='notion-callout'><div class='notion-page-icon'>⚠️</div><div class='notion-callout-text'>On Sunday divers work at the pier.</div></div>",
        "On Sunday divers work at the pier.",
    ),
    _amid(
        "callout",
        "<aside class='note' role='note'><p>On Sunday divers work at the pier.</p></aside>",
        "On Sunday divers work at the pier.",
    ),
    _amid(
        "callout",
        "<div class='wp-block-group has-background'><p><strong>Note:</strong> On Sunday divers work at the pier.</p></div>",
        "On Sunday divers work at the pier.",
    ),
    _amid(
        "accordion",
        "<section class='faq'><div class='faq-item'><div class='faq-question'><span>Is there a bus?</span></div><div class='faq-answer'><div>Every hour, from the station.</div></div></div><div class='faq-item'><div class='faq-question'><span>Are dogs allowed?</span></div><div class='faq-answer'><div>On a lead.</div></div></div></section>",
        "Is there a bus?",
        "Every hour, from the station.",
        "Are dogs allowed?",
        "On a lead.",
    ),
    _amid(
        "accordion",
        "<dl class='accordion'><dt><button aria-expanded='false'>Is there a bus?</button></dt><dd hidden='until-found'>Every hour, from the station.</dd><dt><button aria-expanded='false'>Are dogs allowed?</button></dt><dd hidden='until-found'>On a lead.</dd></dl>",
        "Is there a bus?",
        "Every hour, from the station.",
        "On a lead.",
    ),
    _amid(
        "accordion",
        "<details open><summary><h3>Is there a bus?</h3></summary><ul><li>Every hour.</li><li>From the station.</li></ul></details><details><summary><span>Are dogs allowed?</span></summary>On a lead.</details>",
        "Is there a bus?",
        "Every hour.",
        "From the station.",
        "On a lead.",
    ),
    _amid(
        "definitions",
        "<dl><dt><dfn>Bollard</dfn></dt><dd>Holds a rope.</dd><dt>Fender</dt><dt>Cushion</dt><dd>Keeps the hull off the wall.</dd></dl>",
        "Bollard",
        "Holds a rope.",
        "Fender",
        "Cushion",
        "Keeps the hull off the wall.",
        marked=("Bollard\n: Holds a rope.",),
    ),
    _amid(
        "definitions",
        "<p><strong>Bollard</strong><br>Holds a rope.</p><p><strong>Fender</strong><br>Keeps the hull off the wall.</p>",
        "Holds a rope.",
        "Keeps the hull off the wall.",
    ),
    _amid(
        "shadow root",
        "<bay-quote><template shadowrootmode='open'><p><slot></slot></p></template>We counted every nail.</bay-quote>",
        "We counted every nail.",
    ),
    _amid(
        "shadow root",
        "<bay-table><template shadowrootmode='open'><link rel='stylesheet' href='/t.css'><table><tr><th>Boat</th><th>Leaves</th></tr><tr><td>Petrel</td><td>07:10</td></tr></table></template></bay-table>",
        "Petrel",
        marked=("| Petrel | 07:10 |",),
    ),
    Varied(
        "shadow root",
        f"<bay-app><template shadowrootmode='open'><main><article><h1>Salt works on the flat coast open their gates</h1>{_A}{_B}{_C}{_D}</article></main></template></bay-app>",
        (_FIRST, PASSAGES[1][-40:], PASSAGES[2][-40:], _LAST),
        framed=False,
    ),
    _amid(
        "until found",
        "<h2>How deep it is</h2><p hidden='until-found'>At spring tide the water falls to eighty centimetres at the stage.</p>",
        "At spring tide the water falls to eighty centimetres",
    ),
)

FURNITURE = (
    _after(
        "comments",
        "<section id='thread'><h3>2 Responses</h3>"
        + "".join(
            f"<div class='item'><p><b>Jo</b> 10 March 2025 at 9:14</p><p>{one}</p><a href='?to=1'>Reply to Jo</a></div>"
            for one in _REMARKS
        )
        + "</section>",
        *_REMARKS,
    ),
    _after(
        "comments",
        "<h3>Leserbriefe</h3>"
        + "".join(f"<div><p><b>Jo</b> schreibt:</p><p>{one}</p><a href='#'>Antworten</a></div>" for one in _REMARKS),
        *_REMARKS,
    ),
    _after(
        "comments",
        "<div><h4>Discussion (2)</h4>"
        + "".join(
            f"<div><div><img src='/a.png' alt=''><span>jo_the_boat</span><time datetime='2025-03-10'>2 days ago</time></div><div>{one}</div><div><button>Like</button><button>Reply</button></div></div>"
            for one in _REMARKS
        )
        + "</div>",
        *_REMARKS,
    ),
    _after(
        "comments",
        "<h2>3 thoughts on “Salt works on the flat coast open their gates”</h2><ol>"
        + "".join(
            f"<li><article><footer><b>Jo</b> <span>says:</span></footer><div><p>{one}</p></div><a rel='nofollow' href='#respond'>Reply</a></article></li>"
            for one in _REMARKS
        )
        + "</ol>",
        *_REMARKS,
    ),
    _amid(
        "consent",
        "<div class='x'><p>This content is hosted by a third party. By showing the external content you accept the terms and conditions of example.com.</p><button>Load external content</button></div>",
        hasnot=("hosted by a third party", "Load external content"),
    ),
    _amid(
        "consent",
        "<div><p>An dieser Stelle finden Sie einen externen Inhalt von YouTube. Mit Ihrer Zustimmung wird er geladen.</p><a href='#' role='button'>Externen Inhalt laden</a></div>",
        hasnot=("externen Inhalt von YouTube", "Externen Inhalt laden"),
    ),
    _amid(
        "consent",
        "<div><p>Ce contenu est bloqué car vous n'avez pas accepté les cookies. En cliquant sur « J'accepte », il sera affiché.</p><button>J'accepte</button></div>",
        hasnot=("Ce contenu est bloqué", "J'accepte"),
    ),
    _amid(
        "advertisement", "<div><span>Advertisement - scroll to continue</span></div>", hasnot=("scroll to continue",)
    ),
    _amid(
        "advertisement",
        "<p>ADVERTISEMENT</p><div></div><p>Article continues below</p>",
        hasnot=("ADVERTISEMENT", "Article continues below"),
    ),
    _amid(
        "pointer",
        "<p><em>Read more: <a href='/x'>Who pays for the pillars</a></em></p>",
        hasnot=("Who pays for the pillars",),
    ),
    _amid(
        "pointer", "<p>SEE ALSO: <a href='/x'>Who pays for the pillars</a></p>", hasnot=("Who pays for the pillars",)
    ),
    Varied(
        "second article",
        f"<main><article><h1>Salt works on the flat coast open their gates</h1>{_A}{_B}{_C}{_D}</article><hr><article data-url='/choir'><h1>Choir sings on the square</h1><p>{_NEXT[0]}</p><p>{_NEXT[1]}</p></article></main>",
        (_FIRST, _LAST),
        (_NEXT[0][:40], _NEXT[1][:40]),
        framed=False,
    ),
    Varied(
        "second article",
        f"<div id='feed'><div class='entry'><h1>Salt works on the flat coast open their gates</h1><div>{_A}{_B}{_C}{_D}</div></div><div class='entry'><h1><a href='/choir'>Choir sings on the square</a></h1><div><p>{_NEXT[0]}</p><p>{_NEXT[1]}</p></div></div></div>",
        (_FIRST, _LAST),
        (_NEXT[0][:40], _NEXT[1][:40]),
        framed=False,
    ),
    Varied(
        "second article",
        f"<main><section><h1>Salt works on the flat coast open their gates</h1>{_A}{_B}{_C}{_D}</section><p>Next story</p><section><h2>Choir sings on the square</h2><p>{_NEXT[0]}</p><p>{_NEXT[1]}</p></section></main>",
        (_FIRST, _LAST),
        (_NEXT[0][:40], _NEXT[1][:40]),
        framed=False,
    ),
)

_CODE = "def sail(boat):\n    if boat.full:\n        return 4 < 5"
_SHOWN = _CODE.replace("<", "&lt;")
_SAILS = _SHOWN.split("\n")


def _listed(kind: str, html: str, language: str = "") -> Varied:
    return _amid(kind, html, marked=(f"```{language}\n{_CODE}\n```",))


WRITTEN = (
    _listed(
        "code",
        f"<div class='code-toolbar'><pre class='language-python' tabindex='0'><code class='language-python'>{_SHOWN}</code></pre><div class='toolbar'><div class='toolbar-item'><button>Copy</button></div></div></div>",
        "python",
    ),
    _listed(
        "code",
        "<pre class='shiki github-dark'><code>"
        + "\n".join(f"<span class='line'><span style='color:#f00'>{x}</span></span>" for x in _SAILS)
        + "</code></pre>",
    ),
    _listed(
        "code",
        "<pre class='astro-code' data-language='python'><code>"
        + "\n".join(f"<span class='line'>{x}</span>" for x in _SAILS)
        + "</code></pre>",
        "python",
    ),
    _listed(
        "code",
        "<div class='expressive-code'><figure class='frame'><figcaption class='header'><span class='title'>sail.py</span></figcaption><pre data-language='python'><code>"
        + "".join(
            f"<div class='ec-line'><div class='gutter'><div class='ln'>{n}</div></div><div class='code'>{x}</div></div>"
            for n, x in enumerate(_SAILS, 1)
        )
        + "</code></pre></figure></div>",
        "python",
    ),
    _listed(
        "code",
        "<div class='highlight-python notranslate'><div class='highlight'><pre>"
        + "\n".join(f"<span class='linenos'>{n}</span>{x}" for n, x in enumerate(_SAILS, 1))
        + "</pre></div></div>",
        "python",
    ),
    _listed(
        "code",
        "<div class='highlight'><pre class='chroma'><code class='language-python' data-lang='python'>"
        + "".join(
            f"<span class='line'><span class='ln'>{n}</span><span class='cl'>{x}\n</span></span>"
            for n, x in enumerate(_SAILS, 1)
        )
        + "</code></pre></div>",
        "python",
    ),
    _listed(
        "code",
        "<pre><code class='hljs python'><ol>" + "".join(f"<li>{x}</li>" for x in _SAILS) + "</ol></code></pre>",
        "python",
    ),
    _amid(
        "formula",
        "<p>The load <math xmlns='http://www.w3.org/1998/Math/MathML'><mfrac><mi>F</mi><mi>A</mi></mfrac></math> is small.</p>",
        marked=(r"$\frac{F}{A}$",),
    ),
    _amid(
        "formula",
        r"<p>The load <span class='math inline'>\(\frac{F}{A}\)</span> is small.</p>",
        marked=(r"$\frac{F}{A}$",),
        head="<script src='https://cdn.example/mathjax/tex-chtml.js'></script>",
    ),
    _amid(
        "formula",
        r"<p>The load is small.</p><div class='math display'>\[\sigma=\frac{F}{A}\]</div>",
        marked=("$$\\sigma=\\frac{F}{A}$$",),
        head="<script defer src='/katex/contrib/auto-render.min.js'></script>",
    ),
    _amid(
        "formula",
        r"<p>The load <span class='katex'><span class='katex-mathml'><math><semantics><mrow><mi>F</mi></mrow><annotation encoding='application/x-tex'>\frac{F}{A}</annotation></semantics></math></span><span class='katex-html' aria-hidden='true'>FA</span></span> is small.</p>",
        "The load $\\frac{F}{A}$ is small.",
        marked=(r"$\frac{F}{A}$",),
    ),
    _amid(
        "merged cells",
        "<table><thead><tr><th rowspan='2'>Boat</th><th colspan='2'>Leaves</th></tr><tr><th>out</th><th>back</th></tr></thead><tbody><tr><td>Petrel</td><td>07:10</td><td>18:00</td></tr></tbody></table>",
        marked=("| Petrel | 07:10 | 18:00 |",),
    ),
    _amid(
        "merged cells",
        "<table><tr><th>Boat</th><th>Day</th><th>Leaves</th></tr><tr><td rowspan='2'>Petrel</td><td>Monday</td><td>07:10</td></tr><tr><td>Friday</td><td>07:40</td></tr></table>",
        marked=("| Petrel | Monday | 07:10 |", "| Petrel | Friday | 07:40 |"),
    ),
    _amid(
        "ruby", "<p>The sign says <ruby><rb>船</rb><rp>（</rp><rt>ふね</rt><rp>）</rp></ruby> in red.</p>", "船（ふね）"
    ),
    _amid("ruby", "<p>The sign says <ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby> in red.</p>", "東(とう)京(きょう)"),
    _amid(
        "nested list",
        "<ul><li>Boats<ul><li>Petrel<ol><li>at dawn</li><li>at dusk</li></ol></li></ul></li><li>Buses</li></ul>",
        marked=("- Boats\n  - Petrel\n    1. at dawn\n    2. at dusk\n- Buses",),
    ),
    _amid(
        "nested list",
        "<ol start='3'><li><p>Board the boat.</p><p>Mind the step.</p></li><li><p>Sit.</p></li></ol>",
        marked=("3. Board the boat.\n\n   Mind the step.", "4. Sit."),
    ),
)


def _seen(kind: str, html: str, *images: tuple[str, str | None, str | None]) -> Varied:
    return Varied(kind, _A + _B + html + _C + _D, images=images)


_TOLD = "The old stage at low tide"
SEEN = (
    _seen(
        "credit",
        f"<figure><img src='/p/s.jpg' width='900'><figcaption>{_TOLD}, on Friday, March 7, 2025. (AP Photo/Jo Roe, File)</figcaption></figure>",
        ("s.jpg", f"{_TOLD}, on Friday, March 7, 2025.", "(AP Photo/Jo Roe, File)"),
    ),
    _seen(
        "credit",
        f"<figure><img src='/p/s.jpg' width='900'><figcaption>{_TOLD}. Jo Roe/Getty Images</figcaption></figure>",
        ("s.jpg", f"{_TOLD}.", "Jo Roe/Getty Images"),
    ),
    _seen(
        "credit",
        f"<div class='wp-caption'><img src='/p/s.jpg' width='900'><p class='wp-caption-text'>{_TOLD}. <em>Photo by Jo Roe</em></p></div>",
        ("s.jpg", f"{_TOLD}.", "Photo by Jo Roe"),
    ),
    _seen(
        "credit",
        f"<figure itemscope itemtype='https://schema.org/ImageObject'><img itemprop='contentUrl' src='/p/s.jpg'><figcaption><span itemprop='caption'>{_TOLD}</span> <span itemprop='copyrightHolder'>Jo Roe</span></figcaption></figure>",
        ("s.jpg", _TOLD, "Jo Roe"),
    ),
    _seen(
        "credit",
        f"<figure><img src='/p/s.jpg'><figcaption>{_TOLD}. <cite>Quelle: Jo Roe</cite></figcaption></figure>",
        ("s.jpg", f"{_TOLD}.", "Quelle: Jo Roe"),
    ),
    _seen(
        "srcset",
        f"<figure><img src='/p/s-150.jpg' srcset='/p/s-150.jpg 150w, /p/s-800.jpg 800w, /p/s-1600.jpg 1600w, /p/s-4000.jpg 4000w'><figcaption>{_TOLD}</figcaption></figure>",
        ("s-1600.jpg", _TOLD, None),
    ),
    _seen(
        "srcset",
        f"<figure><picture><source type='image/avif' data-srcset='/p/s-640.avif 1x, /p/s-1280.avif 2x'><img class='lazy' src='data:image/svg+xml,%3Csvg%3E'></picture><figcaption>{_TOLD}</figcaption></figure>",
        ("s-1280.avif", _TOLD, None),
    ),
    _seen(
        "noscript",
        f"<figure><img class='lazy' src='/t.gif' width='1' height='1' alt=''><noscript><img src='/p/s.jpg' width='900'></noscript><figcaption>{_TOLD}</figcaption></figure>",
        ("s.jpg", _TOLD, None),
    ),
    _seen(
        "background",
        f"<figure><a href='/p/full.jpg' style=\"background-image: url(&quot;/p/s.jpg&quot;)\"></a><figcaption>{_TOLD}</figcaption></figure>",
        ("s.jpg", _TOLD, None),
    ),
    _seen(
        "gallery",
        f"<div class='wp-block-gallery'><figure><img src='/p/a.jpg'><figcaption>{_TOLD}</figcaption></figure><figure><img src='/p/b.jpg'><figcaption>The new pier</figcaption></figure></div>",
        ("a.jpg", _TOLD, None),
        ("b.jpg", "The new pier", None),
    ),
)
