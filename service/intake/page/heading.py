"""What stands above an article: its title, its topic, and when it was published."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.lines import is_capitals, is_sentence, last_mark, words
from service.intake.page.body import Span
from service.intake.page.bylines import alone
from service.intake.page.datelines import Dateline
from service.intake.page.evidence import TITLE, weigh
from service.intake.page.seen import Seen
from service.intake.papers.heads import BARE_KIND, UNITS
from service.intake.story import Why

FURTHEST = 16  # lines above the text where a title is looked for
SHORT_WORDS = 6
MOST_HEAD_LINES = 6  # of a letter that a page shows: offices, place and day, what it is
MOST_ENTRY_WORDS = 5
SHORTEST_RUN = 4  # short lines one below another are a menu
LONGEST_TOPIC_CHARS = 40
LEAST_SCORE = -4.0  # of a title for want of a better one
SHORTEST_TITLE_WORDS = 4
TOO_LONG = -20.0  # never a title
SHORTEST_WITHIN_CHARS = 12  # "Thông báo" is in too many names to say anything
SURE_TITLE = 5.0  # of a title above an official document that has its own
CLOSE = 1.5  # between the scores of two titles: somebody should look
TOPICS = re.compile(
    r"(?:tin|tin tức|thời sự|sự kiện|thông báo)(?:(?: ?- ?| và |, ?| )[^\W\d_]{1,10}){0,6}"
)


@dataclass(frozen=True, slots=True)
class Title:
    """Where the title stands; `unsure` when another line is as likely.
    `title` is how it is said where that is not the line itself.
    """

    at: int
    unsure: bool = False
    score: float = 0.0
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be the title, on its page."""

    seen: Sequence[Seen]
    at: int
    span: Span
    named: Sequence[str]  # what the page's own head calls its article
    menu: frozenset[int]

    @property
    def text(self) -> str:
        return self.seen[self.at].text

    @property
    def below_start(self) -> int:
        """How many lines into the text it stands; 0 or less above it."""
        return self.at - self.span.start


@dataclass(frozen=True, slots=True)
class _Place:
    """A reason that lies in where a line stands: its name, and how often its weight counts."""

    name: str
    weight: float
    times: Callable[[_Candidate], int]


def title_of(seen: Sequence[Seen], span: Span, named: Sequence[str]) -> Title | None:
    """The line that is most likely the title; `named` are what the page's own head calls it."""
    menu = frozenset(_menu_lines(seen))
    candidates = [
        (_score(_Candidate(seen, at, span, named, menu)), at)
        for at in range(max(0, span.start - FURTHEST), _last_place(seen, span) + 1)
    ]
    candidates = [(score, at) for score, at in candidates if score > LEAST_SCORE]
    if not candidates:
        return None
    best, at = max(candidates, key=lambda pair: (pair[0], pair[1]))
    close = [
        other
        for score, other in candidates
        if best - score < CLOSE
        and seen[other].text.casefold() != seen[at].text.casefold()
    ]
    return Title(at, bool(close) or best <= 0, best)


def _last_place(seen: Sequence[Seen], span: Span) -> int:
    """The first lines of what was chosen may be its title:
    one that ends with "!" counts as a sentence.
    """
    dated = [
        at
        for at in range(span.start, min(span.start + 3, span.end))
        if seen[at].dateline
    ]
    return dated[0] if dated else min(span.start + 1, span.end - 1)


def _score(line: _Candidate) -> float:
    """How likely a line is the title: what it is, and where it stands."""
    if len(line.text) > LONGEST_TITLE_CHARS:
        return TOO_LONG
    place = sum(reason.weight * reason.times(line) for reason in PLACES)
    return weigh(TITLE, line.seen[line.at]) + place


def _is_trail(line: _Candidate) -> bool:
    """ "Văn hóa - Xã hội Giáo dục": an entry of the menu, and one below it."""
    return _leads_on(line.seen, line.at)


def _leads_on(seen: Sequence[Seen], at: int) -> bool:
    text = seen[at].text
    for above in seen[:at]:
        rest = text.removeprefix(above.text).strip()
        is_entry = _is_short(above) and text.startswith(above.text)
        if is_entry and rest[:1].isupper() and words(rest) <= MOST_ENTRY_WORDS:
            return True
    return False


def _is_named(line: _Candidate) -> bool:
    return line.text.casefold() in line.named


def _is_within_a_name(line: _Candidate) -> bool:
    """ "Title - Section - Portal": portals add to what they call a page."""
    small = line.text.casefold()
    return len(small) > SHORTEST_WITHIN_CHARS and any(
        small in name for name in line.named
    )


def _is_sentence_of_text(line: _Candidate) -> bool:
    return line.below_start >= 0 and is_sentence(line.text)


def _is_next_to_text(line: _Candidate) -> bool:
    between = line.seen[line.at + 1 : line.span.start]
    # What a page's tools are called nobody can list: a word or two are none of the article.
    return line.below_start < 0 and not any(
        each.plain and words(each.text) >= SHORTEST_TITLE_WORDS for each in between
    )


def _lines_to_text(line: _Candidate) -> int:
    """How many lines that might be read stand between it and the text."""
    return sum(line.seen[at].plain for at in range(line.at + 1, line.span.start))


def _is_of_letterhead(line: _Candidate) -> bool:
    """ "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM" in capitals, with "THƯ NGỎ" a few lines below it."""
    if not is_capitals(line.text) or not UNITS.fullmatch(line.text.lower()):
        return False
    below = line.seen[line.at + 1 : line.at + 1 + MOST_HEAD_LINES]
    return any(
        is_capitals(each.text) and BARE_KIND.fullmatch(each.text.lower())
        for each in below
    )


def _is_dated_below(line: _Candidate) -> bool:
    return _dated(line.seen, line.at, 1)


def _is_dated_above(line: _Candidate) -> bool:
    """A date above that is not another title's own."""
    if _is_dated_below(line) or _titled_above(line.seen, line.at):
        return False
    return _dated(line.seen, line.at, -1)


PLACES = (
    _Place("the page's head names it", 6, _is_named),
    _Place("part of what the head names", 3, _is_within_a_name),
    _Place("the way to the page", -6, _is_trail),
    _Place("an entry of a menu", -4, lambda line: line.at in line.menu),
    _Place("an office above its letter", -6, _is_of_letterhead),
    _Place("a sentence of the text", -3, _is_sentence_of_text),
    _Place("within the text", -2, lambda line: line.below_start > 0),
    _Place("right above the text", 2, _is_next_to_text),
    _Place("lines stand between", -0.6, _lines_to_text),
    _Place("a date below", 4, _is_dated_below),
    _Place("a date above", 2.5, _is_dated_above),
)


def _titled_above(seen: Sequence[Seen], at: int) -> bool:
    """Whether the dateline above a line has a title of its own above it:
    the line begins the text then.
    """
    date = next((i for i in range(at - 1, -1, -1) if seen[i].dateline), 0)
    above = date - 1
    while above > 0 and _is_passed_over(seen[above]):
        above -= 1
    if above < 0 or _leads_on(seen, above):
        return False
    return seen[above].plain and words(seen[above].text) > SHORT_WORDS


def _dated(seen: Sequence[Seen], at: int, step: int) -> bool:
    """Whether the next line up or down that is no button or counter is a dateline."""
    place = at + step
    while 0 <= place < len(seen):
        each = seen[place]
        if each.dateline:
            return True
        if not _is_passed_over(each):
            return False
        place += step
    return False


def _is_passed_over(each: Seen) -> bool:
    """Whether a line may stand between a title and its date: a button, a counter, who wrote it."""
    # Some papers set the author's name in capitals.
    name = each.text.title() if is_capitals(each.text) else each.text
    return _is_tool(each) or each.byline is not None or alone(name) is not None


def _menu_lines(seen: Sequence[Seen]) -> set[int]:
    """Lines of runs of short ones, some of which are known entries of menus."""
    found: set[int] = set()
    run: list[int] = []
    for at in range(len(seen) + 1):
        if at < len(seen) and _is_short(seen[at]):
            run.append(at)
            continue
        if len(run) >= SHORTEST_RUN and any(_is_menu(seen[i]) for i in run):
            last = run[-1]  # a short title may stand right below a menu
            # Portals without a heading element let the title follow the menu at once.
            could_be_title = (
                seen[last].plain and words(seen[last].text) >= SHORTEST_TITLE_WORDS
            )
            found.update(run[:-1] if could_be_title else run)
        run = []
    return found


def _is_short(each: Seen) -> bool:
    return (
        words(each.text) <= SHORT_WORDS
        and not last_mark(each.text)
        and not each.dateline
    )


def _is_menu(each: Seen) -> bool:
    return each.row is not None and each.row.why is Why.MENU


def topic_at(seen: Sequence[Seen], title: int) -> int | None:
    """The line above the title that names its topic.

    A menu's last entry is none, but for usual topics.
    """
    at = title - 1
    while at >= 0 and (seen[at].dateline or _is_tool(seen[at])):
        at -= 1
    if at < 0 or not _may_name_topic(seen[at]):
        return None
    # Alone above the title it can be nothing else.
    if not _in_run(seen, at):
        return at if seen[at].plain else None
    # Between a menu and a date above the title.
    stands_apart = at < title - 1 and not _is_menu(seen[at])
    return at if stands_apart or _is_where(seen, at) else None


def _is_where(seen: Sequence[Seen], at: int) -> bool:
    """Whether the last line of a menu says where the page is: it is named once more there,
    or is called as topics usually are.
    """
    name = seen[at].text.casefold()
    again = any(each.text.casefold() == name for each in seen[:at])
    return again or TOPICS.fullmatch(name) is not None


def _may_name_topic(each: Seen) -> bool:
    """Whether a line has the looks of "Tin trong xã": short,
    no sentence, no number of a document.
    """
    short = len(each.text) <= LONGEST_TOPIC_CHARS and not last_mark(each.text)
    numbered = re.search(r"\d{3}", each.text) is not None
    return short and not numbered and not each.line.aside and not each.opens_section


def _in_run(seen: Sequence[Seen], at: int) -> bool:
    """Whether a line is the last of a menu."""
    above = seen[max(0, at - SHORTEST_RUN + 1) : at + 1]
    return len(above) == SHORTEST_RUN and all(map(_is_short, above))


def _is_tool(each: Seen) -> bool:
    tools = {Why.BUTTON, Why.COUNTER, Why.LETTERHEAD}
    return each.row is not None and each.row.why in tools


def date_at(
    seen: Sequence[Seen], title: int, span: Span
) -> tuple[int, Dateline] | None:
    """The dateline that is the article's: near its title,
    or said to be that of publication below it.

    Today's clock in the page's head, with a menu below it, is none.
    """
    candidates: list[tuple[float, int, Dateline]] = []
    for at, each in enumerate(seen):
        if (
            each.dateline
            and (score := _date_score(seen, at, each.dateline, title, span)) > 0
        ):
            candidates.append((score, -at, each.dateline))
    if not candidates:
        return None
    _, place, time = max(candidates, key=lambda candidate: candidate[:2])
    return -place, time


def _date_score(
    seen: Sequence[Seen], at: int, time: Dateline, title: int, span: Span
) -> float:
    low, high = min(at, title), max(at, title)
    between = [
        each
        for each in seen[low + 1 : high]
        if not each.dateline and not _is_passed_over(each)
    ]
    score = 4 - 1.5 * len(between) + 0.5 * time.hour - 3 * time.updated + time.published
    if at >= span.end:  # below the text it must say what it is
        below = [
            each for each in seen[span.end : at] if each.plain or each.opens_section
        ]
        score = 2.0 * time.published - len(below) - 3 * time.updated + 0.2
    return score
