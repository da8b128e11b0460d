"""What is no character of a text: NUL, and halves of surrogate pairs.

JSON and forms can say them; UTF-8 has no halves, PostgreSQL keeps no NUL.
"""

import json
import re
from typing import Any

NO_TEXT = re.compile("[\0\ud800-\udfff]")


def is_text(value: Any) -> bool:
    """Whether all that a JSON value says is text, names of members too."""
    if isinstance(value, str):
        return NO_TEXT.search(value) is None
    if isinstance(value, dict):
        return all(map(is_text, value)) and all(map(is_text, value.values()))
    return all(map(is_text, value)) if isinstance(value, (list, tuple)) else True


def text_of(words: str) -> str:
    """What of some words is text."""
    return NO_TEXT.sub("", words)


def texts_in(document: str | bytes) -> Any:
    """The value of a JSON document.

    ValueError for what is no JSON, is nested too deep, or says what is no text.
    """
    try:
        value = json.loads(document)
        if is_text(value):
            return value
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    raise ValueError("it holds NUL, or half a surrogate pair")
