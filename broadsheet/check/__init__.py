"""Capture quality: what article pages need, compared with what was captured, without a browser and with one.

pages            the pages that are checked, a sample that is the same each time
page_requisites  a page -> everything it names, and what that names in turn
fates            a URL -> captured, fuzzy, gone, failed, never asked, left out; and why
browser_view     a page replayed in a browser: what it missed there
quality          the result
"""
