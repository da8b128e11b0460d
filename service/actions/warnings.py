"""Warnings come in, typed or as CAP 1.2: handed to the newsroom,
or ending those that a Cancel names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.actions.articles import article_of
from service.actions.stations import stations_named
from service.intake import Given, Rejected, Story, parse
from service.intake.cap import LONGEST_WARNING_CHARS, Alert, AlertKind, parse_cap
from service.newsroom import Newsroom
from service.newsroom.errors import Forbidden, Invalid
from service.newsroom.values import EVERYWHERE, News, NewWarning, Reach
from service.newsroom.values.grants import NOWHERE
from service.newsroom.values.voices import VoiceUse
from service.zone import VIETNAM

# How often a warning is read when its sender does not say.
TIMES = 3
# How long a warning may be in force: a week.
MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Typed:
    """A warning as somebody sent it: words, or the CAP alert that holds them.

    How long, how often, for whom.
    """

    stations: tuple[str, ...] = ()
    title: str = ""
    body: str = ""
    cap: bytes = b""
    expires_at: str = ""  # ISO 8601, in Vietnam's zone when it names none
    minutes: int | None = None  # from now; instead of `expires_at`
    times: int = TIMES
    approve: bool = False
    proved: bool = False  # who sends it gave their password in the last minutes


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it; a Cancel may end several."""

    news: News
    episodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rights:
    """Where somebody may hand warnings in, and where they may approve and end them."""

    editor: Reach = EVERYWHERE
    approver: Reach = EVERYWHERE


def take(
    newsroom: Newsroom, voice: str, typed: Typed, who: str, rights: Rights
) -> Taken:
    """Hands a warning in, or ends those that a CAP Cancel names.

    Rejected and Invalid name the field at fault.

    The installation's `voice` (engine:name) reads it where none was chosen for warnings. Only an
    approver ends warnings, or
    approves them beforehand. Forbidden for a station beyond `rights`, also of a warning that the
    alert ends or replaces.
    """
    if typed.approve and rights.approver == NOWHERE:
        raise Invalid(
            "only an approver may approve beforehand",
            "Chỉ người duyệt mới được duyệt trước.",
            "approve",
        )
    alert = parse_cap(typed.cap) if typed.cap.strip() else None
    if alert is not None and alert.kind is AlertKind.CANCEL:
        return _cancel(newsroom, alert, who, rights.approver)
    stations = stations_named(newsroom, typed.stations)
    own = rights.approver if typed.approve else rights.editor
    _refuse_beyond(own, stations)
    if alert is not None:
        # When it is approved it ends those that it replaces.
        _refuse_others(newsroom, own, alert)
    warning = _warning(typed, alert, newsroom.now(), who)
    story = Story(alert.title, alert.paragraphs) if alert else _typed_story(typed)
    article = article_of(story, stations, external_id=warning.cap_id)
    home = next(iter(stations), "")
    chosen = newsroom.voices.map().at(home, VoiceUse.WARNING).voice
    receipt = newsroom.urgent.receive(article, warning, chosen or voice, who)
    return Taken(receipt.news, (receipt.episode_id,))


def _warning(typed: Typed, alert: Alert | None, now: datetime, who: str) -> NewWarning:
    """How long and how often it is in force, and what the alert says of itself."""
    warning = NewWarning(
        _expires_at(typed, alert, now),
        times=typed.times,
        approved_by=who if typed.approve else "",
        proved=typed.proved,
    )
    if alert is None:
        return warning
    return replace(
        warning,
        cap_id=alert.cap_id,
        severity=alert.severity,
        references=alert.references,
    )


def _cancel(newsroom: Newsroom, alert: Alert, who: str, approver: Reach) -> Taken:
    """Ends the warnings that a CAP Cancel names."""
    if approver == NOWHERE:
        raise Invalid(
            "only an approver may end a warning",
            "Chỉ người duyệt mới được hủy cảnh báo.",
            "cap",
        )
    _refuse_others(newsroom, approver, alert)
    return Taken(News.CANCELLED, tuple(newsroom.urgent.cancel(alert.references, who)))


def _refuse_others(newsroom: Newsroom, rights: Reach, alert: Alert) -> None:
    """Forbidden for an alert that ends a warning at stations beyond these rights."""
    for ended in newsroom.urgent.meant(alert.references):
        _refuse_beyond(rights, ended.stations)


def _refuse_beyond(rights: Reach, stations: Sequence[str]) -> None:
    if not rights.covers(stations):
        beyond = ", ".join(sorted(set(stations) - (rights.stations or frozenset())))
        raise Forbidden(
            f"this sender has no such right at {beyond}",
            f"Tài khoản này chưa có quyền ở: {beyond}. Xin liên hệ người quản trị.",
            "stations",
        )


def _typed_story(typed: Typed) -> Story:
    """What a person typed, as a story; Rejected when it is too long to be heard again and again."""
    story = parse(typed.body, "text", Given(typed.title))
    if sum(map(len, story.paragraphs)) > LONGEST_WARNING_CHARS:
        raise Rejected(
            "body",
            "too_long",
            f"a warning has at most {LONGEST_WARNING_CHARS} characters",
            f"Cảnh báo dài quá {LONGEST_WARNING_CHARS} ký tự; hãy rút gọn.",
        )
    return story


def _expires_at(typed: Typed, alert: Alert | None, now: datetime) -> datetime:
    """When it expires: as the sender says, else as the alert does."""
    if typed.expires_at and typed.minutes is not None:
        raise Invalid(
            "give expires_at or minutes, not both",
            "Chọn một cách ghi giờ hết hiệu lực.",
            "minutes",
        )
    if typed.minutes is not None:
        return now + _lasting(typed.minutes)
    if typed.expires_at:
        return _typed_time(typed.expires_at)
    if alert is None or alert.expires_at is None:
        raise Invalid(
            "say when it expires: expires_at or minutes",
            "Cần chọn giờ hết hiệu lực.",
            "expires_at",
        )
    return alert.expires_at


def _lasting(minutes: int) -> timedelta:
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(
            f"minutes lie between 1 and {MOST_MINUTES}",
            "Thời gian hiệu lực tối đa 7 ngày.",
            "minutes",
        )
    return timedelta(minutes=minutes)


def _typed_time(text: str) -> datetime:
    """ISO 8601; people who name no zone mean their own clock."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(
            f"{text[:60]!r} is no time such as 2026-11-24T17:00:00+07:00",
            "Giờ hết hiệu lực không đúng dạng.",
            "expires_at",
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=VIETNAM)
