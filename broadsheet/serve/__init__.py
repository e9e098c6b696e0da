"""``broadsheet serve``: collections as web pages on this machine, to search, read, compare, check and replay.

A page is a function from a request to a `View` (view.py): a dataclass, which is its ``.json``, and the template that shows it.
State lives in the URL, and everything works without scripts.

    run         the two servers on 127.0.0.1: the pages' own, and that of archived pages
    app         which path is which page
    security    who may ask (Host, Origin), and what a page may load (Content-Security-Policy)
    served      a collection that is served: its folder, its search index, its captures
    access      the CDX server API and Memento, for programs that read web archives
    archived    pages as they were, scripts off, on an origin of their own
"""
