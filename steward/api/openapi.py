"""The description of the API: what django-ninja says of the operations, and what holds for all of them."""

from copy import deepcopy
from typing import Any

from steward.api.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457). `code` is stable; `title` and `hint` are for people.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "hint": {"type": "string"},
        "field": {"type": "string"},
        "scope": {"type": "string"},
        "theirs": {},
        "yours": {},
        "current": {},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "message": {"type": "string"}, "kind": {"type": "string"}},
            },
        },
    },
}
_WHY = {
    "400": "The request could not be read.",
    "401": "A token is missing, or it is no longer good.",
    "403": "The user of the token, or the token, may not do that.",
    "404": "There is no such thing, or it is not for the user of the token.",
    "405": "That cannot be done here.",
    "409": "Somebody else was faster, or it is as it is.",
    "412": "There is a newer version; `current` is what it is now.",
    "413": "That is more than can be taken at once.",
    "415": "This kind of body is not taken.",
    "422": "A value cannot be accepted.",
    "429": "The token has used up its requests for now.",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Drawn anew for each request; the same request under it is done once, and answered as before for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the state this change was made from.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what holds for every operation: refusals, keys, versions."""
    schema = deepcopy(schema)
    schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    schema["components"]["responses"] = {
        status: {
            "description": why,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, why in _WHY.items()
    }
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    return schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    refusals = ["400", "401", "403", "404", "409", "422", "429"]
    versioned = operation.pop("x-versioned", False)
    if method != "get":
        refusals += ["413", "415"]
    if method == "post":
        operation.setdefault("parameters", []).append(_KEY)
    if versioned and method != "get":
        operation.setdefault("parameters", []).append(_IF_MATCH)
        refusals.append("412")
    if versioned:
        for response in operation["responses"].values():
            response["headers"] = {"ETag": {"description": "The version of what is given.", "schema": {"type": "string"}}}
    for status in sorted(refusals):
        operation["responses"][status] = {"$ref": f"#/components/responses/{status}"}
