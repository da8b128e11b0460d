"""What Loa knows about words, as tables that anybody can edit:
one row each, with an example that is a test.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from service.vietnamese.tables.cue import Cue

COLUMNS = 8  # at most


class Abbreviation(NamedTuple):
    """`written` is said as `spoken`.

    When `after` or `before` name words (and their spaces), only next to one of them.

    `after_kinds` and `before_kinds` are kinds of tokens that serve as well ("<number>"). `near` are
    those that may stand anywhere near ("~tiêm"); `joined` ("&") when it is so in a longer one.
    """

    written: str
    spoken: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    after_kinds: tuple[str, ...] = ()
    before_kinds: tuple[str, ...] = ()
    joined: bool = False

    @property
    def needs_before(self) -> bool:
        """Whether it is so only by what stands before it, near it or joins it to others."""
        return self.joined or bool(self.after or self.near or self.after_kinds)

    @property
    def needs(self) -> bool:
        """Whether it is so only by what stands around it."""
        return self.needs_before or bool(self.before or self.before_kinds)


class CueRow(NamedTuple):
    """A word or phrase that tells something (`tells`) of what stands beside it.

    It tells nothing after one of the words `not_after`, nor before one of `not_before`.
    """

    written: str
    tells: str
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


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
    return {row[0]: row[1] for row in _codes()}


@cache
def issuers() -> dict[str, str]:
    """A part of a document's number after its kind → who issued it:
    the TTr of 12/KL-TTr is no "tờ trình".
    """
    return {row[0]: row[3] or row[1] for row in _codes()}


@cache
def documents() -> frozenset[str]:
    """Those codes that name a kind of document rather than who issued it."""
    return frozenset(row[0] for row in _codes() if row[2] == "document")


@cache
def first_halves() -> dict[str, str]:
    """What a longer abbreviation may begin with → its words: "BQL" → "ban quản lý"."""
    return {row[0]: row[1] for row in _rows("halves") if row[2] == "first"}


@cache
def last_halves() -> dict[str, str]:
    """Two letters that an abbreviation may end with → their words: "TU" → "tỉnh ủy"."""
    return {row[0]: row[1] for row in _rows("halves") if row[2] == "last"}


@cache
def document_names() -> frozenset[str]:
    """Kinds of documents in full: "nghị định"."""
    return frozenset(row[0] for row in _rows("documents"))


@cache
def document_ends() -> frozenset[str]:
    """The last word of each kind of document, and "số": what stands before a document's number."""
    return frozenset(name.split()[-1] for name in document_names()) | {"số"}


@cache
def days() -> frozenset[tuple[int, int]]:
    """Days that are known by their date: (day, month)."""
    dates = (row[0].split("/") for row in _rows("days"))
    return frozenset((int(day), int(month)) for day, month in dates)


@cache
def cues(*tells: Cue) -> frozenset[str]:
    """Words and short phrases that tell what stands beside them:
    those before a "day", what is "counted".

    Of several that it may tell, all the words.
    """
    return frozenset().union(*(_cues()[each] for each in tells))


def mentions(words: str, *tells: Cue) -> bool:
    """Whether one of the cues stands among words that have a space on either side of each."""
    return any(map(words.__contains__, _cues_between_spaces(*tells)))


@cache
def _cues_between_spaces(*tells: Cue) -> tuple[str, ...]:
    return tuple(f" {cue} " for cue in sorted(cues(*tells)))


def magnitudes() -> frozenset[str]:
    """What numbers go on with: nghìn, triệu, tỷ."""
    return cues(Cue.MAGNITUDE)


@cache
def cue_rows(tells: Cue) -> tuple[CueRow, ...]:
    """The cues that tell one thing, each with the words that it must not stand beside."""
    return tuple(
        CueRow(row[0], row[1], _words_of(row[6]), _words_of(row[7]))
        for row in _rows("cues")
        if row[1] == tells
    )


@cache
def _cues() -> dict[str, frozenset[str]]:
    """All cues by what they tell."""
    words: defaultdict[str, set[str]] = defaultdict(set)
    for row in _rows("cues"):
        words[row[1]].add(row[0])
    return {tells: frozenset(those) for tells, those in words.items()}


def _words_of(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


@cache
def roads() -> dict[str, str]:
    """What stands before a road's number → its words: "QL" → "quốc lộ"."""
    return {row[0]: row[1] for row in _rows("roads")}


@cache
def symbols() -> dict[str, str]:
    """A sign that stands by itself → its name: "%" → "phần trăm"."""
    return {row[0]: row[1] for row in _rows("symbols")}


@cache
def court_codes() -> frozenset[str]:
    """Those codes that say what a court deals with and at which instance."""
    return frozenset(row[0] for row in _codes() if row[2] == "court")


@cache
def foreign() -> dict[str, str]:
    """A foreign word or name → how a Vietnamese voice comes closest to it: "online" → "on lai"."""
    return {row[0]: row[1] for row in _rows("foreign")}


@cache
def namesakes() -> Mapping[str, frozenset[str]]:
    """Foreign letters → what they stand for in Vietnamese, small letters:
    "WHO" → "tổ chức y tế thế giới".
    """
    names: defaultdict[str, set[str]] = defaultdict(set)
    for row in _rows("namesakes"):
        names[row[0]].add(row[1].lower().replace(",", ""))
    return {letters: frozenset(those) for letters, those in names.items()}


@cache
def papers() -> frozenset[str]:
    """Tags of papers and stations, as reports taken over from them begin with: "TTXVN"."""
    return frozenset(row[0] for row in _rows("papers"))


@cache
def abbreviations() -> dict[str, tuple[Abbreviation, ...]]:
    """Abbreviations by their written form.

    Of several readings, those tied to a context come first.
    """
    readings_of: dict[str, tuple[Abbreviation, ...]] = {}
    several: set[str] = set()
    for row in _rows("abbreviations"):
        written = row[0]
        reading = (
            _in_context(row) if row[2] or row[3] else Abbreviation(written, row[1])
        )
        if written in readings_of:
            several.add(written)
            readings_of[written] += (reading,)
        else:
            readings_of[written] = (reading,)
    # Who writes "TT-TT" means TT&TT.
    for written in [form for form in readings_of if "&" in form]:
        readings_of.setdefault(written.replace("&", "-"), readings_of[written])
    for written in several:
        readings_of[written] = tuple(
            sorted(readings_of[written], key=lambda reading: not reading.needs)
        )
    return readings_of


def _in_context(row: list[str]) -> Abbreviation:
    """A row that names the words it needs."""
    after, before = (
        tuple(cell.lower().split("|")) if cell else () for cell in row[2:4]
    )
    if after == ("*",):
        return Abbreviation(row[0], row[1])
    near = tuple(f" {word[1:]} " for word in after if word[0] == "~")
    beside = tuple(f" {word} " for word in after if word[0] not in "~<&")
    following = tuple(f"{word} " for word in before if word[0] != "<")
    return Abbreviation(
        row[0],
        row[1],
        beside,
        following,
        near,
        _kinds(after),
        _kinds(before),
        "&" in after,
    )


def _kinds(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell[1:-1] for cell in cells if cell[0] == "<")


@cache
def pairs() -> frozenset[tuple[str, str]]:
    """Words that stand side by side in a name or term of the tables:
    nobody breathes in "nhân dân" or "dự toán".
    """
    spoken = [
        reading.spoken for readings in abbreviations().values() for reading in readings
    ]
    terms = (
        term.lower().replace(",", "").split() for term in (*spoken, *codes().values())
    )
    return frozenset(pair for term in terms for pair in pairwise(term))


@cache
def examples() -> tuple[tuple[str, str, str], ...]:
    """Every example and counter-example of every table: (table, written, how it must be read)."""
    rows: list[tuple[str, str, str]] = []
    columns = {
        "units": 2,
        "foreign": 2,
        "halves": 3,
        "abbreviations": 4,
        "documents": 1,
        "days": 2,
        "roads": 2,
        "symbols": 2,
        "codes": 4,
        "letters": 2,
        "papers": 2,
        "namesakes": 2,
        "cues": 2,
    }
    for table, column in columns.items():
        for row in _rows(table):
            # The example, and the counter-example if there is one
            cells = (
                column,
                column + 2,
            )
            rows += ((table, row[cell], row[cell + 1]) for cell in cells if row[cell])
    return tuple(rows)


@cache
def _codes() -> list[list[str]]:
    """Read once: what a code is said as, and whether it is a kind,
    a court's or an issuer's, are asked apart.
    """
    return _rows("codes")


def _rows(table: str) -> list[list[str]]:
    """The rows of a table, padded; lines that begin with # are for people."""
    text = (Path(__file__).parent / f"{table}.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.split("\n") if line and line[:2] != "# ")
    return [
        row if len(row) == COLUMNS else row + [""] * (COLUMNS - len(row))
        for row in rows
    ]
