"""For those who watch over the machine: is it alive, can it work, what is it doing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, jsonify, request

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.values import Role
from service.web.auth import key_of_request
from service.web.auth.access import reach_of
from service.web.health.metrics import exposition
from service.web.site import Site

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
UP = "# HELP loa_up 1 while the web answers.\n# TYPE loa_up gauge\nloa_up 1\n"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /healthz, /readyz and /metrics."""
    pages = Blueprint("health", __name__)
    health = Health(newsroom, site)
    pages.add_url_rule("/healthz", "alive", health.alive)
    pages.add_url_rule("/readyz", "ready", health.ready)
    pages.add_url_rule("/metrics", "metrics", health.metrics)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Health:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site

    def alive(self) -> Response:
        """That the web answers."""
        return jsonify(status="ok")

    def ready(self) -> tuple[Response, int]:
        """Whether every part works; which one does not is told to overseers only."""
        states = {name: _state(check) for name, check in self.site.checks.items()}
        well = all(state == "ok" for state in states.values())
        answer = {"status": "ok" if well else "not ready"}
        details: dict[str, object] = {}
        if _overseer(self.newsroom):
            # A wrong clock is told and stops nothing: who is ready in spite of it must not be taken
            # out.
            details = {
                "checks": states,
                "clocks": _lines(self.newsroom.house.wrong_clocks),
            }
        return jsonify(answer | details), 200 if well else 503

    def metrics(self) -> Response:
        """The installation's figures as Prometheus reads them.

        Strangers learn only that it is up.
        """
        if not _overseer(self.newsroom):
            return Response(UP, content_type=EXPOSITION)
        lines = [
            *_counts(
                "loa_jobs", "Jobs in each state.", self.newsroom.jobs.counts().items()
            ),
            *_counts(
                "loa_episodes",
                "Episodes in each state.",
                self.newsroom.episodes.counts().items(),
            ),
            *_far_ends(self.newsroom),
            *exposition(self.newsroom, self.site),
        ]
        return Response("\n".join(lines) + "\n", content_type=EXPOSITION)


def _state(check: Callable[[], None]) -> str:
    """ "ok", or what is wrong with a part."""
    try:
        check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a part, this is where it is told
        return f"{type(error).__name__}: {error}"
    return "ok"


def _lines(look: Callable[[], list[str]]) -> list[str]:
    """What a look tells, or why it cannot."""
    try:
        return look()
    except NewsroomError as error:
        return [str(error)]


def _counts(name: str, meaning: str, counts: Iterable[tuple[str, int]]) -> list[str]:
    """A gauge with one line for each state."""
    lines = [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    return lines + [
        f'{name}{{state="{state}"}} {count}' for state, count in sorted(counts)
    ]


def _overseer(newsroom: Newsroom) -> bool:
    """Whether who asks sits at this machine, or is a program with a key:
    others learn only that we live.

    What a proxy on this machine hands on is not asked from here, however far the proxy is trusted.
    """
    here = request.remote_addr in LOOPBACK and not request.headers.get(
        "X-Forwarded-For"
    )
    return here or reach_of(key_of_request(newsroom), Role.OPERATOR).everywhere


def _far_ends(newsroom: Newsroom) -> list[str]:
    """Voices over a network: calls, troubles, and whether each is away."""
    engines = newsroom.engines.all()
    calls = [(engine.engine, engine.calls) for engine in engines]
    troubles = [(engine.engine, engine.troubles) for engine in engines]
    away = [(engine.engine, int(engine.away_since is not None)) for engine in engines]
    lines: list[str] = []
    for name, kind, meaning, values in (
        (
            "loa_engine_calls_total",
            "counter",
            "Calls of a voice over a network.",
            calls,
        ),
        (
            "loa_engine_troubles_total",
            "counter",
            "Calls that it did not answer.",
            troubles,
        ),
        ("loa_engine_away", "gauge", "1 while nobody calls it.", away),
    ):
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
        lines += [f'{name}{{engine="{engine}"}} {value}' for engine, value in values]
    return lines
