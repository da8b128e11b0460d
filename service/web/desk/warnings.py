"""Khẩn cấp: the form for warnings, what is in force,
and what the people on duty should see at the desk.
"""

from dataclasses import dataclass
from typing import cast

from flask import Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from service.actions.stations import groups_within
from service.actions.warnings import TIMES, Taken, Typed, take
from service.intake import Rejected
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.values import News, Notice, Outage, Role, Stirring, Urgent
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import own_stations, reach, warning_rights
from service.web.auth.proof import is_proved
from service.web.desk.choosing import choice, chosen_stations, looks_for_stations
from service.web.inputs.numbers import whole_number
from service.web.site import Site

USUAL_MINUTES = "360"  # of a typed warning; an alert says itself when it ends
# What a form may hold at all: the newsroom knows how long, and how often, is allowed.
MOST_MINUTES, MOST_TIMES = 99_999, 999
FIELDS = frozenset(
    ("title", "body", "stations", "expires_at", "minutes", "times", "approve")
)
NEWS = {
    News.CREATED: "Đã nhận. Máy đang đọc; người duyệt nghe rồi duyệt thì loa mới phát.",
    News.UNCHANGED: "Cảnh báo này đã có sẵn.",
}
APPROVED_BEFOREHAND = "Đã nhận và duyệt. Máy đang đọc; cảnh báo lên loa ngay khi đọc xong, thường trong một phút."
SECOND_WANTED = (
    "Đã nhận. Cảnh báo cho nhiều đài cần người thứ hai cùng duyệt, hoặc anh chị nhập lại mật khẩu rồi"
    " duyệt ở đây."
)
LASTING = (
    (60, "1 giờ"),
    (180, "3 giờ"),
    (720, "12 giờ"),
    (1440, "1 ngày"),
    (2880, "2 ngày"),
)
NUMBER = "<int:episode_id>"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/urgent, and what every page of the desk says of warnings and notices."""
    warnings = Warnings(newsroom, site)
    addresses = [
        DeskPage("GET", "", Role.OPERATOR, warnings.urgent, sifted=True),
        DeskPage("POST", "", Role.EDITOR, warnings.warn, sifted=True),
        DeskPage("POST", f"/{NUMBER}/end", Role.APPROVER, warnings.end),
        DeskPage("POST", "/notices/<int:notice_id>/seen", Role.OPERATOR, warnings.seen),
    ]
    app.context_processor(
        lambda: {
            "alarms": warnings.alarms,
            "misreadings_waiting": warnings.misreadings_waiting,
        }
    )
    app.register_blueprint(desk_pages("urgent", "/desk/urgent", addresses))


@dataclass(frozen=True, slots=True)
class Alarms:
    """What stands in red above the desk: warnings, notices that nobody has seen,
    and what of the house is out.
    """

    waiting: tuple[Urgent, ...] = ()
    in_force: tuple[Urgent, ...] = ()
    notices: tuple[Notice, ...] = ()
    outages: tuple[Outage, ...] = ()


@dataclass(frozen=True)
class Warnings:
    """What the addresses below /desk/urgent answer."""

    newsroom: Newsroom
    site: Site

    def alarms(self) -> Alarms:
        """For every page of the desk; nothing for who is not logged in."""
        if not current_user.is_authenticated:
            return Alarms()
        stirring = self._stirring()
        within = reach(Role.OPERATOR)
        live = (
            self.newsroom.urgent.all(live=True, among=within)
            if stirring.warnings
            else []
        )
        unseen = self.newsroom.notices.unseen(within) if stirring.notices else []
        outages = self.newsroom.house.troubles() if stirring.outages else []
        return Alarms(
            waiting=tuple(urgent for urgent in live if urgent.waits),
            in_force=tuple(urgent for urgent in live if urgent.in_force),
            # Those of warnings that wait are not repeated: the warnings stand above.
            notices=tuple(
                each for each in unseen if each.airing or each.episode_id is None
            ),
            outages=tuple(outages),
        )

    def misreadings_waiting(self) -> int:
        """How many places listeners named that nobody has looked at yet."""
        return self._stirring().misreadings

    def _stirring(self) -> Stirring:
        """Asked once for a page."""
        if "stirring" not in g:
            g.stirring = self.newsroom.lookout.stirring(reach(Role.OPERATOR))
        return cast(Stirring, g.stirring)

    def urgent(self) -> ResponseReturnValue:
        """What is in force, what waits, what was; and the form."""
        return self._page(MultiDict())

    def warn(self) -> ResponseReturnValue:
        """A warning from the form."""
        form = request.form
        if looks_for_stations(form):
            return self._page(form)
        try:
            taken = take(
                self.newsroom,
                self.site.urgent_voice,
                _typed(form, proved=is_proved(self.newsroom)),
                who(),
                warning_rights(),
            )
        except (Rejected, NewsroomError) as error:
            return self._page(form, {error.field: error.message_vi}), 422
        if taken.news is not News.CANCELLED and self._waits_for_another(taken):
            flash(SECOND_WANTED, "error")
            number = taken.episodes[0]
            return redirect(url_for("desk.episode", episode_id=number), 303)
        flash(_news_of(taken, approved="approve" in form))
        return redirect(url_for("urgent.urgent"), 303)

    def _waits_for_another(self, taken: Taken) -> bool:
        """Whether its approval beforehand is the first of two."""
        return any(self.newsroom.urgent.get(each).first_by for each in taken.episodes)

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

    def _page(
        self, typed: MultiDict[str, str], faults: dict[str, str] | None = None
    ) -> str:
        stations = own_stations(self.newsroom, Role.OPERATOR)
        alone = [station.slug for station in stations if len(stations) == 1]
        return render_template(
            "desk/urgent.html",
            urgents=self.newsroom.urgent.all(among=reach(Role.OPERATOR)),
            choice=choice(
                self.newsroom, Role.OPERATOR, alone or chosen_stations(typed)
            ),
            groups=groups_within(self.newsroom, reach(Role.EDITOR)),
            names={station.slug: station.name for station in stations},
            lasting=LASTING,
            typed=typed,
            faults=_by_field(faults or {}, typed),
            usual=TIMES,
        )


def _by_field(faults: dict[str, str], typed: MultiDict[str, str]) -> dict[str, str]:
    """What is at fault by the form's fields: what is none of them is of the alert,
    or of the whole form.
    """
    elsewhere = "cap" if typed.get("cap") else "form"
    return {
        name if name in FIELDS else elsewhere: text for name, text in faults.items()
    }


def _news_of(taken: Taken, *, approved: bool) -> str:
    """What became of a warning, in words; `approved`: whoever sent it approved it beforehand."""
    if taken.news is News.CANCELLED:
        return f"Đã hủy {len(taken.episodes)} cảnh báo theo bản tin CAP."
    if approved:
        return APPROVED_BEFOREHAND
    return NEWS[taken.news]


def _typed(form: MultiDict[str, str], *, proved: bool) -> Typed:
    """What came from the browser.

    A time that was typed counts more than the length that is always chosen.
    """
    until, minutes = form.get("expires_at", ""), form.get("minutes", "")
    cap = _typed_alert(form)
    if not (minutes or until or cap):
        minutes = USUAL_MINUTES
    return Typed(
        stations=chosen_stations(form),
        title=form.get("title", ""),
        body=form.get("body", ""),
        cap=cap,
        expires_at=until,
        minutes=None if until else whole_number(minutes, MOST_MINUTES),
        times=whole_number(form.get("times", ""), MOST_TIMES) or 0,
        approve="approve" in form,
        proved=proved,
    )


def _typed_alert(form: MultiDict[str, str]) -> bytes:
    """A CAP alert as a file, or pasted; empty for neither."""
    file = request.files.get("cap_file")
    return (file.read() if file else b"") or form.get("cap", "").strip().encode()
