"""A portal that does what portals do: it edits, counts, reorders, forgets, breaks down
and moves.
"""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PARAGRAPH = "Sáng nay, bà con thôn số {n} cùng nhau dọn vệ sinh đường làng ngõ xóm, phát quang bụi rậm. "


@dataclass
class News:
    """A piece of news as it stands at the portal."""

    number: int
    published: object
    title: str
    paragraphs: list[str]
    byline: str = "Lò Thị Mai"
    topic: str = "Tin trong xã"
    summary: str = "Tóm tắt của tin này."
    views: int = 0
    read: bool = False  # whether its text was ever given out whole
    heard_edits: int = 0  # after that
    gone: bool = False
    path: str = ""
    guid: str = ""

    @classmethod
    def make(cls, number, published):
        paragraphs = [
            PARAGRAPH.format(n=number) * 2,
            f"Có {number + 10} hộ dân đã tham gia buổi lao động.",
        ]
        found = cls(
            number,
            published,
            f"Thôn {number} ra quân dọn vệ sinh đường làng",
            paragraphs,
        )
        found.path = f"/tin/{number}.html"
        return found


@dataclass
class Fixed:
    """A file that lies at a portal, last changed at a time when it tells one."""

    text: str
    kind: str = "application/xml"
    changed: datetime | None = None


@dataclass
class Portal:
    """Its news, and how it answers just now. `asked` tells when each request came, by the clock of
    the test.
    """

    clock: object
    news: list[News] = field(default_factory=list)
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    fails: int = 0  # the status of every answer, 0 for its usual ones
    slow_s: float = 0.0
    cut: bool = False  # answers break off in the middle
    clock_off: timedelta = timedelta(0)
    # Path → status and location
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)
    # Path → what lies there, before all else
    fixed: dict[str, Fixed] = field(default_factory=dict)
    robots: str = "User-agent: *\nDisallow: /quan-tri/\n"
    tail: str = ""  # of every address in the list
    shuffled: bool = False
    listed: int = 20
    page_of: object = None

    def __post_init__(self):
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                portal.asked.append((portal.clock(), self.path))
                portal._answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def publish(self, number, at=None):
        news = News.make(number, at or self.clock())
        news.guid = f"{self.url}/?p={number}"
        self.news.insert(0, news)
        return news

    def _answer(self, request):
        path = request.path.partition("?")[0]
        if self.slow_s:
            time.sleep(self.slow_s)
        if path in self.fixed:
            return self._send_fixed(request, self.fixed[path])
        if path in self.moved and path == "/robots.txt":
            return self._redirect(request, *self.moved[path])
        if path == "/robots.txt" and not self.fails:
            return self._send(request, 200, "text/plain", self.robots)
        if self.fails:
            return self._send(request, self.fails, "text/html", "<h1>Lỗi máy chủ</h1>")
        if path in self.moved:
            return self._redirect(request, *self.moved[path])
        if path in ("/rss.xml", "/tin-moi.xml"):
            return self._send(
                request, 200, "application/rss+xml", self._feed(), etag=True
            )
        if path.startswith("/wp-json/"):
            for news in self._shown():
                news.read = news.read or not self.cut
            return self._send(
                request, 200, "application/json", self._posts(), etag=True
            )
        if path == "/danh-sach":
            return self._send(request, 200, "text/html", self._list_page())
        if path == "/sitemap.xml":
            return self._send(request, 200, "application/xml", self._map())
        for news in self.news:
            if news.path == path and not news.gone:
                news.views += 1
                news.read = news.read or not self.cut
                return self._send(
                    request, 200, "text/html", (self.page_of or page)(news)
                )
        return self._send(request, 404, "text/html", "<h1>Không tìm thấy</h1>")

    def _redirect(self, request, status, location):
        request.send_response(status)
        if location:
            request.send_header("Location", location)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _send_fixed(self, request, fixed):
        """As servers of plain files do: a time, and no ETag."""
        since = request.headers.get("If-Modified-Since")
        if fixed.changed and since and parsedate_to_datetime(since) >= fixed.changed:
            return self._redirect(request, 304, "")
        data = fixed.text.encode()
        request.send_response(200)
        request.send_header("Content-Type", f"{fixed.kind}; charset=utf-8")
        if fixed.changed:
            last = format_datetime(fixed.changed, usegmt=True)
            request.send_header("Last-Modified", last)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)
        return None

    def _send(self, request, status, kind, text, etag=False):
        data = text.encode()
        mark = f'"{sha256(data).hexdigest()[:16]}"'
        if etag and request.headers.get("If-None-Match") == mark:
            status, data = 304, b""
        request.send_response(status)
        request.send_header("Content-Type", f"{kind}; charset=utf-8")
        if etag:
            request.send_header("ETag", mark)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data[: len(data) // 2] if self.cut else data)

    def _shown(self):
        shown = [news for news in self.news if not news.gone][: self.listed]
        return shown[::-1] if self.shuffled else shown

    def _feed(self):
        items = "".join(
            f"<item><title>{escape(news.title)}</title><link>{self.url}{news.path}{self.tail}</link>"
            f'<guid isPermaLink="false">{news.guid}</guid><category>{news.topic}</category>'
            f"<description>{escape(news.summary)}</description>"
            f"<pubDate>{format_datetime(news.published + self.clock_off)}</pubDate></item>"
            for news in self._shown()
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Xã</title>{items}</channel></rss>'

    def _posts(self):
        return json.dumps(
            [
                {
                    "id": news.number,
                    "guid": {"rendered": news.guid},
                    "link": f"{self.url}{news.path}",
                    "date_gmt": (news.published + self.clock_off).strftime(
                        "%Y-%m-%dT%H:%M:%S"
                    ),
                    "title": {"rendered": escape(news.title)},
                    "content": {
                        "rendered": "".join(
                            f"<p>{escape(p)}</p>" for p in news.paragraphs
                        )
                    },
                    "_embedded": {"wp:term": [[{"name": news.topic}]]},
                }
                for news in self._shown()
            ]
        )

    def _list_page(self):
        links = "".join(
            f'<li><h3><a href="{news.path}">{news.title}</a></h3></li>'
            for news in self._shown()
        )
        return f'<html><body><a href="/">Trang chủ</a><ul class="ds">{links}</ul></body></html>'

    def _map(self):
        urls = "".join(
            f"<url><loc>{self.url}{news.path}</loc><lastmod>{news.published.isoformat()}</lastmod></url>"
            for news in self._shown()
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def page(news):
    """The page of a piece of news, with what stands around it."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in news.paragraphs)
    return (
        f"<!doctype html><html><head><title>{escape(news.title)} - Xã Mường Thín</title></head><body>"
        f'<nav><a href="/">Trang chủ</a> <a href="/gioi-thieu">Giới thiệu</a></nav>'
        f"<main><h1>{escape(news.title)}</h1><div>Lượt xem: {news.views}</div>{body}"
        f'<p class="author">Tác giả: {news.byline}</p></main></body></html>'
    )
