"""Moves at the desk: one is made, and the proof sheet tells how it went."""

from collections.abc import Callable

from flask import Response, flash, redirect, url_for

from service.newsroom.errors import NewsroomError

EPISODE = "/episodes/<int:episode_id>"
SENTENCE = f"{EPISODE}/sentences/<int:n>"


def attempt_move(move: Callable[[], object], done: str) -> bool:
    """Makes a move, and gives whether it was made.

    `done`, or the reason why not, stands above the next page.
    """
    try:
        move()
    except NewsroomError as error:
        flash(error.message_vi, "error")
        return False
    flash(done)
    return True


def to_sheet(episode_id: int, n: int | None = None, *, heard: bool = False) -> Response:
    """To the proof sheet of an episode, at sentence `n`; `heard`: it begins to play by itself."""
    place = f"cau-{n}" if n else None
    begins = "1" if heard else None
    address = url_for("desk.episode", episode_id=episode_id, nghe=begins, _anchor=place)
    return redirect(address, 303)  # type: ignore[return-value]  # werkzeug's own class, which Flask sets to its Response
