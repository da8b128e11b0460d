"""What an episode was, version by version: compared, heard, brought back; approvers see first what
is new.
"""

import pytest

from service.actions.comparing import DiffPiece, Fate, compare, pieces
from service.newsroom.errors import Conflict
from service.newsroom.values import Role, Sentence, State
from tests.house import PASSWORD, Browser


@pytest.fixture
def browser(app, newsroom):
    app.config["WTF_CSRF_ENABLED"] = False
    newsroom.people.add("duyet", PASSWORD, Role.APPROVER)
    return Browser(app, "duyet")


def test_two_texts_are_told_apart_word_by_word():
    assert pieces("Giá 20 đồng một cân.", "Giá 25 đồng một cân.") == [
        DiffPiece(Fate.SAME, "Giá "),
        DiffPiece(Fate.GONE, "20 "),
        DiffPiece(Fate.NEW, "25 "),
        DiffPiece(Fate.SAME, "đồng một cân."),
    ]
    one, two, three = (
        Sentence(n, text, text, 0) for n, text in enumerate(("A.", "B.", "C."))
    )
    pairs = compare([one, two], [one, three, two])
    assert [pair.is_same for pair in pairs] == [True, False, True]
    assert pairs[1].old is None
    assert all(pair.is_same for pair in compare([one, two], [one, two]))


def test_who_approves_sees_first_what_changed_since_the_last_approval(
    browser, newsroom, publish, work_all
):
    number = publish("Giá lúa", ("Giá hai mươi đồng. Trời nắng đẹp.",)).id
    assert "Đổi so với bản" not in browser.get(f"/desk/episodes/{number}").text
    newsroom.episodes.say_otherwise(number, 2, "Giá ba mươi đồng.", "viet")
    work_all()
    page = browser.get(f"/desk/episodes/{number}").text
    section = page.partition("Đổi so với bản 1 đã duyệt")[2].partition("</section>")[0]
    assert "<del>hai </del><ins>ba </ins>" in section
    assert section.count("<li>") == 1
    assert "Trời nắng" not in section
    sound = f"/desk/episodes/{number}/versions/2/2.wav"
    assert sound in section
    assert browser.client.get(sound).data[:4] == b"RIFF"
    assert (
        browser.client.get(f"/desk/episodes/{number}/versions/2/9.wav").status_code
        == 404
    )
    whole = browser.get(f"/desk/episodes/{number}/versions?a=1&b=2&all=1").text
    assert "So bản 1 với bản 2" in whole
    assert "Trời nắng" in whole
    assert browser.get(f"/desk/episodes/{number}/versions?a=7").status_code == 404


def test_an_earlier_version_comes_back_as_a_new_one_that_waits(
    browser, newsroom, publish, work_all
):
    number = publish("Giá lúa", ("Giá hai mươi đồng. Trời nắng đẹp.",)).id
    before = [
        (each.written, each.spoken) for each in newsroom.episodes.get(number).sentences
    ]
    article = newsroom.episodes.get(number).article_id
    edit = {
        "title": "Giá ngô",
        "body": "Giá ngô cao.",
        "stations": "suoi-lanh",
        "revision": "1",
    }
    browser.post(
        f"/desk/articles/{article}/edit", format="text", priority="normal", **edit
    )
    work_all()
    assert newsroom.episodes.get(number).title == "Giá ngô"
    done = browser.post(f"/desk/episodes/{number}/restore", version=1)
    assert done.status_code == 303
    work_all()
    episode = newsroom.episodes.get(number)
    assert (episode.version, episode.state, episode.public_version) == (
        3,
        State.MASTERED,
        1,
    )
    assert [(each.written, each.spoken) for each in episode.sentences] == before
    assert newsroom.articles.get(article).title == "Giá lúa", (
        "the form shows these words too"
    )
    assert "trả lại bản 1" in browser.get(f"/desk/episodes/{number}").text
    newsroom.episodes.approve(number, "duyet", 3)
    work_all()
    assert newsroom.episodes.get(number).public_version == 3


def test_what_is_not_made_of_its_words_is_not_brought_back(
    newsroom, bulletin, hand_in, work_all
):
    newsroom.episodes.regenerate(bulletin, "sen")
    work_all()
    with pytest.raises(Conflict):
        newsroom.versions.restore(bulletin, 1, "sen")
    number = hand_in("Tin mới")
    with pytest.raises(Conflict):
        newsroom.versions.restore(number, 1, "sen")
