"""Secrets of hooks, in the form that Standard Webhooks gives them."""

import base64
import secrets

BYTES = 32  # the specification asks for 24 to 64


def new_secret() -> str:
    """A new one: whoever has it signs in its hook's name."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(BYTES)).decode()}"
