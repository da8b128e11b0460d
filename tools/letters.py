"""Adds the letters of Ê Đê, Gia Rai and Ba Na names to the house's typeface,
which its makers did not draw.

    python tools/letters.py service/podcast/fonts/BeVietnamPro-*.ttf

Needs fonttools, which nothing else does: `pip install fonttools`. Run again it changes nothing.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-not-found]
from fontTools.pens.recordingPen import DecomposingRecordingPen  # type: ignore[import-not-found]
from fontTools.pens.transformPen import TransformPen  # type: ignore[import-not-found]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

WITH_BREVE = {
    "ĕ": "e",
    "ĭ": "ı",
    "ŏ": "o",
    "ŭ": "u",
    "Ĕ": "E",
    "Ĭ": "I",
    "Ŏ": "O",
    "Ŭ": "U",
}
WITH_BAR = {"ƀ": "b", "Ƀ": "B"}
# A breve, over ê, ô, ơ and ư: which have no letter of their own with it.
BREVE = "\u0306"
# How much higher the breve stands there, of 1,000 units to the em.
OVER_CIRCUMFLEX = 200
# The bar of đ: its bottom and top.
BAR = (620, 690)
# The same of Đ.
BAR_OF_CAPITAL = (335, 405)


def contours(font: Any, name: str) -> Any:
    """The contours of a glyph as recordings, each with its bounds."""
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    part: list[Any] = []
    parts: list[Any] = []
    for step in pen.value:
        part.append(step)
        if step[0] in ("closePath", "endPath"):
            parts.append(part)
            part = []
    return [(each, bounds(each)) for each in parts]


def bounds(steps: Any) -> Any:
    """Left, bottom, right, top."""
    pen = BoundsPen(None)
    play(steps, pen)
    return pen.bounds


def play(steps: Any, pen: Any) -> None:
    """Draws a recording."""
    for name, arguments in steps:
        getattr(pen, name)(*arguments)


def add(font: Any, letter: str, glyph: Any, advance: int) -> None:
    """A new letter at the font's end."""
    # A new one: the old breve is placed by tables that paper ignores
    name = f"uni{ord(letter):04X}.house"
    font["glyf"][name] = glyph
    font["hmtx"][name] = (advance, glyph.xMin if glyph.numberOfContours else 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(letter)] = name


def over(font: Any, base: str, accent_of: str) -> Any:
    """A glyph of `base` with the topmost contour of `accent_of` over its middle.

    Its recording and the accent's.
    """
    names = font.getBestCmap()
    accent, box = max(
        contours(font, names[ord(accent_of)]), key=lambda each: each[1][1]
    )
    return contours(font, names[ord(base)]), accent, box


def with_breve(font: Any, letter: str, base: str) -> None:
    """The base and a breve, placed as ă and Ă have it."""
    body, accent, box = over(font, base, "Ă" if base.isupper() else "ă")
    left, right = min(each[1][0] for each in body), max(each[1][2] for each in body)
    pen = TTGlyphPen(None)
    for steps, _ in body:
        play(steps, pen)
    play(
        accent,
        TransformPen(pen, (1, 0, 0, 1, (left + right - box[0] - box[2]) // 2, 0)),
    )
    glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    add(font, letter, glyph, font["hmtx"][font.getBestCmap()[ord(base)]][0])


def with_bar(font: Any, letter: str, base: str) -> None:
    """The base and a bar through its stem, as long as that of đ."""
    name = font.getBestCmap()[ord(base)]
    body = contours(font, name)
    stem = min(each[1][0] for each in body)
    bottom, top = BAR_OF_CAPITAL if base.isupper() else BAR
    pen = TTGlyphPen(None)
    for steps, _ in body:
        play(steps, pen)
    left, right = stem - 60, stem + (220 if base.isupper() else 260)
    pen.moveTo((left, bottom))
    for point in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(point)
    pen.closePath()
    glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    add(font, letter, glyph, font["hmtx"][name][0])


def combining_breve(font: Any) -> None:
    """A breve without width, over the letter before it and its circumflex."""
    _, accent, box = over(font, "a", "ă")
    middle = font["hmtx"][font.getBestCmap()[ord("ê")]][0] // 2
    pen = TTGlyphPen(None)
    shift = (1, 0, 0, 1, -middle - (box[0] + box[2]) // 2, OVER_CIRCUMFLEX)
    play(accent, TransformPen(pen, shift))
    glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    add(font, BREVE, glyph, 0)


def main(paths: Sequence[str]) -> None:
    """Each font, in its place."""
    for path in map(Path, paths):
        font = TTFont(path, recalcTimestamp=False)
        for letter, base in WITH_BREVE.items():
            with_breve(font, letter, base)
        for letter, base in WITH_BAR.items():
            with_bar(font, letter, base)
        combining_breve(font)
        font.save(path)


if __name__ == "__main__":
    main(sys.argv[1:])
