"""One's own second factor, and the page that asks for the password once more."""

from dataclasses import dataclass

import segno
from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.staff.factors import PAPER_CODES
from service.newsroom.staff.guessing import TooManyAttempts
from service.newsroom.values import DeskSession
from service.web.auth import OwnPage, is_asked_for_factor, own_pages
from service.web.auth.devices import visitor
from service.web.auth.login_form import next_path
from service.web.auth.proof import is_proved, to_proof
from service.web.desk.account import this_session
from service.web.site import Site

WRONG_VI = "Mật khẩu hoặc mã không đúng."
# Whether passkeys are left
OFF_VI = {
    False: "Đã tắt xác thực hai lớp.",
    True: "Đã tắt mã trên điện thoại; khóa truy cập vẫn dùng được.",
}


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/factor and /desk/again: open to everybody who is logged in, whatever their role."""
    pages = FactorPages(newsroom, site)
    addresses = [
        OwnPage("GET", "/factor", pages.page),
        OwnPage("POST", "/factor", pages.confirm),
        OwnPage("POST", "/factor/paper", pages.renew_paper),
        OwnPage("POST", "/factor/off", pages.switch_off),
        OwnPage("GET", "/again", pages.again),
        OwnPage("POST", "/again", pages.prove),
    ]
    app.register_blueprint(own_pages("factor", "/desk", addresses))


@dataclass(frozen=True)
class FactorPages:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site

    def page(self) -> ResponseReturnValue:
        """How one's second factor stands; or the code to scan that sets it up."""
        place = this_session()
        factor = self.newsroom.factors.of(place.person.id)
        has_phone = factor is not None and factor.has_phone
        if not has_phone and not is_proved(self.newsroom):
            return to_proof(url_for("factor.page"))
        return self._page(place)

    def confirm(self) -> ResponseReturnValue:
        """Switches it on, for who shows a right code; the codes on paper are shown once."""
        place = this_session()
        if not is_proved(self.newsroom):
            return to_proof(url_for("factor.page"))
        try:
            codes = self.newsroom.factors.confirm(place, request.form.get("code", ""))
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._page(place), 422
        flash("Đã bật xác thực hai lớp. Những nơi khác đã bị đăng xuất.")
        return self._paper(codes)

    def renew_paper(self) -> ResponseReturnValue:
        """Ten new codes on paper, shown once."""
        if not is_proved(self.newsroom):
            return to_proof(url_for("factor.page"))
        try:
            return self._paper(self.newsroom.factors.renew_paper(this_session()))
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return redirect(url_for("factor.page"), 303)

    def switch_off(self) -> ResponseReturnValue:
        """Takes one's own phone away: with a passkey left, or where nobody asks for more."""
        place = this_session()
        if not is_proved(self.newsroom):
            return to_proof(url_for("factor.page"))
        is_asked = is_asked_for_factor(self.newsroom, self.site, place)
        try:
            has_passkeys = self.newsroom.factors.drop_phone(place, is_asked=is_asked)
        except NewsroomError as error:
            flash(error.message_vi, "error")
        else:
            flash(OFF_VI[has_passkeys])
        return redirect(url_for("factor.page"), 303)

    def again(self) -> ResponseReturnValue:
        """Asks for the password once more, or for a passkey."""
        return again_form(self.newsroom)

    def prove(self) -> ResponseReturnValue:
        """For the next minutes it is they who sit there."""
        place, form = this_session(), request.form
        password, code = form.get("password", ""), form.get("code", "")
        try:
            right = self.newsroom.sessions.prove(place, password, code, visitor())
        except TooManyAttempts as error:
            retry = {"Retry-After": str(error.seconds)}
            return again_form(self.newsroom, error.message_vi), 429, retry
        except NewsroomError as error:
            return again_form(self.newsroom, error.message_vi), 422
        if not right:
            return again_form(self.newsroom, WRONG_VI), 422
        return redirect(next_path(), 303)

    def _page(self, place: DeskSession) -> str:
        factor = self.newsroom.factors.of(place.person.id)
        return render_template(
            "desk/factor.html",
            factor=factor,
            asked=is_asked_for_factor(self.newsroom, self.site, place),
            passkeys=self.newsroom.passkeys.has_open(place.person.id),
            pairing=None
            if factor is not None and factor.has_phone
            else self._pairing(place),
            codes=(),
        )

    def _paper(self, codes: list[str]) -> str:
        return render_template("desk/factor.html", codes=codes, count=PAPER_CODES)

    def _pairing(self, place: DeskSession) -> dict[str, str]:
        """What the phone takes in: the secret to type, the address that holds it, its picture."""
        import pyotp

        secret = self.newsroom.factors.begin(place)
        address = pyotp.TOTP(secret).provisioning_uri(
            name=place.person.name, issuer_name=self.site.name
        )
        picture = segno.make(address, error="m", micro=False)
        return {
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "address": address,
            "picture": picture.svg_data_uri(border=4, light="#fff", scale=5),
        }


def again_form(newsroom: Newsroom, error: str = "") -> str:
    """The page that asks who sits there: for the password (and a code), or for a passkey."""
    place = this_session()
    return render_template(
        "desk/again.html",
        here=place,
        error=error,
        next=next_path(),
        has_passkeys=newsroom.passkeys.has_open(place.person.id),
    )
