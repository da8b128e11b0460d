"""Nobody's input stops the house: what comes in is bounded, parsed apart, and refused in words."""

import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import service.intake
from service.guard import Guard
from service.intake import Given, Rejected, parse
from service.intake.apart import Pool
from service.intake.cap import parse_cap
from service.intake.fetch import fetch
from service.intake.page.furniture import rows
from tests import linear

HTML = "<h1>Họp thôn</h1><p>Tối nay họp.</p><p>Mời bà con.</p>"


def refused(call, *args, **kwargs):
    with pytest.raises(Rejected) as refusal:
        call(*args, **kwargs)
    assert refusal.value.message_vi
    return refusal.value.field, refusal.value.reason


PATTERNS = linear.patterns_of(service.intake)


@pytest.mark.parametrize("place", PATTERNS)
def test_every_pattern_of_intake_is_linear(place):
    pattern = PATTERNS[place]
    of_a_table = "._" in place  # its rows are tried on whole lines
    look = pattern.fullmatch if of_a_table else linear.exhaust(pattern)
    for text in linear.attacks_on(pattern):
        assert linear.grows_in_proportion(look, text), text[:60]


def test_every_row_of_the_table_is_among_the_patterns_tried():
    assert len(PATTERNS) >= len(rows())


@pytest.mark.parametrize("format", ["text", "page"])
@pytest.mark.parametrize(
    "piece",
    ["b/", "a\\", "chia sẻ ", "đồng/", "&a", "Trang chủ » ", "- ", "1.", "Ảnh: ", "\t"],
)
def test_a_text_of_one_piece_again_and_again_takes_time_in_proportion(format, piece):
    from service.intake.page import read_page
    from service.intake.typed import read_typed

    def read(text):
        with suppress(Rejected):
            (read_page if format == "page" else read_typed)(f"Họp dân\n{text}")

    assert linear.grows_in_proportion(read, piece * (200_000 // len(piece)))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">họp</p>", "too_wide"),
        ("<p " + "a=1 " * 200 + ">họp</p>", "too_wide"),
        ("<p " + "a" * 20_000 + ">họp</p>", "too_wide"),
        ("<p>họp</p>" * 300_000, "too_large"),
        ("<p>họp" * 40_000, "too_many_tags"),
        ("<a" * 400_000, "too_many_tags"),
        ("<div>" * 20_000 + "họp", "too_deep"),
        ("<svg>" * 300_000, "no_article"),
        ("<script" * 400_000, "no_article"),
    ],
)
def test_html_beyond_any_page_is_refused_at_once(body, reason):
    assert refused(parse, body, "html") == ("body", reason)


def test_scripts_styles_and_pictures_in_the_text_do_not_make_a_page_too_large():
    ballast = f"<script>{'x<y;' * 100_000}</script><style>{'a{}' * 100_000}</style>"
    picture = f'<img src="data:image/png;base64,{"A" * 1_500_000}">'
    assert parse(f"{ballast}{HTML}{picture}", "html").title == "Họp thôn"


def test_a_page_that_declares_its_encoding_is_read():
    story = parse(
        f'<?xml version="1.0" encoding="utf-8"?>\n<html><body>{HTML}</body></html>',
        "html",
    )
    assert story.title == "Họp thôn"


HANGS = "import sys, time; sys.stdin.buffer.read(1); time.sleep(600)"
DIES = "import sys; sys.stdin.buffer.read(1); sys.exit(1)"
BABBLES = (
    "import sys; sys.stdin.buffer.read(1); sys.stdout.buffer.write(b'\\xff' * 100)"
)
IS_FULL = (
    "from service.intake.apart import child, tasks; "
    "tasks.TASKS['html'] = lambda data: {'bytes': len(bytearray(1 << 40))}; child.main()"
)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (HANGS, "too_slow"),
        (DIES, "unreadable"),
        (BABBLES, "unreadable"),
        (IS_FULL, "unreadable"),
    ],
)
def test_a_child_that_fails_is_a_refusal_in_words_and_costs_one_call(script, reason):
    pool = Pool(
        (sys.executable, "-c", script),
        lanes=1,
        deadline_s=2.0 if script == HANGS else 60,
    )
    for _ in range(2):
        assert refused(pool.call, "html", b"<p>", {}) == ("body", reason)
    pool.close()


def test_the_next_call_is_answered_by_another_child():
    pool = Pool(lanes=1)
    first = pool.call("html", HTML.encode(), {})
    pool._idle.queue[0]._process.kill()
    pool._idle.queue[0]._process.wait()
    assert pool.call("html", HTML.encode(), {}) == first
    pool.close()


def test_an_alert_is_parsed_apart_and_refused_by_its_element():
    assert refused(parse_cap, b"<a/>") == ("cap", "not_cap")
    assert refused(parse_cap, b"<" * 300_000) == ("cap", "too_large")


@pytest.mark.parametrize(
    "time",
    [
        "0001-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "1999-12-31",
        "2999-01-01",
    ],
)
def test_news_is_published_between_2000_and_tomorrow(time):
    given = Given(published_at=time)
    assert refused(parse, "Tin\nMưa to.", given=given) == (
        "published_at",
        "unlikely_time",
    )


@pytest.mark.parametrize("time", ["12025-01-01", "2026-13-01", "31/12/2025", "24:00"])
def test_what_is_no_time_names_its_field(time):
    given = Given(published_at=time)
    assert refused(parse, "Tin\nMưa to.", given=given) == ("published_at", "not_a_time")


class Drip(BaseHTTPRequestHandler):
    """Never ends, and never is silent: a byte at a time, of the head or of the body."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        ended = self.server.ended
        try:
            if self.path == "/head":
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
            else:
                self.send_response(200)
                self.end_headers()
            while not ended.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            pass

    def log_message(self, *_args):
        pass


@pytest.fixture
def dripping():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drip)
    server.ended = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.ended.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/head", "/body"])
def test_a_whole_fetch_has_one_deadline(dripping, path):
    guard = Guard.parse("127.0.0.1")
    assert refused(fetch, f"{dripping}{path}", guard, deadline_s=1.0) == (
        "url",
        "not_fetched",
    )


TYPED = """Kết quả lấy phiếu ý kiến về sáp nhập thôn
Chia sẻ với cử tri, ông Vàng A Chứ cho biết 412 trên 430 hộ đồng ý.
Đánh giá chung: nhân dân đồng tình cao.
Hình thức lấy ý kiến: phát phiếu tới từng hộ.
Thực hiện: các thôn công khai kết quả trước ngày 30/11.
Hộ có thu nhập > 5 triệu đồng/tháng không thuộc diện xét.
Chịu trách nhiệm đôn đốc là trưởng các thôn.
Trẻ sốt > 38,5 độ C thì cho nghỉ học.
Bình luận (0)
Ảnh hưởng của việc sáp nhập sẽ được thông báo sau.
Theo ông Páo, đường đã thông (theo lời kể của bà con)
Tin khác
Trang chủ"""


def test_all_that_a_person_typed_is_read():
    story = parse(TYPED)
    assert (story.title, *story.paragraphs) == tuple(TYPED.split("\n"))
    assert (story.byline, story.left_out) == ("", ())


def test_character_references_are_letters_once_in_every_field():
    given = Given(
        title="Họp&nbsp;dân &amp; bầu tổ trưởng",
        topic="N&#244;ng&nbsp;th&ocirc;n",
        byline="A&amp;lt;B",
    )
    story = parse("Ngày mai&nbsp;họp, AT&T và &khong; giữ nguyên.", given=given)
    assert (story.title, story.topic, story.byline) == (
        "Họp dân & bầu tổ trưởng",
        "Nông thôn",
        "A&lt;B",
    )
    assert story.paragraphs == ("Ngày mai họp, AT&T và &khong; giữ nguyên.",)


def test_a_normal_page_costs_milliseconds_once_a_child_is_warm():
    parse(HTML, "html")
    began = time.process_time()
    for _ in range(20):
        parse(HTML, "html")
    assert time.process_time() - began < 1  # of this process: the work is the child's
