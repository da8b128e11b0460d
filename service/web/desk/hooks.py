"""Connections at the desk: programs that are told what happens,
portals that push, and how that goes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import HookEvent, NewHook, NewPush, Role
from service.web.auth import DeskPage, desk_pages, who
from service.web.desk.choosing import (
    StationChoice,
    choice,
    chosen_stations,
    looks_for_stations,
)
from service.web.site import Site

CHOICES = tuple(event for event in HookEvent if event is not HookEvent.TEST)


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/hooks."""
    desk = HookDesk(newsroom, site)
    one, push = "/<int:hook_id>", "/pushes/<int:push_id>"
    addresses = [
        DeskPage("GET", "", Role.ADMIN, desk.hooks),
        DeskPage("POST", "", Role.ADMIN, desk.add_hook),
        DeskPage("GET", one, Role.ADMIN, desk.hook),
        DeskPage("POST", f"{one}/test", Role.ADMIN, desk.test),
        DeskPage("POST", f"{one}/secret", Role.ADMIN, desk.renew),
        DeskPage("POST", f"{one}/remove", Role.ADMIN, desk.remove),
        DeskPage("POST", "/pushes", Role.ADMIN, desk.add_push),
        DeskPage("POST", f"{push}/secret", Role.ADMIN, desk.renew_push),
        DeskPage("POST", f"{push}/remove", Role.ADMIN, desk.remove_push),
    ]
    app.register_blueprint(desk_pages("hooks", "/desk/hooks", addresses))


@dataclass(frozen=True)
class HookDesk:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site

    def hooks(self) -> ResponseReturnValue:
        """All connections."""
        return self._page()

    def add_hook(self) -> ResponseReturnValue:
        """A program that is told from now on; the page shows its secret this once."""

        def add() -> str:
            _, secret = self.newsroom.hooks.add(typed_hook(request.form), who())
            return secret

        return self._signed(add, "out")

    def add_push(self) -> ResponseReturnValue:
        """A portal that may push from now on."""
        return self._signed(
            lambda: self.newsroom.pushes.add(typed_push(request.form), who()).secret,
            "in",
        )

    def renew(self, hook_id: int) -> ResponseReturnValue:
        """Another secret for a hook."""
        return self._signed(lambda: self.newsroom.hooks.renew(hook_id, who()), "out")

    def renew_push(self, push_id: int) -> ResponseReturnValue:
        """Another secret for a portal."""
        return self._signed(
            lambda: self.newsroom.pushes.renew(push_id, who()).secret, "in"
        )

    def hook(self, hook_id: int) -> ResponseReturnValue:
        """What a hook was told, and what it answered."""
        return render_template(
            "desk/hook.html",
            hook=self.newsroom.hooks.get(hook_id),
            deliveries=self.newsroom.hooks.deliveries(hook_id),
        )

    def test(self, hook_id: int) -> ResponseReturnValue:
        """A telling of nothing."""
        try:
            self.newsroom.hooks.test(hook_id, who())
        except NewsroomError as error:
            flash(error.message_vi, "error")
        else:
            flash(
                "Đã gửi thử. Kết quả hiện trong bảng dưới sau ít giây, xin tải lại trang."
            )
        return redirect(url_for("hooks.hook", hook_id=hook_id), 303)

    def remove(self, hook_id: int) -> ResponseReturnValue:
        """It is told no more."""
        gone = self.newsroom.hooks.remove(hook_id, who())
        flash(f"Đã bỏ kết nối {gone.settings.name}.")
        return redirect(url_for("hooks.hooks"), 303)

    def remove_push(self, push_id: int) -> ResponseReturnValue:
        """It may push no more."""
        gone = self.newsroom.pushes.remove(push_id, who())
        flash(f"Đã bỏ kết nối {gone.settings.name}. Các bài đã nhận vẫn giữ nguyên.")
        return redirect(url_for("hooks.hooks"), 303)

    def _signed(self, act: Callable[[], str], way: str) -> ResponseReturnValue:
        """The page with the secret that an act made: it is shown once, and kept by no browser."""
        if looks_for_stations(request.form):
            return self._page(form=request.form)
        try:
            secret = act()
        except NewsroomError as error:
            faults = {f"{way}_{error.field}": error.message_vi}
            return self._page(form=request.form, faults=faults), 422
        return self._page(secret=secret), 200, {"Cache-Control": "no-store"}

    def _page(
        self,
        secret: str = "",
        form: MultiDict[str, str] | None = None,
        faults: dict[str, str] | None = None,
    ) -> str:
        typed = form if form is not None else MultiDict()
        return render_template(
            "desk/hooks.html",
            hooks=self.newsroom.hooks.all(),
            pushes=self.newsroom.pushes.all(),
            choices={way: self._choice(way, typed) for way in ("out", "in")},
            events=CHOICES,
            address=f"{self.site.public_url}/hooks/",
            secret=secret,
            form=typed,
            faults=faults or {},
        )

    def _choice(self, way: str, typed: MultiDict[str, str]) -> StationChoice:
        """The stations of the one form or the other; only one of them was typed."""
        is_typed = typed.get("way") == way
        chosen = chosen_stations(typed, "station") if is_typed else ()
        return choice(self.newsroom, Role.ADMIN, chosen)


def typed_hook(form: MultiDict[str, str]) -> NewHook:
    """What the form says; Invalid names the field at fault."""
    names = form.getlist("event")
    if not set(names) <= set(CHOICES):
        raise Invalid("no such event", "Không có sự kiện này.", "events")
    return NewHook(
        form.get("name", ""),
        form.get("url", "").strip(),
        tuple(HookEvent(name) for name in names),
        chosen_stations(form, "station"),
    )


def typed_push(form: MultiDict[str, str]) -> NewPush:
    """The same for a portal."""
    return NewPush(
        form.get("portal", "").strip(),
        chosen_stations(form, "station"),
        form.get("topic", ""),
        "trusted" in form,
        _fields(form.get("fields", "")),
    )


def _fields(text: str) -> dict[str, str]:
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    if any(
        not equals or not name.strip() or not path.strip()
        for name, equals, path in pairs
    ):
        raise Invalid(
            "a line is a field of ours, =, and its path: title = data.tieu_de",
            "Mỗi dòng ghi: tên ở đây = tên ở cổng, ví dụ title = data.tieu_de",
            "fields",
        )
    return {name.strip(): path.strip() for name, _, path in pairs}
