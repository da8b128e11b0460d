"""What points at something: documents' numbers, roads, plates, phones, addresses."""

import re
from string import ascii_lowercase
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.abbreviations import composed, stands_for
from service.vietnamese.context import Context, Said
from service.vietnamese.numbers import cardinal, digits, figure, roman
from service.vietnamese.rules import Rule, first_said
from service.vietnamese.syllable import spell
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import unit_pattern

FORMS = ("mẫu", "biểu", "mẫu biểu", "biểu mẫu", "mẫu đơn", "phụ lục")
LONGEST_IN_A_NAME = 3  # digits that are said as one number
WORDS_OF_A_LIST = 8  # words back that seed may be told of: "giống KD18, BC15 và TH3-5"
_VARIETY = re.compile(r"(?<![\w-])[A-ZĐ]{1,4}\d{1,4}(?:-\d{1,3}){0,2}(?![\w-]|[.,/]\d)")
# OM 5451; but ĐX 2025 is a season, and "HT 120 ha" so much of it
_APART = re.compile(
    r"[A-ZĐ]{2,4} (?!(?:19|20)\d\d(?!\d))\d{1,4}(?:-\d{1,3}){0,2}(?![\w%-]|[.,/]\d)"
)
LONGEST_PARTY_NAME = 4  # words that tell it apart
STATE = frozenset(("UBND", "HĐND", "CP", "TTg"))  # these issue no party codes


def code(c: Context, i: int) -> Said:
    """The number of a document: 08/2022/NĐ-CP, 05-CT/TW, 1234/UBND-VX."""
    return first_said(CODES, c, i) or _spelled(c, i)


class Code(NamedTuple):
    """A document's number, taken apart: what kind it is of, and who issued it."""

    number: str
    year: str
    body: str
    kind: str
    issuers: tuple[str, ...]


def _taken_apart(c: Context, i: int) -> Code:
    parts = c.tokens[i].parts
    kind, *issuers = re.split(r" - |[-–/.]", parts["code_body"])
    return Code(
        parts["code_no"], parts["code_year"], parts["code_body"], kind, tuple(issuers)
    )


def _numbered(c: Context, written: Code) -> str:
    return _number_of(c, written.number, written.year)


def _of_a_form(c: Context, i: int) -> Said | None:
    written = _taken_apart(c, i)
    meant = (
        not written.issuers and len(written.kind) > 2 and stands_for(c, i, written.kind)
    )
    if meant or not c.before(i, 2).removesuffix(" số").endswith(FORMS):
        return None
    return Said(_numbered(c, written), i + 1, "code")


def _numeral(c: Context, i: int) -> Said | None:
    written = _taken_apart(c, i)
    if set(written.body) - set("IVX") or written.body in tables.codes():
        return None  # the XL of a tender is no forty
    value = roman(written.body)
    said = _numbered(c, written)
    return Said(f"{said} {cardinal(value)}", i + 1, "roman") if value else None


def _of_the_party(c: Context, i: int) -> Said | None:
    written = _taken_apart(c, i)
    state = written.year or written.body.rpartition("/")[2] in STATE
    if "/" not in written.body or state:
        return None
    said = _numbered(c, written)
    usual = c.options.party_codes == "usual"
    if c.options.party_codes == "dropped" or (usual and _party_issuer_follows(c, i)):
        return Said(said, i + 1, "code")
    letters = " trên ".join(spell(part) for part in written.body.split("/"))
    return Said(f"{said} {letters}", i + 1, "code")


def _of_the_assembly(c: Context, i: int) -> Said | None:
    """Luật 80/2015/QH13: of the assembly, or its standing committee (UBTVQH13),
    and which assembly it was.
    """
    written = _taken_apart(c, i)
    issuer = re.fullmatch(r"(?P<committee>UBTV)?QH(?P<term>\d\d)", written.body)
    if issuer is None:
        return None
    name = "ủy ban thường vụ Quốc hội" if issuer["committee"] else "Quốc hội"
    said = f"{_numbered(c, written)} của {name} khóa {cardinal(int(issuer['term']))}"
    return Said(said, i + 1, "code")


def _of_a_court(c: Context, i: int) -> Said | None:
    written = _taken_apart(c, i)
    parts = (written.kind, *written.issuers)
    if (len(parts) == 1 and not written.year) or not tables.court_codes() >= set(parts):
        return None
    names = (tables.codes()[part] for part in parts)
    return Said(" ".join((_numbered(c, written), *names)), i + 1, "code")


def _of_an_issuer(c: Context, i: int) -> Said | None:
    written = _taken_apart(c, i)
    issuer = (
        ""
        if written.kind in tables.documents()
        else tables.codes().get(written.kind, "")
    )
    if not issuer:
        return None
    said = _numbered(c, written)
    if not written.issuers:
        follows = _issuer_follows(c, i, issuer)
        return Said(said if follows else f"{said} của {issuer}", i + 1, "code")
    offices = (_issuer(c, i, part) or spell(part) for part in written.issuers)
    return Said(" ".join((said, issuer, *offices)), i + 1, "code")


def _of_known_issuers(c: Context, i: int) -> Said | None:
    written = _taken_apart(c, i)
    names = [_issuer(c, i, issuer) for issuer in written.issuers]
    if not names or not all(names):
        return None
    said = f"{_kind(c, i, written.kind)}{_numbered(c, written)}"
    issuer = " ".join(names)
    follows = _issuer_follows(c, i, issuer)
    kind_is_known = written.kind in tables.codes() or bool(
        stands_for(c, i, written.kind)
    )
    spoken = said if follows else f"{said} của {issuer}"
    guessed = any(
        not (tables.issuers().get(name) or stands_for(c, i, name.rstrip("0123456789")))
        for name in written.issuers
    )
    return Said(spoken, i + 1, "code", doubt=guessed or not kind_is_known)


def _spelled(c: Context, i: int) -> Said:
    """Letters, and what is known among them."""
    written = _taken_apart(c, i)
    parts = (
        (len(part) > 2 and stands_for(c, i, part)) or spell(part)
        for part in (written.kind, *written.issuers)
    )
    said = f"{_kind(c, i, written.kind)}{_numbered(c, written)} {' '.join(parts)}"
    return Said(said, i + 1, "code", bool(written.issuers))


# Read from above: the first rule that holds says the number.
CODES = (
    Rule("of a form", _of_a_form, "mẫu số 05/BCĐBHĐND-MT", "mẫu số không năm"),
    Rule("a numeral", _numeral, "xăng RON 95-III", "xăng ron chín mươi lăm ba"),
    Rule(
        "of the Party",
        _of_the_party,
        "Chỉ thị 05-CT/TW",
        "Chỉ thị không năm xê tê trên tê vê kép",
    ),
    Rule(
        "of the Party, which the text names itself",
        _of_the_party,
        "Chỉ thị 05-CT/TW của Bộ Chính trị",
        "Chỉ thị không năm của Bộ Chính trị",
    ),
    Rule(
        "of the National Assembly",
        _of_the_assembly,
        "Luật 59/2020/QH14",
        "Luật năm mươi chín năm hai nghìn không trăm hai mươi của Quốc hội khóa mười bốn",
    ),
    Rule(
        "of a court",
        _of_a_court,
        "bản án 45/2025/HS-ST",
        "bản án bốn mươi lăm năm hai nghìn không trăm hai mươi lăm hình sự sơ thẩm",
    ),
    Rule(
        "of an issuer and its office",
        _of_an_issuer,
        "văn bản 1234/UBND-VX",
        "văn bản một nghìn hai trăm ba mươi tư ủy ban nhân dân vê ích",
    ),
    Rule(
        "of issuers that are known",
        _of_known_issuers,
        "Kế hoạch 12/KH-UBND",
        "Kế hoạch mười hai của ủy ban nhân dân",
    ),
)


def _kind(c: Context, i: int, kind: str) -> str:
    """The kind of document and a space, unless it has been said or is none:
    "QĐ" → "quyết định ".
    """
    document = tables.codes()[kind] if kind in tables.documents() else ""
    before = c.before(i)
    named = before in tables.document_ends() or before == kind.lower()
    named = named or c.before(i, len(document.split())) == document
    return "" if not document or named or _continues(c, i, kind) else f"{document} "


def _continues(c: Context, i: int, kind: str) -> bool:
    """The second of "Quyết định số 3399/QĐ-UBND, 3400/QĐ-UBND": the kind has been said."""
    earlier = [token for token in c.tokens[max(0, i - 5) : i] if token.kind != "space"][
        -2:
    ]
    if len(earlier) < 2 or earlier[1].text not in (",", "và"):
        return False
    return earlier[0].kind == "code" and earlier[0].parts["code_body"].startswith(kind)


def document(c: Context, i: int) -> Said:
    """The number of a document without its kind: "Nghị định 15/2020"."""
    parts = c.tokens[i].parts
    return Said(_number_of(c, parts["doc_no"], parts["doc_year"]), i + 1, "code")


def _number_of(c: Context, number: str, year: str) -> str:
    """08/2022 and 30a: what comes before the letters."""
    figures = number.rstrip(ascii_lowercase)
    said = (
        digits(figures) if figures[0] == "0" else figure(figures, c.options.zero_tens)
    )
    if figures != number:
        said += f" {spell(number[len(figures) :])}"
    return f"{said} năm {cardinal(int(year), c.options.zero_tens)}" if year else said


def _issuer(c: Context, i: int, text: str) -> str:
    """UBND, or UBTVQH15 with the number of its term; "" when nobody knows who it is."""
    name = text.rstrip("0123456789")
    spoken = (
        tables.issuers().get(name) or stands_for(c, i, name) or composed(c, i, name)
    )
    return (
        f"{spoken} khóa {cardinal(int(text[len(name) :]))}"
        if spoken and name != text
        else spoken
    )


def _named_issuer(c: Context, i: int, count: int) -> str:
    """What stands after "của", right behind a number or behind its day:
    "(, ngày 3/2/2026) của UBND xã".
    """
    last = i
    if c.after(last) in (",", "ngày"):
        later = range(i + 1, min(i + 6, len(c.tokens)))
        last = next((k for k in later if c.tokens[k].kind == "date"), i)
    following = c.after(last, 2 + count).removeprefix(", ")
    return following.removeprefix("của ") if following.startswith("của ") else ""


def _issuer_follows(c: Context, i: int, issuer: str) -> bool:
    """ "Kế hoạch 12/KH-UBND của UBND xã": the text names the issuer itself,
    and nobody says it twice.
    """
    named = _named_issuer(c, i, len(issuer.split()))
    if not named:
        return False
    return (
        named.startswith(issuer.lower())
        or stands_for(c, i, named.split()[0].upper()) == issuer
    )


def _party_issuer_follows(c: Context, i: int) -> bool:
    """ "Chỉ thị 05-CT/TW của Bộ Chính trị": an announcer leaves the letters out."""
    named = _named_issuer(c, i, LONGEST_PARTY_NAME)
    return named.startswith(tuple(cues(Cue.PARTY)))


def road(c: Context, i: int) -> Said:
    """QL.2, QL4C, ĐT 177, ĐH.05; the ĐT100 of "lúa giống ĐT100" is no road."""
    if c.before(i) in cues(Cue.VARIETY) and (named := variety(c, i)):
        return named
    parts = c.tokens[i].parts
    number = parts["road_no"]
    name = tables.roads()[parts["road"]]
    if c.before(i, 2) == name:  # "đường tỉnh ĐT.177"
        name = ""
    elif c.before(i) == name.split()[0]:  # "đường ĐT.177"
        name = name.split()[1]
    spoken = digits(number) if number[0] == "0" else figure(number, c.options.zero_tens)
    return Said(
        " ".join(filter(None, (name, spoken, spell(parts["road_letter"])))),
        i + 1,
        "road",
    )


def chainage(c: Context, i: int) -> Said:
    """Km 12+300; the KM94 of "giống sắn KM94" is no place on a road."""
    if named := variety(c, i):
        return named
    parts = c.tokens[i].parts
    said = f"ki lô mét {cardinal(int(parts['km']), c.options.zero_tens)}"
    if parts["tenths"]:
        said += f" phẩy {digits(parts['tenths'])}"
    if parts["metres"]:
        said += f" cộng {cardinal(int(parts['metres']), c.options.zero_tens)}"
    return Said(said, i + 1, "road")


def plate(c: Context, i: int) -> Said:
    """23A-123.45."""
    groups = re.findall(r"\d+|[^\W\d]+", c.tokens[i].text)
    return Said(
        " ".join(
            digits(group) if group.isdigit() else spell(group) for group in groups
        ),
        i + 1,
        "plate",
    )


def variety(c: Context, i: int) -> Said | None:
    """KD18, TH3-5, N04-05: letters and figures of a variety, where seed or a remedy is told of.

    Else None.
    """
    name = _VARIETY.match(c.text, c.tokens[i].start)
    if name is None:
        return None
    words_before = c.before(i, WORDS_OF_A_LIST).split()
    is_a_lot = words_before[-1:] and words_before[-1] in cues(Cue.LOT)
    if not is_a_lot and cues(Cue.VARIETY).isdisjoint(words_before):
        return None
    return _said_by_its_pieces(c, i, name)


def variety_apart(c: Context, i: int) -> Said | None:
    """ "lúa OM 5451", "ngô NK 6253": right after what is sown, where no unit follows; else None."""
    name = _APART.match(c.text, c.tokens[i].start)
    if name is None or not _is_sown(c, i):
        return None
    last = c.at(name.end(), i) - 1
    if c.tokens[last].end != name.end():
        return None  # 5:10 is one token
    nouns = cues(Cue.COUNTED, Cue.EACH, Cue.MAGNITUDE)
    counted = c.after(last) in nouns or unit_pattern().match(c.text, name.end())
    return None if counted else _said_by_its_pieces(c, i, name)


def _is_sown(c: Context, i: int) -> bool:
    """Whether what is sown stands before it, or before its list: "lúa BC 15, TH 3"."""
    previous = c.neighbour(i, -1)
    listed = previous is not None and previous.text in (",", "và", "hoặc")
    if listed and c.tokens[i].text in tables.abbreviations():
        return False
    before = c.before(i, WORDS_OF_A_LIST if listed else 1).split()
    return not cues(Cue.VARIETY).isdisjoint(before)


def _said_by_its_pieces(c: Context, i: int, name: re.Match[str]) -> Said:
    pieces = re.findall(r"[^\W\d]+|\d+", name[0])
    said = (
        spell(piece) if piece.isalpha() else _named_figure(piece, c.options.zero_tens)
        for piece in pieces
    )
    return Said(" ".join(said), c.at(name.end(), i), "spelled")


def _named_figure(text: str, zero_tens: str) -> str:
    """A figure in a name: 18 as a number, 04 and 7328 digit by digit."""
    long = len(text) > LONGEST_IN_A_NAME and not text.endswith("00")
    apart = text[0] == "0" or long
    return digits(text) if apart else figure(text, zero_tens)


def serial(c: Context, i: int) -> Said:
    """H25.12-251103-0045, the number of a file: each figure by itself,
    a breath where there is a dash.
    """
    pieces = re.findall(r"[^\W\d_]+|\d+|[.-]", c.tokens[i].text)
    marks = {".": "chấm", "-": ","}
    said = (
        marks.get(piece) or (digits(piece) if piece.isdigit() else spell(piece))
        for piece in pieces
    )
    return Said(" ".join(said).replace(" ,", ","), i + 1, "digits")
