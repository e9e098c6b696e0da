"""Archived pages, scripts off, on an origin of their own.

app        ``/COLLECTION/TIMESTAMP/URL`` -> the capture closest to that time, rewritten
raw        ``/COLLECTION/TIMESTAMPid_/URL`` -> the bytes of a capture
rewriting  HTML and CSS whose addresses lead back into the archive
"""

from broadsheet.serve.archived.app import create_archived_app as create_archived_app
