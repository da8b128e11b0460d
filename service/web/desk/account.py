"""One's own login: the password, and the places where one is logged in."""

from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, NewsroomError
from service.newsroom.staff.guessing import TooManyAttempts
from service.newsroom.staff.person_rows import actor_of
from service.newsroom.values import DeskSession
from service.web.auth import OwnPage, admit, here, own_pages
from service.web.auth.devices import visitor
from service.web.site import Site


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/password and /desk/sessions: open to everybody who is logged in,
    whatever their role.
    """
    account = Account(newsroom)
    addresses = [
        OwnPage("GET", "/password", account.password),
        OwnPage("POST", "/password", account.change_password),
        OwnPage("GET", "/sessions", account.sessions),
        OwnPage("POST", "/sessions/others/end", account.end_others),
        OwnPage("POST", "/sessions/<int:session_id>/end", account.end),
    ]
    app.register_blueprint(own_pages("account", "/desk", addresses))


WHOSE_KEYS = (
    "Khóa truy cập dưới đây vẫn mở được bàn biên tập mà không cần mật khẩu."
    " Khóa nào không phải của anh chị? Hãy xóa khóa đó."
)


@dataclass(frozen=True)
class Account:
    """What the addresses of one's own login answer."""

    newsroom: Newsroom

    def password(self) -> ResponseReturnValue:
        """The form for one's own password."""
        return self._form({})

    def change_password(self) -> ResponseReturnValue:
        """One's own, for whoever knows the one before; all other places must log in again."""
        place, form = this_session(), request.form
        try:
            # Counted like a login: a browser left open is no way to guess the password.
            if not self.newsroom.sessions.verify(place, form.get("old", ""), visitor()):
                return self._form({"old": "Mật khẩu hiện nay không đúng."}), 422
            self._set(place, form.get("old", ""), form.get("password", ""))
        except TooManyAttempts as error:
            retry = {"Retry-After": str(error.seconds)}
            return self._form({"old": error.message_vi}), 429, retry
        except NewsroomError as error:
            return self._form({"password": error.message_vi}), 422
        flash(
            "Đã đổi mật khẩu. Những nơi khác đã đăng nhập trước đó phải đăng nhập lại."
        )
        if self.newsroom.passkeys.has_open(place.person.id):
            flash(WHOSE_KEYS)
            return redirect(url_for("account.sessions"), 303)
        return redirect(url_for("desk.episodes"), 303)

    def sessions(self) -> ResponseReturnValue:
        """Where one is logged in."""
        place = this_session()
        return render_template(
            "desk/sessions.html",
            here=place,
            factor=self.newsroom.factors.of(place.person.id),
            passkeys=self.newsroom.passkeys.of(place.person.id),
            places=self.newsroom.sessions.of(place.person.id),
        )

    def end(self, session_id: int) -> ResponseReturnValue:
        """Logs the person out in one place; in this very one, as the page's own button does."""
        place = this_session()
        try:
            self.newsroom.sessions.end(place, session_id)
        except NewsroomError as error:
            flash(error.message_vi, "error")
        else:
            flash("Đã đăng xuất nơi đó.")
        return redirect(url_for("account.sessions"), 303)

    def end_others(self) -> ResponseReturnValue:
        """Logs the person out everywhere but here."""
        count = self.newsroom.sessions.end_others(this_session())
        flash(f"Đã đăng xuất {count} nơi khác." if count else "Không có nơi nào khác.")
        return redirect(url_for("account.sessions"), 303)

    def _set(self, place: DeskSession, old: str, password: str) -> None:
        if password == old:
            raise Conflict(
                "it is the same",
                "Hãy chọn mật khẩu khác mật khẩu hiện nay.",
                "password",
            )
        people, person = self.newsroom.people, place.person
        # It ends all sessions, this one too: a new one begins here.
        people.set_password(person.name, password, by=actor_of(person))
        admission = self.newsroom.sessions.begin(person.id, visitor(), before=place)
        admit(self.newsroom, admission)

    def _form(self, faults: dict[str, str]) -> str:
        return render_template(
            "desk/password.html", faults=faults, person=this_session().person
        )


def this_session() -> DeskSession:
    """The session that `own_pages` has seen."""
    place = here()
    if place is None:
        raise LookupError("a page of one's own was shown to nobody")
    return place
