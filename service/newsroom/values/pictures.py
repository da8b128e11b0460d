"""Pictures that articles name."""

from dataclasses import dataclass
from enum import StrEnum


class PictureState(StrEnum):
    """What became of a picture that an article names."""

    WAITING = "waiting"  # not fetched yet
    KEPT = "kept"
    REFUSED = "refused"


class PictureSize(StrEnum):
    """What is made of a picture; every article's has all three."""

    LARGE = "large"  # for its article's page, and previews of links to it
    CARD = "card"  # beside its title, in lists
    COVER = "cover"  # square, as podcast apps want an episode's


PICTURES_VI = {
    PictureState.WAITING: "đang chờ tải",
    PictureState.KEPT: "đã lưu",
    PictureState.REFUSED: "không dùng được",
}
PICTURE_SIZES_VI = {
    PictureSize.LARGE: "ảnh lớn",
    PictureSize.CARD: "ảnh nhỏ",
    PictureSize.COVER: "ảnh bìa vuông",
}


@dataclass(frozen=True, slots=True)
class MadePicture:
    """What was made of a picture: JPEG by size.

    `digest` is that of what it was made of, SHA-256 in hexadecimal.

    `width` and `height` (pixels) are those of the large one.
    """

    digest: str
    width: int
    height: int
    sizes: dict[PictureSize, bytes]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it stands; `why` tells people why it was refused.

    Figures are those of the large one.
    """

    address: str
    state: PictureState
    digest: str = ""
    width: int = 0
    height: int = 0
    bytes: int = 0
    why: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Illustration:
    """The picture of an edition, which is kept here:
    its large one in pixels and bytes, and its caption.
    """

    digest: str
    width: int
    height: int
    bytes: int
    caption: str

    def path(self, size: PictureSize | str) -> str:
        """Where it is on our own site."""
        return f"/pictures/{self.digest}/{PictureSize(size)}.jpg"
