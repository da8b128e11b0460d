"""What a word is given for, where a slash follows it: "đồng/ngày",
"3 tấn phân/ha", "tỷ lệ nam/nữ".
"""

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.measures import per
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import rate_pattern

REACH = 8  # tokens back to a figure


def with_its_rate(c: Context, i: int, said: Said) -> Said:
    """What a word says, and what stands after its slash where that is said with it."""
    if said.end != i + 1 or not c.text.startswith(("/", " /"), c.tokens[i].end):
        return said
    return _ratio(c, i, said) or _rate(c, i, said) or said


def _ratio(c: Context, i: int, said: Said) -> Said | None:
    """ "tỷ lệ nam/nữ", "tỷ lệ GV/lớp"."""
    end = c.tokens[i].end
    if "lệ" not in c.before(i, 2).split() or not c.text[end + 1 : end + 2].isalpha():
        return None
    return said._replace(
        spoken=f"{said.spoken} trên", end=i + 2, rule=said.rule or "ratio"
    )


def _rate(c: Context, i: int, said: Said) -> Said | None:
    """ "đồng/ngày", "3 tấn phân chuồng/ha": what something is given for, after what is counted."""
    token = c.tokens[i]
    rate = rate_pattern().match(c.text, token.end)
    if (
        not rate
        or not _is_counted(c, i, rate[1])
        or _names_one_or_the_other(token.text, rate[1])
    ):
        return None
    spoken, position = per(c, said.spoken, token.text, token.end)
    return said._replace(
        spoken=spoken, end=c.at(position, i + 1), rule=said.rule or "unit"
    )


def _is_counted(c: Context, i: int, unit: str) -> bool:
    """Whether a word is what things are counted by, or a figure stands shortly before it.

    Right before it, whatever follows the slash: "3 bàn/trận".
    """
    previous = c.neighbour(i, -1)
    is_first = previous is not None and previous.kind == "number"
    if is_first or c.tokens[i].text in tables.cues(Cue.RATED):
        return True
    if unit not in tables.cues(Cue.EACH) and unit not in tables.units():
        return False
    return any(token.kind == "number" for token in c.tokens[max(0, i - REACH) : i])


def _names_one_or_the_other(word: str, unit: str) -> bool:
    """ "thôn/bản" and "61 phường/xã" are no rates."""
    if f"{word}/{unit}" in tables.cues(Cue.TOGETHER):
        return True
    return {word, unit} <= tables.cues(Cue.DIVISION)
