"""`loa bench`: what the work beyond the voice and the encoder costs, side by side with both, in one run."""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from audio.booth import Line, record
from audio.clips import Memory
from audio.ffmpeg import RAW
from audio.ffmpeg import run as ffmpeg
from audio.master import RECIPES
from audio.stitch import stitch
from audio.voice import RATE, Voice
from service.intake import open_source
from service.newsroom import Newsroom
from service.newsroom.files import Folder
from service.newsroom.values import Lane, NewArticle, State, Station
from service.vietnamese import Passage, read, say
from service.vietnamese.article import passages_of
from workers.line import Studio, work
from workers.voices import Voices

ROUNDS = 5
READING_CHARS = 400_000
ODD_CHARS = 20_000
ODD = ("1.", "(", "a", "A", "1", "1/", "1-", "a@", "www.", "XI, ", "1 ")  # what makes patterns go astray
VOICE = Voice("espeak", "vi")


def bench(samples: Path, migrations: Path) -> dict[str, float]:
    """Runs everything and gives the figures: seconds and ratios by name."""
    stories = [open_source(str(path)) for path in sorted((samples / "articles").glob("*.txt"))]
    paragraphs = [text for story in stories for text in (story.title + ".", story.lead, *story.paragraphs) if text]
    voices = Voices([VOICE])
    try:
        figures = _pipeline(paragraphs, voices, migrations)
        figures |= _reading(paragraphs)
    finally:
        voices.close()
    return figures


def _pipeline(paragraphs: Sequence[str], voices: Voices, migrations: Path) -> dict[str, float]:
    """The whole way of one long article, against the engine alone and one bare encode of the same PCM."""
    engine = voices.engine(VOICE.engine)
    floor: list[float] = []
    engine_s: list[float] = []
    encode_s: list[float] = []
    whole: list[float] = []
    seconds = 0.0
    for number in range(ROUNDS + 1):  # the first warms up and is not counted
        title = f"Bản tin thử số {say(str(number + 101))}"
        texts = [f"{text} Lượt {say(str(number + 101))}." for text in paragraphs]
        lines = [Line(sentence.spoken) for sentence in read(passages_of(title, "", texts))]
        shelf = Memory()
        spoken = _timed(partial(record, lines, VOICE, engine, shelf))
        pcm = stitch([shelf.clips[key] for key in shelf.clips], [450] * len(shelf.clips)).pcm
        seconds = len(pcm) / 2 / RATE
        with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
            bare = [*RAW, "-i", "pipe:0", *RECIPES["app"].encoder, str(Path(folder) / "floor.mp3")]
            encoded = _timed(partial(ffmpeg, bare, [pcm]))
            at = _studio(Path(folder), voices, migrations)
            took = _timed(partial(_publish, title, texts, at))
            at.newsroom.database.close()
        if number:
            engine_s.append(spoken)
            encode_s.append(encoded)
            floor.append(spoken + encoded)
            whole.append(took)
    ratios = [took / least for took, least in zip(whole, floor, strict=True)]
    return {
        "sound, s": seconds,
        "engine alone, s": statistics.median(engine_s),
        "one bare MP3 encode, s": statistics.median(encode_s),
        "whole pipeline, s": statistics.median(whole),
        "pipeline / (engine + encode)": statistics.median(ratios),
        "sound / pipeline": seconds / statistics.median(whole),
    }


def _reading(paragraphs: Sequence[str]) -> dict[str, float]:
    """Characters a second of the reading, on text that never repeats a figure."""
    texts: list[str] = []
    size = number = 0
    while size < READING_CHARS:
        number += 1
        texts.append(f"{number}. {paragraphs[number % len(paragraphs)]} {number * 37} hộ.")
        size += len(texts[-1])
    figures = {"reading, characters/s": size / _timed(lambda: read([Passage(text) for text in texts]))}
    odd = [(piece * ODD_CHARS)[:ODD_CHARS] for piece in ODD]
    figures["20,000 odd characters, worst, s"] = max(_timed(partial(read, [Passage(text)])) for text in odd)
    for name, make in PEERS.items():
        try:
            peer = make()
        except ImportError:
            continue  # the `peers` extra is not installed
        some, enough = [], 0
        for text in texts:
            some.append(text)
            if (enough := enough + len(text)) >= PEER_CHARS[name]:
                break
        speed = enough / _timed(partial(_each, peer, some))
        figures[f"reading / {name}"] = figures["reading, characters/s"] / speed
    return figures


def _each(peer: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        peer(text)


def _sea_g2p() -> Callable[[str], object]:
    from sea_g2p import Normalizer

    found: Callable[[str], object] = Normalizer().normalize
    return found


def _vietnormalizer() -> Callable[[str], object]:
    from vietnormalizer import VietnameseNormalizer

    found: Callable[[str], object] = VietnameseNormalizer().normalize
    return found


def _vinorm() -> Callable[[str], object]:
    from vinorm import TTSnorm

    found: Callable[[str], object] = TTSnorm
    return found


PEERS: dict[str, Callable[[], Callable[[str], object]]] = {
    "sea-g2p": _sea_g2p,
    "vietnormalizer": _vietnormalizer,
    "vinorm": _vinorm,
}
PEER_CHARS = {"sea-g2p": 100_000, "vietnormalizer": 100_000, "vinorm": 2_000}  # vinorm starts a process a line


def _studio(folder: Path, voices: Voices, migrations: Path) -> Studio:
    newsroom = Newsroom.open(f"sqlite:///{folder.as_posix()}/loa.db", Folder(folder / "files"), migrations)
    newsroom.database.migrate()
    newsroom.stations.put(Station("thu", "Đài thử"))
    return Studio(newsroom, voices)


def _publish(title: str, texts: Sequence[str], at: Studio) -> None:
    """From the article to the published episode, as one worker does it."""
    article = NewArticle(title, tuple(texts), title, ("thu",), published_at=datetime.now(UTC))
    receipt = at.newsroom.articles.receive(article, "bench")
    _work_all(at)
    at.newsroom.episodes.approve(receipt.episode_id, "bench")
    _work_all(at)
    if (state := at.newsroom.episodes.get(receipt.episode_id).state) is not State.PUBLISHED:
        raise RuntimeError(f"the benchmark's episode is {state}")


def _work_all(at: Studio) -> None:
    while job := at.newsroom.jobs.claim("bench", tuple(Lane)):
        work(job, at)


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
