"""What a script loads by a literal: modules, workers, files beside it.

A static look for the forms that name a URL in a plain string, as bundlers write them too:

    import x from "./a.js"; import "./a.js"; export * from "./a.js"; import("./a.js")
    new Worker("w.js"), new SharedWorker(..), importScripts("a.js"), navigator.serviceWorker.register("sw.js")
    new URL("a.wasm", import.meta.url)

Names that are no URL ("react") are an import map's business.  Strings that a script puts together are only known to
one who runs it.  A match within a comment costs one needless request; a JavaScript parser costs a second a megabyte.
"""

from __future__ import annotations

import re

from crawler.requisites.requisite import MAX_REQUISITES, Gathering, Kind, Requisite

MAX_SCRIPT = 8 * 1024 * 1024  # characters of a script that are looked at
_STRING = r"""(?:"([^"\\\n]{1,2000})"|'([^'\\\n]{1,2000})')"""
# Each form begins with its own word, so the search goes from word to word.
_FORMS = re.compile(
    rf"""\b(?:
        (import|from)\s{{0,20}}\(?\s{{0,20}}{_STRING}
      | (Worker|SharedWorker|importScripts|register)\s{{0,20}}\(\s{{0,20}}{_STRING}
      | (URL)\s{{0,20}}\(\s{{0,20}}{_STRING}\s{{0,20}},\s{{0,20}}import\.meta\.url
    )""",
    re.VERBOSE,
)
_SPECIFIER = ("/", "./", "../", "http://", "https://")


def script_requisites(script: str, base_url: str, *, limit: int = MAX_REQUISITES) -> tuple[Requisite, ...]:
    """What the JavaScript *script* at *base_url* loads by literals; each URL once, in order.  Never raises."""
    gathering = Gathering(base_url, limit=limit)
    read_script(script, gathering)
    return gathering.found


def read_script(script: str, gathering: Gathering) -> None:
    """Add what the JavaScript *script* loads by literals to *gathering*."""
    for match in _FORMS.finditer(script[:MAX_SCRIPT]):
        module, double, single, loader, double2, single2, _, double3, single3 = match.groups()
        if module is not None:
            specifier = double or single
            if specifier.startswith(_SPECIFIER):
                gathering.add(specifier, Kind.SCRIPT, "script/import")
        elif loader is not None:
            _load(gathering, loader, double2 or single2)
        else:
            gathering.add(double3 or single3, Kind.DATA, "script/new URL()")


def _load(gathering: Gathering, loader: str, reference: str) -> None:
    # "register" is many things' name: a service worker's is a script file.
    if loader != "register" or reference.partition("?")[0].endswith((".js", ".mjs")):
        gathering.add(reference, Kind.SCRIPT, f"script/{loader}()")
