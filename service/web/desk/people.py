"""People and keys, for administrators: who may come in, as what, and where they are logged in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NewsroomError, NotFound
from service.newsroom.staff.passwords import one_time_password
from service.newsroom.staff.people import ONCE_DAYS
from service.newsroom.values import Person, Role
from service.web.auth import DeskPage, desk_pages, who
from service.web.inputs.numbers import whole_number
from service.web.site import Site

LONGEST_KEY_DAYS = 3650


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/people."""
    staff = Staff(newsroom)
    person = "/<int:person_id>"
    addresses = [
        DeskPage("GET", "", Role.ADMIN, staff.people),
        DeskPage("POST", "", Role.ADMIN, staff.add_person),
        DeskPage("POST", "/password", Role.ADMIN, staff.set_password),
        DeskPage("POST", f"{person}/lock", Role.ADMIN, staff.lock),
        DeskPage("POST", f"{person}/unlock", Role.ADMIN, staff.unlock),
        DeskPage("POST", f"{person}/role", Role.ADMIN, staff.set_role),
        DeskPage("POST", f"{person}/logout", Role.ADMIN, staff.log_out),
        DeskPage("POST", "/keys", Role.ADMIN, staff.add_key),
        DeskPage("POST", "/keys/<int:key_id>/revoke", Role.ADMIN, staff.revoke_key),
    ]
    app.register_blueprint(desk_pages("people", "/desk/people", addresses))


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown once: a key, or a one-time password for somebody."""

    title: str
    value: str
    hint: str


@dataclass(frozen=True)
class Staff:
    """What the addresses below /desk/people answer."""

    newsroom: Newsroom

    def people(self) -> ResponseReturnValue:
        """Logins and keys."""
        return self._page()

    def add_person(self) -> ResponseReturnValue:
        """A new login with a one-time password: the one typed, else one that is made and shown once."""
        form = request.form
        name, typed = form.get("name", ""), form.get("password", "")
        password = typed or one_time_password()
        try:
            person = self.newsroom.people.add(
                name, password, _role(form.get("role", "")), once=True, by=who()
            )
        except NewsroomError as error:
            return self._page("person", error), 422
        if typed:
            return _back(f"Đã thêm người dùng {person.name}.")
        return self._page(secret=_for_somebody(person, password))

    def set_password(self) -> ResponseReturnValue:
        """A one-time password for somebody else, which ends their sessions.

        One's own is changed where the one before is asked for: a desk left open must not be enough.
        """
        form = request.form
        name, typed = form.get("name", ""), form.get("password", "")
        password = typed or one_time_password()
        try:
            if self._is_own(name):
                raise Conflict(
                    "change your own password at /desk/password, which asks for the one before",
                    "Mật khẩu của chính mình thì đổi ở trang “Đổi mật khẩu”.",
                    "password",
                )
            person = self.newsroom.people.set_password(name, password, once=True, by=who())
        except NewsroomError as error:
            return self._page("password", error), 422
        if typed:
            return _back(
                f"Đã đổi mật khẩu của {person.name}. Những nơi đã đăng nhập trước đó phải đăng"
                " nhập lại."
            )
        return self._page(secret=_for_somebody(person, password))

    def _is_own(self, name: str) -> bool:
        """Whether it is the login of whoever asks, however it is spelt."""
        person = self.newsroom.people.named(name)
        return person is not None and person.name == who()

    def lock(self, person_id: int) -> ResponseReturnValue:
        """Switches a login off."""

        def move(person: Person) -> str:
            # The last administrator is kept by the newsroom; this keeps each of them from a slip.
            if person.name == who():
                raise Conflict("not yourself", "Không tự khóa chính mình được.", "name")
            self.newsroom.people.lock(person.name, by=who())
            return f"Đã khóa {person.name}; mọi nơi đang đăng nhập đã bị đăng xuất."

        return self._move(person_id, move)

    def unlock(self, person_id: int) -> ResponseReturnValue:
        """Switches a login on again, or lets in again whom wrong passwords of others made wait."""

        def move(person: Person) -> str:
            self.newsroom.people.unlock(person.name, by=who())
            return f"{person.name} đăng nhập lại được."

        return self._move(person_id, move)

    def set_role(self, person_id: int) -> ResponseReturnValue:
        """Another role, at once."""

        def move(person: Person) -> str:
            self.newsroom.people.set_role(
                person.name, _role(request.form.get("role", "")), by=who()
            )
            return f"Đã đổi vai trò của {person.name}."

        return self._move(person_id, move)

    def log_out(self, person_id: int) -> ResponseReturnValue:
        """Ends all sessions of somebody."""

        def move(person: Person) -> str:
            count = self.newsroom.sessions.end_all(person.id, who())
            return f"Đã đăng xuất {person.name} ở {count} nơi."

        return self._move(person_id, move)

    def add_key(self) -> ResponseReturnValue:
        """A new key, shown on the page that answers and never again."""
        form = request.form
        try:
            secret = self.newsroom.people.add_key(
                form.get("name", ""),
                _role(form.get("role", "")),
                expires_at=self._end_of(form.get("days", "")),
                by=who(),
            )
        except NewsroomError as error:
            return self._page("key", error), 422
        return self._page(
            secret=Secret("Khóa mới", secret, "Hãy sao chép ngay: khóa này chỉ hiện một lần.")
        )

    def revoke_key(self, key_id: int) -> ResponseReturnValue:
        """Ends a key."""
        try:
            self.newsroom.people.revoke(key_id, by=who())
        except NewsroomError as error:
            return self._page("key", error), 422
        return _back("Đã thu hồi khóa.")

    def _move(self, person_id: int, move: Callable[[Person], str]) -> ResponseReturnValue:
        """Does something with somebody, and says how it went."""
        try:
            return _back(move(self._person(person_id)))
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return redirect(url_for("people.people"), 303)

    def _person(self, person_id: int) -> Person:
        # Also somebody whose login is switched off: it may be switched on again.
        for person in self.newsroom.people.everyone():
            if person.id == person_id:
                return person
        raise NotFound(f"no person {person_id}", "Không có người này.", "person")

    def _end_of(self, days: str) -> datetime | None:
        """When a key ends that is good for so many days; None for ever."""
        if not days.strip():
            return None
        number = whole_number(days, LONGEST_KEY_DAYS)
        if not number:
            raise Invalid(
                f"days is 1 to {LONGEST_KEY_DAYS}",
                f"Số ngày từ 1 đến {LONGEST_KEY_DAYS}, hoặc để trống.",
                "days",
            )
        return self.newsroom.now() + timedelta(days=number)

    def _page(
        self, form: str = "", error: NewsroomError | None = None, secret: Secret | None = None
    ) -> str:
        """The page; `form` names the one that was refused, whose fields keep what was typed."""
        places = Counter(place.person.id for place in self.newsroom.sessions.all())
        return render_template(
            "desk/people.html",
            people=self.newsroom.people.everyone(),
            places=places,
            keys=self.newsroom.people.keys(),
            now=self.newsroom.now(),
            roles=list(Role),
            refused=form,
            error=error,
            typed=request.form,
            secret=secret,
            once_days=ONCE_DAYS,
        )


def _for_somebody(person: Person, password: str) -> Secret:
    return Secret(
        f"Mật khẩu dùng một lần của {person.name}",
        password,
        f"Hãy chuyển cho {person.name} ngay: mật khẩu này chỉ hiện một lần, dùng được trong"
        f" {ONCE_DAYS} ngày, và phải đổi khi đăng nhập lần đầu.",
    )


def _back(done: str) -> ResponseReturnValue:
    flash(done)
    return redirect(url_for("people.people"), 303)


def _role(text: str) -> Role:
    if text not in set(Role):
        raise Invalid(f"no role {text!r}", "Hãy chọn một vai trò.", "role")
    return Role(text)
