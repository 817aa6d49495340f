"""Answering a request: finding the operation, doing it once, and every refusal in one shape."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern
from django.utils.translation import gettext as _

from steward.api.problems import as_problem, not_found, problem
from steward.api.reading import check_request
from steward.api.repeating import HEADER, once
from steward.api.tokens import bearer_of, sign_in
from steward.api.v1.site import api, described

METHOD_NOT_ALLOWED = 405


@cache
def _resolver() -> URLResolver:
    patterns, _app_name, _namespace = api.urls
    return URLResolver(RegexPattern(r"^"), patterns)


def answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Answer a request under `/api/v1/`."""
    if rest == "openapi.json" and request.method in {"GET", "HEAD"}:
        return HttpResponse(json.dumps(described(), ensure_ascii=False), content_type="application/json")
    try:
        check_request(request)
        response = _done(request, rest)
    except Resolver404:
        response = not_found()
    except Exception as error:  # noqa: BLE001 -- whatever it is, a program is answered in the one shape
        response = as_problem(request, error)
    return _finished(request, response)


def _done(request: HttpRequest, rest: str) -> HttpResponseBase:
    match = _resolver().resolve(rest)
    is_head = request.method == "HEAD"
    if is_head:
        # What a GET would give, of which only the head is sent.
        request.method = "GET"

    def do() -> HttpResponseBase:
        done: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return done

    if request.method == "POST" and HEADER in request.headers and (token := sign_in(request, bearer_of(request))):
        return once(request, token, do)
    response = do()
    if is_head:
        length = str(len(response.content)) if isinstance(response, HttpResponse) else ""
        response = HttpResponse(b"", status=response.status_code, headers=dict(response.items()))
        if length:
            response["Content-Length"] = length
    return response


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code == METHOD_NOT_ALLOWED:
        allowed = response.get("Allow", "")
        response = problem(405, "method_not_allowed", _("That cannot be done here."), headers={"Allow": allowed})
    if version := getattr(request, "version", ""):
        response["ETag"] = version
        if request.method == "GET" and version in request.headers.get("If-None-Match", ""):
            response = HttpResponse(status=304, headers={"ETag": version})
    if limits := getattr(request, "limits", None):
        response["RateLimit-Limit"] = str(limits.most)
        response["RateLimit-Remaining"] = str(limits.left)
        response["RateLimit-Reset"] = str(limits.full_in)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
