"""What a script loads by a literal: modules, workers, files beside it, data that fill the page.

A static look for the forms that name a URL in a plain string, as bundlers write them too:

    import x from "./a.js"; import "./a.js"; export * from "./a.js"; import("./a.js")
    new Worker("w.js"), new SharedWorker(..), importScripts("a.js"), navigator.serviceWorker.register("sw.js")
    new URL("a.wasm", import.meta.url)
    fetch("news.json"), $.getJSON("news.json"), axios.get("news.json"), request.open("GET", "news.json")
    $.get("/list"), $.ajax({url: "/list"}), $(...).load("/list.html #part")
    const API = "/api"; fetch(API + "/news"), fetch(`${API}/news`): of short scripts, if nothing else is called API

A relative name in a file of its own is resolved against that file; a browser takes the page for some of these forms, which
is the same where both lie in one folder.  What is sent by another method than GET is not asked for.  Names that are no URL
("react") are looked up in the page's import map, if there is one.  Strings that a script puts together are only known to
one who runs it, but for a literal that the clock or the dice end (``"news.json?_=" + Date.now()``): it is asked for as
it is, and replay finds it, since it leaves such a parameter out of account.  A match
within a comment costs one needless request; a JavaScript parser costs a second a megabyte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import MAX_REQUISITES, Gathering, Requisite

_SHORT = 16 * 1024  # characters of a script that is remembered
MAX_SCRIPT = 8 * 1024 * 1024  # characters of a script that are looked at
_STRING = r"""(?:"([^"\\\n]{1,2000})"|'([^'\\\n]{1,2000})')"""
_QUOTED = r"""(?:"[^"\\\n]{0,200}"|'[^'\\\n]{0,200}')"""
_NEW_EACH_TIME = r"\(?\+?(?:Date\.now\(|Math\.random\(|(?:\(?new\ Date\b))"
# Each form begins with its own word.  The words alone are searched for, seven times as fast as the forms.
_WORDS = re.compile("import|from|Worker|SharedWorker|register|URL|fetch|getJSON|axios|open")
_FORMS = re.compile(
    rf"""\b(?:
        (import|from)\s{{0,20}}\(?\s{{0,20}}{_STRING}
      | (Worker|SharedWorker|importScripts|register)\s{{0,20}}\(\s{{0,20}}{_STRING}
      | (URL)\s{{0,20}}\(\s{{0,20}}{_STRING}\s{{0,20}},\s{{0,20}}import\.meta\.url
      | (fetch|getJSON|axios\.get|open\(\s{{0,20}}["']GET["']\s{{0,20}},)\s{{0,20}}\(?\s{{0,20}}
        (?:{_STRING}|`([^`$\\\n]{{1,2000}})`)\s{{0,20}}(?:[,)]|\+\s{{0,20}}{_NEW_EACH_TIME})
    )""",
    re.VERBOSE,
)
_NAMED = re.compile(  # data that is asked for by the name of a string
    rf"""\b(fetch|getJSON|axios\.get|open\(\s{{0,20}}["']GET["']\s{{0,20}},)\s{{0,20}}\(?\s{{0,20}}
        (?:([A-Za-z_$][\w$]{{0,60}})(?:\s{{0,20}}\+\s{{0,20}}{_STRING})?|`\$\{{([A-Za-z_$][\w$]{{0,60}})\}}([^`$\\\n]{{0,2000}})`)
        \s{{0,20}}[,)]""",
    re.VERBOSE,
)
_AJAX = re.compile(  # jQuery's
    rf"""(?:\$|\bjQuery)\.(get)\(\s{{0,20}}{_STRING}\s{{0,20}}[,)]
      | (?:\$|\bjQuery)\.(ajax)\(\s{{0,20}}\{{(?:[^{{}}"']|{_QUOTED}){{0,100}}?
        \burl["']?\s{{0,20}}:\s{{0,20}}{_STRING}\s{{0,20}}[,}}]
      | (?:\$|\bjQuery)\([^()]{{1,100}}\)\.(load)\(\s{{0,20}}{_STRING}\s{{0,20}}[,)]""",
    re.VERBOSE,
)
_POSTS = re.compile(r"""\b(?:type|method)["']?\s{0,20}:\s{0,20}["'](?!GET)""", re.IGNORECASE)
_NO_IMPORTS: Mapping[str, str] = MappingProxyType({})
_TEMPLATE = re.compile(r"[\s{}<>]")  # a name with a hole that the script fills
_SPECIFIER = ("/", "./", "../", "http://", "https://")


def script_requisites(script: str, base_url: str, *, limit: int = MAX_REQUISITES) -> tuple[Requisite, ...]:
    """What the JavaScript *script* at *base_url* loads by literals; each URL once, in order.  Never raises."""
    gathering = Gathering(base_url, limit=limit)
    read_script(script, gathering)
    return gathering.found


def read_script(script: str, gathering: Gathering, imports: Mapping[str, str] = _NO_IMPORTS) -> None:
    """Add what the JavaScript *script* loads by literals to *gathering*; *imports* are those of the page's import map."""
    for match in _forms_of_short(script) if len(script) <= _SHORT else _forms_in(script[:MAX_SCRIPT]):
        module, double, single, loader, double2, single2, url, double3, single3, asked, *data = match.groups()
        if module is not None:
            specifier = double or single
            if specifier.startswith(_SPECIFIER):
                gathering.add(specifier, Kind.SCRIPT, "script/import")
            elif imports and (mapped := _mapped(specifier, imports)):
                gathering.add(mapped, Kind.SCRIPT, "script/import")
        elif loader is not None:
            _load(gathering, loader, double2 or single2)
        elif url is not None:
            gathering.add(double3 or single3, Kind.DATA, "script/new URL()")
        elif not _says_method(script, match):
            _ask(gathering, asked.partition("(")[0], next(filter(None, data)))
    if "ajax(" in script or ".get(" in script or ".load(" in script:
        for how, reference in _asked_with_jquery(script[:MAX_SCRIPT]):
            _ask(gathering, how, reference)
    if len(script) <= _SHORT:
        for how, reference in _data_by_name(script):
            _ask(gathering, how, reference)


def _mapped(specifier: str, imports: Mapping[str, str]) -> str | None:
    """What *specifier* is by an import map (WHATWG HTML, 8.1.6.2): by itself, or by the longest prefix that ends in a slash."""
    if specifier in imports:
        return imports[specifier]
    prefixes = [key for key in imports if key.endswith("/") and specifier.startswith(key)]
    longest = max(prefixes, key=len, default=None)
    if longest is None or not imports[longest].endswith("/"):
        return None
    return imports[longest] + specifier[len(longest) :]


def _forms_in(script: str) -> Iterator[re.Match[str]]:
    position = 0
    while (word := _WORDS.search(script, position)) is not None:
        match = _FORMS.match(script, word.start())
        if match is not None:
            yield match
        position = (match or word).end()


@lru_cache(maxsize=256)  # the scripts within the pages of a site are mostly the same
def _forms_of_short(script: str) -> tuple[re.Match[str], ...]:
    return tuple(_forms_in(script))


def _asked_with_jquery(script: str) -> Iterator[tuple[str, str]]:
    """What *script* asks for with jQuery, and how; what it sends by another method than GET is left alone."""
    for match in _AJAX.finditer(script):
        how = match[1] or match[4] or match[7]
        reference = next(filter(None, (match[2], match[3], match[5], match[6], match[8], match[9])))
        options = match[0] + script[match.end() : match.end() + 300].partition("})")[0]
        if how != "ajax" or _POSTS.search(options) is None:
            yield how, reference.partition(" ")[0]


@lru_cache(maxsize=256)
def _data_by_name(script: str) -> tuple[tuple[str, str], ...]:
    """What *script* asks for by the name of a string that it holds, and how."""
    found = []
    for match in _NAMED.finditer(script):
        asked, name, double, single, holder, rest = match.groups()
        start = _string_called(script, name or holder)
        if start is not None and not _says_method(script, match):
            found.append((asked.partition("(")[0], start + (double or single or rest or "")))
    return tuple(found)


def _string_called(script: str, name: str) -> str | None:
    """The string that *name* always stands for in *script*."""
    given = re.findall(
        rf"(?<![\w$.]){re.escape(name)}\s{{0,20}}=(?![=>])\s{{0,20}}(?:{_STRING}\s{{0,20}}[;,\n)]|)", script
    )
    return (given[0][0] or given[0][1] or None) if len(given) == 1 else None


def _load(gathering: Gathering, loader: str, reference: str) -> None:
    # "register" is many things' name: a service worker's is a script file.
    if loader != "register" or reference.partition("?")[0].endswith((".js", ".mjs")):
        gathering.add(reference, Kind.SCRIPT, f"script/{loader}()")


def _says_method(script: str, match: re.Match[str]) -> bool:
    """Whether options that name a method follow: hardly for the sake of GET."""
    options = script[match.end() : match.end() + 300].partition(";")[0].lstrip()
    return match.group().endswith(",") and options.startswith("{") and "method" in options


def _ask(gathering: Gathering, how: str, reference: str) -> None:
    if not _TEMPLATE.search(reference):
        gathering.add(reference, Kind.DATA, f"script/{how}()")
