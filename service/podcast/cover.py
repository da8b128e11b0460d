"""Cover art, drawn: a horn, its waves, and the show's name. Square JPEG, as podcast apps want it."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageDraw, ImageFont

FULL = 1500  # pixels; Apple takes 1400 to 3000
PAPER = "#fdf8ef"
PALETTE = ("#0f5c4d", "#8a3b12", "#1e4e8c", "#7a2e5d", "#5b5a10", "#7b2d26")  # each ≥ 5:1 against the paper


@lru_cache(maxsize=64)
def cover(title: str, subtitle: str = "", size: int = FULL) -> bytes:
    """The cover of a show; the same name always has the same colour."""
    colour = PALETTE[crc32(title.encode()) % len(PALETTE)]
    picture = Image.new("RGB", (FULL, FULL), colour)
    draw = ImageDraw.Draw(picture)
    _horn(draw, colour)
    size_px = 150
    while size_px > 60 and len(_wrapped(title, _font(size_px))) > 3:
        size_px -= 10
    y = 830.0
    for line in _wrapped(title, _font(size_px)):
        draw.text((110, y), line, font=_font(size_px), fill=PAPER)
        y += size_px * 1.22
    if subtitle:
        draw.text((110, 1340), subtitle, font=_font(62), fill=PAPER)
    if size != FULL:
        picture = picture.resize((size, size), Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def _horn(draw: ImageDraw.ImageDraw, colour: str) -> None:
    """A horn speaker on its pole, from the side."""
    draw.rounded_rectangle((180, 330, 330, 530), 30, fill=PAPER)
    draw.polygon([(310, 360), (660, 170), (660, 690), (310, 500)], fill=PAPER)
    draw.ellipse((600, 170, 720, 690), fill=PAPER)
    draw.ellipse((628, 215, 692, 645), fill=colour)
    draw.rectangle((235, 530, 275, 760), fill=PAPER)
    for step in range(3):
        reach = 190 + 150 * step
        draw.arc((660 - reach, 430 - reach, 660 + reach, 430 + reach), -34, 34, fill=PAPER, width=38)


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= FULL - 220:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    data = (files("service.podcast") / "fonts" / "BeVietnamPro-Bold.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size)
