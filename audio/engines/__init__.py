"""Voices: one file per engine, and one row here for each."""

from collections.abc import Callable, Mapping
from importlib import import_module

from audio.voice import Engine, EngineTrouble, Reason

ENGINES: Mapping[str, str] = {  # name → the class that speaks
    "edge": "audio.engines.edge:Edge",
    "espeak": "audio.engines.espeak:Espeak",
    "gtts": "audio.engines.gtts:Gtts",
    "piper": "audio.engines.piper:Piper",
    "tone": "audio.engines.tone:Tone",
}


def open_engine(name: str, **settings: object) -> Engine:
    """The engine of that name, made with its settings; EngineTrouble when there is none or it is not installed."""
    try:
        module, _, kind = ENGINES[name].partition(":")
    except KeyError:
        known = ", ".join(sorted(ENGINES))
        raise EngineTrouble(
            Reason.UNKNOWN_VOICE, f"there is no engine {name!r}; there are: {known}"
        ) from None
    try:
        make: Callable[..., Engine] = getattr(import_module(module), kind)
    except ImportError as error:
        raise EngineTrouble(
            Reason.BROKEN, f"{name} is not installed ({error}): pip install 'loa[{name}]'"
        ) from error
    return make(**settings)
