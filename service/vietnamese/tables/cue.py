"""What words tell of those beside them: the second column of cues.tsv,
whose rows say so with examples.
"""

from enum import StrEnum


class Cue(StrEnum):
    """What a cue tells; each value stands in cues.tsv, and each word there tells one of them."""

    ADDRESS = "address"  # a figure with a slash after it is an address: ngõ 3/5
    AFTER_A_DAY = (
        "after a day"  # after two figures with a mark it leaves them a day: 5/6 tại xã
    )
    # After a figure it leaves it a number to call: gọi 114 để
    AFTER_A_NUMBER_TO_CALL = "after a number to call"
    AGED = "aged"  # T after the figure is years of age: trẻ 5T
    AMOUNT = "amount"  # a figure with a mark after it is an amount: nặng 5.5
    BEDS = "beds"  # GB near it are beds: bệnh viện 250 GB
    BEGINS_A_CLAUSE = "begins a clause"  # a breath is good before it
    BEGINS_A_PHRASE = "begins a phrase"  # a breath is possible before it
    BYLINE = "byline"  # who wrote it follows: Tin, ảnh: H. Nam
    CHANNEL = "channel"  # letters right after it are a station's name: kênh TTV
    CLOCK = "clock"  # H after the figure is the hour: lúc 7H
    CODE = "code"  # letters after it are letters: mã DN
    COMPOUND = (
        "compound"  # ends with such a word, which is no office there: Quốc hội HĐND
    )
    CONTEST = "contest"  # a score follows: tỷ số 3-1
    COUNTED = "counted"  # there are so many of it: 3/5 thôn
    # Counted although a document stands before: báo cáo 09 tháng
    COUNTED_AFTER_A_DOCUMENT = "counted after a document"
    COUNTED_PEOPLE = (
        "counted people"  # people, of whom there are no decimals: 1,256 người
    )
    COUNTING = "counting"  # "số" after it counts: trong số 06 hộ
    DAY = "day"  # a day follows: ngày 5.5
    DIMENSION = "dimension"  # x before it is "nhân": dài 2m x rộng 1m
    DIVISION = "division"  # two of them with a slash are one or the other: phường/xã
    EACH = "each"  # what is given for each of it: 45/tháng
    ELECTRIC = "electric"  # A after the figure is a current: aptomat 16A
    EMERGENCY = "emergency"  # a number of three digits that everybody calls: 114
    ENGINE = "engine"  # CV near it are horse-power: tàu 90 CV
    FEAST = "feast"  # a day of a feast follows: dịp 30/4
    GLOSS = "gloss"  # says in a bracket that a shorter name follows: (gọi tắt là …)
    HOTLINE = "hotline"  # a number that everybody knows: 113
    ITEM = "item"  # a small letter after it is one: điểm i
    JOINING = "joining"  # makes no term with what stands before it: TN của xã
    LEANS_ON_THE_NEXT = "leans on the next"  # nobody breathes after it
    LEDE = "lede"  # a report begins with it, after the tag of a paper: NLĐO - Sáng nay
    LETTER = "letter"  # C, D, L and M after it are letters: loại C
    LEVEL = "level"  # the same word before two figures is a range: cấp 1 - cấp 2
    LISTED = "listed"  # single figures in a list follow: lớp 5,6
    LOADED = "loaded"  # T after the figure is tonnes: xe 5T
    LOT = "lot"  # letters and figures right after it are its name: lô LK03-12
    MAGNITUDE = "magnitude"  # numbers go on with it: nghìn, triệu
    MARKS = "marks"  # đ near it are marks of an examination
    MATCH = "match"  # perhaps a score follows
    MONEY = "money"  # what is paid in
    NAME = "name"  # a name follows, also in capitals: bão NESAT
    NO_MONEY = "no money"  # K after the figure is no money: thông điệp 5K
    NUMBER_THAT_NAMES = "number that names"  # a long figure after it names: tài khoản
    NUMBER_TO_CALL = "number to call"  # a figure after it is called: gọi 114
    NUMERAL = "numeral"  # a Roman numeral follows: khóa XII
    ORDINAL = "ordinal"  # an ordinal follows: thứ 4
    PARTY = "party"  # a body of the Party, which its code repeats
    PERHAPS_A_DAY = (
        "perhaps a day"  # a figure with a slash after it may be a day: từ 5/6
    )
    PERHAPS_A_NUMBER_TO_CALL = (
        "perhaps a number to call"  # of a hotline, where nothing is counted
    )
    PERSON = "person"  # t after the figure is an age: bà Mỷ, 67t
    PLACE_NAMED_FOR_A_DAY = (
        "place named for a day"  # a place has the name of the day: quảng trường 26/3
    )
    PLAN = "plan"  # what a figure is held against, no rate: đạt 5/KH
    PRESSURE = "pressure"  # two figures with a slash are a blood pressure
    RATED = "rated"  # a slash after it is a rate: đồng/năm
    RATIO = "ratio"  # figures with colons after it are parts: NPK 5:10:3
    RUN = "run"  # K after the figure is kilometres: chạy 10K
    SAID = "said"  # an office is called by it, and nobody says it twice: Ban BCĐ
    SECTION = "section"  # a figure with a point after it is a section: mục 3.2
    SHARED = "shared"  # what parts are made of: 1/8 ngân sách
    SIMILAR = "similar"  # joins two numerals: khóa XI và XII
    SOME = "some"  # stands for a number: hàng triệu m3
    SPEAKS = "speaks"  # a quotation follows
    STANDARD = "standard"  # the number of a standard follows: TCVN 11892
    SURE = "sure"  # two capitals that mean one thing wherever they stand: VN
    TALL = "tall"  # m2 after the figure is a height: cao 1m2
    TERM = "term"  # a numeral, a slash and a year follow: quý II/2021
    TESTED = "tested"  # a sign in brackets is a result: mẫu (+)
    TODAY = "today"  # a day follows: nay 5.5
    TOGETHER = "together"  # these with their slash are no rate: ngày/đêm
    VARIETY = "variety"  # letters and figures after it are a variety: giống KD18
    VERSION = "version"  # a figure with a point after it is no day: phiên bản 4.0
    VOLTAGE = "voltage"  # before a dash, a measure of a battery: 48V-20Ah
    WARMTH = "warmth"  # a lost degree is one: nhiệt độ 220C
    WHEN = "when"  # the hour or an end, which a day follows: hạn nộp 30.11
