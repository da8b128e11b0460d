"""What Loa knows about words, as tables that anybody can edit: one row each, with an example that is a test."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """`written` is said as `spoken`; when `after` or `before` name words, only next to one of them.

    `near` are those of `after` that may stand anywhere near ("~tiêm"); `joined` ("&") when it is so in a longer one.
    `sure` ("*") when nobody need look at it although other rows know other meanings, by their words.
    """

    written: str
    spoken: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    joined: bool = False
    sure: bool = False


@cache
def letters() -> dict[str, str]:
    """A capital letter → its Vietnamese name: "B" → "bê"."""
    return {row[0]: row[1] for row in _rows("letters")}


@cache
def units() -> dict[str, str]:
    """What may follow a number → its words: "km2" → "ki lô mét vuông"."""
    return {row[0]: row[1] for row in _rows("units")}


@cache
def codes() -> dict[str, str]:
    """A part of a document's number → the kind of document, or who issued it."""
    return {row[0]: row[1] for row in _rows("codes")}


@cache
def documents() -> frozenset[str]:
    """Those codes that name a kind of document rather than who issued it."""
    return frozenset(row[0] for row in _rows("codes") if row[2] == "document")


@cache
def foreign() -> dict[str, str]:
    """A foreign word or name → how a Vietnamese voice comes closest to it: "online" → "on lai"."""
    return {row[0]: row[1] for row in _rows("foreign")}


@cache
def abbreviations() -> dict[str, tuple[Abbreviation, ...]]:
    """Abbreviations by their written form; of several readings, those tied to a context come first."""
    found: dict[str, list[Abbreviation]] = {}
    for row in _rows("abbreviations"):
        after, before = (tuple(cell.lower().split("|")) if cell else () for cell in row[2:4])
        if sure := after == ("*",):
            after = ()
        near = tuple(f" {word[1:]} " for word in after if word.startswith("~"))
        found.setdefault(row[0], []).append(Abbreviation(row[0], row[1], after, before, near, "&" in after, sure))
    return {
        written: tuple(sorted(readings, key=lambda reading: not (reading.after or reading.before)))
        for written, readings in found.items()
    }


@cache
def pairs() -> frozenset[tuple[str, str]]:
    """Words that stand side by side in a name or term of the tables: nobody breathes in "nhân dân" or "dự toán"."""
    spoken = [reading.spoken for readings in abbreviations().values() for reading in readings]
    terms = (term.lower().replace(",", "").split() for term in (*spoken, *codes().values()))
    return frozenset(pair for term in terms for pair in pairwise(term))


@cache
def examples() -> tuple[tuple[str, str, str], ...]:
    """Every example of every table: (table, written, how it must be read)."""
    found: list[tuple[str, str, str]] = []
    for table, column in (("units", 2), ("foreign", 2), ("abbreviations", 4)):
        found += ((table, row[column], row[column + 1]) for row in _rows(table) if row[column])
    return tuple(found)


def _rows(table: str) -> list[list[str]]:
    """The rows of a table, padded; lines that begin with # are for people."""
    text = (Path(__file__).parent / f"{table}.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("# "))
    rows = (line.split("\t") for line in lines)
    return [[cell.strip() for cell in row] + [""] * (6 - len(row)) for row in rows]
