"""Registered domains by the Public Suffix List (publicsuffix.org): below what anybody may register a name, and what was.

The list is the one that tldextract brings (no network, ever).  Its file is read, not its code: that loads an HTTP client and
makes an object of every label, .4 s of CPU in each process that asks for one domain.  What is found is what tldextract finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import idna

_SNAPSHOT = ".tld_set_snapshot"
_PRIVATE = "// ===BEGIN PRIVATE DOMAINS==="
_COMMENT = "//"
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")  # full stops of other scripts, which IDNA takes for dots


@lru_cache(maxsize=4096)
def registered_domain(host: str, *, private: bool = False) -> str | None:
    """The domain under a public suffix that *host* belongs to, ``bbc.co.uk``; None for addresses, suffixes and single names.

    With *private*, suffixes count that their owners have entered, too: two blogs at github.io are two domains.
    """
    labels = _labels(host)
    first = _suffix_at(labels, private)
    return ".".join(labels[first - 1 :]) if first and labels[first - 1] else None


def is_public_suffix(domain: str, *, private: bool = False) -> bool:
    """Whether anybody may have a name below *domain*: com, co.uk; github.io, with *private*."""
    labels = _labels(domain)
    first = _suffix_at(labels, private)
    return first is not None and ".".join(labels[first:]) == domain


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of the list, and with them all that they are below: ``uk`` of ``co.uk``."""

    rules: frozenset[str]
    nodes: frozenset[str]


def _labels(host: str) -> list[str]:
    return host.partition(":")[0].strip().translate(_DOTS).rstrip(".").split(".")


def _suffix_at(labels: list[str], private: bool) -> int | None:
    """Which of *labels* the public suffix begins with; None where there is none."""
    known = _rules(private)
    found, tail = None, ""
    for at in range(len(labels) - 1, -1, -1):
        label = _in_unicode(labels[at])
        longer = f"{label}{tail}"
        if longer in known.nodes:
            if longer in known.rules:
                found = at
            tail = f".{longer}"
        elif f"*{tail}" in known.rules:
            return at + 1 if f"!{longer}" in known.rules else at
        else:
            break
    return found


def _in_unicode(label: str) -> str:
    """*label* as the list writes it."""
    label = label.lower()
    if label.startswith("xn--"):
        try:
            return idna.decode(label)
        except (UnicodeError, IndexError):
            return label
    return label


@cache
def _rules(private: bool) -> _Rules:
    rules = _rules_of_snapshot(private) or _rules_of_library(private)
    nodes = set(rules)
    for rule in rules:
        _, dot, parent = rule.partition(".")
        while dot and parent not in nodes:
            nodes.add(parent)
            _, dot, parent = parent.partition(".")
    return _Rules(rules, frozenset(nodes))


def _rules_of_snapshot(private: bool) -> frozenset[str]:
    """The rules in the file that tldextract brings; none where a version of it has no such file."""
    spec = find_spec("tldextract")
    snapshot = None if spec is None or spec.origin is None else Path(spec.origin).with_name(_SNAPSHOT)
    if snapshot is None or not snapshot.is_file():
        return frozenset()
    public, _, entered = snapshot.read_text("utf-8").partition(_PRIVATE)
    words = (line.split(None, 1) for line in (public + entered if private else public).splitlines())
    return frozenset(word[0] for word in words if word and not word[0].startswith(_COMMENT))


def _rules_of_library(private: bool) -> frozenset[str]:
    import tldextract  # noqa: PLC0415 - heavy

    extract = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=private)
    return frozenset(extract.tlds)
