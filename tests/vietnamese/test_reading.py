"""The reading: conventions, sentences, changes, and what must hold for any text."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.vietnamese import Options, Passage, Role, Term, read, say
from service.vietnamese.tables import examples

CONVENTIONS = [
    (
        "Nghị định 08/2022/NĐ-CP",
        "Nghị định không tám năm hai nghìn không trăm hai mươi hai của Chính phủ",
    ),
    ("Chỉ thị 05-CT/TW", "Chỉ thị không năm xê tê trên tê vê kép"),
    (
        "Luật số 59/2020/QH14",
        "Luật số năm mươi chín năm hai nghìn không trăm hai mươi của Quốc hội khóa mười bốn",
    ),
    ("ngày 15/5/2016", "ngày mười lăm tháng năm năm hai nghìn không trăm mười sáu"),
    ("từ ngày 28/2-5/3", "từ ngày hai mươi tám tháng hai đến ngày năm tháng ba"),
    ("khóa XI và XII", "khóa mười một và mười hai"),
    ("quý III", "quý ba"),
    ("Km 12+300 trên QL.4C", "ki lô mét mười hai cộng ba trăm trên quốc lộ bốn xê"),
    ("17/23 xã", "mười bảy trên hai mươi ba xã"),
    ("2/3 số hộ", "hai phần ba số hộ"),
    ("tỷ số 3-1", "tỷ số ba một"),
    ("nóng 35-37°C", "nóng ba mươi lăm đến ba mươi bảy độ"),
    ("lạnh -2°C", "lạnh âm hai độ"),
    ("58.500đ/kg", "năm mươi tám nghìn năm trăm đồng một ki lô gam"),
    ("gọi 0219.3.866.456", "gọi không hai một chín, ba, tám sáu sáu, bốn năm sáu"),
    ("xe 23A-123.45", "xe hai ba a một hai ba bốn năm"),
    ("lúc 15h05", "lúc mười lăm giờ không năm"),
    ("ra quân từ ngày15/5,đến nay", "ra quân từ ngày mười lăm tháng năm, đến nay"),
    ("đạt 100%KH", "đạt một trăm phần trăm kế hoạch"),
    ("huyện đến 23điểm cầu", "huyện đến hai mươi ba điểm cầu"),
    ("vào năm 2025./.", "vào năm hai nghìn không trăm hai mươi lăm."),
    ("BẢN TIN THỜI TIẾT NGÀY 15/9", "bản tin thời tiết ngày mười lăm tháng chín"),
    ("anh Nguyễn Văn H. cho biết", "anh Nguyễn Văn hát cho biết"),
    ("1.256 người", "một nghìn hai trăm năm mươi sáu người"),
    (
        "năm học 2023-2024",
        "năm học hai nghìn không trăm hai mươi ba đến hai nghìn không trăm hai mươi tư",
    ),
]


@pytest.mark.parametrize(("written", "spoken"), CONVENTIONS)
def test_conventions(written, spoken):
    assert say(written) == spoken


@pytest.mark.parametrize("table", sorted({table for table, _, _ in examples()}))
def test_every_example_of_every_table(table):
    wanted = [row for row in examples() if row[0] == table]
    read_so = [(table, written, say(written).rstrip(".")) for _, written, _ in wanted]
    assert read_so == wanted


def test_options_change_what_regions_say_differently():
    assert say("105", Options(zero_tens="linh")) == "một trăm linh năm"
    assert (
        say("Chỉ thị 05-CT/TW", Options(party_codes="dropped")) == "Chỉ thị không năm"
    )
    assert say("ngày 2/9", Options(mung=True)) == "ngày mùng hai tháng chín"
    assert say("7h30", Options(minutes=True)) == "bảy giờ ba mươi phút"


LONG = [  # no comma helps
    "Ban Chỉ đạo xây dựng nông thôn mới của huyện đề nghị toàn thể nhân dân các thôn bản tiếp tục phát huy tinh "
    "thần đoàn kết giúp đỡ lẫn nhau phát triển kinh tế xã hội nâng cao thu nhập bình quân đầu người giữ gìn vệ "
    "sinh môi trường bảo đảm an ninh trật tự trên địa bàn dân cư góp phần hoàn thành thắng lợi nghị quyết đại hội "
    "đảng bộ các cấp",
    "Trung tâm y tế khu vực thông báo lịch tiêm chủng mở rộng đợt tháng mười một năm nay tại nhà văn hóa các thôn "
    "từ sáu giờ ba mươi phút sáng đến mười một giờ ba mươi phút trưa dành riêng đối với trẻ em từ sáu tháng tuổi "
    "trở lên chưa được tiêm đủ mũi vắc xin phòng bệnh sởi theo hướng dẫn của sở y tế tỉnh trong chiến dịch bổ "
    "sung",
]


@pytest.mark.parametrize("text", LONG)
def test_a_breath_is_never_taken_inside_a_compound(text):
    pieces = [sentence.written for sentence in read([Passage(text)])]
    assert len(pieces) > 1
    assert " ".join(pieces) == text
    for piece in pieces[1:]:
        assert piece.split()[0] in {
            "và",
            "trong",
            "trên",
            "của",
            "các",
            "tại",
            "theo",
            "cho",
            "từ",
            "góp",
        }, pieces


def test_terms_win_over_tables_and_match_whole_words_only():
    terms = [
        Term("Cao Bồ", "cao bồ xã ta"),
        Term("UBND", "u bê"),
        Term("ocop", "ô cóp", match_case=False),
    ]
    assert (
        say("UBND xã Cao Bồ bán OCOP", terms=terms) == "u bê xã cao bồ xã ta bán ô cóp"
    )
    assert say("Cao Bồng", terms=terms) == "Cao Bồng"
    assert say("đi Ocop, ubnd", terms=terms) == "đi ô cóp, ủy ban nhân dân"
    longest = [
        Term("Cao", "cao một"),
        Term("Cao Bồ", "cao hai"),
        Term("cao bồ", "cao ba", match_case=False),
    ]
    assert say("Cao, Cao Bồ, CAO BỒ", terms=longest) == "cao một, cao hai, cao ba"


def cut(text, role=Role.PARAGRAPH):
    return [sentence.written for sentence in read([Passage(text, role)])]


def test_sentences_end_where_an_announcer_breathes():
    assert cut(
        "Đồng chí PGS.TS. Trần Văn Hùng đến TP. Hà Giang. Ông trao 1.256 suất quà!"
    ) == [
        "Đồng chí PGS.TS. Trần Văn Hùng đến TP. Hà Giang.",
        "Ông trao 1.256 suất quà!",
    ]
    assert cut("Về các xã.Ngày hôm sau họp.") == ["Về các xã.", "Ngày hôm sau họp."]
    assert cut("Anh Nguyễn Văn H. khai nhận.") == ["Anh Nguyễn Văn H. khai nhận."]
    assert cut("Rét dưới 8°C. Gió nhẹ.") == ["Rét dưới 8°C.", "Gió nhẹ."]
    assert cut("Xem tại hagiang.gov.vn. Hết.") == ["Xem tại hagiang.gov.vn.", "Hết."]
    assert cut("Gồm chè, ngô v.v. Bà con lưu ý.") == [
        "Gồm chè, ngô v.v.",
        "Bà con lưu ý.",
    ]
    assert cut("Hết. 1. Về kinh tế. II. Nhiệm vụ. Còn lại 5. Hết.") == [
        "Hết.",
        "1. Về kinh tế.",
        "II. Nhiệm vụ.",
        "Còn lại 5.",
        "Hết.",
    ]
    assert cut("… ./. *** –") == []


def test_long_sentences_are_cut_at_clauses_and_lose_nothing():
    text = "Cán bộ xã đi từng ngõ, gõ từng nhà để vận động bà con; " * 12
    pieces = cut(text)
    assert max(map(len, pieces)) <= 260
    assert " ".join(pieces) == " ".join(text.split())
    assert all(piece.endswith(";") for piece in pieces)


def test_a_long_sentence_without_marks_is_cut_before_a_word_that_joins():
    text = (
        "xã vận động bà con so với năm trước đóng góp ngày công lý do chính đáng để làm đường của thôn "
        * 6
    )
    for piece in cut(text)[1:]:
        assert piece.split()[0] in ("để", "của"), piece


def test_pauses_follow_the_role_of_the_passage():
    title, first, last = read([Passage("Tin mới", Role.TITLE), Passage("Một. Hai.")])
    assert title.pause_ms > last.pause_ms > first.pause_ms


def test_changes_tell_where_what_and_why():
    (sentence,) = read([Passage("UBND xã có XYZK hộ, đạt 95,2%.")])
    for change in sentence.changes:
        assert sentence.written[change.start : change.end] == change.written
    assert [
        (change.written, change.rule, change.doubt) for change in sentence.changes
    ] == [
        ("UBND", "abbreviation", False),
        ("XYZK", "spelled", True),
        ("95,2%", "unit", False),
    ]


MIXTURE = st.text(
    alphabet=st.one_of(
        st.sampled_from("0123456789./,:-–()% hkgđXIVABNDưáặ“”…;+°m²½²٣೫"),
        st.characters(),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(MIXTURE)
def test_whatever_comes_in_words_come_out(text):
    spoken = say(text)
    assert spoken == unicodedata.normalize("NFC", spoken)
    assert not re.search(r"[0-9]", spoken)
    assert all(char.isalpha() or char in " ,.?!" for char in spoken), spoken
    for sentence in read([Passage(text)]):
        assert all(
            sentence.written[c.start : c.end] == c.written for c in sentence.changes
        )


WRITTEN = (
    (Path(__file__).parent / "announcer.tsv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
)
PIECES = sorted(
    {
        piece
        for line in WRITTEN
        for piece in re.findall(r"\w+|[^\w]", line.split("\t")[0])
    }
)


def words_of(spoken):
    return re.findall(r"\w+", spoken)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_words_are_read_as_themselves(text):
    spoken = say(text)
    assert words_of(say(spoken)) == words_of(spoken)
    assert all(char.isalpha() or char in " ,.?!" for char in spoken), spoken


def test_foreign_words_are_respelled_or_left_as_a_station_likes():
    assert say("bán online qua Zalo") == "bán on lai qua da lô"
    assert say("bán online qua Zalo", Options(foreign="given")) == "bán online qua Zalo"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("trường ĐH", "trường đại học"),
        ("gọi ĐT: 113", "gọi điện thoại, một một ba"),
        ("sửa ĐT.177", "sửa đường tỉnh một trăm bảy mươi bảy"),
        ("xã có 25 đ/c", "xã có hai mươi lăm đồng chí"),
        ("phần thưởng của BTC", "phần thưởng của bộ tài chính"),
        ("cơ quan NN", "cơ quan nhà nước"),
        ("ngành NN", "ngành nông nghiệp"),
        ("dòng 16A", "dòng mười sáu am pe"),
        ("nhà 16A", "nhà mười sáu a"),
        ("tỷ lệ 1:3", "tỷ lệ một trên ba"),
        ("tỷ số 2:1", "tỷ số hai một"),
        ("25 đồng/người/tháng", "hai mươi lăm đồng một người một tháng"),
    ],
)
def test_context_decides_between_two_meanings(written, spoken):
    assert say(written) == spoken


MORE = [
    ("giá 2tr5", "giá hai triệu năm trăm nghìn"),
    ("giá 50k VND", "giá năm mươi nghìn đồng"),
    ("ngày 17-7", "ngày mười bảy tháng bảy"),
    ("từ ngày 5-7 tháng 3", "từ ngày năm đến bảy tháng ba"),
    ("ngày 3.2", "ngày ba tháng hai"),
    ("mục 3.2", "mục ba chấm hai"),
    ("tháng 2-3/2024", "tháng hai đến tháng ba năm hai nghìn không trăm hai mươi tư"),
    ("quý II/2026", "quý hai năm hai nghìn không trăm hai mươi sáu"),
    ("tấm 5 x 10 cm", "tấm năm nhân mười xăng ti mét"),
    (
        "STK 1903456789012",
        "số tài khoản một chín không ba bốn năm sáu bảy tám chín không một hai",
    ),
    ("10.500.000.000 đồng", "mười tỷ năm trăm triệu đồng"),
    ("chương ix", "chương chín"),
    ("5 1/2 ngày công", "năm và một phần hai ngày công"),
    ("mất 3p20s", "mất ba phút hai mươi giây"),
]


@pytest.mark.parametrize(("written", "spoken"), MORE)
def test_more_conventions(written, spoken):
    assert say(written) == spoken


@pytest.mark.parametrize(("written", "spoken"), [*CONVENTIONS, *MORE])
def test_reading_what_was_read_changes_nothing(written, spoken):
    assert say(spoken).rstrip(".") == spoken.rstrip(".")


@pytest.mark.parametrize(
    "piece",
    [
        "1.",
        "(",
        "a",
        "A",
        "1",
        "1/",
        "1-",
        "a@",
        "www.",
        "XI, ",
        "QL",
        "ngày 1-",
        "2tr",
        "thứ 1",
        "9,",
        " . / ",
    ],
)
def test_twenty_thousand_characters_of_anything_are_read(piece):
    text = (piece * 20_000)[:20_000]
    assert not re.search(
        r"[0-9]", " ".join(sentence.spoken for sentence in read([Passage(text)]))
    )
    assert not re.search(r"[0-9]", say(text))
