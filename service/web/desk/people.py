"""People and keys, for administrators: who may come in, as what, and where they are logged in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NewsroomError, NotFound
from service.newsroom.staff.passwords import one_time_password
from service.newsroom.staff.people import ONCE_DAYS
from service.newsroom.values import ALL, Contact, Grant, KeyScope, Person, Role
from service.newsroom.values.grants import EVERYWHERE
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.proof import is_proved, to_proof
from service.web.desk.choosing import listed_stations, station_meant
from service.web.desk.helping import helping_pages
from service.web.inputs.numbers import whole_number
from service.web.site import Site

LONGEST_KEY_DAYS = 3650
MOST_CALLS = 10_000


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
        DeskPage("GET", person, Role.ADMIN, staff.person),
        DeskPage("POST", f"{person}/role", Role.ADMIN, staff.set_grants),
        DeskPage("POST", f"{person}/contact", Role.ADMIN, staff.set_contact),
        DeskPage("POST", f"{person}/logout", Role.ADMIN, staff.log_out),
        *helping_pages(person, newsroom, staff.change),
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


class GrantRow(NamedTuple):
    """A grant as the form has it: a role, a place that was chosen, the name of one that was typed."""

    role: str
    place: str
    typed: str = ""


@dataclass(frozen=True)
class Staff:
    """What the addresses below /desk/people answer."""

    newsroom: Newsroom

    def people(self) -> ResponseReturnValue:
        """Logins and keys."""
        return self._page()

    def add_person(self) -> ResponseReturnValue:
        """A new login with a one-time password: the one typed,
        else one that is made and shown once.
        """
        form = request.form
        name, typed = form.get("name", ""), form.get("password", "")
        password = typed or one_time_password()
        try:
            person = self.newsroom.people.add(
                name,
                password,
                self._grants(form),
                once=True,
                contact=_contact(form),
                by=who(),
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
        if not is_proved(self.newsroom):
            return to_proof(url_for("people.people"))
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
            person = self.newsroom.people.set_password(
                name, password, once=True, by=who()
            )
        except NewsroomError as error:
            return self._page("password", error), 422
        if self.newsroom.passkeys.has_open(person.id):
            flash(
                f"Khóa truy cập của {person.name} vẫn mở được mà không cần mật khẩu. Hãy hỏi xem"
                " khóa nào không phải của người ấy, và xóa ở trang của người ấy."
            )
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

    def person(self, person_id: int) -> ResponseReturnValue:
        """One login: who that is, and what they may do where."""
        return self._person_page(self._person(person_id))

    def set_grants(self, person_id: int) -> ResponseReturnValue:
        """Other grants, at once."""

        def change(person: Person) -> str:
            self.newsroom.people.set_grants(
                person.name, self._grants(request.form), by=who()
            )
            return f"Đã đổi quyền của {person.name}."

        return self.change(person_id, change)

    def set_contact(self, person_id: int) -> ResponseReturnValue:
        """Another full name, office or telephone."""

        def change(person: Person) -> str:
            self.newsroom.people.set_contact(
                person.name, _contact(request.form), by=who()
            )
            return f"Đã lưu thông tin của {person.name}."

        return self.change(person_id, change)

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
                self._grants(form),
                expires_at=self._end_of(form.get("days", "")),
                scopes=_scopes(form),
                calls_per_minute=_calls(form.get("calls", "")),
                by=who(),
            )
        except NewsroomError as error:
            return self._page("key", error), 422
        return self._page(
            secret=Secret(
                "Khóa mới", secret, "Hãy sao chép ngay: khóa này chỉ hiện một lần."
            )
        )

    def revoke_key(self, key_id: int) -> ResponseReturnValue:
        """Ends a key."""
        try:
            self.newsroom.people.revoke(key_id, by=who())
        except NewsroomError as error:
            return self._page("key", error), 422
        return _back("Đã thu hồi khóa.")

    def _move(
        self, person_id: int, move: Callable[[Person], str]
    ) -> ResponseReturnValue:
        """Does something with somebody, and says how it went."""
        try:
            return _back(move(self._person(person_id)))
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return redirect(url_for("people.people"), 303)

    def change(
        self, person_id: int, change: Callable[[Person], str]
    ) -> ResponseReturnValue:
        """Changes somebody on their page; what was typed stays there when it is refused."""
        person = self._person(person_id)
        try:
            flash(change(person))
        except NewsroomError as error:
            return self._person_page(person, error), 422
        return redirect(url_for("people.person", person_id=person_id), 303)

    def _person_page(self, person: Person, error: NewsroomError | None = None) -> str:
        typed = request.form if error else None
        return render_template(
            "desk/person.html",
            person=person,
            grants=_typed_rows(typed) if typed and "role" in typed else _rows(person),
            contact=_contact(typed)
            if typed and "full_name" in typed
            else person.contact,
            faults={error.field or "grants": error.message_vi} if error else {},
            roles=list(Role),
            factor=self.newsroom.factors.of(person.id),
            passkeys=self.newsroom.passkeys.of(person.id),
            **self._places(),
        )

    def _places(self) -> dict[str, object]:
        """Where grants can be given for."""
        return {
            "groups": self.newsroom.groups.all(),
            "listed": listed_stations(self.newsroom),
            "names": {
                station.slug: station.name for station in self.newsroom.stations.all()
            },
        }

    def _person(self, person_id: int) -> Person:
        # Also somebody whose login is switched off: it may be switched on again.
        for person in self.newsroom.people.everyone():
            if person.id == person_id:
                return person
        raise NotFound(f"no person {person_id}", "Không có người này.", "person")

    def _grants(self, form: MultiDict[str, str]) -> list[Grant]:
        """The rows of a form in which a role was chosen; a row without a place is everywhere.

        A station that was typed counts more than the place that is always chosen.
        """
        rows = [row for row in _typed_rows(form) if row.role]
        if not rows or {row.role for row in rows} - set(Role):
            raise Invalid("choose a role", "Hãy chọn một vai trò.", "role")
        return [Grant(Role(row.role), self._place(row)) for row in rows]

    def _place(self, row: GrantRow) -> str:
        typed = station_meant(self.newsroom, row.typed, EVERYWHERE, "grants")
        return typed or row.place

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
        self,
        form: str = "",
        error: NewsroomError | None = None,
        secret: Secret | None = None,
    ) -> str:
        """The page; `form` names the one that was refused, whose fields keep what was typed."""
        places = Counter(place.person.id for place in self.newsroom.sessions.all())
        return render_template(
            "desk/people.html",
            people=self.newsroom.people.everyone(),
            places=places,
            paired=self.newsroom.factors.holders(),
            keys=self.newsroom.people.keys(),
            now=self.newsroom.now(),
            roles=list(Role),
            refused=form,
            error=error,
            typed=request.form,
            secret=secret,
            once_days=ONCE_DAYS,
            scopes=list(KeyScope),
            **self._places(),
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


def _typed_rows(form: MultiDict[str, str]) -> list[GrantRow]:
    columns = (form.getlist(name) for name in ("role", "place", "place_typed"))
    return [
        GrantRow(role or "", place or ALL, typed or "")
        for role, place, typed in zip_longest(*columns)
    ]


def _rows(person: Person) -> list[GrantRow]:
    return [GrantRow(grant.role.value, grant.place) for grant in person.grants]


def _contact(form: MultiDict[str, str]) -> Contact:
    return Contact(*(form.get(field.name, "") for field in fields(Contact)))


def _scopes(form: MultiDict[str, str]) -> list[KeyScope]:
    return [scope for scope in KeyScope if scope in form.getlist("scope")]


def _calls(text: str) -> int:
    """How many calls a minute a key may make; 0 for an empty field, which sets no limit."""
    if not text.strip():
        return 0
    number = whole_number(text, MOST_CALLS)
    if not number:
        raise Invalid(
            f"calls is 1 to {MOST_CALLS}",
            f"Số lần gọi mỗi phút từ 1 đến {MOST_CALLS}, hoặc để trống.",
            "calls",
        )
    return number
