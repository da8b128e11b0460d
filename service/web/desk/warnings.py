"""Khẩn cấp: the form for warnings, what is in force, and what the people on duty should see at the desk."""

from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from service.actions.warnings import TIMES, Typed, take
from service.intake import Rejected
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.values import News, Notice, Role, Urgent
from service.web.auth import View, desk_pages, may, who
from service.web.site import Site

USUAL_MINUTES = "360"  # of a typed warning; an alert says itself when it ends
LASTING = ((60, "1 giờ"), (180, "3 giờ"), (720, "12 giờ"), (1440, "1 ngày"), (2880, "2 ngày"))
NUMBER = "<int:episode_id>"


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
            notices=tuple(
                notice
                for notice in self.newsroom.notices.unseen()
                if notice.airing or notice.episode_id is None  # warnings that wait stand above
            ),
        )

    def urgent(self) -> ResponseReturnValue:
        """What is in force, what waits, what was; and the form."""
        return self._page(MultiDict())

    def warn(self) -> ResponseReturnValue:
        """A warning from the form."""
        form = request.form
        try:
            taken = take(
                self.newsroom,
                self.site.urgent_voice,
                _typed(form),
                who(),
                approver=may(Role.APPROVER),
            )
        except (Rejected, NewsroomError) as error:
            return self._page(form, {error.field: error.message_vi}), 422
        if taken.news is News.CANCELLED:
            flash(f"Đã hủy {len(taken.episodes)} cảnh báo theo bản tin CAP.")
        elif form.get("approve"):
            flash(
                "Đã nhận và duyệt. Máy đang đọc; cảnh báo lên loa ngay khi đọc xong, thường trong một phút."
            )
        elif taken.news is News.UNCHANGED:
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
