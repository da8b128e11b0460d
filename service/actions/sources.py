"""Sources of news as people describe them: whether they can work,
and what would be taken of them now.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.actions.errands import FORBIDDEN, MOST_HOPS
from service.actions.listings import listing_in, story_of
from service.actions.mailboxes import LetterNews, letters_of
from service.intake import Given, Rejected, Story
from service.intake.addresses import host_of
from service.intake.listings import KINDS, Entry
from service.intake.listings.kinds import check
from service.intake.look import Answer, look
from service.intake.robots import permission
from service.intake.source import parse_bytes
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict
from service.newsroom.values import NewSource

TOO_OLD = "đăng trước ngày bắt đầu"
TWO_TURNS = timedelta(minutes=2)  # a try asks for a list, and for one article


@dataclass(frozen=True, slots=True)
class TrialEntry:
    """An entry of a list, and why it would not be taken; "" for one that would.

    `story` is what the first of those reads like; None for the others.
    """

    title: str
    url: str
    published_at: datetime | None
    why_not: str
    story: Story | None = None


def check_source(source: NewSource) -> None:
    """Rejected names the field that makes a source unusable:
    its kind, its address, its selector.
    """
    check(source.kind, source.url, source.selector)


def try_now(newsroom: Newsroom, source: NewSource) -> list[TrialEntry]:
    """What would be taken of a list as it is now, and what one of it reads like; nothing is kept.

    It takes the host's turn like any look, and a second one for that one article: Conflict when the
    host was asked within the last minute. Rejected says what is wrong with the list.
    """
    check_source(source)
    url = KINDS[source.kind].address(source.url)
    _take_turn(newsroom, url)
    since = source.since or newsroom.now()
    if KINDS[source.kind].by_mail:
        letters = letters_of(newsroom, source, since=since)
        return [_tried_letter(news, since) for news in letters.news]
    entries = listing_in(_answer(newsroom, url), source).entries
    trials = [_tried(entry, since) for entry in entries]
    # Where nothing is new yet, the first of the list shows as well what its articles read like.
    at = next((n for n, trial in enumerate(trials) if not trial.why_not), 0)
    if entries:
        trials[at] = _read(newsroom, trials[at], entries[at])
    return trials


def _take_turn(newsroom: Newsroom, url: str) -> None:
    turn = newsroom.sources.hosts.take_turn(host_of(url))
    if not turn.granted:
        seconds = max(1, round((turn.at - newsroom.now()).total_seconds()))
        raise Conflict(
            f"this host was asked a moment ago; try again in {seconds} s",
            f"Cổng này vừa được hỏi; hãy thử lại sau {seconds} giây.",
            "url",
        )
    if turn.robots and not permission(turn.robots, url).allowed:
        raise _untaken("robots.txt forbids it", FORBIDDEN)


def _read(newsroom: Newsroom, trial: TrialEntry, entry: Entry) -> TrialEntry:
    """A trial with what its article reads like, or the reason why that cannot be read."""
    try:
        if entry.html:
            return replace(trial, story=story_of(entry))
        newsroom.sources.hosts.leave_alone(host_of(entry.document), TWO_TURNS)
        answer = _answer(newsroom, entry.document)
        given = Given(url=entry.url)
        return replace(
            trial, story=parse_bytes(answer.data, ".html", given, answer.charset)
        )
    except Rejected as error:
        return replace(trial, why_not=error.message_vi)


def _tried_letter(news: LetterNews, since: datetime) -> TrialEntry:
    listed = news.listed
    is_old = listed.published_at is not None and listed.published_at < since
    trial = TrialEntry(listed.title, "", listed.published_at, TOO_OLD if is_old else "")
    if is_old:
        return trial
    try:
        return replace(trial, story=news.story())
    except Rejected as error:
        return replace(trial, why_not=error.message_vi)


def _answer(newsroom: Newsroom, url: str) -> Answer:
    """The answer at the end of a few redirects: somebody sits and waits for it."""
    for _ in range(MOST_HOPS + 1):
        answer = look(url, newsroom.guard)
        if not answer.location:
            break
        url = answer.location
    if answer.status != 200:
        raise _untaken(
            f"it answers HTTP {answer.status}",
            answer.why or f"Cổng trả lời lỗi HTTP {answer.status}.",
        )
    return answer


def _tried(entry: Entry, since: datetime) -> TrialEntry:
    is_old = entry.published_at is not None and entry.published_at < since
    why_not = TOO_OLD if is_old else ""
    if entry.published_at is None:
        why_not = "danh sách không ghi giờ đăng: chỉ lấy tin xuất hiện sau lần xem đầu"
    return TrialEntry(entry.title, entry.url, entry.published_at, why_not)


def _untaken(english: str, vietnamese: str) -> Rejected:
    return Rejected(
        "url", "not_fetched", f"the list could not be had: {english}", vietnamese
    )
