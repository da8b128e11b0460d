"""Voices: one file for each engine, and nothing else lies here.

`beep.py` with a class `Beep` is the engine "beep": the class does what `audio.voice.Engine` asks
for. One that an installation can set has a classmethod `of` too, which is handed the settings of
its own (LOA_BEEP_URL is "url") and the limits of far ends.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from audio.voice import Engine, EngineTrouble, Limits, Reason


@cache
def engine_names() -> tuple[str, ...]:
    """Every engine there is a file for, installed or not, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def open_engine(name: str, **arguments: object) -> Engine:
    """The engine of that name, made with these arguments.

    EngineTrouble when there is none or it is not installed.
    """
    engine: Engine = _class_of(name)(**arguments)
    return engine


def set_up(name: str, own: Mapping[str, Any], limits: Limits) -> Engine:
    """The engine as an installation sets it; EngineTrouble as `open_engine`.

    `own` are the settings that begin with its name, by the rest of theirs; `limits` hold for each
    far end.
    """
    kind = _class_of(name)
    engine: Engine = kind.of(own, limits) if hasattr(kind, "of") else kind()
    return engine


def _class_of(name: str) -> Any:
    if name not in engine_names():
        known = ", ".join(engine_names())
        raise EngineTrouble(
            Reason.UNKNOWN_VOICE, f"there is no engine {name!r}; there are: {known}"
        )
    try:
        module = import_module(f"{__name__}.{name}")
    except ImportError as error:
        raise EngineTrouble(
            Reason.BROKEN,
            f"{name} is not installed ({error}): pip install 'loa[{name}]'",
        ) from error
    return getattr(module, name.capitalize())
