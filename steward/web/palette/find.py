"""What was typed into the palette, answered by every finder in turn; and the tickets somebody last had open."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from steward.web.shared.asking import Request, number_in
from steward.web.shared.commands import Found, finders, recent_finder

LONGEST = 200
SHORTEST = 2
MOST_RECENT = 6


@require_safe
@never_cache
@login_required
def page(request: Request) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = list(_found(request, text)) if len(text) >= SHORTEST or text.isdigit() else []
    return render(request, "palette/found.html", {"found": found, "recent": list(_recent(request)) if not text else []})


def _found(request: Request, text: str) -> Iterator[Found]:
    for find in finders().values():
        yield from find(request.actor, text)


def _recent(request: Request) -> Iterator[Found]:
    """Name the tickets the browser remembers by number; what has gone out of sight is not named."""
    wanted = [found for raw in request.GET.get("recent", "").split(",")[:MOST_RECENT] if (found := number_in(raw)) is not None]
    name = recent_finder()
    return iter(name(request.actor, wanted)) if wanted and name else iter(())
