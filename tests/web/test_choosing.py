"""A doubtful word at the proof sheet: its other readings, one press each."""

import re
from html import unescape

import pytest

from service.newsroom.values import State

DOUBTFUL = (
    "Thôn có 5 TN và 3 CT hoàn thành."  # two abbreviations that only a number tells
)


def buttons(page, path):
    """The forms of a page that go to a path: (hidden fields, what the button says)."""
    forms = re.findall(rf'<form[^>]*action="{path}".*?</form>', page, re.DOTALL)
    return [
        dict(
            re.findall(
                r'name="(start|spoken|written|station|match_case)" value="([^"]*)"',
                form,
            )
        )
        for form in map(unescape, forms)
    ]


def test_one_press_takes_another_reading_for_this_once(
    newsroom, client, editor, hand_in, work_all
):
    number = hand_in(paragraphs=(DOUBTFUL,))
    work_all()
    sentence = newsroom.episodes.get(number).sentences[-1]
    assert sentence.spoken == "Thôn có năm thanh niên và ba công trình hoàn thành."
    sheet = client.get(f"/desk/episodes/{number}").text
    reading = f"/desk/episodes/{number}/sentences/{sentence.n}/reading"
    offered = buttons(sheet, reading)
    assert {"start": "10", "spoken": "thu nhập"} in offered
    assert {"start": "18", "spoken": "chương trình"} in offered

    editor(reading, start="10", spoken="thu nhập")
    episode = newsroom.episodes.get(number)
    assert (episode.state, episode.version) == (State.WRITTEN, 2)
    assert (
        episode.sentences[-1].spoken
        == "Thôn có năm thu nhập và ba công trình hoàn thành."
    )
    work_all()
    sheet = client.get(f"/desk/episodes/{number}").text
    assert "Đã chọn: <b>TN</b>" in sheet
    assert "Cần xem: <b>CT</b>" in sheet, "the other doubt is still one"

    editor(reading, start="18", spoken="chương trình")
    work_all()
    episode = newsroom.episodes.get(number)
    assert (
        episode.sentences[-1].spoken
        == "Thôn có năm thu nhập và ba chương trình hoàn thành."
    )
    assert {"start": "10", "spoken": "thanh niên"} in buttons(
        client.get(f"/desk/episodes/{number}").text, reading
    ), "what the machine said can be taken again"
    assert newsroom.episodes.cards(ids=[number])[0][0].doubts == 0


def test_one_press_takes_another_reading_for_ever(
    newsroom, client, editor, hand_in, work_all
):
    number = hand_in(paragraphs=(DOUBTFUL,))
    work_all()
    sheet = client.get(f"/desk/episodes/{number}").text
    term = next(
        form for form in buttons(sheet, "/desk/terms") if form["spoken"] == "thu nhập"
    )
    shown = editor("/desk/terms", page=f"/desk/episodes/{number}", **term).text
    assert "1 bài sẽ đọc khác" in shown
    assert "<ins>Thôn có năm thu nhập và ba công trình hoàn thành.</ins>" in shown


@pytest.mark.parametrize(
    ("start", "spoken", "told"),
    [
        ("10", "bậy bạ", "không có trong các cách"),
        ("3", "thu nhập", "không còn để chọn"),
        ("x", "thu nhập", "không còn để chọn"),
    ],
)
def test_only_what_was_offered_is_taken(
    newsroom, editor, hand_in, work_all, start, spoken, told
):
    number = hand_in(paragraphs=(DOUBTFUL,))
    work_all()
    n = newsroom.episodes.get(number).sentences[-1].n
    answer = editor(
        f"/desk/episodes/{number}/sentences/{n}/reading", start=start, spoken=spoken
    )
    assert told in answer.text
    assert newsroom.episodes.get(number).version == 1


def test_a_doubtful_word_that_begins_its_sentence_is_chosen_as_well(
    newsroom, editor, hand_in, work_all
):
    number = hand_in(
        paragraphs=("5 TN của thôn hoàn thành việc làm đường.", "3 CT hoàn thành.")
    )
    work_all()
    sentences = newsroom.episodes.get(number).sentences
    sentence = next(
        each for each in sentences if each.changes and each.changes[0].start == 0
    )
    change = sentence.changes[0]
    address = f"/desk/episodes/{number}/sentences/{sentence.n}/reading"
    answer = editor(address, start="0", spoken="cách không có")
    # The place is known: only the reading is none of its readings.
    assert "không có trong các cách" in answer.text
    assert change.start == 0


def test_a_typed_form_is_not_chosen_in(newsroom, editor, hand_in, work_all):
    """Nobody knows which of the typed words an abbreviation became."""
    number = hand_in(paragraphs=(DOUBTFUL,))
    work_all()
    n = newsroom.episodes.get(number).sentences[-1].n
    editor(f"/desk/episodes/{number}/sentences/{n}", spoken="Thôn nhiều thanh niên.")
    answer = editor(
        f"/desk/episodes/{number}/sentences/{n}/reading", start="10", spoken="thu nhập"
    )
    assert "không còn để chọn" in answer.text
    assert (
        newsroom.episodes.get(number).sentences[-1].spoken == "Thôn nhiều thanh niên."
    )
