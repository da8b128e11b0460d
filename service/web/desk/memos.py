"""The memo of an announcement at the desk: editors see what was found, and mend it."""

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from service.actions.memos import Memo, mended_memo
from service.newsroom import Newsroom
from service.newsroom.stories.announcements import is_announcement
from service.newsroom.stories.memos import FIELDS, is_approvers
from service.newsroom.values import Episode, Role
from service.web.auth import who
from service.web.auth.access import may
from service.web.desk.moves import attempt_move, to_sheet


@dataclass(frozen=True)
class DeskMemos:
    """What the desk sees and changes of them."""

    newsroom: Newsroom

    def of(self, episode: Episode) -> "MemoForm":
        """The form of an episode's memo, as it would be shown now."""
        memo = mended_memo(episode.sentences, episode.memo or {})
        is_mended = episode.memo is not None
        is_shown = is_mended or is_announcement(episode.title, "")
        is_shown = is_shown and memo.is_worth_showing
        may_mend = may(Role.APPROVER) or not is_approvers(episode)
        return MemoForm(memo, is_shown, is_mended, may_mend)

    def mend(self, episode_id: int) -> ResponseReturnValue:
        """Keeps the fields of the form, or goes back to what is found by itself."""
        memos, approves = self.newsroom.memos, may(Role.APPROVER)
        if "again" in request.form:
            attempt_move(
                lambda: memos.forget(episode_id, who(), approves=approves),
                "Thẻ ghi nhớ lại như máy tìm.",
            )
        else:
            attempt_move(
                lambda: memos.mend(episode_id, request.form, who(), approves=approves),
                "Đã lưu thẻ ghi nhớ.",
            )
        return to_sheet(episode_id)


@dataclass(frozen=True, slots=True)
class MemoForm:
    """A memo as it is shown, whether listeners see it, whether an editor set it, and whether who
    looks may.
    """

    memo: Memo
    is_shown: bool
    is_mended: bool
    may_mend: bool

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Each field: its name, its name for people, its words."""
        words = {name: getattr(self.memo, name) for name in FIELDS}
        words["phones"] = ", ".join(self.memo.phones)
        return [(name, label, words[name]) for name, label in FIELDS.items()]
