"""Pages that send their reader on: followed like any redirect, under the same guard."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from service.guard import Guard
from service.intake import Rejected, open_source
from service.intake.refresh import sent_on

ARTICLE = (
    "<!doctype html><title>Họp dân</title><h1>Họp dân</h1><p>Tối nay, thôn Nà Luông họp tại nhà"
    " văn hóa để bàn việc làm đường nội đồng.</p>"
)
HERE = Guard.parse("127.0.0.1")


def refresh(content, quote='"'):
    return f"<html><head><meta http-equiv=refresh content={quote}{content}{quote}></head></html>"


class Portal(BaseHTTPRequestHandler):
    """Pages that send on, by their path; one that wants to see its cookie first."""

    pages = {  # noqa: RUF012
        "/tin": ARTICLE,
        "/on": refresh("0; url=/tin"),
        "/on-and-on": refresh("0;URL='on'"),
        "/inside": refresh("0;url=http://10.0.0.1/"),
        "/metadata": refresh("0;url=http://169.254.169.254/latest"),
        "/file": refresh("0;url=file:///etc/passwd"),
        "/broken": refresh("0;url=http://[::1:8/x"),
        "/odd": refresh("0;url=http://[::ffff:0x7f.1]/"),
        "/circle": refresh("0;url=/circle2"),
        "/circle2": refresh("0;url=/circle"),
        "/renews": ARTICLE.replace(
            "<h1>", '<meta http-equiv=refresh content="5;url=/renews"><h1>'
        ),
        "/later": ARTICLE.replace(
            "<h1>", '<meta http-equiv=refresh content="600;url=/a"><h1>'
        ),
    }

    def do_GET(self):
        body = self.pages.get(self.path, "")
        self.send_response(200)
        if self.path == "/cookie":
            seen = "seen=1" in self.headers.get("Cookie", "")
            body = ARTICLE if seen else refresh("0;url=/cookie")
            self.send_header("Set-Cookie", "seen=1")
        if self.path == "/header":
            self.send_header("Refresh", "0; url=/tin")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args):
        pass


@pytest.fixture
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "ends"),
    [
        *((path, "/tin") for path in ("/on", "/on-and-on", "/header")),
        *((path, path) for path in ("/cookie", "/renews", "/later")),
    ],
)
def test_it_is_followed_to_the_article(portal, path, ends):
    story = open_source(f"{portal}{path}", HERE)
    assert (story.title, story.url) == ("Họp dân", f"{portal}{ends}")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        *(
            (path, "unsafe_url")
            for path in ("/inside", "/metadata", "/file", "/broken", "/odd")
        ),
        ("/circle", "not_fetched"),
    ],
)
def test_it_leads_nowhere_that_a_redirect_could_not(portal, path, reason):
    with pytest.raises(Rejected) as refusal:
        open_source(f"{portal}{path}", HERE)
    assert (refusal.value.field, refusal.value.reason) == ("url", reason)


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (refresh("3;url=a?b=1&amp;c=2"), "a?b=1&c=2"),
        (refresh("0, url = a", "'"), "a"),
        ("<META CONTENT='0;a' HTTP-EQUIV='Refresh'>", "a"),
        (refresh("1800"), ""),
        (refresh("11;url=a"), ""),
        ("<meta name=refresh content='0;url=a'>", ""),
        (f"<!-- {refresh('0;url=a')} -->", ""),
        (f"<noscript>{refresh('0;url=a')}</noscript>", ""),
        (f"<script>'{refresh('0;url=a')}'</script>", ""),
        ("<p>" * 30_000 + refresh("0;url=a"), ""),
    ],
)
def test_what_sends_on_and_what_does_not(page, place):
    assert sent_on("", page.encode()) == place
