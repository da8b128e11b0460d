"""Addresses of the application: what may stand in them,
and how they are made from what stands there.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import IntegerConverter, Map, Rule

from service.web.inputs import LARGEST


class Number(IntegerConverter):
    """A number in an address: beyond what a row's number can be there is nothing,
    and no database is asked.
    """

    def __init__(
        self,
        map: Map,
        fixed_digits: int = 0,
        min: int | None = None,
        max: int | None = LARGEST,
    ) -> None:
        super().__init__(map, fixed_digits, min, max)


class LateRule(Rule):
    """An address whose maker is compiled when a page first links there.

    Werkzeug compiles two makers for each address when the address is added: most of the work of
    making an application, for addresses of which most are only ever answered, not linked.
    """

    def _compile_builder(
        self, append_unknown: bool = True
    ) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []
        compiled_now = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            # Two threads at once compile the same twice: no harm.
            if not compiled:
                compiled.append(compiled_now(append_unknown))
            return compiled[0](rule, **values)

        return build
