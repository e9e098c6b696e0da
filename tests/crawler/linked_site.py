"""A site of many linked pages on loopback, as a program: ``linked_site.py PAGES LOG [DELAY]`` prints its URL.

Page n links to pages 2n+1 and 2n+2 and to a few others, so that all are found only by following links; every 20th is a
redirect, every 50th does not exist.  A page shows two pictures of its own and a style sheet that every 30 pages share,
which imports another and names a picture; every 7th picture is a redirect; five pages each show one and the same
picture under different names.  Each request is a line of LOG before it is
answered.  Standard library only.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path


def answer(path: str, pages: int) -> tuple[str, str, str]:
    """Status line, extra header lines and body for *path*."""
    name = path.strip("/")
    if name == "robots.txt":
        return "200 OK", "Content-Type: text/plain\r\n", "User-agent: *\nDisallow: /private\n"
    if name.startswith("r-"):
        return requisite(name)
    number = 0 if not name else int(name) if name.isdigit() else -1
    if number < 0 or number >= pages or number % 50 == 49:
        return "404 Not Found", "Content-Type: text/html\r\n", "<html><h1>Not here</h1></html>"
    if number % 20 == 19:
        return "302 Found", f"Location: /{(number * 7) % pages}\r\n", ""
    targets = [2 * number + 1, 2 * number + 2, (number * 31 + 7) % pages, (number * 17 + 3) % pages]
    links = "".join(f'<li><a href="/{n}">Page {n}</a></li>' for n in targets if n < pages)
    text = "".join(
        f"<p>Sentence {n} of page {number}, long enough to be taken for the text of an article.</p>" for n in range(12)
    )
    body = (
        f"<html><head><title>Page {number}</title><link rel=stylesheet href=/r-{number // 30}.css></head><body>"
        f"<img src=/r-{number}-a.png><img srcset='/r-{number}-b.png 2x'>"
        "<nav><a href='/'>Home</a> <a href='/private'>x</a></nav>"
        f"<article><h1>Page {number}</h1>{text}</article><ul>{links}</ul></body></html>"
    )
    return "200 OK", "Content-Type: text/html; charset=utf-8\r\n", body


def requisite(name: str) -> tuple[str, str, str]:
    """What a page shows: r-N.css, which imports r-i-N.css; r-N-a.png; those that redirect end in -moved.png."""
    if name.endswith(".css"):
        number = name.removesuffix(".css").rpartition("-")[2]
        inner = f"b{{background:url(r-{number}-c.png)}}"
        body = inner if name.startswith("r-i-") else f"@import 'r-i-{number}.css';{inner}"
        return "200 OK", "Content-Type: text/css\r\n", body
    number = name.split("-")[1]
    if number.isdigit() and int(number) % 7 == 3 and not name.endswith("-moved.png"):
        return "302 Found", f"Location: /{name.removesuffix('.png')}-moved.png\r\n", ""
    shown = f"r-{int(number) // 5}" if name.endswith("-b.png") else name
    return "200 OK", "Content-Type: image/png\r\n", "\x89PNG" + shown * 20


async def main(pages: int, log_path: Path, delay: float) -> None:
    """Serve until killed."""
    log = log_path.open("a", buffering=1)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                log.write(path + "\n")
                if delay:
                    await asyncio.sleep(delay)
                status, headers, body = answer(path, pages)
                data = body.encode()
                writer.write(f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(data)}\r\n\r\n".encode() + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0))
