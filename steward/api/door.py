"""The one view of the API, which loads the rest when it is first asked."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def door(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Answer a request of a program; no cookie counts here, so nobody's browser can be made to send one."""
    from steward.api.answering import answer  # noqa: PLC0415 -- slow import

    return answer(request, rest)
