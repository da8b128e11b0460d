"""What comes in through every door, and what is turned away."""

import ipaddress
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from service.guard import Guard, is_public
from service.intake import Given, Rejected, open_source, parse
from service.zone import VIETNAM

PAGE = """Thống kê truy cập

Kinh tế

Suối Lành: Thêm 15 ha chè được cấp mã vùng trồng

05/11/2026 08:15 1204 lượt xem

Sáng nay, UBND xã Suối Lành trao giấy chứng nhận mã vùng trồng cho 15 ha chè của 42 hộ ở thôn Nà Luông.

Description: D:\\ẢNH\\che.jpg

Bà con thôn Nà Luông thu hái chè vụ thu

Theo HTX chè Suối Lành, giá chè búp tươi đang ở mức 18.500đ/kg, cao hơn cùng kỳ năm trước 12%.

Một số việc cần làm ngay

Các hộ ghi nhật ký đồng ruộng hằng ngày, giữ lại hóa đơn mua phân bón trong 2 năm.

Tin, ảnh: CTV

Tin khác

Xã Suối Lành ra quân dọn vệ sinh môi trường ở tất cả các thôn trong tháng 11 năm nay
"""

HTML = """<!doctype html><html><head><title>Cổng xã | Họp dân</title>
<meta property="og:title" content="Thôn Nà Luông họp dân bàn làm đường">
<meta property="article:published_time" content="2026-11-03T07:30:00+07:00">
<meta property="article:section" content="Nông thôn mới"></head>
<body><nav><ul><li>Trang chủ</li><li>Liên hệ</li></ul></nav><article><h1>Thôn Nà Luông họp dân bàn làm đường</h1>
<p>Tối 02/11, thôn Nà Luông họp toàn thể 86 hộ để bàn việc mở rộng tuyến đường trục dài 1,2 km qua thôn.</p>
<p>Bà con thống nhất hiến 640 m2 đất vườn, góp 320 ngày công và cử tổ giám sát gồm 5 người theo dõi công trình.</p>
<p>Công trình dự kiến hoàn thành trước Tết Nguyên đán, kịp phục vụ bà con đi lại và tiêu thụ nông sản.</p>
<p>Nguồn: Ban văn hóa xã</p></article><footer>Bản quyền thuộc UBND xã</footer></body></html>"""


def refused(field, reason, *args, **kwargs):
    with pytest.raises(Rejected) as refusal:
        parse(*args, **kwargs)
    assert (refusal.value.field, refusal.value.reason) == (field, reason)
    assert refusal.value.message_vi


def test_a_pasted_page_gives_the_article_and_none_of_the_noise():
    story = parse(PAGE, "page")
    assert story.title == "Suối Lành: Thêm 15 ha chè được cấp mã vùng trồng"
    assert story.topic == "Kinh tế"
    assert story.byline == "CTV"
    assert story.published_at is not None
    assert (
        story.published_at.astimezone(VIETNAM).isoformat()
        == "2026-11-05T08:15:00+07:00"
    )
    assert story.lead.startswith("Sáng nay, UBND xã Suối Lành")
    assert [paragraph[:18] for paragraph in story.paragraphs] == [
        "Theo HTX chè Suối ",
        "Một số việc cần là",
        "Các hộ ghi nhật ký",
    ]


def test_a_page_without_a_dateline_still_has_a_title():
    story = parse(PAGE.replace("05/11/2026 08:15 1204 lượt xem\n\n", ""), "page")
    assert (story.title, story.topic) == (
        "Suối Lành: Thêm 15 ha chè được cấp mã vùng trồng",
        "Kinh tế",
    )
    assert story.published_at is None


def test_html_goes_through_extraction():
    story = parse(HTML, "html")
    assert story.title == "Thôn Nà Luông họp dân bàn làm đường"
    assert story.topic == "Nông thôn mới"
    assert story.byline == "Ban văn hóa xã"
    assert story.published_at is not None
    assert story.published_at.isoformat() == "2026-11-03T07:30:00+07:00"
    assert story.lead.startswith("Tối 02/11")
    assert len(story.paragraphs) == 2
    assert not any(
        "Trang chủ" in text or "Bản quyền" in text for text in story.paragraphs
    )


def test_a_fragment_of_html_is_enough():
    story = parse("<h1>Họp thôn</h1><p>Tối nay họp.</p><p>Mời bà con.</p>", "html")
    assert (story.title, story.paragraphs) == (
        "Họp thôn",
        ("Tối nay họp.", "Mời bà con."),
    )


def test_plain_text_takes_its_first_line_for_the_title_unless_one_is_given():
    assert parse("Tin vui\nMưa đã về.").title == "Tin vui"
    story = parse(
        "Mưa đã về.", given=Given(title="Tin vui", published_at="2026-11-05T08:00")
    )
    assert story.paragraphs == ("Mưa đã về.",)
    assert story.published_at is not None
    assert story.published_at.isoformat() == "2026-11-05T08:00:00+07:00"


def test_the_same_text_in_nfd_is_the_same_story():
    import unicodedata

    text = "Họp thôn\nTối nay họp tại nhà văn hóa."
    assert parse(text).digest == parse(unicodedata.normalize("NFD", text)).digest


def test_bad_input_is_refused_by_field_and_reason():
    refused("body", "empty", "  \n ")
    refused("body", "too_large", "ă" * 12_000_000)
    refused("body", "binary", "tin\0mới " * 20)
    refused("body", "binary", "tin \ud800 mới")
    refused("body", "no_article", "Trang chủ\nLiên hệ\nĐăng nhập", "page")
    refused(
        "body", "no_article", "<html><body><nav>Trang chủ</nav></body></html>", "html"
    )
    refused("body", "no_article", "Chỉ có tiêu đề")
    refused("format", "unknown_format", "Tin", "pdf")
    refused(
        "published_at", "not_a_time", "Tin\nMưa.", given=Given(published_at="hôm qua")
    )
    refused("url", "unsafe_url", "Tin\nMưa.", given=Given(url="javascript:alert(1)"))
    refused("body", "too_long", "Tin\n" + "Mưa to. " * 10_000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Tin\n\xff\xfeM\xe9o", "not_utf8"),
        (b"%PDF-1.7\n", "broken_file"),
        (b"x" * 20_000_000, "too_large"),
        (b"", "empty"),
    ],
)
def test_bad_files_are_refused(tmp_path, data, reason):
    path = tmp_path / "bai.txt"
    path.write_bytes(data)
    with pytest.raises(Rejected) as refusal:
        open_source(str(path))
    assert refusal.value.reason == reason


def test_a_file_may_name_title_and_topic_above_its_text(tmp_path):
    path = tmp_path / "bai.txt"
    path.write_text("title: Tin mưa\ntopic: Thời tiết\n\nMưa đã về.", encoding="utf-8")
    story = open_source(str(path))
    assert (story.title, story.topic, story.paragraphs) == (
        "Tin mưa",
        "Thời tiết",
        ("Mưa đã về.",),
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://[::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest",
        "http://user@example.org/",
        "http://localhost/",
        "HTTP://127.0.0.1/",
        "http://[::1:8000/",
        "http://[::ffff:0x7f.1]/",
        "http://[/",
        "http:///x",
        "http://①②⑦.0.0.1/",
        "http://[fec0::1]/",
        "http://[::ffff:0:7f00:1]/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1\\@example.com/",
    ],
)
def test_addresses_inside_are_never_fetched(url):
    with pytest.raises(Rejected) as refusal:
        open_source(url)
    assert (refusal.value.field, refusal.value.reason) == ("url", "unsafe_url")


def test_public_addresses_are_public():
    assert is_public(ipaddress.ip_address("8.8.8.8"))
    assert is_public(ipaddress.ip_address("64:ff9b::808:808"))
    assert not is_public(ipaddress.ip_address("224.0.0.1"))


class Portal(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({"/moved": 302, "/gone": 404}.get(self.path, 200))
        self.send_header(
            "Content-Type",
            "image/png" if self.path == "/picture" else "text/html; charset=utf-8",
        )
        if self.path == "/moved":
            self.send_header("Location", "http://10.0.0.1/")
        self.end_headers()
        if self.path == "/big":
            self.wfile.write(b"x" * 5_000_000)
        else:
            self.wfile.write(HTML.encode())

    def log_message(self, *_args):
        pass


@pytest.fixture
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


on_this_machine = Guard.parse("127.0.0.1")


def test_a_page_is_fetched_and_read(portal):
    story = open_source(f"{portal}/tin", on_this_machine)
    assert story.title == "Thôn Nà Luông họp dân bàn làm đường"
    assert story.url == f"{portal}/tin"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/moved", "unsafe_url"),
        ("/gone", "not_fetched"),
        ("/picture", "not_a_page"),
        ("/big", "too_large"),
    ],
)
def test_what_is_no_page_is_refused(portal, path, reason):
    with pytest.raises(Rejected) as refusal:
        open_source(portal + path, on_this_machine)
    assert refusal.value.reason == reason
