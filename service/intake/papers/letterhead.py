"""An official document (Decree 30/2020): letterhead, number and signature go;
its kind and subject are the title.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.intake.lines import is_sentence, words
from service.intake.page.wrapped import is_sheet, unwrapped
from service.intake.papers.heads import (
    BARE_KIND,
    DAY,
    HEAD_RULES,
    PLACE_AND_DAY,
    SUBJECT,
    UNITS,
    Part,
    Titling,
    goes_on_below_subject,
    has_motto,
    is_frame,
    is_numbered,
    names_all,
    names_subject,
    note_title,
    titled_as,
)
from service.intake.papers.signature import (
    ADDRESSED,
    after_addressees,
    end_of,
    signed_from,
)
from service.intake.story import Doubt, LeftOut, Story, Why
from service.intake.times import is_likely
from service.zone import VIETNAM

LONGEST_OFFICE_WORDS = 14
LOOKED_AT_LINES = 20
MOST_HEAD_LINES = 18
MOST_DAY_LINES = 3  # of a signature
MOST_OFFICES = 10  # lines of offices above the motto


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands above a document's text: lines `starts` to `begins`, its title,
    and the lines `titled` that make it.
    """

    title: str
    starts: int
    begins: int
    titled: tuple[int, ...]
    time: datetime | None


def read(lines: Sequence[str]) -> Story | None:
    """The story in an official document; None when the lines are none."""
    head = _whole_head(lines)
    if head is None or any(map(is_sentence, lines[: head.starts])):
        return None
    end = end_of(lines, head.begins)
    text = [line for line in unwrapped(lines[head.begins : end]) if not is_sheet(line)]
    if not text:
        return None
    left = _framing(lines, head)
    left += [LeftOut(line, Why.FOOTER) for line in filter(is_sheet, lines)]
    lead, paragraphs = (text[0], text[1:]) if len(text) > 1 else ("", text)
    left += [LeftOut(line, Why.SIGNATURE, len(paragraphs)) for line in lines[end:]]
    # What is typed without a letterhead has its day above the signature.
    time = head.time or _first_day(lines[end : end + MOST_DAY_LINES])
    return Story(
        title=head.title,
        lead=lead,
        paragraphs=tuple(paragraphs),
        published_at=time,
        left_out=tuple(left),
        doubts=() if time else (Doubt.NO_DATE,),
    )


def _framing(lines: Sequence[str], head: Letterhead) -> list[LeftOut]:
    """The lines of the head that are not its title."""
    above = enumerate(lines[: head.begins])
    return [
        LeftOut(line, Why.LETTERHEAD, 0) for at, line in above if at not in head.titled
    ]


def _whole_head(lines: Sequence[str]) -> Letterhead | None:
    """The head that gives a document its title, with a motto or,
    as offices type it for the loudspeaker, without.
    """
    has_mottos = any(map(has_motto, lines[:LOOKED_AT_LINES]))
    head = head_of(lines) if has_mottos else _head_without_motto(lines)
    return head if head is not None and head.title else None


def read_alone(lines: Sequence[str]) -> Story | None:
    """The story in a document that stands alone; None for the page of a portal that shows one."""
    head = head_of(lines[:LOOKED_AT_LINES])
    if head is None:
        is_signed = signed_from(lines, 1) < len(lines)
        return read(lines) if is_signed else None
    return read(lines) if head.starts == 0 else None


def head_of(lines: Sequence[str]) -> Letterhead | None:
    """The head, read up and down from the motto; None when there is no motto,
    so that it is no document.
    """
    motto = next((at for at, line in enumerate(lines) if has_motto(line)), None)
    if motto is None:
        return None
    starts = _first_office(lines, motto)
    titling = Titling()
    titled = _subject_above(lines, starts, motto, titling)
    titling.above = Part.FRAME
    begins = _read_head(lines, motto, titling, titled)
    # The day may stand in the first line that is read: the look for it goes one line further.
    time = _first_day(lines[starts : begins + 1])
    return Letterhead(
        titled_as(titling, lines, titled),
        starts,
        after_addressees(lines, begins),
        tuple(titled),
        time,
    )


def _head_without_motto(lines: Sequence[str]) -> Letterhead | None:
    """ "THÔNG BÁO", and below it of what; or an office, and below it "Kế hoạch …", "V/v …":
    as offices type it for the loudspeaker.
    """
    titling = Titling()
    titled: list[int] = []
    begins = _read_head(lines, 0, titling, titled)
    # “THÔNG BÁO” alone is a title as good as any, and the text below it begins as it is.
    if not titling.subject or begins >= len(lines):
        return None
    if not _proves_document(lines, begins, titling, titled):
        return None
    return Letterhead(
        titled_as(titling, lines, titled),
        0,
        after_addressees(lines, begins),
        tuple(titled),
        _first_day(lines[:begins]),
    )


def _proves_document(
    lines: Sequence[str], begins: int, titling: Titling, titled: Sequence[int]
) -> bool:
    """Whether a head without a motto is one: its kind stands alone, or an office above its title,
    or it says to whom it goes.
    """
    first = lines[titled[0]]
    if titling.kind:
        return BARE_KIND.fullmatch(first.lower()) is not None
    above = lines[: titled[0]]
    is_addressed = ADDRESSED.fullmatch(lines[begins].lower()) is not None
    if names_all(first, Titling()):
        return is_addressed or any(map(_is_office, above))
    return is_addressed or any(map(is_numbered, above))


def _is_office(line: str) -> bool:
    return UNITS.fullmatch(line.lower()) is not None


def _read_head(
    lines: Sequence[str], at: int, titling: Titling, titled: list[int]
) -> int:
    """Reads the head downwards from line `at`, noting what makes the title;
    where the text begins.
    """
    for line in lines[at : at + MOST_HEAD_LINES]:
        rule = next((rule for rule in HEAD_RULES if rule.fits(line, titling)), None)
        if rule is None:
            break
        if rule.part is not Part.FRAME:
            titled.append(at)
        note_title(titling, rule.part, line)
        at += 1
    return at


def _first_office(lines: Sequence[str], motto: int) -> int:
    """Where the head begins: offices stand above the motto when two columns were pasted one below
    the other.
    """
    at = motto
    while at > 0 and motto - at < MOST_OFFICES and _may_stand_above(lines[at - 1]):
        at -= 1
    return at


def _may_stand_above(line: str) -> bool:
    if is_sentence(line) or words(line) > LONGEST_OFFICE_WORDS:
        return False
    about = SUBJECT.fullmatch(line.lower()) is not None or line[0].islower()
    return about or is_frame(line, Titling())


def _subject_above(
    lines: Sequence[str], starts: int, motto: int, titling: Titling
) -> list[int]:
    """Notes "V/v …", which stands on the left of a letter: above the motto when it is pasted.
    Its places.
    """
    titled = []
    for at, line in enumerate(lines[starts:motto], starts):
        named = names_subject(line, titling)
        if named or goes_on_below_subject(line, titling):
            note_title(titling, Part.SUBJECT, line)
            titled.append(at)
        else:
            titling.above = Part.FRAME
    return titled


def _first_day(lines: Sequence[str]) -> datetime | None:
    days = (_day(line.lower()) for line in lines)
    return next(filter(None, days), None)


def _day(small: str) -> datetime | None:
    match = DAY.search(small) if PLACE_AND_DAY.search(small) else None
    if match is None or len(small) > 160:
        return None
    try:
        time = datetime(int(match[3]), int(match[2]), int(match[1]), tzinfo=VIETNAM)
    except ValueError:
        return None
    return time if is_likely(time) else None
