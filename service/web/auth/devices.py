"""Devices on which somebody was logged in: known again by a cookie that this house signed."""

import secrets
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from service.newsroom.values import Person, Visitor

DEVICE_COOKIE = "loa_device"
DEVICE_KNOWN_FOR = timedelta(days=180)
# People who share a commune's PC.
MOST_ON_A_DEVICE = 5


def visitor() -> Visitor:
    """Who stands at the door, as far as the request says."""
    agent = request.headers.get("User-Agent", "")
    return Visitor(request.remote_addr or "", agent, tuple(devices()))


def devices_with(person: Person) -> list[str]:
    """This device's numbers with one for the person first: whoever used it last stays longest."""
    others = [
        device for device in devices() if device.partition(".")[0] != str(person.id)
    ]
    own = [device for device in devices() if device not in others]
    new = f"{person.id}.{secrets.token_hex(8)}"
    return [*(own or [new]), *others][:MOST_ON_A_DEVICE]


def devices() -> list[str]:
    """The numbers of this device that we gave it: one for each person who logged in on it."""
    cookie = request.cookies.get(DEVICE_COOKIE, "")
    try:
        return [
            str(number)
            for number in signer().loads(cookie, int(DEVICE_KNOWN_FOR.total_seconds()))
        ]
    except BadSignature:
        return []


def signer(salt: str = "loa device") -> URLSafeTimedSerializer:
    """What signs and reads the cookie, or, under another salt, something else of ours."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=salt)
