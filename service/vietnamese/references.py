"""What points at something: documents' numbers, roads, plates, phones, addresses."""

import re
from string import ascii_lowercase

from service.vietnamese import tables
from service.vietnamese.abbreviations import stands_for
from service.vietnamese.context import Context, Said
from service.vietnamese.numbers import cardinal, digits, figure, roman
from service.vietnamese.syllable import is_vietnamese, spell

KEYS = {"*": "sao", "#": "thăng"}
STATE = frozenset(("UBND", "HĐND", "CP", "TTg"))  # these issue no party codes
DIRECTIONS = {
    "N": "vĩ bắc",
    "B": "vĩ bắc",
    "S": "vĩ nam",
    "E": "kinh đông",
    "Đ": "kinh đông",
    "W": "kinh tây",
    "T": "kinh tây",
}


def code(c: Context, i: int) -> Said:
    """The number of a document: 08/2022/NĐ-CP, 05-CT/TW, 1234/UBND-VX."""
    parts = c.tokens[i].parts
    body = parts["code_body"]
    said = _number_of(c, parts["code_no"], parts["code_year"])
    numeral = (
        roman(body) if not set(body) - set("IVX") else None
    )  # RON 95-III; the XL of a tender is no forty
    if numeral is not None and body not in tables.codes():
        return Said(f"{said} {cardinal(numeral)}", i + 1, "roman")
    if (
        "/" in body and not parts["code_year"] and body.rpartition("/")[2] not in STATE
    ):  # a party code: 05-CT/TW, 12-NQ/ĐU
        if c.options.party_codes == "dropped":
            return Said(said, i + 1, "code")
        return Said(
            f"{said} {' trên '.join(spell(part) for part in body.split('/'))}", i + 1, "code"
        )
    kind, *issuers = re.split(r" - |[-–/.]", body)
    if not issuers and (session := re.fullmatch(r"(UBTV)?QH(\d\d)", kind)):
        issuer = "ủy ban thường vụ Quốc hội" if session[1] else "Quốc hội"
        return Said(f"{said} của {issuer} khóa {cardinal(int(session[2]))}", i + 1, "code")
    if (issuers or parts["code_year"]) and tables.court_codes() >= {
        kind,
        *issuers,
    }:  # 45/2025/HS-ST, 45/2025/HSST
        return Said(
            " ".join((said, *(tables.codes()[part] for part in (kind, *issuers)))), i + 1, "code"
        )
    known = [_issuer(c, i, issuer) for issuer in issuers]
    document = tables.codes()[kind] if kind in tables.documents() else ""
    before = c.before(i)
    said_before = before in tables.document_ends() or before == kind.lower()
    said_before = said_before or c.before(i, len(document.split())) == document
    told = not document or said_before or _continues(c, i, kind)
    lead = "" if told else f"{document} "
    if (
        not issuers and kind in tables.codes() and kind not in tables.documents()
    ):  # QCVN 01-1:2018/BYT
        issuer = tables.codes()[kind]
        return Said(
            said if _issuer_follows(c, i, issuer) else f"{said} của {issuer}", i + 1, "code"
        )
    if (
        kind in tables.codes() and kind not in tables.documents()
    ):  # 1234/UBND-VX: who, then which of its offices
        offices = (name or spell(part) for name, part in zip(known, issuers, strict=True))
        return Said(f"{said} {' '.join((tables.codes()[kind], *offices))}", i + 1, "code")
    if issuers and all(known):
        issuer = " ".join(known)
        return Said(
            f"{lead}{said}" if _issuer_follows(c, i, issuer) else f"{lead}{said} của {issuer}",
            i + 1,
            "code",
        )
    spelled = " ".join(
        (len(part) > 2 and stands_for(c, i, part)) or spell(part) for part in (kind, *issuers)
    )
    return Said(f"{lead}{said} {spelled}", i + 1, "code", bool(issuers))


def _continues(c: Context, i: int, kind: str) -> bool:
    """The second of "Quyết định số 3399/QĐ-UBND, 3400/QĐ-UBND": the kind has been said."""
    earlier = [token for token in c.tokens[max(0, i - 5) : i] if token.kind != "space"][-2:]
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
    said = digits(figures) if figures[0] == "0" else figure(figures, c.options.zero_tens)
    if figures != number:
        said += f" {spell(number[len(figures) :])}"
    return f"{said} năm {cardinal(int(year), c.options.zero_tens)}" if year else said


def _issuer(c: Context, i: int, text: str) -> str:
    """UBND, or UBTVQH15 with the number of its term; "" when nobody knows who it is."""
    name = text.rstrip("0123456789")
    spoken = tables.issuers().get(name) or stands_for(c, i, name)
    return (
        f"{spoken} khóa {cardinal(int(text[len(name) :]))}" if spoken and name != text else spoken
    )


def _issuer_follows(c: Context, i: int, issuer: str) -> bool:
    """ "Kế hoạch 12/KH-UBND ngày 3/2/2026 của UBND xã": the text names the issuer itself, and nobody says it twice."""
    last = i
    if c.after(last) in (",", "ngày"):
        last = next(
            (k for k in range(i + 1, min(i + 6, len(c.tokens))) if c.tokens[k].kind == "date"), i
        )
    following = c.after(last, 1 + len(issuer.split()))
    named = following.removeprefix("của ")
    if named == following:
        return False
    return named.startswith(issuer.lower()) or stands_for(c, i, named.split()[0].upper()) == issuer


def road(c: Context, i: int) -> Said:
    """QL.2, QL4C, ĐT 177, ĐH.05."""
    parts = c.tokens[i].parts
    number = parts["road_no"]
    name = tables.roads()[parts["road"]]
    if c.before(i, 2) == name:  # "đường tỉnh ĐT.177"
        name = ""
    elif c.before(i) == name.split()[0]:  # "đường ĐT.177"
        name = name.split()[1]
    spoken = digits(number) if number[0] == "0" else figure(number, c.options.zero_tens)
    return Said(" ".join(filter(None, (name, spoken, spell(parts["road_letter"])))), i + 1, "road")


def chainage(c: Context, i: int) -> Said:
    """Km 12+300."""
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
        " ".join(digits(group) if group.isdigit() else spell(group) for group in groups),
        i + 1,
        "plate",
    )


def serial(c: Context, i: int) -> Said:
    """H25.12-251103-0045, the number of a file: each figure by itself, a breath where there is a dash."""
    pieces = re.findall(r"[^\W\d_]+|\d+|[.-]", c.tokens[i].text)
    marks = {".": "chấm", "-": ","}
    said = (
        marks.get(piece) or (digits(piece) if piece.isdigit() else spell(piece)) for piece in pieces
    )
    return Said(" ".join(said).replace(" ,", ","), i + 1, "digits")


def phone(c: Context, i: int) -> Said:
    """Digit by digit, with a breath where the writer left one."""
    groups = re.split(
        r"[ .()-]+", c.tokens[i].text.replace("(+84)", "0").replace("+84", "0").strip("()")
    )
    said = ", ".join(filter(None, map(_hidden_or_told, groups)))
    return Said(said.replace("không, ", "không ", 1) if groups[0] == "0" else said, i + 1, "phone")


def _hidden_or_told(group: str) -> str:
    """A group of a phone number, its keys by their names: *101#; a figure that is kept back is an x: 0912.xxx.345."""
    return " ".join(digits(char) or KEYS.get(char, "ích") for char in group)


def email(c: Context, i: int) -> Said:
    """bbt@hagiang.gov.vn."""
    name, _, host = c.tokens[i].text.rpartition("@")
    return Said(f"{_address(c, name)} a còng {_address(c, host)}", i + 1, "address")


def url(c: Context, i: int) -> Said:
    """www.hagiang.gov.vn/tin; what a browser adds is not read."""
    text = re.sub(r"^https?://", "", c.tokens[i].text).rstrip("/")
    host, _, path = text.partition("/")
    tail = " xuyệt ".join(
        _address(c, part) for part in re.split(r"/", re.sub(r"[?#].*", "", path)) if part
    )
    return Said(" xuyệt ".join(filter(None, (_address(c, host), tail))), i + 1, "address")


def _address(c: Context, text: str) -> str:
    """A part of an address: its words as they stand when they can be spoken, else letter by letter."""
    said: list[str] = []
    for piece in re.findall(r"[^\W\d_]+|\d+|[._@+~=-]", text):
        if piece == ".":
            said.append("chấm")
        elif piece.isdigit():
            said.append(digits(piece))
        elif piece.isalpha():
            lower = piece.lower()
            short = piece.upper() in tables.abbreviations() and not is_vietnamese(lower)  # ubnd
            speakable = len(lower) > 2 and re.search("[aeiouy]", lower) and not short
            known = tables.foreign().get(lower) if c.options.foreign == "spelled" else None
            said.append(known or (lower if speakable else spell(piece)))
        else:
            said.append({"-": "gạch ngang", "_": "gạch dưới"}.get(piece, ""))
    return " ".join(filter(None, said))


def coordinate(c: Context, i: int) -> Said:
    """22°49'N, 22°45'30" Bắc."""
    parts = c.tokens[i].parts
    said = [
        figure(parts["deg"], c.options.zero_tens),
        "độ",
        figure(parts["min"], c.options.zero_tens),
        "phút",
    ]
    if parts["arc"]:
        said += [figure(parts["arc"], c.options.zero_tens), "giây"]
    return Said(" ".join([*said, DIRECTIONS.get(parts["side"], "")]).strip(), i + 1, "coordinate")
