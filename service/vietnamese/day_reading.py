"""Days are found in a text, and said."""

from service.vietnamese.context import Context, Said
from service.vietnamese.day_case import Case
from service.vietnamese.day_signs import SIGNS
from service.vietnamese.days import FIGURES, MAY_BEGIN, needs_its_name, parse, say_day
from service.vietnamese.numbers import figure
from service.vietnamese.rules import first_verdict
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue


def days_at(c: Context, i: int) -> Said | None:
    """The days that begin with token `i`; None where these are none."""
    token = c.tokens[i]
    if not MAY_BEGIN.match(c.text, token.start):
        return None
    days = parse(c.text, token.start)
    # 25/12/2025-1: what follows is no part of it
    if days is None and token.kind == "date":
        days = parse(token.text, 0)
        days = days and days.moved(token.start)
    if days is None or days.last.end < token.end:
        return None
    end = c.at(days.last.end, i)
    case = Case(c, i, days, end, c.before(i), c.after(end - 1))
    if first_verdict(SIGNS, case):
        return Said(_said(case), end, "date")
    return _no_day(case) if case.is_alone and days.last.year is not None else None


def _no_day(case: Case) -> Said:
    """31/13/2020 and "số nhà 25/7/12": three figures."""
    last = case.days.last
    written = FIGURES.findall(case.c.text[case.c.tokens[case.i].start : last.end])
    spoken = " trên ".join(
        figure(figures, case.c.options.zero_tens) for figures in written
    )
    return Said(spoken, case.end, "ratio", doubt=not last.is_in_the_calendar)


def _said(case: Case) -> str:
    """ "ngày mười đến ngày mười lăm tháng ba": "ngày" where the text has none,
    the month where it stands.
    """
    c, first, *others = case.c, *case.days.days
    said = [say_day(c, first)]
    if case.before not in cues(Cue.DAY) and (
        not case.is_alone or needs_its_name(c, case.i)
    ):
        said.insert(0, "ngày")
    for joint, day in zip(case.days.joints, others, strict=True):
        said.append(joint)
        if case.is_a_span and not joint.endswith("ngày"):
            said.append("ngày")
        said.append(say_day(c, day))
    return " ".join(said).replace(" ,", ",")
