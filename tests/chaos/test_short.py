"""The short form of `make chaos`: one storm over the embedded shape, every kind of promise looked at."""

import pytest

from tests.chaos.houses import Embedded
from tests.chaos.injections import INJECTIONS
from tests.chaos.run import Run

SEED = 16
STORM = ("the web below it", "database full", "back a day")


@pytest.fixture
def house(tmp_path):
    found = Embedded(tmp_path)
    found.begin()
    yield found
    found.end()


@pytest.mark.long
def test_a_storm_loses_doubles_and_silences_nothing(house):
    run = Run(house, SEED)
    run.furnish()
    for number, name in enumerate(STORM):
        (injection,) = (each for each in INJECTIONS if each.name == name)
        run.inject(number, injection)
    found, heard = run.end()
    assert run.report.printed(len(run.portal.accepted), found, heard)
    assert heard.sounds
