"""What an office's document holds: the lines to be read,
and those that its own marks say are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.intake.story import LeftOut


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of a document in their order.

    `left_out` was crossed out, deleted, or stands below a picture.
    """

    lines: Sequence[str]
    left_out: Sequence[LeftOut] = ()
