"""An edition as an item of a feed."""

from datetime import datetime

from service.actions.corrections import sentence
from service.newsroom.shows import EVERYTHING
from service.newsroom.values import (
    Correction,
    Edition,
    Kind,
    Master,
    MasterKind,
    PictureSize,
)
from service.podcast import Item, Lite, Note, Person
from service.web.site import Site
from service.zone import VIETNAM


def cover_path(show_path: str) -> str:
    """Where a show's cover lies."""
    return (
        "/covers/all/loa.jpg" if show_path == EVERYTHING else f"/covers/{show_path}.jpg"
    )


def item_of(edition: Edition, site: Site) -> Item:
    """The item of an edition, with everything that apps ask for."""
    sound = edition.master(MasterKind.APP)
    masters = {master.kind: master for master in edition.masters}
    addresses = {
        kind: f"{site.public_url}/media/{master.path}"
        for kind, master in masters.items()
    }
    season, number = _season_and_number(edition)
    return Item(
        guid=edition.guid,
        title=edition.title,
        summary=edition.lead or edition.title,
        text=_text(edition),
        link=f"{site.public_url}/articles/{edition.slug}",
        published_at=edition.first_published_at,
        sound=addresses[MasterKind.APP],
        mime=sound.mime,
        bytes=sound.bytes,
        seconds=sound.seconds,
        image=site.public_url + _image_path(edition),
        transcript=addresses.get("transcript", ""),
        transcript_page=addresses.get("transcript-page", ""),
        chapters=addresses.get("chapters", ""),
        author=edition.station_name,
        notes=_notes(edition, site),
        lite=_lite(masters.get(MasterKind.LITE), site),
        people=_people(edition),
        season=season,
        number=number,
        by_machine=edition.is_read_by_machine,
    )


def _image_path(edition: Edition) -> str:
    """Its own picture, else its station's cover."""
    if edition.picture is None:
        return cover_path(f"stations/{edition.station}")
    return edition.picture.path(PictureSize.COVER)


def _season_and_number(edition: Edition) -> tuple[int | None, int | None]:
    """Bulletins are numbered through a year, as a season; stories are not."""
    if edition.kind is not Kind.BULLETIN or edition.ordinal is None:
        return None, None
    return _year(edition.first_published_at), edition.ordinal


def _text(edition: Edition) -> str:
    """The lead, who wrote it, and in whose voice it is heard."""
    voice = (
        f"{edition.disclosure} Đây là giọng tạm."
        if edition.provisional
        else edition.disclosure
    )
    return "\n".join(filter(None, (edition.lead, edition.byline, voice)))


def _lite(master: Master | None, site: Site) -> Lite | None:
    if master is None:
        return None
    address = f"{site.public_url}/media/{master.path}"
    return Lite(
        address, master.mime, master.bytes, master.seconds, master.sha256, "Bản nhẹ"
    )


def _people(edition: Edition) -> tuple[Person, ...]:
    authors = [Person(edition.byline, "author", "writing")] if edition.byline else []
    narrators = [Person(name, "narrator", "cast") for name in edition.announcers]
    return (*authors, *narrators)


def _notes(edition: Edition, site: Site) -> tuple[Note, ...]:
    """What was wrong in this edition, or what it puts right, with the way to the other one."""
    notes = [
        Note(
            corrected(mark),
            f"{site.public_url}/articles/{mark.slug}",
            "Nghe đính chính",
        )
        for mark in edition.corrections
    ]
    if mark := edition.corrects:
        link = f"{site.public_url}/articles/{mark.corrected_slug}"
        notes.append(
            Note(
                f"Đính chính cho bài “{mark.corrected_title}”.",
                link,
                "Xem bài được đính chính",
            )
        )
    return tuple(notes)


def corrected(mark: Correction) -> str:
    """A mark in words."""
    return f"Đã đính chính. Đã đọc: {sentence(mark.wrong)} Nay sửa là: {sentence(mark.right)}"


def _year(time: datetime) -> int:
    return time.astimezone(VIETNAM).year
