"""People's voices at the desk: for a sentence, for a whole episode, or as an episode of its own."""

from dataclasses import dataclass

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.actions.articles import article_of
from service.intake import Story
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import Role, Standing
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import check, own_stations, reach
from service.web.desk.choosing import (
    StationChoice,
    choice,
    chosen_stations,
    looks_for_stations,
)
from service.web.desk.moves import EPISODE, SENTENCE, attempt_move, to_sheet
from service.web.desk.upload import by_script, received, refused
from service.web.media.sounds import as_sent, listened, sent

RECORDING = "/recordings/<int:recording_id>"
TAKEN = "Đã nhận bản thu. Máy đang kiểm tra và làm sạch; trang tự cập nhật."
LONGEST_TITLE, LONGEST_WORDS = 300, 50_000  # characters


def register(app: Flask, newsroom: Newsroom, _site: object) -> None:
    """Adds the recordings' addresses below /desk."""
    pages = RecordingPages(newsroom)
    addresses = [
        DeskPage("POST", f"{SENTENCE}/recording", Role.EDITOR, pages.send_sentence),
        DeskPage(
            "POST", f"{SENTENCE}/recording/remove", Role.EDITOR, pages.remove_sentence
        ),
        DeskPage("GET", f"{EPISODE}/row", Role.EDITOR, pages.row),
        DeskPage("POST", f"{EPISODE}/recording", Role.EDITOR, pages.send_episode),
        DeskPage(
            "POST", f"{EPISODE}/recording/remove", Role.EDITOR, pages.remove_episode
        ),
        DeskPage("GET", "/recordings/new", Role.EDITOR, pages.new, sifted=True),
        DeskPage("POST", "/recordings/new", Role.EDITOR, pages.make, sifted=True),
        DeskPage("GET", RECORDING, Role.OPERATOR, pages.recording),
        DeskPage("GET", f"{RECORDING}.wav", Role.OPERATOR, pages.listen),
        DeskPage("GET", f"{RECORDING}/original", Role.OPERATOR, pages.original),
        DeskPage("POST", f"{RECORDING}/again", Role.EDITOR, pages.again),
        DeskPage("POST", f"{RECORDING}/seen", Role.EDITOR, pages.seen),
    ]
    app.register_blueprint(desk_pages("recordings", "/desk", addresses))


@dataclass(frozen=True)
class RecordingPages:
    """What the recordings' addresses answer."""

    newsroom: Newsroom

    def send_sentence(self, episode_id: int, n: int) -> ResponseReturnValue:
        """A person reads one sentence."""
        was = request.form.get("was")
        return received(
            lambda upload: self.newsroom.recordings.for_sentence(
                upload, episode_id, n, was
            ),
            to_sheet(episode_id, n),
            TAKEN,
        )

    def row(self, episode_id: int) -> ResponseReturnValue:
        """All sentences one after the other, large enough to be read from a stand."""
        episode = self.newsroom.episodes.get(episode_id)
        return render_template(
            "desk/row.html",
            episode=episode,
            sentences=[each for each in episode.sentences if not each.story_id],
            announcers=self.newsroom.recordings.announcers(reach(Role.EDITOR)),
        )

    def remove_sentence(self, episode_id: int, n: int) -> ResponseReturnValue:
        """The machine reads it again."""
        attempt_move(
            lambda: self.newsroom.recordings.back_to_voice(episode_id, who(), n),
            "Máy đọc lại câu này.",
        )
        return to_sheet(episode_id, n)

    def send_episode(self, episode_id: int) -> ResponseReturnValue:
        """A person reads the whole."""
        return received(
            lambda upload: self.newsroom.recordings.for_episode(upload, episode_id),
            to_sheet(episode_id),
            TAKEN,
        )

    def remove_episode(self, episode_id: int) -> ResponseReturnValue:
        """The machine reads the whole again."""
        attempt_move(
            lambda: self.newsroom.recordings.back_to_voice(episode_id, who()),
            "Máy đọc lại cả bài.",
        )
        return to_sheet(episode_id)

    def new(self) -> ResponseReturnValue:
        """The form for a recording that is an episode of its own."""
        return self._form()

    def make(self) -> ResponseReturnValue:
        """Takes it; the page that follows shows how it is checked."""
        form = request.form
        if looks_for_stations(form):
            return self._form()
        try:
            stations = chosen_stations(form)
            check(Role.EDITOR, stations)
            article = article_of(_typed_story(form), stations)
            with sent(
                request.files.get("file"), form.get("announcer", ""), who()
            ) as upload:
                number = self.newsroom.recordings.alone(upload, article)
        except NewsroomError as error:
            if by_script():
                return refused(error)
            return self._form({error.field or "form": error.message_vi}), 422
        place = url_for("recordings.recording", recording_id=number)
        return {"place": place} if by_script() else redirect(place, 303)

    def recording(self, recording_id: int) -> ResponseReturnValue:
        """How a recording stands; the episode once it is one."""
        recording = self.newsroom.recordings.get(recording_id)
        is_heard = recording.state is Standing.READY and recording.episode_id
        if is_heard:
            return to_sheet(recording.episode_id)
        return render_template("desk/recording.html", recording=recording)

    def listen(self, recording_id: int) -> ResponseReturnValue:
        """A recording as it was cleaned."""
        return listened(self.newsroom, self.newsroom.recordings.get(recording_id))

    def original(self, recording_id: int) -> ResponseReturnValue:
        """The file as it was sent."""
        recording = self.newsroom.recordings.get(recording_id)
        return as_sent(self.newsroom, recording, "application/octet-stream")

    def again(self, recording_id: int) -> ResponseReturnValue:
        """A recording whose text was changed still fits."""
        attempt_move(
            lambda: self.newsroom.recordings.use_again(recording_id, who()),
            "Đã dùng lại bản thu.",
        )
        return to_sheet(self.newsroom.recordings.get(recording_id).episode_id)

    def seen(self, recording_id: int) -> ResponseReturnValue:
        """The notice has been read."""
        recording = self.newsroom.recordings.get(recording_id)
        self.newsroom.recordings.seen(recording_id)
        # Back to where the notice stood.
        if recording.chime:
            return redirect(url_for("chimes.chimes", slug=recording.station), 303)
        if recording.episode_id:
            return to_sheet(recording.episode_id, recording.sentence)
        return redirect(url_for("desk.episodes"), 303)

    def _choice(self) -> StationChoice:
        """The stations of the form; at first the first one is chosen."""
        if request.form:
            return choice(self.newsroom, Role.EDITOR, chosen_stations(request.form))
        first = own_stations(self.newsroom, Role.EDITOR)[:1]
        slugs = [station.slug for station in first]
        return choice(self.newsroom, Role.EDITOR, slugs)

    def _form(self, faults: dict[str, str] | None = None) -> str:
        return render_template(
            "desk/recording_new.html",
            choice=self._choice(),
            topics=self.newsroom.stations.topics(),
            announcers=self.newsroom.recordings.announcers(reach(Role.EDITOR)),
            typed=request.form,
            faults=faults or {},
        )


def _typed_story(form: MultiDict[str, str]) -> Story:
    """The title and the words that go with a recording; Invalid names the field at fault.

    A person reads them, so they are taken as they are typed, line by line.
    """
    title, words = " ".join(form.get("title", "").split()), form.get("body", "")
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            f"1 to {LONGEST_TITLE} characters",
            f"Cần có tiêu đề, tối đa {LONGEST_TITLE} ký tự.",
            "title",
        )
    if len(words) > LONGEST_WORDS:
        raise Invalid(
            "too many words", f"Lời dài tối đa {LONGEST_WORDS} ký tự.", "body"
        )
    lines = (" ".join(line.split()) for line in words.splitlines())
    paragraphs = tuple(line for line in lines if line)
    return Story(title, paragraphs, topic=form.get("topic", "").strip())
