"""Pictures, drawn: the cover of a show as podcast apps want it, a preview for links, the app's icon."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageDraw, ImageFont

FULL = 1500  # pixels; Apple takes 1400 to 3000
WIDE, HIGH = 1200, 630  # of a link's preview, as Open Graph's readers take it
PAPER, ACCENT = "#fdf8ef", "#0f5c4d"
PALETTE = (
    "#0f5c4d",
    "#8a3b12",
    "#1e4e8c",
    "#7a2e5d",
    "#5b5a10",
    "#7b2d26",
)  # each ≥ 5:1 against the paper


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


@lru_cache(maxsize=128)
def preview(title: str, station: str, day: str) -> bytes:
    """What messengers show of a link to an article: JPEG, 1200 by 630, the title as large as it fits."""
    colour = PALETTE[crc32(station.encode()) % len(PALETTE)]
    picture = Image.new("RGB", (WIDE, HIGH), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDE, 150), fill=colour)
    name_px = 50
    while name_px > 32 and _font(name_px).getlength(station) > WIDE - 300:
        name_px -= 2
    name = _shortened(station, _font(name_px), WIDE - 300)
    draw.text((230, 74), name, font=_font(name_px), fill=PAPER, anchor="lm")
    picture.paste(_emblem(colour, 120), (70, 15))
    size_px = 88
    while size_px > 40 and len(_wrapped(title, _font(size_px), WIDE - 140)) * size_px * 1.25 > 340:
        size_px -= 4
    y, last = 190.0, int(340 // (size_px * 1.25)) - 1
    lines = _wrapped(title, _font(size_px), WIDE - 140)
    for line in (*lines[:last], *([" ".join(lines[last:])] if lines[last:] else [])):
        draw.text(
            (70, y),
            _shortened(line, _font(size_px), WIDE - 140),
            font=_font(size_px),
            fill="#1d2522",
        )
        y += size_px * 1.25
    draw.text((70, 550), f"Nghe đọc · {day}", font=_font(34), fill=colour)
    out = BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


@lru_cache(maxsize=8)
def icon(size: int) -> bytes:
    """The app's icon: PNG, square to its edges, the horn within the circle that phones may cut out."""
    picture = Image.new("RGB", (FULL, FULL), ACCENT)
    picture.paste(_emblem(ACCENT, 900), (300, 300))
    out = BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).quantize(32).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def _emblem(colour: str, size: int) -> Image.Image:
    """The horn and its waves alone, in a square."""
    picture = Image.new("RGB", (FULL, FULL), colour)
    _horn(ImageDraw.Draw(picture), colour)
    return picture.crop((150, 30, 1150, 1030)).resize((size, size), Image.Resampling.LANCZOS)


def _horn(draw: ImageDraw.ImageDraw, colour: str) -> None:
    """A horn speaker on its pole, from the side."""
    draw.rounded_rectangle((180, 330, 330, 530), 30, fill=PAPER)
    draw.polygon([(310, 360), (660, 170), (660, 690), (310, 500)], fill=PAPER)
    draw.ellipse((600, 170, 720, 690), fill=PAPER)
    draw.ellipse((628, 215, 692, 645), fill=colour)
    draw.rectangle((235, 530, 275, 760), fill=PAPER)
    for step in range(3):
        reach = 190 + 150 * step
        draw.arc(
            (660 - reach, 430 - reach, 660 + reach, 430 + reach), -34, 34, fill=PAPER, width=38
        )


def _wrapped(text: str, font: ImageFont.FreeTypeFont, wide: int = FULL - 220) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= wide:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _shortened(text: str, font: ImageFont.FreeTypeFont, wide: int) -> str:
    """As much of a line as fits, and a mark where something is missing."""
    if font.getlength(text) <= wide:
        return text
    while text and font.getlength(f"{text}…") > wide:
        text = text[:-1].rstrip()
    return f"{text}…"


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    data = (files("service.podcast") / "fonts" / "BeVietnamPro-Bold.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size)
