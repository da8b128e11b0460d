"""How much one request may hold: fields of a form, members and depth of a JSON.

More is refused, at once.
"""

import io
from typing import IO, Any

from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

# Of a form; the longest of the desk's, an article's sentences, has some hundreds
MOST_FIELDS = 2_000
MOST_VALUES = 20_000  # of a JSON, in all: members, items, and what is in them
DEEPEST = 32  # objects and lists within one another
MOST_ERRORS = 20  # told in one answer
LONGEST_FIELD, LONGEST_DETAIL = 120, 300  # characters of each that are told


class BoundedForms(FormDataParser):
    """Werkzeug counts the parts of multipart forms; this counts the fields of the others too."""

    def _parse_urlencoded(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str],
    ) -> Any:
        data = stream.read()
        if data.count(b"&") >= MOST_FIELDS:
            raise RequestEntityTooLarge(f"a form has at most {MOST_FIELDS} fields")
        return super()._parse_urlencoded(
            io.BytesIO(data), mimetype, content_length, options
        )


class BoundedRequest(Request):
    """A request whose forms have an end."""

    form_data_parser_class = BoundedForms


class BoundedJson(DefaultJSONProvider):
    """JSON that is neither deeper nor longer than anything that is sent here in earnest."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value; BadRequest says which bound was met.

        Other faults are ValueErrors, as usual.
        """
        try:
            value = super().loads(s, **kwargs)
        except RecursionError:
            raise BadRequest(f"this JSON is nested deeper than {DEEPEST}") from None
        check_json(value)
        return value


def check_json(value: Any) -> None:
    """BadRequest when the value is too deep or holds too much.

    Takes time in proportion, and stops early.
    """
    level, count = [value], 0
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        count += len(level)
        if count > MOST_VALUES:
            raise BadRequest(f"this JSON holds more than {MOST_VALUES} values")
        if not level:
            return
    raise BadRequest(f"this JSON is nested deeper than {DEEPEST}")


def _inside(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
