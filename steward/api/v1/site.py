"""Version 1 put together: every resource under one description."""

import json
from functools import cache
from typing import Any

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from steward.api.openapi import completed
from steward.api.problems import as_problem
from steward.api.reading import StrictParser
from steward.api.tokens import Bearer
from steward.api.v1 import resources

api = NinjaAPI(
    title="Steward",
    version="1",
    description="Everything the screens of the desk can do, for programs. See docs/guide/api.md.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
    auth=Bearer(),
    parser=StrictParser(),
)
for kind in (Exception, HttpError, ValidationError, Http404):
    # The library brings handlers of its own for the last three.
    api.add_exception_handler(kind, as_problem)
for router in resources.ROUTERS:
    api.add_router("", router)


@cache
def described() -> dict[str, Any]:
    """Give the description of the API as OpenAPI 3.1."""
    schema: Any = api.get_openapi_schema(path_prefix="/api/v1")
    # Through JSON once: status codes are numbers in Python and names there.
    told: dict[str, Any] = json.loads(json.dumps(completed(dict(schema))))
    return told
