"""What programs send: an unknown member is an error, null is what is not known."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Strict(BaseModel):
    """Input in which an unknown member is an error: a mistyped one must not be ignored."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, values: Any) -> Any:
        """Senders write null for what they do not know."""
        if isinstance(values, dict):
            return {name: value for name, value in values.items() if value is not None}
        return values
