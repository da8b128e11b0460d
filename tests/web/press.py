"""Articles brought to the air by hand: a line without voices, so that tests of pages are fast."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from service.newsroom import Newsroom
from service.newsroom.values import (
    Episode,
    Lane,
    MadeMaster,
    NewArticle,
    Sentence,
    Step,
    ToWrite,
)

BOTH = (Lane.FAST, Lane.SLOW)
NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)  # Tuesday, noon in Vietnam
SOUND = bytes(n * 7 % 251 for n in range(5000))
VTT = b"WEBVTT\n"
LITE = bytes(n * 5 % 241 for n in range(1500))
LONG = b'{"version": "1.2.0"}' * 100
OPUS = "audio/ogg; codecs=opus"
MORE = (
    ("chapters", "chapters.json", "application/json+chapters"),
    ("transcript-page", "transcript.html", "text/html"),
)


class Clock:
    """A time that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass
class Press:
    """Brings articles to the air, the line's work done by hand; names of sounds tell the version,
    as the line's do.
    """

    room: Newsroom
    count: int = 0
    lite: bool = (
        False  # also the data saver's sound, chapters and the transcript as a page
    )
    horns: bool = False  # also the sound that loudspeakers get
    sound: bytes = SOUND  # of every file

    def receive(
        self,
        title: str,
        *paragraphs: str,
        stations: tuple[str, ...] = ("suoi-lanh",),
        **more: object,
    ) -> int:
        self.count += 1
        text = paragraphs or ("Một câu.", "Hai câu.")
        article = NewArticle(title, text, f"d{self.count}", stations, **more)  # type: ignore[arg-type]
        return self.room.articles.receive(article, "lan").episode_id

    def publish(
        self, title: str = "Tin mới", *paragraphs: str, **more: object
    ) -> Episode:
        number = self.receive(title, *paragraphs, **more)  # type: ignore[arg-type]
        self.work()
        return self.approve(number)

    def approve(self, number: int) -> Episode:
        self.room.episodes.approve(
            number, "chị Chi", self.room.episodes.get(number).version
        )
        self.work()
        return self.room.episodes.get(number)

    def again(self, number: int) -> Episode:
        """A second version of the same text, published."""
        self.room.episodes.say_otherwise(number, 2, "một câu khác", "lan")
        self.work()
        return self.approve(number)

    def work(self) -> None:
        room = self.room
        while job := room.jobs.claim("hand", BOTH):
            match job.step:
                case Step.WRITE:
                    story = room.steps.load_writing(job)
                    assert isinstance(story, ToWrite)
                    parts = [("title", story.title), ("lead", story.lead)]
                    parts += [("paragraph", text) for text in story.paragraphs]
                    parts = [part for part in parts if part[1]]
                    assert room.steps.save_written(
                        job,
                        [
                            Sentence(
                                n,
                                text,
                                story.edits.get(text, text),
                                300,
                                passage=n - 1,
                                role=role,
                            )
                            for n, (role, text) in enumerate(parts, start=1)
                        ],
                    )
                case Step.SPEAK:
                    lines = room.steps.load_speaking(job)
                    assert lines
                    clips = [f"clip-{spoken}-{take}" for spoken, take in lines.lines]
                    assert room.steps.save_spoken(
                        job,
                        clips,
                        voice="tone:vi",
                        build="1",
                        provisional=True,
                        engine_calls=1,
                        clips_reused=0,
                    )
                case Step.MASTER:
                    task = room.steps.load_mastering(job)
                    assert task
                    cues = tuple(
                        (n * 1000, n * 1000 + 900) for n in range(len(task.sounds))
                    )
                    made = [
                        self.keep(
                            job.episode_id,
                            job.version,
                            "app",
                            f"app-{job.version}.mp3",
                            "audio/mpeg",
                            self.sound,
                            256.0,
                            cues,
                        ),
                        self.keep(
                            job.episode_id,
                            job.version,
                            "transcript",
                            "transcript.vtt",
                            "text/vtt",
                            VTT,
                        ),
                    ]
                    if self.horns:
                        name = f"speaker-{job.version}.mp3"
                        mime = "audio/mpeg"
                        made.append(
                            self.keep(
                                job.episode_id,
                                job.version,
                                "speaker",
                                name,
                                mime,
                                SOUND,
                                256.0,
                            )
                        )
                    if self.lite:
                        made.append(
                            self.keep(
                                job.episode_id,
                                job.version,
                                "lite",
                                f"lite-{job.version}.opus",
                                OPUS,
                                LITE,
                                256.0,
                            )
                        )
                        for kind, name, mime in MORE:
                            made.append(
                                self.keep(
                                    job.episode_id, job.version, kind, name, mime, LONG
                                )
                            )
                    assert room.steps.save_mastered(job, made)
                case Step.PUBLISH:
                    assert room.steps.save_published(job)

    def keep(
        self,
        episode: int,
        version: int,
        kind: str,
        name: str,
        mime: str,
        data: bytes,
        seconds: float = 0.0,
        cues: tuple[tuple[int, int], ...] = (),
    ) -> MadeMaster:
        key = f"masters/{episode}/{version}/{name}"
        data += str(version).encode() if kind == "app" else b""
        self.room.files.put(key, data)
        digest = hashlib.sha256(data).hexdigest()
        return MadeMaster(
            kind, name, key, mime, len(data), digest, seconds, -16.0, -1.0, cues
        )


class Seated(FlaskClient):
    """A browser of somebody who logs in anew before every request: tests turn the clock by days."""

    log_in: Callable[[], str]

    def open(self, *args, **more):
        with self.session_transaction() as session:
            session["_user_id"] = self.log_in()
        return super().open(*args, **more)


def seated(app, log_in):
    """Such a browser; `log_in` gives the secret of a new session."""
    found = Seated(app, app.response_class)
    found.log_in = log_in
    return found
