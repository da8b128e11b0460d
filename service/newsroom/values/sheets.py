"""What the desk's page of one episode shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.newsroom.values.articles import OmittedLine
from service.newsroom.values.episodes import Card, Correction, Episode, Rendering
from service.newsroom.values.log import Happening
from service.newsroom.values.pictures import Picture
from service.newsroom.values.work import Recording


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """All that the desk shows of one episode.

    `renderings` and `log` are newest first, `corrections` (of it) oldest first; `corrects` is what
    the episode puts right, when it is a correction. `recordings` are those that somebody should
    look at. `left_out`: lines of its newest text that are not read. `station_names` are those of
    its versions' stations, by slug. `picture` is what its newest text names, with its caption;
    `views` how often its portal says that it was read.
    """

    episode: Episode
    card: Card
    renderings: tuple[Rendering, ...]
    log: tuple[Happening, ...]
    corrections: tuple[Correction, ...]
    corrects: Correction | None
    recordings: tuple[Recording, ...]
    left_out: tuple[OmittedLine, ...]
    station_names: Mapping[str, str]
    picture: Picture | None = None
    picture_caption: str = ""
    views: int | None = None
