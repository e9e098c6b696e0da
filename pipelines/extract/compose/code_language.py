"""The programming language of a listing, as the classes and attributes of the elements in and around it name it."""

from __future__ import annotations

import re

from lxml import etree

from broadsheet.pipelines.extract.page.blocks import Node

_LANGUAGE_CLASS = re.compile(
    r"(?:^|[\s{])(?:language|lang|(?:mw-)?highlight-(?:source|text|lang)|brush:?|syntax)[-:\s]\s*([\w+#.-]{1,20})|"
    r"(?:^|\s)(?:sourceCode|hljs|prettyprint|chroma|brush:|highlight|CodeMirror-|codehilite)\s+(?!lang|hl-)([a-z][\w+#.-]{0,19})(?=\s|$)",
    re.IGNORECASE,
)
# "code-python", "highlight-python", "type-python", "src-python", and "code-viewer"
_CODE_CLASS = re.compile(
    r"(?:^|[\s{])(?:code|highlight|type|src|hl)[-:\s]\s*(?!src-|hl-)([\w+#.-]{1,20})", re.IGNORECASE
)
_NO_LANGUAGE = frozenset(
    """plain plaintext text txt none nohighlight auto block box wrapper wrap snippet linenums notranslate hljs copy
    inline toolbar numbers line-numbers sourcecode prettyprinted prettyprint highlight default example code content
    container nocode language default-theme tab-size""".split()  # noqa: SIM905
)
_KNOWN = frozenset(
    """asm awk bash basic batch c clojure cmake cpp c++ csharp c# css cuda d dart delphi diff dockerfile elixir elm
    erlang fortran fsharp go graphql groovy haskell html http ini java javascript js json jsx julia kotlin latex
    less lisp lua makefile markdown matlab nginx nix objc objectivec ocaml pascal perl php powershell prolog
    protobuf py python python3 ipython ipython3
    pycon r racket ruby rb rust rs sass scala scheme scss sh shell solidity sql swift tcl terraform tex
    toml ts tsx typescript vb vbnet verilog vhdl vim vue xml yaml yml zig console""".split()  # noqa: SIM905
)
_STATING = ("data-lang", "data-language", "data-code-language", "data-enlighter-language")
_FEW = 3  # children of an element that holds no more than a listing
_AROUND = 10  # elements around a listing that may name its language


def language_of(listing: Node) -> str:
    """The language that the elements in and around a listing name; "" for none."""
    element = listing.element
    inner = next((one for one in element.iter("code")), None)
    around: list[etree._Element] = [] if inner is None or inner is element else [inner]
    around.append(element)
    around += [above for above, _ in zip(element.iterancestors(), range(_AROUND), strict=False)]
    for one in around:
        found = _named_language(one)
        if found:
            return found
        if one is not element and one is not inner and len(one) > _FEW:
            break  # it holds more than the listing
    return ""


def _named_language(element: etree._Element) -> str:
    stated = next((value for name in _STATING if (value := element.get(name))), "")
    classes = f"{element.get('class') or ''} {element.get('data-syntaxhighlighter-params') or ''}"
    names = [stated, *(found[1] or found[2] or "" for found in _LANGUAGE_CLASS.finditer(classes))]
    names += [name for name in _CODE_CLASS.findall(classes) if name.lower() in _KNOWN]
    for name in names:
        if name and name.lower() not in _NO_LANGUAGE and name[0].isalpha():
            return name.lower().removesuffix(";")
    if element.tag in {"pre", "code"}:
        return next((one.lower() for one in classes.split() if one.lower() in _KNOWN), "")
    return ""
