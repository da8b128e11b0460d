"""Putting the rooms together, as the settings of this process say."""

import os
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from loa.privacy import tighten
from service.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from audio.catalogue import NaturalVoice, VoiceShelf
    from audio.chime import Chime
    from audio.voice import Voice, VoiceInfo
    from service.front.timing import Timings
    from service.guard import Guard
    from service.newsroom import Newsroom
    from service.newsroom.store.database import Nudge
    from service.newsroom.values import Job
    from service.smtp import Post
    from service.web.site import ChimeChoice, Site, VoiceChoice, VoiceToAdd
    from workers.limits import Limits
    from workers.studio import Studio
    from workers.voices import Voices

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "migrations"
TEMPLATES = ROOT / "templates"
SAMPLES = ROOT / "samples"
BED = ROOT / "audio" / "chimes" / "bed.mp3"
PIPER, ALWAYS_THERE = "piper", "espeak:vi"
# Whose servers hear the text of engines over a network.
OWNERS = {"gtts": "Google", "edge": "Microsoft"}
# Bulletins may take stories that are 30 days old.
FEWEST_CLIP_DAYS = 31


def settings() -> Settings:
    """The settings of this process."""
    return load(os.environ)


def open_guard(installation: Settings) -> "Guard":
    """What may be called outside: the public Internet, and what is opened of the own LAN."""
    from service.guard import Guard

    try:
        return Guard.parse(installation.lan_allow)
    except ValueError as error:
        raise SettingsError(f"LOA_LAN_ALLOW: {error}") from error


EXTRAS = {  # by setting: how its value begins, the module that it needs, the extra that brings it
    "database_url": ("postgres", "psycopg", "postgres"),
    "files_url": ("s3://", "boto3", "bucket"),
}


def require_extras(
    installation: Settings, present: Callable[[str], object] = find_spec
) -> None:
    """SettingsError names the extra that a setting needs and that is not installed."""
    for name, (begins, module, extra) in EXTRAS.items():
        if str(getattr(installation, name)).startswith(begins) and not present(module):
            raise SettingsError(
                f"LOA_{name.upper()} needs {module}, which is not installed: "
                f".venv/bin/pip install 'loa[{extra}]'"
            )


def open_newsroom(
    installation: Settings, nudge: "Nudge | None" = None, *, migrated: bool = True
) -> "Newsroom":
    """The newsroom behind the settings' addresses,
    its tables up to date unless they are to be left alone.
    """
    from datetime import timedelta

    from service.newsroom import Newsroom
    from service.newsroom.store.database import nobody
    from service.newsroom.store.files import open_files

    require_extras(installation)
    if (
        installation.published_clips_days
        and installation.published_clips_days < FEWEST_CLIP_DAYS
    ):
        raise SettingsError(
            f"LOA_PUBLISHED_CLIPS_DAYS must be 0 (for ever) or at least {FEWEST_CLIP_DAYS}"
        )
    tighten(installation.home)
    newsroom = Newsroom.open(
        installation.database,
        open_files(
            installation.files, installation.files_key_id, installation.files_secret
        ),
        MIGRATIONS,
        nudge=nudge or nobody,
        lease=timedelta(seconds=installation.lease_seconds),
        published_clips_kept=timedelta(days=installation.published_clips_days)
        if installation.published_clips_days
        else None,
        guard=open_guard(installation),
        alone=installation.warning_alone,
    )
    if migrated:
        newsroom.database.migrate()
    return newsroom


def open_voices(installation: Settings) -> "Voices":
    """The engines, in the order of preference."""
    from audio.engines import set_up
    from audio.voice import Limits
    from workers.voices import Voices

    preferred = [voice_in("LOA_VOICES", name) for name in voice_names(installation)]
    urgent = voice_in("LOA_URGENT_VOICE", installation.urgent_voice)
    if installation.network_calls_per_minute < 1 or installation.network_burst < 1:
        raise SettingsError(
            "LOA_NETWORK_CALLS_PER_MINUTE and LOA_NETWORK_BURST must be at least 1"
        )
    limits = Limits(installation.network_calls_per_minute, installation.network_burst)
    voices = Voices(
        preferred, lambda name: set_up(name, settings_of(installation, name), limits)
    )
    for voice in (*preferred, urgent):
        _check_offered(voice, voices)
    return voices


def _check_offered(voice: "Voice", voices: "Voices") -> None:
    """SettingsError when its engine has no voice of that name; without a name any is meant."""
    offered = {info.name for info in voices.engine(voice.engine).voices()}
    if voice.name and voice.name not in offered:
        raise SettingsError(
            f"LOA_VOICES, LOA_URGENT_VOICE: {voice} is not among {', '.join(sorted(offered))}"
        )


def voice_in(setting: str, text: str) -> "Voice":
    """The voice that a setting names; SettingsError when it is none."""
    from audio.voice import Voice

    try:
        return Voice.parse(text)
    except ValueError as error:
        raise SettingsError(f"{setting}: {error}") from error


def settings_of(installation: Settings, engine: str) -> dict[str, object]:
    """An engine's own settings: those that begin with its name, by the rest of theirs."""
    own = f"{engine}_"
    settings = {
        field.name.removeprefix(own): getattr(installation, field.name)
        for field in fields(installation)
        if field.name.startswith(own)
    }
    if engine == PIPER:
        settings["added"] = added_voices(installation)
    return settings


def voice_shelf(installation: Settings) -> "VoiceShelf":
    """Where the voices lie that were added."""
    from audio.catalogue import VoiceShelf

    return VoiceShelf(installation.home / "voices")


def voice_offers(installation: Settings) -> "dict[str, NaturalVoice]":
    """The voices that can be added, by name."""
    from audio.catalogue import CATALOGUE, CatalogueError, read_catalogue

    try:
        return read_catalogue(Path(installation.voice_catalogue or CATALOGUE))
    except CatalogueError as error:
        raise SettingsError(f"LOA_VOICE_CATALOGUE: {error}") from error


def voices_to_add(installation: Settings) -> "list[NaturalVoice]":
    """The voices of the catalogue that are not here."""
    shelf = voice_shelf(installation)
    return [
        offer for offer in voice_offers(installation).values() if not shelf.has(offer)
    ]


def added_voices(installation: Settings) -> "dict[Path, VoiceInfo]":
    """The models of the voices that were added, and what is told of each."""
    from audio.voice import VoiceInfo

    shelf = voice_shelf(installation)
    return {
        shelf.folder(offer) / offer.files[0].name: VoiceInfo(
            offer.name, offer.label, region=offer.region, gender=offer.gender
        )
        for offer in shelf.added(voice_offers(installation).values())
    }


def voice_names(installation: Settings) -> list[str]:
    """The preferred voices in order: those of LOA_VOICES,
    or what was added and then the voice that is always there.
    """
    if installation.voices:
        names = [
            name.strip() for name in installation.voices.split(",") if name.strip()
        ]
        if not names:
            raise SettingsError("LOA_VOICES names no voice; espeak:vi is always there")
        return names
    return [
        *(f"{PIPER}:{info.name}" for info in added_voices(installation).values()),
        ALWAYS_THERE,
    ]


def first_voice(installation: Settings) -> str:
    """The voice that stations mean who name none."""
    return voice_names(installation)[0]


def open_nudge(installation: Settings) -> "Nudge | None":
    """How workers hear of new jobs: through the broker,
    or not at all (threads ask the table themselves).
    """
    if not installation.broker_url:
        return None
    from workers.celery_app import nudge_through, open_broker

    return nudge_through(open_broker(installation.broker_url))


def ping_broker(installation: Settings) -> None:
    """Raises when the broker does not answer."""
    from workers.celery_app import open_broker

    with open_broker(installation.broker_url).connection_for_write(
        connect_timeout=3
    ) as connection:
        connection.ensure_connection(max_retries=1, timeout=3)


def open_site(
    installation: Settings, newsroom: "Newsroom", voices: "Voices", latest: "Timings"
) -> "Site":
    """What the web shows of this installation; `latest` is how its slots are answered."""
    from importlib.metadata import version

    from service.web.site import COUNTED_HERE, Site

    return Site(
        public_url=installation.address,
        name=installation.name,
        templates=TEMPLATES,
        bed=BED,
        secret_key=installation.secret_key or newsroom.people.secret("session"),
        owner_email=installation.owner_email,
        hub=installation.websub_hub,
        moved_to=installation.moved_to.rstrip("/"),
        media_url=installation.media_url.rstrip("/"),
        version=version("loa"),
        voices=_voice_choices(voices),
        preferred=tuple(map(str, voices.preferred)),
        voice_offers=_additions(installation),
        chimes=_chime_choices(installation),
        recording_bytes=installation.recording_mb * 1_000_000,
        recording_s=limits_of(installation).recording_s,
        urgent_voice=installation.urgent_voice,
        trusted_proxies=installation.trusted_proxies,
        second_factor=installation.second_factor,
        # Without a broker each process counts requests for itself.
        counters=installation.broker_url or COUNTED_HERE,
        home=installation.home,
        latest=latest,
        checks=_checks(installation, newsroom),
    )


def _checks(
    installation: Settings, newsroom: "Newsroom"
) -> dict[str, Callable[[], None]]:
    """What must answer before the web is ready."""
    checks: dict[str, Callable[[], None]] = {
        "database": newsroom.database.ping_write,
        "files": newsroom.files.ping,
    }
    if installation.broker_url:
        checks["broker"] = partial(ping_broker, installation)
    return checks


def _voice_choices(voices: "Voices") -> "tuple[VoiceChoice, ...]":
    """The voices of engines that are installed."""
    from service.web.site import VoiceChoice

    return tuple(
        VoiceChoice(
            str(voice),
            info.label,
            owner=OWNERS.get(voice.engine, ""),
            build=voices.engine(voice.engine).build(),
        )
        for voice, info, trouble in voices.all()
        if not trouble
    )


def _additions(installation: Settings) -> "tuple[VoiceToAdd, ...]":
    """What the desk tells of the voices that are not here."""
    from service.web.site import VoiceToAdd

    return tuple(
        VoiceToAdd(
            offer.name,
            offer.label,
            offer.bytes // 1_000_000,
            offer.licence,
            offer.licence_url,
        )
        for offer in voices_to_add(installation)
    )


def _chime_choices(installation: Settings) -> "tuple[ChimeChoice, ...]":
    from audio.chime import CHIMES
    from service.web.site import ChimeChoice

    limits = limits_of(installation)
    return tuple(
        ChimeChoice(chime.value, label, partial(_chime, chime), limits.of_chime(chime))
        for chime, label in CHIMES.items()
    )


def _chime(chime: "Chime") -> bytes:
    """A chime's sound, whose instruments are loaded by the first who listens."""
    from audio.chimes import pcm

    return pcm(chime)


def open_post(installation: Settings) -> "Post | None":
    """The mail server that is set, or None."""
    from service.smtp import Post

    return Post.of(
        installation.smtp_url, installation.mail_from or installation.owner_email
    )


def studio(installation: Settings, newsroom: "Newsroom", voices: "Voices") -> "Studio":
    """What the line works with."""
    from workers.apart import in_child
    from workers.studio import Studio
    from workers.throttle import SharedThrottle

    return Studio(
        newsroom,
        voices,
        throttle=SharedThrottle(newsroom.engines),
        limits=limits_of(installation),
        apart=partial(in_child, work_alone),
    )


def work_alone(job: "Job") -> None:
    """Does one job in a child process: it puts together what it needs, as the settings say."""
    from loa.privacy import keep_to_ourselves
    from loa.terminal import write_log
    from workers.line import work_here
    from workers.scratch import open_scratch

    keep_to_ourselves()
    installation = settings()
    write_log(installation)
    open_scratch()
    newsroom, voices = open_newsroom(installation), open_voices(installation)
    try:
        work_here(job, studio(installation, newsroom, voices))
    finally:
        voices.close()


def limits_of(installation: Settings) -> "Limits":
    """How long what people send may be."""
    from workers.limits import Limits

    return Limits(
        installation.recording_minutes * 60.0, float(installation.chime_seconds)
    )


def lanes_of(installation: Settings) -> int:
    """How many slow jobs at once."""
    return installation.lanes or os.cpu_count() or 1
