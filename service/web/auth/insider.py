"""Who has come in: a person's session, as flask-login wants to see one."""

from dataclasses import dataclass

from service.newsroom.values import DeskSession, Person


@dataclass(frozen=True, slots=True)
class Insider:
    """Somebody whose session lasts, as flask-login wants to see one.

    Who came in with a one-time password, or must set up a second factor, is a stranger to every page
    but those of their own login.
    """

    here: DeskSession
    token: str
    is_active: bool = True
    is_anonymous: bool = False
    must_pair: bool = False

    @property
    def person(self) -> Person:
        """Whose session it is."""
        return self.here.person

    @property
    def is_authenticated(self) -> bool:
        """Whether the desk is open to them."""
        return not (self.person.must_change or self.must_pair)

    def get_id(self) -> str:
        """What the cookie remembers: the secret of the session, which is a row."""
        return self.token
