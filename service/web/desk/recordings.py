"""People's voices at the desk: for a sentence, for a whole episode, or as an episode of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.actions.articles import article_of
from service.intake import Story
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import Role, Standing
from service.web.auth import View, desk_pages, who
from service.web.desk.episodes import EPISODE, SENTENCE
from service.web.desk.upload import by_script, received, refused
from service.web.media.sounds import as_sent, listened, sent

RECORDING = "/recordings/<int:recording_id>"
TAKEN = "Đã nhận bản thu. Máy đang kiểm tra và làm sạch; trang tự cập nhật."
LONGEST_TITLE, LONGEST_WORDS = 300, 50_000  # characters


def register(app: Flask, newsroom: Newsroom, _site: object) -> None:
    """Adds the recordings' addresses below /desk."""
    studio = Recordings(newsroom)
    views: list[tuple[str, str, Role, View]] = [
        ("POST", f"{SENTENCE}/recording", Role.EDITOR, studio.send_sentence),
        ("POST", f"{SENTENCE}/recording/remove", Role.EDITOR, studio.remove_sentence),
        ("POST", f"{EPISODE}/recording", Role.EDITOR, studio.send_episode),
        ("POST", f"{EPISODE}/recording/remove", Role.EDITOR, studio.remove_episode),
        ("GET", "/recordings/new", Role.EDITOR, studio.new),
        ("POST", "/recordings/new", Role.EDITOR, studio.make),
        ("GET", RECORDING, Role.OPERATOR, studio.recording),
        ("GET", f"{RECORDING}.wav", Role.OPERATOR, studio.listen),
        ("GET", f"{RECORDING}/original", Role.OPERATOR, studio.original),
        ("POST", f"{RECORDING}/again", Role.EDITOR, studio.again),
        ("POST", f"{RECORDING}/seen", Role.EDITOR, studio.seen),
    ]
    app.register_blueprint(desk_pages("recordings", "/desk", views))


@dataclass(frozen=True)
class Recordings:
    """What the recordings' addresses answer."""

    newsroom: Newsroom

    def send_sentence(self, episode_id: int, n: int) -> ResponseReturnValue:
        """A person reads one sentence."""
        was = request.form.get("was")
        return received(
            lambda it: self.newsroom.recordings.for_sentence(it, episode_id, n, was),
            _sheet(episode_id, n),
            TAKEN,
        )

    def remove_sentence(self, episode_id: int, n: int) -> ResponseReturnValue:
        """The machine reads it again."""
        self._move(
            "Máy đọc lại câu này.",
            lambda: self.newsroom.recordings.back_to_voice(episode_id, who(), n),
        )
        return _sheet(episode_id, n)

    def send_episode(self, episode_id: int) -> ResponseReturnValue:
        """A person reads the whole."""
        return received(
            lambda it: self.newsroom.recordings.for_episode(it, episode_id),
            _sheet(episode_id),
            TAKEN,
        )

    def remove_episode(self, episode_id: int) -> ResponseReturnValue:
        """The machine reads the whole again."""
        self._move(
            "Máy đọc lại cả bài.", lambda: self.newsroom.recordings.back_to_voice(episode_id, who())
        )
        return _sheet(episode_id)

    def new(self) -> ResponseReturnValue:
        """The form for a recording that is an episode of its own."""
        return self._form()

    def make(self) -> ResponseReturnValue:
        """Takes it; the page that follows shows how it is checked."""
        form = request.form
        try:
            title, words = " ".join(form.get("title", "").split()), form.get("body", "")
            if not title or len(title) > LONGEST_TITLE:
                raise Invalid(
                    "1 to 300 characters", f"Cần có tiêu đề, tối đa {LONGEST_TITLE} ký tự.", "title"
                )
            if len(words) > LONGEST_WORDS:
                raise Invalid("too many words", f"Lời dài tối đa {LONGEST_WORDS} ký tự.", "body")
            paragraphs = tuple(
                " ".join(line.split()) for line in words.splitlines() if line.strip()
            )
            story = Story(title, paragraphs, topic=form.get("topic", "").strip())
            article = article_of(story, form.getlist("stations"))
            with sent(request.files.get("file"), form.get("announcer", ""), who()) as it:
                number = self.newsroom.recordings.alone(it, article)
        except NewsroomError as error:
            if by_script():
                return refused(error)
            return self._form({error.field or "form": error.message_vi}), 422
        place = url_for("recordings.recording", recording_id=number)
        return {"place": place} if by_script() else redirect(place, 303)

    def recording(self, recording_id: int) -> ResponseReturnValue:
        """How a recording stands; the episode once it is one."""
        found = self.newsroom.recordings.get(recording_id)
        if found.state is Standing.READY and found.episode_id:
            return _sheet(found.episode_id)
        return render_template("desk/recording.html", recording=found)

    def listen(self, recording_id: int) -> ResponseReturnValue:
        """A recording as it was cleaned."""
        return listened(self.newsroom, self.newsroom.recordings.get(recording_id))

    def original(self, recording_id: int) -> ResponseReturnValue:
        """The file as it was sent."""
        found = self.newsroom.recordings.get(recording_id)
        return as_sent(self.newsroom, found, "application/octet-stream")

    def again(self, recording_id: int) -> ResponseReturnValue:
        """A recording whose text was changed still fits."""
        self._move(
            "Đã dùng lại bản thu.", lambda: self.newsroom.recordings.use_again(recording_id, who())
        )
        return _sheet(self.newsroom.recordings.get(recording_id).episode_id)

    def seen(self, recording_id: int) -> ResponseReturnValue:
        """The notice has been read."""
        found = self.newsroom.recordings.get(recording_id)
        self.newsroom.recordings.seen(recording_id)
        if found.chime:
            return redirect(url_for("chimes.chimes", slug=found.station), 303)
        return (
            _sheet(found.episode_id, found.sentence)
            if found.episode_id
            else redirect(url_for("desk.episodes"), 303)
        )

    def _move(self, said: str, move: Callable[[], None]) -> None:
        try:
            move()
        except NewsroomError as error:
            flash(error.message_vi, "error")
        else:
            flash(said)

    def _form(self, faults: dict[str, str] | None = None) -> str:
        return render_template(
            "desk/recording_new.html",
            stations=self.newsroom.stations.all(),
            topics=self.newsroom.stations.topics(),
            announcers=self.newsroom.recordings.announcers(),
            typed=request.form,
            faults=faults or {},
        )


def _sheet(episode_id: int, n: int = 0) -> Response:
    place = f"cau-{n}" if n else None
    return redirect(url_for("desk.episode", episode_id=episode_id, _anchor=place), 303)  # type: ignore[return-value]
