"""What abbreviations stand for: by their row, by the words around them, by their halves."""

from service.vietnamese import tables
from service.vietnamese.context import Context, words
from service.vietnamese.tables import Abbreviation

JOINTS = frozenset("-–,&/")
LONGEST_COMPOSED = 12  # letters
LONGEST_HALF = 2  # letters of a half that may mean anything
# Halves that a longer abbreviation begins with, and short ones that it ends with.
HEADS = {
    "TT": "trung tâm", "BQL": "ban quản lý", "BCĐ": "ban chỉ đạo", "BCH": "ban chấp hành", "BTV": "ban thường vụ",
    "BTC": "ban tổ chức", "HĐ": "hội đồng", "UB": "ủy ban", "UBKT": "ủy ban kiểm tra", "CQ": "cơ quan",
    "ĐV": "đơn vị", "NV": "nghĩa vụ", "CB": "cán bộ", "CCB": "cựu chiến binh", "QĐ": "quyết định", "KH": "kế hoạch",
    "CT": "chủ tịch", "PCT": "phó chủ tịch", "BT": "bí thư", "PBT": "phó bí thư", "UV": "ủy viên",
    "UVBTV": "ủy viên ban thường vụ", "UVBCH": "ủy viên ban chấp hành", "GCN": "giấy chứng nhận", "GP": "giấy phép",
    "LL": "lực lượng", "QL": "quản lý", "PC": "phòng chống", "VP": "văn phòng", "DN": "doanh nghiệp",
    "HTX": "hợp tác xã", "CC": "chi cục", "PT": "phát triển", "XD": "xây dựng", "BV": "bảo vệ", "BD": "bồi dưỡng",
    "TTBD": "trung tâm bồi dưỡng", "TH": "thực hiện", "CS": "chính sách", "PP": "phương pháp", "HV": "hội viên",
    "CTY": "công ty", "TCT": "tổng công ty", "CN": "chi nhánh", "BC": "báo cáo", "SX": "sản xuất", "TS": "tài sản",
    "KCN": "khu công nghiệp", "QLNN": "quản lý nhà nước", "HT": "hỗ trợ", "ĐT": "đào tạo", "CSDL": "cơ sở dữ liệu",
}  # fmt: skip
ENDS = {"CS": "cơ sở", "CĐ": "cộng đồng", "NT": "nông thôn", "XH": "xã hội"}
TAILS = words("tu hu đu tw vn đp tp qg".upper())
ONCE = words("ban hội sở số đất")


def stands_for(c: Context, i: int, text: str) -> str:
    """What an abbreviation stands for here, or "" when it is none."""
    reading = reading_of(c, i, text)
    return reading.spoken if reading else ""


def reading_of(c: Context, i: int, text: str) -> Abbreviation | None:
    """The row whose words are here, else the one that needs none."""
    return next((reading for reading in tables.abbreviations().get(text, ()) if _fits(c, i, reading)), None)


def composed(c: Context, i: int, text: str) -> str:
    """What an abbreviation that no row has stands for when two have its halves: BTCTU, NVCAND; else "".

    The first half must be one that names begin with (trung tâm, ban, cán bộ …), else letters would be taken for words.
    """
    for cut in range(2, len(text) - 1 if len(text) <= LONGEST_COMPOSED else 0):
        head, tail = text[:cut], text[cut:]
        if head in HEADS and (len(tail) > LONGEST_HALF or tail in TAILS):
            said = stands_for(c, i, tail) or composed(c, i, tail)
            if said:
                return f"{HEADS[head]} {said}"
    known = stands_for(c, i, text[:-2]) if text[-2:] in ENDS and len(text) > LONGEST_HALF + 2 else ""
    return f"{known} {ENDS[text[-2:]]}" if known else ""


def not_twice(c: Context, i: int, spoken: str) -> str:
    """ "Ban BCĐ" and "Tiêu chuẩn TCVN": what the text has just said is not said again."""
    said = spoken.split()
    before = f" {c.before(i, len(said) - 1)}" if len(said) > 1 else ""
    for count in range(len(said) - 1, 0, -1):
        if before.endswith(f" {' '.join(said[:count])}") and (count > 1 or said[0] in ONCE):
            return " ".join(said[count:])
    return spoken


def _fits(c: Context, i: int, reading: Abbreviation) -> bool:
    """Whether an abbreviation has this reading here: by words next to it or near it, or by what it is joined to."""
    if (reading.after or reading.near) and not _follows(c, i, reading):
        return False
    if not reading.before:
        return True
    following = c.neighbour(i, 1)
    if following and (
        f"<{following.kind}> " in reading.before or ("<name> " in reading.before and following.text.istitle())
    ):
        return True
    return f"{c.after(i, 3)} ".startswith(reading.before)


def _follows(c: Context, i: int, reading: Abbreviation) -> bool:
    """Whether one of the words that a row needs stands before token `i`, near it, or joins it to others."""
    if f" {c.before(i, 3)} ".endswith(reading.after) or (reading.joined and _is_joined(c, i)):
        return True
    previous = c.neighbour(i, -1)
    if previous and f" <{previous.kind}> " in reading.after:
        return True
    around = c.near(i) if reading.near else ""
    return any(word in around for word in reading.near)


def _is_joined(c: Context, i: int) -> bool:
    """Whether an abbreviation is a part of a larger one: KT-HT&ĐT, VH,KH&TT."""
    if "&" in c.tokens[i].text:
        return True
    for step in (-1, 1):
        mark, other = c.beside(i, step), c.beside(i + step, step)
        if mark and other and mark.text in JOINTS and other.kind in ("word", "abbreviation") and other.text.isupper():
            return True
    return False
