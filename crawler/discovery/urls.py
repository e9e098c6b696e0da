"""Which URLs count as the same, and whose they are."""

from __future__ import annotations

import re
from hashlib import blake2b

# Parameters that say how the reader came, not what is read.  Only names that nothing else uses: dropping one that
# matters would lose a page, keeping one that does not costs a second copy.
# fmt: off
_TRACKING = frozenset((
    "fbclid", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
    "li_fat_id", "igsh", "igshid", "mc_cid", "mc_eid", "pk_campaign", "pk_kwd", "pk_source", "pk_medium",
    "pk_content", "pk_cid", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "vero_id",
    "oly_anon_id", "oly_enc_id", "wickedid", "srsltid", "cmpid", "ncid", "xtor", "_ga", "_gl",
    "replytocom",  # WordPress: the same page with its comment form in another place
    "jsessionid", "phpsessid",
))
# fmt: on
_TRACKING_FAMILIES = ("utm_", "mtm_", "aspsessionid")
_PATH_SESSION = re.compile(r";jsessionid=[0-9a-z.!_-]*", re.IGNORECASE)


def host_of(url: str) -> str:
    """Host and, when it is not the scheme's own, port of a normalised URL: what politeness is kept towards."""
    host, _, _ = url.partition("://")[2].partition("/")
    return host


def dedupe_key(url: str) -> str:
    """What counts as the same URL: a normalised *url* without the parameters that only track its reader or session.

    Nothing else is folded (scheme, "www.", case, order, empty parameters, trailing slashes): servers are free to tell
    such URLs apart, and an archive that holds both is right either way.
    """
    if ";" in url:
        url = _PATH_SESSION.sub("", url)
    if "?" not in url:
        return url
    start, _, query = url.partition("?")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _only_tracks(pair)]
    if len(kept) == len(pairs):
        return url
    return f"{start}?{'&'.join(kept)}" if kept else start


def _only_tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_FAMILIES)


def fingerprint(key: str) -> bytes:
    """16 bytes that stand for *key* (BLAKE2b)."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
