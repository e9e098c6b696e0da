"""How the demo's newspaper looks: pages as a common blog system makes them, with all that surrounds an article.

Headline repeated as the caption of the lead picture ("Title" and "Title."), author box, comments and their form, a
misspelt "Related Articels" with teasers cut off by "...", most-read list, newsletter, share bar, footer.  An extraction
that keeps any of it in the text is wrong; the demo counts.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from html import escape

from broadsheet.demo.content import BIOGRAPHIES, SITE_NAME, DemoArticle, DemoBlock, articles, runs

PER_PAGE = 8
_SECTIONS = ("Harbour", "Town", "Culture", "Nature", "Sport")
_COMMENTS = (
    ("Old Pilot", "I remember the flood of that year and it was nothing like this at all, believe me."),
    ("mrs_b", "Lovely piece. More of these, please, and fewer about parking."),
)


def author_path(name: str) -> str:
    """The page of an author."""
    return f"/author/{name.lower().replace(' ', '-')}/"


def article_page(article: DemoArticle, number: int) -> str:
    """The page of the *number*-th article; how the date is given changes from page to page, as in life."""
    head = f'<meta property="og:title" content="{escape(article.title)} - {SITE_NAME}"><meta property="og:type" content="article">'
    head += f'<meta property="og:image" content="/img/{article.slug}.png">'
    if number % 3 == 0:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": f"{article.published}T07:30:00+01:00",
            "author": {"@type": "Person", "name": article.author},
            "publisher": {"@type": "Organization", "name": SITE_NAME},
        }
        head += f'<script type="application/ld+json">{json.dumps(data)}</script>'
    else:
        head += f'<meta property="article:published_time" content="{article.published}T07:30:00+01:00">'
        head += f'<meta name="author" content="{escape(article.author)}">'
    stop = "." if number % 2 else ""
    others = [other for other in articles() if other is not article]
    related = [others[(number * 5 + step) % len(others)] for step in range(4)]
    most_read = [others[(step * 7) % len(others)] for step in range(5)]
    tags = ", ".join(f'<a href="/tag/{tag.lower()}/" rel="tag">{escape(tag)}</a>' for tag in article.tags)
    main = f"""
<nav class="breadcrumbs"><a href="/">Home</a> &raquo; <a href="/section/{article.section.lower()}/">{article.section}</a></nav>
<article class="post type-post hentry"><header class="entry-header">
<h1 class="entry-title">{escape(article.title)}</h1>
<p class="entry-summary standfirst">{escape(article.lead)}</p>
<div class="entry-meta">By <a class="author" rel="author" href="{author_path(article.author)}">{article.author}</a>
<time datetime="{article.published}T07:30:00+01:00">{article.published:%B} {article.published.day}, {article.published.year}</time></div>
</header>
<figure class="post-thumbnail wp-caption"><img src="/img/{article.slug}.png" alt="{escape(article.title)}" width="640" height="360">
<figcaption class="wp-caption-text">{escape(article.title)}{stop}</figcaption></figure>
<div class="entry-content">{_body(article, number)}</div>
<footer class="entry-footer"><span class="tags-links">Tagged {tags}</span>
<div class="sharedaddy share"><span>Share this:</span> <a href="#">Mail</a> <a href="#">Print</a></div></footer>
</article>
<div class="author-box"><h4>About {article.author}</h4><p class="author-bio">{BIOGRAPHIES[article.author]}</p></div>
<div class="related-posts"><h3>Related Articels</h3><ul>{"".join(map(_teaser, related))}</ul></div>
<section id="comments" class="comments-area"><h3>{len(_COMMENTS)} thoughts on this</h3><ol class="comment-list">{_comments()}</ol>
<div id="respond" class="comment-respond"><h3>Leave a Reply</h3><form class="comment-form"><p>Your email address will not be
published. Required fields are marked *</p><label>Comment <textarea></textarea></label><label>Name <input></label>
<button>Post Comment</button></form></div></section>"""
    side = f"""<aside class="widget most-read"><h3>Most Read</h3><ol>{"".join(map(_item, most_read))}</ol></aside>
<aside class="widget newsletter"><h3>The Gazette by mail</h3><p>Sign up for our newsletter and get the harbour in your inbox
every morning.</p><form><input type="email"><button>Subscribe</button></form></aside>"""
    return _page(article.title, main, side, head, article.language)


def listing_page(title: str, shown: list[DemoArticle], path: str, number: int, last: int) -> str:
    """A page of teasers, newest first."""
    pages = "".join(
        f'<a class="page-numbers" href="{path if n == 1 else f"{path}page/{n}/"}">{n}</a> ' for n in range(1, last + 1)
    )
    teasers = "".join(
        f'<div class="teaser"><h2><a href="{one.path}">{escape(one.title)}</a></h2><p>{escape(one.lead[:90])}...</p></div>'
        for one in shown
    )
    return _page(f"{title} - page {number}", f"<h1>{escape(title)}</h1>{teasers}<nav class='pagination'>{pages}</nav>")


def plain_page(title: str, text: str) -> str:
    """A page such as "About us"."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")


def feed() -> str:
    """The newest articles as RSS 2.0; links relative to nothing are the server's business."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{{base}}{one.path}</link><pubDate>{one.published:%d %b %Y} 07:30 +0100"
        f"</pubDate></item>"
        for one in articles()[::-1][:10]
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{SITE_NAME}</title>{items}</channel></rss>'


def sitemap(paths: list[str]) -> str:
    """All *paths* as a sitemap."""
    urls = "".join(f"<url><loc>{{base}}{path}</loc></url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def picture(seed: int) -> bytes:
    """A small PNG: two bands of colour."""
    sea, sky = bytes(((seed * 37) % 256, 120, 160)), bytes((200, (seed * 53) % 256, 180))
    rows = b"".join(b"\0" + (sky if y < 5 else sea) * 16 for y in range(9))
    header = struct.pack(">IIBBBBB", 16, 9, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _body(article: DemoArticle, number: int) -> str:
    parts = [_run(kind, blocks) for kind, blocks in runs(article.blocks)]
    if number % 4 == 1:
        caption = f"A view of {article.section.lower()} matters. Photo: {article.author}"
        inline = f'<img src="/img/inline-{number}.png" alt=""><figcaption>{caption}</figcaption>'
        parts.insert(1, f'<figure class="wp-caption alignright">{inline}</figure>')
    return "\n".join(parts)


def _run(kind: str, blocks: list[DemoBlock]) -> str:
    texts = [re.sub(r"\*(.+?)\*", r"<em>\1</em>", escape(block.text, quote=False)) for block in blocks]
    match kind:
        case "item":
            return f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"
        case "row":
            rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in text.split(' | '))}</tr>" for text in texts)
            return f"<table><tbody>{rows}</tbody></table>"
        case "quote":
            return f"<blockquote><p>{' '.join(texts)}</p></blockquote>"
        case "h2":
            return "".join(f"<h2>{text}</h2>" for text in texts)
    return "\n".join(f"<p>{text}</p>" for text in texts)


def _teaser(article: DemoArticle) -> str:
    return f'<li><a href="{article.path}">{escape(article.title)}</a> <p>{escape(article.lead[:70])}...</p></li>'


def _item(article: DemoArticle) -> str:
    return f'<li><a href="{article.path}">{escape(article.title)}</a></li>'


def _comments() -> str:
    return "".join(
        f'<li class="comment"><div class="comment-author">{name} says:</div><p>{text}</p><a href="#">Reply</a></li>'
        for name, text in _COMMENTS
    )


def _page(title: str, main: str, side: str = "", head: str = "", language: str = "en") -> str:
    menu = "".join(f'<li><a href="/section/{name.lower()}/">{name}</a></li>' for name in _SECTIONS)
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)} - {SITE_NAME}</title>{head}
<link rel="alternate" type="application/rss+xml" href="/feed/"></head>
<body><header class="site-header"><a class="site-title" href="/">{SITE_NAME}</a>
<nav class="main-navigation"><ul>{menu}<li><a href="/about/">About</a></li></ul></nav></header>
<main>{main}</main><div class="sidebar">{side}</div>
<footer class="site-footer"><p>&copy; 2026 {SITE_NAME}. All rights reserved.</p><a href="/old-address/">Archive</a>
<a href="/gone/">Jobs</a> <a href="/private/">Staff</a></footer></body></html>"""
