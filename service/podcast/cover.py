"""Pictures, drawn: the cover of a show as podcast apps want it,
a preview for links, the app's icon.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageDraw, ImageFont

# Pixels; Apple takes 1400 to 3000.
FULL = 1500
# Of a link's preview, as Open Graph's readers take it.
WIDE, HIGH = 1200, 630
PAPER = "#fdf8ef"
INK = "#1d2522"
ACCENT = "#0f5c4d"
# Each at least 5:1 against the paper.
PALETTE = (
    "#0f5c4d",
    "#8a3b12",
    "#1e4e8c",
    "#7a2e5d",
    "#5b5a10",
    "#7b2d26",
)
# Of a preview: what the title may take, and how far apart its lines stand.
TITLE_WIDE = WIDE - 140
TITLE_HIGH = 340
LEADING = 1.25
# What the station's name may take, beside the emblem.
NAME_WIDE = WIDE - 300


@lru_cache(maxsize=64)
def cover(title: str, subtitle: str = "", size: int = FULL) -> bytes:
    """The cover of a show, a JPEG; the same name always has the same colour."""
    colour = _colour_of(title)
    picture = Image.new("RGB", (FULL, FULL), colour)
    draw = ImageDraw.Draw(picture)
    _horn(draw, colour)
    size_px = _largest(150, 60, 10, lambda px: len(_wrapped(title, _font(px))) <= 3)
    y = 830.0
    for line in _wrapped(title, _font(size_px)):
        draw.text((110, y), line, font=_font(size_px), fill=PAPER)
        y += size_px * 1.22
    if subtitle:
        draw.text((110, 1340), subtitle, font=_font(62), fill=PAPER)
    if size != FULL:
        picture = picture.resize((size, size), Image.Resampling.LANCZOS)
    return _jpeg(picture, quality=88)


@lru_cache(maxsize=128)
def preview(title: str, station: str, day: str) -> bytes:
    """What messengers show of a link to an article: JPEG,
    1200 by 630, the title as large as it fits.
    """
    colour = _colour_of(station)
    picture = Image.new("RGB", (WIDE, HIGH), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDE, 150), fill=colour)
    _draw_name(draw, station)
    picture.paste(_emblem(colour, 120), (70, 15))
    _draw_title(draw, title)
    draw.text((70, 550), f"Nghe đọc · {day}", font=_font(34), fill=colour)
    return _jpeg(picture, quality=85)


def _draw_name(draw: ImageDraw.ImageDraw, station: str) -> None:
    """The station's name in the band at the top, on one line."""
    font = _font(
        _largest(50, 32, 2, lambda px: _font(px).getlength(station) <= NAME_WIDE)
    )
    name = _shortened(station, font, NAME_WIDE)
    draw.text((230, 74), name, font=font, fill=PAPER, anchor="lm")


def _draw_title(draw: ImageDraw.ImageDraw, title: str) -> None:
    """The title below it; what no size makes fit ends with a mark on the last line."""

    def fits(px: int) -> bool:
        return len(_wrapped(title, _font(px), TITLE_WIDE)) * px * LEADING <= TITLE_HIGH

    size_px = _largest(88, 40, 4, fits)
    font = _font(size_px)
    lines = _wrapped(title, font, TITLE_WIDE)
    last = int(TITLE_HIGH // (size_px * LEADING)) - 1
    rest = " ".join(lines[last:])
    y = 190.0
    for line in (*lines[:last], *([rest] if rest else [])):
        draw.text((70, y), _shortened(line, font, TITLE_WIDE), font=font, fill=INK)
        y += size_px * LEADING


def _largest(most: int, least: int, step: int, fits: Callable[[int], bool]) -> int:
    """The largest size in pixels that fits, or about the least."""
    size_px = most
    while size_px > least and not fits(size_px):
        size_px -= step
    return size_px


def _colour_of(name: str) -> str:
    return PALETTE[crc32(name.encode()) % len(PALETTE)]


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


@lru_cache(maxsize=8)
def icon(size: int) -> bytes:
    """The app's icon: PNG, square to its edges,
    the horn within the circle that phones may cut out.
    """
    picture = Image.new("RGB", (FULL, FULL), ACCENT)
    picture.paste(_emblem(ACCENT, 900), (300, 300))
    smaller = picture.resize((size, size), Image.Resampling.LANCZOS)
    out = BytesIO()
    smaller.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=1)
def favicon() -> bytes:
    """The icon for programs that read no page: /favicon.ico, in the sizes of tabs and lists."""
    out = BytesIO()
    with Image.open(BytesIO(icon(192))) as picture:
        picture.save(out, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return out.getvalue()


def _emblem(colour: str, size: int) -> Image.Image:
    """The horn and its waves alone, in a square."""
    picture = Image.new("RGB", (FULL, FULL), colour)
    _horn(ImageDraw.Draw(picture), colour)
    horn = picture.crop((150, 30, 1150, 1030))
    return horn.resize((size, size), Image.Resampling.LANCZOS)


def _horn(draw: ImageDraw.ImageDraw, colour: str) -> None:
    """A horn speaker on its pole, from the side."""
    draw.rounded_rectangle((180, 330, 330, 530), 30, fill=PAPER)
    draw.polygon([(310, 360), (660, 170), (660, 690), (310, 500)], fill=PAPER)
    draw.ellipse((600, 170, 720, 690), fill=PAPER)
    draw.ellipse((628, 215, 692, 645), fill=colour)
    draw.rectangle((235, 530, 275, 760), fill=PAPER)
    # Its waves: arcs around the mouth.
    for reach in (190, 340, 490):
        box = (660 - reach, 430 - reach, 660 + reach, 430 + reach)
        draw.arc(box, -34, 34, fill=PAPER, width=38)


def _wrapped(
    text: str, font: ImageFont.FreeTypeFont, wide: int = FULL - 220
) -> list[str]:
    """The text in lines no wider than so many pixels; a word alone may be."""
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
    font = files("service.podcast") / "fonts" / "BeVietnamPro-Bold.ttf"
    data = font.read_bytes()
    return ImageFont.truetype(BytesIO(data), size)
