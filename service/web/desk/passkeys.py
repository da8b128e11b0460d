"""One's own passkeys: added and removed; and the proof by one of them that it is still oneself."""

from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.staff.factors import PAPER_CODES
from service.newsroom.staff.guessing import TooManyAttempts
from service.newsroom.staff.person_rows import actor_of
from service.web.auth import OwnPage, is_asked_for_factor, own_pages
from service.web.auth.devices import visitor
from service.web.auth.login_form import next_path
from service.web.auth.passkey_door import WRONG_KEY, realm_of
from service.web.auth.proof import is_proved, to_proof
from service.web.desk.account import this_session
from service.web.desk.factor import again_form
from service.web.site import Site

PROVE_FIRST = "Đã quá mười phút. Hãy tải lại trang và xác nhận lại."


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/passkeys, and the passkey's way at /desk/again: open to everybody who is logged in,
    whatever their role.
    """
    pages = PasskeyPages(newsroom, site)
    addresses = [
        OwnPage("GET", "/passkeys", pages.page),
        OwnPage("POST", "/passkeys", pages.add),
        OwnPage("POST", "/passkeys.json", pages.ask),
        OwnPage("POST", "/passkeys/<int:passkey_id>/remove", pages.remove),
        OwnPage("POST", "/again/passkey.json", pages.ask_again),
        OwnPage("POST", "/again/passkey", pages.prove),
    ]
    app.register_blueprint(own_pages("passkeys", "/desk", addresses))


@dataclass(frozen=True)
class PasskeyPages:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site

    def page(self) -> ResponseReturnValue:
        """The form for another passkey."""
        if not is_proved(self.newsroom):
            return to_proof(url_for("passkeys.page"))
        return self._form()

    def ask(self) -> ResponseReturnValue:
        """What the browser is asked that is to make one."""
        if not is_proved(self.newsroom):
            return {"error": PROVE_FIRST}, 403
        try:
            return self.newsroom.passkeys.begin(this_session(), realm_of(self.site))
        except NewsroomError as error:
            return {"error": error.message_vi}, 422

    def add(self) -> ResponseReturnValue:
        """Keeps the one that was made; the codes on paper are shown once, with the first."""
        place, form = this_session(), request.form
        if not is_proved(self.newsroom):
            return to_proof(url_for("passkeys.page"))
        name, answer = form.get("name", ""), form.get("answer", "")
        try:
            realm = realm_of(self.site)
            codes = self.newsroom.passkeys.add(place, realm, name, answer)
        except NewsroomError as error:
            return self._form(name, error), 422
        flash(f"Đã thêm khóa “{name.strip()}”.")
        if codes:
            return render_template("desk/factor.html", codes=codes, count=PAPER_CODES)
        return redirect(url_for("account.sessions"), 303)

    def remove(self, passkey_id: int) -> ResponseReturnValue:
        """Takes one of one's own away, where enough is left of what is asked for."""
        place = this_session()
        if not is_proved(self.newsroom):
            return to_proof(url_for("account.sessions"))
        person = place.person
        is_asked = is_asked_for_factor(self.newsroom, self.site, place)
        try:
            gone = self.newsroom.passkeys.remove(
                person.name,
                passkey_id,
                actor_of(person),
                but=place.id,
                is_asked=is_asked,
            )
        except NewsroomError as error:
            flash(error.message_vi, "error")
        else:
            flash(f"Đã xóa khóa “{gone.name}”. Những nơi khác đã bị đăng xuất.")
        return redirect(url_for("account.sessions"), 303)

    def ask_again(self) -> ResponseReturnValue:
        """What the browser is to sign that shows who sits there."""
        try:
            door = self.newsroom.passkey_door
            return door.ask_again(this_session(), realm_of(self.site))
        except NewsroomError as error:
            return {"error": error.message_vi}, 422

    def prove(self) -> ResponseReturnValue:
        """For the next minutes it is they who sit there."""
        place, answer = this_session(), request.form.get("answer", "")
        try:
            door, realm = self.newsroom.passkey_door, realm_of(self.site)
            is_right = door.prove(place, realm, answer, visitor())
        except TooManyAttempts as error:
            retry = {"Retry-After": str(error.seconds)}
            return again_form(self.newsroom, error.message_vi), 429, retry
        except NewsroomError as error:
            return again_form(self.newsroom, error.message_vi), 422
        if not is_right:
            return again_form(self.newsroom, WRONG_KEY), 422
        return redirect(next_path(), 303)

    def _form(self, name: str = "", error: NewsroomError | None = None) -> str:
        place = this_session()
        return render_template(
            "desk/passkeys.html",
            name=name or place.agent,
            error=error,
            count=len(self.newsroom.passkeys.of(place.person.id)),
        )
