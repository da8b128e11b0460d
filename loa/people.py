"""Logins of people and keys of programs."""

from typing import Annotated, Any

import typer

from loa.assembly import open_newsroom, settings
from loa.terminal import fail


def user_add(
    name: str,
    role: Annotated[str, typer.Option(help="operator, editor, approver or admin")] = "editor",
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)
    ] = "",
) -> None:
    """A new login for the desk."""
    person = open_newsroom(settings()).people.add(name, password, as_role(role))
    typer.echo(f"{person.name}: {person.role}")


def user_password(
    name: str,
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)
    ] = "",
) -> None:
    """A new password for a login that exists."""
    open_newsroom(settings()).people.set_password(name, password)
    typer.echo(f"{name}: the password is changed")


def key_add(
    name: str, role: Annotated[str, typer.Option(help="operator, editor, approver or admin")]
) -> None:
    """A new key for a program; it is printed once, last."""
    typer.echo(open_newsroom(settings()).people.add_key(name, as_role(role)))


def as_role(text: str) -> Any:
    """A role by its name."""
    from service.newsroom.values import Role

    try:
        return Role(text)
    except ValueError:
        fail(f"{text!r} is no role: operator, editor, approver or admin")
