"""Recipes: each kind of master, for whom it is, how loud,
in which format, and what is done to its sound.

A recipe is the one home of its kind: the line makes, keeps and names whatever stands in `RECIPES`,
the newsroom keeps what each promised beside its file, and the desk offers it by its label.
"""

from dataclasses import dataclass

from audio import mp3, ogg
from audio.chain import Band, Chain, Compressor


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of master: for whom, how loud, in which format.

    `rate` is the file's, in samples a second.

    `name` is the file's in its folder (app.mp3); `ending` follows the article's name in the public
    address, since some apps name what they save by this alone. `label` is Vietnamese, for the desk.
    `band_lu` is how far from its chain's `target_lufs` the measured loudness may lie (DESIGN 8).
    """

    kind: str
    label: str
    name: str
    ending: str
    mime: str
    rate: int
    frame: int  # samples in one frame of the encoder
    delay: int  # samples that encoder and decoder put before the first one
    encoder: tuple[str, ...]
    chain: Chain
    effort: float  # of encoding and decoding it, beside the others: what takes longest begins first
    band_lu: float = 0.5
    encoder_db: float = 0.0  # what the encoder itself does to the level, measured
    pauses: float = 1.0  # how much longer than planned
    tempo: float = 1.0  # how fast, at the same pitch
    lead_in_ms: int = 0  # of a quiet tone before everything, which wakes amplifiers
    for_horns: bool = False  # a station's own tempo and pauses apply
    # The one that apps play: with a cover and chapters; its cues are the episode's.
    rich: bool = False

    @property
    def is_opus(self) -> bool:
        """Whether its frames are packets of Opus, in Ogg; else they are MP3's."""
        return self.name.endswith(".opus")

    @property
    def transcript(self) -> tuple[str, str]:
        """The kind and the file's name of its WebVTT: each master has its own times."""
        if self.rich:
            return "transcript", "transcript.vtt"
        return f"{self.kind}-transcript", f"{self.kind}.vtt"


# All-passes turn the phases of a voice, whose pulses are spiky on one side: the same sound with
# lower peaks.
TURNED = tuple(Band("allpass", 300, 0.5) for _ in range(6))
HORN = (  # what a horn on a pole can give back, and what makes consonants carry
    Band("highpass", 250, 0.5412),
    Band("highpass", 250, 1.3066),
    Band("peak", 2_800, 0.8, 4.0),
    Band("lowpass", 7_800, 0.5412),
    Band("lowpass", 7_800, 1.3066),
    *TURNED,
)
RECIPES = {
    recipe.kind: recipe
    for recipe in (
        Recipe(
            "app",
            "podcast",
            "app.mp3",
            ".mp3",
            "audio/mpeg",
            rate=44_100,
            frame=1152,
            delay=mp3.ENCODER_DELAY + mp3.DECODER_DELAY,
            encoder=(
                "-c:a",
                "libmp3lame",
                "-b:a",
                "64k",
                "-reservoir",
                "0",
                "-f",
                "mp3",
            ),
            chain=Chain(target_lufs=-16.0, ceiling_db=-2.0, bands=TURNED),
            effort=3.0,
            encoder_db=-0.45,  # LAME scales its input by 0.95 at low bit rates
            rich=True,
        ),
        Recipe(
            "speaker",
            "loa",
            "speaker.mp3",
            "-speaker.mp3",
            "audio/mpeg",
            rate=24_000,
            frame=576,
            delay=mp3.ENCODER_DELAY + mp3.DECODER_DELAY,
            encoder=(
                "-c:a",
                "libmp3lame",
                "-b:a",
                "48k",
                "-reservoir",
                "0",
                "-f",
                "mp3",
            ),
            chain=Chain(
                target_lufs=-13.0,
                ceiling_db=-3.0,
                bands=HORN,
                compressor=Compressor(below_lu=8, ratio=3),
            ),
            effort=2.3,
            encoder_db=-0.42,
            band_lu=1.0,
            pauses=1.3,
            for_horns=True,
        ),
        Recipe(
            "lite",
            "máy ít dung lượng",
            "lite.opus",
            ".opus",
            "audio/ogg; codecs=opus",
            rate=24_000,
            frame=480,
            delay=ogg.PRE_SKIP * 24_000 // ogg.OPUS_RATE,
            encoder=(
                "-c:a",
                "libopus",
                "-b:a",
                "20k",
                "-application",
                "voip",
                "-compression_level",
                "5",
                "-f",
                "ogg",
            ),
            chain=Chain(target_lufs=-16.0, ceiling_db=-3.5, bands=TURNED),
            effort=4.7,
            encoder_db=-0.32,
        ),
    )
}
