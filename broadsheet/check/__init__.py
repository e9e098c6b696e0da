"""Capture quality: what article pages need, held against what was captured, without a browser and with one.

pages     the pages that are asked about, a sample that is the same each time
needs     a page -> everything it names, and what that names in turn
fates     a URL -> captured, gone, failed, never asked, left out; and why
look      a page replayed in a browser: what it missed there
quality   what comes of it
"""
