"""Every rule that stands in a table of rules is named once, and its example is read as it says."""

import pytest

from service import vietnamese
from service.vietnamese import say
from service.vietnamese.rules import Rule, Sign
from tests.linear import modules_of


def tables_of_rules():
    for module in modules_of(vietnamese):
        for name, value in vars(module).items():
            if isinstance(value, tuple) and value and isinstance(value[0], (Rule, Sign)):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", value


RULES = [(table, rule) for table, rules in tables_of_rules() for rule in rules]


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda part: getattr(part, "name", part))
def test_every_rule_reads_its_example(table, rule):
    assert say(rule.example).rstrip(".") == rule.reading.rstrip(".")


def test_rules_of_one_table_have_names_of_their_own():
    for table, rules in tables_of_rules():
        names = [rule.name for rule in rules]
        assert len(names) == len(set(names)), table
