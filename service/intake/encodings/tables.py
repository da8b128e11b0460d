"""TCVN3 (fonts .Vn…) and VNI (fonts VNI-…): what their bytes mean, read as Latin-1 or Windows-1252.

Source: TCVN 5712:1993, VN3; the VNI for Windows character set. No maintained library knows either.
"""

import re

# Each string pairs the letter that Latin-1 shows with the one that was meant.
TCVN3_PAIRS = (
    "µà¸á¶ả·ã¹ạ ¨ă»ằ¾ắ¼ẳ½ẵÆặ ©âÇầÊấÈẩÉẫËậ ®đ ÌèÐéÎẻÏẽÑẹ ªêÒềÕếÓểÔễÖệ ×ìÝíØỉÜĩÞị ßòãóáỏâõäọ "
    "«ôåồèốæổçỗéộ ¬ơêờíớëởìỡîợ ïùóúñủòũôụ \u00adưõừøứöử÷ữùự úỳýýûỷüỹþỵ ¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ"
)
TCVN3 = {
    pair[at]: pair[at + 1]
    for pair in TCVN3_PAIRS.split(" ")
    for at in range(0, len(pair), 2)
}

ACUTE, GRAVE, HOOK, TILDE, DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
VNI_MARKS = {
    "ù": ACUTE,
    "ø": GRAVE,
    "û": HOOK,
    "õ": TILDE,
    "ï": DOT,
    "â": CIRCUMFLEX,
    "á": CIRCUMFLEX + ACUTE,
    "à": CIRCUMFLEX + GRAVE,
    "å": CIRCUMFLEX + HOOK,
    "ã": CIRCUMFLEX + TILDE,
    "ä": CIRCUMFLEX + DOT,
    "ê": BREVE,
    "é": BREVE + ACUTE,
    "è": BREVE + GRAVE,
    "ú": BREVE + HOOK,
    "ü": BREVE + TILDE,
    "ë": BREVE + DOT,
}
VNI_LETTERS = {
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
    "í": "í",
    "ì": "ì",
    "Æ": "Ỉ",
    "Ó": "Ĩ",
    "Ò": "Ị",
    "Î": "Ỵ",
    "Ñ": "Đ",
    "Ô": "Ơ",
    "Ö": "Ư",
    "Í": "Í",
    "Ì": "Ì",
}
VNI_PAIR = re.compile("([aAeEoOuUyYôÔöÖ])([ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])")


def from_tcvn3(text: str) -> str:
    """A text in TCVN3 that was read as Latin-1."""
    return "".join(TCVN3.get(char, char) for char in text)


def from_vni(text: str) -> str:
    """A text in VNI that was read as Windows-1252: a vowel and the mark after it are one letter."""
    paired = VNI_PAIR.sub(
        lambda pair: VNI_LETTERS.get(pair[1], pair[1]) + VNI_MARKS[pair[2].lower()],
        text,
    )
    return "".join(VNI_LETTERS.get(char, char) for char in paired)
