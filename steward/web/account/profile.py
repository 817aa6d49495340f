"""One's own account: name, language and zone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.core.errors import Invalid
from steward.people.actions import change_user
from steward.people.models import User
from steward.web.account.forms import Sent
from steward.web.account.middleware import actor_of
from steward.web.shared.zones import language_choices, zone_choices


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    user = User.objects.get(id=actor.user_id)
    sent = Sent.read(request, name=user.name, language=user.language, time_zone=user.time_zone)
    if request.method == "POST":
        try:
            change_user(user_id=user.pk, changes=sent.values, by=actor, at=clock.now())
        except Invalid as error:
            sent.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("account:page"), status=303)
    context = {
        "user": user,
        "sent": sent,
        "languages": language_choices(),
        "zones": zone_choices(),
    }
    return render(request, "account/page.html", context, status=422 if sent.errors else 200)
