"""What an office's document holds: the lines to be read, those that its own marks say are not,
and its pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.intake.story import LeftOut


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A picture within a document: its bytes, before which of the lines (from 0) it stands,
    and what stands below it, "" for nothing.
    """

    data: bytes
    before: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of a document in their order.

    `left_out` was crossed out, deleted, noted at its foot, or stands below a picture.
    """

    lines: Sequence[str]
    left_out: Sequence[LeftOut] = ()
    pictures: Sequence[Enclosed] = ()
