"""Groups of stations at the desk, for administrators of the whole installation."""

from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError, NotFound
from service.newsroom.text import slugify
from service.newsroom.values import Group, Role
from service.web.auth import DeskPage, desk_pages, who
from service.web.desk.choosing import choice, chosen_stations, looks_for_stations
from service.web.site import Site


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/groups."""
    pages = GroupPages(newsroom)
    addresses = [
        DeskPage("GET", "", Role.ADMIN, pages.groups),
        DeskPage("POST", "", Role.ADMIN, pages.make),
        DeskPage("GET", "/<group>", Role.ADMIN, pages.group),
        DeskPage("POST", "/<group>", Role.ADMIN, pages.change),
        DeskPage("POST", "/<group>/remove", Role.ADMIN, pages.remove),
    ]
    app.register_blueprint(desk_pages("groups", "/desk/groups", addresses))


@dataclass(frozen=True)
class GroupPages:
    """What the addresses below /desk/groups answer."""

    newsroom: Newsroom

    def groups(self) -> ResponseReturnValue:
        """All groups, and the form for another."""
        return self._page(None, Group("", ""))

    def make(self) -> ResponseReturnValue:
        """A group that was not there; its name in addresses is made of its name."""
        typed = _typed(slugify(request.form.get("name", "")))
        if looks_for_stations(request.form):
            return self._page(None, typed)
        if typed.slug in {group.slug for group in self.newsroom.groups.all()}:
            return self._page(None, typed, {"name": "Đã có nhóm mang tên này."}), 422
        return self._save(None, typed)

    def group(self, group: str) -> ResponseReturnValue:
        """A group as it is."""
        return self._page(group, self._group(group))

    def change(self, group: str) -> ResponseReturnValue:
        """Another name, another place in the tree, other stations."""
        self._group(group)
        typed = _typed(group)
        if looks_for_stations(request.form):
            return self._page(group, typed)
        return self._save(group, typed)

    def remove(self, group: str) -> ResponseReturnValue:
        """Its stations are in no group."""
        try:
            self.newsroom.groups.remove(group, who())
        except NewsroomError as error:
            flash(error.message_vi, "error")
        else:
            flash("Đã bỏ nhóm.")
        return redirect(url_for("groups.groups"), 303)

    def _save(self, slug: str | None, typed: Group) -> ResponseReturnValue:
        try:
            self.newsroom.groups.put(typed, who())
        except NewsroomError as error:
            field = "name" if error.field == "slug" else error.field
            return self._page(slug, typed, {field: error.message_vi}), 422
        flash(f"Đã lưu nhóm {typed.name.strip()}.")
        return redirect(url_for("groups.groups"), 303)

    def _group(self, slug: str) -> Group:
        for group in self.newsroom.groups.all():
            if group.slug == slug:
                return group
        raise NotFound(f"no group {slug!r}", "Không có nhóm đài này.", "group")

    def _page(
        self, slug: str | None, form: Group, faults: dict[str, str] | None = None
    ) -> str:
        """The groups, and the form for the one of this name (None: a new one)."""
        groups = self.newsroom.groups.all()
        return render_template(
            "desk/groups.html",
            slug=slug,
            form=form,
            groups=groups,
            names={group.slug: group.name for group in groups},
            choice=choice(self.newsroom, Role.ADMIN, form.stations),
            faults=faults or {},
        )


def _typed(slug: str) -> Group:
    form = request.form
    return Group(
        slug,
        form.get("name", ""),
        form.get("parent", ""),
        chosen_stations(form),
        "strict" in form,
    )
