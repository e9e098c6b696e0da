"""A formula that KaTeX drew as HTML alone, written as LaTeX again.

KaTeX sets fractions, powers, roots and limits as a column ("vlist") of rows at distances from the line; what each column is
says the class of the element around it (KaTeX 0.16, src/buildHTML.ts).  What is unknown is written as its parts are.
"""

from __future__ import annotations

from lxml import etree

from broadsheet.pipelines.extract.page.elements import text_in
from broadsheet.pipelines.extract.page.mathml import FUNCTIONS, signs_in_latex

_MAX_DEPTH = 80
_UNSEEN = frozenset(
    {"strut", "pstrut", "vlist-s", "nulldelimiter", "frac-line", "hide-tail", "katex-mathml", "overline-line"}
)
_COLUMNS = ("mfrac", "msupsub", "op-limits", "sqrt", "accent")


def latex_of_katex(drawn: etree._Element) -> str:
    """The formula of an element of class ``katex-html``."""
    return " ".join(_written(drawn, 0).split())


def _written(element: etree._Element, depth: int) -> str:
    classes = (element.get("class") or "").split()
    if depth > _MAX_DEPTH or not _UNSEEN.isdisjoint(classes):
        return ""
    if "text" in classes:
        return f"\\text{{{text_in(element)}}}"
    if "mspace" in classes:
        return " "
    if "mop" in classes and (name := text_in(element).strip()) in FUNCTIONS:
        return f"\\{name}"
    kind = next((one for one in _COLUMNS if one in classes), None)
    rows = _rows(element) if kind is not None else []
    if rows:
        return _column(kind or "", [_written(row, depth + 1).strip() for row in rows], deep=_is_deep(element))
    parts = [signs_in_latex(element.text or "")]
    for child in element:
        parts.append(_written(child, depth + 1))
        parts.append(signs_in_latex(child.tail or ""))
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    """The parts, with a space where a command would run into a letter."""
    text = ""
    for part in parts:
        command = text[text.rfind("\\") + 1 :] if "\\" in text else ""
        text += (" " if part[:1].isalpha() and command.isalpha() else "") + part
    return text


def _column(kind: str, rows: list[str], *, deep: bool) -> str:
    """What the *rows* of a column are, the lowest first; *deep*: it goes below the line."""
    seen = [row for row in rows if row]
    if kind == "mfrac" and len(seen) == 2:
        return f"\\frac{{{seen[1]}}}{{{seen[0]}}}"
    if kind == "sqrt" and seen:
        return f"\\sqrt{{{seen[0]}}}"
    if kind == "msupsub" and len(seen) == 2:
        return f"_{{{seen[0]}}}^{{{seen[1]}}}"
    if kind == "msupsub" and len(seen) == 1:
        return f"{'_' if deep else '^'}{{{seen[0]}}}"
    if kind == "op-limits" and len(seen) == 3:
        return f"{seen[1]}_{{{seen[0]}}}^{{{seen[2]}}}"
    if kind == "op-limits" and len(seen) == 2:
        return f"{seen[1]}_{{{seen[0]}}}" if deep else f"{seen[0]}^{{{seen[1]}}}"
    return seen[0] if kind == "accent" and seen else " ".join(seen)


def _rows(element: etree._Element) -> list[etree._Element]:
    """The rows of the column that *element* holds, the lowest first."""
    column = next((one for one in element.iter("span") if (one.get("class") or "") == "vlist"), None)
    return [] if column is None else sorted(column, key=_top, reverse=True)


def _is_deep(element: etree._Element) -> bool:
    table = next((one for one in element.iter("span") if "vlist-t" in (one.get("class") or "")), None)
    return table is not None and "vlist-t2" in (table.get("class") or "")


def _top(row: etree._Element) -> float:
    """How far below the line a row stands, in em."""
    for declaration in (row.get("style") or "").split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() == "top":
            try:
                return float(value.strip().removesuffix("em"))
            except ValueError:
                return 0.0
    return 0.0
