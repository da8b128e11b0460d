"""The reading alone, and beside its peers."""

import subprocess  # noqa: TID251  # a fresh interpreter is what is measured
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from bench.common import ROUNDS, Bench, best, spent
from bench.figures import Figure, Goal
from service.vietnamese import Passage, read

READING_CHARS = 400_000
ODD_CHARS = 20_000
# What makes patterns go astray: each piece is repeated to 20,000 characters.
ODD = (
    *(
        "1.",
        "(",
        "a",
        "A",
        "1",
        "1/",
        "1-",
        "-1",
        "a@",
        "www.",
        "XI, ",
        "1 ",
        "1:",
        '9"',
        '"V',
        "1.000.",
        "x9",
        "(-",
    ),
    *(
        "1/NĐ-CP",
        "tỷ số ",
        "5kg/",
        "ngày 1-",
        "Văn A. ",
        "1/2/2025 ",
        "0912.",
        "I/",
        "UBND ",
        ". . ",
        "đồng/người/",
    ),
)
FIRST = "Đ/c Hoa, UBND xã, mời qua Zalo lúc 7h30 ngày 15/5/2025: giá 5.000đ/kg, theo NĐ 08/2022/NĐ-CP."
FRESH = """import sys, time
sys.pycache_prefix, sys.dont_write_bytecode = {!r}, False
began = time.process_time()
from service.vietnamese import say
say({!r})
print(time.process_time() - began)"""


def reading(at: Bench) -> list[Figure]:
    """The reading alone: its start in a fresh interpreter, characters a second, the worst text.

    Beside its peers, each in turn with ours, pair by pair.

    No figure of the text repeats. Times are the processor's: the machine is seldom ours alone.
    """
    texts = list(_long_text(at.paragraphs))
    passages = [Passage(text) for text in texts]
    size = sum(map(len, texts))
    speeds = tuple(size / spent(partial(read, passages)) for _ in range(ROUNDS))
    return [
        Figure(
            "reading, import and first line, s", tuple(_fresh(2 * ROUNDS)), Goal(0.05)
        ),
        Figure("reading, characters/s", speeds, Goal(350_000, at_least=True)),
        Figure("20,000 odd characters, worst, s", (_worst_odd_text_s(),), Goal(0.2)),
        *(_beside(name, texts) for name in PEERS),
    ]


def _beside(name: str, texts: Sequence[str]) -> Figure:
    """How many times as many characters a second as a peer."""
    try:
        peer = PEERS[name]()
    except ImportError:
        return Figure(
            f"reading / {name}", lacking=f"{name} is not installed (extra peers)"
        )
    some: list[str] = []
    while sum(map(len, some)) < PEER_CHARS[name]:
        some.append(texts[len(some)])
    passages = [Passage(text) for text in some]
    ratios = tuple(
        spent(partial(_each, peer, some)) / spent(partial(read, passages))
        for _ in range(ROUNDS)
    )
    return Figure(f"reading / {name}", ratios)


def _long_text(paragraphs: Sequence[str]) -> Iterator[str]:
    """Paragraphs without an end in sight, each with figures that no other has."""
    size = number = 0
    while size < READING_CHARS:
        number += 1
        text = f"{number}. {paragraphs[number % len(paragraphs)]} {number * 37} hộ."
        size += len(text)
        yield text


def _worst_odd_text_s() -> float:
    odd = [[Passage((piece * ODD_CHARS)[:ODD_CHARS])] for piece in ODD]
    return max(best(partial(read, text), time.process_time) for text in odd)


def _fresh(times: int) -> list[float]:
    """Seconds until a new interpreter has read its first line; its own start is not counted.

    Its modules are compiled, as they are where Loa is installed: a run before those that count sees
    to that.
    """
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        line = FRESH.format(folder, FIRST)
        command = [sys.executable, "-c", line]
        seconds = [
            float(
                subprocess.run(
                    command, cwd=root, capture_output=True, check=True
                ).stdout
            )
            for _ in range(1 + times)
        ]
    return seconds[1:]


def _each(peer: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        peer(text)


def _sea_g2p() -> Callable[[str], object]:
    from sea_g2p import Normalizer

    normalize: Callable[[str], object] = Normalizer().normalize
    return normalize


def _vietnormalizer() -> Callable[[str], object]:
    from vietnormalizer import VietnameseNormalizer

    normalize: Callable[[str], object] = VietnameseNormalizer().normalize
    return normalize


def _vinorm() -> Callable[[str], object]:
    from vinorm import TTSnorm

    normalize: Callable[[str], object] = TTSnorm
    return normalize


PEERS: dict[str, Callable[[], Callable[[str], object]]] = {
    "sea-g2p": _sea_g2p,
    "vietnormalizer": _vietnormalizer,
    "vinorm": _vinorm,
}
# vinorm starts a process a line.
PEER_CHARS = {"sea-g2p": 100_000, "vietnormalizer": 100_000, "vinorm": 2_000}
