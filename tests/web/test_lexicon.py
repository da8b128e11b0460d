"""The dictionary at the desk: from a marked word to episodes read anew."""

import io
import re

import pytest

from service.newsroom.values import Grant, NewArticle, Role, State, Station, Term
from tests.house import PASSWORD, Browser


def test_a_marked_word_becomes_an_entry_and_its_sentences_are_read_anew(
    newsroom, client, editor, hand_in, work_all
):
    episode_id = hand_in(paragraphs=("Công ty XYZK họp. Trời nắng. XYZK nghỉ.",))
    work_all()
    sheet = client.get(f"/desk/episodes/{episode_id}").text
    link = re.search(r'href="(/desk/terms\?written=XYZK[^"]*)"', sheet)[1]
    assert 'value="XYZK"' in client.get(link.replace("&amp;", "&")).text
    shown = editor(
        "/desk/terms", written="XYZK", spoken="ích dét", match_case="on"
    ).text
    assert "1 bài sẽ đọc khác" in shown
    assert "<ins>Công ty ích dét họp.</ins>" in shown
    editor("/desk/terms/1/apply", page="/desk/terms/1", episodes=str(episode_id))
    episode = newsroom.episodes.get(episode_id)
    assert (episode.state, episode.version) == (State.WRITTEN, 2)
    work_all()
    episode = newsroom.episodes.get(episode_id)
    assert (episode.rendering.engine_calls, episode.rendering.clips_reused) == (2, 2)
    assert episode.sentences[3].spoken == "ích dét nghỉ."
    assert "Không có bài nào cần đọc lại" in client.get("/desk/terms/1").text
    assert "từ điển: cách đọc “XYZK”" in client.get(f"/desk/episodes/{episode_id}").text


def test_an_entry_changes_no_news_that_is_heard_beyond_its_editor_s_stations(
    app, newsroom, work_all
):
    newsroom.stations.put(Station("xa-ben", "Đài Xã Bến"))
    own, shared = [
        newsroom.articles.receive(
            NewArticle(f"Tin {n}", ("Công ty XYZK họp.",), f"{n}", stations), "test"
        ).episode_id
        for n, stations in enumerate((("suoi-lanh",), ("suoi-lanh", "xa-ben")))
    ]
    work_all()
    newsroom.people.add("chi", PASSWORD, [Grant(Role.EDITOR, "suoi-lanh")])
    desk = Browser(app, "chi")
    entry = {"written": "XYZK", "spoken": "ích dét", "station": "suoi-lanh"}
    page = desk.send("/desk/terms", "/desk/terms", **entry)
    assert "2 bài sẽ đọc khác" in page.text
    answer = desk.send("/desk/terms/1/apply", "/desk/terms/1", episodes=[own, shared])
    assert "1 bài còn phát ở đài khác" in answer.text
    assert newsroom.episodes.get(own).version == 2
    assert newsroom.episodes.get(shared).version == 1


def test_wrong_entries_are_told_at_their_field(editor, newsroom):
    answer = editor("/desk/terms", written="XYZK", spoken=" ")
    assert answer.status_code == 422
    assert 'id="spoken-loi"' in answer.text
    assert 'value="XYZK"' in answer.text
    assert newsroom.terms.all() == []


def test_tsv_out_and_in(editor, client, newsroom):
    newsroom.terms.put(Term("HTX", "hợp tác xã", note="chung"), "a")
    newsroom.terms.put(Term("cao bồ", "cao bồ ta", "suoi-lanh", match_case=False), "a")
    text = client.get("/desk/terms.tsv").text
    newsroom.terms.remove(1, "a")
    taken = editor("/desk/terms/import", file=(io.BytesIO(text.encode()), "a.tsv"))
    assert "Đã nhận 2 mục từ" in taken.text
    assert client.get("/desk/terms.tsv").text == text
    for wrong, told in (
        (b"a\tb\n", "Dòng đầu"),
        (b"written\tspoken\nHTX\n", "Dòng 2"),
        (b"written\tspoken\tstation\na\tb\tkhac\n", "khac"),
        (b"\xff\x00", "văn bản"),
        (b"written\tspoken\na\t" + b"b" * 200_000, "bảng tính"),
        (b"written\tspoken\rHTX\r", "Dòng 2"),
    ):
        answer = editor("/desk/terms/import", file=(io.BytesIO(wrong), "a.tsv"))
        assert answer.status_code == 422
        assert told in answer.text
    assert len(newsroom.terms.all()) == 2


def test_words_are_heard_before_they_are_saved(client, editor, work_all, newsroom):
    waiting = editor("/desk/audition", spoken="hợp tác xã")
    assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "1")
    assert "Máy đang đọc" in waiting.text
    work_all()
    answer = client.get(waiting.request.path)
    assert (answer.status_code, answer.mimetype, answer.data[:4]) == (
        200,
        "audio/wav",
        b"RIFF",
    )
    assert editor("/desk/audition", spoken="…").status_code == 422
    assert newsroom.terms.all() == []


def test_an_audition_whose_voice_fails_is_told_in_words_and_is_no_fault_of_the_house(
    client, editor, work_all, newsroom
):
    lost, failed = (
        newsroom.auditions.ask("hợp tác xã", ""),
        newsroom.auditions.ask("a", "nobody"),
    )
    assert client.get(f"/desk/auditions/{failed}").status_code == 202
    work_all()
    answer = client.get(f"/desk/auditions/{failed}")
    assert (answer.status_code, answer.mimetype) == (424, "text/plain")
    assert answer.text == newsroom.auditions.get(failed).error
    for key in list(newsroom.files.keys("clips/")):
        newsroom.files.delete(key)
    assert client.get(f"/desk/auditions/{lost}").status_code == 410
    assert client.get("/desk/auditions/99").status_code == 404


def test_who_only_looks_changes_nothing(client, newsroom):
    newsroom.people.add("nhìn", PASSWORD, Role.OPERATOR)
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', client.get("/desk/login").text
    )[1]
    client.post(
        "/desk/login", data={"csrf_token": token, "name": "nhìn", "password": PASSWORD}
    )
    page = client.get("/desk/terms")
    assert page.status_code == 200
    assert "Thêm hoặc sửa" not in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    assert (
        client.post(
            "/desk/terms", data={"csrf_token": token, "written": "a", "spoken": "b"}
        ).status_code
        == 403
    )


@pytest.mark.parametrize(
    "written",
    [
        "=cmd|' /C calc'!A0",
        "@SUM(A1)",
        "+84",
        "-1",
        '"=1+1"',
        "'Sơn",
        "'=1",
        "''@x",
        "＝1",
        '"a',
    ],
)
def test_no_cell_of_the_dictionary_is_a_formula_and_all_come_back(
    editor, client, newsroom, written
):
    newsroom.terms.put(Term(written, written, "", True, written), "lan")
    text = client.get("/desk/terms.tsv").text
    (line,) = [line for line in text.splitlines() if written in line]
    assert all(cell[0] in "'y" for cell in line.split("\t") if cell)
    (term,) = newsroom.terms.all()
    newsroom.terms.remove(term.id, "lan")
    editor("/desk/terms/import", file=(io.BytesIO(text.encode()), "a.tsv"))
    (back,) = newsroom.terms.all()
    assert (back.written, back.spoken, back.note) == (written, written, written)
    assert client.get("/desk/terms.tsv").text == text


@pytest.mark.parametrize(
    "bad", ["x" * 101 + "\tđọc", "chữ\t" + "x" * 301, "a\tb\t\t\t" + "x" * 501]
)
def test_a_file_with_one_entry_at_fault_brings_none(editor, newsroom, bad):
    good = [f"chữ {n}\tđọc {n}" for n in range(11)]
    for place in (0, 5, 11):
        lines = [
            "written\tspoken\tstation\tmatch_case\tnote",
            *good[:place],
            bad,
            *good[place:],
        ]
        answer = editor(
            "/desk/terms/import", file=(io.BytesIO("\n".join(lines).encode()), "a.tsv")
        )
        assert answer.status_code == 422
        assert f"Mục thứ {place + 1} " in answer.text
        assert newsroom.terms.all() == []
