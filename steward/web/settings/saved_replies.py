"""Saved replies: the list, and one with its texts."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.desk.actions.saved_replies import LONGEST_TEXT, change_saved_reply, create_saved_reply, put_away_saved_reply
from steward.desk.models import SavedReply, SavedReplyText
from steward.desk.permissions import may_keep
from steward.desk.queries.variables import variables
from steward.web.settings import kept_form
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, text

MOST = 500


@require_safe
@only(may_keep)
def page(request: Request) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    current = SavedReplyText.objects.filter(retired_at=None)
    rows = kept_form.all_managed(request, SavedReply).select_related("team")
    for word in words.split()[:8]:
        in_text = Exists(current.filter(reply=OuterRef("pk"), body__icontains=word))
        rows = rows.filter(Q(name__icontains=word) | Q(folder__icontains=word) | in_text)
    languages = ArrayAgg("texts__language", filter=Q(texts__retired_at=None), default=[])
    listed = rows.annotate(languages=languages).order_by("-is_active", "folder", "name", "id")[:MOST]
    return show(request, "settings/saved_replies.html", "saved_replies", {"rows": list(listed), "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_keep)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        made = create_saved_reply(about=kept_form.about(request), texts=_texts(request), by=request.actor, at=clock.now())
        return done(request, _("Saved. Write / in a reply to find it."), "settings:saved_reply", made.pk)
    row = SavedReply(scope=SavedReply.Scope.PRIVATE)
    return show(request, "settings/saved_reply.html", "saved_replies", _context(request, row))


@require_safe
@only(may_keep)
def saved_reply(request: Request, saved_reply_id: int) -> HttpResponse:
    row = kept_form.one_managed(request, SavedReply, saved_reply_id)
    return show(request, "settings/saved_reply.html", "saved_replies", _context(request, row))


@require_POST
@only(may_keep)
def update(request: Request, saved_reply_id: int) -> HttpResponse:
    change_saved_reply(
        saved_reply_id=saved_reply_id,
        about=kept_form.about(request),
        texts=_texts(request),
        by=request.actor,
        at=clock.now(),
    )
    return done(request, _("Saved."), "settings:saved_reply", saved_reply_id)


@require_POST
@only(may_keep)
def active(request: Request, saved_reply_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    put_away_saved_reply(saved_reply_id=saved_reply_id, is_active=is_active, by=request.actor, at=clock.now())
    return done(request, _("In use again.") if is_active else _("Put away."), "settings:saved_reply", saved_reply_id)


@require_safe
@only(may_keep)
def language(request: Request) -> HttpResponse:
    """One more language to write in."""
    context = {"one": ("", ""), "variables": variables(), "longest": LONGEST_TEXT, "fresh": True, "key": f"l{clock.now():%H%M%S%f}"}
    return render(request, "settings/saved_reply_text.html", context)


def _texts(request: Request) -> dict[str, str]:
    pairs = zip(request.POST.getlist("language"), request.POST.getlist("body"), strict=False)
    # The same language twice is for the action to refuse: as it was typed, each is another key.
    found: dict[str, str] = {}
    for tag, body in pairs:
        found[f"{tag} " if tag in found else tag] = body
    return found


def _context(request: Request, row: SavedReply) -> dict[str, Any]:
    texts = list(SavedReplyText.objects.filter(reply=row).order_by("language", "-id")) if row.pk else []
    current = [(one.language, one.body) for one in texts if one.retired_at is None]
    return {
        **kept_form.form(request, row),
        "texts": current if any(not tag for tag, _body in current) else [("", ""), *current],
        "earlier": [one for one in texts if one.retired_at is not None],
        "variables": variables(),
        "longest": LONGEST_TEXT,
        "history": history_of(f"saved_reply:{row.pk}") if row.pk else [],
    }
