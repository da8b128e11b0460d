"""What programs send: an unknown member is an error, null is what is not known.

Text is text, numbers have ends.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from service.characters import is_text
from service.zone import FIRST_DAY, LAST_DAY

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
LARGEST = 2**31 - 1  # number that a row can have
Number = Annotated[int, Field(ge=1, le=LARGEST)]  # of a row


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

    @field_validator("*")
    @classmethod
    def _text_is_text(cls, value: Any) -> Any:
        if not is_text(value):
            raise ValueError(
                "it holds what is no character of a text (NUL, or half a surrogate pair)"
            )
        return value
