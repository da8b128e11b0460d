"""What the API's answers are held to: its own description, and the form of its problems."""

import re
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException

# The API's own description, asked for once: it is the same for every application.
DESCRIBED: dict[str, Any] = {}


def as_described(app, method, path, answer):
    """Whatever a test asks for, its answer is one that the description knows, and of the form that
    it gives.
    """
    try:
        rule, _ = app.url_map.bind("loa.example").match(
            unquote(path), method, return_rule=True
        )
    except HTTPException:
        return
    if "api" not in DESCRIBED:
        DESCRIBED["api"] = app.test_client().get("/api/v1/openapi.json").json
    told = DESCRIBED["api"]
    operation = told["paths"][re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)][
        method.lower()
    ]
    assert str(answer.status_code) in operation["responses"], (
        method,
        path,
        answer.text,
    )
    form = operation["responses"][str(answer.status_code)]["content"][answer.mimetype][
        "schema"
    ]
    Draft202012Validator(form | {"components": told["components"]}).validate(
        answer.json
    )


def problem(answer, status, field=""):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert (answer.json["status"], bool(answer.json["detail"])) == (status, True)
    if field:
        assert field in [error["field"] for error in answer.json["errors"]]
    return answer.json
