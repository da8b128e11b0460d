"""The house's chimes: composed for Loa in the five tones D E G A B,
played by instruments of our own, when asked for.

They are code, not files: nothing to license or to lose, and one place to change a note. Each is
rendered once in a process. A chime lies on the shelf of clips under the digest of its sound, like
any sound that no engine spoke.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from audio.chime import Chime
from audio.chimes.instruments import bamboo, breath, hertz, horn, in_a_room, zither
from audio.clips import Shelf, sound_key
from audio.level import levelled
from audio.loudness import Samples, to_pcm
from audio.voice import RATE

CEILING_DB = -3.0
# In a tune, instead of a note.
SILENCE = "-"
Instrument = Callable[[float, float], Samples]
# When it begins (s), which it is, how strong.
Note = tuple[float, str, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """A chime as written: voices (instrument, how long a note rings,
    notes), its length (s) and loudness (LUFS).

    `fade` is how long it goes out, s; a `loop` has none: its end leads into its beginning.
    """

    seconds: float
    lufs: float
    voices: tuple[tuple[Instrument, float, Sequence[Note]], ...]
    wet: float = 0.25
    fade: float = 0.8
    loop: bool = False


def pcm(chime: Chime) -> bytes:
    """The chime as house PCM, the same each time."""
    return _rendered(Chime(chime))


def place(chime: Chime, shelf: Shelf) -> str:
    """The key under which the chime lies on the shelf; it is laid there when it is not."""
    sound = pcm(chime)
    key = sound_key(sound)
    if shelf.get(key) is None:
        shelf.put(key, sound)
    return key


@cache
def _rendered(chime: Chime) -> bytes:
    piece = PIECES[chime]
    sound = np.zeros(round(piece.seconds * RATE))
    for instrument, rings_s, notes in piece.voices:
        names = {name for _, name, _ in notes}
        played = {name: instrument(hertz(name), rings_s) for name in names}
        for at, name, strength in notes:
            _add(
                sound, round(at * RATE), strength * played[name], round_again=piece.loop
            )
    sound = in_a_room(sound, piece.wet, loop=piece.loop)
    if not piece.loop:
        _fade_out(sound, piece.fade)
    # Half of what fits: levelled below.
    half = sound / (2 * np.abs(sound).max())
    return levelled(to_pcm(half.astype(np.float32)), piece.lufs, CEILING_DB)


def _fade_out(sound: Samples, seconds: float) -> None:
    length = round(seconds * RATE)
    quarter = np.linspace(0, np.pi / 2, length)
    sound[-length:] *= np.cos(quarter) ** 2


def _add(to: Samples, start: int, sound: Samples, *, round_again: bool) -> None:
    """Adds a sound from `start`; what is longer is lost, or goes on at the beginning."""
    fits = min(len(sound), len(to) - start)
    to[start : start + fits] += sound[:fits]
    if round_again and fits < len(sound):
        _add(to, 0, sound[fits:], round_again=True)


def _tune(beat: float, notes: str, strength: float = 1.0) -> list[Note]:
    """Notes with their lengths in beats, "G4:1 A4:½".

    The first of a group joined by + rings with the others.
    """
    tune: list[Note] = []
    at = 0.0
    for group in notes.split():
        names, _, beats = group.partition(":")
        for n, name in enumerate(names.split("+")):
            if name == SILENCE:
                continue
            # Rolled, as by one hand.
            softer = strength * (1.0 if n == 0 else 0.8)
            tune.append((at + 0.028 * n, name, softer))
        at += beat * float(beats)
    return tune


# The call of the station: it rises over its five tones, looks round, and comes home an octave
# higher.
CALL = "G4:1 A4:1 D5:2 B4:1 A4:1 G4:1 E4:1 A4:2 D4+A4+D5:1"
FAREWELL = "D5:1 B4:1 A4:1 G4:1 E4:2 D4+G4+D5:1"
BED_BARS = (  # sixteen bars of four seconds, in beats of half a second
    "D4:3 A4:2 G4:3 E4:3 G4:2 A4:3 B4:3 A4:2 G4:3 A4:8 "
    "D5:3 B4:2 A4:3 G4:3 E4:2 D4:3 E4:3 G4:2 A4:3 G4:8 "
    "A4:3 D5:2 E5:3 D5:3 B4:2 A4:3 G4:3 A4:2 B4:3 A4:8 "
    "G4:3 E4:2 D4:3 E4:3 G4:2 E4:3 D4:3 -:2 A4:3 D4+A4:8"
)
BED_TONES = tuple(
    (8.0 * n, note, 1.0)
    for n, notes in enumerate(
        ("D4 A4", "G4 D4", "A4 E4", "G4 D4", "D4 A4", "A4 E4", "G4 B4", "D4 A4")
    )
    for note in notes.split()
)
PIECES = {
    Chime.OPENING: Piece(
        7.2,
        -19.0,
        ((zither, 3.4, _tune(0.36, CALL)), (bamboo, 1.2, _tune(0.36, CALL, 0.35))),
    ),
    Chime.BETWEEN: Piece(
        1.7,
        -22.0,
        ((bamboo, 1.6, ((0.0, "A4", 0.8), (0.2, "D5", 1.0), (0.2, "A5", 0.25))),),
        fade=0.5,
    ),
    Chime.CLOSING: Piece(
        4.4,
        -20.0,
        ((zither, 3.0, _tune(0.3, FAREWELL)), (bamboo, 1.2, _tune(0.3, FAREWELL, 0.3))),
    ),
    Chime.ALERT: Piece(
        4.0,
        -16.0,
        (
            (
                horn,
                0.5,
                tuple((0.5 * n, "D5" if n % 2 else "A5", 1.0) for n in range(7)),
            ),
        ),
        wet=0.05,
        fade=0.4,
    ),
    Chime.BED: Piece(
        64.0,
        -26.0,
        (
            (zither, 4.0, _tune(0.5, BED_BARS, 0.9)),
            (breath, 12.0, [(at, note, 0.16) for at, note, _ in BED_TONES]),
        ),
        wet=0.35,
        loop=True,
    ),
}
