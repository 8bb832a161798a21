"""What the API offers, as OpenAPI 3.1, made from the registry and the records."""

from __future__ import annotations

from typing import Any

from tenfold.quantities import VERSION, document_schema
from tenfold.reports import schema_of_answer
from tenfold.studies import QUESTIONS, address_of, record_of

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong (RFC 9457)",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "file": {"type": "string"},
                    "key": {"type": "string", "description": "Path of the value"},
                    "value": {"description": "The value itself, where it is short"},
                    "wrong": {"type": "string"},
                    "remedy": {"type": "string", "description": "What to write instead"},
                },
                "required": ["file", "key", "value", "wrong", "remedy"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "problems"],
}
REFUSALS = {
    "400": "The body is no JSON object",
    "403": "No token, or from another page",
    "413": "More than 256 KB",
    "422": "Wrong values, a figure nobody recorded, or more work than a page may wait for",
    "429": "Too many wait",
}


def openapi_data() -> dict[str, Any]:
    """Describe every question."""
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, Any] = {
        "/api/v1/questions": {"get": _get("listQuestions", "What can be asked")},
        "/api/v1/openapi.json": {"get": _get("openapi", "This description")},
    }
    for name in QUESTIONS:
        for suffix, schema in (("Question", document_schema(record_of(name))), ("Answer", schema_of_answer(name))):
            _add(schemas, f"{_camel(name)}{suffix}", schema)
        paths[f"/api/v1/questions/{address_of(name)}"] = {"post": _ask(name)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tenfold", "version": VERSION, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "Printed by tenfold web"}},
        },
        "security": [{"token": []}],
    }


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.replace("-", " ").split())


def _add(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    """Put a schema among the others, its own tables beside it under its name."""
    tables = schema.pop("$defs", {})
    schema.pop("$schema", None)
    for table, each in tables.items():
        schemas[f"{name}.{table}"] = _moved(each, name)
    schemas[name] = _moved(schema, name)


def _moved(value: Any, name: str) -> Any:  # noqa: ANN401  (any JSON value)
    if isinstance(value, dict):
        return {
            key: each.replace("#/$defs/", f"#/components/schemas/{name}.")
            if key == "$ref" and isinstance(each, str)
            else _moved(each, name)
            for key, each in value.items()
        }
    return [_moved(each, name) for each in value] if isinstance(value, list) else value


def _get(operation: str, summary: str) -> dict[str, Any]:
    found = {"200": {"description": summary, "content": {"application/json": {"schema": {}}}}}
    return {"operationId": operation, "summary": summary, "responses": {**found, "403": _refusal("403")}}


def _ask(name: str) -> dict[str, Any]:
    def body(suffix: str) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{_camel(name)}{suffix}"}}}

    return {
        "operationId": f"ask{_camel(name)}",
        "summary": QUESTIONS[name].summary,
        "requestBody": {"required": True, "content": body("Question")},
        "responses": {
            "200": {"description": "The answer: the bytes that --json prints", "content": body("Answer")},
            **{status: _refusal(status) for status in REFUSALS},
        },
    }


def _refusal(status: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": REFUSALS[status], "content": {"application/problem+json": schema}}
