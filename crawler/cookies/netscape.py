r"""cookies.txt: cookies as browsers export them, and as wget, curl and yt-dlp read them.

    # Netscape HTTP Cookie File
    .example.org \t TRUE \t / \t FALSE \t 1893456000 \t name \t value

Seven fields, tabs between: domain, whether it holds below it, path, whether for https alone, when it ends (seconds since
1970, 0 for never), name, value.  ``#HttpOnly_`` before the domain is a mark, not a comment.
"""

from __future__ import annotations

from pathlib import Path

from broadsheet.archive.errors import BadInput, from_os_error
from broadsheet.crawler.cookies.cookie import Cookie

_FIELDS = 7
_HOW = "Export it anew as cookies.txt in the Netscape format: seven fields a line, tabs between."


def read_cookies(path: Path) -> tuple[Cookie, ...]:
    """The cookies in the file at *path*.

    Raises:
        BadInput: there is no such file, or a line of it is no cookie.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise from_os_error(error, str(path)) from error
    except UnicodeDecodeError as error:
        raise BadInput(str(path), "is not a text file in UTF-8", _HOW) from error
    cookies = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.removeprefix("#HttpOnly_")
        if line.strip() and not line.startswith("#"):
            cookies.append(_cookie(line, f"{path}, line {number}"))
    if not cookies:
        raise BadInput(str(path), "holds no cookies", _HOW)
    return tuple(cookies)


def _cookie(line: str, place: str) -> Cookie:
    fields = line.split("\t")
    if len(fields) == _FIELDS - 1:  # an empty value, and an editor that cut the end of the line
        fields.append("")
    if len(fields) != _FIELDS:
        raise BadInput(place, f"has {len(fields)} fields", _HOW)
    domain, below, path, secure, expires, name, value = fields
    try:
        end = float(expires or 0)
    except ValueError as error:
        raise BadInput(place, f"{expires[:40]!r} is no time", _HOW) from error
    return Cookie(
        name,
        value,
        domain.removeprefix(".").lower(),
        path if path.startswith("/") else "/",
        host_only=below.upper() != "TRUE",
        secure=secure.upper() == "TRUE",
        expires=end or None,
    )
