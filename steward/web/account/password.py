"""The page behind a password link, and the one for a forgotten password."""

from allauth.account import views as sign_in
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.core.errors import Invalid
from steward.people.actions import use_password_link
from steward.people.queries.links import mail_is_set_up, open_password_link
from steward.web.account.forms import Sent
from steward.web.account.middleware import actor_of


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    link = open_password_link(token=token, at=clock.now())
    sent = Sent.read(request, password="")
    if request.method == "POST":
        try:
            use_password_link(token=token, password=sent.values["password"], by=actor_of(request), at=clock.now())
        except Invalid as error:
            sent.refuse(error)
        else:
            if request.user.is_authenticated:
                logout(request)
            messages.success(request, _("Your new password is set. Sign in with it."))
            # Not signed in at once: a second factor, where there is one, is asked by the sign-in.
            return HttpResponseRedirect(reverse("account_login"))
    return render(request, "account/new_password.html", {"link": link, "sent": sent}, status=422 if sent.errors else 200)


def forgotten(request: HttpRequest) -> HttpResponseBase:
    if mail_is_set_up():
        answer: HttpResponseBase = sign_in.password_reset(request)
        return answer
    return render(request, "account/forgotten.html")
