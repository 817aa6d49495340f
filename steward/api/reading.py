"""Reading what programs send: JSON without what no text or number of ours can be, and no other kind of body."""

import json
import re
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from steward.api.problems import Refused

JSON, FORM = "application/json", "multipart/form-data"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictParser(Parser):
    """Reads JSON as its standard has it: no NaN, no doubled names, and texts without NUL and without half characters."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Give the body of a request; raises `Refused` for one that cannot be read."""
        try:
            return cast("dict[str, Any]", json.loads(request.body, parse_constant=_refuse, object_pairs_hook=_object))
        except (ValueError, RecursionError) as error:
            hint = str(error)[:200] if isinstance(error, json.JSONDecodeError | _Unstorable) else ""
            raise Refused(400, "malformed_json", _("The body is not JSON that can be read."), hint=hint) from error


class _Unstorable(ValueError):
    pass


def _refuse(name: str) -> Any:
    raise _Unstorable(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Unstorable("a name stands twice in one object")
        _check(name)
        _check(value)
        found[name] = value
    return found


def _check(value: Any) -> None:
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise _Unstorable(r"a text holds \u0000 or half of a character")
    if isinstance(value, list):
        for one in value:
            _check(one)


def check_request(request: HttpRequest) -> None:
    """Go on only with an address and a kind of body that can be read; raises `Refused`."""
    for values in (request.GET, {"path": request.path}):
        for name, value in values.items():
            if _UNSTORABLE.search(name) or _UNSTORABLE.search(str(value)):
                raise Refused(400, "bad_request", _("The address holds characters that no text has."))
    if request.method in {"GET", "HEAD", "OPTIONS", "DELETE"}:
        return
    kind = (request.content_type or "").lower()
    if request.headers.get("Content-Length") in {None, "", "0"} and not kind:
        return
    if kind not in {JSON, FORM}:
        raise Refused(
            415,
            "unsupported_media_type",
            _("This kind of body is not taken."),
            hint=_("Send JSON as application/json, and files as multipart/form-data."),
            headers={"Accept": f"{JSON}, {FORM}"},
        )
