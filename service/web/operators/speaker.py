"""The loudspeaker operator's page: the right file for each hour,
and the log of what was broadcast.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from service.actions.approvers import approvers, nearest_approvers
from service.bulletin import span
from service.bulletin.hours import LINGERS
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.store.serials import Scope
from service.newsroom.values import Brief, Edition, Kind, Person, Role, Station, Took
from service.web.auth import require, who
from service.web.auth.access import may
from service.web.inputs.numbers import day_typed
from service.web.media import shelved
from service.web.media.audience import is_robot
from service.web.media.notebook import Notebook
from service.web.operators.broadcasts import Broadcast, Broadcasts
from service.web.operators.cards import A_DAY, WEEK, cards_of, coming_hours, when_of
from service.web.operators.package import package_of
from service.web.operators.script import memos_of, parts_of
from service.web.operators.slots import send_broadcast
from service.web.site import Site
from service.web.words import local, total_seconds
from service.zone import begin_of, days_ago, midnight

MOST = 200
STORIES = tuple(kind for kind in Kind if kind is not Kind.BULLETIN)
REMEMBERED_DAYS = 30  # how long a station is told of what became of a file it took
FRAME_BYTES = 144  # of a file for horns (DESIGN 8): 24 ms
TEST_FRAMES = 417  # ten seconds
PRIVATE = "private, no-cache"
WHEN = re.compile(r"(\d{8})(?:-([01]\d|2[0-3])([0-5]\d))?", re.ASCII)


def register(app: Flask, newsroom: Newsroom, site: Site, notebook: Notebook) -> None:
    """Adds /stations/<slug>/speaker and /stations/<slug>/airings/…"""
    pages = Blueprint("speaker", __name__)
    broadcasts = Broadcasts(newsroom, site.bed)
    speaker = Speaker(newsroom, broadcasts, notebook, beginning_of(site.bed))
    views: dict[str, Callable[..., ResponseReturnValue]] = {
        "/stations/<slug>/speaker": speaker.day,
        "/stations/<slug>/speaker/<int:episode_id>.mp3": speaker.take,
        "/stations/<slug>/speaker/test.mp3": speaker.test,
        "/stations/<slug>/airings/<when>.mp3": speaker.sound,
        "/stations/<slug>/airings/<when>.zip": speaker.package,
        "/stations/<slug>/airings/<when>": speaker.script,
    }
    for path, view in views.items():
        pages.add_url_rule(path, view.__name__, view)
    played = require(Role.OPERATOR)(speaker.played)
    pages.add_url_rule(
        "/stations/<slug>/airings/<when>/played", "played", played, methods=["POST"]
    )
    app.add_template_filter(when_of)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Speaker:
    """What the addresses answer."""

    newsroom: Newsroom
    broadcasts: Broadcasts
    notebook: Notebook
    test_sound: bytes

    def day(self, slug: str) -> ResponseReturnValue:
        """The operator's page: the hours at hand, those to come, the week's stories and the log."""
        newsroom = self.newsroom
        station, now = newsroom.stations.get(slug), newsroom.now()
        month_ago = days_ago(now, REMEMBERED_DAYS)
        self._keep(station, now)
        record = newsroom.airlog.record(slug, month_ago, midnight(now) + WEEK + A_DAY)
        cards = cards_of(newsroom, self.broadcasts, station, record, now)
        today = self._today(slug, now)
        chosen, typed = _day_searched()
        return render_template(
            "speaker/day.html",
            station=station,
            now=now,
            cards=cards,
            coming=coming_hours(station, now, cards, record),
            past=[aired for aired in record if aired.airing.air_at < now],
            chosen=chosen,
            asked=typed,
            found=newsroom.airlog.record(slug, *_bounds(chosen)) if chosen else [],
            today=today,
            week=self._week(slug, now),
            seconds=total_seconds(today),
            whom=self._whom(slug),
            outdated=newsroom.takings.outdated(slug, month_ago),
            months=_months(now),
        )

    def take(self, slug: str, episode_id: int) -> ResponseReturnValue:
        """The newest file of an episode; the station is noted as having taken this version."""
        self.newsroom.stations.get(slug)
        version, path = self.newsroom.takings.newest(episode_id)
        if request.method == "GET" and _is_person():
            self.notebook.note(Took(slug, episode_id, version))
        answer = redirect(f"/media/{path}?download=1", 302)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def sound(self, slug: str, when: str) -> ResponseReturnValue:
        """The file of one hour."""
        broadcast = self.broadcasts.on(slug, *_hour(when))
        attached = "download" in request.args
        return send_broadcast(self.notebook, broadcast, PRIVATE, attached=attached)

    def package(self, slug: str, when: str) -> ResponseReturnValue:
        """The files of an hour or a day in one, for a USB stick; noted as taken."""
        newsroom = self.newsroom
        station = newsroom.stations.get(slug)
        broadcasts = _broadcasts_of(newsroom, self.broadcasts, station, when)
        approved = [broadcast for broadcast in broadcasts if broadcast.serving.master]
        if not approved:
            raise NotFound(
                "nothing is approved",
                "Chưa có bản tin nào được duyệt để chép vào USB.",
                "slot",
            )
        package = package_of(approved, station.name, newsroom.now())
        answer = Response(content_type="application/zip")
        if request.method != "HEAD":
            answer.response = package.blocks()
            if _is_person():
                for broadcast in approved:
                    serving = broadcast.serving
                    self.notebook.note(Took(slug, serving.episode_id, serving.version))
        answer.content_length = package.size
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="{slug}-{when}.zip"'
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def script(self, slug: str, when: str) -> ResponseReturnValue:
        """An hour's words, to be printed and read by a person."""
        broadcast = self.broadcasts.on(slug, *_hour(when))
        serving = broadcast.serving
        if not serving.episode_id:
            raise NotFound(
                "nothing is approved", "Chưa có bản tin nào được duyệt để in.", "slot"
            )
        parts = parts_of(
            self.newsroom.bulletins.script(serving.episode_id, serving.version)
        )
        stories = [part.story_id for part in parts if part.story_id]
        mended = self.newsroom.memos.mended(stories)
        return render_template(
            "speaker/script.html",
            found=broadcast,
            parts=parts,
            memos=memos_of(parts, mended),
            now=self.newsroom.now(),
        )

    def played(self, slug: str, when: str) -> ResponseReturnValue:
        """Notes in the log that a person broadcast this hour."""
        _, hour = self.broadcasts.hour_on(slug, *_hour(when))
        self.newsroom.airlog.played(slug, hour, who())
        flash(
            f"Đã ghi vào nhật ký: bản tin {hour.slot.at} ngày {hour.day:%d/%m/%Y} đã phát."
        )
        return redirect(url_for("speaker.day", slug=slug), 303)

    def test(self, slug: str) -> ResponseReturnValue:
        """A few seconds of calm music, to hear whether amplifier and horns are on."""
        self.newsroom.stations.get(slug)
        answer = Response(self.test_sound, mimetype="audio/mpeg")
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer

    def _week(self, slug: str, now: datetime) -> Sequence[Brief]:
        """The stories of the seven days before."""
        since, until = days_ago(now, 7), midnight(now)
        return self.newsroom.editions.briefs(slug, since, until, STORIES)

    def _whom(self, slug: str) -> tuple[Person, ...]:
        """Who approves, with their telephones: for the house's own, not for the public."""
        if not may(Role.OPERATOR, slug):
            return ()
        return nearest_approvers(slug, approvers(self.newsroom))

    def _keep(self, station: Station, now: datetime) -> None:
        """The page stands until something of it changes: also what was taken."""
        turn = min([*_turns(station, now), shelved.until_turn(self.newsroom)])
        shelved.keep(turn, Scope.PUBLIC, Scope.TAKINGS)

    def _today(self, slug: str, now: datetime) -> tuple[Edition, ...]:
        """The station's own stories of today, the newest first."""
        return self.newsroom.editions.latest(
            station=slug, since=midnight(now), kinds=STORIES, limit=MOST, counted=False
        ).editions


def beginning_of(sound: Path) -> bytes:
    """The first seconds of a file for horns, whose frames are all of one length and stand alone.

    Without its tag and the frame that tells how long the whole is.
    """
    data = sound.read_bytes()
    # ID3v2: the size in four bytes of seven bits, after a head of ten.
    tag = sum(
        byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)
    )
    begin = 10 + tag + FRAME_BYTES
    return data[begin : begin + TEST_FRAMES * FRAME_BYTES]


def _is_person() -> bool:
    """Whether somebody takes a file, and no search engine."""
    return not is_robot(request.user_agent.string)


def _turns(station: Station, now: datetime) -> list[datetime]:
    """When the state of one of its hours changes by time alone:
    it comes, it is over, its address turns.
    """
    turns: list[datetime] = []
    for slot in station.slots:
        begin = span(slot.at, slot.weekdays, slot.max_seconds, now).air_at
        end = begin + timedelta(seconds=slot.max_seconds)
        turns += [moment for moment in (begin, end, end + LINGERS) if moment > now]
    return turns


def _broadcasts_of(
    newsroom: Newsroom, broadcasts: Broadcasts, station: Station, when: str
) -> list[Broadcast]:
    """One hour's ("20261125-0500"), or a whole day's ("20261125"), in order."""
    day, at = _day_and_hour(when)
    if at:
        return [broadcasts.on(station.slug, day, at)]
    times = {
        airing.at for airing in newsroom.bulletins.airings(station.slug, *_bounds(day))
    }
    return [broadcasts.on(station.slug, day, at) for at in sorted(times)]


def _hour(when: str) -> tuple[date, str]:
    day, at = _day_and_hour(when)
    if not at:
        raise NotFound(f"{when!r} names no hour", "Không có buổi phát này.", "airing")
    return day, at


def _day_and_hour(when: str) -> tuple[date, str]:
    match = WHEN.fullmatch(when)
    day = day_typed(match[1]) if match is not None else None
    if match is None or day is None:
        raise NotFound(
            f"{when!r} is no airing; write 20261125-0500",
            "Không có buổi phát này.",
            "airing",
        )
    return day, f"{match[2]}:{match[3]}" if match[2] else ""


def _day_searched() -> tuple[date | None, str]:
    """The day that was searched for, and what was typed."""
    typed = request.args.get("ngay", "").strip()[:20]
    return day_typed(typed), typed


def _bounds(day: date) -> tuple[datetime, datetime]:
    return begin_of(day), begin_of(day + timedelta(days=1))


def _months(now: datetime) -> list[date]:
    """This month and the one before: whose report is asked for."""
    first = local(now).date().replace(day=1)
    return [first, (first - timedelta(days=1)).replace(day=1)]
