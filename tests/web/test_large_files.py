"""Word files with telephones' photos in them are larger than any text: editors may send them."""

import io
import random

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from service.newsroom.values import Role
from tests.intake.test_crossed_out import paragraph
from tests.intake.test_enclosed import news, picture, word

PHOTO = random.Random(7).randbytes(6 << 20)  # which no zip makes smaller


@pytest.fixture(scope="module")
def large():
    return word(*news(paragraph(picture("a"))), a=PHOTO)


def posted(client, address, headers=(), **form):
    """A form with a file. The test client itself would leave a large one open."""
    boundary, body = encode_multipart(form)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.post(
        address, data=body, content_type=kind, headers=dict(headers), buffered=True
    )


def sent(client, newsroom, role, data, name="tin.docx"):
    key = {"Authorization": f"Bearer {newsroom.people.add_key('cms', role)}"}
    file = FileStorage(io.BytesIO(data), name)
    return posted(client, "/api/v1/articles", key, file=file, stations="suoi-lanh")


def test_an_editor_sends_a_word_file_of_several_megabytes(client, newsroom, large):
    assert sent(client, newsroom, Role.EDITOR, large).status_code == 202


def test_nobody_else_does(client, newsroom, large):
    assert sent(client, newsroom, Role.OPERATOR, large).status_code == 403


def test_a_text_may_be_no_larger_than_before(client, newsroom, large):
    answer = sent(client, newsroom, Role.EDITOR, b"a b " * (2 << 20), "tin.txt")
    assert (answer.status_code, answer.json["reason"]) == (413, "too_large")
    key = {"Authorization": f"Bearer {newsroom.people.add_key('p', Role.EDITOR)}"}
    body = {"body": "a b " * (2 << 20)}
    assert client.post("/api/v1/articles", json=body, headers=key).status_code == 413


def test_a_document_has_an_end_too(client, newsroom, large):
    answer = sent(client, newsroom, Role.EDITOR, large + b"\0" * (11 << 20))
    assert answer.status_code == 413


def test_the_form_takes_it(app, client, newsroom, large):
    app.config["WTF_CSRF_ENABLED"] = False
    newsroom.people.add("sen", "mot-mat-khau-dai-va-kho-doan", Role.EDITOR)
    client.post(
        "/desk/login", data={"name": "sen", "password": "mot-mat-khau-dai-va-kho-doan"}
    )
    file = FileStorage(io.BytesIO(large), "tin.docx")
    form = {"stations": "suoi-lanh", "format": "text", "priority": "normal"}
    answer = posted(client, "/desk/new", file=file, **form)
    assert answer.status_code == 200
    assert "Máy hiểu bài như sau" in answer.text
