"""Finding saved replies by name and text, each in the requester's language."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q

from steward.desk.models import SavedReply, SavedReplyText
from steward.desk.queries.sharing import usable_by
from steward.desk.queries.variables import values_for
from steward.desk.rules.languages import choose_language
from steward.desk.rules.variables import fill
from steward.people.actor import Actor

MOST = 20


@dataclass(frozen=True)
class Suggestion:
    """A saved reply ready to be inserted on a ticket: filled in, with what had no value named."""

    id: int
    name: str
    folder: str
    scope: str
    language: str
    text: str
    missing: tuple[str, ...]


def suggestions(actor: Actor, *, ticket_id: int, language: str, words: str = "", most: int = MOST) -> list[Suggestion]:
    """Give the saved replies an actor may use whose name, folder or text holds every word, the most used first."""
    texts = SavedReplyText.objects.filter(retired_at=None)
    found = usable_by(actor, SavedReply)
    for word in words.split()[:8]:
        in_text = Exists(texts.filter(reply=OuterRef("pk"), body__icontains=word))
        found = found.filter(Q(name__icontains=word) | Q(folder__icontains=word) | in_text)
    rows = list(
        found.order_by("-times_used", "name", "id").prefetch_related(Prefetch("texts", queryset=texts, to_attr="current"))[:most]
    )
    # Whoever typed the beginning of its name means that one.
    start = words.strip().lower()
    rows.sort(key=lambda row: bool(start) and not row.name.lower().startswith(start))
    values = values_for([ticket_id], by=actor)[ticket_id] if rows else {}
    return [_suggestion(row, language, values) for row in rows]


def _suggestion(row: SavedReply, language: str, values: dict[str, str]) -> Suggestion:
    texts: dict[str, str] = {text.language: text.body for text in row.current}  # type: ignore[attr-defined]
    chosen = choose_language(texts, language, settings.DESK_LANGUAGE) or ""
    filled = fill(texts.get(chosen, ""), values)
    return Suggestion(row.pk, row.name, row.folder, row.scope, chosen, filled.text, filled.missing)
