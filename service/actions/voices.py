"""A voice is chosen for a place and a use, told beforehand when it is too slow for tomorrow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from service.bulletin.hours import hours
from service.bulletin.speaking import Overload, Task, overload
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict
from service.newsroom.stations.voices import VoiceMap
from service.newsroom.values import Slot, Station
from service.newsroom.values.voices import ChosenVoice, VoiceUse
from service.zone import VIETNAM, begin_of

# Greeting, headlines and closing: what a bulletin says itself.
FRAME_S = 60.0
# Stands for the voice that is being thought about.
CANDIDATE = "?"
# Slower than this, a warning of a minute is waited for longer than a minute.
SLOWEST_WARNING = 1.0


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """What tomorrow's bulletins ask of the voices, if one were chosen for a place and a use.

    `speeds` are those that are known, by voice without its rate.
    """

    use: VoiceUse
    tasks: tuple[Task, ...]
    speeds: Mapping[str, float]

    def trouble(self, voice: str) -> str:
        """Why this voice is too slow, in words for people; "" when it is not, or nobody knows."""
        speed = self.speeds.get(without_rate(voice))
        if speed is None:
            return ""
        if self.use is VoiceUse.WARNING:
            slow = speed < SLOWEST_WARNING
            return "đọc chậm hơn thời gian thực: cảnh báo phải chờ" if slow else ""
        worst = overload(self.tasks, {**self.speeds, CANDIDATE: speed})
        return _in_words(worst) if worst is not None else ""


def without_rate(voice: str) -> str:
    """A voice by its name alone."""
    return voice.partition("@")[0]


def tomorrow_with(
    newsroom: Newsroom,
    place: str,
    use: VoiceUse,
    preferred: str,
    speeds: Mapping[str, float],
) -> Tomorrow:
    """What tomorrow asks of the voices, if another were chosen at a place for a use.

    `preferred` is the installation's first voice. Every bulletin is taken to be as long as its slot
    and all of it new, read once at its own station; what is spoken lies between the hour of its
    drafting and the one by which it must be approved.
    """
    if use is VoiceUse.WARNING:
        # It is read at once, whatever bulletins are.
        return Tomorrow(use, (), speeds)
    chosen = newsroom.voices.map()
    chosen = replace(chosen, choices={**chosen.choices, (place, use): CANDIDATE})
    day = newsroom.now().astimezone(VIETNAM).date() + timedelta(days=1)
    sounds: defaultdict[tuple[datetime, datetime], defaultdict[str, float]]
    sounds = defaultdict(lambda: defaultdict(float))
    for slots, stations in _alike(newsroom.stations.all(), chosen):
        stories, frame = _voices_of(stations[0], chosen, preferred)
        for slot in slots:
            for window in _windows(slot, day):
                sounds[window][stories] += slot.max_seconds * len(stations)
                sounds[window][frame] += FRAME_S * len(stations)
    tasks = tuple(Task(*window, sound_s) for window, sound_s in sounds.items())
    return Tomorrow(use, tasks, speeds)


def choose_voice(
    newsroom: Newsroom,
    choice: ChosenVoice,
    tomorrow: Tomorrow,
    who: str,
    *,
    even_if_slow: bool = False,
) -> None:
    """Chooses a voice for a place and a use; "" takes that choice back.

    Invalid (`place`, `voice`); Conflict (`voice`) when it is too slow for tomorrow's bulletins,
    unless somebody wants it all the same.
    """
    trouble = tomorrow.trouble(choice.voice) if choice.voice else ""
    if trouble and not even_if_slow:
        raise Conflict(
            f"{choice.voice} is too slow on this machine for tomorrow's broadcasts;"
            " choose it with even_if_slow all the same",
            f"Giọng này quá chậm trên máy này: {trouble}.",
            "voice",
        )
    newsroom.voices.put(choice, who)


def _alike(
    stations: Iterable[Station], chosen: VoiceMap
) -> Iterator[tuple[tuple[Slot, ...], list[Station]]]:
    """Stations of the same slots that the same choices hold for: of a thousand, a few kinds."""
    own = {place for place, _ in chosen.choices}
    kinds: defaultdict[tuple[tuple[Slot, ...], str, int | None], list[Station]]
    kinds = defaultdict(list)
    for station in stations:
        alone = station.slug if station.slug in own else ""
        group = chosen.stations.get(station.slug)
        kinds[station.slots, alone, group].append(station)
    for (slots, *_), alike in kinds.items():
        yield slots, alike


def _voices_of(station: Station, chosen: VoiceMap, preferred: str) -> tuple[str, str]:
    """Who reads a station's stories, and who its bulletins' own words; both without rates."""
    stories, frame = (
        without_rate(chosen.at(station.slug, use).voice or preferred)
        for use in (VoiceUse.ANY, VoiceUse.BULLETIN)
    )
    return stories, frame


def _windows(slot: Slot, day: date) -> list[tuple[datetime, datetime]]:
    """When a slot's bulletin of that day is made: from its drafting to its deadline."""
    begin = begin_of(day)
    on_air = hours(slot.at, slot.weekdays, begin, begin + timedelta(days=1))
    return [
        (
            hour.air_at - timedelta(minutes=slot.plan_minutes),
            hour.air_at - timedelta(minutes=slot.ready_minutes),
        )
        for hour in on_air
    ]


def _in_words(worst: Overload) -> str:
    begins, ends = (
        f"{moment.astimezone(VIETNAM):%H:%M %d/%m}"
        for moment in (worst.begins, worst.ends)
    )
    return (
        f"bản tin ngày mai cần {_hours(worst.needed_s)} để đọc,"
        f" từ {begins} đến {ends} chỉ có {_hours(worst.available_s)}"
    )


def _hours(seconds: float) -> str:
    """About how long, as people say it."""
    minutes = max(1, round(seconds / 60))
    return (
        f"{minutes // 60} giờ {minutes % 60} phút"
        if minutes >= 60
        else f"{minutes} phút"
    )
