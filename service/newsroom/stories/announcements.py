"""Announcements (thông báo): what people must remember, which stations may have read twice."""

import unicodedata

TOPIC = "thông báo"
# How their titles begin, as communes write them.
OPENINGS = ("thông báo", "giấy mời", "thư mời", "kính mời", "mời ", "lịch ", "tuyển ")


def is_announcement(title: str, topic: str, evergreen: bool = False) -> bool:
    """Whether a story is one: by its topic, its title, or its mark (thông báo dùng lâu dài)."""
    plain = unicodedata.normalize("NFC", title).casefold().lstrip()
    of_topic = unicodedata.normalize("NFC", topic).casefold().strip() == TOPIC
    return evergreen or of_topic or plain.startswith(OPENINGS)
