"""Code listings made whole: whatever a highlighter made of one (a table, an element a line, a column of numbers) becomes one
``pre`` with line ends, so that it is one block.

What is in a listing and is no code (line numbers, the name of the file, a button) is kept: it is put in front of the listing.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.page.elements import has_words, set_text, take_out, text_in

# in the source of a page where elements that are no pre may be listings
MARKS = (b"code-block", b"cm-content", b"ace_text-layer", b"token-line", b"view-lines")
NUMBERS = "line-numbers"  # the class of the element that takes the line numbers
LANGUAGE = "code-language"  # ... and of that with the name of the language
_NAME_OF_LANGUAGE = re.compile(r"(?:^|[\s_-])lang(?:uage)?(?=$|\s)", re.IGNORECASE)
_NAME = 20  # characters of a language's name
_NUMBER_CLASS = re.compile(
    r"(?:^|[\s_-])(?:line-?num(?:ber)?s?|linenos?|linenodiv|lnt?|gutter|blob-num|ln-num(?:bers?)?|crayon-nums?|rownum)"
    r"(?=$|[\s_-]|\d)",
    re.IGNORECASE,
)
_POPUP = re.compile(r"(?:^|[\s_-])(?:popup|popover|tooltip)-?(?:container|content|code)?(?=$|\s)", re.IGNORECASE)
_ONLY_NUMBERS = re.compile(r"[\s\d.:|]*")
_LINE_CLASS = re.compile(r"(?:^|[\s_-])(?:(?:code|crayon|view|token|cm|hljs-ln)-?)?line(?=$|[\s_-])", re.IGNORECASE)
_LISTING_CLASS = re.compile(
    r"(?:^|\s)(?:crayon-pre|ql-code-block-container|CodeMirror-code|ace_text-layer|enlighter-code)(?=$|\s)"
)
# with lines in it: themes call their columns "content", too
_EDITOR_CLASS = re.compile(r"(?:^|\s)(?:cm-content|view-lines|prism-code)(?=$|\s)")
_CODE_TABLE = re.compile(r"(?:^|\s)(?:js-file-line-container|hljs-ln|code-?table|rouge-line-table)(?=$|\s)")
_EDITOR_GUTTER = re.compile(r"(?:^|\s)(?:cm-gutters|ace_gutter)(?=$|\s)")
_CODE_CELL = re.compile(r"(?:^|\s)(?:blob-code|hljs-ln-code|code)(?=$|\s|-)")
_CODE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:code|highlight|language|lang|hljs|prettyprint|source-?code)(?=$|[\s_-])", re.I
)
_LINES = frozenset({"div", "li", "tr", "p", "code"})
_WRAPPERS = frozenset({"div", "ol", "ul", "table", "tbody", "thead", "tr", "td", "th", "li", "p", "section", "figure"})
_AROUND = frozenset({"p", "div", "h2", "h3", "h4", "ul", "ol", "pre", "table", "figure", "blockquote", "hr", "button"})
_ASIDE = frozenset({"button", "figcaption", "header", "nav", "label", "h2", "h3", "h4", "h5", "h6"})
_CELL_REACH = 3  # elements around a listing of which one may be a cell
_MAX_LISTINGS = 2_000  # of a page


def is_listing(table: etree._Element) -> bool:
    """Whether a table says that its rows are lines of code."""
    return _CODE_TABLE.search(table.get("class") or "") is not None or _begins_with_blob(table)


def make_listings_whole(root: etree._Element) -> None:
    """Change the tree: each listing becomes one ``pre`` without elements that break lines."""
    _find_listings(root)
    listings = [pre for pre in root.iter("pre") if next(pre.iterancestors("pre"), None) is None][:_MAX_LISTINGS]
    for pre in listings:
        _name_language(pre.getprevious())
        if len(pre) or _in_cell(pre):
            _make_whole(pre)
        _make_spaces(pre)
    _join_single_lines(listings)


def _make_spaces(pre: etree._Element) -> None:
    """Turn the spaces by which editors keep an indentation into those that were typed: no compiler takes the others."""
    for one in pre.iter():
        if one.text and "\xa0" in one.text:  # alone in its element it holds an empty line open
            one.text = one.text.replace("\xa0", " ") if one.text != "\xa0" or not _is_line(one) else None
        if one is not pre and one.tail and "\xa0" in one.tail:
            one.tail = one.tail.replace("\xa0", " ")


# ---- listings that are no pre


def _find_listings(root: etree._Element) -> None:
    for element in list(root.iter("div", "table", "td", "code")):
        tag = element.tag
        if tag == "code":
            if _stands_alone(element):
                element.tag = "pre"
        elif tag == "div" and _is_gutter(element):
            _make_gutter(element)
        elif tag == "div" and _is_editor_of_pres(element):
            for line in element.iter("pre"):
                line.tag = "div"
            element.tag = "pre"
        elif next(element.iterancestors("pre"), None) is not None or next(element.iter("pre"), None) is not None:
            continue
        elif _is_table_of_code(element) if tag == "table" else tag == "div" and _is_listing_of_divs(element):
            element.tag = "pre"
            around = element.getparent()
            if around is not None and around.tag == "td":
                _set_gutter(around.getprevious())
        elif tag == "td" and _is_code_cell(element) and _has_lines(element):
            _wrap(element)
            _set_gutter(element.getprevious())


def _is_table_of_code(table: etree._Element) -> bool:
    return is_listing(table)


def _begins_with_blob(table: etree._Element) -> bool:
    return any(map(_is_blob, islice(table.iter("td"), 3)))


def _is_editor_of_pres(element: etree._Element) -> bool:
    """Whether *element* is a listing of which each line is a ``pre`` (CodeMirror 5)."""
    return _LISTING_CLASS.search(element.get("class") or "") is not None and all(map(_is_single, element.iter("pre")))


def _is_listing_of_divs(element: etree._Element) -> bool:
    classes = element.get("class") or ""
    if _LISTING_CLASS.search(classes) is not None:
        return True
    if _EDITOR_CLASS.search(classes) is not None and _has_lines(element):
        return True
    return _is_named(element) and _is_of_lines(element)


def _is_code_cell(cell: etree._Element) -> bool:
    return _CODE_CELL.search(cell.get("class") or "") is not None


def _is_blob(cell: etree._Element) -> bool:
    return _is_code_cell(cell) and "blob" in (cell.get("class") or "")


def _has_lines(element: etree._Element) -> bool:
    return any(map(_is_line_by_name, element.iter("div", "li")))


def _wrap(cell: etree._Element) -> None:
    pre = etree.Element("pre")
    pre.text, cell.text = cell.text, None
    pre.extend(list(cell))
    cell.append(pre)


def _set_gutter(cell: etree._Element | None) -> None:
    """Make the numbers in the cell before the code what the numbers of other listings are."""
    if cell is not None and cell.tag == "td" and has_words(text_in(cell)) and _is_numbers(cell):
        column = etree.SubElement(cell, "aside")
        column.text = " ".join(" ".join(map(str, cell.itertext())).split())
        for other in list(cell)[:-1]:
            cell.remove(other)
        cell.text = None
        _make_gutter(column)


def _is_gutter(element: etree._Element) -> bool:
    """Whether *element* holds the line numbers of the listing that stands beside it."""
    classes = element.get("class") or ""
    if _EDITOR_GUTTER.search(classes) is None:
        beside = _NUMBER_CLASS.search(classes) and any(one.tag == "pre" for one in element.itersiblings(preceding=True))
        if not beside:
            return False
    return has_words(text_in(element)) and _is_numbers(element)


def _make_gutter(element: etree._Element) -> None:
    """Make *element* the line numbers that stand beside a listing."""
    set_text(element, " ".join(" ".join(map(str, element.itertext())).split()))
    element.tag = "aside"
    element.set("class", NUMBERS)


def _is_named(element: etree._Element) -> bool:
    """Whether the names of an element say code, and in which language."""
    language = element.get("data-lang") or element.get("data-language")
    return bool(language) and _CODE_NAMES.search(element.get("class") or "") is not None


def _is_of_lines(element: etree._Element) -> bool:
    """Whether all that *element* holds are paragraphs without parts: one a line."""
    lines = (
        one.tag in {"p", "div"} and next(one.iterdescendants("div", "p", "ul", "table"), None) is None
        for one in element
    )
    return len(element) > 1 and not has_words(element.text) and all(lines)


def _stands_alone(code: etree._Element) -> bool:
    """Whether a ``code`` is a listing of several lines by itself: nothing is beside it, and its names or its lines say so."""
    parent = code.getparent()
    if parent is None or has_words(code.tail):
        return False
    before, after = code.getprevious(), code.getnext()
    if has_words(parent.text if before is None else before.tail):
        return False
    if any(one is not None and one.tag not in _AROUND for one in (before, after)):
        return False
    if next(code.iterancestors("pre"), None) is not None or next(code.iter("pre"), None) is not None:
        return False
    text = text_in(code).strip()
    lines = "\n" in text or next(code.iter("br"), None) is not None
    if not lines or parent.tag in {"td", "th"}:
        return False
    names = f"{code.get('class') or ''} {parent.get('class') or ''}"
    return _CODE_NAMES.search(names) is not None or "\n " in text or next(code.iter("br"), None) is not None


# ---- one pre


def _name_language(element: etree._Element | None) -> None:
    """Let the name of the language that stands before a listing be no part of the text."""
    if element is not None and _NAME_OF_LANGUAGE.search(element.get("class") or "") and len(text_in(element)) <= _NAME:
        element.tag = "aside"
        element.set("class", LANGUAGE)


def _in_cell(pre: etree._Element) -> bool:
    return any(above.tag == "td" for above, _ in zip(pre.iterancestors(), range(_CELL_REACH), strict=False))


def _make_whole(pre: etree._Element) -> None:
    if _in_cell(pre) and _is_numbers(pre):
        pre.tag = "aside"
        pre.set("class", NUMBERS)
        return
    if next(pre.iter("h1", "article", "main"), None) is not None:
        return  # no listing: a page that never closed it
    before = [one for one in _beside(pre) if one is not pre]
    counts = [one for one in _counts_of_lines(pre) if one not in before]
    if all((one.tail or "").startswith(" ") for one in counts):
        for one in counts:
            one.tail = (one.tail or "")[1:]  # what parts the number from the line
    before += counts
    numbers = [one for one in before if _is_numbers(one)]
    for one in before:
        take_out(one)
        if _POPUP.search(one.get("class") or ""):
            one.tag = "aside"
            pre.addprevious(one)
        elif one not in numbers:
            one.tag = "div" if one.tag not in _ASIDE or one.tag in {"header", "nav", "figcaption"} else one.tag
            pre.addprevious(one)
    if numbers:
        column = etree.Element("aside")
        column.set("class", NUMBERS)
        column.text = " ".join(" ".join(text_in(one).split()) for one in numbers)
        if column.text.strip():
            pre.addprevious(column)
    _end_lines(pre)


def _beside(pre: etree._Element) -> list[etree._Element]:
    """What stands in the listing and is no code: numbers, buttons, and the head of one that holds its code as an element."""
    found = [
        one
        for one in pre.iter()
        if isinstance(one.tag, str)
        and one is not pre
        and (
            one.tag in _ASIDE
            or ((names := one.get("class")) and _POPUP.search(names))
            or (names and _NUMBER_CLASS.search(names) and _is_numbers(one))
        )
    ]
    found += [one for one in _beside_code(pre) if one not in found]
    return [one for one in found if not any(above in found for above in one.iterancestors())]


def _counts_of_lines(pre: etree._Element) -> list[etree._Element]:
    """The elements with which all lines of a listing begin, if these count them: 1, 2, 3 ..."""
    rows = [row for row in pre.iter("tr") if len(row) > 1]
    if rows:
        counted = all(text_in(row[0]).strip() == str(number) for number, row in enumerate(rows, 1))
        return [row[0] for row in rows] if counted else []
    numbers: list[etree._Element] = []
    begun, lines = True, 1
    before = pre.text or ""
    for one in pre:
        lines += before.count("\n")
        begun = before.endswith("\n") if before else begun
        text = text_in(one)
        if begun and one.tag == "span" and text.strip() == str(len(numbers) + 1):
            numbers.append(one)
        lines, before = lines + text.count("\n"), one.tail or ""
        begun = text.endswith("\n")
    lines += before.rstrip("\n").count("\n")
    return numbers if len(numbers) == lines > 1 else []


def _beside_code(pre: etree._Element) -> list[etree._Element]:
    """The elements beside the one ``code`` that a listing holds, where no text stands there."""
    codes = [one for one in pre.iter("code") if next(one.iterancestors("code"), None) is None]
    beside: list[etree._Element] = []
    inner = codes[0] if len(codes) == 1 else pre
    while inner is not pre:
        around = inner.getparent()
        if around is None or has_words(around.text) or any(has_words(one.tail) for one in around):
            return []
        beside += [one for one in around if one is not inner and has_words(text_in(one))]
        inner = around
    return beside


def _is_numbers(element: etree._Element) -> bool:
    return _ONLY_NUMBERS.fullmatch(text_in(element)) is not None


def _end_lines(pre: etree._Element) -> None:
    """Give each line its end, and let no element in the listing break it."""
    for around in [pre, *(one for one in pre.iter() if isinstance(one.tag, str) and one is not pre)]:
        lines = [one for one in around if _is_line(one)]
        if around is not pre and all(one.tag == "code" for one in lines) and _is_line_by_name(around):
            continue  # the pieces of one line
        if len(lines) > 1 or (lines and lines[0].tag in {"tr", "li"}):
            _end_each(around, lines)
    for one in pre.iter(*_WRAPPERS):
        one.tag = "span"


def _is_line_by_name(element: etree._Element) -> bool:
    return _LINE_CLASS.search(element.get("class") or "") is not None


def _is_line(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and (
        element.tag in _LINES
        or element.get("data-line") is not None
        or element.get("data-line-number") is not None
        or (element.tag == "span" and _is_line_by_name(element))
    )


def _end_each(around: etree._Element, lines: list[etree._Element]) -> None:
    if around.text and around.text.isspace():
        around.text = None
    for number, line in enumerate(lines):
        text, tail = text_in(line), line.tail or ""
        if len(line) and line[-1].tag == "br" and not has_words(line[-1].tail):
            text += "\n"
        following = line.getnext()
        if has_words(tail) or (following is not None and following.tag == "br"):
            continue
        last = number == len(lines) - 1
        ended = text.endswith("\n") and (line.tag == "span" or not text.strip())
        line.tail = "" if last or ended else "\n"
        if line.tag != "span" and text.endswith("\n") and not last and text.strip():
            _strip_end(line)
        if tail.count("\n") > 1 and line.tag == "span":
            line.tail = tail


def _strip_end(line: etree._Element) -> None:
    """Take the line end away that stands at the end of a line's own text."""
    while len(line) and not line[-1].tail:
        line = line[-1]
    if len(line):
        line[-1].tail = (line[-1].tail or "").rstrip("\n")
    elif line.text:
        line.text = line.text.rstrip("\n")


def _join_single_lines(listings: list[etree._Element]) -> None:
    """Join listings of one line each that follow on: editors of blogs write one so."""
    for pre in listings:
        parent = pre.getparent()
        if parent is None or pre.tag != "pre" or not _is_single(pre):
            continue
        while not has_words(pre.tail):
            following = pre.getnext()
            if following is None or following.tag != "pre" or not _is_single(following):
                break
            if following.get("class") != pre.get("class"):
                break
            line = etree.SubElement(pre, "span")
            line.text, line.tail = following.text, None
            line.extend(list(following))
            if len(pre) > 1:
                pre[-2].tail = (pre[-2].tail or "").rstrip("\n") + "\n"
            else:
                pre.text = (pre.text or "").rstrip("\n") + "\n"
            pre.tail = following.tail
            parent.remove(following)


def _is_single(pre: etree._Element) -> bool:
    return "\n" not in text_in(pre).strip() and next(pre.iter("br"), None) is None
