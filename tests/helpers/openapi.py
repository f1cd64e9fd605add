"""The OpenAPI document as tools read it: with its references followed, and with examples."""

from typing import Any


def resolved(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with the parameters and responses of each operation written out,
    those of its path included.
    """

    def follow(part: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in part:
            return part
        _, _, kind, name = part["$ref"].split("/")
        found: dict[str, Any] = document["components"][kind][name]
        return found

    def write_out(operation: dict[str, Any], shared: list[dict[str, Any]]) -> dict[str, Any]:
        parameters = [follow(each) for each in (*shared, *operation.get("parameters", ()))]
        responses = {
            status: {
                **(response := follow(each)),
                "headers": {k: follow(v) for k, v in response.get("headers", {}).items()},
            }
            for status, each in operation["responses"].items()
        }
        return {
            **operation,
            "parameters": [
                {"required": False, **each, "schema": follow(each["schema"])} for each in parameters
            ],
            "responses": responses,
        }

    paths = {
        path: {
            method: write_out(item[method], item.get("parameters", []))
            for method in item
            if method != "parameters"
        }
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


def fields_of(name: str, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a schema, those of the schemas that it extends included."""
    found: dict[str, Any] = {}
    for base in schemas[name].get("allOf", ()):
        found |= fields_of(base["$ref"].rpartition("/")[2], schemas)
    return found | schemas[name]["properties"]


FORMATS = {
    "uuid": "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11",
    "date-time": "2026-05-01T12:00:00Z",
}


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Put an example together as Swagger does. Raises LookupError where nothing says how."""
    if "$ref" in schema:
        # A default or an example beside the reference is closer to the field.
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        name = schema["$ref"].rpartition("/")[2]
        target = schemas[name]
        if "properties" in target:
            target = {**target, "properties": fields_of(name, schemas)}
        schema = {**target, **beside}
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    if "properties" in schema:
        return {name: example_of(part, schemas) for name, part in schema["properties"].items()}
    if "items" in schema:
        return [example_of(schema["items"], schemas)]
    return 0 if "integer" in schema.get("type", ()) else FORMATS[schema["format"]]


def examples_of(media: dict[str, Any], schemas: dict[str, Any]) -> list[Any]:
    """Return the examples of a body: those that are given, or the one that its schema makes."""
    given = [example["value"] for example in media.get("examples", {}).values()]
    return given or [example_of(media["schema"], schemas)]
