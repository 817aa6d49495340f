"""Keeping what came in exactly as it came, also what a JSON column refuses."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

_BYTES = "base64"
# What stands in place of a payload that is not to be kept any longer.
ERASED = {"erased": True}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any) -> Any:
    """Write a value so that a JSON column takes it: a text with a NUL or half a character is kept as its bytes."""
    if isinstance(value, str):
        return value if _fits(value) else {_BYTES: base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()}
    if isinstance(value, Mapping):
        return {str(key): storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return value


def restored(value: Any) -> Any:
    """Give back what `storable` was given."""
    if isinstance(value, dict):
        if set(value) == {_BYTES}:
            return base64.b64decode(value[_BYTES]).decode("utf-8", "surrogatepass")
        return {key: restored(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [restored(inner) for inner in value]
    return value


def digest_of(raw: Any) -> str:
    """Give a short name of a storable payload: the same payload has the same one."""
    written = json.dumps(raw, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()[:20]


def _fits(text: str) -> bool:
    return _UNSTORABLE.search(text) is None
