"""A mailbox is a source: its letters are drafts, each once, whoever says to have sent them."""

import os
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from service.actions.mailboxes import is_from
from service.actions.sources import try_now
from service.guard import Guard
from service.intake import Rejected
from service.intake.mailbox import LARGEST_LETTER_BYTES, Mailbox, new_letters
from service.newsroom.values import ArticleDoubt, NewSource, SourceEvent, Station
from tests.audio.edge_stand_in import certify
from tests.workers.dovecot import PASSWORD, Dovecot
from tests.workers.test_sources import SLUG, START, Hands, poll_until

NEWS = "Sáng mai thôn Một họp bàn việc làm đường.\n\nMời bà con đến đông đủ."
TEXT = f"Kính gửi Đài xã,\n\n{NEWS}\n\nTrân trọng,\nLan Anh"
LONG = f"Kính gửi Đài xã,\n\n{NEWS} {'Thôn Hai cắt điện từ bảy giờ sáng. ' * 5}"
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="Dovecot is started by root"
)


@pytest.fixture(scope="module")
def dovecot():
    server = Dovecot()
    yield server
    server.close()


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def room(newsroom):
    newsroom.stations.put(Station(SLUG, "Đài Suối Lành", approval="trusted"))
    return newsroom


def letter(
    name,
    subject="Họp thôn",
    text=TEXT,
    sender="Lan Anh <lan@xa.example>",
    files=(),
    at=START,
):
    mail = EmailMessage()
    mail["Message-ID"], mail["Subject"] = f"<{name}@xa.example>", subject
    mail["From"], mail["Date"] = sender, format_datetime(at + timedelta(minutes=5))
    mail.set_content(text)
    for file, data in files:
        mail.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=file
        )
    return mail.as_bytes()


def unread(letter):
    return [letter]


def mailbox(dovecot, **more):
    url = f"imap://{dovecot.user.replace('@', '%40')}@127.0.0.1:{dovecot.port}/INBOX"
    settings = {
        "stations": (SLUG,),
        "secret": PASSWORD,
        "trusted": True,
        "minutes": 30,
    } | more
    return NewSource(name="Hộp thư xã", kind="mailbox", url=url, **settings)


@needs_root
def test_letters_and_their_documents_become_drafts_once_each(room, clock, dovecot):
    word = b"{\\rtf1 Lich tiem\\par Sang thu hai tiem phong dai cho cho o thon Mot.}"
    dovecot.put(
        letter("cu", "Tin cũ", at=START - timedelta(days=40)),
        letter("1"),
        letter(
            "2",
            "Gửi đài",
            files=[("Lịch tiêm.rtf", word), ("anh.jpg", b"\xff\xd8\xff")],
        ),
        letter("3", "Tệp cũ", files=[("tin.doc", b"\xd0\xcf\x11\xe0" + bytes(99))]),
        letter("4", "Mời thầu", sender="Kẻ lạ <x@spam.example>"),
    )
    source = room.sources.add(
        mailbox(dovecot, selector="@xa.example, mai@huyen.example"), "admin"
    )
    poll_until(room, clock, START + timedelta(hours=2))
    (meeting,) = room.articles.named("<1@xa.example>")
    assert meeting.title == "Họp thôn"
    assert " ".join([meeting.lead, *meeting.paragraphs]).count("đường") == 1
    assert not any(
        "Lan Anh" in text or "Kính gửi" in text for text in meeting.paragraphs
    )
    (vaccination,) = room.articles.named("<2@xa.example>")
    assert vaccination.title == "Lich tiem"
    # Trust is for what nobody can forge: a letter waits for a person, whatever its source is
    # allowed.
    assert all(ArticleDoubt.SOURCE in each.doubts for each in (meeting, vaccination))
    journal = {line.title: line for line in room.sources.journal(source.id)}
    assert "docx" in journal["tin"].detail
    assert "spam.example" in journal["Mời thầu"].detail
    assert (
        room.articles.named("<cu@xa.example>")
        == room.articles.named("<4@xa.example>")
        == []
    )
    # Again, and what came meanwhile: each once.
    dovecot.put(letter("5", "Tin mới"), letter("1"))
    poll_until(room, clock, START + timedelta(hours=4))
    assert len(room.articles.named("<5@xa.example>")) == 1
    assert room.articles.get(meeting.id).revision == 1
    taken = [
        line
        for line in room.sources.journal(source.id)
        if line.event is SourceEvent.TAKEN
    ]
    assert len(taken) == 3
    # The people's own mailbox is left as it was
    assert b"Seen" not in b"".join(dovecot.flags())
    trial = try_now(room, mailbox(dovecot, since=START))
    assert next(each.title for each in trial if each.story) == "Họp thôn"


@needs_root
def test_a_letter_that_is_not_taken_in_is_told_with_its_sender(room, clock):
    server = Dovecot()
    try:
        attached = [(f"Tin {n}.rtf", b"{\\rtf1 Hop thon.}") for n in range(12)]
        large = letter("lon", "Tập ảnh").replace(b"\n", b"\r\n")
        server.put(
            large + b"a" * (LARGEST_LETTER_BYTES - len(large) + 1),
            letter("ma", "Bảng lạ").replace(b'charset="utf-8"', b"charset=x-khong"),
            letter("nhieu", "Mười hai tệp", files=attached),
            letter("la", "Của người lạ", sender="x@khac.example")
            + b"a" * LARGEST_LETTER_BYTES,
            letter("gan", "Tên gần giống", sender="evilmai@huyen.example"),
            letter("ai", "Không ghi ai gửi", sender=""),
            letter("ai-la", "Bảng lạ của ai", sender="").replace(
                b'charset="utf-8"', b"charset=x-khong"
            ),
            letter("quet", "Lịch cắt điện", LONG, files=[("quet.pdf", b"%PDF-1.7")]),
            letter("note", "Gửi đài", files=[("quet.pdf", b"%PDF-1.7")]),
            letter("sau", "Tin sau"),
        )
        source = room.sources.add(
            mailbox(server, selector="@xa.example; mai@huyen.example"), "admin"
        )
        poll_until(room, clock, START + timedelta(hours=2))
    finally:
        server.close()
    journal = {line.title: line.detail for line in room.sources.journal(source.id)}
    assert "quá lớn (12,1 MB" in journal["Tập ảnh"]
    assert "khac.example" in journal["Của người lạ"]
    assert "evilmai" in journal["Tên gần giống"]
    for title in ("Tập ảnh", "Bảng lạ"):
        assert "lan@xa.example" in journal[title]
        assert (
            f"{START + timedelta(hours=7, minutes=5):%H:%M %d/%m/%Y}" in journal[title]
        )
    assert "người không rõ không nằm trong" in journal["Không ghi ai gửi"]
    assert journal["Bảng lạ của ai"].startswith("Thư của người không rõ, gửi ")
    # Its document cannot be read: the news that stands in the letter is read all the same.
    assert "hỏng" in journal["quet"]
    (power_cut,) = room.articles.named("<quet@xa.example>#2")
    assert power_cut.title == "Lịch cắt điện"
    assert room.articles.named("<note@xa.example>#2") == []
    assert "12 tệp" in journal["Mười hai tệp"]
    assert len(room.articles.named("<sau@xa.example>")) == 1


@pytest.mark.parametrize(
    ("sender", "address", "expected"),
    [
        ("mai@huyen.example", "mai@huyen.example", True),
        ("mai@huyen.example", "evilmai@huyen.example", False),
        ("@xa.example", "lan@xa.example", True),
        ("xa.example", "lan@xa.example", True),
        ("@xa.example", "lan@evil.xa.example", False),
        ("xa.example", "lan@evilxa.example", False),
        ("@xa.example", "@xa.example@evil.example", False),
        ("@xa.example", "", False),
        ("mai@huyen.example", "", False),
    ],
)
def test_a_sender_is_a_whole_address_or_a_domain(sender, address, expected):
    assert is_from(address, sender) is expected


@needs_root
def test_a_wrong_password_is_told_and_the_source_tries_later(room, clock, dovecot):
    source = room.sources.add(mailbox(dovecot, secret="sai"), "admin")
    poll_until(room, clock, START + timedelta(minutes=20))
    assert room.sources.get(source.id).trouble == "Sai tên hoặc mật khẩu hộp thư."
    assert "sai" not in repr(room.sources.get(source.id))


def test_a_password_is_for_the_server_that_it_was_typed_for(room):
    there = "imaps://mai%40xa.vn@thu.xa.vn/INBOX"
    kept = NewSource("Thư", "mailbox", there, (SLUG,), secret="bí mật")
    source = room.sources.add(kept, "admin")
    for url, secret in (
        (there, "bí mật"),
        ("imaps://mai%40xa.vn@thu.khac.vn/INBOX", ""),
    ):
        room.sources.change(
            source.id, NewSource("Thư", "mailbox", url, (SLUG,)), "admin"
        )
        assert room.sources.get(source.id).settings.secret == secret


@pytest.mark.parametrize(
    "url",
    [
        "imaps://u:p@thu.xa.vn/",
        "imaps://thu.xa.vn/",
        "https://u@thu.xa.vn/",
        "imaps://u@[::1/",
        "imaps://u@thu.xa.vn:99999/",
    ],
)
def test_an_address_that_is_no_mailbox_is_refused(url):
    with pytest.raises(Rejected) as refused:
        Mailbox.parse(url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("imaps://u@169.254.169.254/", "169.254.0.0/16"),
        ("imaps://u@10.0.0.7/", ""),
        ("imap://u@8.8.8.8/", ""),
    ],
)
def test_a_mailbox_is_looked_into_where_the_guard_allows(url, opened):
    with pytest.raises(Rejected, match="not"):
        new_letters(Mailbox.parse(url), "x", Guard.parse(opened), unread)


@needs_root
def test_a_server_whose_certificate_nobody_vouches_for_gets_no_password(tmp_path):
    certificate = tmp_path / "mail.pem"
    certify(certificate, "localhost")
    server = Dovecot(f"ssl_cert = <{certificate}\nssl_key = <{certificate}")
    try:
        box = Mailbox.parse(f"imaps://mai%40xa.example@localhost:{server.port}/INBOX")
        guard = Guard.parse("127.0.0.1, ::1, localhost")
        with pytest.raises(Rejected) as refused:
            new_letters(box, PASSWORD, guard, unread)
        assert "Chứng thư" in refused.value.message_vi
        trust = ssl.create_default_context(cafile=certificate)
        assert new_letters(box, PASSWORD, guard, unread, trust=trust).news == ()
    finally:
        server.close()
