"""What one request may hold: fields of a form, members and depth of a JSON, and only text.

More is refused, at once.
"""

import io
from functools import cached_property
from typing import IO, Any

from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from service.characters import is_text

# Of a form; the longest of the desk's, an article's sentences, has some hundreds
MOST_FIELDS = 2_000
MOST_VALUES = 20_000  # of a JSON, in all: members, items, and what is in them
DEEPEST = 32  # objects and lists within one another
MOST_ERRORS = 20  # told in one answer
LONGEST_FIELD, LONGEST_DETAIL = 120, 300  # characters of each that are told


class BoundedForms(FormDataParser):
    """Werkzeug counts the parts of multipart forms; this counts the fields of the others too.

    Of both it looks at every field: what is no text reaches no view.
    """

    def parse(self, *arguments: Any, **named: Any) -> Any:
        """The form; BadRequest names the first field that holds what is no text."""
        stream, form, files = super().parse(*arguments, **named)
        names = [(name, file.filename or "") for name, file in files.items(multi=True)]
        for name, text in [*form.items(multi=True), *names]:
            if not (is_text(name) and is_text(text)):
                for file in files.values():
                    file.close()
                raise BadRequest(
                    f"{name[:LONGEST_FIELD]!a} holds NUL, or half a surrogate pair"
                )
        return stream, form, files

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
    """A request whose forms have an end; a cookie that is no text is none."""

    form_data_parser_class = BoundedForms

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """Only text: a cookie goes on being sent, so that refusing would shut somebody out."""
        sent = super().cookies.items(multi=True)
        return ImmutableMultiDict((name, text) for name, text in sent if is_text(text))


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
