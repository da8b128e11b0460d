"""A bulletin is put together: its own words around stories that were spoken and
approved already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from service.actions.aloud import Announcer
from service.bulletin.wording import HEADLINES, REMINDER
from service.newsroom.values import Sentence, StoryScript, ToCompose
from service.vietnamese import Role

HEADLINE_PAUSE_MS = 700
ALARM_PAUSE_MS = 1_500  # between one reading of a warning and the tone before the next
CHIME_BEFORE = {"greeting": "opening", "story": "between"}
ALERT = "alert"


def compose(task: ToCompose, announcer: Announcer) -> list[Sentence]:
    """Its sentences in order.

    Those of stories keep the clips that were approved; the bulletin's own have none yet.
    """
    passage = count()
    found: list[Sentence] = []
    if task.greeting:
        found += _rung(
            _words(task.greeting, announcer, task, next(passage)), task, "greeting"
        )
    if task.headlines and task.stories:
        found += _words(HEADLINES, announcer, task, next(passage))
        found += [
            replace(_title(story), passage=next(passage), pause_ms=HEADLINE_PAUSE_MS)
            for story in task.stories
        ]
    for story in task.stories:
        found += _rung(_story(story, task, passage), task, "story")
        if story.twice and _has_words(task):
            found += _again(story, task, passage, announcer)
    for text in (task.closing, task.disclosure_spoken):
        if text:
            found += _words(text, announcer, task, next(passage))
    return [replace(sentence, n=n) for n, sentence in enumerate(found, start=1)]


def alarm(sentences: Sequence[Sentence], times: int) -> list[Sentence]:
    """A warning: read so many times, each time after the tone.

    What is said last (a closing) is said once.
    """
    said = [sentence for sentence in sentences if sentence.role != Role.CLOSING]
    last = [sentence for sentence in sentences if sentence.role == Role.CLOSING]
    passages = 1 + max(sentence.passage for sentence in said)
    once = list(said)
    once[0] = replace(once[0], chime=ALERT)
    once[-1] = replace(once[-1], pause_ms=ALARM_PAUSE_MS)
    found = [
        replace(sentence, passage=sentence.passage + turn * passages)
        for turn in range(times)
        for sentence in once
    ]
    found += [
        replace(sentence, passage=sentence.passage + (times - 1) * passages)
        for sentence in last
    ]
    return [replace(sentence, n=n) for n, sentence in enumerate(found, start=1)]


def _words(
    text: str, announcer: Announcer, task: ToCompose, passage: int
) -> list[Sentence]:
    return [
        replace(sentence, passage=passage)
        for sentence in announcer.words(text, task.edits)
    ]


def _title(story: StoryScript) -> Sentence:
    title = replace(
        story.sentences[0], story_id=story.episode_id, role=Role.PARAGRAPH, chime=""
    )
    shared = sum(sentence.recording == title.recording for sentence in story.sentences)
    # The whole by a person: no headline of its own
    if title.recording and (shared > 1 or len(story.sentences) == 1):
        return replace(title, clip="", recording=0, announcer="")
    return title


def _story(
    story: StoryScript, task: ToCompose, passage: Iterator[int]
) -> list[Sentence]:
    numbers: dict[int, int] = {}
    found: list[Sentence] = []
    for sentence in story.sentences:
        if sentence.role == Role.CLOSING:  # said once, at the bulletin's end
            continue
        if sentence.passage not in numbers:
            numbers[sentence.passage] = next(passage)
        taken = replace(
            sentence,
            passage=numbers[sentence.passage],
            role=Role.HEADING if sentence.role == Role.TITLE else sentence.role,
            story_id=story.episode_id,
            start_ms=None,
            end_ms=None,
        )
        spoken = task.edits.get(sentence.written, sentence.spoken)
        # An editor of this bulletin wants it otherwise here
        if spoken != sentence.spoken and not sentence.recording:
            taken = replace(taken, spoken=spoken, edited=True, clip="")
        found.append(taken)
    return found


def _has_words(task: ToCompose) -> bool:
    """Whether it says anything of its own: one that is made without a voice says nothing new."""
    return bool(task.greeting or task.closing or task.headlines)


def _again(
    story: StoryScript, task: ToCompose, passage: Iterator[int], announcer: Announcer
) -> list[Sentence]:
    """The same clips once more, announced; they begin no chapter of their own."""
    reminder = [
        replace(sentence, story_id=story.episode_id)
        for sentence in _words(REMINDER, announcer, task, next(passage))
    ]
    repeated = [
        replace(sentence, role=Role.PARAGRAPH)
        if sentence.role == Role.HEADING
        else sentence
        for sentence in _story(story, task, passage)
    ]
    return reminder + repeated


def _rung(sentences: list[Sentence], task: ToCompose, before: str) -> list[Sentence]:
    """With the chime that is heard before the first of them, where the slot has chimes."""
    if not (task.chimes and sentences):
        return sentences
    return [replace(sentences[0], chime=CHIME_BEFORE[before]), *sentences[1:]]
