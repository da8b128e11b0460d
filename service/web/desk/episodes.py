"""The editors' desk: the list, the form, the proof sheet and how many listen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import (
    Flask,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from service.actions.aloud import announcer_for
from service.actions.articles import take_back
from service.actions.choosing import choose_reading
from service.actions.corrections import correct
from service.intake import Rejected, Story
from service.intake.source import parse_bytes
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, NewsroomError, NotFound
from service.newsroom.values import (
    Article,
    Card,
    NewArticle,
    Priority,
    Receipt,
    Role,
    Sentence,
    State,
)
from service.newsroom.values.names import name_vi
from service.web.auth import View, desk_pages, who
from service.web.desk import proof
from service.web.desk.draft import Draft, aloud, faults
from service.web.media.sounds import excerpt, wav
from service.web.site import Site

ON_A_PAGE = 30
MOST_CARDS = 100  # that one look at the progress may ask for
PLOT_DAYS = 30
EPISODE = "/episodes/<int:episode_id>"
SENTENCE = f"{EPISODE}/sentences/<int:n>"
ARTICLE = "/articles/<int:article_id>/edit"
WORKING = (
    State.RECEIVED,
    State.WRITTEN,
    State.SPOKEN,
    State.APPROVED,
)  # a machine has the next step


@dataclass(frozen=True, slots=True)
class Tab:
    """A group of states in the list."""

    slug: str
    name: str
    states: tuple[State, ...]


TABS = (
    Tab("", "Tất cả", ()),
    Tab("dang-lam", "Đang làm", WORKING),
    Tab("cho-duyet", "Chờ duyệt", (State.MASTERED,)),
    Tab("bi-giu", "Bị giữ", (State.HELD,)),
    Tab("da-phat", "Đã phát", (State.PUBLISHED,)),
    Tab("da-go", "Đã gỡ", (State.WITHDRAWN,)),
)


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds the desk below /desk; every page asks for a login."""
    desk = Desk(newsroom, site)
    views: list[tuple[str, str, Role, View]] = [
        ("GET", "", Role.OPERATOR, desk.episodes),
        ("GET", "/cards.json", Role.OPERATOR, desk.cards),
        ("GET", "/new", Role.EDITOR, desk.new),
        ("POST", "/new", Role.EDITOR, desk.take_new),
        ("GET", ARTICLE, Role.EDITOR, desk.edit),
        ("POST", ARTICLE, Role.EDITOR, desk.take_edit),
        ("GET", EPISODE, Role.OPERATOR, desk.episode),
        ("GET", f"{SENTENCE}.wav", Role.OPERATOR, desk.listen),
        ("POST", SENTENCE, Role.EDITOR, desk.change_sentence),
        ("POST", f"{SENTENCE}/reading", Role.EDITOR, desk.choose),
        ("POST", f"{EPISODE}/take-back", Role.EDITOR, desk.take_back),
        ("POST", f"{EPISODE}/regenerate", Role.EDITOR, desk.regenerate),
        ("POST", f"{EPISODE}/approve", Role.APPROVER, desk.approve),
        ("POST", f"{EPISODE}/withdraw", Role.APPROVER, desk.withdraw),
        ("POST", f"{EPISODE}/correct", Role.EDITOR, desk.correct),
        ("GET", "/downloads", Role.OPERATOR, desk.downloads),
    ]
    filters = app.jinja_env.filters
    for name in ("pieces", "doubts", "told", "what_vi", "who_vi"):
        filters[name] = getattr(proof, name)
    for name in ("cause_vi", "detail_vi"):
        filters[name] = partial(getattr(proof, name), voice_name=filters["voice_name"])
    app.jinja_env.tests["working"] = lambda state: state in WORKING
    app.register_blueprint(desk_pages("desk", "/desk", views))


@dataclass(frozen=True)
class Desk:
    """What the desk's addresses answer."""

    newsroom: Newsroom
    site: Site

    # The list.

    def episodes(self) -> ResponseReturnValue:
        """Episodes, newest first, by state, station and words."""
        asked = request.args
        tab = next((tab for tab in TABS if tab.slug == asked.get("tab")), TABS[0])
        station, words, page = (
            asked.get("station", ""),
            asked.get("q", ""),
            _number(asked.get("page", ""), 1),
        )
        cards, total = self.newsroom.episodes.cards(
            states=tab.states,
            station=station,
            words=words,
            limit=ON_A_PAGE,
            offset=(page - 1) * ON_A_PAGE,
        )
        counts = self.newsroom.episodes.counts()
        return render_template(
            "desk/episodes.html",
            awaiting=len(self.newsroom.episodes.awaiting_voice()),
            away=[far_end for far_end in self.newsroom.engines.all() if far_end.away_since],
            cards=cards,
            total=total,
            tab=tab,
            tabs=[
                (each, sum(counts.get(state, 0) for state in each.states or State)) for each in TABS
            ],
            stations=self.newsroom.stations.all(),
            station=station,
            words=words,
            page=page,
            pages=max(1, -(-total // ON_A_PAGE)),
        )

    def cards(self) -> ResponseReturnValue:
        """How far the episodes named have come, for pages that look again while a machine works."""
        numbers = request.args.get("ids", "").split(",")
        ids = [int(n) for n in numbers if n.isdecimal() and len(n) < 10][:MOST_CARDS]
        cards = self.newsroom.episodes.cards(ids=ids, limit=len(ids))[0] if ids else []
        checking = self.newsroom.recordings.checking(ids)
        return jsonify(cards=[_progress(card, card.id in checking) for card in cards])

    # The form.

    def new(self) -> ResponseReturnValue:
        """An empty form."""
        home = self.newsroom.stations.home()
        return self._form(Draft(stations=(home.slug,) if home else ()))

    def take_new(self) -> ResponseReturnValue:
        """Shows what was understood, or hands the article in."""
        return self._take(lambda article: self.newsroom.articles.receive(article, who()))

    def edit(self, article_id: int) -> ResponseReturnValue:
        """The newest revision in the form."""
        article = self.newsroom.articles.get(article_id)
        return self._form(Draft.of(article), article)

    def take_edit(self, article_id: int) -> ResponseReturnValue:
        """A new revision; Conflict when somebody else made one meanwhile."""
        known = self.newsroom.articles.get(article_id)

        def save(article: NewArticle) -> Receipt:
            if request.form.get("revision") != str(known.revision):
                raise Conflict(
                    "another revision came meanwhile",
                    "Bài vừa được người khác sửa. Hãy mở lại bài trong cửa sổ khác để so, rồi sửa trên bản mới.",
                )
            return self.newsroom.articles.edit(article_id, article, who())

        return self._take(save, known)

    def _take(
        self, save: Callable[[NewArticle], Receipt], known: Article | None = None
    ) -> ResponseReturnValue:
        draft = Draft.typed(request.form)
        files = [file for file in request.files.getlist("file") if file.filename]
        try:
            if len(files) > 1:
                return self._take_files(draft, files)
            if files:
                draft = draft.with_story(_story_of(files[0]))
            story = draft.story()
            article = draft.article(story)
            if files or "preview" in request.form or "take_back" in request.form:
                station = self.newsroom.stations.get(draft.stations[0])
                return self._form(
                    draft,
                    known,
                    story=story,
                    doubts=article.doubts,
                    sentences=aloud(story, station, self.newsroom.terms.of(station.slug)),
                )
            receipt = save(article)
        except (Rejected, NewsroomError) as error:
            return self._form(draft, known, faults=faults(error)), 422
        flash(name_vi(receipt.news))
        return _see(receipt.episode_id)

    def _take_files(self, draft: Draft, files: Sequence[FileStorage]) -> ResponseReturnValue:
        """Several files are handed in as they are, each an article; one that is refused is told by its name."""
        for file in files:
            try:
                article = draft.article(_story_of(file))
                receipt = self.newsroom.articles.receive(article, who())
            except Rejected as error:
                flash(f"{file.filename}: {error.message_vi}", "error")
            else:
                flash(f"{file.filename}: {name_vi(receipt.news)}")
        return redirect(url_for("desk.episodes"), 303)

    def _form(self, draft: Draft, article: Article | None = None, **more: object) -> str:
        return render_template(
            "desk/article.html",
            draft=draft,
            article=article,
            stations=self.newsroom.stations.all(),
            topics=self.newsroom.stations.topics(),
            priorities=list(Priority),
            **more,
        )

    # The proof sheet.

    def episode(self, episode_id: int) -> ResponseReturnValue:
        """What the machine will read, sentence by sentence."""
        return self._sheet(episode_id)

    def _sheet(self, episode_id: int, unsaved: str = "") -> str:
        episode = self.newsroom.episodes.get(episode_id)
        cards, _ = self.newsroom.episodes.cards(ids=[episode_id])
        return render_template(
            "desk/episode.html",
            episode=episode,
            card=cards[0],
            **proof.of_article(self.newsroom, episode.article_id),
            audio=next((master for master in episode.masters if master.kind == "app"), None),
            renderings=self.newsroom.episodes.renderings(episode_id),
            happenings=self.newsroom.episodes.happenings(episode_id),
            voices=self.site.voices,
            corrections=self.newsroom.episodes.corrections(episode_id),
            corrects=self.newsroom.episodes.corrects(episode_id),
            recordings=self.newsroom.recordings.of_episode(episode_id),
            announcers=self.newsroom.recordings.announcers(),
            downloads=self.newsroom.downloads.daily(PLOT_DAYS, episode_id)
            if episode.public_version
            else [],
            typed=request.form,
            unsaved=unsaved,
            place_names={each.slug: each.name for each in self.newsroom.stations.all()},
        )

    def take_back(self, episode_id: int) -> ResponseReturnValue:
        """A line that was left out becomes part of the article, by one press."""
        episode = self.newsroom.episodes.get(episode_id)
        try:
            if episode.article_id is None:
                raise NotFound("it has no article", "Bài này không có nội dung chữ.", "article")
            text = request.form.get("text", "")
            receipt = take_back(self.newsroom, episode.article_id, text, who())
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._sheet(episode_id), 422
        flash("Đã đưa dòng đó vào bài. Máy đang đọc lại.")
        return _see(receipt.episode_id)

    def listen(self, episode_id: int, n: int) -> ResponseReturnValue:
        """One sentence as WAV, or out of the finished MP3 where its clip was let go; 404 while it is not spoken yet."""
        sentence = self._sentence(episode_id, n)
        pcm = self.newsroom.clips.get(sentence.clip) if sentence.clip else None
        if pcm is not None:
            return Response(
                wav(pcm), mimetype="audio/wav", headers={"Cache-Control": "private, max-age=86400"}
            )
        app = next(
            (each for each in self.newsroom.episodes.get(episode_id).masters if each.kind == "app"),
            None,
        )
        if app is None or sentence.start_ms is None or sentence.end_ms is None:
            abort(404)
        return Response(
            excerpt(self.newsroom, app, sentence.start_ms, sentence.end_ms), mimetype=app.mime
        )

    def change_sentence(self, episode_id: int, n: int) -> ResponseReturnValue:
        """Another spoken form, or another text, for one sentence."""
        form = request.form
        typed = form.get("spoken", form.get("written", ""))
        try:
            sentence = self._sentence(episode_id, n)
            if form.get("was", sentence.written) != sentence.written:
                raise Conflict(
                    f"sentence {n} is another one by now",
                    "Bài đã được sửa, câu này nay là câu khác. Hãy xem lại rồi sửa.",
                )
            if "spoken" in form:
                self.newsroom.episodes.say_otherwise(episode_id, n, typed, who())
            else:
                self._rewrite(episode_id, n, typed)
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._sheet(episode_id, unsaved=typed), 422
        flash(f"Đã lưu câu {n}. Máy đang đọc lại câu này.")
        return _see(episode_id, n)

    def choose(self, episode_id: int, n: int) -> ResponseReturnValue:
        """Another of the readings that fit a doubtful word, for this once."""
        start, spoken = _number(request.form.get("start", ""), -1), request.form.get("spoken", "")
        return _move(
            episode_id,
            f"Câu {n} sẽ đọc là “{spoken}”. Máy đang đọc lại câu này.",
            lambda: choose_reading(self.newsroom, episode_id, n, start, spoken, who()),
            n,
        )

    def _rewrite(self, episode_id: int, n: int, written: str) -> None:
        station = self.newsroom.stations.get(self.newsroom.episodes.get(episode_id).station)
        reading = announcer_for(station, self.newsroom.terms.of(station.slug)).reread(n, written)
        self.newsroom.episodes.write_otherwise(episode_id, n, reading, who())

    def _sentence(self, episode_id: int, n: int) -> Sentence:
        for sentence in self.newsroom.episodes.get(episode_id).sentences:
            if sentence.n == n:
                return sentence
        raise NotFound(
            f"no sentence {n}",
            f"Bài này hiện không có câu {n}; có thể bài đang được đọc lại.",
            "sentences",
        )

    def regenerate(self, episode_id: int) -> ResponseReturnValue:
        """Reads again: the whole, some sentences, or all in another voice."""
        voice = request.form.get("voice")
        numbers = [_number(n, 0) for n in request.form.getlist("sentences")]
        said = (
            f"Máy đang đọc lại câu {', '.join(map(str, numbers))}."
            if numbers
            else "Máy đang đọc lại cả bài."
        )
        return _move(
            episode_id, said, lambda: self._read_again(episode_id, voice, numbers), *numbers[:1]
        )

    def _read_again(self, episode_id: int, voice: str | None, numbers: Sequence[int]) -> None:
        self.site.check_voice(voice)
        self.newsroom.episodes.regenerate(episode_id, who(), voice=voice, sentences=numbers)

    def approve(self, episode_id: int) -> ResponseReturnValue:
        """Lets the version that was listened to on the air."""
        version = _number(request.form.get("version", ""), 0)
        return _move(
            episode_id,
            "Đã duyệt. Bài sẽ lên sóng trong giây lát.",
            lambda: self.newsroom.episodes.approve(episode_id, who(), version),
        )

    def withdraw(self, episode_id: int) -> ResponseReturnValue:
        """Takes an episode off the air."""
        why = request.form.get("reason", "")
        return _move(
            episode_id,
            "Đã gỡ bài.",
            lambda: self.newsroom.episodes.withdraw(episode_id, why, who()),
        )

    def correct(self, episode_id: int) -> ResponseReturnValue:
        """An episode of its own that says what was wrong and what is right."""
        form = request.form
        try:
            receipt = correct(
                self.newsroom, episode_id, form.get("wrong", ""), form.get("right", ""), who()
            )
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._sheet(episode_id), 422
        flash("Đã soạn bài đính chính. Máy đang đọc; người duyệt nghe rồi duyệt thì mới phát.")
        return _see(receipt.episode_id)

    # The log and the people.

    def downloads(self) -> ResponseReturnValue:
        """How many listen, day by day, and to what."""
        counts = self.newsroom.downloads
        return render_template(
            "desk/downloads.html",
            downloads=counts.daily(PLOT_DAYS),
            most=counts.most(PLOT_DAYS),
            days=PLOT_DAYS,
        )


def _move(
    episode_id: int, said: str, move: Callable[[], None], n: int | None = None
) -> ResponseReturnValue:
    """Makes a move and goes back to the proof sheet, with a word on how it went."""
    try:
        move()
    except NewsroomError as error:
        flash(error.message_vi, "error")
    else:
        flash(said)
    return _see(episode_id, n)


def _story_of(file: FileStorage) -> Story:
    """What a file that was sent says; Rejected names `file`."""
    return parse_bytes(file.read(), Path(file.filename or "").suffix)


def _see(episode_id: int, n: int | None = None) -> ResponseReturnValue:
    place = f"cau-{n}" if n else None
    return redirect(url_for("desk.episode", episode_id=episode_id, _anchor=place), 303)


def _progress(card: Card, checking: bool) -> dict[str, object]:
    return {
        "id": card.id,
        "version": card.version,
        "state": card.state,
        "working": checking or card.state in WORKING,
        "html": render_template("desk/standing.html", card=card),
    }


def _number(text: str, otherwise: int) -> int:
    """A number from 1 that came in an address or a form; `otherwise` for anything else."""
    return int(text) if text.isdecimal() and len(text) < 7 and int(text) else otherwise
