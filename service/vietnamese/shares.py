"""a/b: a day, a fraction, a share or a count, by what stands around it."""

from typing import NamedTuple

from service.vietnamese.context import Context, Said
from service.vietnamese.day_case import LARGEST_PART
from service.vietnamese.day_reading import days_at
from service.vietnamese.measures import measured
from service.vietnamese.numbers import figure, integer, ordinal, part
from service.vietnamese.rules import Rule, Sign, first_said, first_verdict
from service.vietnamese.scores import is_score_of_a_set
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import unit_pattern

ABOUT = ("gần", "hơn", "khoảng", "quá")
MARKED = ("điểm", "apgar")  # out of so many
LONGEST_MONTH = 2  # digits
DIGITS_OF_A_YEAR = 4
USUAL_PART = 5  # halves to fifths are told of more often than counts out of so few


class Share(NamedTuple):
    """Two figures with a slash, `over` and `under`; None where one is no whole number."""

    c: Context
    i: int
    over: int | None
    under: int | None

    @property
    def before(self) -> str:
        """The word before."""
        return self.c.before(self.i)

    @property
    def following(self) -> str:
        """The word after."""
        return self.c.after(self.i)

    @property
    def is_a_part(self) -> bool:
        """Whether it is less than its whole, and no smaller a part than a tenth."""
        return (
            self.over is not None
            and self.under is not None
            and (0 < self.over < self.under <= LARGEST_PART)
        )

    @property
    def stands_in_an_address(self) -> bool:
        """ "ngõ 3/5"; but the 3/4 of "2/3 dân số, 3/4 diện tích" is none."""
        previous = self.c.neighbour(self.i, -1)
        return previous is not None and previous.text.lower() in cues(Cue.ADDRESS)


def ratio(c: Context, i: int) -> Said:
    """a/b by the first rule that knows it; a count out of so many where none does."""
    return first_said(RATIOS, c, i) or _said(c, i, " trên ")


def _share(c: Context, i: int) -> Share:
    parts = c.tokens[i].parts
    return Share(c, i, integer(parts["over"]), integer(parts["under"]))


def _said(c: Context, i: int, between: str) -> Said:
    """Both figures, and the unit after them."""
    parts, zero_tens = c.tokens[i].parts, c.options.zero_tens
    over, under = figure(parts["over"], zero_tens), figure(parts["under"], zero_tens)
    return measured(c, f"{over}{between}{under}", i + 1, "ratio")


def _two_figures(c: Context, i: int) -> Said:
    parts, zero_tens = c.tokens[i].parts, c.options.zero_tens
    spoken = f"{figure(parts['over'], zero_tens)} {figure(parts['under'], zero_tens)}"
    return Said(spoken, i + 1, "number")


def _mixed(c: Context, i: int) -> Said | None:
    """The part of "5 1/2"."""
    whole = c.tokens[i - 2] if i > 1 else None
    apart = (
        whole is not None and whole.kind == "number" and c.tokens[i - 1].kind == "space"
    )
    if not apart or not _share(c, i).is_a_part:
        return None
    parts = c.tokens[i].parts
    spoken = part(parts["over"], parts["under"], c.options.zero_tens)
    return measured(c, f"và {spoken}", i + 1, "ratio")


def _score_of_a_set(c: Context, i: int) -> Said | None:
    share = _share(c, i)
    whole = share.over is not None and share.under is not None
    short = len(c.tokens[i].parts["under"]) <= LONGEST_MONTH
    return _two_figures(c, i) if whole and short and is_score_of_a_set(c, i) else None


def _two_years(c: Context, i: int) -> Said | None:
    """2025/2026, 2025/26."""
    share = _share(c, i)
    if share.over is None or len(c.tokens[i].parts["over"]) != DIGITS_OF_A_YEAR:
        return None
    next_year = share.over + 1
    return _two_figures(c, i) if share.under in (next_year, next_year % 100) else None


def _rank(c: Context, i: int) -> Said | None:
    share = _share(c, i)
    if share.over is None or share.before != "thứ":
        return None
    zero_tens = c.options.zero_tens
    under = figure(c.tokens[i].parts["under"], zero_tens)
    return measured(c, f"{ordinal(share.over, zero_tens)} trên {under}", i + 1, "ratio")


def _fraction(c: Context, i: int) -> Said | None:
    if not first_verdict(FRACTIONS, _share(c, i)):
        return None
    parts = c.tokens[i].parts
    spoken = part(parts["over"], parts["under"], c.options.zero_tens)
    return measured(c, spoken, i + 1, "ratio")


# Read from above: the first rule that holds says the two figures.
RATIOS = (
    Rule(
        "a whole and its part", _mixed, "làm 5 1/2 ngày", "làm năm và một phần hai ngày"
    ),
    Rule("a day", days_at, "họp 29/11", "họp ngày hai mươi chín tháng mười một"),
    Rule(
        "a set",
        _score_of_a_set,
        "thắng 2-0 (25/20)",
        "thắng hai không, hai mươi lăm hai mươi",
    ),
    Rule(
        "two years",
        _two_years,
        "mùa giải 2025/26",
        "mùa giải hai nghìn không trăm hai mươi lăm hai mươi sáu",
    ),
    Rule("a rank", _rank, "xếp thứ 1/18", "xếp thứ nhất trên mười tám"),
    Rule("a fraction", _fraction, "bán 1/5 số lúa", "bán một phần năm số lúa"),
)

# Read from above: the first sign that holds tells whether the two are a fraction.
FRACTIONS: tuple[Sign[Share], ...] = (
    Sign(
        "a round of a cup",
        True,
        lambda share: share.before == "vòng" and share.over == 1,
        "vào vòng 1/16",
        "vào vòng một phần mười sáu",
    ),
    Sign(
        "no part of anything",
        False,
        lambda share: not share.is_a_part,
        "có 17/23 xã",
        "có mười bảy trên hai mươi ba xã",
    ),
    Sign(
        "of a rate",
        False,
        lambda share: "lệ" in share.before and share.following != "số",
        "tỷ lệ 1/5",
        "tỷ lệ một trên năm",
    ),
    Sign(
        "of an address",
        False,
        lambda share: share.stands_in_an_address,
        "ở ngõ 3/5",
        "ở ngõ ba trên năm",
    ),
    Sign(
        "a mark",
        False,
        lambda share: share.before in MARKED,
        "chấm điểm 8/10",
        "chấm điểm tám trên mười",
    ),
    # Who counts one by one need not guess: only "khoảng 2/3 hộ dân" is a part of what is counted.
    Sign(
        "about so many of what is counted",
        True,
        lambda share: (
            _counts(share)
            and share.before in ABOUT
            and (share.under or 0) <= USUAL_PART
        ),
        "khoảng 2/3 hộ dân",
        "khoảng hai phần ba hộ dân",
    ),
    Sign(
        "of what is counted",
        False,
        lambda share: _counts(share),
        "3/5 thôn",
        "ba trên năm thôn",
    ),
    Sign(
        "a usual part",
        True,
        lambda share: (share.under or 0) <= USUAL_PART,
        "trồng 3/4 rẫy",
        "trồng ba phần tư rẫy",
    ),
    Sign(
        "a part of what is shared, or about so much",
        True,
        lambda share: (
            share.following in cues(Cue.SHARED) or share.before in (*ABOUT, "chiếm")
        ),
        "chiếm 1/8 ngân sách",
        "chiếm một phần tám ngân sách",
    ),
    Sign(
        "alone, or of a measure",
        True,
        lambda share: (
            not share.following[:1].isalpha()
            or unit_pattern().match(share.c.text, share.c.tokens[share.i].end)
            is not None
        ),
        "pha 1/8 kg",
        "pha một phần tám ki lô gam",
    ),
)


def _counts(share: Share) -> bool:
    return share.following in cues(Cue.COUNTED) and share.following not in cues(
        Cue.SHARED
    )
