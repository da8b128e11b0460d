"""Every member of every enum that rooms tell each other has one Vietnamese name."""

import importlib
import pkgutil
from enum import StrEnum

import pytest

import service.intake
import service.newsroom
from service.newsroom.values.names import NAMES_VI, name_vi
from service.web.words import LEFT_OUT, why_left_out


def enums_of(package):
    """The enums that a room defines and others see; its store keeps its own to itself."""
    found = set()
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.startswith("service.newsroom.store."):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            is_enum = isinstance(value, type) and issubclass(value, StrEnum)
            if (
                is_enum
                and value.__module__ == module.name
                and not value.__name__.startswith("_")
            ):
                found.add(value)
    return found


OF_THE_NEWSROOM = sorted(enums_of(service.newsroom), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", OF_THE_NEWSROOM, ids=lambda kind: kind.__name__)
def test_every_member_has_a_name(kind):
    for member in kind:
        assert name_vi(member).strip(), f"{kind.__name__}.{member.name} has no name"
    assert len(NAMES_VI[kind]) == len(kind)


def test_no_enum_is_named_that_is_gone():
    assert set(NAMES_VI) <= set(OF_THE_NEWSROOM)


def test_reasons_of_intake_have_names_on_the_desk():
    assert {why_left_out(why) for why in service.intake.Why} == set(LEFT_OUT.values())
    assert {why.value for why in LEFT_OUT} == {why.value for why in service.intake.Why}
