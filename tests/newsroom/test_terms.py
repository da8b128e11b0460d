"""The dictionary and the auditions, as the newsroom keeps them."""

import pytest

from service.newsroom.errors import Invalid, NotFound
from service.newsroom.values import Station, Term


def test_a_stations_own_entry_wins_over_the_one_for_everywhere(newsroom):
    newsroom.stations.put(Station("khac", "Đài Khác"))
    newsroom.terms.put(Term("HTX", "hợp tác xã"), "sen")
    newsroom.terms.put(Term("HTX", "hờ tê ích", station="khac"), "sen")
    newsroom.terms.put(Term("Cao Bồ", "cao bồ"), "sen")
    assert [term.spoken for term in newsroom.terms.of("suoi-lanh")] == [
        "cao bồ",
        "hợp tác xã",
    ]
    assert {term.written: term.spoken for term in newsroom.terms.of("khac")}[
        "HTX"
    ] == "hờ tê ích"
    assert [term.written for term in newsroom.terms.all("cao bo")] == ["Cao Bồ"]


def test_the_same_form_again_replaces_its_entry(newsroom):
    first = newsroom.terms.put(Term("HTX", "hợp tác xã"), "sen")
    again = newsroom.terms.put(Term("HTX ", " hợp  tác "), "lan")
    assert (again.id, again.spoken, again.changed_by) == (first.id, "hợp tác", "lan")
    newsroom.terms.remove(first.id, "lan")
    with pytest.raises(NotFound):
        newsroom.terms.get(first.id)
    assert [happening.what for happening in newsroom.log.lines()][:3] == [
        "term removed",
        "term",
        "term",
    ]


@pytest.mark.parametrize(
    ("term", "field"),
    [
        (Term("", "a"), "written"),
        (Term("a", " . "), "spoken"),
        (Term("a" * 101, "a"), "written"),
        (Term("a", "b", note="x" * 501), "note"),
    ],
)
def test_entries_are_checked(newsroom, term, field):
    with pytest.raises(Invalid) as refusal:
        newsroom.terms.put(term, "sen")
    assert refusal.value.field == field
    assert newsroom.terms.all() == []


def test_new_articles_are_read_by_the_dictionary(newsroom, hand_in, work_all):
    newsroom.terms.put(Term("đồng", "cánh đồng"), "sen")
    episode_id = hand_in(paragraphs=("Bà con ra đồng. Trời nắng.",))
    work_all()
    assert (
        newsroom.episodes.get(episode_id).sentences[1].spoken == "Bà con ra cánh đồng."
    )


def test_mentions_are_sentences_nobody_edited(newsroom, hand_in, work_all):
    episode_id = hand_in(paragraphs=("HTX họp. Trời nắng. HTX nghỉ. Htx vui.",))
    work_all()
    newsroom.episodes.say_otherwise(episode_id, 4, "nghỉ", "sen")
    work_all()
    (mention,) = newsroom.terms.mentions("HTX")
    assert (mention.episode_id, mention.sentences) == (episode_id, (2, 5))
    assert newsroom.terms.mentions("100%") == []


def test_an_audition_is_spoken_before_all_other_work(newsroom, hand_in, work_all):
    hand_in()
    number = newsroom.auditions.ask("hợp tác xã", "")
    assert work_all(most=1) == ["audition"]
    found = newsroom.auditions.get(number)
    assert found.state == "ready"
    assert newsroom.clips.get(found.clip)
    unknown = newsroom.auditions.ask("a", "nobody")
    work_all()
    assert newsroom.auditions.get(unknown).error
    with pytest.raises(Invalid):
        newsroom.auditions.ask("…", "")
