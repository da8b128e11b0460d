"""An administrator helps whose phone or device is gone: what opened the desk with it is taken away."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict
from service.newsroom.values import Person, Role
from service.web.auth import DeskPage, who
from service.web.auth.proof import is_proved, to_proof

# Does something with the person of that number, and answers with their page and what was said
PersonMove = Callable[[int, Callable[[Person], str]], ResponseReturnValue]


def helping_pages(
    person: str, newsroom: Newsroom, change: PersonMove
) -> list[DeskPage]:
    """The addresses below `person`, that of somebody."""
    helping = Helping(newsroom, change)
    passkey = f"{person}/passkeys/<int:passkey_id>/remove"
    return [
        DeskPage("POST", f"{person}/factor/off", Role.ADMIN, helping.factor_off),
        DeskPage("POST", passkey, Role.ADMIN, helping.passkey_off),
    ]


@dataclass(frozen=True)
class Helping:
    """What the addresses answer. One's own goes where its owner is asked for a proof."""

    newsroom: Newsroom
    change: PersonMove

    def factor_off(self, person_id: int) -> ResponseReturnValue:
        """Takes away the whole second factor of somebody: phone, passkeys and paper."""

        def move(person: Person) -> str:
            self.newsroom.factors.remove(person.name, who())
            return f"Đã bỏ xác thực hai lớp của {person.name}; người này đăng nhập bằng mật khẩu."

        return self._help(person_id, move)

    def passkey_off(self, person_id: int, passkey_id: int) -> ResponseReturnValue:
        """Takes away one passkey of somebody."""

        def move(person: Person) -> str:
            gone = self.newsroom.passkeys.remove(person.name, passkey_id, who())
            return f"Đã xóa khóa “{gone.name}” của {person.name}."

        return self._help(person_id, move)

    def _help(
        self, person_id: int, move: Callable[[Person], str]
    ) -> ResponseReturnValue:
        if not is_proved(self.newsroom):
            return to_proof(url_for("people.person", person_id=person_id))

        def checked(person: Person) -> str:
            if person.name == who():
                raise Conflict(
                    "your own is at /desk/factor and /desk/sessions",
                    "Của chính mình thì tắt ở “Tài khoản của tôi”.",
                    "factor",
                )
            return move(person)

        return self.change(person_id, checked)
