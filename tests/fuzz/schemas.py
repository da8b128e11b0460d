"""Values as a JSON Schema describes them."""

from random import Random
from typing import Any

from tests.fuzz.words import ORDINARY


def example(random: Random, schema: dict[str, Any], named: dict[str, Any]) -> Any:
    """A value that the schema allows, roughly: what it asks for beyond types is not minded."""
    if "$ref" in schema:
        return example(random, named.get(schema["$ref"].rpartition("/")[2], {}), named)
    if "enum" in schema:
        return random.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example(random, random.choice(schema[several]), named)
    match schema.get("type"):
        case "object" | None:
            members = schema.get("properties", {})
            return {
                name: example(random, part, named) for name, part in members.items()
            }
        case "array":
            return [example(random, schema.get("items", {}), named)]
        case "integer":
            return random.choice((1, 2, 60, schema.get("default", 5)))
        case "number":
            return random.choice((1.0, schema.get("default", 0.9)))
        case "boolean":
            return random.random() < 0.5
        case _:
            return random.choice((*ORDINARY, schema.get("default", "")))
