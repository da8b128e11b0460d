"""Nothing vanishes unseen: what intake left out is told by the API, on the form and on the proof
sheet.
"""

import io
import re

import pytest

from service.intake import Why
from service.newsroom.values import Role
from service.web.words import LEFT_OUT

PASSWORD = "mot-mat-khau-dai-va-kho-doan"
SENTENCE = "Sáng nay, hơn một trăm hộ dân ba thôn đã góp ngày công quét dọn đường làng."
PAGE = f"""Trang chủ
Tin trong xã
Xã ra quân dọn vệ sinh
03/11/2025 09:10
{SENTENCE}
Toàn cảnh buổi ra quân.
Mời bà con tiếp tục giữ gìn.
Tin khác
Bế giảng lớp may"""
RTF = rb"{\rtf1\ansi H\u7885?p d\u226?n\par T\u7889?i nay h\u7885?p t\u7841?i th\u244?n.\par}"


@pytest.fixture
def key(newsroom):
    return {"Authorization": f"Bearer {newsroom.people.add_key('portal', Role.EDITOR)}"}


@pytest.fixture
def editor(app, client, newsroom):
    app.config["WTF_CSRF_ENABLED"] = False
    newsroom.people.add("sen", PASSWORD, Role.EDITOR)
    answer = client.post("/desk/login", data={"name": "sen", "password": PASSWORD})
    assert answer.status_code == 303
    return client


def test_every_reason_has_one_vietnamese_name():
    assert set(LEFT_OUT) == set(Why)
    assert len(set(LEFT_OUT.values())) == len(LEFT_OUT)


def test_the_api_tells_what_is_not_read_and_what_is_doubted(client, key):
    answer = client.post(
        "/api/v1/articles", json={"body": PAGE, "format": "page"}, headers=key
    )
    assert answer.status_code == 202
    assert {"text": "Bế giảng lớp may", "why": "related"} in answer.json["left_out"]
    assert answer.json["doubts"] == []
    whole = client.get(answer.json["article"], headers=key).json
    assert [line["text"] for line in whole["left_out"]] == [
        line["text"] for line in answer.json["left_out"]
    ]


@pytest.mark.parametrize("address", ["/api/v1/articles", "/api/v1/articles/file"])
def test_the_api_takes_a_file(client, key, address):
    form = {"file": (io.BytesIO(RTF), "hop.rtf"), "stations": "suoi-lanh"}
    answer = client.post(address, data=form, headers=key)
    assert answer.status_code == 202, answer.text
    article = client.get(answer.json["article"], headers=key).json
    assert (article["title"], article["paragraphs"]) == (
        "Họp dân",
        ["Tối nay họp tại thôn."],
    )


def test_a_file_that_cannot_be_read_says_what_to_do(client, key):
    form = {"file": (io.BytesIO(b"\xd0\xcf\x11\xe0" + b"\0" * 600), "bai.doc")}
    answer = client.post("/api/v1/articles", data=form, headers=key)
    assert (answer.status_code, answer.json["reason"]) == (422, "old_word")
    assert ".docx" in answer.json["message_vi"]


def form(**changes):
    return {
        "format": "page",
        "stations": "suoi-lanh",
        "priority": "normal",
        "body": PAGE,
    } | changes


def test_the_preview_shows_what_is_left_out_and_one_press_takes_it_back(editor):
    shown = editor.post("/desk/new", data=form(preview="1")).text
    assert "Toàn cảnh buổi ra quân." in shown
    assert "chú thích ảnh" in shown
    shown = editor.post(
        "/desk/new", data=form(take_back="Toàn cảnh buổi ra quân.")
    ).text
    assert '<input type="hidden" name="kept" value="Toàn cảnh buổi ra quân.">' in shown
    assert "<s>Toàn cảnh buổi ra quân.</s>" not in shown


def test_what_was_taken_back_in_the_preview_is_handed_in_where_it_stood(
    editor, newsroom
):
    sent = editor.post("/desk/new", data=form(kept="Toàn cảnh buổi ra quân.", send="1"))
    number = int(re.search(r"/episodes/(\d+)", sent.headers["Location"])[1])
    article = newsroom.articles.get(newsroom.episodes.get(number).article_id)
    assert (article.lead, article.paragraphs) == (
        SENTENCE,
        ("Toàn cảnh buổi ra quân.", "Mời bà con tiếp tục giữ gìn."),
    )


def test_one_press_on_the_proof_sheet_takes_a_line_back(editor, client, key, newsroom):
    told = client.post(
        "/api/v1/articles", json={"body": PAGE, "format": "page"}, headers=key
    ).json
    number = told["episode"].rpartition("/")[2]
    assert "<s>Bế giảng lớp may</s>" in editor.get(f"/desk/episodes/{number}").text
    taken = editor.post(
        f"/desk/episodes/{number}/take-back", data={"text": "Bế giảng lớp may"}
    )
    assert taken.status_code == 303
    article = newsroom.articles.get(int(told["article"].rpartition("/")[2]))
    assert article.paragraphs[-1] == "Bế giảng lớp may"
    assert "Bế giảng lớp may" not in [line.text for line in article.left_out]
    assert len(article.left_out) == len(told["left_out"]) - 1
    again = editor.post(
        f"/desk/episodes/{number}/take-back", data={"text": "Bế giảng lớp may"}
    )
    assert again.status_code == 422


def test_a_file_on_the_form_is_a_preview_to_be_sent(editor, newsroom):
    file = form(file=(io.BytesIO(RTF), "hop.rtf"), format="text", body="")
    shown = editor.post("/desk/new", data=file, content_type="multipart/form-data").text
    assert "Máy hiểu bài như sau" in shown
    assert 'value="Họp dân"' in shown
    assert "Tối nay họp tại thôn." in shown


def test_several_files_are_articles_each_and_a_bad_one_is_told_by_its_name(
    editor, newsroom
):
    files = [
        (io.BytesIO(RTF), "hop.rtf"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0" + b"\0" * 600), "cu.doc"),
        (io.BytesIO("Tin vui\nMưa đã về.".encode()), "mua.txt"),
    ]
    sent = editor.post(
        "/desk/new",
        data=form(file=files, format="text", body=""),
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303
    shown = editor.get("/desk").text
    assert "cu.doc: " in shown
    titles = {card.title for card in newsroom.episodes.cards()[0]}
    assert {"Họp dân", "Tin vui"} <= titles
