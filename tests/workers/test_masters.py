"""A kind of master has one home: one more recipe is made, kept, approved, published and offered."""

from dataclasses import replace
from io import BytesIO

import pytest
from mutagen.mp3 import MP3

from audio.master import SHORTEST_JUDGED_S as JUDGED_BY_AUDIO
from audio.recipes import RECIPES
from service.newsroom.values import SHORTEST_JUDGED_S, MasterKind, Role, State
from service.web.app import create_app
from tests.house import Browser

RINGTONE = replace(
    RECIPES["app"],
    kind="ringtone",
    label="nhạc chuông",
    name="ringtone.mp3",
    ending="-ringtone.mp3",
    chain=replace(RECIPES["app"].chain, target_lufs=-18.0),
    rich=False,
)
PASSWORD = "một mật khẩu đủ dài 7"


@pytest.fixture
def with_ringtone(studio):
    return replace(studio, recipes=(*RECIPES.values(), RINGTONE))


def test_one_more_recipe_goes_the_whole_way(
    newsroom, hand_in, work_all, with_ringtone, client
):
    number = hand_in()
    work_all(with_ringtone)
    newsroom.episodes.approve(number, "chị Sen", 1)
    work_all(with_ringtone)

    episode = newsroom.episodes.get(number)
    assert episode.state is State.PUBLISHED
    masters = {master.kind: master for master in episode.masters}
    ringtone = masters["ringtone"]
    assert ringtone.lufs == pytest.approx(-18.0, abs=0.5)
    assert ringtone.off_lu == 0.0

    answer = client.get(f"/media/{ringtone.path}")
    assert answer.status_code == 200
    assert ringtone.path.endswith("-ringtone.mp3")
    assert MP3(BytesIO(answer.data)).info.length == pytest.approx(
        ringtone.seconds, abs=0.05
    )
    captions = client.get(f"/media/{number}/1/ringtone.vtt")
    assert captions.mimetype == "text/vtt"


def test_the_desk_offers_every_master_by_its_label(
    newsroom, site, hand_in, work_all, with_ringtone
):
    number = hand_in()
    work_all(with_ringtone)
    newsroom.people.add("bien-tap", PASSWORD, Role.EDITOR)
    app = create_app(newsroom, replace(site, public_url="http://localhost"))
    browser = Browser(app)
    browser.login("bien-tap", PASSWORD)
    page = browser.get(f"/desk/episodes/{number}").text
    for recipe in with_ringtone.recipes:
        assert f"bản cho {recipe.label}" in page


def test_a_master_tells_how_far_it_is_from_what_was_promised(
    newsroom, hand_in, work_all
):
    number = hand_in()
    work_all()
    master = next(
        each
        for each in newsroom.episodes.get(number).masters
        if each.kind == MasterKind.SPEAKER
    )
    assert master.target_lufs == -13.0
    assert replace(master, lufs=-14.5).off_lu == pytest.approx(-1.5)
    assert replace(master, lufs=-13.9).off_lu == 0.0
    assert replace(master, lufs=-14.5, seconds=SHORTEST_JUDGED_S).off_lu == 0.0


def test_the_walls_agree_on_masters():
    assert set(MasterKind) == set(RECIPES)
    assert [recipe.kind for recipe in RECIPES.values() if recipe.rich] == [
        MasterKind.APP
    ]
    assert [recipe.kind for recipe in RECIPES.values() if recipe.for_horns] == [
        MasterKind.SPEAKER
    ]
    assert SHORTEST_JUDGED_S == JUDGED_BY_AUDIO
