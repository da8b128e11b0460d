"""A station's rules, and what becomes of what people and programs send:
types of what is told between rooms.
"""

from enum import StrEnum


class Fallback(StrEnum):
    """What to do when the preferred voice does not answer."""

    PROVISIONAL = "provisional"  # the whole article by another voice, marked as such
    HOLD = "hold"


class ApprovalRule(StrEnum):
    """Who lets a station's news on the air."""

    REQUIRED = "required"  # a person
    ANOTHER = "another"  # a person who did not write it
    TRUSTED = "trusted"  # nobody, as long as nothing about it is doubtful


class HumanVoice(StrEnum):
    """How much of a version a person reads; NONE also before it is spoken."""

    NONE = ""
    SOME = "some"
    ALL = "all"


class News(StrEnum):
    """What became of something handed in."""

    CREATED = "created"
    REVISED = "revised"
    PLACED = "placed"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"  # a warning ended others
    CONTRADICTED = "contradicted"  # what has the same name here says something else


class AuditionState(StrEnum):
    """How a few words stand that somebody wants to hear."""

    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"


class TakingState(StrEnum):
    """What became of a version since an operator took it."""

    CURRENT = "current"
    REPLACED = "replaced"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class MediaStanding(StrEnum):
    """How a public file stands beside the version that is heard now."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    UNPUBLISHED = "unpublished"
