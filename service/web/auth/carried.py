"""What was typed when a login had ended is carried over the next one, and sent by one press.

Never by itself: a form may have come from another site, so a person sees what it holds before it
goes on.
"""

import json
from dataclasses import dataclass
from typing import Self

from flask import render_template, request

from service.characters import texts_in

FIELD = "carried"
SECRETS = frozenset(
    ("password", "old", "code", "ticket", "answer", "csrf_token", FIELD)
)
# The doors themselves, and one's own password: nothing of these is carried.
DOORS = frozenset(("auth", "account", "factor", "passkeys"))
MOST_FIELDS = 1_000


@dataclass(frozen=True, slots=True)
class Carried:
    """A form that waits: where it goes, and its fields as they were typed; files stay behind."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of_request(cls) -> Self | None:
        """The form of this request, when it is one of the desk that people type into; else None."""
        is_desk = request.path.startswith("/desk/") and request.blueprint not in DOORS
        is_form = (
            request.method == "POST"
            and request.accept_mimetypes.best != "application/json"
        )
        if not (is_desk and is_form):
            return None
        fields = [(name, value) for name, value in request.form.items(multi=True)]
        kept = tuple((name, value) for name, value in fields if name not in SECRETS)
        # A press of a button alone, such as an approval, is pressed again: nobody sees here what it
        # would do.
        is_typed = any(" " in value.strip() for _, value in kept)
        return cls(request.path, kept[:MOST_FIELDS]) if is_typed else None

    @classmethod
    def of_login(cls) -> Self | None:
        """The form that the login's page carried; None for none, and for what nobody here wrote."""
        try:
            kept = texts_in(request.form.get(FIELD, ""))
            fields = tuple((str(name), str(value)) for name, value in kept["fields"])
            path = str(kept["path"])
        except (ValueError, TypeError, KeyError):
            return None
        is_own = path.startswith("/desk/") and "\\" not in path and ".." not in path
        return cls(path, fields[:MOST_FIELDS]) if is_own else None

    @property
    def text(self) -> str:
        """As the login's page carries it."""
        return json.dumps(
            {"path": self.path, "fields": self.fields}, ensure_ascii=False
        )

    def page(self) -> str:
        """What was typed, and the button that sends it,
        with a token of the session that is open now.
        """
        return render_template("desk/carried.html", carried=self)
