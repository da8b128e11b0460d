"""Who reads, told to listeners: a machine, a person, or both."""

from collections.abc import Sequence


def told(disclosure: str, human: str, announcers: Sequence[str]) -> str:
    """What is written wherever an edition is heard; `disclosure` is the station's own word on its synthetic voice."""
    names = ", ".join(announcers)
    if human == "all":
        return f"Giọng đọc: {names} (người thật)." if names else "Giọng người thật."
    if human == "some":
        return f"{disclosure} Một số câu do người thật đọc{f': {names}' if names else ''}."
    return disclosure
