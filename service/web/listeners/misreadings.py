"""“Đọc sai?”: listeners name a sentence or a word that was read wrongly.

The desk sees the place and settles it.
"""

import re
from dataclasses import dataclass

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError, NotFound
from service.newsroom.stories.misreadings import LONGEST_REMARK
from service.newsroom.values import Edition, Role, Sentence
from service.web.auth import DeskPage, desk_pages, limiter, who
from service.web.auth.access import reach
from service.web.inputs.numbers import whole_number
from service.web.site import Site

REPORTS = "30 per hour"  # from one address: a village may share one
MOST_PAGES = 99_999
ON_A_PAGE = 50
TOO_OFTEN = "Đã nhận nhiều lời báo từ mạng này. Xin bà con báo tiếp sau một giờ nữa."


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /articles/<slug>/misreading for everybody, and /desk/misreadings."""
    misreadings = Misreadings(newsroom)
    pages = Blueprint("misreading", __name__)
    address = "/articles/<slug>/misreading"
    pages.add_url_rule(address, "ask", misreadings.ask)
    pages.add_url_rule(address, "take", misreadings.take, methods=["POST"])
    pages.after_request(_never_kept)
    app.register_blueprint(pages)
    desk = desk_pages(
        "misreadings",
        "/desk/misreadings",
        [
            DeskPage("GET", "", Role.OPERATOR, misreadings.listing, sifted=True),
            DeskPage(
                "POST", "/<int:misreading_id>/settle", Role.EDITOR, misreadings.settle
            ),
        ],
    )
    app.register_blueprint(desk)


@dataclass(frozen=True)
class Misreadings:
    """What both sides' addresses answer."""

    newsroom: Newsroom

    def ask(self, slug: str) -> ResponseReturnValue:
        """The form: which sentence (`?n=`), which word of it."""
        edition = self.newsroom.editions.get(slug)
        return self._form(
            edition,
            whole_number(request.args.get("n", "")) or 0,
            request.args.get("word", ""),
        )

    def take(self, slug: str) -> ResponseReturnValue:
        """Takes a report.

        What is wrong with it is told above the form, and nothing that was typed is lost.
        """
        edition, form = self.newsroom.editions.get(slug), request.form
        n = whole_number(form.get("n", "")) or 0
        word = form.get("word", "")
        remark = form.get("remark", "")
        version = whole_number(form.get("version", "")) or edition.version
        try:
            _count()
            self.newsroom.misreadings.report(
                edition.episode_id, version, n, word, remark
            )
        except RateLimitExceeded:
            return (
                self._form(edition, n, word, remark, TOO_OFTEN),
                429,
                {"Retry-After": "3600"},
            )
        except NewsroomError as error:
            return self._form(
                edition, n, word, remark, error.message_vi
            ), 404 if isinstance(error, NotFound) else 422
        return render_template(
            "player/misreading.html", edition=edition, done=True, n=n
        )

    def listing(self) -> ResponseReturnValue:
        """What nobody has looked at yet; `?xong=1` what was settled."""
        settled = request.args.get("xong") == "1"
        page = whole_number(request.args.get("trang", ""), MOST_PAGES) or 1
        found, total = self.newsroom.misreadings.page(
            settled=settled,
            among=reach(Role.OPERATOR),
            limit=ON_A_PAGE,
            offset=(page - 1) * ON_A_PAGE,
        )
        return render_template(
            "desk/misreadings.html",
            misreadings=found,
            total=total,
            settled=settled,
            page=page,
            pages=max(1, -(-total // ON_A_PAGE)),
        )

    def settle(self, misreading_id: int) -> ResponseReturnValue:
        """Somebody has looked at it."""
        self.newsroom.misreadings.settle(misreading_id, who())
        flash("Đã ghi là đã xử lý.")
        return redirect(url_for("misreadings.listing"), 303)

    def _form(
        self, edition: Edition, n: int, word: str, remark: str = "", fault: str = ""
    ) -> str:
        chosen = next((line for line in edition.sentences if line.n == n), None)
        if chosen is None and not fault:
            chosen = edition.sentences[0] if edition.sentences else abort(404)
        return render_template(
            "player/misreading.html",
            edition=edition,
            sentence=chosen,
            words=words_of(chosen) if chosen else [],
            word=word.strip(),
            remark=remark,
            fault=fault,
            longest=LONGEST_REMARK,
            before=_beside(edition, chosen, -1),
            after=_beside(edition, chosen, 1),
        )


def words_of(sentence: Sentence) -> list[str]:
    """The words one can point at: each once, without the marks around them, in their order."""
    bare = (
        word.strip("“”\"'‘’.,;:!?()[]…–—-")
        for word in re.split(r"\s+", sentence.written)
    )
    return list(dict.fromkeys(word for word in bare if word))


def _beside(edition: Edition, sentence: Sentence | None, step: int) -> int | None:
    """The number of the sentence before or after."""
    if sentence is None:
        return None
    numbers = [line.n for line in edition.sentences]
    at = numbers.index(sentence.n) + step
    return numbers[at] if 0 <= at < len(numbers) else None


@limiter.limit(REPORTS)
def _count() -> None:
    """One more report from this address; RateLimitExceeded when there were too many."""


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = (
        "private, no-store"  # its form has a token of this reader
    )
    return response
