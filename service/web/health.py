"""For those who watch over the machine: is it alive, can it work, what is it doing."""

from flask import Blueprint, Flask, Response, jsonify, request

from service.newsroom import Newsroom
from service.web.auth import key_of_request
from service.web.site import Site

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
UP = "# HELP loa_up 1 while the web answers.\n# TYPE loa_up gauge\nloa_up 1\n"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /healthz, /readyz and /metrics."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok")

    @pages.get("/readyz")
    def ready() -> tuple[Response, int]:
        found: dict[str, str] = {}
        for name, check in site.checks.items():
            try:
                check()
                found[name] = "ok"
            except Exception as error:  # noqa: BLE001 - whatever is wrong with a part, this is where it is told
                found[name] = f"{type(error).__name__}: {error}"
        well = all(told == "ok" for told in found.values())
        answer = {"status": "ok" if well else "not ready"}
        details = {"checks": found} if _overseer(newsroom) else {}
        return jsonify(answer | details), 200 if well else 503

    @pages.get("/metrics")
    def metrics() -> Response:
        if not _overseer(newsroom):
            return Response(UP, content_type=EXPOSITION)
        lines = ["# HELP loa_jobs Jobs in each state.", "# TYPE loa_jobs gauge"]
        lines += [
            f'loa_jobs{{state="{state}"}} {count}'
            for state, count in sorted(newsroom.jobs.counts().items())
        ]
        lines += ["# HELP loa_episodes Episodes in each state.", "# TYPE loa_episodes gauge"]
        counts = sorted(newsroom.episodes.counts().items())
        lines += [f'loa_episodes{{state="{state}"}} {count}' for state, count in counts]
        lines += _far_ends(newsroom)
        return Response("\n".join(lines) + "\n", content_type=EXPOSITION)

    app.register_blueprint(pages)


def _overseer(newsroom: Newsroom) -> bool:
    """Whether who asks sits at this machine, or is a program with a key: others learn only that we live.

    What a proxy on this machine hands on is not asked from here, however far the proxy is trusted.
    """
    here = request.remote_addr in LOOPBACK and not request.headers.get("X-Forwarded-For")
    return here or key_of_request(newsroom) is not None


def _far_ends(newsroom: Newsroom) -> list[str]:
    """Voices over a network: calls, troubles, and whether each is away."""
    lines: list[str] = []
    for name, kind, told, value in (
        (
            "loa_engine_calls_total",
            "counter",
            "Calls of a voice over a network.",
            lambda each: each.calls,
        ),
        (
            "loa_engine_troubles_total",
            "counter",
            "Calls that it did not answer.",
            lambda each: each.troubles,
        ),
        (
            "loa_engine_away",
            "gauge",
            "1 while nobody calls it.",
            lambda each: int(each.away_since is not None),
        ),
    ):
        lines += [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
        lines += [
            f'{name}{{engine="{each.engine}"}} {value(each)}' for each in newsroom.engines.all()
        ]
    return lines
