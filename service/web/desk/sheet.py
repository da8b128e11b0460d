"""The proof sheet: what the machine will read, sentence by sentence,
and what people do about it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, abort, flash, render_template, request
from flask.typing import ResponseReturnValue

from service.actions.articles import take_back
from service.actions.choosing import choose_reading
from service.actions.corrections import correct
from service.actions.reading_again import read_again
from service.actions.rewriting import rewrite_sentence
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError, NotFound
from service.newsroom.values import (
    Episode,
    Master,
    MasterKind,
    Priority,
    Receipt,
    Role,
    Sentence,
    SentenceSeen,
)
from service.web.auth import who
from service.web.auth.access import reach
from service.web.auth.proof import is_proved
from service.web.desk.listing import PLOT_DAYS
from service.web.desk.memos import DeskMemos
from service.web.desk.moves import attempt_move, to_sheet
from service.web.desk.versions import changed_since_approval
from service.web.inputs.numbers import whole_number
from service.web.media.sounds import excerpt, wav
from service.web.site import Site

NOWHERE = -1  # a place in a sentence that no change has
A_DAY_AT_MOST = {"Cache-Control": "private, max-age=86400"}


@dataclass(frozen=True)
class Sheets:
    """What the addresses of the proof sheets answer."""

    newsroom: Newsroom
    site: Site

    def episode(self, episode_id: int) -> ResponseReturnValue:
        """What the machine will read, sentence by sentence."""
        return self._page(episode_id)

    def _page(self, episode_id: int, unsaved: str = "") -> str:
        """The sheet; `unsaved` is what somebody typed and nobody kept."""
        sheet = self.newsroom.episodes.sheet(episode_id)
        is_public = sheet.episode.public_version is not None
        downloads = (
            self.newsroom.downloads.daily(PLOT_DAYS, episode_id) if is_public else []
        )
        article = sheet.episode.article_id
        approved, changed = changed_since_approval(
            self.newsroom, sheet.episode, sheet.renderings
        )
        return render_template(
            "desk/episode.html",
            sheet=sheet,
            episode=sheet.episode,
            card=sheet.card,
            alike=self.newsroom.articles.like(article, reach(Role.OPERATOR))
            if article is not None
            else (),
            audio=_for_apps(sheet.episode),
            voices=self.site.voices,
            downloads=downloads,
            approved=approved,
            changed=changed,
            announcers=self.newsroom.recordings.announcers(reach(Role.EDITOR)),
            memo=DeskMemos(self.newsroom).of(sheet.episode),
            comments=self.newsroom.comments.of(episode_id),
            first_by=self._first_of_two(sheet.episode),
            typed=request.form,
            unsaved=unsaved,
            # After an approval the next one is heard without another press.
            begins="nghe" in request.args,
        )

    def _first_of_two(self, episode: Episode) -> str:
        """Who approved a warning that waits for a second approver; "" for all else."""
        if episode.rendering.placement.priority is not Priority.URGENT:
            return ""
        try:
            return self.newsroom.urgent.get(episode.id).first_by
        except NotFound:
            return ""

    # Sentences.

    def listen(self, episode_id: int, n: int) -> ResponseReturnValue:
        """One sentence as WAV, or out of the finished MP3 where its clip was let go.

        404 while it is not spoken yet.
        """
        episode = self.newsroom.episodes.get(episode_id)
        sentence = _sentence(episode, n)
        pcm = self.newsroom.clips.get(sentence.clip) if sentence.clip else None
        if pcm is not None:
            return Response(wav(pcm), mimetype="audio/wav", headers=A_DAY_AT_MOST)
        master = _for_apps(episode)
        if master is None or sentence.start_ms is None or sentence.end_ms is None:
            abort(404)
        part = excerpt(self.newsroom, master, sentence.start_ms, sentence.end_ms)
        return Response(part, mimetype=master.mime)

    def change_sentence(self, episode_id: int, n: int) -> ResponseReturnValue:
        """Another spoken form, or another text, for one sentence."""
        form = request.form
        typed = form.get("spoken", form.get("written", ""))
        seen = SentenceSeen(form.get("was"), form.get("was_spoken"))
        try:
            if "spoken" in form:
                self.newsroom.episodes.say_otherwise(
                    episode_id, n, typed, who(), seen=seen
                )
            else:
                rewrite_sentence(self.newsroom, episode_id, n, typed, who(), seen)
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._page(episode_id, unsaved=typed), 422
        flash(f"Đã lưu câu {n}. Máy đang đọc lại câu này.")
        return to_sheet(episode_id, n)

    def choose(self, episode_id: int, n: int) -> ResponseReturnValue:
        """Another of the readings that fit a doubtful word, for this once."""
        start = whole_number(request.form.get("start", ""))
        spoken = request.form.get("spoken", "")
        place = NOWHERE if start is None else start
        attempt_move(
            lambda: choose_reading(self.newsroom, episode_id, n, place, spoken, who()),
            f"Câu {n} sẽ đọc là “{spoken}”. Máy đang đọc lại câu này.",
        )
        return to_sheet(episode_id, n)

    def comment(self, episode_id: int, n: int) -> ResponseReturnValue:
        """Something said of a sentence, to the others at the desk."""
        form = request.form
        text = form.get("text", "")
        try:
            self.newsroom.comments.add(episode_id, n, text, who(), form.get("was"))
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._page(episode_id, unsaved=text), 422
        flash(f"Đã gửi góp ý ở câu {n}.")
        return to_sheet(episode_id, n)

    def solve(self, episode_id: int, comment_id: int) -> ResponseReturnValue:
        """A comment is done with."""
        comment = self.newsroom.comments.solve(episode_id, comment_id, who())
        return to_sheet(episode_id, comment.n)

    # The whole.

    def take_back(self, episode_id: int) -> ResponseReturnValue:
        """A line that was left out becomes part of the article, by one press."""
        text = request.form.get("text", "")
        return self._rewritten(
            episode_id,
            lambda: take_back(self.newsroom, self._article_of(episode_id), text, who()),
            "Đã đưa dòng đó vào bài. Máy đang đọc lại.",
        )

    def mend_memo(self, episode_id: int) -> ResponseReturnValue:
        """What an announcement asks to remember, as an editor wants it."""
        return DeskMemos(self.newsroom).mend(episode_id)

    def correct(self, episode_id: int) -> ResponseReturnValue:
        """An episode of its own that says what was wrong and what is right."""
        wrong, right = request.form.get("wrong", ""), request.form.get("right", "")
        return self._rewritten(
            episode_id,
            lambda: correct(self.newsroom, episode_id, wrong, right, who()),
            "Đã soạn bài đính chính. Máy đang đọc; người duyệt nghe rồi duyệt thì mới phát.",
        )

    def _rewritten(
        self, episode_id: int, rewrite: Callable[[], Receipt], done: str
    ) -> ResponseReturnValue:
        """To the sheet of the text that comes of it.

        Or this sheet again, with what was typed and the reason.
        """
        try:
            receipt = rewrite()
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._page(episode_id), 422
        flash(done)
        return to_sheet(receipt.episode_id)

    def _article_of(self, episode_id: int) -> int:
        article_id = self.newsroom.episodes.get(episode_id).article_id
        if article_id is None:
            raise NotFound(
                "it has no article", "Bài này không có nội dung chữ.", "article"
            )
        return article_id

    def regenerate(self, episode_id: int) -> ResponseReturnValue:
        """Reads again: the whole, some sentences, or all in another voice."""
        voice = request.form.get("voice")
        numbers = [
            whole_number(typed) or 0 for typed in request.form.getlist("sentences")
        ]
        sentences = ", ".join(map(str, numbers))
        attempt_move(
            lambda: self._read_again(episode_id, voice, numbers),
            f"Máy đang đọc lại câu {sentences}."
            if numbers
            else "Máy đang đọc lại cả bài.",
        )
        return to_sheet(episode_id, next(iter(numbers), None))

    def _read_again(
        self, episode_id: int, voice: str | None, numbers: Sequence[int]
    ) -> None:
        self.site.check_voice(voice)
        read_again(self.newsroom, episode_id, who(), voice=voice, sentences=numbers)

    def approve(self, episode_id: int) -> ResponseReturnValue:
        """Lets the version that was listened to on the air.

        Then the next one that waits is opened.
        """
        version = whole_number(request.form.get("version", "")) or 0
        proved = is_proved(self.newsroom)
        done = attempt_move(
            lambda: self.newsroom.episodes.approve(
                episode_id, who(), version, proved=proved
            ),
            "Đã duyệt. Bài sẽ lên sóng trong giây lát.",
        )
        return self._to_next(episode_id) if done else to_sheet(episode_id)

    def send_back(self, episode_id: int) -> ResponseReturnValue:
        """Sends the version that was listened to back to who wrote it, with a remark."""
        version = whole_number(request.form.get("version", "")) or 0
        remark = request.form.get("remark", "")
        try:
            self.newsroom.episodes.send_back(episode_id, who(), version, remark)
        except NewsroomError as error:
            flash(error.message_vi, "error")
            return self._page(episode_id, unsaved=remark), 422
        flash("Đã trả lại bài. Người viết thấy lý do ở danh sách và trong bài.")
        return self._to_next(episode_id)

    def _to_next(self, episode_id: int) -> Response:
        """To the next one that waits for whoever approves; to this one when none does."""
        waiting = self.newsroom.episodes.waiting(reach(Role.APPROVER), episode_id)
        if waiting is None:
            return to_sheet(episode_id)
        return to_sheet(waiting, heard=True)

    def withdraw(self, episode_id: int) -> ResponseReturnValue:
        """Takes an episode off the air."""
        reason = request.form.get("reason", "")
        attempt_move(
            lambda: self.newsroom.episodes.withdraw(episode_id, reason, who()),
            "Đã gỡ bài.",
        )
        return to_sheet(episode_id)


def _sentence(episode: Episode, n: int) -> Sentence:
    """Sentence `n` of an episode; NotFound when it has none of that number."""
    for sentence in episode.sentences:
        if sentence.n == n:
            return sentence
    raise NotFound(
        f"no sentence {n}",
        f"Bài này hiện không có câu {n}; có thể bài đang được đọc lại.",
        "sentences",
    )


def _for_apps(episode: Episode) -> Master | None:
    """The sound that browsers play; None before it is mastered."""
    return next((each for each in episode.masters if each.kind == MasterKind.APP), None)
