"""Bodies that a call reads itself, so that one that is left out,
or is no JSON, is told for what it is.
"""

from typing import Any

from flask import request
from pydantic import BaseModel


def described(body: type[BaseModel], *, required: bool) -> dict[str, Any]:
    """How the description tells of a body that the call reads itself:
    one that is left out is told by its fields.
    """
    return {
        "requestBody": {
            "required": required,
            "content": {"application/json": {"schema": body.model_json_schema()}},
        }
    }


def given() -> Any:
    """The body, {} when there is none; one that is no JSON is an error, not none: 400 or 415."""
    return request.get_json() if request.get_data().strip() else {}
