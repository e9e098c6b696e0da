"""Formulas, each once and as LaTeX: a formula that a page shows by KaTeX, MathJax, MathML or a picture becomes one element
``math`` whose text is ``$...$``, or ``$$...$$`` where it stands on a line of its own.

Renderers leave a formula two or three times in the page: drawn, for screen readers, and as its source.  The source is
kept.  Where a page only links MathJax or KaTeX, its delimiters are still in the text; those are read, too.
Which delimiters count: the defaults of MathJax 3 and of KaTeX's auto-render, and ``$`` where the page configures it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from broadsheet.pipelines.extract.page.elements import take_out, text_in
from broadsheet.pipelines.extract.page.katex_html import latex_of_katex
from broadsheet.pipelines.extract.page.mathml import latex_of, local_name

MAX_LATEX = 20_000  # characters of a formula
_TEX = frozenset({"application/x-tex", "application/x-latex", "latex", "tex", "text/latex", "text/x-tex"})
_DISPLAYSTYLE = re.compile(r"^\{\s*\\(?:display|text)style\s(.*)\}$", re.S)
_DELIMITED = re.compile(r"^\s*(?:\$\$(.*)\$\$|\\\[(.*)\\\]|\$(.*)\$|\\\((.*)\\\))\s*$", re.S)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n")
_LATEX_SIGNS = re.compile(r"\\[a-zA-Z]+|[_^={}+<>]|^[A-Za-z0-9]$")
_PICTURE = re.compile(r"latex\.php\?|codecogs\.com/|\.latex\?|/latex\?|[?&]cht=tx|equation\?tex=|[?&]tex=", re.I)
_CODE_CLASS = re.compile(r"(?:^|\s)(?:js-render-math|language-math)(?=$|\s)")
_SIZE = re.compile(
    r"^(?:\s*\\(?:dpi|bg|fn|fg)_?\{?\w+\}?|\s*\\(?:inline|large|tiny|small|huge)(?![a-zA-Z]))+\s*"
)  # how the service draws it
_PICTURE_CLASS = re.compile(r"(?:^|[\s_-])(?:la)?tex(?:$|[\s_-])|mwe-math|\bee?img|formula|equation", re.I)
_IN_TEXT = re.compile(
    r"\$\$(?P<d1>[^$]{1,4000}?)\$\$|\\\[(?P<d2>.{1,4000}?)\\\]|\\\((?P<i1>.{1,2000}?)\\\)"
    r"|(?P<d3>\\begin\{(?P<env>equation|align|gather|eqnarray)\*?\}.{1,4000}?\\end\{(?P=env)\*?\})",
    re.S,
)
_WITH_DOLLARS = re.compile(
    _IN_TEXT.pattern + r"|(?<![\\$\w])\$(?P<i2>(?![\s$])[^$\n]{0,400}?[^\s$\\])\$(?![\d$])", re.S
)
_DOLLARS = re.compile(r"""inlineMath['"]?\s*[:=]\s*(?:\{[^}]*)?\[[^\]]*['"]\$['"]|left['"]?\s*:\s*['"]\$['"]""")
# in the source of a page whose spans may state a formula
MARKS = (b"data-tex=", b"data-latex=", b"katex-html", b"latex-rendered")
_STATING = ("data-tex", "data-latex", "data-katex", "data-math", "data-formula")
_MAY_STATE = frozenset({"span", "div", "amp-mathml"})
_LOADED = ("athJax", "athjax", "katex", "KaTeX", "renderMathInElement")
_CONFIGURATION = 2_000  # characters of a script that are looked at
_NO_TEXT = frozenset(
    {"script", "style", "code", "pre", "textarea", "math", "noscript", "template", "head", "title", "svg"}
)
_BLOCKS = frozenset({"div", "p", "td", "th", "li", "section", "figure", "center", "dd"})
_PICTURE_WORDS = ("tex", "math", "img", "formula", "equation")  # one of which each of these classes has
_RENDERED = ("MathJax", "mjx-chtml", "MJX", "katex-html")


def is_formula_picture(image: etree._Element) -> bool:
    """Whether a picture is one of a formula, by its address or its class."""
    address = image.get("src") or ""
    if ("tex" in address or "cht=" in address) and _PICTURE.search(address):
        return True
    alternative = image.get("alt")
    if alternative and alternative[0] in "$\\" and _DELIMITED.match(alternative):
        return True
    classes = image.get("class")
    if classes is None:
        return image.get("eeimg") is not None
    return any(word in classes for word in _PICTURE_WORDS) and _PICTURE_CLASS.search(classes) is not None


def is_formula_code(code: etree._Element) -> bool:
    """Whether a ``code`` or ``pre`` is the source of a formula (GitLab, fenced "math" of Markdown)."""
    return _CODE_CLASS.search(code.get("class") or "") is not None


def loads_formulas(script: etree._Element) -> bool:
    """Whether a script is MathJax or KaTeX, or configures one of them: delimiters in the text are formulas then."""
    address = script.get("src")
    said = address or (script.text or "")[:_CONFIGURATION]
    return any(name in said for name in _LOADED)


def draws_formulas(script: etree._Element) -> bool:
    """Whether a script is the source of a formula (MathJax 2)."""
    return (script.get("type") or "").startswith("math/")


def state_formulas(root: etree._Element, *, delimiters: bool) -> None:
    """Change the tree: each formula becomes a ``math`` of text; those between *delimiters* in the text, too, if they count."""
    for element in list(
        root.iter(
            "span", "div", "mjx-container", "script", "img", "tex-math", "amp-mathml", "math-renderer", "code", "pre"
        )
    ):
        if element.getparent() is not None and _is_in(element, root):
            _state(element)
    for math in [one for one in root.iter() if local_name(one) == "math"]:
        if len(math) and _is_in(math, root):
            _state_mathml(math)
    if delimiters:
        script = "".join(one.text or "" for one in root.iter("script"))
        _read_delimiters(root, _WITH_DOLLARS if _DOLLARS.search(script) else _IN_TEXT)


def _is_in(element: etree._Element, root: etree._Element) -> bool:
    """Whether *element* is still part of the page: it may have gone with a formula around it."""
    return element is root or next((True for above in element.iterancestors() if above is root), False)


def _state(element: etree._Element) -> None:
    """Make *element* a formula, if it is one."""
    tag = element.tag
    if tag in _MAY_STATE and (latex := _stated_by_attribute(element)) is not None:
        _put(element, latex, display=_is_displayed(element, latex))
    elif tag == "script":
        _state_script(element)
    elif tag == "img":
        latex = _latex_of_picture(element, (element.get("class") or "").split())
        if latex:
            _put(element, latex, display="display" in (element.get("class") or ""))
    elif tag == "mjx-container":
        latex = _stated(element) or element.get("data-latex") or _first(element, "data-latex")
        if latex:
            _put(element, latex, display=element.get("display") in {"true", "block"})
    elif tag == "math-renderer":
        latex = text_in(element)
        if _DELIMITED.match(latex):
            _put(element, latex, display=_is_displayed(element, latex))
    elif tag in {"code", "pre"}:
        if is_formula_code(element):
            inside = element.getparent()
            whole = inside if inside is not None and inside.tag == "pre" and len(inside) == 1 else element
            display = whole.tag == "pre" or element.get("data-math-style") == "display"
            _put(whole, text_in(element), display=display)
    elif tag == "tex-math":
        _put(element, text_in(element), display=False)
    else:
        _state_by_class(element, (element.get("class") or "").split())


def _state_script(script: etree._Element) -> None:
    """Make the source of a formula that MathJax 2 drew the formula."""
    kind = script.get("type") or ""
    if kind == "math/mml" and script.text:
        _state_source(script, script.text)
    elif kind.startswith("math/tex") and script.text:
        _drop_drawn(script)
        _put(script, script.text, display="mode=display" in kind)


def _state_by_class(element: etree._Element, classes: list[str]) -> None:
    """Make what KaTeX or MediaWiki drew, or Substack keeps, a formula."""
    if "katex-display" in classes or "katex" in classes:
        latex = _stated(element) or _drawn(element)
        if latex:
            _put(element, latex, display="katex-display" in classes)
    elif "eqno" in classes:
        element.tag = "div"  # the number of an equation (Sphinx) is no part of it
    elif "latex-rendered" in classes:
        if latex := _kept(element.get("data-attrs")):
            _put(element, latex, display=True)
    elif "mwe-math-element" in classes:
        latex = _stated(element)
        if latex:
            display = any("display" in (one.get("class") or "") for one in element.iter("span", "img"))
            _put(element, latex, display=display or "mwe-math-element-block" in classes)


def _stated_by_attribute(element: etree._Element) -> str | None:
    """The LaTeX in an attribute of an element that holds no more than the formula as it is drawn."""
    names = element.keys()
    for name in _STATING:
        if name in names and _LATEX_SIGNS.search(element.get(name, "")) and next(element.iter("p"), None) is None:
            return element.get(name)
    return None


def _is_displayed(element: etree._Element, latex: str) -> bool:
    """Whether the formula stands on a line of its own, by its element's names or by its delimiters."""
    if element.tag == "amp-mathml":
        return element.get("inline") is None
    classes = element.get("class") or ""
    return "display" in classes or "block" in classes or latex.lstrip()[:2] in {"$$", "\\["}


def _state_source(script: etree._Element, source: str) -> None:
    """Put the formula in place of its source in MathML, and of what MathJax 2 drew before it."""
    root = etree.HTML(source[:MAX_LATEX])
    math = None if root is None else next((one for one in root.iter() if local_name(one) == "math"), None)
    if math is not None:
        _drop_drawn(script)
        _put(script, _latex_of_math(math), display=math.get("display") == "block")


def _stated(element: etree._Element) -> str | None:
    """The LaTeX that a formula states in an annotation, or that its MathML is."""
    for one in element.iter():
        if local_name(one) == "math":
            return _latex_of_math(one)
    return None


def _drawn(element: etree._Element) -> str | None:
    """The LaTeX of what KaTeX drew as HTML alone."""
    drawn = next((one for one in element.iter("span") if (one.get("class") or "") == "katex-html"), None)
    return None if drawn is None else latex_of_katex(drawn)


def _kept(attributes: str | None) -> str | None:
    """The formula in the JSON that Substack keeps beside it."""
    try:
        kept = json.loads((attributes or "")[:MAX_LATEX])
    except ValueError:
        return None
    latex = kept.get("persistentExpression") if isinstance(kept, dict) else None
    return latex if isinstance(latex, str) else None


def _latex_of_math(math: etree._Element) -> str:
    for one in math.iter():
        if local_name(one) == "annotation" and (one.get("encoding") or "").lower() in _TEX and one.text:
            return one.text
    stated = math.get("alttext") or math.get("data-latex")
    return stated if stated and stated.strip() else latex_of(math)


def _first(element: etree._Element, name: str) -> str | None:
    return next((value for one in element.iter() if (value := one.get(name))), None)


def _state_mathml(math: etree._Element) -> None:
    display = math.get("display") == "block" or math.get("mode") == "display"
    latex = _latex_of_math(math)
    if latex.strip():
        _put(math, latex, display=display)


def _latex_of_picture(image: etree._Element, classes: list[str]) -> str | None:
    """The LaTeX of a picture of a formula: by the service that drew it, or by a class that says so, with its alt text."""
    address = image.get("src") or image.get("data-src") or image.get("data-lazy-src") or ""
    alt = (image.get("alt") or "").strip()
    if _PICTURE.search(address):
        return alt if _LATEX_SIGNS.search(alt) else _latex_of_address(address)
    named = any(_PICTURE_CLASS.search(one) for one in classes) or image.get("eeimg") or "formula" in address.lower()
    if alt and (_DELIMITED.match(alt) or (named and _LATEX_SIGNS.search(alt))):
        return alt
    return None


def _latex_of_address(address: str) -> str | None:
    query = urlsplit(address).query
    if "codecogs.com" in address:
        return _SIZE.sub("", unquote(query)) or None
    named = parse_qs(query.replace("+", "%2B") if "%20" in query else query)
    for name in ("latex", "tex", "chl"):
        if name in named:
            return named[name][0]
    return unquote(query) or None


def _drop_drawn(script: etree._Element) -> None:
    """Take away what MathJax 2 drew, which stands before its script."""
    before = script.getprevious()
    while before is not None and not (before.tail or "").strip():
        names = f"{before.get('class') or ''} {before.get('id') or ''} {before.tag}"
        if not any(name in names for name in _RENDERED):
            return
        take_out(before)
        before = script.getprevious()


def _put(element: etree._Element, latex: str, *, display: bool) -> None:
    """Make *element* the formula *latex*: one on a line of its own has line breaks around it."""
    latex = _bare(latex)
    if not latex:
        return
    mark = "$$" if display else "$"
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "math", f"{mark}{latex}{mark}", tail
    parent = element.getparent()
    if display and parent is not None:
        _break_around(element, parent)


def _break_around(element: etree._Element, parent: etree._Element) -> None:
    at = parent.index(element)
    after = etree.Element("br")
    after.tail, element.tail = element.tail, None
    parent.insert(at + 1, after)
    before = parent.text if at == 0 else parent[at - 1].tail
    if (before or "").strip() or (at and parent[at - 1].tag != "br"):
        parent.insert(at, etree.Element("br"))


def _bare(latex: str) -> str:
    """*latex* without delimiters, comments and the braces that only set a style, on one line."""
    latex = latex[:MAX_LATEX]
    delimited = _DELIMITED.match(latex)
    if delimited is not None:
        latex = next(group for group in delimited.groups() if group is not None)
    latex = " ".join(_COMMENT.sub("\n", latex + "\n").split())
    styled = _DISPLAYSTYLE.match(latex)
    return styled[1].strip() if styled is not None else latex


# ---- delimiters in the text


def _read_delimiters(root: etree._Element, pattern: re.Pattern[str]) -> None:
    for element in list(root.iter()):
        if element.text and _may_hold(element.text) and not _is_verbatim(element):
            _split(element, None, element.text, pattern)
    for element in list(root.iter()):
        parent = element.getparent()
        if element.tail and parent is not None and _may_hold(element.tail) and not _is_verbatim(parent):
            _split(parent, element, element.tail, pattern)


def _may_hold(text: str) -> bool:
    return "$" in text or "\\" in text


def _is_verbatim(element: etree._Element) -> bool:
    return element.tag in _NO_TEXT or any(above.tag in _NO_TEXT for above in element.iterancestors())


def _split(parent: etree._Element, before: etree._Element | None, text: str, pattern: re.Pattern[str]) -> None:
    """Make elements of the formulas in *text*, which stands in *parent* after its child *before* (None: at its beginning)."""
    pieces = list(_pieces(text, pattern))
    if len(pieces) == 1 and not pieces[0][1]:
        return
    at = 0 if before is None else parent.index(before) + 1
    last = before
    if last is None:
        parent.text = None
    else:
        last.tail = None
    for piece, kind in pieces:
        if kind:
            math = etree.Element("math")
            parent.insert(at, math)
            length = len(parent)
            _put(math, piece, display=kind == "d")
            at += 1 + len(parent) - length
            last = parent[at - 1]
        elif last is None:
            parent.text = (parent.text or "") + piece
        else:
            last.tail = (last.tail or "") + piece


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The pieces of *text*, each with "" for words, "i" for a formula in the line, "d" for one on its own."""
    at = 0
    for found in pattern.finditer(text):
        kind = found.lastgroup or ""
        kind = "d" if kind == "env" else kind[:1]
        latex = next(value for name, value in found.groupdict().items() if value is not None and name != "env")
        if not _bare(latex):
            continue
        if found.start() > at:
            yield text[at : found.start()], ""
        yield latex, kind
        at = found.end()
    if at < len(text) or at == 0:
        yield text[at:], ""
