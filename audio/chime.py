"""The chimes there are, without their sounds: who only names them needs no numpy."""

from enum import StrEnum


class Chime(StrEnum):
    """What sounds between words."""

    OPENING = "opening"  # nhạc hiệu
    BETWEEN = "between"  # from one story to the next
    CLOSING = "closing"
    ALERT = "alert"  # before an urgent warning
    BED = "bed"  # calm music that can be repeated without an end


CHIMES = {  # as people here call them
    Chime.OPENING: "Nhạc hiệu mở đầu",
    Chime.BETWEEN: "Tiếng chuyển giữa các tin",
    Chime.CLOSING: "Nhạc hiệu kết thúc",
    Chime.ALERT: "Tín hiệu báo tin khẩn",
    Chime.BED: "Nhạc nền",
}
