"""MathML written as LaTeX, for formulas that state no LaTeX of their own (MathML Core, W3C).

Presentation elements alone; what is unknown is written as its children are.  What is nested deeper than MAX_DEPTH is left out.
"""

from __future__ import annotations

from lxml import etree

from broadsheet.pipelines.extract.page.elements import text_in

MAX_DEPTH = 60
_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
    "Ψ": "Psi", "Ω": "Omega", "×": "times", "÷": "div", "·": "cdot", "⋅": "cdot", "±": "pm", "∓": "mp", "≤": "leq",
    "≥": "geq", "≠": "neq", "≈": "approx", "≡": "equiv", "∼": "sim", "∝": "propto", "∞": "infty", "∂": "partial",
    "∇": "nabla", "∑": "sum", "∏": "prod", "∫": "int", "∬": "iint", "∮": "oint", "√": "surd", "∈": "in", "∉": "notin",
    "⊂": "subset", "⊆": "subseteq", "⊃": "supset", "∪": "cup", "∩": "cap", "∅": "emptyset", "∀": "forall",
    "∃": "exists", "¬": "neg", "∧": "wedge", "∨": "vee", "→": "to", "←": "leftarrow", "⇒": "Rightarrow",
    "⇔": "Leftrightarrow", "↔": "leftrightarrow", "↦": "mapsto", "…": "ldots", "⋯": "cdots", "⋮": "vdots",
    "⟨": "langle", "⟩": "rangle", "⊕": "oplus", "⊗": "otimes", "∘": "circ", "°": "circ", "ℓ": "ell", "ℏ": "hbar",
    "ℝ": "mathbb{R}", "ℕ": "mathbb{N}", "ℤ": "mathbb{Z}", "ℚ": "mathbb{Q}", "ℂ": "mathbb{C}", "‖": "|", "{": "{",
    "}": "}", "%": "%", "#": "#", "&": "&", "$": "$", "_": "_",
}  # fmt: skip
_LETTERS = {ord(sign): f"\\{name}" for sign, name in _NAMES.items()}
_LETTERS[ord("−")] = "-"
_UNSEEN = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"), None)  # function application, invisible times ...
FUNCTIONS = frozenset(
    "sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln lg exp lim max min sup inf det dim ker gcd arg".split()  # noqa: SIM905
)
_ACCENTS = {
    "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "¯": "bar", "‾": "overline", "→": "vec", "⃗": "vec", "˙": "dot",
    ".": "dot", "¨": "ddot", "⏞": "overbrace", "_": "underline", "̲": "underline", "⏟": "underbrace",
}  # fmt: skip
_LIMITS = ("\\sum", "\\prod", "\\int", "\\lim", "\\max", "\\min", "\\sup", "\\inf", "\\bigcup", "\\bigcap")
_FONTS = {"bold": "mathbf", "double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak", "normal": "mathrm"}
_SKIPPED = frozenset({"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"})


def latex_of(math: etree._Element) -> str:
    """The LaTeX of the element *math*, without delimiters; "" when nothing is in it."""
    return " ".join(_write(math, 0).split())


def local_name(element: etree._Element) -> str:
    """The tag of *element* without a prefix (``mml:mi``), in lower case; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _text(element: etree._Element) -> str:
    return " ".join(text_in(element).split()).translate(_UNSEEN)


def signs_in_latex(text: str) -> str:
    """*text* with letters and signs by their names; a space ends a name before a letter."""
    out: list[str] = []
    for char in text:
        written = char.translate(_LETTERS)
        if out and out[-1][-1].isalpha() and out[-1][0] == "\\" and written[0].isalpha():
            out.append(" ")
        out.append(written)
    return "".join(out)


def _row(element: etree._Element, depth: int) -> str:
    parts = [written for child in element if (written := _write(child, depth + 1))]
    return " ".join(parts)


def _group(written: str) -> str:
    return f"{{{written}}}"


def _base(written: str) -> str:
    """What a script is put on: in braces where it is more than one sign."""
    simple = len(written) <= 1 or (written[0] == "\\" and written[1:].isalpha())
    return written if simple else _group(written)


def _write(element: etree._Element, depth: int) -> str:  # noqa: PLR0912 - a case for each element
    name = local_name(element)
    if not name or name in _SKIPPED or depth > MAX_DEPTH:
        return ""
    parts = [child for child in element if local_name(child)]

    def part(number: int) -> str:
        return _write(parts[number], depth + 1) if number < len(parts) else ""

    match name:
        case "mi":
            return _identifier(element)
        case "mn":
            return signs_in_latex(_text(element))
        case "mo":
            return _operator(_text(element))
        case "mtext" | "ms":
            text = _text(element)
            return f"\\text{{{text}}}" if text.strip() else ""
        case "mspace":
            return "\\;" if (element.get("width") or "").strip() not in {"", "0", "0em", "0px"} else ""
        case "mfrac":
            if (element.get("linethickness") or "1").strip("pxemt ") in {"0", "0.0"}:
                return f"\\binom{{{part(0)}}}{{{part(1)}}}"
            return f"\\frac{{{part(0)}}}{{{part(1)}}}"
        case "msqrt":
            return f"\\sqrt{{{_row(element, depth)}}}"
        case "mroot":
            return f"\\sqrt[{part(1)}]{{{part(0)}}}"
        case "msup":
            return _base(part(0)) + ("'" * len(part(1)) if set(part(1)) == {"'"} else f"^{_group(part(1))}")
        case "msub":
            return f"{_base(part(0))}_{_group(part(1))}"
        case "msubsup":
            return f"{_base(part(0))}_{_group(part(1))}^{_group(part(2))}"
        case "mover" | "munder" | "munderover":
            return _above_and_below(name, part)
        case "mfenced":
            marks = (element.get("separators") or ",").strip() or ","
            inner = f" {marks[0]} ".join(_write(child, depth + 1) for child in parts)
            return f"{_operator(element.get('open') or '(')}{inner}{_operator(element.get('close') or ')')}"
        case "mtable":
            rows = [
                " & ".join(_row(cell, depth + 2) for cell in row if local_name(cell) == "mtd")
                for row in parts
                if local_name(row) in {"mtr", "mlabeledtr"}
            ]
            lines = " \\\\ ".join(rows)
            return f"\\begin{{matrix}} {lines} \\end{{matrix}}"
        case "semantics":
            return part(0)
    return _row(element, depth) or ("" if parts else signs_in_latex(_text(element)))


def _identifier(element: etree._Element) -> str:
    text = _text(element)
    if text in FUNCTIONS:
        return f"\\{text}"
    font = _FONTS.get(element.get("mathvariant") or "")
    if font is not None and (font != "mathrm" or len(text) > 1):
        return f"\\{font}{{{signs_in_latex(text)}}}"
    return f"\\operatorname{{{text}}}" if len(text) > 1 and text.isalpha() and text.isascii() else signs_in_latex(text)


def _operator(text: str) -> str:
    if text in FUNCTIONS:
        return f"\\{text}"
    return "'" if text in {"′", "'"} else signs_in_latex(text)


def _above_and_below(name: str, part: object) -> str:
    read = part  # the children by number
    assert callable(read)
    base, one = read(0), read(1)
    if name == "munderover":
        other = read(2)
        return f"{base if base.startswith(_LIMITS) else _base(base)}_{_group(one)}^{_group(other)}"
    plain = next((sign for sign, written in _NAMES.items() if one == f"\\{written}"), one)
    accent = _ACCENTS.get(plain)
    if accent is not None:
        return f"\\{accent}{_group(base)}"
    if base.startswith(_LIMITS):
        return f"{base}{'^' if name == 'mover' else '_'}{_group(one)}"
    return f"\\{'over' if name == 'mover' else 'under'}set{_group(one)}{_group(base)}"
