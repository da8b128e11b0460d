"""Khẩn cấp: warnings typed or taken from CAP, what is in force, and what the people on duty should see at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from service.intake import Given, Rejected, parse
from service.intake.cap import LONGEST_WARNING_CHARS, AlertKind, parse_cap
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import NewArticle, NewWarning, Notice, Role, Urgent
from service.web.auth import View, desk_pages, may, who
from service.web.site import Site
from service.zone import VIETNAM

EVERY_STATION = "all"
TIMES = 3
USUAL_MINUTES = "360"  # of a typed warning; an alert says itself when it ends
LASTING = ((60, "1 giờ"), (180, "3 giờ"), (720, "12 giờ"), (1440, "1 ngày"), (2880, "2 ngày"))
MOST_MINUTES = 7 * 24 * 60
NUMBER = "<int:episode_id>"


@dataclass(frozen=True, slots=True)
class Typed:
    """A warning as somebody sent it: words, or the CAP alert that holds them; how long, how often, for whom."""

    stations: tuple[str, ...] = ()
    title: str = ""
    body: str = ""
    cap: bytes = b""
    expires_at: str = ""  # ISO 8601, in Vietnam's zone when it names none
    minutes: int | None = None  # from now; instead of `expires_at`
    times: int = TIMES
    approve: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: `news` is "created", "unchanged" or "cancelled"; a Cancel may end several."""

    news: str
    episodes: tuple[int, ...]


def take(newsroom: Newsroom, site: Site, typed: Typed, who: str, *, approver: bool) -> Taken:
    """Hands a warning in, or ends those that a CAP Cancel names. Rejected and Invalid name the field at fault.

    `approver`: whether `who` may approve; only such a one ends warnings, or approves them beforehand.
    """
    if typed.approve and not approver:
        raise Invalid(
            "only an approver may approve beforehand",
            "Chỉ người duyệt mới được duyệt trước.",
            "approve",
        )
    alert = parse_cap(typed.cap) if typed.cap.strip() else None
    if alert is not None and alert.kind is AlertKind.CANCEL:
        if not approver:
            raise Invalid(
                "only an approver may end a warning",
                "Chỉ người duyệt mới được hủy cảnh báo.",
                "cap",
            )
        return Taken("cancelled", tuple(newsroom.urgent.cancel(alert.references, who)))
    warning = NewWarning(
        _ends(typed, alert.expires_at if alert else None, newsroom.now()),
        times=typed.times,
        approved_by=who if typed.approve else "",
    )
    stations = _stations(newsroom, typed.stations)
    if alert is not None:
        digest = alert.cap_id
        article = NewArticle(
            alert.title, alert.paragraphs, digest, stations, external_id=alert.cap_id
        )
        warning = replace(
            warning, cap_id=alert.cap_id, severity=alert.severity, references=alert.references
        )
    else:
        story = parse(typed.body, "text", Given(typed.title))
        if sum(map(len, story.paragraphs)) > LONGEST_WARNING_CHARS:
            raise Rejected(
                "body",
                "too_long",
                f"a warning has at most {LONGEST_WARNING_CHARS} characters",
                f"Cảnh báo dài quá {LONGEST_WARNING_CHARS} ký tự; hãy rút gọn.",
            )
        article = NewArticle(story.title, story.paragraphs, story.digest, stations, lead=story.lead)
    receipt = newsroom.urgent.receive(article, warning, site.urgent_voice, who)
    return Taken(receipt.news, (receipt.episode_id,))


def _stations(newsroom: Newsroom, named: Sequence[str]) -> tuple[str, ...]:
    if EVERY_STATION in named:
        return tuple(station.slug for station in newsroom.stations.all())
    return tuple(named)  # none, or one that is not there, is told by the newsroom


def _ends(typed: Typed, alert: datetime | None, now: datetime) -> datetime:
    """When it expires: as the sender says, else as the alert does."""
    if typed.expires_at and typed.minutes is not None:
        raise Invalid(
            "give expires_at or minutes, not both", "Chọn một cách ghi giờ hết hiệu lực.", "minutes"
        )
    if typed.minutes is not None:
        if not 1 <= typed.minutes <= MOST_MINUTES:
            raise Invalid(
                f"minutes lie between 1 and {MOST_MINUTES}",
                "Thời gian hiệu lực tối đa 7 ngày.",
                "minutes",
            )
        return now + timedelta(minutes=typed.minutes)
    if typed.expires_at:
        try:
            time = datetime.fromisoformat(typed.expires_at.strip())
        except ValueError:
            raise Invalid(
                f"{typed.expires_at[:60]!r} is no time such as 2026-11-24T17:00:00+07:00",
                "Giờ hết hiệu lực không đúng dạng.",
                "expires_at",
            ) from None
        return time if time.tzinfo else time.replace(tzinfo=VIETNAM)
    if alert is None:
        raise Invalid(
            "say when it expires: expires_at or minutes", "Cần chọn giờ hết hiệu lực.", "expires_at"
        )
    return alert


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/urgent, and what every page of the desk says of warnings and notices."""
    pages = Pages(newsroom, site)
    views: list[tuple[str, str, Role, View]] = [
        ("GET", "", Role.OPERATOR, pages.urgent),
        ("POST", "", Role.EDITOR, pages.warn),
        ("POST", f"/{NUMBER}/end", Role.APPROVER, pages.end),
        ("POST", "/notices/<int:notice_id>/seen", Role.OPERATOR, pages.seen),
    ]
    app.context_processor(lambda: {"alarms": pages.alarms})
    app.register_blueprint(desk_pages("urgent", "/desk/urgent", views))


@dataclass(frozen=True, slots=True)
class Alarms:
    """What stands in red above the desk: warnings that wait, those in force, and notices that nobody has seen."""

    waiting: tuple[Urgent, ...] = ()
    in_force: tuple[Urgent, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Pages:
    """What the addresses below /desk/urgent answer."""

    newsroom: Newsroom
    site: Site

    def alarms(self) -> Alarms:
        """For every page of the desk; nothing for who is not logged in."""
        if not current_user.is_authenticated:
            return Alarms()
        live = self.newsroom.urgent.all(live=True)
        return Alarms(
            waiting=tuple(urgent for urgent in live if urgent.waits),
            in_force=tuple(urgent for urgent in live if urgent.in_force),
            notices=tuple(notice for notice in self.newsroom.notices.unseen() if notice.airing),
        )

    def urgent(self) -> ResponseReturnValue:
        """What is in force, what waits, what was; and the form."""
        return self._page(MultiDict())

    def warn(self) -> ResponseReturnValue:
        """A warning from the form."""
        form = request.form
        try:
            taken = take(self.newsroom, self.site, _typed(form), who(), approver=may(Role.APPROVER))
        except (Rejected, NewsroomError) as error:
            return self._page(form, {error.field: error.message_vi}), 422
        if taken.news == "cancelled":
            flash(f"Đã hủy {len(taken.episodes)} cảnh báo theo bản tin CAP.")
        elif form.get("approve"):
            flash(
                "Đã nhận và duyệt. Máy đang đọc; cảnh báo lên loa ngay khi đọc xong, thường trong một phút."
            )
        elif taken.news == "unchanged":
            flash("Cảnh báo này đã có sẵn.")
        else:
            flash("Đã nhận. Máy đang đọc; người duyệt nghe rồi duyệt thì loa mới phát.")
        return redirect(url_for("urgent.urgent"), 303)

    def end(self, episode_id: int) -> ResponseReturnValue:
        """Ends a warning early."""
        try:
            self.newsroom.urgent.end(episode_id, request.form.get("reason", ""), who())
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._page(MultiDict()), 422
        flash("Đã kết thúc cảnh báo. Các khung giờ trở lại bản tin của mình.")
        return redirect(url_for("urgent.urgent"), 303)

    def seen(self, notice_id: int) -> ResponseReturnValue:
        """A notice leaves the desk."""
        self.newsroom.notices.seen(notice_id, who())
        return redirect(url_for("desk.episodes"), 303)

    def _page(self, typed: MultiDict[str, str], faults: dict[str, str] | None = None) -> str:
        known = {"title", "body", "stations", "expires_at", "minutes", "times", "approve"}
        faults = {
            (name if name in known else "cap" if typed.get("cap") else "form"): text
            for name, text in (faults or {}).items()
        }
        return render_template(
            "desk/urgent.html",
            urgents=self.newsroom.urgent.all(),
            stations=self.newsroom.stations.all(),
            names={station.slug: station.name for station in self.newsroom.stations.all()},
            lasting=LASTING,
            typed=typed,
            faults=faults,
            usual=TIMES,
        )


def _typed(form: MultiDict[str, str]) -> Typed:
    """What came from the browser; a time that was typed counts more than the length that is always chosen."""
    until, minutes, times = (
        form.get("expires_at", ""),
        form.get("minutes", ""),
        form.get("times", ""),
    )
    cap = request.files["cap_file"].read() if "cap_file" in request.files else b""
    cap = cap or form.get("cap", "").strip().encode()
    if not (minutes or until or cap):
        minutes = USUAL_MINUTES
    return Typed(
        stations=tuple(form.getlist("stations")),
        title=form.get("title", ""),
        body=form.get("body", ""),
        cap=cap,
        expires_at=until,
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 and not until else None,
        times=int(times) if times.isdecimal() and len(times) < 4 else 0,
        approve="approve" in form,
    )
