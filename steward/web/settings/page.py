"""The front page of the settings."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from steward.people.permissions import may_see_people
from steward.web.settings.answering import show
from steward.web.settings.asking import only
from steward.web.shared.asking import Request


@require_safe
@only(may_see_people)
def page(request: Request) -> HttpResponse:
    return show(request, "settings/page.html", "", {})
