"""Sources of news at the desk: which portals are looked at,
what came of it, and a try that keeps nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.actions.sources import TrialEntry, check_source, try_now
from service.intake import Rejected
from service.intake.listings import KINDS
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import ArticleDoubt, NewSource, Role
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import check, reach
from service.web.desk.choosing import choice, chosen_stations, looks_for_stations
from service.web.site import Site
from service.zone import VIETNAM

TEXTS = ("name", "kind", "url", "selector", "topic")
USUAL_MINUTES = 30


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/sources."""
    desk = SourceDesk(newsroom)
    addresses = [
        DeskPage("GET", "", Role.EDITOR, desk.sources, sifted=True),
        DeskPage("GET", "/new", Role.ADMIN, desk.new, sifted=True),
        DeskPage("POST", "/new", Role.ADMIN, desk.make, sifted=True),
        DeskPage("GET", "/<int:source_id>", Role.EDITOR, desk.source),
        DeskPage("POST", "/<int:source_id>", Role.ADMIN, desk.change),
        DeskPage("POST", "/<int:source_id>/pause", Role.ADMIN, desk.pause),
        DeskPage("POST", "/<int:source_id>/resume", Role.ADMIN, desk.resume),
        DeskPage("POST", "/<int:source_id>/remove", Role.ADMIN, desk.remove),
    ]
    app.register_blueprint(desk_pages("sources", "/desk/sources", addresses))


@dataclass(frozen=True)
class SourceDesk:
    """What the sources' addresses answer."""

    newsroom: Newsroom

    def sources(self) -> ResponseReturnValue:
        """All sources: how each stands, and when it was looked at."""
        return render_template(
            "desk/sources.html",
            sources=self.newsroom.sources.all(reach(Role.EDITOR)),
            kinds=KINDS,
            names=self._station_names(),
        )

    def new(self) -> ResponseReturnValue:
        """An empty form."""
        return self._form(MultiDict({"kind": "feed", "minutes": str(USUAL_MINUTES)}))

    def make(self) -> ResponseReturnValue:
        """A new source, or a try of one that is only described."""
        return self._take(None)

    def source(self, source_id: int) -> ResponseReturnValue:
        """A source as it stands, and its journal."""
        return self._form(
            shown(self.newsroom.sources.get(source_id).settings), source_id
        )

    def change(self, source_id: int) -> ResponseReturnValue:
        """Another description of it, or a try."""
        return self._take(source_id)

    def pause(self, source_id: int) -> ResponseReturnValue:
        """Looked at no more, for now."""
        self.newsroom.sources.pause(source_id, who())
        flash("Đã tạm dừng nguồn tin này.")
        return redirect(url_for("sources.source", source_id=source_id), 303)

    def resume(self, source_id: int) -> ResponseReturnValue:
        """Looked at again."""
        self.newsroom.sources.resume(source_id, who())
        flash("Máy sẽ lấy tin lại từ nguồn này.")
        return redirect(url_for("sources.source", source_id=source_id), 303)

    def remove(self, source_id: int) -> ResponseReturnValue:
        """Forgotten; the articles stay."""
        gone = self.newsroom.sources.remove(source_id, who())
        flash(f"Đã bỏ nguồn {gone.settings.name}. Các bài đã nhận vẫn giữ nguyên.")
        return redirect(url_for("sources.sources"), 303)

    def _take(self, source_id: int | None) -> ResponseReturnValue:
        form = request.form
        if looks_for_stations(form):
            return self._form(form, source_id)
        try:
            typed = typed_source(form)
            check(Role.ADMIN, typed.stations, "stations")
            check_source(typed)
            if "try" in form:
                known = self._with_secret(typed, source_id)
                return self._form(form, source_id, trials=try_now(self.newsroom, known))
            if source_id is None:
                source_id = self.newsroom.sources.add(typed, who()).id
            else:
                self.newsroom.sources.change(source_id, typed, who())
        except (Rejected, NewsroomError) as error:
            return self._form(form, source_id, {error.field: error.message_vi}), 422
        flash(f"Đã lưu nguồn {typed.name.strip()}.")
        return redirect(url_for("sources.source", source_id=source_id), 303)

    def _with_secret(self, typed: NewSource, source_id: int | None) -> NewSource:
        """A try of a mailbox that is there uses its password,
        for the address that it was typed for.
        """
        if typed.secret or source_id is None:
            return typed
        kept = self.newsroom.sources.get(source_id).settings
        return replace(typed, secret=kept.secret) if kept.url == typed.url else typed

    def _form(
        self,
        form: MultiDict[str, str],
        source_id: int | None = None,
        faults: dict[str, str] | None = None,
        trials: list[TrialEntry] | None = None,
    ) -> str:
        known = source_id is not None
        story = next((trial.story for trial in trials or () if trial.story), None)
        return render_template(
            "desk/source.html",
            source=self.newsroom.sources.get(source_id) if source_id else None,
            journal=self.newsroom.sources.journal(source_id) if source_id else (),
            counts=self.newsroom.sources.items.counts(source_id) if source_id else {},
            form=form,
            faults=faults or {},
            trials=trials,
            story=story,
            doubts=[ArticleDoubt(doubt) for doubt in story.doubts] if story else (),
            kinds=KINDS.values(),
            choice=choice(self.newsroom, Role.ADMIN, chosen_stations(form, "station")),
            new=not known,
        )

    def _station_names(self) -> dict[str, str]:
        return {station.slug: station.name for station in self.newsroom.stations.all()}


def shown(source: NewSource) -> MultiDict[str, str]:
    """The form of a source, as browsers send it: `typed_source` reads it back."""
    form = MultiDict({name: str(getattr(source, name)) for name in TEXTS})
    form["minutes"] = str(source.minutes)
    form["topics"] = "\n".join(
        f"{section} = {topic}" for section, topic in source.topics.items()
    )
    if source.trusted:
        form["trusted"] = "on"
    if source.since is not None:
        form["since"] = f"{source.since.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    form.setlist("station", list(source.stations))
    return form


def typed_source(form: MultiDict[str, str]) -> NewSource:
    """What the form says; Invalid names the field at fault."""
    texts = {name: form.get(name, "").strip() for name in TEXTS}
    return NewSource(
        **texts,
        stations=chosen_stations(form, "station"),
        topics=_topics(form.get("topics", "")),
        trusted="trusted" in form,
        minutes=_minutes(form.get("minutes", "")),
        since=_since(form.get("since", "")),
        secret=form.get("secret", ""),
    )


def _topics(text: str) -> dict[str, str]:
    topics: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        section, equals, topic = line.partition("=")
        if not equals or not section.strip() or not topic.strip():
            raise Invalid(
                f"{line[:80]!r} is no line such as Tin nông nghiệp = Nông nghiệp",
                "Mỗi dòng ghi: chuyên mục của cổng = chủ đề ở đây.",
                "topics",
            )
        topics[section.strip()] = topic.strip()
    return topics


def _minutes(text: str) -> int:
    if not (
        text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 6
    ):
        raise Invalid(
            "minutes is a whole number", "Cần nhập một số phút, ví dụ 30.", "minutes"
        )
    return int(text)


def _since(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=VIETNAM)
    except ValueError:
        raise Invalid("it is no time", "Ngày giờ không đúng dạng.", "since") from None
