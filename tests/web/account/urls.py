"""The addresses of the account screens alone, for tests that need no others."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from steward.web.account.middleware import actor_of


def who(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return HttpResponse(f"{actor.kind}:{actor.name}:{sorted(actor.team_ids)}")


def quiet(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("", who, name="home"),
    path("quiet/", quiet, name="quiet"),
    path("account/", include("steward.web.account.urls")),
    path("sign-in/", include("steward.web.account.sign_in_urls")),
]
