"""Tokens of the API: made, shown once, revoked."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.people.actions.tokens import make_token, revoke_token
from steward.people.models import User
from steward.people.permissions import may_manage_people, may_see_people
from steward.people.queries.tokens import tokens_of
from steward.people.rules import MOST_TOKEN_RATE, TOKEN_RATE, Scope
from steward.web.settings import choices
from steward.web.settings.answering import done, show, wants_part
from steward.web.settings.asking import only
from steward.web.shared.asking import Request, number, one_of, optional_number, text

SCOPES: dict[Scope, str | Promise] = {
    Scope.TICKETS_READ: gettext_lazy("Read tickets"),
    Scope.TICKETS_WRITE: gettext_lazy("Work tickets"),
    Scope.PEOPLE_READ: gettext_lazy("Read people"),
    Scope.PEOPLE_WRITE: gettext_lazy("Change people"),
    Scope.ROSTER_READ: gettext_lazy("Read shifts"),
    Scope.ROSTER_WRITE: gettext_lazy("Change shifts"),
    Scope.SETTINGS_READ: gettext_lazy("Read settings"),
    Scope.SETTINGS_WRITE: gettext_lazy("Change settings"),
    Scope.REPORTS_READ: gettext_lazy("Read reports"),
}
DAYS: dict[str, str | Promise] = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("A year"),
    "0": gettext_lazy("Until it is revoked"),
}


@require_safe
@only(may_see_people)
def page(request: Request) -> HttpResponse:
    manages = may_manage_people(request.actor)
    context = {
        **_rows(request),
        "scopes": [(scope.value, label, scope.value) for scope, label in SCOPES.items()],
        "days": list(DAYS.items()),
        "users": choices.desk_user_choices() if manages else [],
        "me": request.actor.user_id,
        "rate": TOKEN_RATE,
        "most_rate": MOST_TOKEN_RATE,
    }
    return show(request, "settings/tokens.html", "tokens", context)


@never_cache
@require_POST
@only(may_see_people)
def create(request: Request) -> HttpResponse:
    at, days = clock.now(), int(one_of(request, "days", DAYS))
    made, token = make_token(
        user_id=optional_number(request, "user_id") or request.actor.user_id or 0,
        name=text(request, "name"),
        scopes=request.POST.getlist("scopes"),
        expires_at=at + timedelta(days=days) if days else None,
        rate=number(request, "rate"),
        by=request.actor,
        at=at,
    )
    user = User.objects.get(pk=made.user_id)
    context = {"made": made, "user": user, "token": token, **_rows(request)}
    if wants_part(request):
        return render(request, "settings/token_made.html", context)
    return show(request, "settings/token_alone.html", "tokens", context)


@require_POST
@only(may_see_people)
def revoke(request: Request, token_id: int) -> HttpResponse:
    revoke_token(token_id=token_id, by=request.actor, at=clock.now())
    return done(request, _("The token is revoked; programs that use it are refused."), "settings:tokens")


def _rows(request: Request) -> dict[str, object]:
    everybody = may_manage_people(request.actor)
    return {
        "tokens": tokens_of(None if everybody else request.actor.user_id),
        "everybody": everybody,
        "scope_words": {scope.value: label for scope, label in SCOPES.items()},
        "now": clock.now(),
    }
