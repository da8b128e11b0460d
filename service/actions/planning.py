"""What a station broadcasts at one of its hours: the newsroom's stories meet the bulletin's rules.

The desk and the clock plan with the same functions, so that what an editor sees is what the clock
would do.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from service.actions.aloud import Announcer
from service.bulletin import Candidate, Words, fit, words_for
from service.bulletin.wording import HEADLINES, REMINDER
from service.newsroom.errors import Invalid
from service.newsroom.values import (
    Airing,
    Offer,
    Plan,
    Priority,
    Sentence,
    Slot,
    Station,
    UnusedStory,
)

# Silence before and after everything.
LEAD_IN_S, LEAD_OUT_S = 0.025, 0.4
CHIMES_S = {"opening": 7.2, "between": 1.7, "closing": 4.4}
# After a chime; the closing one is the last that is heard.
CHIME_PAUSE_S = 0.4
HEADLINE_PAUSE_S = 0.7
# At most, by which each passage is filled up to whole frames.
FILLED_S = 0.024
# A syllable takes so long when nobody was heard yet: eSpeak takes 0.23 s.
SLOWEST_S = 0.3
# Own words are slower than the average of the stories by that at most: they have names and dates.
PACE_MARGIN = 1.06
# Its title and a sentence, with the chime before it.
SHORTEST_STORY_S = 10.0
# Whose date is no shorter than most.
A_DAY = date(2026, 11, 29)
OLDER = "cũ hơn những tin đã chọn"
NO_ROOM = "không đủ thời lượng"
AGAIN = "đã phát rồi, và khung giờ này không phát lại"

RANK = {Priority.URGENT: 0, Priority.PRIORITY: 1, Priority.NORMAL: 2}


def rules_of(station: Station, airing: Airing) -> Slot:
    """The slot whose airing it is, as long as that airing.

    Plain rules when the station has no such hour any more.
    """
    plain = Slot(airing.at, airing.max_seconds)
    slot = next((slot for slot in station.slots if slot.at == airing.at), plain)
    return replace(slot, max_seconds=airing.max_seconds)


def words_of(station: Station, slot: Slot, day: date) -> Words:
    """The words of a slot's bulletin on a day."""
    return words_for(
        day, slot.at, slot.greeting or station.greeting, slot.closing, lunar=slot.lunar
    )


def standing_words(stations: Iterable[Station]) -> Callable[[Airing], tuple[str, str]]:
    """The greeting and the closing that the stations' rules have for an airing by now."""
    by_slug = {station.slug: station for station in stations}

    def words(airing: Airing) -> tuple[str, str]:
        station = by_slug[airing.station]
        own = words_of(station, rules_of(station, airing), airing.day)
        return own.greeting, own.closing

    return words


def draft(
    station: Station,
    slot: Slot,
    day: date,
    offers: Sequence[Offer],
    words: Words | None = None,
) -> Plan:
    """The best bulletin these stories give: as full as the slot allows, the weightiest first.

    What is left out, why.

    Priority news comes first (thường, ưu tiên, khẩn cấp), then the station's own, then its sources'
    in their order; among equals the newer. `words` other than None are said instead of the slot's
    own.
    """
    words = words or words_of(station, slot, day)
    ranked = sorted(offers, key=lambda offer: _standing(station, slot, offer))
    room = slot.max_seconds - frame_seconds(station, slot, words, offers)
    pieces = [_piece(station, slot, offer) for offer in ranked]
    chosen_keys = fit(pieces, room, slot.repeats).keys
    chosen = [offer for offer in ranked if offer.episode_id in chosen_keys]
    if station.second_voice:
        chosen = in_turn(chosen, lambda offer: _standing(station, slot, offer)[:-1])
    left_out = [
        UnusedStory(offer.episode_id, offer.title, _why_not(offer, slot, chosen))
        for offer in ranked
        if offer.episode_id not in chosen_keys
    ]
    return plan_of(station, slot, words, chosen, left_out)


def _piece(station: Station, slot: Slot, offer: Offer) -> Candidate:
    return Candidate(
        key=offer.episode_id,
        seconds=item_seconds(station, slot, offer),
        must=offer.priority is not Priority.NORMAL,
        repeat=offer.last_aired is not None,
    )


def plan_of(
    station: Station,
    slot: Slot,
    words: Words,
    stories: Sequence[Offer],
    left_out: Sequence[UnusedStory] = (),
) -> Plan:
    """A plan of these stories in this order, and how long it is expected to be."""
    frame_s = frame_seconds(station, slot, words, stories)
    stories_s = sum(item_seconds(station, slot, offer) for offer in stories)
    return Plan(
        title=words.title,
        greeting=words.greeting,
        closing=words.closing,
        headlines=slot.headlines,
        chimes=slot.chimes,
        stories=tuple(stories),
        seconds=frame_s + stories_s,
        left_out=tuple(left_out),
    )


def refuse_wordy(station: Station) -> None:
    """Invalid for a slot that a bulletin's own words fill, so that no story would ever fit.

    By the pace of the slowest voice, on a day like any other.
    """
    for number, slot in enumerate(station.slots):
        words = words_of(station, slot, A_DAY)
        frame_s = frame_seconds(station, slot, words)
        if frame_s + SHORTEST_STORY_S > slot.max_seconds:
            raise Invalid(
                f"its own words and chimes take {frame_s:.0f} s of {slot.max_seconds} s:"
                " no story fits",
                f"Lời chào, lời kết và nhạc hiệu dài khoảng {math.ceil(frame_s)} giây,"
                f" không còn chỗ cho tin trong khung {slot.max_seconds} giây."
                " Hãy rút ngắn lời, hoặc tăng thời lượng.",
                f"slots.{number}.max_seconds",
            )


def refuse_too_long(plan: Plan, slot: Slot) -> None:
    """Invalid when a plan is longer than its slot, by how much."""
    if (excess := plan.seconds - slot.max_seconds) > 0:
        raise Invalid(
            f"it would take {excess:.1f} s more than the slot's {slot.max_seconds} s",
            f"Bản tin dài hơn khung giờ khoảng {math.ceil(excess)} giây. Hãy bỏ bớt tin hoặc rút ngắn lời dẫn.",
            "stories",
        )


def frame_seconds(
    station: Station, slot: Slot, words: Words, stories: Sequence[Offer] = ()
) -> float:
    """How long everything but the stories takes, at most.

    Its words at the pace in which the slowest story was read.
    """
    own_words = [
        words.greeting,
        HEADLINES if slot.headlines else "",
        words.closing,
        station.disclosure_spoken,
    ]
    announcer = Announcer(station.reading, ())
    passages = [announcer.words(text) for text in own_words if text]
    sentences = [sentence for passage in passages for sentence in passage]
    spoken_s = _syllables(sentences) * _pace(stories)
    pauses_s = _pauses_s(slot, sentences) * station.speaker_pauses
    chimes_s = CHIMES_S["opening"] + CHIMES_S["closing"] if slot.chimes else 0.0
    lead_in_s = LEAD_IN_S + station.speaker_lead_in
    seconds = lead_in_s + spoken_s + pauses_s + chimes_s + LEAD_OUT_S
    # Each passage is filled up to whole frames, and so is what comes before the first.
    return seconds / station.speaker_tempo + (len(passages) + 1) * FILLED_S


def _syllables(sentences: Sequence[Sentence]) -> int:
    """How many syllables are spoken: they stand apart in Vietnamese."""
    return sum(len(sentence.spoken.split()) for sentence in sentences)


def _pace(stories: Sequence[Offer]) -> float:
    """Seconds that a syllable takes, at most: by the slowest of the stories."""
    slowest = max((story.pace for story in stories), default=0.0)
    return slowest * PACE_MARGIN or SLOWEST_S


def _pauses_s(slot: Slot, sentences: Sequence[Sentence]) -> float:
    """The pauses between a bulletin's own words, before its station makes them longer."""
    pauses_s = sum(sentence.pause_ms for sentence in sentences) / 1000
    if slot.chimes:
        return pauses_s + CHIME_PAUSE_S
    # After the last word the lead-out comes instead.
    return pauses_s - (sentences[-1].pause_ms / 1000 if sentences else 0.0)


def item_seconds(station: Station, slot: Slot, offer: Offer) -> float:
    """How long a story takes in a bulletin: itself, the chime before it,
    its title among the headlines.
    """
    seconds = offer.seconds
    if offer.twice:
        seconds += offer.seconds + _reminder_seconds(station, offer)
    if slot.chimes:
        chime = CHIMES_S["between"] + CHIME_PAUSE_S * station.speaker_pauses
        seconds += chime / station.speaker_tempo
    if slot.headlines:
        title = offer.title_seconds + HEADLINE_PAUSE_S * station.speaker_pauses
        seconds += title / station.speaker_tempo + FILLED_S
    return seconds


def _reminder_seconds(station: Station, offer: Offer) -> float:
    """How long it takes at most to announce that a story is read once more."""
    sentences = Announcer(station.reading, ()).words(REMINDER)
    pace = max(offer.pace * PACE_MARGIN, SLOWEST_S)
    pauses_s = sum(sentence.pause_ms for sentence in sentences) / 1000
    spoken_s = _syllables(sentences) * pace + pauses_s * station.speaker_pauses
    return spoken_s / station.speaker_tempo + FILLED_S


def in_turn(
    stories: Sequence[Offer], standing: Callable[[Offer], object]
) -> list[Offer]:
    """The stories so that voices take turns, as far as there are both.

    Nothing moves past what stands higher or lower; of one voice the order stays.
    """
    ordered: list[Offer] = []
    for _, peers in groupby(stories, key=standing):
        waiting = list(peers)
        while waiting:
            last = ordered[-1].voice if ordered else ""
            other = next((story for story in waiting if story.voice != last), None)
            ordered.append(other or waiting[0])
            waiting.remove(ordered[-1])
    return ordered


def _standing(
    station: Station, slot: Slot, offer: Offer
) -> tuple[int, bool, int, float]:
    """What makes one story come before another: the smaller comes first."""
    sources = [station.slug, *slot.sources]
    nearness = (
        sources.index(offer.station) if offer.station in sources else len(sources)
    )
    return (
        RANK[offer.priority],
        offer.last_aired is not None,
        nearness,
        -offer.published_at.timestamp(),
    )


def _why_not(offer: Offer, slot: Slot, chosen: Sequence[Offer]) -> str:
    """Why a story is not among those that were chosen, as the desk tells it."""
    if offer.last_aired is not None and not slot.repeats:
        return f"{AGAIN} (ngày {offer.last_aired:%d/%m})"
    oldest = min((other.published_at for other in chosen), default=offer.published_at)
    return f"{NO_ROOM}; {OLDER}" if offer.published_at < oldest else NO_ROOM
