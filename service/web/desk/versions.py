"""Versions at the desk: any two compared, heard side by side, and an earlier one brought back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from service.actions.comparing import Pair, compare
from service.newsroom import Newsroom
from service.newsroom.stories.hearings import HEARD
from service.newsroom.values import Episode, Rendering, Role
from service.web.auth import DeskPage, desk_pages, who
from service.web.desk.moves import EPISODE, attempt_move, to_sheet
from service.web.inputs.numbers import whole_number
from service.web.media.sounds import wav
from service.web.site import Site

A_DAY_AT_MOST = {"Cache-Control": "private, max-age=86400"}


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds the versions' addresses below /desk/episodes."""
    pages = VersionPages(newsroom)
    addresses = [
        DeskPage("GET", f"{EPISODE}/versions", Role.OPERATOR, pages.versions),
        DeskPage(
            "GET",
            f"{EPISODE}/versions/<int:version>/<int:n>.wav",
            Role.OPERATOR,
            pages.hear,
        ),
        DeskPage("POST", f"{EPISODE}/restore", Role.EDITOR, pages.restore),
    ]
    app.register_blueprint(desk_pages("versions", "/desk", addresses))


@dataclass(frozen=True)
class VersionPages:
    """What the versions' addresses answer."""

    newsroom: Newsroom

    def versions(self, episode_id: int) -> ResponseReturnValue:
        """Two versions side by side: `?a=` and `?b=`,
        by default the last approved one and the newest.
        """
        episode = self.newsroom.episodes.get(episode_id)
        renderings = self.newsroom.episodes.renderings(episode_id)
        new = whole_number(request.args.get("b", "")) or episode.version
        old = whole_number(request.args.get("a", "")) or _before(renderings, new)
        return render_template(
            "desk/versions.html",
            episode=episode,
            renderings=renderings,
            old=old,
            new=new,
            pairs=compare(
                self.newsroom.versions.sentences(episode_id, old),
                self.newsroom.versions.sentences(episode_id, new),
            ),
            all="all" in request.args,
        )

    def hear(self, episode_id: int, version: int, n: int) -> ResponseReturnValue:
        """One sentence as a version says it, while its clip is kept."""
        sentences = self.newsroom.versions.sentences(episode_id, version)
        clip = next((each.clip for each in sentences if each.n == n), "")
        pcm = self.newsroom.clips.get(clip) if clip else None
        if pcm is None:
            abort(404)
        return Response(wav(pcm), mimetype="audio/wav", headers=A_DAY_AT_MOST)

    def restore(self, episode_id: int) -> ResponseReturnValue:
        """An earlier version's words again, as a new version that waits."""
        version = whole_number(request.form.get("version", "")) or 0
        attempt_move(
            lambda: self.newsroom.versions.restore(episode_id, version, who()),
            f"Đã trả lại bản {version} thành bản mới. Máy đang đọc; duyệt xong mới phát.",
        )
        return to_sheet(episode_id)


def changed_since_approval(
    newsroom: Newsroom, episode: Episode, renderings: Sequence[Rendering]
) -> tuple[int, list[Pair]]:
    """For who approves: the version that was approved last,
    and the sentences that are others since.

    0 and none while nothing waits, or nothing was approved before.
    """
    approved = next((each.version for each in renderings if each.approved_at), 0)
    if not approved or episode.state not in HEARD:
        return 0, []
    before = newsroom.versions.sentences(episode.id, approved)
    pairs = compare(before, episode.sentences)
    return approved, [pair for pair in pairs if not pair.is_same]


def _before(renderings: Sequence[Rendering], new: int) -> int:
    """The last approved version before `new`, else the one right before it."""
    earlier = [each for each in renderings if each.version < new]
    approved = next((each.version for each in earlier if each.approved_at), None)
    return approved or next((each.version for each in earlier), new)
