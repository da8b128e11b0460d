"""One move for many episodes: each is made, or refused, by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.actions.articles import set_topic
from service.actions.reading_again import read_again
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NewsroomError
from service.newsroom.values import Card, HumanVoice, Outcome, Role, State, Step

READING = (Step.WRITE, Step.SPEAK, Step.MASTER)
FINISHED = (State.MASTERED, State.RETURNED, State.PUBLISHED, State.HELD)


class BulkMove(StrEnum):
    """What can be done with many at once."""

    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    VOICE = "voice"
    AGAIN = "again"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Instruction:
    """A move, and what goes with it: a remark or a reason, a voice by name, a topic.

    Each may be empty.
    """

    move: BulkMove
    why: str = ""
    voice: str = ""
    topic: str = ""
    proved: bool = False  # who makes it gave their password in the last minutes


@dataclass(frozen=True, slots=True)
class Heard:
    """An episode in the version that was listed when the move was chosen.

    `before` is what a move made otherwise: what it is taken back to.
    """

    id: int
    version: int
    before: str = ""


Making = Callable[[Newsroom, Heard, Instruction, str], object]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """What is to be known of a move: its name on a button,
    whose work it is, and on what it can be made.
    """

    name_vi: str
    role: Role
    states: tuple[State, ...]
    make: Making
    reads: bool = False  # a voice reads anew
    # What it makes otherwise, as it is now; and taking it back. None: cannot be taken back.
    before: Callable[[Newsroom, Heard], str] | None = None
    take_back: Making | None = None


def _set_topic(
    newsroom: Newsroom, heard: Heard, instruction: Instruction, who: str
) -> None:
    article = newsroom.episodes.get(heard.id).article_id
    if article is None:
        raise Conflict("it has no article", "Bài này không có nội dung chữ.", "topic")
    set_topic(newsroom, article, instruction.topic, who)


def _topic(newsroom: Newsroom, heard: Heard) -> str:
    article = newsroom.episodes.get(heard.id).article_id
    return newsroom.articles.get(article).topic if article is not None else ""


def _topic_before(
    newsroom: Newsroom, heard: Heard, instruction: Instruction, who: str
) -> None:
    if _topic(newsroom, heard) != instruction.topic:
        raise changed_since()
    _set_topic(newsroom, heard, replace(instruction, topic=heard.before), who)


def _voice(newsroom: Newsroom, heard: Heard) -> str:
    return newsroom.episodes.get(heard.id).rendering.voice


def _voice_before(
    newsroom: Newsroom, heard: Heard, instruction: Instruction, who: str
) -> None:
    episode = newsroom.episodes.get(heard.id)
    is_ours = episode.rendering.voice == instruction.voice
    # The move itself opened the next version, and nobody another one.
    if episode.version != heard.version + 1 or not is_ours:
        raise changed_since()
    newsroom.episodes.regenerate(heard.id, who, voice=heard.before)


def changed_since() -> Conflict:
    """What was done cannot be taken back: somebody went on with it."""
    return Conflict(
        "it was changed since",
        "Bài đã được đổi tiếp sau đó nên không hoàn tác được.",
        "version",
    )


MOVES: dict[BulkMove, MoveRow] = {
    BulkMove.APPROVE: MoveRow(
        "Duyệt",
        Role.APPROVER,
        (State.MASTERED, State.RETURNED),
        lambda newsroom, heard, instruction, who: newsroom.episodes.approve(
            heard.id, who, heard.version, proved=instruction.proved
        ),
    ),
    BulkMove.RETURN: MoveRow(
        "Trả lại",
        Role.APPROVER,
        (State.MASTERED,),
        lambda newsroom, heard, instruction, who: newsroom.episodes.send_back(
            heard.id, who, heard.version, instruction.why
        ),
        before=lambda newsroom, heard: "",
        take_back=lambda newsroom, heard, _, who: newsroom.versions.take_up_again(
            heard.id, heard.version, who
        ),
    ),
    BulkMove.WITHDRAW: MoveRow(
        "Gỡ",
        Role.APPROVER,
        tuple(state for state in State if state is not State.WITHDRAWN),
        lambda newsroom, heard, instruction, who: newsroom.episodes.withdraw(
            heard.id, instruction.why, who
        ),
    ),
    BulkMove.VOICE: MoveRow(
        "Đổi giọng",
        Role.EDITOR,
        FINISHED,
        lambda newsroom, heard, instruction, who: read_again(
            newsroom, heard.id, who, voice=instruction.voice
        ),
        reads=True,
        before=_voice,
        take_back=_voice_before,
    ),
    BulkMove.AGAIN: MoveRow(
        "Đọc lại",
        Role.EDITOR,
        FINISHED,
        lambda newsroom, heard, _, who: read_again(newsroom, heard.id, who),
        reads=True,
    ),
    BulkMove.TOPIC: MoveRow(
        "Đổi chủ đề",
        Role.EDITOR,
        tuple(State),
        _set_topic,
        before=_topic,
        take_back=_topic_before,
    ),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a move costs: the episodes it can be made on, their sentences,
    calls of a voice, lengths in seconds.

    `work_s` is how long one machine takes, by what reading took here so far; None while nothing was
    read.
    """

    episodes: int
    sentences: int
    calls: int
    sound_s: float
    work_s: float | None


def estimate(newsroom: Newsroom, move: BulkMove, cards: Sequence[Card]) -> Estimate:
    """What a move on these would cost, reckoned from what they were before."""
    row = MOVES[move]
    fit = [card for card in cards if card.state in row.states]
    read = [card for card in fit if row.reads and card.human is not HumanVoice.ALL]
    each_s = _seconds_of_reading(newsroom) if read else 0.0
    return Estimate(
        episodes=len(fit),
        sentences=sum(card.total for card in fit),
        calls=sum(card.total for card in read),
        sound_s=sum(card.seconds or 0.0 for card in fit),
        work_s=each_s * len(read) if each_s is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one: `refused` is None when it was done; `heard` knows what it was before."""

    heard: Heard
    refused: NewsroomError | None = None


def carry_out(
    newsroom: Newsroom,
    instruction: Instruction,
    episodes: Sequence[Heard],
    who: str,
    check: Callable[[int], None],
) -> list[Moved]:
    """Makes the move on each, in order; `check` raises for one that `who` may not move."""
    move = MOVES[instruction.move]

    def make(heard: Heard) -> Heard:
        before = move.before(newsroom, heard) if move.before is not None else ""
        move.make(newsroom, heard, instruction, who)
        return replace(heard, before=before)

    return _each(episodes, make, check)


def take_back(
    newsroom: Newsroom,
    instruction: Instruction,
    episodes: Sequence[Heard],
    who: str,
    check: Callable[[int], None],
) -> list[Moved]:
    """Takes a move back on each that nobody changed since, to what it was `before`.

    Invalid (`move`) for a move that cannot be taken back.
    """
    undo = MOVES[instruction.move].take_back
    if undo is None:
        raise Invalid(
            f"{instruction.move} cannot be taken back",
            "Việc này không hoàn tác được.",
            "move",
        )

    def make(heard: Heard) -> Heard:
        undo(newsroom, heard, instruction, who)
        return heard

    return _each(episodes, make, check)


def _each(
    episodes: Sequence[Heard],
    make: Callable[[Heard], Heard],
    check: Callable[[int], None],
) -> list[Moved]:
    """What became of each: that one is refused keeps none of the others."""

    def attempt(heard: Heard) -> Moved:
        try:
            check(heard.id)
            return Moved(make(heard))
        except NewsroomError as error:
            return Moved(heard, error)

    return [attempt(heard) for heard in episodes]


def _seconds_of_reading(newsroom: Newsroom) -> float | None:
    """How long an episode takes from its text to its files, by all that were read here.

    None when none was.
    """
    total = 0.0
    tried = newsroom.watch.tried()
    for step in READING:
        done = [
            each for each in tried if (each.step, each.outcome) == (step, Outcome.DONE)
        ]
        count = sum(each.count for each in done)
        if not count:
            return None
        total += sum(each.seconds for each in done) / count
    return total
