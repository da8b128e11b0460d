"""`loa voices`: a natural voice added in one command reads the next article, and goes when it is
told to.
"""

import pytest
from typer.testing import CliRunner

from loa.assembly import open_voices, voice_names
from loa.commands import app
from service.settings import load
from tests.audio import tiny_voice
from tests.audio.test_catalogue import NAME, Portal, write_catalogue

VOICE = f"piper:{NAME}"


@pytest.fixture
def at(tmp_path):
    folder = tmp_path / "portal"
    folder.mkdir()
    tiny_voice.make(folder, NAME)
    portal = Portal(folder)
    catalogue = write_catalogue(tmp_path / "voices.toml", portal)
    environment = {
        "LOA_HOME": str(tmp_path / "var"),
        "LOA_VOICE_CATALOGUE": str(catalogue),
        "LOA_TESTS_REQUIRE": None,
        "COLUMNS": "200",
    }

    def run(*arguments, **more):
        return CliRunner().invoke(app, ["voices", *arguments], env=environment | more)

    run.settings = load(
        {
            name: value
            for name, value in environment.items()
            if value and name.startswith("LOA_")
        }
    )
    run.portal = portal
    yield run
    portal.shutdown()
    portal.server_close()


def test_a_voice_that_was_added_is_preferred_until_it_is_removed(at, tmp_path):
    assert voice_names(at.settings) == ["espeak:vi"]
    offered = at()
    assert NAME in offered.stdout
    assert "CC0" in offered.stdout
    added = at("add", NAME)
    assert added.exit_code == 0, added.output
    assert voice_names(at.settings) == [VOICE, "espeak:vi"]
    assert f"{VOICE}" in at("list").stdout
    sound = tmp_path / "thu.wav"
    said = at("test", VOICE, "-o", str(sound))
    assert said.exit_code == 0, said.output
    assert "× real time" in said.stdout
    assert sound.stat().st_size > 40_000
    assert at("remove", NAME).exit_code == 0
    assert voice_names(at.settings) == ["espeak:vi"]
    assert at("remove", NAME).exit_code == 1


def test_what_is_told_of_an_added_voice_is_the_catalogue_s(at):
    assert at("add", NAME).exit_code == 0
    voices = open_voices(at.settings)
    (info,) = voices.engine("piper").voices()
    voices.close()
    assert (info.name, info.label, info.gender, info.region) == (
        NAME,
        "Giọng thử",
        "female",
        "north",
    )


def test_a_voice_of_the_settings_is_not_taken_away_under_them(at):
    assert at("add", NAME).exit_code == 0
    refused = at("remove", NAME, LOA_VOICES=f"{VOICE},espeak:vi")
    assert refused.exit_code == 1
    assert "LOA_VOICES" in refused.stderr


def test_what_cannot_be_added_is_one_line(at):
    unknown = at("add", "nobody")
    assert unknown.exit_code == 1
    assert NAME in unknown.stderr
    model = at.portal.folder / f"{NAME}.onnx"
    model.write_bytes(b"x" * model.stat().st_size)
    wrong = at("add", NAME)
    assert wrong.exit_code == 1
    assert "not kept" in wrong.stderr
    assert voice_names(at.settings) == ["espeak:vi"]
