"""Host names beyond ASCII, as browsers write them: UTS #46 without transitional mapping (WHATWG URL, "domain to ASCII").

``straße.example`` is ``xn--strae-oqa.example``, not the ``strasse.example`` that IDNA 2003 (RFC 3490) made of it: that is
another host.  Emoji, which IDNA 2008 forbids and browsers look up, have their names, too.
"""

from __future__ import annotations

import idna


def ascii_host(host: str) -> str:
    """*host* in ASCII, each label beyond it in punycode; one that has no such form is given back as it is."""
    if host.isascii():
        return host
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
        return ".".join(_label(label) for label in mapped.split("."))
    except (idna.IDNAError, UnicodeError):
        return host


def _label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
