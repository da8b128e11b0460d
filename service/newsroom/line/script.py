"""What is heard of an episode, in order: its sentences as sounds and the pauses between them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from service.newsroom.values import ScriptSound, Sentence


def script_of(stretches: Sequence[Sequence[Sentence]]) -> tuple[ScriptSound, ...]:
    """What is heard, in order: a clip for each stretch, told by its first sentence."""
    return tuple(
        ScriptSound(
            clip=stretch[0].clip,
            pause_ms=pause_ms,
            passage=stretch[0].passage,
            written=" ".join(sentence.written for sentence in stretch),
            role=stretch[0].role,
            chime=stretch[0].chime,
        )
        for stretch, pause_ms in zip(stretches, pauses_of(stretches), strict=True)
    )


def stretches_of(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences by what is heard of them: one each,
    or a stretch of a recording of the whole.
    """
    stretches = groupby(sentences, key=_sound_of)
    return [list(stretch) for _, stretch in stretches]


def _sound_of(sentence: Sentence) -> tuple[int, str]:
    """The same for neighbours that are one sound: those that lie in one recording."""
    if sentence.recording:
        return sentence.recording, sentence.clip
    return 0, str(sentence.n)


def pauses_of(stretches: Sequence[Sequence[Sentence]]) -> Iterator[int]:
    """The pause after each; between the stretches of one recording there is none but its own."""
    for stretch, following in zip(stretches, [*stretches[1:], None], strict=True):
        recording_goes_on = (
            following is not None
            and stretch[0].recording
            and following[0].recording == stretch[0].recording
        )
        yield 0 if recording_goes_on else stretch[-1].pause_ms
