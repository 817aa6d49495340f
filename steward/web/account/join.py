"""The page behind an invitation's link."""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.core.errors import Conflict, Invalid
from steward.people.actions import accept_invitation
from steward.people.actor import Actor
from steward.people.models import Invitation, User
from steward.people.queries.links import open_invitation
from steward.web.account.forms import Sent
from steward.web.account.middleware import actor_of
from steward.web.shared.zones import language_choices, zone_choices


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    invitation = open_invitation(token=token, at=at)
    sent = Sent.read(
        request,
        email=invitation.email,
        name=invitation.name,
        password="",
        language=invitation.language or actor.language,
        time_zone=invitation.time_zone or actor.time_zone,
    )
    if request.method == "POST":
        user = _accept(token, sent, by=actor)
        if user is not None:
            return _sign_in(request, user)
    return _show(request, invitation, sent)


def _accept(token: str, sent: Sent, *, by: Actor) -> User | None:
    try:
        return accept_invitation(token=token, **sent.values, by=by, at=clock.now())
    except (Invalid, Conflict) as error:
        # A link that was used a moment ago is no matter of the form: it gets a page of its own.
        if not error.field:
            raise
        sent.refuse(error)
        return None


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)
    answer: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=resolve_url("/"), email=user.email)
    return answer


def _show(request: HttpRequest, invitation: Invitation, sent: Sent) -> HttpResponse:
    context = {
        "invitation": invitation,
        "sent": sent,
        "languages": language_choices(),
        "zones": zone_choices(),
        "signed_in_as": request.user.name if request.user.is_authenticated else "",
    }
    return render(request, "account/join.html", context, status=422 if sent.errors else 200)
