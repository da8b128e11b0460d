"""Who reads, told to listeners: a machine, a person, or both."""

from service.newsroom.store.tables import RenderingRow
from service.newsroom.values import HumanVoice


def disclosure_of(disclosure: str, rendering: RenderingRow) -> str:
    """What is written wherever a version is heard.

    `disclosure` is the station's own word on its voice.
    """
    human = HumanVoice(rendering.human)
    names = ", ".join(rendering.announcers)
    if human is HumanVoice.ALL:
        return f"Giọng đọc: {names} (người thật)." if names else "Giọng người thật."
    if human is HumanVoice.SOME:
        by_whom = f": {names}" if names else ""
        return f"{disclosure} Một số câu do người thật đọc{by_whom}."
    return disclosure
