"""The archive's promises, in small; `loa bench` measures them in full."""

from pathlib import Path

from service.web.bench import bench

ROOT = Path(__file__).parents[2]


def test_a_feed_costs_the_same_however_long_the_archive() -> None:
    figures = bench(
        ROOT / "templates", ROOT / "audio/chimes/bed.mp3", ROOT / "migrations", large=1_200, small=300, rounds=30
    )
    found = {name.rpartition(",")[2].strip(): value for name, value in figures.items()}
    assert found["ms"] <= 15  # 3 on a quiet machine; tests share theirs
    assert figures["feed of 1,200 episodes, built once, s"] <= 2
    assert figures["memory, 1,200 / 300 episodes"] < 1.2
