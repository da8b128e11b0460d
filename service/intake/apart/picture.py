"""In the child: a picture of any kind becomes small JPEGs without anything but what is seen."""

import hashlib
import io
import warnings
from collections.abc import Callable

from PIL import Image, ImageOps

from service.intake.story import Rejected, SmallPicture

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
SMALLEST_PX = (200, 120)  # smaller ones are signs and buttons
MOST_PIXELS = 60_000_000
LARGE_PX = 1024
CARD_PX = (192, 144)
COVER_PX = 1400  # the smallest that Apple takes
PAPER = "#fdf8ef"  # as the covers of shows
QUALITY = 78


def made_small(data: bytes) -> SmallPicture:
    """The large one, the card and the cover.

    Rejected names `picture` when it is none, or not large enough to be seen.
    """
    whole = _opened(data)
    large = whole.copy()
    large.thumbnail((LARGE_PX, LARGE_PX), Image.Resampling.LANCZOS)
    sizes = {
        "large": large,
        "card": ImageOps.fit(whole, CARD_PX, Image.Resampling.LANCZOS),
        "cover": ImageOps.pad(
            whole, (COVER_PX, COVER_PX), Image.Resampling.LANCZOS, color=PAPER
        ),
    }
    encoded = {name: _jpeg(each) for name, each in sizes.items()}
    digest = hashlib.sha256(data).hexdigest()
    return SmallPicture(digest, large.width, large.height, encoded)


def _opened(data: bytes) -> Image.Image:
    """The picture as it is seen: upright, in colour, on white. Rejected when it is none."""
    opened = _read(lambda: Image.open(io.BytesIO(data), formats=KINDS))
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels(f"{width} × {height} pixels")
    if max(width, height) < SMALLEST_PX[0] or min(width, height) < SMALLEST_PX[1]:
        message_vi = "Ảnh quá nhỏ, không phải ảnh của bài."
        raise Rejected("picture", "too_small", f"{width} × {height} pixels", message_vi)
    # A JPEG of thousands of pixels need not be unpacked whole.
    opened.draft("RGB", (2 * LARGE_PX, 2 * LARGE_PX))
    return _read(lambda: _on_white(ImageOps.exif_transpose(opened)))


def _read(read: Callable[[], Image.Image]) -> Image.Image:
    """What was read; whatever Pillow stumbles over is the file's fault."""
    try:
        with warnings.catch_warnings():
            # Pillow warns at a size that we take.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return read()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(str(error)) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Rejected(
            "picture",
            "no_picture",
            f"this is no picture that can be read: {error}",
            "Tệp này không phải ảnh JPEG, PNG, WebP hay GIF đọc được.",
        ) from error


def _too_many_pixels(message: str) -> Rejected:
    return Rejected("picture", "too_many_pixels", message, "Ảnh có quá nhiều điểm ảnh.")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        layered = picture.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    """Without places, times and names of the camera, which the file may have told."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return kept.getvalue()
