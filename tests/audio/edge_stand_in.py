"""A stand-in for Microsoft's far end: its websocket protocol over TLS at 127.0.0.1, with moods."""

import asyncio
import json
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.audio.google_stand_in import short_mp3, some_mp3

HOST = "speech.platform.bing.com"
BYTES_A_SECOND = 4_000  # of the 32 kbit/s MP3 that is sent


class EdgeStandIn:
    """Answers call after call by `script`, then by `mood`; `asked` holds the SSML of each call."""

    def __init__(self, folder: Path) -> None:
        self.mp3 = some_mp3()
        self.script: list[str] = []
        self.mood = "well"
        self.asked: list[str] = []
        self.retry_after = "0"
        self.certificate = folder / "edge.pem"
        certify(self.certificate)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def connector(self, *, trusting: bool = True) -> aiohttp.BaseConnector:
        """A connector that finds the stand-in where the far end would be, and trusts its
        certificate.
        """
        context = ssl.create_default_context(
            cafile=str(self.certificate) if trusting else None
        )
        return Redirected(self.port, context)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate)
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self._loop.run_until_complete(
            web.SockSite(runner, listening, ssl_context=context).start()
        )
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        # Connections that were cut off end in the next rounds
        self._loop.run_until_complete(asyncio.sleep(0.1))
        self._loop.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        mood = self.script.pop(0) if self.script else self.mood
        if mood in ("429", "503", "500", "404"):
            self.asked.append("")
            return web.Response(
                status=int(mood),
                headers={"Retry-After": self.retry_after} if self.retry_after else {},
            )
        if mood == "html":
            self.asked.append("")
            return web.Response(text="<html>sorry</html>", content_type="text/html")
        talk = web.WebSocketResponse()
        await talk.prepare(request)
        await talk.receive_str()
        self.asked.append(await talk.receive_str())
        if mood == "hang up" and request.transport:
            request.transport.abort()
            return talk
        if mood == "slow":
            await asyncio.sleep(5)
        await talk.send_str("Path:turn.start\r\n\r\n{}")
        if mood != "silence":
            whole = short_mp3() if mood == "short" else self.mp3
            sound = (
                whole[: len(whole) // 3] if mood in ("torn", "broken off") else whole
            )
            await talk.send_str(
                "Path:audio.metadata\r\n\r\n"
                + json.dumps({"Metadata": [_boundary(whole)]})
            )
            header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
            await talk.send_bytes(len(header).to_bytes(2, "big") + header + sound)
        if mood == "broken off" and request.transport:
            await asyncio.sleep(0.05)
            request.transport.abort()
            return talk
        if mood != "torn":
            await talk.send_str("Path:turn.end\r\n\r\n{}")
        await talk.close()
        return talk


def _boundary(mp3: bytes) -> dict[str, object]:
    ticks = int(len(mp3) / BYTES_A_SECOND * 10_000_000)
    return {
        "Type": "SentenceBoundary",
        "Data": {"Offset": 0, "Duration": ticks, "text": {"Text": "…"}},
    }


class _Resolver(AbstractResolver):
    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host, port=0, family=socket.AF_INET):
        found = {
            "hostname": host,
            "host": "127.0.0.1",
            "port": self.port,
            "family": socket.AF_INET,
        }
        return [{**found, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass


class Redirected(aiohttp.TCPConnector):
    """edge-tts hands its own TLS context to each call; here the stand-in's counts."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        super().__init__(resolver=_Resolver(port))
        self._context = context

    def _get_ssl_context(self, req):
        return self._context


def certify(path: Path, host: str = HOST) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
