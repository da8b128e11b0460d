"""Dashes: a range, a score, a minus or a pause, by what stands on either side."""

import re
from collections.abc import Callable
from typing import NamedTuple

from service.vietnamese.context import Context, Said
from service.vietnamese.days import has_a_month
from service.vietnamese.scores import is_score
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue
from service.vietnamese.tokens import Token
from service.vietnamese.unit_forms import unit_pattern

DASHES = frozenset("-–—")
# Kinds of tokens
FIGURES = frozenset(("number", "time", "date", "month", "ratio", "chainage"))
OPENERS = frozenset("([:=≈~")
APART = ({"date", "time"}, {"month", "time"})  # a day and its hour are no range
REACH = 120  # characters
LONG_NUMBER = 6  # digits without a mark: it names
STANDARD = re.compile(r"\b(?:TCVN|QCVN|TCXD|ISO)\s[\d-]*$")  # TCVN 11892-1:2017
_MEASURE = r"\s?((?:độ C|[^\W\d_]{1,7}|[°º]\s?C|%)(?:/[^\W\d_]{1,7}){0,2}+)"
MEASURED_BEFORE = re.compile(rf"\d{_MEASURE}\s?$")
MEASURED_AFTER = re.compile(rf"\s?[\d.,]{{1,12}}{_MEASURE}")
# Three or more
_SHARES = re.compile(r"(?:\d[\d.,]{0,7}%\s?[-–]\s?){2,9}\d[\d.,]{0,7}%")
NEAR = 40  # characters
_CHANNEL = re.compile(r"[A-Z]\d{1,2}\s?$")  # "VTV1 - 19h"


class Dash(NamedTuple):
    """A dash and what stands on its sides, spaces left out."""

    c: Context
    i: int
    left: Token | None
    right: Token | None

    @property
    def touches_left(self) -> bool:
        """Whether no space stands before it."""
        return self.c.beside(self.i, -1) is not None

    @property
    def touches_right(self) -> bool:
        """Whether no space stands after it."""
        return self.c.beside(self.i, 1) is not None

    @property
    def joins_figures(self) -> bool:
        """Whether a figure, or one with its unit, stands on either side."""
        left, right = self.left, self.right
        if not left or not right or right.kind not in FIGURES:
            return False
        measured = unit_pattern().fullmatch(left.text) is not None or left.text == ")"
        return left.kind in FIGURES or measured

    @property
    def joins_a_day_and_its_hour(self) -> bool:
        """19h - 15/3, VTV1 - 19h: no range."""
        left, right = self.left, self.right
        if not left or not right:
            return False
        if {left.kind, right.kind} in APART:
            return True
        if left.kind == "time":
            return has_a_month(self.c.text, right.start)
        start = self.c.tokens[self.i].start
        return right.kind == "time" and bool(
            _CHANNEL.search(self.c.text, max(0, start - 4), start)
        )

    @property
    def joins_two_measures(self) -> bool:
        """48V-20Ah: two figures of one thing."""
        left, right = self.left, self.right
        if not left or not right or left.text not in cues(Cue.VOLTAGE):
            return False
        end = right.end
        measured = unit_pattern().match(self.c.text, end) or self.c.text.startswith(
            ("(", "/"), end
        )
        return bool(measured) and not _same_measure(self.c, self.i)

    @property
    def joins_a_branch(self) -> bool:
        """4300123456-001: a long number that names, and a short one that nothing rises to."""
        left, right = self.left, self.right
        if not left or not right or not (left.text + right.text).isdigit():
            return False
        return len(left.text) >= LONG_NUMBER and right.text.startswith("0")

    @property
    def stands_before_a_negative(self) -> bool:
        """-2°C, (-5): nothing touches it on its left."""
        opened = self.left is not None and self.left.text in OPENERS
        negative = self.right is not None and self.right.kind in ("number", "ratio")
        return negative and self.touches_right and (opened or not self.touches_left)

    @property
    def follows_a_name(self) -> bool:
        """The dash of "COVID -19": a name stands before the figure, and nothing is measured."""
        left, right = self.left, self.right
        if not left or not right or left.kind not in ("word", "abbreviation"):
            return False
        measured = (
            unit_pattern().match(self.c.text, right.end)
            or self.c.after(self.i + 1) == "độ"
        )
        return len(left.text) > 1 and left.text[0].isupper() and not measured

    @property
    def joins_the_same(self) -> bool:
        """II-IV, "22°C - 24°C", "cấp 1 - cấp 2"."""
        if not self.left or not self.right:
            return False
        numerals = _are_numerals(self.left.text + self.right.text)
        return numerals or _same_measure(self.c, self.i) or _same_name(self.c, self.i)


def dash(c: Context, i: int) -> Said:
    """What a dash is between its neighbours: a range, a score, a minus, a pause."""
    written = Dash(c, i, c.neighbour(i, -1), c.neighbour(i, 1))
    return next(
        Said(dashed.spoken, i + 1, dashed.rule)
        for dashed in DASHED
        if dashed.holds(written)
    )


class Dashed(NamedTuple):
    """What a dash is said as where it holds."""

    name: str
    holds: Callable[[Dash], bool]
    spoken: str
    rule: str
    example: str
    reading: str


def is_standard(c: Context, i: int) -> bool:
    """Whether token `i` stands in the number of a standard: TCVN 11892-1:2017."""
    start = c.tokens[i].start
    return STANDARD.search(c.text, max(0, start - 20), start) is not None


def _are_numerals(text: str) -> bool:
    """II-IV; DL and DV are du lịch and dịch vụ."""
    return not set(text) - set("IVX")


def _same_measure(c: Context, i: int) -> bool:
    """ "22°C - 24°C", "10 triệu - 15 triệu": what is counted stands after both figures."""
    before = MEASURED_BEFORE.search(
        c.text, max(0, c.tokens[i].start - REACH), c.tokens[i].start
    )
    after = None
    if before:
        after = MEASURED_AFTER.match(c.text, c.tokens[i].end)
    return bool(before and after and before[1] == after[1])


def _same_name(c: Context, i: int) -> bool:
    """ "cấp 1 - cấp 2": the same word stands before both figures."""
    right = c.neighbour(i, 1)
    if right and right.text == "báo" and c.before(i, 3).startswith("báo động"):
        return True
    words = c.before(i, 2).split()
    following = c.after(i, 2).split()
    return bool(
        right
        and len(words) == len(following) == 2
        and words[0] == following[0]
        and (words[0] in cues(Cue.LEVEL) or right.text.isupper())  # "LK01-LK15"
        and words[1].isdigit()
        and following[1].isdigit()
    )


def _in_a_row(c: Context, i: int) -> bool:
    """One of several dashes between figures, as in "NPK 5-10-3": no range."""
    earlier = [token for token in c.tokens[max(0, i - 6) : i] if token.kind != "space"][
        ::-1
    ]
    later = [token for token in c.tokens[i + 1 : i + 7] if token.kind != "space"]
    return any(
        len(side) > 2 and side[1].text in DASHES and side[2].kind == "number"
        for side in (earlier, later)
    )


def _joins_shares(c: Context, i: int) -> bool:
    """One of several dashes between shares: "cơ cấu 30% - 45% - 25%" is no range."""
    token = c.tokens[i]
    around = c.text[max(0, token.start - NEAR) : token.end + NEAR]
    at = min(token.start, NEAR)
    return any(row.start() < at < row.end() for row in _SHARES.finditer(around))


# Read from above: the first that holds; the last always does.
DASHED = (
    Dashed(
        "of a standard",
        lambda dash: dash.joins_figures and is_standard(dash.c, dash.i),
        "gạch ngang",
        "range",
        "TCVN 11892-1:2017",
        "tiêu chuẩn Việt Nam mười một nghìn tám trăm chín mươi hai gạch ngang một "
        "năm hai nghìn không trăm mười bảy",
    ),
    Dashed(
        "a day and its hour",
        lambda dash: dash.joins_figures and dash.joins_a_day_and_its_hour,
        ",",
        "",
        "19h - 15/3/2026",
        "mười chín giờ, ngày mười lăm tháng ba năm hai nghìn không trăm hai mươi sáu",
    ),
    Dashed(
        "north and east",
        lambda dash: (
            dash.joins_figures and dash.left is not None and dash.left.text == "N"
        ),
        ",",
        "",
        "tâm bão 16,5N - 112,3E",
        "tâm bão mười sáu phẩy năm độ vĩ bắc, một trăm mười hai phẩy ba độ kinh đông",
    ),
    Dashed(
        "two measures of one thing",
        lambda dash: dash.joins_figures and dash.joins_two_measures,
        ",",
        "",
        "ắc quy 48V-20Ah",
        "ắc quy bốn mươi tám vôn, hai mươi am pe giờ",
    ),
    Dashed(
        "a score, or one of several",
        lambda dash: (
            dash.joins_figures
            and dash.right is not None
            and dash.right.kind == "number"
            and (_in_a_row(dash.c, dash.i) or is_score(dash.c, dash.i))
        ),
        "",
        "range",
        "phân NPK 5-10-3",
        "phân nờ pê ca năm mười ba",
    ),
    Dashed(
        "a number and its branch",
        lambda dash: dash.joins_figures and dash.joins_a_branch,
        ",",
        "",
        "mã số thuế 4300123456-001",
        "mã số thuế bốn ba không không một hai ba bốn năm sáu, không không một",
    ),
    Dashed(
        "one of several shares",
        lambda dash: dash.joins_figures and _joins_shares(dash.c, dash.i),
        ",",
        "",
        "cơ cấu 30% - 45% - 25%",
        "cơ cấu ba mươi phần trăm, bốn mươi lăm phần trăm, hai mươi lăm phần trăm",
    ),
    Dashed(
        "a range",
        lambda dash: dash.joins_figures,
        "đến",
        "range",
        "có 5-7 người",
        "có năm đến bảy người",
    ),
    Dashed(
        "a joint that lost its place",
        lambda dash: dash.stands_before_a_negative and dash.follows_a_name,
        " ",
        "",
        "dịch COVID -19",
        "dịch cô vít mười chín",
    ),
    Dashed(
        "a minus",
        lambda dash: dash.stands_before_a_negative,
        "âm",
        "number",
        "lạnh -2°C",
        "lạnh âm hai độ",
    ),
    Dashed(
        "a range of the same",
        lambda dash: dash.joins_the_same,
        "đến",
        "range",
        "cấp 1 - cấp 2",
        "cấp một đến cấp hai",
    ),
    Dashed(
        "a joint of words",
        lambda dash: (
            dash.touches_left
            and dash.touches_right
            and dash.c.tokens[dash.i].text == "-"
        ),
        " ",
        "",
        "kinh tế-xã hội",
        "kinh tế xã hội",
    ),
    Dashed(
        "a pause",
        lambda _: True,
        ",",
        "",
        "Bắc Hà - nơi có chợ phiên",
        "Bắc Hà, nơi có chợ phiên",
    ),
)
