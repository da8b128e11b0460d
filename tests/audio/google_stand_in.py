"""A stand-in for Google's far end: speaks the protocol of its voice at 127.0.0.1, with moods."""

import base64
import json
import ssl
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from audio.engines import open_engine
from audio.ffmpeg import RAW, run
from audio.voice import Voice

STATUS = {"429": 429, "503": 503, "500": 500, "404": 404}
PAGE = b"<!DOCTYPE html><html><body>Please log in to this network</body></html>"


@cache
def some_mp3() -> bytes:
    """Two seconds of a hum, as far ends send their sound."""
    pcm = open_engine("tone").speak(
        "một hai ba bốn năm sáu bảy tám chín mười", Voice("tone", ""), 5
    )
    return run(
        [
            *RAW,
            "-i",
            "pipe:0",
            "-c:a",
            "libmp3lame",
            "-b:a",
            "32k",
            "-f",
            "mp3",
            "pipe:1",
        ],
        [pcm],
    )


@cache
def short_mp3() -> bytes:
    """Whole frames, but far too few."""
    return run(
        [
            *RAW,
            "-i",
            "pipe:0",
            "-c:a",
            "libmp3lame",
            "-b:a",
            "32k",
            "-f",
            "mp3",
            "pipe:1",
        ],
        [open_engine("tone").speak("một", Voice("tone", "", 2.0), 5)],
    )


class GoogleStandIn:
    """Answers call after call by `script`, then by `mood`; `asked` holds the text of each call."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.script: list[str] = []
        self.mood = "well"
        self.asked: list[str] = []
        self.retry_after = "0"  # "" for none
        self.over = threading.Event()
        self._server = _Quiet(
            ("127.0.0.1", 0), type("Answers", (_Answers,), {"far_end": self})
        )
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True
            )
        self.url = (
            f"http{'s' if certificate else ''}://127.0.0.1:{self._server.server_port}"
        )
        threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        ).start()

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A caller that hung up."""


class _Answers(BaseHTTPRequestHandler):
    far_end: GoogleStandIn

    def do_POST(self):
        far_end = self.far_end
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        (((_name, asked, *_rest),),) = json.loads(parse_qs(body)["f.req"][0])
        far_end.asked.append(json.loads(asked)[0])
        mood = far_end.script.pop(0) if far_end.script else far_end.mood
        if mood == "slow":
            far_end.over.wait(5)
        if mood in ("slow", "hang up"):
            self.close_connection = True
            return
        sound = {"silence": b"", "torn": some_mp3()[:-100], "short": short_mp3()}.get(
            mood, some_mp3()
        )
        told = [
            ["wrb.fr", "jQ1olc", json.dumps([base64.b64encode(sound).decode()]), None]
        ]
        answer = {"empty": b"", "html": PAGE}.get(
            mood, json.dumps(told, separators=(",", ":")).encode()
        )
        self.send_response(STATUS.get(mood, 200))
        if mood in ("429", "503") and far_end.retry_after:
            self.send_header("Retry-After", far_end.retry_after)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if mood == "drip":
            while not far_end.over.wait(0.1):
                self.wfile.write(answer[:1])
                self.wfile.flush()
        self.wfile.write(answer[: len(answer) // 2] if mood == "broken off" else answer)
        self.close_connection = mood == "broken off"

    def log_message(self, *_args):
        pass
