"""Which of the days that days.py finds are days: an ordered table of what tells for and against."""

from service.vietnamese import tables
from service.vietnamese.day_case import (
    ALWAYS,
    BY_THE_MOON,
    SPANNING,
    Case,
    after_the_hour,
    and_a_part,
    begins_a_span,
    can_be_nothing_else,
    counts,
    counts_points,
    ends_a_list_of_days,
    ends_there,
    goes_on_from_a_day,
    has_a_name,
    in_brackets,
    is_known,
    is_measured,
    is_of_an_event,
    is_of_parts,
    is_several,
    is_told,
    is_weekday,
    of_a_span,
    rises,
    written_with_a_point,
    written_with_a_slash,
)
from service.vietnamese.rules import Sign
from service.vietnamese.scores import is_score, is_score_of_a_set
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue

# Read from above: the first sign that holds decides.
SIGNS: tuple[Sign[Case], ...] = (
    Sign(
        "no such day",
        False,
        lambda case: not all(day.is_in_the_calendar for day in case.days.days),
        "có 17/23 xã",
        "có mười bảy trên hai mươi ba xã",
    ),
    Sign(
        "with an old house's number",
        False,
        lambda case: (
            case.days.last.year is not None and case.before in cues(Cue.ADDRESS)
        ),
        "số nhà 25/7/12",
        "số nhà hai mươi lăm trên bảy trên mười hai",
    ),
    Sign(
        "with its year",
        True,
        lambda case: case.days.last.year is not None and case.is_alone,
        "sinh 15.5.2016",
        "sinh ngày mười lăm tháng năm năm hai nghìn không trăm mười sáu",
    ),
    Sign(
        "always",
        False,
        lambda case: (
            case.is_alone
            and (case.number, case.of_month) == ALWAYS
            and case.before not in cues(Cue.DAY)
        ),
        "trực 24/7",
        "trực hai mươi tư trên bảy",
    ),
    Sign(
        "parts of a whole",
        False,
        lambda case: case.days.mark == "/" and is_of_parts(case.c, case.i),
        "từ 1/3 đến 1/2 diện tích",
        "từ một phần ba đến một phần hai diện tích",
    ),
    Sign(
        "numbers of days",
        False,
        written_with_a_point(lambda case: case.days.mark == "-" and is_several(case)),
        "từ ngày 5-7 tại xã",
        "từ ngày năm đến bảy tại xã",
    ),
    Sign(
        "after ngày",
        True,
        lambda case: case.before in cues(Cue.DAY),
        "ngày 5.5 xã họp",
        "ngày năm tháng năm xã họp",
    ),
    Sign(
        "a list after a word that days often follow",
        True,
        lambda case: (
            not case.is_alone
            and not case.is_a_span
            and case.before in cues(Cue.PERHAPS_A_DAY)
            and rises(case)
            and ends_there(case)
        ),
        "vào 5, 6 và 7.12, thu phí",
        "vào ngày năm, sáu và bảy tháng mười hai, thu phí",
    ),
    Sign(
        "two feasts",
        True,
        lambda case: (
            not case.is_alone
            and not case.is_a_span
            and all((day.number, day.month) in tables.days() for day in case.days.days)
            and not is_measured(case)
        ),
        "nghỉ lễ 30-4 và 1-5",
        "nghỉ lễ ngày ba mươi tháng tư và một tháng năm",
    ),
    Sign(
        "a list without ngày",
        False,
        lambda case: len(case.days.days) > 1 and not case.is_a_span,
        "hộ 5, 20/11 họp",
        "hộ năm, ngày hai mươi tháng mười một họp",
    ),
    Sign(
        "a span with a slash",
        True,
        of_a_span(lambda case: case.days.mark == "/"),
        "nghỉ 10-15/3",
        "nghỉ ngày mười đến ngày mười lăm tháng ba",
    ),
    Sign(
        "a span of measures",
        False,
        of_a_span(is_measured),
        "dài 5.3 - 20.3 km",
        "dài năm phẩy ba đến hai mươi phẩy ba ki lô mét",
    ),
    Sign(
        "a span of two days with their months",
        True,
        of_a_span(
            lambda case: (
                case.days.days[0].month is not None
                and rises(case)
                and case.before not in cues(Cue.AMOUNT)
            )
        ),
        "Đợt 2: 15.8-20.8",
        "Đợt hai, ngày mười lăm tháng tám đến ngày hai mươi tháng tám",
    ),
    Sign(
        "a span after từ",
        True,
        of_a_span(
            lambda case: (
                case.before in cues(Cue.PERHAPS_A_DAY, Cue.TODAY) and ends_there(case)
            )
        ),
        "từ 6 – 8.4, xã họp",
        "từ ngày sáu đến ngày tám tháng tư, xã họp",
    ),
    Sign(
        "another span",
        False,
        lambda case: not case.is_alone,
        "nặng 3-4.5",
        "nặng ba đến bốn chấm năm",
    ),
    Sign(
        "ends a list of days",
        True,
        lambda case: ends_a_list_of_days(case.c, case.i),
        "các ngày 2, 3, 5/4",
        "các ngày hai, ba, năm tháng tư",
    ),
    Sign(
        "after the hour or what has an end",
        True,
        lambda case: (
            (case.exceeds or case.days.mark != "/") and is_told(case.c, case.i)
        ),
        "Hạn nộp 30.11, quá hạn trả lại",
        "Hạn nộp ngày ba mươi tháng mười một, quá hạn trả lại",
    ),
    Sign(
        "of a feast",
        True,
        written_with_a_slash(
            lambda case: case.exceeds and case.before in cues(Cue.FEAST)
        ),
        "dịp 30/4 thôn họp",
        "dịp ngày ba mươi tháng tư thôn họp",
    ),
    Sign(
        "goes on from a day",
        True,
        written_with_a_slash(goes_on_from_a_day),
        "dịp lễ 30/4, 1/5 xã nghỉ",
        "dịp lễ ngày ba mươi tháng tư, ngày một tháng năm xã nghỉ",
    ),
    Sign(
        "what is counted follows",
        False,
        written_with_a_slash(lambda case: case.after in cues(Cue.COUNTED)),
        "từ 7/9 thôn",
        "từ bảy trên chín thôn",
    ),
    Sign(
        "after a word that days often follow",
        True,
        written_with_a_slash(
            lambda case: (
                case.before in cues(Cue.DAY, Cue.PERHAPS_A_DAY) and not and_a_part(case)
            )
        ),
        "từ 5/6 tại xã",
        "từ ngày năm tháng sáu tại xã",
    ),
    Sign(
        "after today",
        True,
        written_with_a_point(
            lambda case: case.before in cues(Cue.TODAY) or case.before == "hết"
        ),
        "đến hết 31.12",
        "đến hết ngày ba mươi mốt tháng mười hai",
    ),
    Sign(
        "a place that is named for it",
        True,
        written_with_a_slash(
            lambda case: (
                case.before in cues(Cue.PLACE_NAMED_FOR_A_DAY) and is_known(case)
            )
        ),
        "quảng trường 26/3",
        "quảng trường hai mươi sáu tháng ba",
    ),
    Sign(
        "after the day of the week",
        True,
        lambda case: is_weekday(case.c, case.i),
        "thứ Bảy (29.11)",
        "thứ Bảy, ngày hai mươi chín tháng mười một",
    ),
    Sign(
        "after the hour",
        True,
        lambda case: is_told(case.c, case.i) or after_the_hour(case.c, case.i),
        "lúc 7h/15/9",
        "lúc bảy giờ ngày mười lăm tháng chín",
    ),
    Sign(
        "alone in brackets",
        True,
        written_with_a_slash(lambda case: case.exceeds and in_brackets(case)),
        "họp đầu tuần (28/11)",
        "họp đầu tuần, ngày hai mươi tám tháng mười một",
    ),
    Sign(
        "a day with a name",
        True,
        written_with_a_slash(lambda case: has_a_name(case.c, case.i)),
        "Ngày Pháp luật 9/11",
        "Ngày Pháp luật ngày chín tháng mười một",
    ),
    Sign(
        "a feast by its date",
        True,
        written_with_a_point(is_of_an_event),
        "Quốc khánh 2-9",
        "Quốc khánh ngày hai tháng chín",
    ),
    Sign(
        "by the moon",
        True,
        lambda case: BY_THE_MOON.match(case.c.text, case.days.last.end) is not None,
        "giỗ tổ 10-3 âm lịch",
        "giỗ tổ ngày mười tháng ba âm lịch",
    ),
    Sign(
        "the begin of a span",
        True,
        written_with_a_point(begins_a_span),
        "từ 22-3 đến tháng 8",
        "từ ngày hai mươi hai tháng ba đến tháng tám",
    ),
    Sign(
        "a score",
        False,
        lambda case: case.days.mark == "-" and is_score(case.c, case.i + 1),
        "tỷ số là 5-4.",
        "tỷ số là năm bốn.",
    ),
    Sign(
        "from so many points",
        False,
        written_with_a_point(counts_points),
        "chứng chỉ IELTS từ 6.5",
        "chứng chỉ ai eo từ sáu chấm năm",
    ),
    Sign(
        "more than its month, where no range falls",
        True,
        written_with_a_point(
            lambda case: (
                case.exceeds
                and case.before in cues(Cue.DAY, Cue.PERHAPS_A_DAY)
                and ends_there(case)
            )
        ),
        "trước 15.5, xã họp",
        "trước ngày mười lăm tháng năm, xã họp",
    ),
    Sign(
        "known by its date",
        True,
        written_with_a_slash(
            lambda case: (
                is_known(case)
                and case.before not in (*cues(Cue.AMOUNT), "lệ")
                and not counts(case)
            )
        ),
        "mít tinh 2/9",
        "mít tinh ngày hai tháng chín",
    ),
    Sign(
        "known by its date, with a point",
        True,
        written_with_a_point(
            lambda case: (
                is_known(case)
                and case.before in SPANNING
                and not counts(case)
                and not is_measured(case)
            )
        ),
        "từ 1.7, xã mới hoạt động",
        "từ ngày một tháng bảy, xã mới hoạt động",
    ),
    Sign(
        "with a nought",
        True,
        written_with_a_slash(lambda case: case.c.tokens[case.i].text[0] == "0"),
        "xã họp 05/3 tới",
        "xã họp ngày năm tháng ba tới",
    ),
    Sign(
        "the score of a set",
        False,
        lambda case: is_score_of_a_set(case.c, case.i),
        "thắng 3-0 (25/10, 25/11)",
        "thắng ba không, hai mươi lăm mười, hai mươi lăm mười một",
    ),
    Sign(
        "more than its whole",
        True,
        written_with_a_slash(can_be_nothing_else),
        "xã họp 29/11",
        "xã họp ngày hai mươi chín tháng mười một",
    ),
)
