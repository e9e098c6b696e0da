"""``broadsheet extract --explain``: one page from a file, a collection or the net, and its blocks with roles and reasons."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.text import Text

from broadsheet.api import Collection
from broadsheet.archive.addresses import private_place
from broadsheet.archive.capture import UNDATED
from broadsheet.archive.errors import BadInput, from_os_error
from broadsheet.archive.http import decode_content, parse_response_head, remove_transfer_coding
from broadsheet.cli.shared import Face, url_argument
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from broadsheet.crawler.discovery.links import redirect_links
from broadsheet.crawler.politeness.robots import REDIRECTS
from broadsheet.crawler.robots import MAX_REDIRECTS
from broadsheet.pipelines.extract.article import ArticleExtractor, extractor_of
from broadsheet.pipelines.extract.explain import ExplainedBlock, Explanation, explain
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.page.page import open_page
from broadsheet.pipelines.extract.roles.role import Role, RoleGroup

MAX_PAGE = 64 * 1024 * 1024  # bytes
_USER_AGENT = "Mozilla/5.0 (compatible; broadsheet)"
_COLOURS = {RoleGroup.BODY: "green", RoleGroup.HEAD: "cyan", RoleGroup.PICTURE: "magenta"}


def explain_page(page: str, directory: Path | None) -> Explanation:
    """Explain *page*: a file with HTML; a URL, of the collection *directory* when there is one, else fetched now.

    Raises:
        BadInput: there is no such page, or no HTML in it.
    """
    page = page.strip()
    extractor = ArticleExtractor() if directory is None else extractor_of(str(directory))
    if "://" not in page and Path(page).exists():
        record = _from_file(Path(page))
    elif directory is not None:
        record = _from_collection(page, directory)
    else:
        record = asyncio.run(_from_net(url_argument(page)))
    opened = open_page(record)
    if opened is None:
        raise BadInput(page, "holds no HTML", "Name a page of an article.")
    return explain(extractor.read(opened))


def show_explanation(face: Face, explanation: Explanation) -> None:
    """Print *explanation*."""
    if face.as_json:
        face.print_json(explanation)
        return
    out = face.out()
    found = (("title", explanation.title), ("authors", ", ".join(explanation.authors)), ("published", explanation.published),
             ("language", explanation.language))  # fmt: skip
    for name, value in found:
        out.print(Text(f"{name:<10} {value or '-'}"))
    out.print(Text(f"judged by  the block model{', with trafilatura heard' if explanation.asked else ''}"
                   f"{', with the profile of the site' if explanation.profiled else ''}\n"))  # fmt: skip
    for block in explanation.blocks:
        out.print(_line(block))
        out.print(Text(f"      {block.dom_path}\n      {'; '.join(block.reasons)}", style="dim"))


def _line(block: ExplainedBlock) -> Text:
    seen = "" if not block.site_pages or block.site_pages < 2 else f", on {block.site_pages} pages"
    text = " ".join(block.text.split())
    line = Text(f"{block.ordinal:4}  ")
    line.append(f"{block.role:<12}", style=_style(block.role))
    line.append(f" {block.role_source}, {block.body_score:.2f} body{seen}: ", style="dim")
    line.append(text if len(text) <= 100 else text[:99] + "…")
    return line


def _style(role: Role) -> str:
    return "bold cyan" if role is Role.HEADLINE else _COLOURS.get(role.group, "yellow")


def _from_file(path: Path) -> PageRecord:
    if not path.is_file():
        raise BadInput(str(path), "is no file", "Name a file with HTML, or a URL.")
    try:
        return PageRecord("", datetime.now(UTC), (), path.read_bytes()[:MAX_PAGE])
    except OSError as error:
        raise from_os_error(error, str(path)) from error


def _from_collection(url: str, directory: Path) -> PageRecord:
    """The newest capture of *url* in *directory*."""
    host = urlsplit(url).hostname
    rows = Collection.open(directory).articles(host=host)
    row = max((row for row in rows if row.url == url), key=lambda row: row.fetch_time or UNDATED, default=None)
    if row is None:
        raise BadInput(url, f"is no page of {directory}", "Take a URL of its table articles, just as it stands there.")
    answer = row.response()
    headers = tuple((name, value) for name, value in answer.headers)
    return PageRecord(url, row.fetch_time, headers, answer.body[:MAX_PAGE])


async def _from_net(url: str) -> PageRecord:
    """What *url* answers now; nothing is kept."""
    policy = AddressPolicy(named_hosts=frozenset(filter(None, [private_place(url)])))
    async with CaptureClient(ClientOptions(max_size=MAX_PAGE), policy) as client:
        for _ in range(MAX_REDIRECTS + 1):
            exchange = await client.fetch(
                CaptureRequest(url, headers=(("User-Agent", _USER_AGENT), ("Accept", "text/html")))
            )
            if exchange.status is None:
                raise BadInput(url, f"cannot be fetched ({exchange.error}: {exchange.error_detail})", "Check the URL.")
            head = parse_response_head(exchange.head)
            links = redirect_links(url, head.reference("Location") or "") if exchange.status in REDIRECTS else ()
            if not links:
                break
            url = links[0].url
    if exchange.status != 200:
        raise BadInput(url, f"answers with status {exchange.status}", "Name a page that is there.")
    body = decode_content(remove_transfer_coding(exchange.body, head), head, MAX_PAGE).content
    return PageRecord(url, exchange.started, head.headers, body)
