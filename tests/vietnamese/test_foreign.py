"""Foreign words that no row has: respelled by rule, with a quiet mark, or left as they are."""

import pytest

from service.vietnamese import Options, Passage, read, say


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ông Ronaldo", "ông rô nan đô"),
        ("ông Macron", "ông ma cờ ron"),
        ("bà Georgieva", "bà ghê ô ghi va"),
        ("ông Kowalski", "ông cô oan xờ ki"),
        ("vi khuẩn Salmonella", "vi khuẩn xan mô nen la"),
        ("huyện Ia Grai", "huyện Ia gờ rai"),
        ("ông Walter", "ông oan tơ"),
        ("ông Mark", "ông mác"),
        ("đèn SmartHome", "đèn xờ mát hom"),
    ],
)
def test_a_foreign_word_without_a_row_is_said_in_vietnamese_syllables(written, spoken):
    assert say(written) == spoken
    assert say(spoken) == spoken
    assert say(written, Options(foreign="given")) == written


def marks(text):
    """(what was written, its rule, whether it asks for a look) of each change."""
    (sentence,) = read([Passage(text)])
    return [(change.written, change.rule, change.doubt) for change in sentence.changes]


def test_what_rules_respell_is_marked_quietly():
    assert marks("ông Ronaldo đến") == [("Ronaldo", "unlisted", False)]


def test_letters_glued_to_a_word_ask_for_a_look():
    """Nobody but who owns the name knows how VTVgo is said."""
    assert marks("xem VTVgo nhé") == [("VTVgo", "spelled", True)]
    assert marks("đèn SmartHome nhé") == [("SmartHome", "unlisted", False)]


def test_capitals_that_cannot_be_said_are_letters_however_many():
    assert marks("mã hàng ký hiệu XKBTRND nhé") == [("XKBTRND", "spelled", True)]
