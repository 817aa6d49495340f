"""The people who work here: the list of them, and what is changed about one."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.people.actions import add_member, change_user, deactivate_user, reactivate_user, remove_member, set_roles
from steward.people.models import Membership, User
from steward.people.permissions import may_manage_people
from steward.people.queries import open_invitations, users_page
from steward.people.queries.links import mail_is_set_up
from steward.people.rules import Role
from steward.web.settings import choices
from steward.web.settings.answering import done, show, wants_part
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared import zones
from steward.web.shared.asking import Request, numbers, text
from steward.web.shared.environment import url

STATES = {"active": True, "inactive": False}


@require_safe
@only(may_manage_people)
def page(request: Request) -> HttpResponse:
    search, role, state = (request.GET.get(name, "") for name in ("q", "role", "state"))
    search = search.replace("\x00", "").strip()[:200]
    found = users_page(
        search=search,
        role=Role(role) if role in set(Role) else None,
        is_active=STATES.get(state),
        page=request.GET.get("page", ""),
    )
    context = {
        "page": found,
        "q": search,
        "role": role,
        "state": state,
        "narrowed": bool(search or role or state),
        "base": url("settings:people", query={"q": search, "role": role, "state": state}) + "&",
        "role_choices": choices.role_choices(),
        "role_words": choices.role_words,
    }
    if wants_part(request):
        return render(request, "settings/people_rows.html", context)
    context["invited"] = open_invitations(clock.now()).count()
    return show(request, "settings/people.html", "people", context)


@require_safe
@only(may_manage_people)
def person(request: Request, user_id: int) -> HttpResponse:
    user = _user(user_id)
    held = dict(Membership.objects.filter(user=user).values_list("team_id", "team__name"))
    context = {
        "person": user,
        "role_choices": choices.role_choices(),
        "languages": choices.with_own(zones.language_choices(), user.language),
        "zones": choices.with_own(zones.zone_choices(), user.time_zone),
        "teams": sorted({**dict(choices.team_choices()), **held}.items(), key=lambda pair: pair[1].casefold()),
        "team_ids": list(held),
        "mail": mail_is_set_up(),
        "history": history_of(f"user:{user.pk}"),
    }
    return show(request, "settings/person.html", "people", context)


@require_POST
@only(may_manage_people)
def update(request: Request, user_id: int) -> HttpResponse:
    changes = {name: text(request, name) for name in ("name", "email", "language", "time_zone")}
    change_user(user_id=user_id, changes=changes, by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:person", user_id)


@require_POST
@only(may_manage_people)
def roles(request: Request, user_id: int) -> HttpResponse:
    set_roles(user_id=user_id, roles=request.POST.getlist("roles"), by=request.actor, at=clock.now())
    return done(request, _("Roles saved. They count from the next click on."), "settings:person", user_id)


@require_POST
@only(may_manage_people)
def teams(request: Request, user_id: int) -> HttpResponse:
    """Put somebody into the teams ticked, and out of the others."""
    wanted, at = set(numbers(request, "team_ids")), clock.now()
    held = set(Membership.objects.filter(user_id=_user(user_id).pk).values_list("team_id", flat=True))
    with transaction.atomic():
        for team_id in sorted(wanted - held):
            add_member(team_id=team_id, user_id=user_id, by=request.actor, at=at)
        for team_id in sorted(held - wanted):
            remove_member(team_id=team_id, user_id=user_id, by=request.actor, at=at)
    return done(request, _("Teams saved."), "settings:person", user_id)


@require_POST
@only(may_manage_people)
def active(request: Request, user_id: int) -> HttpResponse:
    if text(request, "active"):
        user = reactivate_user(user_id=user_id, by=request.actor, at=clock.now())
        said = _("%(name)s may sign in again.") % {"name": user.name}
    else:
        user = deactivate_user(user_id=user_id, by=request.actor, at=clock.now())
        said = _("%(name)s is signed out everywhere and cannot sign in.") % {"name": user.name}
    return done(request, said, "settings:person", user_id)


def _user(user_id: int) -> User:
    user: User | None = User.objects.filter(id=user_id).first()
    if user is None:
        raise NotFound(_("There is no such user."))
    return user
