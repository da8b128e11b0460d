"""The parts of an installation, each looked at by itself: what `loa doctor` goes through."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path

from loa.assembly import open_newsroom, open_post, open_voices, ping_broker, voice_names
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """A part: `look` gives what is to be said of it, or raises; `remedy` is what to do then."""

    part: str
    remedy: str
    look: Callable[[Settings], object]


SETTINGS = Check(
    "settings",
    "correct the setting named here",
    lambda settings: f"{settings.address}, home {settings.home.resolve()}",
)


def checks_of(settings: Settings, witnesses: Mapping[int, str]) -> Iterator[Check]:
    """Every part of this installation after its settings, in the order in which one needs another.

    `witnesses` are digests of lines of the log that somebody wrote down (Log.check).
    """
    yield Check("database", "check LOA_DATABASE_URL and the disk", database)
    yield Check(
        "clocks",
        "set the clocks of all machines by NTP; what waits goes on meanwhile (docs/operations.md)",
        clocks,
    )
    yield Check(
        "house",
        "mend what is named; nothing need be pressed, all that waits goes on by itself",
        outages,
    )
    yield Check(
        "log",
        "somebody changed the log in the database; keep a copy, compare it with a backup"
        " (docs/operations.md, The log)",
        partial(chained_log, witnesses),
    )
    yield Check(
        "proxies",
        "set LOA_TRUSTED_PROXIES to the number of proxies in front (docs/operations.md)",
        proxies,
    )
    yield Check("files", "check LOA_FILES_URL and the disk", store)
    if settings.media_url:
        yield Check(
            "sound elsewhere",
            "check LOA_MEDIA_URL, the bucket's policy and the CDN (docs/operations.md)",
            sound_elsewhere,
        )
    yield Check("disk", "free some space", free_space)
    yield Check("ffmpeg", "run `make setup` again", encoder)
    for name in voice_names(settings):
        remedy = "choose another in LOA_VOICES, or check the network"
        yield Check(f"voice {name}", remedy, partial(spoken, name))
    yield Check(
        f"urgent voice {settings.urgent_voice}",
        "choose another in LOA_URGENT_VOICE",
        partial(spoken, settings.urgent_voice),
    )
    yield Check(
        "notices",
        "set LOA_SMTP_URL, LOA_MAIL_FROM and LOA_LAN_ALLOW, or mend the station's form (docs/operations.md)",
        duty,
    )
    yield Check(
        "storage",
        "let `loa serve` (or `loa clock`) run: it deletes what nobody needs",
        stock,
    )
    yield Check(
        "phones",
        "update py-vapid and http-ece, or tell us: no phone is told anything",
        phones,
    )
    if settings.broker_url:
        yield Check("broker", "start Redis, or check LOA_BROKER_URL", ping_broker)


def database(settings: Settings) -> None:
    """Raises when the database does not answer."""
    open_newsroom(settings).database.ping()


def clocks(settings: Settings) -> str:
    """How many processes show the same time; OSError tells of clocks and rows that do not."""
    house = open_newsroom(settings).house
    if wrong := house.wrong_clocks():
        raise OSError("; ".join(wrong))
    return f"{len(house.processes())} processes"


def outages(settings: Settings) -> None:
    """OSError tells what of the house does not work, since when, and how many jobs wait for it."""
    troubles = open_newsroom(settings).house.troubles()
    if troubles:
        raise OSError(
            "; ".join(
                f"{each.trouble} since {each.since:%Y-%m-%d %H:%M} UTC, {each.jobs} jobs wait: {each.detail}"
                for each in troubles
            )
        )


def store(settings: Settings) -> None:
    """Raises when files cannot be kept."""
    open_newsroom(settings).files.ping()


def sound_elsewhere(settings: Settings) -> str:
    """Which sound leaves from LOA_MEDIA_URL; OSError when it cannot be had there."""
    import urllib3

    newsroom = open_newsroom(settings)
    copy = newsroom.open_copies.newest()
    if copy is None:
        return "nothing lies in the open yet"
    address = f"{settings.media_url.rstrip('/')}/{copy.key}"
    try:
        answer = urllib3.request(
            "HEAD", address, timeout=10, retries=False, redirect=False
        )
    except urllib3.exceptions.HTTPError as error:
        raise OSError(f"{address}: {error}") from error
    if answer.status != HTTPStatus.OK:
        raise OSError(f"{address} answers {answer.status}")
    size = newsroom.editions.media(copy.episode_id, copy.version, copy.name).bytes
    if answer.headers.get("Content-Length") != str(size):
        raise OSError(f"{address} has not the {size} bytes of the master")
    return address


def encoder(settings: Settings) -> str:
    """Which ffmpeg there is."""
    from audio.ffmpeg import run

    return run(["-version"]).split(b"\n")[0].decode()


def spoken(name: str, settings: Settings) -> str:
    """How many calls a few words cost in this voice, and whether workers had given it up.

    What a person saw answer, workers need not wait for.
    """
    from audio.booth import Line, record
    from audio.clips import Memory
    from service.newsroom.values import Fallback

    voices = open_voices(settings)
    voice = voices.order(name, Fallback.HOLD)[0]
    try:
        recording = record(
            [Line("xin chào bà con")], voice, voices.engine(voice.engine), Memory()
        )
    finally:
        voices.close()
    engines = open_newsroom(settings).engines
    engine = engines.get(voice.engine)
    engines.answered(voice.engine)
    calls = f"{recording.engine_calls} call"
    if engine is None or engine.away_since is None:
        return calls
    return f"{calls}, away from {engine.away_since:%Y-%m-%d %H:%M} UTC until now"


def chained_log(witnesses: Mapping[int, str], settings: Settings) -> str:
    """How the log stands; OSError names the first line that is not as it was written."""
    chain = open_newsroom(settings).log.check(witnesses)
    if chain.broken:
        raise OSError(chain.broken)
    return f"{chain.lines} lines; write this down elsewhere: {chain.witness}"


def proxies(settings: Settings) -> str:
    """How many are trusted; OSError when requests of this week came through one and none is."""
    from service.newsroom.values import Event

    newsroom = open_newsroom(settings)
    last = newsroom.log.last(Event.PROXY_UNTRUSTED)
    if (
        not settings.trusted_proxies
        and last
        and newsroom.now() - last < timedelta(days=7)
    ):
        raise OSError(
            f"requests come through a proxy ({last:%Y-%m-%d %H:%M} UTC) that is not trusted:"
            " everybody behind it shares one limit"
        )
    return f"{settings.trusted_proxies} trusted"


def duty(settings: Settings) -> str:
    """Who is told of empty slots and warnings; OSError when some cannot be told.

    Addresses that an earlier release took may be ones that nothing is sent to now.
    """
    from service.channels import Means, channel_of
    from service.newsroom.errors import Invalid
    from service.newsroom.stations.duty import duty_addresses

    newsroom = open_newsroom(settings)
    addresses = sorted(
        {address for station in newsroom.stations.all() for address in station.duty}
    )
    means = Means(newsroom.guard, settings.address, open_post(settings), deadline_s=0.0)
    forms: Counter[str] = Counter()
    for address in addresses:
        try:
            duty_addresses((address,), newsroom.guard)
        except Invalid as error:
            raise OSError(f"somebody on duty is never told: {error}") from error
        channel = channel_of(address)
        if channel is None:
            continue
        forms[channel.form] += 1
        if missing := channel.lacks(means):
            raise OSError(
                f"{missing}, so nobody writes to {address}, whom a station names"
            )
    counts = (f"{number} × {form}" for form, number in forms.items())
    return ", ".join(counts) or "nobody is on duty"


def phones(settings: Settings) -> str:
    """How many phones want to be told; OSError when what they are told cannot be signed."""
    from service.actions.telling import signature

    newsroom = open_newsroom(settings)
    try:
        signature(newsroom, "https://push.example", settings.address)
    except Exception as error:  # py-vapid and cryptography raise what they like
        raise OSError(f"a message to a phone cannot be signed: {error}") from error
    wanting, failing = newsroom.subscribers.figures()
    return f"{wanting} want to be told, {failing} cannot be reached now"


def stock(settings: Settings) -> str:
    """What lies in the store; OSError when what nobody needs is not deleted."""
    folders = open_newsroom(settings).cleaning.survey()
    survey = " · ".join(
        f"{folder.folder} {folder.files:,} files, {folder.bytes / 1e6:,.1f} MB"
        + (
            f" ({folder.spare_bytes / 1e6:,.1f} MB nobody needs)"
            if folder.spare_bytes
            else ""
        )
        for folder in folders
    )
    if overdue := sum(folder.overdue for folder in folders):
        raise OSError(f"{overdue} files that nobody needs are not deleted: {survey}")
    return survey


def free_space(settings: Settings) -> str:
    """How much room the disk has; OSError when it is too little for a day of news."""
    free = (
        shutil.disk_usage(settings.home if settings.home.exists() else Path()).free
        / 1e9
    )
    if free < 1:
        raise OSError(f"only {free:.1f} GB free")
    return f"{free:.1f} GB free"
