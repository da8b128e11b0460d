"""Roles: what a person with a login, or a program with a key, may do.

A role is a member here and its row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the newsroom. Pages and calls name the role whose work they are."""

    OPERATOR = "operator"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"

    @property
    def name_vi(self) -> str:
        """What people read."""
        return ROLES[self].name_vi

    @property
    def idle(self) -> timedelta:
        """How long a login of this role may stand without a request."""
        return ROLES[self].idle

    def may(self, work: "Role | str") -> bool:
        """Whether this role may do what is the work of another.

        ValueError when there is none such.
        """
        return Role(work) in set(self._works())

    def _works(self) -> "Iterator[Role]":
        yield self
        for role in ROLES[self].does_work_of:
            yield from role._works()


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What is to be known of a role.

    It may do the work of the roles named here too, and what these may in their turn. `idle` is
    after ASVS 5.0, 7.3.1.
    """

    name_vi: str
    does_work_of: tuple[Role, ...]
    idle: timedelta


ROLES: dict[Role, RoleRow] = {
    # Looks at everything of the desk, changes nothing; broadcasts.
    Role.OPERATOR: RoleRow("phụ trách loa", (), timedelta(hours=4)),
    # A long article is typed without a word to the server.
    Role.EDITOR: RoleRow("biên tập viên", (Role.OPERATOR,), timedelta(hours=4)),
    # What they do goes on the air.
    Role.APPROVER: RoleRow("người duyệt", (Role.EDITOR,), timedelta(hours=1)),
    Role.ADMIN: RoleRow("quản trị", (Role.APPROVER,), timedelta(hours=1)),
}
