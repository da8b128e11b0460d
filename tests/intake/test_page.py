"""The reader of pages: its tables, its datelines, and what it does with the kinds of pages that
portals have.
"""

import pytest

from service.intake import Doubt, Rejected, Why, parse
from service.intake.lines import Line
from service.intake.page import signs
from service.intake.page.datelines import dateline
from service.intake.page.furniture import furniture, rows
from service.intake.page.seen import Seen


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.example)
def test_every_row_knows_its_example_and_not_its_counter_example(row):
    known = furniture(row.example)
    assert known is not None
    assert known.why is row.why
    assert not row.pattern.fullmatch(row.counter.lower()), row.counter


@pytest.mark.parametrize(
    "line",
    [
        "Chịu trách nhiệm đôn đốc là trưởng các thôn và cán bộ thú y xã.",
        "Bình luận về kết quả này, ông Páo cho biết bà con rất phấn khởi.",
        "Tin liên quan đến dịch tả lợn được xã kiểm tra hằng ngày.",
        "Bản quyền giống lúa thuộc về trại giống của tỉnh.",
        "Thời tiết: ngày mai trời rét đậm, bà con giữ ấm cho gia súc.",
        "Chia sẻ tại hội nghị, ông Lù Văn Páo cho biết đường đã thông.",
    ],
)
def test_no_row_matches_a_sentence(line):
    assert furniture(line) is None


DAY = "2025-11-10T00:00"
MORNING = "2025-11-10T07:45"


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("10/11/2025 07:45", MORNING),
        ("10/11/2025 | 07:45", MORNING),
        ("10-11-2025, 07:45", MORNING),
        ("10.11.2025 07h45", MORNING),
        ("07:45 10/11/2025", MORNING),
        ("07:45, 10/11/2025", MORNING),
        ("07:45 | 10/11/2025", MORNING),
        ("Thứ hai, 10/11/2025 - 07:45", MORNING),
        ("Thứ Hai: 07:45 ngày 10/11/2025", MORNING),
        ("Thứ hai, ngày 10 tháng 11 năm 2025 07:45", MORNING),
        ("Thứ Hai, 10 Tháng 11 2025 07:45", MORNING),
        ("T2, 10/11/2025 07:45 GMT+7", MORNING),
        ("Tháng Mười Một 10, 2025", DAY),
        ("10 Tháng Mười Một, 2025", DAY),
        ("2025-11-10 07:45", MORNING),
        ("2025-11-10", DAY),
        ("10/11/25", DAY),
        ("07 giờ 45 phút ngày 10/11/2025", MORNING),
        ("Ngày đăng: 10/11/2025", DAY),
        ("Đăng ngày 10/11/2025 | Lượt xem: 45 | Lĩnh vực: Kinh tế", DAY),
        ("Tin trong xã | 10/11/2025 07:45", MORNING),
        ("Tác giả: Minh Tuấn - Ngày: 10/11/2025", DAY),
        ("10/11/2025 07:45:12 AM", MORNING),
        ("10/11/2025 02:38:40 PM", "2025-11-10T14:38"),
        ("10/11/2025 5:05:00 CH", "2025-11-10T17:05"),
        ("10/11/2025 12:05:00 SA", "2025-11-10T00:05"),
        ("11/13/2025 7:45:10 AM", "2025-11-13T07:45"),
        ("10/11/2025 07:45 640 lượt xem", MORNING),
        ("(10/11/2025 07:45)", MORNING),
        ("Cập nhật lúc 07:45 ngày 10/11/2025", MORNING),
        ("Posted on 10/11/2025 by admin", DAY),
        ("Đăng lúc 07:45 - 10-11-2025 (GMT+7)", MORNING),
        ("By Admin | November 10, 2025 | 0 Comments", DAY),
        ("Được viết ngày Thứ hai, 10 Tháng 11 2025 07:45", MORNING),
    ],
)
def test_datelines_as_portals_write_them(line, time):
    told = dateline(line)
    assert told is not None
    assert told.time.isoformat()[:16] == time


@pytest.mark.parametrize(
    "line",
    [
        "Sáng 10/11/2025, xã Nậm Khoang tổ chức ra quân làm đường.",
        "Thông báo cấp cảnh báo cháy rừng ngày 18/11/2025",
        "1. Thời gian: từ ngày 17/11 đến hết ngày 21/11/2025.",
        "Bế giảng lớp dạy nghề chăn nuôi dê (02/11/2025)",
        "31/02/2025",
        "Thời gian: 7 giờ 30 ngày 10/11/2025",
        "Ngày 02/12/2025:",
    ],
)
def test_a_sentence_with_a_date_is_no_dateline(line):
    assert dateline(line) is None


P = """Sáng nay, hơn một trăm hộ dân ba thôn đã góp ngày công quét dọn đường làng, khơi thông cống rãnh.
Đoàn thanh niên xã trồng thêm hai trăm cây hoa dọc trục đường chính qua các thôn.
Phong trào sẽ được duy trì vào thứ bảy hằng tuần cho đến hết năm."""
MENU = "\n".join(
    f"Mục {name}"
    for name in [
        "giới thiệu",
        "lãnh đạo",
        "tổ chức",
        "văn bản",
        "tài liệu",
        "ảnh",
        "phim",
        "nhạc",
        "sách",
        "báo",
    ]
)


def texts(story):
    return [*filter(None, [story.lead]), *story.paragraphs]


@pytest.mark.parametrize("date", ["Thứ hai, 03/11/2025 09:10", "03/11/2025 | 09:10"])
def test_the_date_may_stand_above_the_title(date):
    story = parse(
        f"Trang chủ\nTin trong xã\n{date}\nXã ra quân dọn vệ sinh\nĐọc bài\n{P}", "page"
    )
    assert (story.title, story.topic) == ("Xã ra quân dọn vệ sinh", "Tin trong xã")
    assert story.published_at.isoformat()[:16] == "2025-11-03T09:10"
    assert texts(story) == P.split("\n")


def test_a_long_menu_is_not_read_and_today_s_clock_is_no_date_of_news():
    head = f"Trang thông tin điện tử xã Mường Thín\nThứ tư, 26/11/2025 08:27\nTrang chủ\n{MENU}\nLiên hệ"
    story = parse(f"{head}\nTin trong xã\nXã ra quân dọn vệ sinh\n{P}", "page")
    assert (story.title, story.published_at) == ("Xã ra quân dọn vệ sinh", None)
    assert texts(story) == P.split("\n")
    assert Doubt.NO_DATE in story.doubts


def test_what_begins_like_the_end_of_a_page_may_be_its_article():
    ends = "Chịu trách nhiệm kiểm tra là công an viên.\nMọi thắc mắc gọi trưởng thôn."
    story = parse(
        f"Thông báo\nXã ra quân dọn vệ sinh\n03/11/2025 09:10\n{P}\n{ends}", "page"
    )
    assert texts(story)[-2:] == ends.split("\n")


def test_a_notice_of_short_lines_is_an_article():
    notice = """Thời gian: từ 8 giờ đến 16 giờ.
Khu vực: thôn Một và thôn Hai.
Lý do: thay đường ống.
Mời bà con trữ nước trước."""
    page = f"Thông báo\nThông báo cắt nước ngày 6/11\n05/11/2025 08:00\n{notice}"
    story = parse(page, "page")
    assert story.title == "Thông báo cắt nước ngày 6/11"
    assert texts(story) == notice.split("\n")


def test_every_line_of_a_page_is_read_or_listed_with_its_reason_and_place():
    head = "Trang chủ\nTin trong xã\nXã ra quân dọn vệ sinh\n03/11/2025 09:10"
    page = f"{head}\n{P}\nTin, ảnh: CTV\nTin khác\nBế giảng lớp may"
    story = parse(page, "page")
    listed = [line.text for line in story.left_out]
    assert sorted([story.title, *texts(story), *listed]) == sorted(page.split("\n"))
    whys = {line.text: (line.why, line.before) for line in story.left_out}
    assert whys["Trang chủ"] == (Why.MENU, 0)
    assert whys["Tin, ảnh: CTV"] == (Why.BYLINE, 2)
    assert whys["Bế giảng lớp may"] == (Why.RELATED, 2)


def test_a_list_of_articles_and_a_home_page_are_refused():
    home = f"Trang chủ\n{MENU}\nTin mới\nXã tổng kết công tác tuyển quân (08/11/2025)\nGiấy mời họp"
    with pytest.raises(Rejected) as refusal:
        parse(home, "page")
    assert refusal.value.reason == "no_article"
    teasers = "\n".join(
        f"Bài số {n} của xã\nXã làm xong việc số {n} trong tuần này, bà con rất vui mừng phấn khởi đón nhận.\n"
        "Cùng với đó là nhiều việc khác.\nXem tiếp"
        for n in range(4)
    )
    with pytest.raises(Rejected) as refusal:
        parse(teasers, "page")
    assert refusal.value.reason == "a_list"


def test_a_first_page_of_one_line_teasers_is_a_list_and_a_short_notice_among_widgets_is_not():
    teasers = "\n".join(
        f"Tin số {n} về việc làm đường\n1{n}/11/2025\nTóm tắt của tin số {n} ở trang chủ.\nXem tiếp"
        for n in range(1, 7)
    )
    with pytest.raises(Rejected) as refusal:
        parse(f"Trang chủ\nGiới thiệu\n{teasers}", "page")
    assert refusal.value.reason == "a_list"
    notice = "Thông báo\nXã tạm ngừng cấp nước ngày 6/11\n05/11/2025 08:00\nMời bà con trữ nước trước."
    widgets = "\n".join(
        f"{name}\nXem thêm" for name in ("Văn bản mới", "Thủ tục", "Hỏi đáp")
    )
    story = parse(f"{notice}\n{widgets}", "page")
    assert (*filter(None, [story.lead]), *story.paragraphs) == (
        "Mời bà con trữ nước trước.",
    )


def test_lines_that_a_margin_broke_are_one_paragraph():
    broken = """Theo dự báo, từ đêm 23/11 không khí lạnh tăng cường tràn về, vùng
núi cao có nơi nhiệt độ xuống dưới 8 độ C. Ủy ban nhân dân xã
Nậm Khoang đề nghị các hộ chăn nuôi che kín chuồng trại, giữ khô
nền chuồng và dự trữ rơm, cỏ khô."""
    story = parse(f"Cảnh báo rét\n{broken}")
    assert story.paragraphs == (broken.replace("\n", " "),)


@pytest.mark.parametrize(
    "sign",
    [sign for sign in signs.SIGNS if sign.example],
    ids=lambda sign: sign.name,
)
def test_each_sign_of_a_caption_holds_of_its_example_and_not_of_a_plain_line(sign):
    between = Seen(Line("Xã mở lớp."))
    example, other = (
        signs.Between(Seen(Line(text)), between, between, photographed=False)
        for text in (sign.example, "Đường về")
    )
    assert sign.holds(example)
    assert not sign.holds(other)


def test_a_line_among_paragraphs_is_a_caption_where_pictures_were_and_a_heading_is_none():
    body = P.replace("\n", "\nChị Mai và bà con thôn Bốn quét dọn đường làng\n", 1)
    body = body.replace(
        "\nPhong trào", "\nNhững việc cần làm từ nay đến Tết\nPhong trào"
    )
    story = parse(
        f"Xã ra quân dọn vệ sinh\n03/11/2025 09:10\n{body}\nTin, ảnh: Lan Anh", "page"
    )
    whys = {line.text: line.why for line in story.left_out}
    assert whys["Chị Mai và bà con thôn Bốn quét dọn đường làng"] is Why.CAPTION
    assert "Những việc cần làm từ nay đến Tết" in story.paragraphs
    assert Doubt.UNSURE_BODY in story.doubts


def test_days_of_a_schedule_are_read_and_are_no_dates_of_news():
    days = "\n".join(
        f"Ngày {day:02}/12/2025\nThời gian: 07:30 - 11:00\nKhu vực: ấp Chợ"
        for day in (2, 5, 7)
    )
    story = parse(
        f"Lịch ngừng cấp điện trong tuần\n27/11/2025 07:00\n{P}\n{days}", "page"
    )
    assert story.published_at.isoformat()[:10] == "2025-11-27"
    assert "Ngày 05/12/2025" in story.paragraphs


def test_other_news_in_the_middle_are_left_out_and_the_text_below_is_read():
    one, two, three = P.split("\n")
    box = "Tin liên quan\nThôn Bốn mở lớp dạy đan\nXã họp bàn làm đường"
    story = parse(
        f"Xã ra quân dọn vệ sinh\n03/11/2025 09:10\n{one}\n{box}\n{two}\n{three}",
        "page",
    )
    assert texts(story) == [one, two, three]
    assert {line.why for line in story.left_out[1:]} == {Why.RELATED}


@pytest.mark.parametrize(
    "above",
    [
        "Đi tới nội dung chính",
        "Kích cỡ chữ: A A A",
        "Độ tương phản: Cao Thấp",
        "Người viết: Cô Phạm Thị Hoa (Hiệu phó)",
        "Bởi Ban Biên tập • 12/06/2026 • 12 bình luận",
        "• Trang chủ\n• Tin tức\n• Du khách",
    ],
)
def test_a_tool_a_menu_or_who_wrote_it_is_no_title(above):
    assert parse(f"{above}\nXã ra quân dọn vệ sinh\n{P}", "page").title == (
        "Xã ra quân dọn vệ sinh"
    )


@pytest.mark.parametrize(
    "title", ["Bình luận bóng đá ở thôn Đoài", "Chia sẻ của bạn đọc về chợ phiên"]
)
def test_a_headline_that_begins_like_a_tool_stays_the_title(title):
    assert parse(f"{title}\n{P}", "page").title == title


def test_a_page_of_headlines_with_dates_and_leads_is_a_list():
    entries = "\n".join(
        f"Xã ra quân dọn vệ sinh đợt {day}\n0{day}/06/2026\nHơn 200 người dân các thôn tham gia."
        for day in (3, 2, 1)
    )
    with pytest.raises(Rejected) as refusal:
        parse(f"Tin tức\n{entries}", "page")
    assert refusal.value.reason == "a_list"


def test_an_expired_session_is_no_news():
    page = "Phiên đăng nhập của bạn đã hết hạn. Vui lòng đăng nhập lại.\nMật khẩu"
    with pytest.raises(Rejected) as refusal:
        parse(page, "page")
    assert refusal.value.reason == "login"
