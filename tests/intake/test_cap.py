"""Alerts of CAP 1.2: what is read of them, and what is turned away, by the element at fault."""

from datetime import datetime

import pytest

from service.intake import Rejected
from service.intake.cap import LARGEST_ALERT_BYTES, NAMESPACE, AlertKind, parse_cap


def cap(infos=None, **elements):
    """An alert as weather services write them; an element given as None is left out."""
    head = {
        "identifier": "VN-2026-0071",
        "sender": "canhbao@kttv.example",
        "sent": "2026-11-24T15:00:00+07:00",
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
    } | elements
    lines = [
        f"<{name}>{value}</{name}>" for name, value in head.items() if value is not None
    ]
    body = "".join([*lines, info() if infos is None else "".join(infos)])
    return f'<?xml version="1.0" encoding="UTF-8"?><alert xmlns="{NAMESPACE}">{body}</alert>'.encode()


def info(area="Xã Suối Lành", **elements):
    values = {
        "language": "vi-VN",
        "category": "Met",
        "event": "Lũ quét",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Likely",
        "effective": "2026-11-24T15:00:00+07:00",
        "expires": "2026-11-24T21:30:00+07:00",
        "headline": "Cảnh báo lũ quét trên suối Lành",
        "description": "Nước suối đang lên nhanh",
        "instruction": "Bà con rời khỏi khu vực ven suối.\n\nKhông qua ngầm tràn.",
    } | elements
    lines = [
        f"<{name}>{value}</{name}>"
        for name, value in values.items()
        if value is not None
    ]
    return f"<info>{''.join(lines)}<area><areaDesc>{area}</areaDesc></area></info>"


def test_an_alert_is_read_with_its_area_what_to_do_and_its_end():
    alert = parse_cap(cap())
    assert alert.kind is AlertKind.ALERT
    assert alert.cap_id == "canhbao@kttv.example,VN-2026-0071,2026-11-24T15:00:00+07:00"
    assert alert.title == "Cảnh báo lũ quét trên suối Lành"
    assert alert.paragraphs == (
        "Khu vực: Xã Suối Lành.",
        "Mức độ: nghiêm trọng.",
        "Nước suối đang lên nhanh.",
        "Bà con rời khỏi khu vực ven suối.",
        "Không qua ngầm tràn.",
        "Cảnh báo có hiệu lực từ 15h ngày 24/11/2026 đến 21h30 ngày 24/11/2026.",
    )
    assert alert.severity == "Severe"
    assert alert.expires_at == datetime.fromisoformat("2026-11-24T21:30:00+07:00")


def test_a_drill_says_so_first():
    assert (
        parse_cap(cap(status="Exercise")).title
        == "Đây là diễn tập. Cảnh báo lũ quét trên suối Lành"
    )


def test_the_vietnamese_info_is_read_and_all_of_its_kind():
    english = info(
        language="en-US",
        headline="Flash flood",
        expires="2026-11-30T00:00:00Z",
        severity="Extreme",
    )
    other = info(
        area="Xã Bản Lầu", severity="Minor", expires="2026-11-25T01:00:00+07:00"
    )
    alert = parse_cap(cap([english, info(), other]))
    assert alert.title == "Cảnh báo lũ quét trên suối Lành"
    assert "Flash flood" not in " ".join(alert.paragraphs)
    assert {"Khu vực: Xã Suối Lành.", "Khu vực: Xã Bản Lầu."} <= set(alert.paragraphs)
    assert alert.severity == "Severe"
    assert alert.expires_at == datetime.fromisoformat("2026-11-25T01:00:00+07:00")
    unnamed = parse_cap(cap([info(language=None)]))
    assert unnamed.title == "Cảnh báo lũ quét trên suối Lành"


def test_an_alert_without_a_headline_or_an_end():
    alert = parse_cap(
        cap([info(headline=None, expires=None, onset="2026-11-24T16:00:00+07:00")])
    )
    assert alert.title == "Cảnh báo: Lũ quét"
    assert alert.expires_at is None
    assert not any("hiệu lực" in text for text in alert.paragraphs)


def test_updates_and_cancels_name_what_they_are_about():
    about = "canhbao@kttv.example,VN-2026-0071,2026-11-24T15:00:00+07:00"
    assert parse_cap(cap(msgType="Update", references=about)).references == (about,)
    cancel = parse_cap(cap([], msgType="Cancel", references=f"{about} a,b,c"))
    assert (cancel.kind, cancel.references, cancel.paragraphs) == (
        AlertKind.CANCEL,
        (about, "a,b,c"),
        (),
    )


@pytest.mark.parametrize(
    ("data", "field", "reason"),
    [
        (b"", "cap", "not_xml"),
        (b"<alert>", "cap", "not_xml"),
        (cap().replace(b"cap:1.2", b"cap:1.1"), "cap", "not_cap"),
        (b"x" * (LARGEST_ALERT_BYTES + 1), "cap", "too_large"),
        (cap(status="Test"), "status", "not_actual"),
        (cap(status="Draft"), "status", "not_actual"),
        (cap(status="System"), "status", "not_actual"),
        (cap(status="Wrong"), "status", "unknown_value"),
        (cap(msgType="Ack"), "msgType", "not_an_alert"),
        (cap(scope="Private"), "scope", "not_public"),
        (cap(sender=None), "sender", "missing"),
        (cap(identifier="có dấu cách"), "identifier", "not_a_name"),
        (cap(sent="hôm nay"), "sent", "not_a_time"),
        (cap(sent="2026-11-24T15:00:00"), "sent", "not_a_time"),
        (cap(msgType="Update"), "references", "missing"),
        (cap(msgType="Cancel", references="chỉ-mã"), "references", "not_references"),
        (cap([]), "info", "missing"),
        (cap([info(language="en-US")]), "info.language", "not_vietnamese"),
        (cap([info(severity="Bad")]), "info.severity", "unknown_value"),
        (cap([info(headline=None, event=None)]), "info.event", "missing"),
        (
            cap([info(expires="2026-11-24T14:00:00+07:00")]),
            "info.expires",
            "ends_before",
        ),
        (cap([info(description="dài " * 2_000)]), "info.description", "too_long"),
        (cap([info()] * 21), "info", "too_many"),
    ],
)
def test_what_cannot_be_broadcast_is_turned_away_by_the_element_at_fault(
    data, field, reason
):
    with pytest.raises(Rejected) as refused:
        parse_cap(data)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert refused.value.message_vi


def test_nothing_outside_the_document_is_looked_at(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("mật khẩu", encoding="utf-8")
    for declared in (
        f'<!DOCTYPE alert [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        '<!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/alert.dtd">',
    ):
        data = cap([info(description="&x;" if "ENTITY" in declared else "Lũ")])
        with pytest.raises(Rejected) as refused:
            parse_cap(data.replace(b"?><alert", f"?>{declared}<alert".encode()))
        assert refused.value.field == "cap"


def test_of_very_many_areas_it_is_said_how_many_are_not_named():
    areas = "".join(f"<area><areaDesc>Xã {n}</areaDesc></area>" for n in range(1, 103))
    alert = parse_cap(cap([info("Xã 0").replace("</info>", f"{areas}</info>")]))
    (where,) = [text for text in alert.paragraphs if text.startswith("Khu vực")]
    assert where.endswith("Xã 99; và 3 khu vực khác.")
