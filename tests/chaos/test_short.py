"""The short form of `make chaos`: faults and races within this process, and every promise looked
at.
"""

import pytest

from tests.chaos.injections import INJECTIONS
from tests.chaos.inside import Inside
from tests.chaos.run import Run

SEED, PACE = 16, 0.2
STORM = ("database full", "the same article at once", "approval, withdrawal")


@pytest.fixture
def house(tmp_path, migrated):
    found = Inside(tmp_path, migrated)
    found.begin()
    yield found
    found.end()


def test_a_storm_loses_doubles_and_silences_nothing(house):
    run = Run(house, SEED, PACE)
    run.furnish(1)
    for number, name in enumerate(STORM):
        (injection,) = (each for each in INJECTIONS if each.name == name)
        run.inject(number, injection)
    found, heard = run.end()
    assert run.report.printed(len(run.portal.accepted), found, heard)
    assert heard.sounds
