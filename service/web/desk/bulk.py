"""Many at once: what was ticked on the list, or all that match.

Told what it costs first, and what became of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.actions.bulk import (
    MOVES,
    BulkMove,
    Heard,
    Instruction,
    Moved,
    carry_out,
    estimate,
    take_back,
)
from service.actions.planning import standing_words
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import Card, Role
from service.newsroom.values.grants import Thing
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import check_thing, may_somewhere, reach
from service.web.auth.proof import is_proved
from service.web.desk.listing import Sieve
from service.web.inputs.numbers import whole_number
from service.web.site import Site

MOST_AT_ONCE = 500


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/bulk."""
    pages = Bulk(newsroom, site)
    addresses = [
        DeskPage("POST", "", Role.EDITOR, pages.choose, sifted=True),
        DeskPage("GET", "/bulletins", Role.APPROVER, pages.bulletins, sifted=True),
        DeskPage("POST", "/do", Role.EDITOR, pages.do, sifted=True),
        DeskPage("POST", "/undo", Role.EDITOR, pages.undo, sifted=True),
    ]
    app.jinja_env.globals["bulk_moves"] = lambda: [
        (move, row.name_vi) for move, row in MOVES.items() if may_somewhere(row.role)
    ]
    app.register_blueprint(desk_pages("bulk", "/desk/bulk", addresses))


@dataclass(frozen=True)
class Bulk:
    """What the addresses below /desk/bulk answer."""

    newsroom: Newsroom
    site: Site

    def bulletins(self) -> ResponseReturnValue:
        """The bulletins that wait: those that say the same are heard once and approved together."""
        standing = standing_words(self.newsroom.stations.all())
        groups = self.newsroom.alike.waiting(standing, reach(Role.APPROVER))
        return render_template(
            "desk/bulk_bulletins.html",
            groups=groups,
            count=sum(len(each.bulletins) for each in groups),
        )

    def choose(self) -> ResponseReturnValue:
        """What was chosen, what the move costs, and the button that makes it."""
        move, cards = _move(), self._chosen()
        if not cards:
            flash("Chưa chọn bài nào.", "error")
            return redirect(url_for("desk.episodes"), 303)
        return self._page(move, cards)

    def do(self) -> ResponseReturnValue:
        """Makes the move on each; who was refused, and why, and how far the others have come."""
        move, heard = _move(), _ticked()
        instruction = _instruction(move, proved=is_proved(self.newsroom))
        try:
            _check(instruction)
            self.site.check_voice(instruction.voice)
        except NewsroomError as error:
            return self._page(
                move, self._cards([each.id for each in heard]), error
            ), 422
        results = carry_out(self.newsroom, instruction, heard, who(), _check_for(move))
        can_undo = MOVES[move].take_back is not None
        return self._done(
            MOVES[move].name_vi, results, instruction if can_undo else None
        )

    def undo(self) -> ResponseReturnValue:
        """Takes a move back on each that nobody changed since."""
        move = _move()
        instruction, moved = _instruction(move, proved=False), _ticked()
        if move is BulkMove.VOICE:
            for each in moved:
                self.site.check_voice(each.before)
        results = take_back(self.newsroom, instruction, moved, who(), _check_for(move))
        return self._done(f"Hoàn tác “{MOVES[move].name_vi}”", results, None)

    def _done(
        self, name: str, results: Sequence[Moved], undo: Instruction | None
    ) -> str:
        """What became of each; `undo` is what can be taken back by a press."""
        cards = self._cards([each.heard.id for each in results])
        return render_template(
            "desk/bulk_done.html",
            name=name,
            done=[each for each in results if each.refused is None],
            refused=[each for each in results if each.refused is not None],
            cards={card.id: card for card in cards},
            undo=undo,
        )

    def _chosen(self) -> list[Card]:
        """What was ticked; or all that the list's sieve lets through, the newest first."""
        if "all" not in request.form:
            return self._cards([each.id for each in _ticked()])
        within = reach(Role.OPERATOR)
        wanted = Sieve.of_request().wanted(self.newsroom, within)
        cards, _ = self.newsroom.episodes.cards(
            among=within, limit=MOST_AT_ONCE, **wanted
        )
        return cards

    def _cards(self, ids: Sequence[int]) -> list[Card]:
        """Those of these episodes that are heard where the caller works."""
        if not ids:
            # Without numbers the list would hold every episode.
            return []
        cards, _total = self.newsroom.episodes.cards(
            ids=ids, among=reach(Role.OPERATOR), limit=len(ids)
        )
        return cards

    def _page(
        self, move: BulkMove, cards: Sequence[Card], error: NewsroomError | None = None
    ) -> str:
        return render_template(
            "desk/bulk.html",
            move=move,
            name=MOVES[move].name_vi,
            cards=cards,
            fit=[card for card in cards if card.state in MOVES[move].states],
            cost=estimate(self.newsroom, move, cards),
            voices=self.site.voices,
            topics=self.newsroom.stations.topics(),
            most=MOST_AT_ONCE,
            typed=request.form,
            error=error,
        )


def _ticked() -> list[Heard]:
    """The boxes that were ticked: "12.3" is episode 12 in version 3; one may stand for several."""
    ticked: list[Heard] = []
    boxes = " ".join(request.form.getlist("episodes"))
    for text in dict.fromkeys(boxes.split()):
        number, _, version = text.partition(".")
        episode = whole_number(number)
        if episode:
            before = request.form.get(f"before.{episode}", "")
            ticked.append(Heard(episode, whole_number(version) or 0, before))
    return ticked[:MOST_AT_ONCE]


def _check_for(move: BulkMove) -> Callable[[int], None]:
    """Forbidden for an episode that who asks may not make this move on."""
    role = MOVES[move].role
    return lambda number: check_thing(role, Thing.EPISODE, number)


def _move() -> BulkMove:
    text = request.form.get("move", "")
    if text not in set(BulkMove):
        raise Invalid(f"no move {text!r}", "Hãy chọn một việc.", "move")
    return BulkMove(text)


def _instruction(move: BulkMove, *, proved: bool) -> Instruction:
    form = request.form
    return Instruction(
        move,
        form.get("why", "").strip(),
        form.get("voice", ""),
        form.get("topic", "").strip(),
        proved=proved,
    )


def _check(instruction: Instruction) -> None:
    """Once, rather than refused by each of hundreds."""
    if instruction.move in (BulkMove.RETURN, BulkMove.WITHDRAW) and not instruction.why:
        raise Invalid("say why", "Cần ghi rõ lý do.", "why")
