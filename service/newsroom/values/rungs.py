"""The ladder: what may stand at a slot's address, and what each rung says there.

A rung is a member and its row.

What nobody approved for its hour is still only what was approved before: rungs choose among such
stories.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from service.newsroom.values.offers import Offer
from service.newsroom.values.stations import Slot


class Rung(StrEnum):
    """What stands at a slot's address, the best first:
    how far down the ladder a station had to go.
    """

    URGENT = "urgent"
    PLANNED = "planned"
    AUTOMATIC = "automatic"
    EVERGREEN = "evergreen"
    PREVIOUS = "previous"
    BED = "bed"

    @property
    def name_vi(self) -> str:
        """What people read."""
        return RUNGS[self].name_vi

    @property
    def why_vi(self) -> str:
        """Why this stands there, in a sentence."""
        return RUNGS[self].why_vi

    @property
    def in_file_names(self) -> str:
        """What tells its files from others of the same hour."""
        return RUNGS[self].in_file_names

    @property
    def place(self) -> int:
        """How far down the ladder it is, from 0."""
        return list(Rung).index(self)

    @property
    def is_unattended(self) -> bool:
        """Whether it is made when nobody approved a plan."""
        return RUNGS[self].stories is not None

    def filling(self, hour: "Hour") -> "Filling | None":
        """What it would say at an hour; None when the station's rules do not allow it."""
        choose = RUNGS[self].stories
        return choose(hour) if choose is not None else None


class Hour(Protocol):
    """What a rung may ask about an hour whose address has nothing approved."""

    @property
    def slot(self) -> Slot:
        """The slot, with its rules."""
        ...

    def stock(self, *, evergreen: bool = False) -> Sequence[Offer]:
        """Approved stories of the slot's stations; or notices that are never old."""
        ...

    def arranged(self) -> Sequence[Offer] | None:
        """The running order of the desk, as far as it is still published.

        None when there is none, or nothing is left of it.
        """
        ...

    def last_heard(self) -> Sequence[Offer]:
        """The stories of the bulletin before, as far as they are still published."""
        ...


@dataclass(frozen=True, slots=True)
class Filling:
    """What a rung has to say: the best of these stories, or (`in_order`) all of them as they come.

    `repeats` is how many of them may have been broadcast before; None: as the slot's rules say.
    `bare` is music and the time, without a story.
    """

    stories: Sequence[Offer] = ()
    in_order: bool = False
    repeats: int | None = None
    bare: bool = False


def automatic(hour: Hour) -> Filling | None:
    """A bulletin of approved stories: as the desk arranged it, else fitted to the slot."""
    if not hour.slot.automatic:
        return None
    arranged = hour.arranged()
    if arranged is not None:
        return Filling(arranged, in_order=True)
    return Filling(hour.stock())


def evergreen(hour: Hour) -> Filling | None:
    """Notices that are never old and were never heard."""
    notices = hour.stock(evergreen=True)
    return Filling([notice for notice in notices if notice.last_aired is None])


def previous(hour: Hour) -> Filling | None:
    """The last bulletin's stories again."""
    if not hour.slot.previous:
        return None
    stories = hour.last_heard()
    return Filling(stories, repeats=len(stories))


def bed(hour: Hour) -> Filling | None:
    """Music and the time."""
    return Filling(bare=True)


@dataclass(frozen=True, slots=True)
class RungRow:
    """What is to be known of a rung. `stories` None: people make it, not the clock."""

    name_vi: str
    why_vi: str
    in_file_names: str
    stories: Callable[[Hour], Filling | None] | None = None


RUNGS: dict[Rung, RungRow] = {
    Rung.URGENT: RungRow(
        "cảnh báo khẩn cấp",
        "Cảnh báo khẩn cấp đang có hiệu lực.",
        "khan-cap-",
    ),
    Rung.PLANNED: RungRow(
        "bản tin đã duyệt",
        "Bản tin đã được duyệt.",
        "",
    ),
    Rung.AUTOMATIC: RungRow(
        "bản tin máy tự soạn",
        "Chưa có bản tin nào được người duyệt; máy tự soạn từ các tin đã duyệt.",
        "tu-dong-",
        automatic,
    ),
    Rung.EVERGREEN: RungRow(
        "thông báo dùng lâu dài",
        "Chưa có bản tin nào được duyệt; phát các thông báo đã duyệt chưa từng phát.",
        "thong-bao-",
        evergreen,
    ),
    Rung.PREVIOUS: RungRow(
        "phát lại bản tin trước",
        "Chưa có bản tin nào được duyệt; phát lại các tin của bản tin trước.",
        "phat-lai-",
        previous,
    ),
    Rung.BED: RungRow(
        "nhạc nền và báo giờ",
        "Chưa có bản tin nào được duyệt; phát nhạc nền và báo giờ.",
        "nhac-nen-",
        bed,
    ),
}
# In the order in which they are tried.
UNATTENDED = tuple(rung for rung in Rung if rung.is_unattended)
