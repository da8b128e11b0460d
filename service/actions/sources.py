"""Sources of news as people describe them: whether they can work, and what would be taken of them now."""

from dataclasses import dataclass
from datetime import datetime

from service.actions.polling import FORBIDDEN, MOST_HOPS, host_of, listing_in
from service.intake import Rejected
from service.intake.listings import KINDS, Entry
from service.intake.listings.kinds import check
from service.intake.look import Answer, look
from service.intake.robots import permission
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict
from service.newsroom.values import NewSource


@dataclass(frozen=True, slots=True)
class TrialEntry:
    """An entry of a list, and why it would not be taken; "" for one that would."""

    title: str
    url: str
    published_at: datetime | None
    why_not: str


def check_source(source: NewSource) -> None:
    """Rejected names the field that makes a source unusable: its kind, its address, its selector."""
    check(source.kind, source.url, source.selector)


def try_now(newsroom: Newsroom, source: NewSource) -> list[TrialEntry]:
    """What would be taken of a list as it is now; nothing is kept.

    It takes the host's turn like any look: Conflict when the host was asked within the last minute. Rejected
    says what is wrong with the list.
    """
    check_source(source)
    url = KINDS[source.kind].address(source.url)
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
    entries = listing_in(_listing_answer(newsroom, url), source).entries
    since = source.since or newsroom.now()
    return [_tried(entry, since) for entry in entries]


def _listing_answer(newsroom: Newsroom, url: str) -> Answer:
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
    why_not = "đăng trước ngày bắt đầu" if is_old else ""
    if entry.published_at is None:
        why_not = "danh sách không ghi giờ đăng: chỉ lấy tin xuất hiện sau lần xem đầu"
    return TrialEntry(entry.title, entry.url, entry.published_at, why_not)


def _untaken(english: str, vietnamese: str) -> Rejected:
    return Rejected("url", "not_fetched", f"the list could not be had: {english}", vietnamese)
