"""What things are, and where they stand: the words of the newsroom."""

from enum import StrEnum


class House(StrEnum):
    """Who the log names when no person and no program did it.

    Being one of these decides, never the name. No login may be spelt alike, all the same: a person
    reads names, in an approval that is shown as well as in the log.
    """

    LOUDSPEAKER = "loa"
    TRUST = "trusted"
    RULE = "tự động theo quy định của đài"
    IMPORT = "import"  # `loa import`, run by somebody at the machine


LOUDSPEAKER = House.LOUDSPEAKER


class Approval(StrEnum):
    """How a version was let on the air."""

    PERSON = (
        "person"  # heard it, or a program with an approver's key did so in its name
    )
    BEFOREHAND = (
        "beforehand"  # a warning: an approver handed its words in, to be aired as read
    )
    # Every station it is for trusts what comes in, and nothing about it is doubtful
    TRUST = "trust"
    RULE = "rule"  # an unattended bulletin: all that it says was approved before


class State(StrEnum):
    """Where an episode stands on its way."""

    RECEIVED = "received"
    WRITTEN = "written"
    SPOKEN = "spoken"
    MASTERED = "mastered"
    APPROVED = "approved"
    PUBLISHED = "published"
    HELD = "held"
    RETURNED = "returned"  # heard, and sent back to who wrote it, with a remark
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What is listened to."""

    STORY = "story"
    BULLETIN = "bulletin"
    CORRECTION = "correction"
    RECORDING = "recording"


class Priority(StrEnum):
    """Circular 39/2020: thường, ưu tiên, khẩn cấp."""

    NORMAL = "normal"
    PRIORITY = "priority"
    URGENT = "urgent"


class Step(StrEnum):
    """The work a job asks for: the steps of the line, in order."""

    WRITE = "write"
    SPEAK = "speak"
    MASTER = "master"
    PUBLISH = "publish"
    AUDITION = "audition"  # apart from the line: a few words, to be heard at once
    REMASTER = "remaster"  # apart from it: files of a version that are gone, made again
    RECORD = (
        "record"  # apart from it too: a person's recording, to be checked and cleaned
    )
    POLL = "poll"  # a look at a source of news; its job is never done, only due again later


class Use(StrEnum):
    """What a recording is for."""

    SENTENCE = "sentence"
    EPISODE = "episode"  # the whole of one that is there
    ALONE = "alone"  # an episode of its own
    CHIME = "chime"


class Standing(StrEnum):
    """How a recording stands."""

    CHECKING = "checking"
    READY = "ready"  # in use
    REFUSED = "refused"
    LOST = "lost"  # its text was changed afterwards: somebody should know
    ASIDE = "aside"  # replaced, given up, or seen


class MasterKind(StrEnum):
    """The masters that somebody asks for by name.

    A recipe beyond these is offered by its label alone.
    """

    APP = "app"  # its cues are the episode's
    SPEAKER = "speaker"  # for horns; its length is what a slot bounds
    LITE = "lite"


class Lane(StrEnum):
    """Fast jobs (one changed sentence, an urgent notice) never wait behind long ones."""

    FAST = "fast"
    SLOW = "slow"


class JobState(StrEnum):
    """How a job stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"  # its episode moved on
    FAILED = "failed"
