"""The desk's page of voices: every one can be heard, and it says where a sentence goes."""

from dataclasses import replace

import pytest

from audio.engines import engine_names, open_engine
from loa.assembly import OWNERS
from service.newsroom.values import Role
from service.web.app import create_app
from service.web.site import VoiceChoice, VoiceToAdd
from tests.conftest import COMPILED
from tests.house import PASSWORD, Browser

VOICES = (
    VoiceChoice("tone", "Tiếng ngân"),
    VoiceChoice("gtts:vi", "Giọng Google", owner="Google"),
)
TO_ADD = VoiceToAdd(
    "vi_VN-thu", "Giọng nữ, tự nhiên", 63, "CC BY 4.0", "https://example.org/giay-phep"
)


@pytest.fixture
def editor(newsroom, site):
    app = create_app(newsroom, replace(site, voices=VOICES, voice_offers=(TO_ADD,)))
    app.jinja_env.bytecode_cache = COMPILED
    newsroom.people.add("lan", PASSWORD, Role.EDITOR)
    return Browser(app, "lan")


def test_every_voice_is_named_with_where_its_text_goes(editor):
    page = editor.get("/desk/voices").text
    assert "được gửi tới Google" in page
    assert page.count("không cần mạng") >= 1
    assert "loa voices add vi_VN-thu" in page
    assert "CC BY 4.0" in page
    assert "Giọng đọc</a>" in editor.get("/desk").text


def test_a_sentence_is_heard_in_the_voice_that_was_pressed(editor, newsroom, work_all):
    answer = editor.post(
        "/desk/audition", page="/desk/voices", spoken="xin chào bà con", voice="tone"
    )
    assert answer.status_code == 303
    work_all()
    sound = editor.get(answer.location)
    assert sound.status_code == 200
    assert sound.data[:4] == b"RIFF"


def test_engines_over_a_network_have_an_owner_and_no_others():
    far = {name for name in engine_names() if open_engine(name).limits is not None}
    assert far == set(OWNERS)
