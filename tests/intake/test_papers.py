"""Documents, e-mails, posts, files and encodings: what offices really write in."""

import io
import zipfile

import pytest

from service.intake import Doubt, Rejected, Why, parse
from service.intake.papers.heads import HEAD_RULES, HeadRule
from service.intake.source import parse_bytes

OFFICIAL = """UBND XÃ MƯỜNG LẠN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 87/TB-UBND Mường Lạn, ngày 12 tháng 11 năm 2025
THÔNG BÁO
Về việc cấp phát thẻ bảo hiểm y tế năm 2026
Căn cứ kế hoạch số 21/KH-BHXH, UBND xã thông báo lịch cấp thẻ như sau:
1. Thời gian: sáng thứ bảy, ngày 22/11/2025.
Nơi nhận:
- Như trên;
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
(Đã ký)
Lò Văn Ín"""
MAIL = """From: vanphong@muonglan.example
To: dai@muonglan.example
Subject: Tin phát loa

Kính gửi đài truyền thanh,
Nhờ đài phát tin sau:
Lịch khám sức khỏe người cao tuổi
Trạm y tế xã khám sức khỏe vào sáng 18/11 tại trạm.
--
Trân trọng,
Hoàng Thị Mến"""
POST = """🔥🔥 THÔNG BÁO KHẨN 🔥🔥
👉 Đêm nay nước suối dâng cao, bà con không qua ngầm tràn.
#namkhoang #canhbao
👍 Thích  💬 Bình luận  ↗️ Chia sẻ"""


@pytest.mark.parametrize("format", ["text", "page"])
def test_of_an_official_document_the_text_is_read(format):
    story = parse(OFFICIAL, format)
    assert story.title == "Thông báo về việc cấp phát thẻ bảo hiểm y tế năm 2026"
    assert story.published_at.isoformat()[:10] == "2025-11-12"
    assert (story.lead[:7], story.paragraphs) == (
        "Căn cứ ",
        ("1. Thời gian: sáng thứ bảy, ngày 22/11/2025.",),
    )
    whys = {line.text: line.why for line in story.left_out}
    assert (whys["(Đã ký)"], whys["Độc lập - Tự do - Hạnh phúc"]) == (
        Why.SIGNATURE,
        Why.LETTERHEAD,
    )


@pytest.mark.parametrize(
    ("text", "title", "paragraph"),
    [
        (
            MAIL,
            "Lịch khám sức khỏe người cao tuổi",
            "Trạm y tế xã khám sức khỏe vào sáng 18/11 tại trạm.",
        ),
        (
            POST,
            "THÔNG BÁO KHẨN",
            "Đêm nay nước suối dâng cao, bà con không qua ngầm tràn.",
        ),
    ],
)
def test_of_an_e_mail_and_a_post_the_news_is_read_and_the_rest_listed(
    text, title, paragraph
):
    story = parse(text)
    assert (story.title, story.paragraphs) == (title, (paragraph,))
    assert story.left_out


RIGHT = "Thông báo về việc họp dân thôn\nKính mời các hộ dân có mặt tại nhà văn hóa lúc 19 giờ để bàn việc làm đường."
TCVN3 = (
    "Th«ng b¸o vÒ viÖc häp d©n th«n\n"
    "KÝnh mêi c¸c hé d©n cã mÆt t¹i nhµ v¨n hãa lóc 19 giê ®Ó bµn viÖc lµm ®\xadêng."
)
VNI = (
    "Thoâng baùo veà vieäc hoïp daân thoân\n"
    "Kính môøi caùc hoä daân coù maët taïi nhaø vaên hoùa luùc 19 giôø ñeå baøn vieäc laøm ñöôøng."
)


@pytest.mark.parametrize("text", [TCVN3, VNI])
def test_text_of_old_fonts_becomes_unicode_and_is_doubted(text):
    story = parse(text)
    assert f"{story.title}\n{story.paragraphs[0]}".casefold() == RIGHT.casefold()
    assert story.doubts == (Doubt.ENCODING,)


def test_right_text_is_left_alone_whatever_names_are_in_it():
    text = "Họp dân\nBuôn Krông Pắc, làng Plei Ơi: 30°C, 5m², giá 1€; ông Y Thịnh Êban và bà H’Bia dự."
    story = parse(text)
    assert (story.paragraphs, story.doubts) == ((text.split("\n")[1],), ())


def test_lost_letters_are_doubted_and_mojibake_with_losses_is_refused_by_its_encoding():
    assert parse("Th?ng b?o\nL?ch c?t ?i?n ng?y mai.").doubts == (Doubt.LOST_LETTERS,)
    with pytest.raises(Rejected) as refusal:
        parse(
            "ThÃ´ng bÃ¡o há»?p dÃ¢n\nKÃ­nh má»?i cÃ¡c há»™ dÃ¢n cÃ³ máº·t lÃºc 19 giá»?."
        )
    assert "bảng mã" in refusal.value.message_vi


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"]
)
def test_text_files_in_any_encoding(encoding):
    import unicodedata

    # windows-1258 writes tones as marks of their own, behind letters that it has whole
    text = "".join(_for_1258(char) for char in RIGHT) if encoding == "cp1258" else RIGHT
    story = parse_bytes(text.encode(encoding), ".txt")
    assert unicodedata.normalize("NFC", story.title) == RIGHT.split("\n")[0]


def _for_1258(char):
    import unicodedata

    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        base, *marks = unicodedata.normalize("NFD", char)
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        shapes = [mark for mark in marks if mark not in tones]
        return unicodedata.normalize("NFC", base + "".join(shapes)) + "".join(tones)
    return char


def odt(*paragraphs):
    content = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:text>{content}"
            "</office:text></office:body></office:document-content>",
        )
    return data.getvalue()


def test_an_opendocument_is_read():
    story = parse_bytes(odt("Họp dân", "Tối nay<text:s/>họp tại nhà văn hóa."), ".odt")
    assert (story.title, story.paragraphs) == (
        "Họp dân",
        ("Tối nay họp tại nhà văn hóa.",),
    )


def test_rich_text_is_read_and_never_its_control_words():
    rtf = rb"{\rtf1\ansi H\u7885?p d\u226?n\par T\u7889?i nay h\u7885?p t\u7841?i th\u244?n.\par}"
    story = parse_bytes(rtf, ".rtf")
    assert (story.title, story.paragraphs) == ("Họp dân", ("Tối nay họp tại thôn.",))


def bomb():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_word"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 600, "picture"),
        (b"%PDF-1.7\nbroken", "broken_file"),
        (b"PK\x03\x04broken", "broken_file"),
        (bomb(), "too_large"),
        (b"{\\rtf1 }", "no_article"),
    ],
)
def test_files_without_text_are_refused_with_what_to_do(data, reason):
    with pytest.raises(Rejected) as refusal:
        parse_bytes(data)
    assert refusal.value.reason in {reason, "missing"}
    assert refusal.value.message_vi


def test_a_message_of_a_group_loses_its_marks_and_no_word():
    said = "[11:05, 28/11/2025] Trưởng thôn Hà: "
    story = parse(
        f"{said}📢 THÔNG BÁO\n{said}Ngày 30/11 thôn dọn vệ sinh, mỗi hộ cử một người."
    )
    assert (story.title, story.paragraphs) == (
        "THÔNG BÁO",
        ("Ngày 30/11 thôn dọn vệ sinh, mỗi hộ cử một người.",),
    )
    assert [line.why for line in story.left_out] == [Why.POST, Why.POST]


def test_a_line_that_looks_like_a_button_makes_no_text_a_post():
    story = parse("Kết quả\nBình luận (0)\nThích 3\n#1 là thôn Nà Hin.")
    assert story.paragraphs == ("Bình luận (0)", "Thích 3", "#1 là thôn Nà Hin.")


@pytest.mark.parametrize("rule", HEAD_RULES, ids=lambda rule: rule.example)
def test_each_rule_of_a_letterhead_fits_its_example_and_not_its_counter_example(
    rule: HeadRule,
) -> None:
    assert rule.fits(rule.example, rule.titling)
    assert not rule.fits(rule.counter, rule.titling)


def test_columns_of_a_letter_are_parted_and_rows_of_a_table_are_sentences():
    head = "UBND XÃ BẢN LẦU      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 3/UBND\tĐộc lập - Tự do - Hạnh phúc"
    table = "Ngày\tThôn\n03/12\tThôn Một"
    story = parse(
        f"{head}\nV/v phòng bệnh cho\nđàn lợn\nLịch phun như sau:\n{table}\nBà con báo thú y."
    )
    assert story.title == "Về việc phòng bệnh cho đàn lợn"
    assert story.paragraphs[:2] == ("Ngày; Thôn.", "03/12; Thôn Một.")


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Nhờ anh đưa lên bản tin chiều nay giùm em.", True),
        ("Em gửi chị bài về lễ hội ạ.", True),
        ("Trạm gửi chị nội dung tuyên truyền ạ.", True),
        ("Xã đề nghị 42 hộ gửi tin báo trước 8 giờ.", False),
        ("Mời bà con đến nhận thẻ đúng giờ nhé!", False),
    ],
)
def test_what_is_said_to_the_station_is_told_from_news(line, asks):
    head = "Từ: Lan\nĐến: Đài xã\nChủ đề: Fwd: [TT] Phát thẻ bảo hiểm"
    story = parse(f"{head}\n{line}\nXã phát thẻ bảo hiểm y tế vào sáng thứ bảy.")
    assert story.title == "Phát thẻ bảo hiểm"
    assert (line in story.paragraphs) != asks


def test_a_script_loses_its_programme_and_who_wrote_it():
    news = "Lò rèn cuối cùng của bản\nÔng Tủa vẫn nổi lửa lò rèn mỗi ngày.\nXã mở lớp dạy nghề."
    story = parse(
        f"BẢN TIN PHÁT THANH XÃ PÚ NHUNG\nNgày 27/11/2025\n{news}\nNgười viết: Lò Thị Ánh"
    )
    assert story.title == "Lò rèn cuối cùng của bản"
    assert (len(story.paragraphs), story.byline) == (2, "Lò Thị Ánh")
    assert [line.why for line in story.left_out] == [
        Why.LETTERHEAD,
        Why.LETTERHEAD,
        Why.BYLINE,
    ]
    alone = parse("Bản tin phát thanh số 5\nHôm nay xã mở lớp dạy nghề.\nMời bà con.")
    assert alone.title == "Bản tin phát thanh số 5"


def test_of_a_letter_without_headers_the_news_is_read_and_a_notice_stays_whole():
    news = (
        "Lịch khám mắt miễn phí\nBệnh viện khám mắt cho bà con vào sáng 03/12 tại trạm."
    )
    story = parse(
        f"Kính gửi Đài xã,\nNhờ đài phát giúp tin sau:\n{news}\nTrân trọng,\nLương Thị Mến"
    )
    assert (story.title, len(story.paragraphs)) == ("Lịch khám mắt miễn phí", 1)
    notice = "Đề nghị các hộ nộp tiền phát dọn mương như sau:\nHộ trên\nNộp vào sáng thứ hai ở nhà văn hóa."
    assert len(parse(notice).paragraphs) == 2


def test_who_saw_a_message_ends_it_and_a_place_in_the_group_is_none_of_it():
    message = "RA QUÂN LÀM THỦY LỢI\nXã ra quân sáng chủ nhật 12/7 tại thôn Đoài."
    story = parse(
        f"Tổ dân phố 4\nLê Văn Tám\nPhó nhóm\n{message}\n06:20\nĐã xem bởi 40 người",
        "text",
    )
    assert "\n".join((story.title, story.lead, *story.paragraphs)).split("\n") == [
        "RA QUÂN LÀM THỦY LỢI",
        "",
        "Xã ra quân sáng chủ nhật 12/7 tại thôn Đoài.",
    ]
