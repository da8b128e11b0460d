"""Abbreviations that an article itself explains, and doubts that the rest of it settles."""

import pytest

from service.actions.aloud import Announcer
from service.vietnamese import Passage, Term, read, reread
from service.vietnamese.introduced import Introduced


def spoken(*texts, terms=()):
    return [one.spoken for one in read([Passage(text) for text in texts], terms=terms)]


def doubtful(*texts):
    sentences = read([Passage(text) for text in texts])
    return [each.written for one in sentences for each in one.changes if each.doubt]


@pytest.mark.parametrize(
    "introduction",
    [
        "Xã lập câu lạc bộ quê ta đàn sáo xưa (QTĐSX).",
        "Xã lập câu lạc bộ quê ta đàn sáo xưa (gọi tắt là QTĐSX).",
        "Xã lập câu lạc bộ QTĐSX (quê ta đàn sáo xưa).",
    ],
)
def test_what_a_bracket_gives_is_said_everywhere(introduction):
    title, *_, last = spoken(
        "Ra mắt QTĐSX", introduction, "Bà con vui mừng.", "Nay QTĐSX có 50 người."
    )
    assert title == "Ra mắt quê ta đàn sáo xưa"
    assert last == "Nay quê ta đàn sáo xưa có năm mươi người."
    assert doubtful(introduction, "Nay QTĐSX có 50 người.") == []


def test_words_that_join_may_have_no_letter():
    text = "Tổ tiết kiệm và vay vốn (TKVV) họp. Tổ TKVV có 40 hộ."
    assert spoken(text)[1] == "Tổ tiết kiệm và vay vốn có bốn mươi hộ."


def test_an_article_knows_better_than_the_tables():
    assert spoken("Giá cá tra tăng.", "CT đang đắt.")[1] != "cá tra đang đắt."
    told = spoken("Giá cá tra (CT) tăng.", "CT đang đắt.")
    assert told[1] == "cá tra đang đắt."


def test_a_station_knows_better_than_the_article():
    own = (Term("CT", "con tôm"),)
    assert spoken("Giá cá tra (CT) tăng.", "CT đắt.", terms=own)[1] == "con tôm đắt."


@pytest.mark.parametrize(
    "text",
    [
        "Bà con gọi (XYZ) ngay.",  # no words of these letters
        "Ông Trần Văn An (QTK) họp.",
        "(QTĐSX) là gì?",
    ],
)
def test_other_brackets_give_nothing(text):
    letters = text.partition("(")[2].partition(")")[0]
    assert letters in doubtful(text, f"Nay {letters} họp.")


def test_words_elsewhere_with_these_letters_are_said_and_doubted():
    texts = ("Chợ bán rau quả sạch vườn.", "Nhà hàng cần 350 RQSV ngay.")
    assert spoken(*texts)[1] == "Nhà hàng cần ba trăm năm mươi rau quả sạch vườn ngay."
    sentences = read([Passage(text) for text in texts])
    (change,) = (each for each in sentences[1].changes if each.written == "RQSV")
    assert (change.rule, change.doubt) == ("introduced", True)
    assert change.rivals == ("rờ quy ét vê",)


def test_of_three_letters_the_words_are_only_offered():
    sentences = read([Passage("Đội hát bài quê ta đẹp."), Passage("Đội QTĐ họp.")])
    (change,) = sentences[1].changes
    assert change.spoken == "quy tê đê"
    assert change.rivals[0] == "quê ta đẹp"


def test_a_sentence_that_is_written_anew_knows_its_article():
    article = ["Xã lập câu lạc bộ quê ta đàn sáo xưa (QTĐSX)."]
    assert reread("CLB QTĐSX họp.").spoken == "câu lạc bộ quy tê đê ét ích họp."
    told = reread("CLB QTĐSX họp.", article=article).spoken
    assert told == "câu lạc bộ quê ta đàn sáo xưa họp."


def test_an_announcer_is_told_the_article():
    announcer = Announcer({}, ())
    article = announcer.read("Tin", "", ["Giá cá tra (CT) tăng.", "CT đắt."])
    changed = announcer.reread(3, "CT rẻ.", article)
    assert changed.spoken == "cá tra rẻ."


def test_a_sure_sense_settles_the_others():
    title, doubt = "BTC Giải bóng đá xã", "Dịp này, BTC phát động quyên góp."
    assert doubtful(doubt) == ["BTC"]
    assert doubtful(title, doubt) == []


def test_two_sure_senses_settle_nothing():
    doubt = "Dịp này, BTC phát động quyên góp."
    assert doubtful("BTC Giải bóng đá xã", "Thông tư của BTC", doubt) == ["BTC"]


def test_where_brackets_disagree_the_last_said_is_read_and_doubted():
    _, command, _, youth = read(
        [
            Passage("Ban chỉ huy (BCH) họp. BCH yêu cầu dân sơ tán."),
            Passage("Ban chấp hành (BCH) Đoàn dự. BCH khen."),
        ]
    )
    (of_command,), (of_youth,) = command.changes, youth.changes
    assert (of_command.spoken, of_command.doubt) == ("Ban chỉ huy", True)
    assert (of_youth.spoken, of_youth.rivals) == ("Ban chấp hành", ("Ban chỉ huy",))


def test_many_unknown_letters_are_looked_for_in_a_text_gone_through_once():
    letters = [f"Q{a}{b}X" for a in "BCDGHK" for b in "BCDGHKLMNPRSTVX"]
    texts = ["a," * 6_000, *(f"Có {each} ở đây." for each in letters)]
    introduced = Introduced(texts)
    assert all(introduced.likely(each) == () for each in letters)
    assert introduced.likely("COD") == ()  # a stop or another's letters stand between
