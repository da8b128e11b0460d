"""Facts that two rooms must agree on and that a wall keeps apart: a change of one alone makes a
test red.
"""

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from audio import chimes, master, stitch
from audio.far_end import POLITE
from audio.recipes import RECIPES
from audio.recording import Fault
from audio.voice import RATE, SAMPLE_BYTES, Reason
from loa.assembly import FEWEST_CLIP_DAYS
from service.actions import planning
from service.newsroom import jobs
from service.newsroom.errors import Refusal
from service.newsroom.stations import rules as station_rules
from service.newsroom.values import SHORTEST_JUDGED_S, MasterKind, Slot, Station
from service.newsroom.values.names import name_vi
from service.settings import Settings, table
from service.vietnamese import Options
from service.web.api.stations import SlotIO, StationIn
from service.web.desk import station_form
from service.web.desk import stations as stations_page
from service.web.media import sounds
from service.web.operators import broadcasts, calendars
from workers import composing, finishing
from workers.limits import Limits
from workers.speaking import HOLD_FOR

ROOT = Path(__file__).parent.parent
SETTINGS = Settings()
HORNS = RECIPES["speaker"]


def seconds_of(chime):
    """How long a chime sounds, measured."""
    return len(chimes.pcm(chime)) / SAMPLE_BYTES / RATE


def defaults_of(kind):
    """The defaults of a frozen value."""
    return {
        field.name: field.default
        for field in dataclasses.fields(kind)
        if field.default is not dataclasses.MISSING
    }


def defaults_in(model, names):
    """The defaults that the API tells for fields of these names."""
    fields = model.model_fields
    return {
        name: tuple(default) if isinstance(default, list) else default
        for name in names
        if name in fields and not fields[name].is_required()
        for default in [fields[name].get_default(call_default_factory=True)]
    }


SLOT, STATION = defaults_of(Slot), defaults_of(Station)
FACTS = {
    "silence before everything": (planning.LEAD_IN_S * 1000, stitch.LEAD_IN_MS),
    "silence after everything": (planning.LEAD_OUT_S * 1000, stitch.LEAD_OUT_MS),
    "the pause after a chime": (
        planning.CHIME_PAUSE_S * 1000,
        finishing.CHIME_PAUSE_MS,
    ),
    "the pause after a headline": (
        planning.HEADLINE_PAUSE_S * 1000,
        composing.HEADLINE_PAUSE_MS,
    ),
    "what fills a passage up": (planning.FILLED_S, HORNS.frame / HORNS.rate),
    "the rate of clips": (sounds.HOUSE_HZ, RATE),
    "the shortest sound that is judged": (SHORTEST_JUDGED_S, master.SHORTEST_JUDGED_S),
    "bits a second for horns": (
        broadcasts.BED_BITS_PER_SECOND,
        1000 * int(HORNS.encoder[HORNS.encoder.index("-b:a") + 1].removesuffix("k")),
    ),
    "pauses for horns": (Station("x", "X").speaker_pauses, HORNS.pauses),
    "kinds of masters": (set(MasterKind), set(RECIPES)),
    "what masters are called": (
        {kind.value: name_vi(kind) for kind in MasterKind},
        {kind: recipe.label for kind, recipe in RECIPES.items()},
    ),
    "faults of recordings": (set(Fault) - set(Refusal), set()),
    "troubles of engines hold episodes": (set(HOLD_FOR), set(Reason)),
    "options of the reading": (set(station_rules.READING), set(Options._fields)),
    "options of the reading, on the form": (
        {option.name for option in station_form.READING},
        set(station_rules.READING),
    ),
    "defaults of a slot in the API": (
        defaults_in(SlotIO, SLOT),
        {name: value for name, value in SLOT.items() if name in SlotIO.model_fields},
    ),
    "defaults of a station in the API": (
        defaults_in(StationIn, STATION),
        {
            name: value
            for name, value in STATION.items()
            if name in StationIn.model_fields
        },
    ),
    "calls a minute to a far end": (
        SETTINGS.network_calls_per_minute,
        POLITE.per_minute,
    ),
    "calls at once to a far end": (SETTINGS.network_burst, POLITE.burst),
    "how long a silent worker is believed": (
        timedelta(seconds=SETTINGS.lease_seconds),
        jobs.LEASE,
    ),
    "the longest recording": (SETTINGS.recording_minutes * 60, Limits().recording_s),
    "the longest chime": (SETTINGS.chime_seconds, Limits().chime_s),
    "days of the week": (
        "".join(day for day, _ in stations_page.DAYS),
        station_rules.WEEKDAYS,
    ),
    "days of the week in calendars": (
        len(calendars.WEEKDAYS),
        len(station_rules.WEEKDAYS),
    ),
    "clips outlast the oldest story": (
        FEWEST_CLIP_DAYS,
        station_rules.LONGEST_AGE_DAYS + 1,
    ),
}


@pytest.mark.parametrize("fact", FACTS)
def test_two_rooms_agree(fact):
    here, there = FACTS[fact]
    assert here == pytest.approx(there) if isinstance(here, float) else here == there


@pytest.mark.parametrize("name", planning.CHIMES_S)
def test_a_chime_lasts_as_long_as_plans_say(name):
    assert seconds_of(chimes.Chime(name)) == pytest.approx(
        planning.CHIMES_S[name], abs=0.001
    )


@pytest.mark.parametrize(("option", "choices"), station_rules.READING.items())
def test_the_reading_s_own_choice_is_among_those_a_station_has(option, choices):
    assert getattr(Options(), option) in choices


def test_the_form_offers_the_choices_that_a_station_may_have():
    yes_or_no = {"yes": True, "no": False}
    for option in station_form.READING:
        offered = {yes_or_no.get(value, value) for value, _ in option.choices}
        assert offered == set(station_rules.READING[option.name]), option
        usual = yes_or_no.get(option.usual, option.usual)
        assert usual == getattr(Options(), option.name), option


def test_what_docs_say_of_masters_is_what_recipes_do():
    text = (ROOT / "docs/sound.md").read_text(encoding="utf-8").replace("−", "-")
    rows = re.findall(
        r"^\| `(\w+)` \|.*?\| ([-\d]+) LUFS ± ([\d.]+) \|", text, re.MULTILINE
    )
    assert {kind: (float(lufs), float(band)) for kind, lufs, band in rows} == {
        kind: (recipe.chain.target_lufs, recipe.band_lu)
        for kind, recipe in RECIPES.items()
    }


def test_what_docs_say_of_chimes_is_how_long_they_are():
    text = (ROOT / "docs/sound.md").read_text(encoding="utf-8")
    table_of_chimes = text.partition("| chime | for |")[2].partition("\n\n")[0]
    told = re.findall(
        r"^\| `?(\w+)`? \| [^|]+ \| ([\d.]+) \|", table_of_chimes, re.MULTILINE
    )
    assert {name: float(seconds) for name, seconds in told} == {
        chime.value: pytest.approx(chimes.PIECES[chime].seconds, abs=0.01)
        for chime in chimes.Chime
    }


class Once(yaml.SafeLoader):
    """YAML in which no key may stand twice: of two, programs take one or neither."""


def _mapping(loader, node, deep=False):
    keys = [key.value for key, _ in node.value if key.value != "<<"]
    assert len(keys) == len(set(keys)), f"a key stands twice: {sorted(keys)}"
    loader.flatten_mapping(node)
    return yaml.SafeLoader.construct_mapping(loader, node, deep)


Once.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def test_compose_sets_settings_that_there_are_and_their_own_defaults():
    compose = yaml.load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"), Once)
    defaults = {name.partition(" ")[0]: default for name, default, _ in table()}
    for variable, value in compose["x-loa"]["environment"].items():
        assert variable.removesuffix("_FILE") in defaults, variable
        own = re.fullmatch(rf"\$\{{{variable}:-(.*)\}}", str(value))
        if own is not None and variable != "LOA_PUBLIC_URL":
            assert own[1] == defaults[variable], variable
