"""The one-time links an admin hands over: invitations and password links. Each is shown once and kept nowhere."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.people.actions import invite_user, make_password_link, withdraw_invitation
from steward.people.models import Team, User
from steward.people.permissions import may_manage_people
from steward.people.queries import open_invitations
from steward.people.queries.links import mail_is_set_up
from steward.web.settings import choices
from steward.web.settings.answering import done, show, wants_part
from steward.web.settings.asking import only
from steward.web.shared import zones
from steward.web.shared.asking import Request, is_on, numbers, text


@require_safe
@only(may_manage_people)
def page(request: Request) -> HttpResponse:
    context = {
        **_open(),
        "role_choices": choices.role_choices(),
        "teams": choices.team_choices(),
        "languages": zones.language_choices(),
        "zones": zones.zone_choices(),
        "mail": mail_is_set_up(),
    }
    return show(request, "settings/invitations.html", "people", context)


@never_cache
@require_POST
@only(may_manage_people)
def create(request: Request) -> HttpResponse:
    invitation, token = invite_user(
        email=text(request, "email"),
        name=text(request, "name"),
        roles=request.POST.getlist("roles"),
        team_ids=numbers(request, "team_ids"),
        language=text(request, "language"),
        time_zone=text(request, "time_zone"),
        mail=is_on(request, "mail"),
        by=request.actor,
        at=clock.now(),
    )
    context = {
        "link": _absolute(request, "account:join", token),
        "email": invitation.email,
        "expires_at": invitation.expires_at,
        "about": _("This link makes the account, once. It is shown only now."),
        **_open(),
    }
    if wants_part(request):
        return render(request, "settings/invited.html", context)
    return show(request, "settings/handed.html", "people", context)


@require_POST
@only(may_manage_people)
def withdraw(request: Request, invitation_id: int) -> HttpResponse:
    withdraw_invitation(invitation_id=invitation_id, by=request.actor, at=clock.now())
    return done(request, _("The invitation is withdrawn; its link is dead."), "settings:invitations")


@never_cache
@require_POST
@only(may_manage_people)
def password(request: Request, user_id: int) -> HttpResponse:
    made, token = make_password_link(user_id=user_id, mail=is_on(request, "mail"), by=request.actor, at=clock.now())
    context = {
        "link": _absolute(request, "account:new_password", token),
        "email": User.objects.values_list("email", flat=True).get(id=user_id),
        "expires_at": made.expires_at,
        "about": _("With this link a new password is set, once. It is shown only now; earlier ones are dead."),
    }
    if wants_part(request):
        return render(request, "settings/link.html", context)
    return show(request, "settings/handed.html", "people", context)


def _absolute(request: Request, url_name: str, token: str) -> str:
    return request.build_absolute_uri(reverse(url_name, args=[token])) if token else ""


def _open() -> dict[str, object]:
    return {
        "invitations": list(open_invitations(clock.now())),
        "team_names": dict(Team.objects.values_list("id", "name")),
        "role_words": choices.role_words,
    }
