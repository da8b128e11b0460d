"""Rows, files and jobs: the only SQL and the only object store.

A `Newsroom` is what the other rooms are handed. Its desks:

- `articles`  text comes in, once each, with revisions
- `episodes`  what editors and approvers do
- `versions`  what episodes were, version by version
- `comments`  what people at the desk say of sentences
- `seals`     approvals as they were signed
- `steps`     what the line loads and saves
- `jobs`      what is to be done, and who does it
- `house`     our processes, and what of the house does not work
- `editions`  what the public gets; `excerpts` of it, for search
- `shows`     the feeds: their guids, when they changed, what the hub knows
- `stations`  who broadcasts, when, by which rules; topics
- `downloads` how many took what
- `subscribers`  phones that are told of news and warnings
- `untold`       what they are yet to be told
- `open_copies` sounds where everybody can read them; `read_logs` how far a CDN's logs were read
- `takings`   what operators took to broadcast
- `airlog`    what went on the air, and what was said of it
- `alike`     bulletins that wait, those together that say the same
- `board`     every station's hours at a glance
- `bulletins` what is broadcast at the stations' hours
- `urgent`    warnings: ahead of everything while they are in force
- `notices`   what the people on duty are told
- `lookout`   whether any of it stirs, in one question
- `terms`     how words are said
- `memos`     what editors made of what an announcement asks to remember
- `misreadings`  what listeners say was read wrongly
- `auditions` a few words, to be heard at once
- `masters`   files that are there: are they still what they were
- `engines`   voices over a network: how often they are called, which are away
- `cleaning`  what nobody needs any more is deleted
- `recordings` people's voices and stations' own chimes
- `people`    logins, keys, secrets
- `voices`    which voice reads what where, and how fast voices are
- `access`    who may do what where; `groups` of stations, for which grants are given
- `sessions`  who is logged in where; the door and its guard against guessing
- `factors`   second factors: codes off a phone or off paper
- `passkeys`  passkeys; `passkey_door` what they open
- `hooks`     programs outside that are told what happens
- `pushes`    portals that push their news in
- `pictures`  what is shown with articles
- `sources`   lists of news elsewhere that are polled
- `log`       who did what, as a chain
- `files`, `clips`  bytes
- `guard`     which addresses outside may be called
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from service.guard import PUBLIC_ONLY, Guard
from service.newsroom.airtime.airlog import AirLog
from service.newsroom.airtime.alike import Alike
from service.newsroom.airtime.board import Board
from service.newsroom.airtime.bulletins import Bulletins
from service.newsroom.airtime.lookout import Lookout
from service.newsroom.airtime.notices import Notices
from service.newsroom.airtime.takings import Takings
from service.newsroom.airtime.warnings import Urgents
from service.newsroom.jobs import LEASE, Jobs
from service.newsroom.line.auditions import Auditions
from service.newsroom.line.engines import Engines
from service.newsroom.line.house import Machinery
from service.newsroom.line.masters import Masters
from service.newsroom.line.steps import Steps
from service.newsroom.log import Log
from service.newsroom.polled.sources import Sources
from service.newsroom.public.downloads import Downloads
from service.newsroom.public.editions import Editions
from service.newsroom.public.excerpts import Excerpts
from service.newsroom.public.open_copies import OpenCopies
from service.newsroom.public.read_logs import ReadLogs
from service.newsroom.public.subscribers import Subscribers
from service.newsroom.public.untold import Untold
from service.newsroom.shows import Shows
from service.newsroom.staff.access import Access
from service.newsroom.staff.factors import Factors
from service.newsroom.staff.hooks import Hooks
from service.newsroom.staff.passkey_door import PasskeyDoor
from service.newsroom.staff.passkeys import Passkeys
from service.newsroom.staff.people import People
from service.newsroom.staff.pushes import Pushes
from service.newsroom.staff.sessions import Sessions
from service.newsroom.stations import Stations
from service.newsroom.stations.groups import Groups
from service.newsroom.stations.voices import VoiceChoices
from service.newsroom.store.cleaning import Cleaning
from service.newsroom.store.database import Database, Nudge, nobody, utc_now
from service.newsroom.store.files import Clips, Files
from service.newsroom.stories.articles import Articles
from service.newsroom.stories.comments import Comments
from service.newsroom.stories.episodes import Episodes
from service.newsroom.stories.memos import Memos
from service.newsroom.stories.misreadings import Misreadings
from service.newsroom.stories.pictures import Pictures
from service.newsroom.stories.recordings import Recordings
from service.newsroom.stories.seals import Seals
from service.newsroom.stories.terms import Terms
from service.newsroom.stories.versions import Versions
from service.newsroom.watch import Watch

# argon2id with the memory and passes of RFC 9106's second choice, but in one thread: while many log
# in, two threads hash and the loudspeakers' addresses keep the rest of the processor.
HASHER = PasswordHasher(parallelism=1)
# Stations that one may warn alone: as many as a large district had communes.
ALONE = 20

# Clips that were just spoken: a minute and a half of them.
NEAR_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Everything Loa remembers."""

    database: Database
    files: Files
    clips: Clips
    passages: Clips  # encoded, so that an edit encodes only what changed
    articles: Articles
    episodes: Episodes
    versions: Versions
    comments: Comments
    seals: Seals
    steps: Steps
    jobs: Jobs
    editions: Editions
    shows: Shows
    stations: Stations
    downloads: Downloads
    open_copies: OpenCopies
    read_logs: ReadLogs
    takings: Takings
    bulletins: Bulletins
    airlog: AirLog
    lookout: Lookout
    alike: Alike
    board: Board
    urgent: Urgents
    notices: Notices
    terms: Terms
    memos: Memos
    misreadings: Misreadings
    auditions: Auditions
    masters: Masters
    engines: Engines
    cleaning: Cleaning
    recordings: Recordings
    people: People
    sessions: Sessions
    factors: Factors
    passkeys: Passkeys
    passkey_door: PasskeyDoor
    access: Access
    groups: Groups
    voices: VoiceChoices
    sources: Sources
    pictures: Pictures
    hooks: Hooks
    pushes: Pushes
    log: Log
    now: Callable[[], datetime]
    guard: Guard

    @property
    def house(self) -> Machinery:
        """Its processes, and what of it does not work."""
        return Machinery(self.database)

    @property
    def subscribers(self) -> Subscribers:
        """Phones that are told of news and warnings."""
        return Subscribers(self.database, self.guard, self.now)

    @property
    def untold(self) -> Untold:
        """What phones are yet to be told."""
        return Untold(self.database, self.now)

    @property
    def watch(self) -> Watch:
        """What waits, what was done, and what stands at the slots."""
        return Watch(self.database)

    @property
    def excerpts(self) -> Excerpts:
        """Where texts have the words that were searched for."""
        return Excerpts(self.database)

    @classmethod
    def open(
        cls,
        database_url: str,
        files: Files,
        migrations: Path,
        *,
        nudge: Nudge = nobody,
        now: Callable[[], datetime] = utc_now,
        lease: timedelta = LEASE,
        hasher: PasswordHasher = HASHER,
        published_clips_kept: timedelta | None = None,
        guard: Guard = PUBLIC_ONLY,
        stopwatch: Callable[[], float] | None = None,
        alone: int = ALONE,
    ) -> "Newsroom":
        """Opens the newsroom behind two addresses.

        `nudge` is told of every new job after its commit; `now` is a clock other than this
        machine's and the database's; `hasher` makes what is kept of passwords;
        `published_clips_kept` is how long an episode keeps its clips once it is published (None:
        for ever); `guard` tells which addresses outside may be called; `stopwatch` tells when the
        clock jumped: this machine's, unless `now` is turned by hand; `alone` is how many stations
        one may warn alone (0: any number).
        """
        database = Database(database_url, migrations, nudge, now)
        return cls(
            database=database,
            files=files,
            clips=Clips(files, "clips", near_bytes=NEAR_BYTES),
            passages=Clips(files, "passages", ".bin"),
            jobs=Jobs(database, lease, stopwatch or _stopwatch_of(now)),
            stations=Stations(database, now, guard),
            cleaning=Cleaning(database, files, now, published_clips_kept),
            open_copies=OpenCopies(database, files),
            hooks=Hooks(database, guard, now),
            now=now,
            guard=guard,
            **_doors(database, now, hasher),
            **_desks(PLAIN_DESKS, database, now),
            **_desks(FILING_DESKS, database, files, now),
            **_desks(AIRING_DESKS, database, now, alone),
        )


def _stopwatch_of(now: Callable[[], datetime]) -> Callable[[], float] | None:
    """What tells when a clock jumped; None for one that is turned by hand."""
    return time.monotonic if now is utc_now else None


def _doors(
    database: Database, now: Callable[[], datetime], hasher: PasswordHasher
) -> dict[str, Any]:
    people = People(database, now, hasher)
    return {"people": people, **_desks(DOORS, database, now, people)}


def _desks(kinds: Mapping[str, Callable[..., Any]], *given: Any) -> dict[str, Any]:
    return {name: desk(*given) for name, desk in kinds.items()}


# Those that ask who somebody is.
DOORS = {"sessions": Sessions, "passkeys": Passkeys, "passkey_door": PasskeyDoor}
# Those that keep files besides.
FILING_DESKS = {"recordings": Recordings, "pictures": Pictures}
# Those that let warnings on the air, and know when that needs two.
AIRING_DESKS = {"episodes": Episodes, "urgent": Urgents}
# Those that need the rows and the time, and nothing else.
PLAIN_DESKS = {
    "access": Access,
    "factors": Factors,
    "groups": Groups,
    "voices": VoiceChoices,
    "articles": Articles,
    "versions": Versions,
    "comments": Comments,
    "seals": Seals,
    "steps": Steps,
    "editions": Editions,
    "shows": Shows,
    "downloads": Downloads,
    "read_logs": ReadLogs,
    "takings": Takings,
    "bulletins": Bulletins,
    "airlog": AirLog,
    "lookout": Lookout,
    "alike": Alike,
    "board": Board,
    "notices": Notices,
    "terms": Terms,
    "memos": Memos,
    "misreadings": Misreadings,
    "auditions": Auditions,
    "masters": Masters,
    "engines": Engines,
    "sources": Sources,
    "pushes": Pushes,
    "log": Log,
}
