"""The voices of this installation: engines opened once,
and the order in which they are preferred.
"""

import threading
from collections.abc import Callable, Sequence

from audio.engines import engine_names, open_engine
from audio.voice import Engine, EngineTrouble, Reason, Voice, VoiceInfo
from service.newsroom.values import Fallback


class Voices:
    """Engines by name, opened when first asked for and shared by all threads."""

    def __init__(
        self, preferred: Sequence[Voice], opener: Callable[[str], Engine] = open_engine
    ) -> None:
        self.preferred = tuple(preferred)
        self._opener = opener
        self._open: dict[str, Engine] = {}
        self._lock = threading.Lock()

    def engine(self, name: str) -> Engine:
        """The engine of that name; EngineTrouble when there is none or it is not installed."""
        with self._lock:
            if name not in self._open:
                self._open[name] = self._opener(name)
            return self._open[name]

    def order(self, asked: str, fallback: Fallback) -> list[Voice]:
        """Who is asked to speak, one after the other: the voice asked for (or the preferred one),
        then, where the station's rule is "provisional", the rest of the installation's order.
        EngineTrouble for a malformed name.
        """
        try:
            first = Voice.parse(asked) if asked else self.preferred[0]
        except ValueError as error:
            raise EngineTrouble(Reason.UNKNOWN_VOICE, str(error)) from error
        rest = (
            [voice for voice in self.preferred if voice != first]
            if fallback is Fallback.PROVISIONAL
            else []
        )
        return [first, *rest]

    def all(self) -> list[tuple[Voice, VoiceInfo, str]]:
        """Every voice of every engine, with the trouble of engines that are not installed ("" when
        well).

        One for tests only where it is preferred.
        """
        found: list[tuple[Voice, VoiceInfo, str]] = []
        in_use = {voice.engine for voice in self.preferred}
        for name in engine_names():
            try:
                infos, trouble = self.engine(name).voices(), ""
            except EngineTrouble as error:
                infos, trouble = [VoiceInfo("", name)], str(error)
            found += [
                (Voice(name, info.name), info, trouble)
                for info in infos
                if not info.for_tests or name in in_use
            ]
        return found

    def close(self) -> None:
        """Ends what the engines started."""
        with self._lock:
            for engine in self._open.values():
                engine.close()
