"""How each typed span is said. A `Reader` walks the tokens of one passage and asks a table for the verbaliser."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from service.vietnamese import tables
from service.vietnamese.numbers import LONGEST_CARDINAL, cardinal, digits, month, ordinal, roman
from service.vietnamese.sentence import Options, Term
from service.vietnamese.syllable import is_vietnamese, spell
from service.vietnamese.tables import Abbreviation
from service.vietnamese.tokens import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LONGEST_SPELLED = 6  # a longer unknown word in capitals is more likely a name or a slip than letters

DAY_WORDS = _words(
    "ngày mùng mồng sáng trưa chiều tối đêm hôm qua nay mai từ đến tới trước sau dịp lễ khánh vào và là kể"
)
NAMED_DAYS = frozenset(
    ((8, 3), (26, 3), (30, 4), (1, 5), (19, 5), (27, 7), (19, 8), (2, 9), (20, 10), (20, 11), (22, 12))
)
BEFORE_DAY = _words("ngày mùng mồng sáng trưa chiều tối đêm hôm")
COUNTED = _words(
    "xã phường thôn bản tổ hộ người trường lớp đại chỉ tiêu xóm khu huyện tỉnh đảng chi đơn nhà công "
    "điểm cơ toàn tiểu thị sản em học hội mô dự hồ đồng vị"
)
DIGIT_WISE = _words("gọi hotline nóng thoại đài khoản máy cccd cmnd mst stk sđt cước")
DOCUMENTS = _words("quyết nghị định tư thị hoạch văn báo dẫn luật lệnh số thư trình chỉ quy kết luận án")
NUMERALS = _words(
    "quý khóa khoá kỳ thứ hội cấp động chương phần mục hạng loại kỷ tập đoạn vùng vực nhóm khu lục "
    "lớp tổ đợt vụ bậc độ lần giải số điều tuyến hệ ii"
)
SHORT_MAGNITUDES = _words("tr k")  # money may follow: 10k VND
BEFORE_A_FIGURE = _words("tr p")  # 2tr5, 3p20s
_DAY_AND_MONTH = re.compile(r"(\d{1,2})([.-])(\d{1,2})(?![\d/.,-]|\s*tháng|\d)")
_AND_A_PART = re.compile(r"\d{1,3}(?![\d.,])")
RATES = _words("km/h m/s cm/s mm/h m3/s m³/s mg/l g/l mg/ml mg/kg km/giờ m3/h lít/s m/phút")
WORD_UNITS = _words("đồng nghìn triệu tỷ tấn tạ yến lít mét héc người lượt con chỗ giường cái suất hộ m kg ha g l đ")
ROADS = {"QL": "quốc lộ", "ĐT": "đường tỉnh", "TL": "tỉnh lộ", "ĐH": "đường huyện", "HL": "hương lộ", "ĐX": "đường xã"}
PAUSES = {",": ",", ";": ",", ":": ",", ".": ".", "!": "!", "?": "?", "(": ",", ")": ",", "[": ",", "]": ",", "…": "."}
SYMBOLS = {
    "%": "phần trăm", "‰": "phần nghìn", "&": "và", "+": "cộng", "=": "bằng", "<": "nhỏ hơn", ">": "lớn hơn",
    "≥": "lớn hơn hoặc bằng", "≤": "nhỏ hơn hoặc bằng", "±": "cộng trừ", "×": "nhân", "÷": "chia", "@": "a còng",
    "°": "độ", "$": "đô la", "€": "ơ rô", "£": "bảng Anh", "§": "mục", "½": "một phần hai", "¼": "một phần tư",
    "¾": "ba phần tư", "²": "vuông", "³": "khối",
}  # fmt: skip
DASHES = frozenset("-–—")
FIGURES = frozenset(("number", "time", "date", "dates", "month", "ratio"))


@dataclass(frozen=True, slots=True)
class Said:
    """What tokens up to `end` became; `rule` "" when they are said as written."""

    spoken: str
    end: int
    rule: str = ""
    doubt: bool = False


class Reader:
    """Reads the tokens of one passage. `capitals` when the passage is written in capitals throughout."""

    def __init__(self, text: str, tokens: Sequence[Token], options: Options, terms: "Terms") -> None:
        self.text = text
        self.tokens = tokens
        self.options = options
        self.terms = terms
        letters = [char for char in text if char.isalpha()]
        self.capitals = len(letters) > 12 and sum(char.isupper() for char in letters) > 0.7 * len(letters)

    def say(self, i: int, first: int) -> Said:
        """What token `i` (and perhaps some after it) is said as, in the sentence that begins at token `first`."""
        token = self.tokens[i]
        if self.terms and (said := self._term(i)):
            return said
        if i == first and (said := self._list_marker(i)):
            return said
        return VERBALISERS[token.kind](self, i)

    # What stands around a token.

    def before(self, i: int, count: int = 1) -> str:
        """The last `count` words before token `i`, lower case, none from beyond a full stop."""
        words: list[str] = []
        for token in reversed(self.tokens[max(0, i - 3 * count - 3) : i]):
            if token.kind == "space":
                continue
            if (token.kind == "mark" and token.text in ".;!?") or len(words) == count:
                break
            if token.text not in ',:("“':
                words.append(token.text.lower())
        return " ".join(reversed(words))

    def after(self, i: int, count: int = 1) -> str:
        """The next `count` words after token `i`, lower case."""
        words = [token.text.lower() for token in self.tokens[i + 1 : i + 1 + 3 * count] if token.kind != "space"]
        return " ".join(words[:count])

    def neighbour(self, i: int, step: int) -> Token | None:
        """The next token that is no space, before (-1) or after (+1)."""
        i += step
        while 0 <= i < len(self.tokens):
            if self.tokens[i].kind != "space":
                return self.tokens[i]
            i += step
        return None

    def at(self, position: int, i: int) -> int:
        """The first token from `i` that begins at or after a position of the text."""
        while i < len(self.tokens) and self.tokens[i].start < position:
            i += 1
        return i

    # Before all kinds: dictionary entries, and the marks of lists.

    def _term(self, i: int) -> Said | None:
        found = self.terms.at(self.text, self.tokens[i].start)
        return Said(found.spoken, self.at(self.tokens[i].start + len(found.written), i), "term") if found else None

    def _list_marker(self, i: int) -> Said | None:
        token = self.tokens[i]
        following = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        if token.text in "-–—+•*·▪●■" and (following is None or following.kind == "space"):
            return Said("", i + 1, "list")
        marked = (
            following is not None
            and following.text in ".)"
            and (i + 2 >= len(self.tokens) or self.tokens[i + 2].kind == "space")
        )
        if not marked:
            return None
        if token.kind == "number" and len(token.text) <= 2:
            return Said(f"{cardinal(int(token.text), self.options.zero_tens)},", i + 2, "list")
        if (value := roman(token.text)) is not None:
            return Said(f"{cardinal(value)},", i + 2, "list")
        if token.kind == "word" and len(token.text) == 1:
            return Said(f"{spell(token.text)},", i + 2, "list")
        return None

    # Figures.

    def figure(self, text: str) -> str:
        """A number as written → words: 1.256 and 1,5 and 4.0."""
        text = text.replace(" ", "")
        whole, comma, part = text.partition(",")
        if text.count(",") > 1:
            whole, comma, part = text.replace(",", ""), "", ""
        grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+", whole)
        if grouped:
            whole = whole.replace(".", "")
        if "." in whole:
            return " chấm ".join(self.figure(piece) for piece in whole.split(".")) + (
                f" phẩy {digits(part)}" if comma else ""
            )
        said = self._whole(whole, grouped=bool(grouped))
        return f"{said} phẩy {digits(part)}" if comma else said

    def _whole(self, text: str, *, grouped: bool) -> str:
        if len(text) > LONGEST_CARDINAL or (not grouped and text[0] == "0" and len(text) > 2):
            return digits(text)
        return cardinal(int(text), self.options.zero_tens)

    def number(self, i: int) -> Said:
        """A figure with what belongs to it: a range, a unit, a rate."""
        token, before = self.tokens[i], self.before(i)
        text = token.text
        short = _integer(text)
        if before in ("thứ", "hạng") and short is not None:
            return Said(ordinal(short, self.options.zero_tens), i + 1, "ordinal")
        if short is not None and 1 <= short <= 12 and (end := self._month_range(i)):
            return Said(f"{'' if before == 'tháng' else 'tháng '}{month(short)} đến", end, "date")
        if before == "tháng" and short is not None and 1 <= short <= 12:
            return Said(month(short), i + 1, "date")
        if text.isdigit() and len(text) > 2 and (DIGIT_WISE & set(self.before(i, 3).split())):
            return Said(digits(text), i + 1, "digits")
        if text.isdigit() and text[0] == "0" and before in DOCUMENTS:
            return Said(digits(text), i + 1, "digits")
        if before in BEFORE_DAY and (a_day := self._day_with_dash_or_dot(i)):
            return a_day
        return self._measured(self.figure(text), i + 1, "number")

    def _month_range(self, i: int) -> int:
        """Past the dash of 02-03/2000, where a month with its year follows; 0 where none does."""
        following = self.tokens[i + 1 : i + 3]
        ranged = len(following) == 2 and following[0].text in DASHES and following[1].kind == "month"
        return i + 2 if ranged else 0

    def _day_with_dash_or_dot(self, i: int) -> Said | None:
        """After "ngày": 27.02 or 17-7, as some papers write; "từ ngày 5-7" and "ngày 5-7 tháng 3" are ranges."""
        token = self.tokens[i]
        found = _DAY_AND_MONTH.match(self.text, token.start)
        if not found or found.end() < token.end:
            return None
        day, number = int(found[1]), int(found[3])
        several = self.before(i, 2).split()[:1] in (["từ"], ["các"], ["hai"], ["ba"], ["những"])
        if not (1 <= day <= 31 and 1 <= number <= 12) or (found[2] == "-" and several and day < number):
            return None
        return Said(self.day(day, number, None, i), self.at(found.end(), i), "date")

    def _measured(self, said: str, end: int, rule: str) -> Said:
        """Adds the unit that stands right after a figure, and "/ngày" or "/kg" after that."""
        position = self.tokens[end - 1].end
        unit = _unit_pattern().match(self.text, position)
        if unit is None:
            letter = self.tokens[end] if end < len(self.tokens) else None
            glued = letter and letter.kind == "word" and len(letter.text) == 1 and letter.start == position
            if letter and glued and not (letter.text in "xX" and self._between_figures(end)):
                return Said(f"{said} {spell(letter.text)}", end + 1, rule)
            return Said(said, end, rule)
        written = unit.group(1)
        said, position = f"{said} {tables.units()[written]}", unit.end()
        if rest := _AND_A_PART.match(self.text, position) if written == "tr" else None:  # 2tr5 is 2.500.000
            thousands = cardinal(int(rest[0].ljust(3, "0")), self.options.zero_tens)
            return Said(f"{said} {thousands} nghìn", self.at(rest.end(), end), "unit")
        if written in SHORT_MAGNITUDES and (money := _unit_pattern().match(self.text, position)):  # 10k VND, 5tr đồng
            said, position = f"{said} {tables.units()[money.group(1)]}", money.end()
        if rate := self._rate(written, position):
            said, position = f"{said} {rate[0]}", rate[1]
        return Said(said, self.at(position, end), "unit")

    def _rate(self, unit: str, position: int) -> tuple[str, int] | None:
        """ "/kg" or "/ngày" after a unit: "một ki lô gam"; "/h" after km: "trên giờ"."""
        found = _rate_pattern().match(self.text, position)
        if not found:
            return None
        per = found.group(1)
        between = "trên" if f"{unit}/{per}" in RATES else "một"
        return f"{between} {tables.units().get(per, per)}", found.end()

    def ratio(self, i: int) -> Said:
        """a/b: a date, a fraction, a share or a count, by what stands around it."""
        over, under = self.tokens[i].parts["over"], self.tokens[i].parts["under"]
        before, following = self.before(i), self.after(i)
        a, b = _integer(over), _integer(under)
        if (
            a is not None
            and b is not None
            and 1 <= a <= 31
            and 1 <= b <= 12
            and len(under) <= 2
            and self._is_day(a, b, before, following)
        ):
            return Said(self.day(a, b, None, i), i + 1, "date")
        if a is not None and b == a + 1 and len(over) == len(under) == 4:
            return Said(f"{self.figure(over)} {self.figure(under)}", i + 1, "number")
        previous = self.tokens[i - 2] if i > 1 else None
        if a is not None and previous and previous.kind == "number" and self.tokens[i - 1].kind == "space":
            said = f"và {self.figure(over)} phần {'tư' if b == 4 else self.figure(under)}"  # 5 1/2
            return self._measured(said, i + 1, "ratio")
        if before == "thứ" and a is not None:
            said = f"{ordinal(a)} trên {self.figure(under)}"
        elif a is not None and b is not None and a < b <= 10 and "lệ" not in before and following not in COUNTED:
            said = f"{self.figure(over)} phần {'tư' if b == 4 else self.figure(under)}"
        else:
            said = f"{self.figure(over)} trên {self.figure(under)}"
        return self._measured(said, i + 1, "ratio")

    @staticmethod
    def _is_day(day: int, number: int, before: str, following: str) -> bool:
        if following in COUNTED:
            return False
        return before in DAY_WORDS or (day, number) in NAMED_DAYS

    def day(self, day: int, number: int, year: int | None, i: int) -> str:
        """ "mười lăm tháng năm năm hai nghìn …", with "ngày" before it where the text has none."""
        words = [self._day_of_month(day), "tháng", month(number)]
        if year is not None:
            words += ["năm", cardinal(year, self.options.zero_tens)]
        if self.before(i) not in BEFORE_DAY:
            words.insert(0, "ngày")
        return " ".join(words)

    def _day_of_month(self, day: int) -> str:
        said = cardinal(day)
        return f"mùng {said}" if self.options.mung and day <= 10 else said

    def date(self, i: int) -> Said:
        """15/5/2016."""
        parts = self.tokens[i].parts
        day, number, year = int(parts["d"]), int(parts["m"]), int(parts["y"])
        if not (1 <= day <= 31 and 1 <= number <= 12):
            return Said(
                f"{self.figure(parts['d'])} trên {self.figure(parts['m'])} trên {self.figure(parts['y'])}",
                i + 1,
                "ratio",
                True,
            )
        return Said(self.day(day, number, year, i), i + 1, "date")

    def dates(self, i: int) -> Said:
        """10-15/3, 28/2-5/3/2024; where that is no range of days, a range of numbers."""
        parts = {name: int(text) if text else None for name, text in self.tokens[i].parts.items()}
        d1, m1, y1, d2, m2, y2 = (parts[name] for name in ("d1", "m1", "y1", "d2", "m2", "y2"))
        if d1 is None or d2 is None or m2 is None:
            raise AssertionError("the pattern has these parts")
        possible = 1 <= d1 <= 31 and 1 <= d2 <= 31 and 1 <= m2 <= 12 and (m1 is None or 1 <= m1 <= 12)
        if not possible:
            a, b = re.split(r"\s?[-–—]\s?", self.tokens[i].text)
            over, _, under = b.partition("/")
            return Said(
                f"{self.figure(a.split('/')[0])} đến {self.figure(over)} trên {self.figure(under.split('/')[0])}",
                i + 1,
                "ratio",
                True,
            )
        first = self._day_of_month(d1) if m1 is None else self.day(d1, m1, y1, i).removeprefix("ngày ")
        if self.before(i) not in BEFORE_DAY:
            first = f"ngày {first}"
        last = f"{self._day_of_month(d2)} tháng {month(m2)}"
        if y2 is not None:
            last += f" năm {cardinal(y2, self.options.zero_tens)}"
        return Said(f"{first} đến {'ngày ' if m1 is not None else ''}{last}", i + 1, "date")

    def month(self, i: int) -> Said:
        """4/2024 → tháng tư năm …; after "quý" the quarter."""
        parts, before = self.tokens[i].parts, self.before(i)
        head = f"{cardinal(int(parts['mm']))}" if before in ("quý", "số", "kỳ", "đợt") else month(int(parts["mm"]))
        lead = "" if before in ("tháng", "quý", "số", "kỳ", "đợt") else "tháng "
        return Said(f"{lead}{head} năm {cardinal(int(parts['my']), self.options.zero_tens)}", i + 1, "date")

    def time(self, i: int) -> Said:
        """7h30, 15h05, 07:30, 7h."""
        parts = self.tokens[i].parts
        minutes = parts["mi"] or parts["mi2"]
        said = f"{cardinal(int(parts['h']))} giờ"
        if minutes and (int(minutes) or parts["sec"]):
            spoken = digits(minutes) if minutes[0] == "0" and not parts["sec"] else cardinal(int(minutes))
            said += f" {spoken}" + (" phút" if self.options.minutes or parts["sec"] else "")
        if parts["sec"]:
            said += f" {cardinal(int(parts['sec']))} giây"
        return Said(said, i + 1, "time")

    def digit_wise(self, i: int) -> Said:
        """Phone numbers, digit by digit, with a breath where the writer left one."""
        groups = re.split(r"[ .-]", self.tokens[i].text.replace("+84", "0"))
        said = ", ".join(digits(group) for group in groups if digits(group))
        return Said(said.replace("không, ", "không ", 1) if groups[0] == "0" else said, i + 1, "phone")

    def plate(self, i: int) -> Said:
        """23A-123.45."""
        groups = re.findall(r"\d+|[^\W\d]+", self.tokens[i].text)
        return Said(" ".join(digits(group) if group.isdigit() else spell(group) for group in groups), i + 1, "plate")

    def road(self, i: int) -> Said:
        """QL.2, QL4C, ĐT 177."""
        parts = self.tokens[i].parts
        said = f"{ROADS[parts['road']]} {self.figure(parts['road_no'])}"
        return Said(f"{said} {spell(parts['road_letter'])}".strip(), i + 1, "road")

    def chainage(self, i: int) -> Said:
        """Km 12+300."""
        parts = self.tokens[i].parts
        said = f"ki lô mét {cardinal(int(parts['km']), self.options.zero_tens)}"
        if parts["metres"]:
            said += f" cộng {cardinal(int(parts['metres']), self.options.zero_tens)}"
        return Said(said, i + 1, "road")

    def code(self, i: int) -> Said:
        """The number of a document: 08/2022/NĐ-CP, 05-CT/TW."""
        parts = self.tokens[i].parts
        number, year = parts["code_no"], parts["code_year"]
        figures = number.rstrip("abcdđ")
        said = digits(figures) if figures[0] == "0" else self.figure(figures)
        if figures != number:
            said += f" {spell(number[len(figures) :])}"
        if year:
            said += f" năm {cardinal(int(year), self.options.zero_tens)}"
        body = parts["code_body"]
        if "/" in body and not year:  # a party code: 05-CT/TW, 12-NQ/ĐU
            if self.options.party_codes == "dropped":
                return Said(said, i + 1, "code")
            return Said(f"{said} {' trên '.join(spell(part) for part in body.split('/'))}", i + 1, "code")
        kind, *issuers = re.split(r"[-–/]", body)
        if not issuers and (session := re.fullmatch(r"QH(\d\d)", kind)):
            return Said(f"{said} của Quốc hội khóa {cardinal(int(session[1]))}", i + 1, "code")
        known = [tables.codes().get(issuer) or self._abbreviation(issuer, i) for issuer in issuers]
        lead = "" if self.before(i) in DOCUMENTS or kind not in tables.codes() else f"{tables.codes()[kind]} "
        if issuers and all(known):
            return Said(f"{lead}{said} của {' '.join(filter(None, known))}", i + 1, "code")
        return Said(f"{lead}{said} {' '.join(spell(part) for part in [kind, *issuers])}", i + 1, "code", bool(issuers))

    # Words.

    def word(self, i: int) -> Said:
        """A word: most are said as they stand."""
        token = self.tokens[i]
        text = token.text
        if text.islower() and is_vietnamese(text):
            return self._plain(i)
        if not text.replace("&", "").isalpha():
            return Said(_mixed(text), i + 1, "symbol", True)
        if text in ("x", "X") and self._between_figures(i):
            return Said("nhân", i + 1, "number")
        value = roman(text.upper()) if len(text) > 1 and not is_vietnamese(text.lower()) else roman(text)
        if value is not None and self._is_numeral(i, text):
            before = self.before(i)
            return Said(ordinal(value) if before == "thứ" and value == 1 else cardinal(value), i + 1, "roman")
        composed = text.isupper() and self.capitals and is_vietnamese(text.lower())
        if not composed and (spoken := self._abbreviation(text, i)):
            return Said(spoken, i + 1, "abbreviation", len(tables.abbreviations()[text]) > 1)
        if "&" in text:
            return Said(
                " và ".join(self._abbreviation(part, i) or spell(part) for part in text.split("&")),
                i + 1,
                "abbreviation",
                True,
            )
        if is_vietnamese(text.lower()):
            return Said(text.lower(), i + 1, "capitals") if len(text) > 1 and text.isupper() else self._letter(i)
        if text.isupper() and len(text) <= LONGEST_SPELLED:
            return Said(spell(text), i + 1, "spelled", True)
        if not re.search("[aeiouy]", _bare(text)):
            return Said(spell(text) or text, i + 1, "spelled", True)
        return Said(text.lower() if text.isupper() else text, i + 1, "foreign", True)

    def _between_figures(self, i: int) -> bool:
        """Whether a figure, or one with its unit, stands on either side."""
        left, right = self.neighbour(i, -1), self.neighbour(i, 1)
        measured = left and (left.kind == "number" or _unit_pattern().fullmatch(left.text))
        return bool(measured and right and right.kind == "number")

    def _letter(self, i: int) -> Said:
        """A single capital that is no word: an initial, a vitamin, a class."""
        token = self.tokens[i]
        if len(token.text) == 1 and token.text.isupper() and token.text not in "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ":
            following = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
            if following is None or not (
                following.kind == "space" and following.end < len(self.text) and self.text[following.end].islower()
            ):
                return Said(spell(token.text), i + 1, "spelled")
        return self._plain(i)

    def _plain(self, i: int) -> Said:
        """As written; "đồng/ngày" and "nam/nữ" take the slash with them."""
        token = self.tokens[i]
        if i + 2 < len(self.tokens) and self.tokens[i + 1].text == "/" and self.tokens[i + 2].kind == "word":
            following = self.tokens[i + 2]
            if token.text in WORD_UNITS:
                return Said(f"{token.text} một {tables.units().get(following.text, following.text)}", i + 3, "unit")
            if "lệ" in self.before(i, 2).split():
                return Said(f"{token.text} trên", i + 2, "ratio")
        return Said(token.text, i + 1)

    def _is_numeral(self, i: int, text: str) -> bool:
        before = self.before(i)
        if before in NUMERALS or (before == "năm" and len(text) > 3):
            return True
        if text.islower():
            return False
        previous = self.before(i, 2).split()
        if (
            previous
            and previous[-1] in ("và", "đến", "hoặc", "hay", "-", "–", "với")
            and len(previous) > 1
            and roman(previous[0].upper())
        ):
            return True
        mark = self.neighbour(i, -1)
        if mark and mark.text in ",-–" and roman(before.upper()):
            return True
        return len(text) > 1 and not set(text) - set("IVX") and text not in tables.abbreviations()

    def _abbreviation(self, text: str, i: int) -> str:
        """What an abbreviation stands for here, or "" when it is none."""
        for reading in tables.abbreviations().get(text, ()):
            if self._fits(reading, i):
                return reading.spoken
        return ""

    def _fits(self, reading: Abbreviation, i: int) -> bool:
        if reading.after and not any(f" {self.before(i, 3)} ".endswith(f" {word} ") for word in reading.after):
            return False
        return not reading.before or any(f"{self.after(i, 3)} ".startswith(f"{word} ") for word in reading.before)

    def abbreviation(self, i: int) -> Said:
        """One with marks in it: GS.TS, Đ/c, KT-XH, TP."""
        token = self.tokens[i]
        if re.fullmatch(r"[A-Z]\.", token.text):  # P. Trần Phú is a ward, Nguyễn Văn P. is a man
            previous = self.neighbour(i, -1)
            ward = re.match(r" ?[A-ZĐÀ-Ỹ\d]", self.text[token.end : token.end + 2])
            if not ward or (previous and previous.kind == "word" and previous.text[0].isupper()):
                return Said(spell(token.text), i + 1, "spelled")
        spoken = self._abbreviation(token.text, i)
        ends = token.text[-1] in ".…" and self.neighbour(i, 1) is None
        return Said(f"{spoken}." if ends else spoken, i + 1, "abbreviation")

    def email(self, i: int) -> Said:
        """bbt@hagiang.gov.vn."""
        name, _, host = self.tokens[i].text.rpartition("@")
        return Said(f"{_address(name)} a còng {_address(host)}", i + 1, "address")

    def url(self, i: int) -> Said:
        """www.hagiang.gov.vn/tin; what a browser adds is not read."""
        text = re.sub(r"^https?://", "", self.tokens[i].text).rstrip("/")
        host, _, path = text.partition("/")
        tail = " xuyệt ".join(_address(part) for part in re.split(r"/", re.sub(r"[?#].*", "", path)) if part)
        return Said(" xuyệt ".join(filter(None, (_address(host), tail))), i + 1, "address")

    # Marks.

    def mark(self, i: int) -> Said:
        """Punctuation becomes a pause, a symbol its name, the rest nothing."""
        token = self.tokens[i]
        if token.text in "/.-–" and self._quarter_and_year(i):
            return Said("năm", i + 1, "date")
        if token.text in PAUSES:
            return Said(PAUSES[token.text], i + 1)
        if token.text in DASHES:
            return self._dash(i)
        if token.text == "/":
            return Said(" ", i + 1, "mark")
        spoken = _symbol(token.text)
        return Said(spoken or " ", i + 1, "symbol" if spoken else "mark", bool(spoken) and token.text not in SYMBOLS)

    def _quarter_and_year(self, i: int) -> bool:
        """The mark in "quý II/2021"."""
        left, right = self.tokens[i - 1] if i else None, self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        if not (left and right and roman(left.text) and re.fullmatch(r"(19|20)\d\d", right.text)):
            return False
        return self.before(i - 1) == "quý"

    def _dash(self, i: int) -> Said:
        token = self.tokens[i]
        left, right = self.neighbour(i, -1), self.neighbour(i, 1)
        glued_right = i + 1 < len(self.tokens) and self.tokens[i + 1].kind != "space"
        glued_left = i > 0 and self.tokens[i - 1].kind != "space"
        if right and right.kind in FIGURES:
            measured = left and (left.kind in FIGURES or _unit_pattern().fullmatch(left.text) or left.text == ")")
            if measured:
                score = right.kind == "number" and {"tỷ", "số"} <= set(self.before(i, 4).split())
                return Said("" if score else "đến", i + 1, "range")
            if glued_right and not glued_left and right.kind in ("number", "ratio"):
                return Said("âm", i + 1, "number")
        if left and right and roman(left.text) and roman(right.text):
            return Said("đến", i + 1, "range")
        return Said(" " if glued_left and glued_right and token.text == "-" else ",", i + 1)

    def ellipsis(self, i: int) -> Said:
        """A pause; a full stop at the end."""
        return Said("." if self.neighbour(i, 1) is None else ",", i + 1)

    def end(self, i: int) -> Said:
        """ "./." ends a document and is silent."""
        return Said(".", i + 1, "end")

    def space(self, i: int) -> Said:
        """Space."""
        return Said(" ", i + 1)


class Terms:
    """The pronunciation dictionary, ready to be asked at a place of a text; the longest entry wins."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._exact = {term.written: term for term in terms if term.match_case}
        self._folded = {term.written.lower(): term for term in terms if not term.match_case}
        forms = sorted({*self._exact, *self._folded}, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE) if forms else None
        )

    def __bool__(self) -> bool:
        return self._pattern is not None

    def at(self, text: str, position: int) -> Term | None:
        """The entry whose written form stands at this place as a whole word."""
        found = self._pattern.match(text, position) if self._pattern else None
        if not found:
            return None
        return self._exact.get(found[0]) or self._folded.get(found[0].lower())


Verbaliser = Callable[[Reader, int], Said]
VERBALISERS: dict[str, Verbaliser] = {
    "word": Reader.word,
    "space": Reader.space,
    "email": Reader.email,
    "url": Reader.url,
    "end": Reader.end,
    "ellipsis": Reader.ellipsis,
    "plate": Reader.plate,
    "code": Reader.code,
    "road": Reader.road,
    "chainage": Reader.chainage,
    "dates": Reader.dates,
    "date": Reader.date,
    "month": Reader.month,
    "time": Reader.time,
    "phone": Reader.digit_wise,
    "ratio": Reader.ratio,
    "number": Reader.number,
    "abbreviation": Reader.abbreviation,
    "mark": Reader.mark,
}


def _mixed(text: str) -> str:
    """Letters with symbols among them, as in mc²: each run of letters spelled unless it is a word."""
    said: list[str] = []
    for alphabetic, run in groupby(text, str.isalpha):
        letters = "".join(run)
        if alphabetic:
            said.append(letters if len(letters) > 1 and is_vietnamese(letters.lower()) else spell(letters))
        else:
            said += map(_symbol, letters)
    return " ".join(filter(None, said))


def _symbol(char: str) -> str:
    """What a character that belongs to no word is called; "" when it is silent."""
    digit = unicodedata.digit(char, None)
    return SYMBOLS.get(char) or (digits(str(digit)) if digit is not None else "")


def _bare(text: str) -> str:
    """The letters of a word without any marks, lower case."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def _address(text: str) -> str:
    """A part of an address: its words as they stand when they can be spoken, else letter by letter."""
    said: list[str] = []
    for piece in re.findall(r"[^\W\d_]+|\d+|[._@+~=-]", text):
        if piece == ".":
            said.append("chấm")
        elif piece.isdigit():
            said.append(digits(piece))
        elif piece.isalpha():
            lower = piece.lower()
            speakable = len(lower) > 2 and re.search("[aeiouy]", lower)
            said.append(lower if speakable else spell(piece))
        else:
            said.append({"-": "gạch ngang", "_": "gạch dưới"}.get(piece, ""))
    return " ".join(filter(None, said))


def _integer(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) <= 4 else None


@cache
def _unit_pattern() -> re.Pattern[str]:
    """A unit right after a figure, with at most one space between."""
    forms = sorted(tables.units(), key=len, reverse=True)
    ends = {form: r"(?![^\W\d_])" if form in BEFORE_A_FIGURE else r"(?![^\W_])" for form in forms}
    written = "|".join(re.escape(form) + (ends[form] if form[-1].isalnum() else "") for form in forms)
    return re.compile(rf"\s?({written})")


@cache
def _rate_pattern() -> re.Pattern[str]:
    """What a price or speed is given for: /kg, /ngày."""
    forms = "|".join(re.escape(form) for form in sorted(tables.units(), key=len, reverse=True) if form[-1].isalnum())
    return re.compile(rf"\s?/\s?((?:{forms})(?!\w)|[a-zà-ỹđ]{{2,10}}(?!\w))")
