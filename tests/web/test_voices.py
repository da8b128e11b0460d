"""The desk's page of voices: every one can be heard, and it says where a sentence goes."""

from dataclasses import replace

import pytest

from audio.engines import engine_names, open_engine
from audio.voice import Voice
from loa.assembly import OWNERS
from service.newsroom.values import Event, Group, Role, Slot, Station, Term
from service.newsroom.values.voices import ChosenVoice, VoiceUse
from service.web.app import create_app
from service.web.site import VoiceChoice, VoiceToAdd
from tests.conftest import COMPILED
from tests.house import PASSWORD, Browser
from workers.voices import Voices

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


def chosen_by(newsroom, *choices):
    for place, use, voice in choices:
        newsroom.voices.put(ChosenVoice(place, VoiceUse(use), voice))


@pytest.fixture
def district(newsroom):
    """Suối Lành lies in a cluster, the cluster in a district; Bản Mồ lies in none."""
    newsroom.stations.put(Station("ban-mo", "Đài Bản Mồ"))
    newsroom.groups.put(Group("huyen", "Huyện Thuận"))
    newsroom.groups.put(Group("cum", "Cụm Đông", "huyen", ("suoi-lanh",)))


@pytest.mark.parametrize(
    ("choices", "use", "place"),
    [
        ([], "", ""),
        ([("all", "", "tone")], "", "all"),
        ([("all", "", "tone"), ("group:huyen", "", "espeak:vi")], "", "group:huyen"),
        ([("group:huyen", "", "tone"), ("group:cum", "", "tone")], "", "group:cum"),
        ([("group:cum", "", "tone"), ("suoi-lanh", "", "tone")], "", "suoi-lanh"),
        ([("suoi-lanh", "", "tone"), ("all", "bulletin", "tone")], "bulletin", "all"),
        ([("suoi-lanh", "", "tone")], "bulletin", "suoi-lanh"),
        ([("suoi-lanh", "", "tone"), ("all", "", "tone")], "warning", ""),
        ([("group:huyen", "warning", "tone")], "warning", "group:huyen"),
        ([("ban-mo", "", "tone"), ("all", "bulletin", "tone")], "", ""),
    ],
)
def test_the_nearest_choice_wins(newsroom, district, choices, use, place):
    chosen_by(newsroom, *choices)
    assert newsroom.voices.at("suoi-lanh", VoiceUse(use)).place == place
    assert newsroom.voices.map().at("suoi-lanh", VoiceUse(use)).place == place


def test_a_new_article_is_read_by_the_voice_chosen_and_an_approved_one_stays(
    newsroom, district, publish, hand_in, work_all
):
    before = publish("Xã làm đường")
    chosen_by(newsroom, ("group:huyen", "", "tone@0.9"))
    after = newsroom.episodes.get(hand_in("Xã làm cầu"))
    work_all()
    after = newsroom.episodes.get(after.id)
    assert after.rendering.spoken_by == "tone@0.9"
    assert newsroom.episodes.get(before.id) == before
    newsroom.groups.remove("cum")
    assert newsroom.voices.at("suoi-lanh").place == ""


def test_a_choice_is_made_at_the_desk_and_shown_with_where_it_comes_from(
    desk, newsroom, district
):
    send = desk(Role.ADMIN)
    page = "/desk/voices?place=group:huyen"
    form = {"place": "group:huyen", "use": "", "voice": "espeak:vi", "rate": "0.9"}
    told = send("/desk/voices", page=page, **form).text
    assert "Giọng máy</b>, tốc độ 0,9, chọn ở đây" in told
    below = send("/desk/voices", page="/desk/voices?place=suoi-lanh", **form).text
    assert newsroom.voices.at("suoi-lanh").voice == "espeak:vi@0.9"
    assert "theo Huyện Thuận" in below
    back = send("/desk/voices", page=page, **(form | {"voice": ""})).text
    assert "theo thiết lập của máy chủ" in back
    refused = send("/desk/voices", page=page, **(form | {"voice": "nobody"}))
    assert refused.status_code == 422
    assert newsroom.log.last(Event.VOICE_CHOSEN) is not None


def test_warnings_have_a_voice_of_this_machine(newsroom, site):
    app = create_app(newsroom, replace(site, voices=VOICES))
    app.jinja_env.bytecode_cache = COMPILED
    newsroom.people.add("lan", PASSWORD, Role.ADMIN)
    form = {"place": "all", "use": "warning", "voice": "gtts:vi", "rate": "1"}
    refused = Browser(app, "lan").post("/desk/voices", page="/desk/voices", **form)
    assert refused.status_code == 422
    assert "mất mạng" in refused.text


def test_a_voice_is_measured_once_for_each_build(newsroom, editor, work_all):
    editor.post("/desk/voices/measure", page="/desk/voices")
    work_all()
    (speed,) = newsroom.voices.speeds().values()
    assert (speed.voice, speed.build) == ("tone", "tone-1")
    assert speed.times > 0
    newsroom.auditions.ask("mấy chữ nữa", "tone")
    work_all()
    assert list(newsroom.voices.speeds().values()) == [speed]


def test_a_voice_too_slow_for_tomorrow_is_told_before_it_is_chosen(
    call, desk, newsroom
):
    hours = tuple(Slot(f"{hour:02}:00", 3600) for hour in range(4, 24))
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), slots=hours, voice="")
    )
    newsroom.voices.keep_speed("espeak:vi", "", 0.5)
    send = desk(Role.ADMIN, "thu")
    page = send("/desk/voices", page="/desk/voices", place="all", use="", voice="").text
    assert "0,5 lần thời gian thực" in page
    assert "quá chậm để đọc mọi tin bài" in page
    choice = {"place": "all", "voice": "espeak:vi"}
    refused = call("PUT", "/voices/choice", choice)
    assert refused.status_code == 409
    assert newsroom.voices.at("suoi-lanh").voice == ""
    taken = call("PUT", "/voices/choice", choice | {"even_if_slow": True})
    assert taken.json == {"place": "all", "use": "", "voice": "espeak:vi"}
    assert call("GET", "/stations/suoi-lanh/voices").json[0] == taken.json
    # Two bulletins, far apart: what one asks is not asked of the other's hours.
    few = (Slot("05:00", 300), Slot("17:00", 300))
    newsroom.stations.put(replace(newsroom.stations.get("suoi-lanh"), slots=few))
    calm = send("/desk/voices", page="/desk/voices", place="all", use="", voice="")
    assert "bản tin ngày mai cần" not in calm.text
    assert call("PUT", "/voices/choice", choice).status_code == 200


def test_the_tone_is_offered_only_where_the_settings_name_it():
    usual, in_tests = Voices([Voice("espeak", "vi")]), Voices([Voice("tone", "")])
    names = {str(voice) for voice, _, _ in usual.all()}
    assert "tone" not in names
    assert "espeak:vi" in names
    assert "tone" in {str(voice) for voice, _, _ in in_tests.all()}


def test_an_entry_for_one_engine_is_told_to_that_engine_alone(
    newsroom, hand_in, work_all
):
    newsroom.terms.put(Term("Wifi", "oai phai"), "lan")
    newsroom.terms.put(Term("Wifi", "uai phai", engine="tone"), "lan")
    newsroom.terms.put(Term("Wifi", "vi phi", engine="espeak"), "lan")
    text = ("Nhà văn hóa có Wifi cho bà con.",)
    episode = hand_in("Nhà văn hóa", text)
    work_all()
    assert "uai phai" in newsroom.episodes.get(episode).sentences[1].spoken
    assert [term.spoken for term in newsroom.terms.of("suoi-lanh")] == ["oai phai"]
    newsroom.episodes.regenerate(episode, "lan", voice="espeak:vi")
    work_all()
    assert "vi phi" in newsroom.episodes.get(episode).sentences[1].spoken


def test_the_dictionary_s_form_and_table_know_engines(editor, newsroom):
    form = {"written": "Wifi", "spoken": "oai phai", "engine": "tone"}
    assert editor.send("/desk/terms", page="/desk/terms", **form).status_code == 200
    assert "chỉ tone" in editor.get("/desk/terms").text
    assert editor.get("/desk/terms.tsv").text.splitlines()[1].endswith("\ttone")
    wrong = editor.post("/desk/terms", page="/desk/terms", **(form | {"engine": "x"}))
    assert wrong.status_code == 422
