"""Writing saved replies: a name, for whom, and a text in one or more languages."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.text import clean
from steward.desk.actions.filling import check_variables
from steward.desk.actions.sharing import About, lock_kept, save_kept, told_of, values_of
from steward.desk.facts.shared import SavedReplyChanged, SavedReplyCreated, SavedReplyRewritten
from steward.desk.models import SavedReply, SavedReplyText
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.rules import is_language

LONGEST_TEXT = 20_000
MOST_LANGUAGES = 30


def create_saved_reply(*, about: About, texts: Mapping[str, str], by: Actor, at: datetime) -> SavedReply:
    """Make a saved reply; `texts` holds a text by language, the empty language for every other.

    Raises `Invalid` for an unknown variable or no text at all, `Conflict` for a name in use.
    """
    values = about.read(by)
    wanted = _read(texts)
    with transaction.atomic():
        row = SavedReply(**values, created_at=at)
        save_kept(row)
        record(SavedReplyCreated(saved_reply_id=row.pk, changes=told_of(row)), by=by, at=at)
        _write(row, wanted, by=by, at=at)
        return row


def change_saved_reply(*, saved_reply_id: int, about: About, texts: Mapping[str, str], by: Actor, at: datetime) -> SavedReply:
    """Change a saved reply as a whole; texts that were sent already stay as they were sent."""
    values = about.read(by)
    wanted = _read(texts)
    with transaction.atomic():
        row = lock_kept(SavedReply, saved_reply_id, by)
        before = values_of(row)
        for name, value in values.items():
            setattr(row, name, value)
        save_kept(row)
        if changes := told_of(row, before=before):
            record(SavedReplyChanged(saved_reply_id=row.pk, changes=changes), by=by, at=at)
        _write(row, wanted, by=by, at=at)
        return row


def put_away_saved_reply(*, saved_reply_id: int, is_active: bool, by: Actor, at: datetime) -> SavedReply:
    """Put a saved reply away, or take it into use again."""
    with transaction.atomic():
        row = lock_kept(SavedReply, saved_reply_id, by)
        if row.is_active != is_active:
            before = values_of(row)
            row.is_active = is_active
            save_kept(row)
            record(SavedReplyChanged(saved_reply_id=row.pk, changes=told_of(row, before=before)), by=by, at=at)
        return row


def _read(texts: Mapping[str, str]) -> dict[str, str]:
    read: dict[str, str] = {}
    for language, text in texts.items():
        tag = language.strip().lower()
        if tag and not is_language(tag):
            raise Invalid(
                _("“%(tag)s” is not a language.") % {"tag": tag[:20]}, field="language", hint=_("Write it as en, fr or zh-hans.")
            )
        body = clean(text, max_length=LONGEST_TEXT, field="body", required=False)
        if not body:
            continue
        if tag in read:
            raise Invalid(_("There are two texts in one language."), field="language", hint=_("Put them together."))
        check_variables(body, field="body")
        read[tag] = body
    if not read:
        raise Invalid(_("There is no text."), field="body", hint=_("Write something first."))
    if len(read) > MOST_LANGUAGES:
        raise Invalid(_("That is more than %(most)s languages.") % {"most": MOST_LANGUAGES}, field="language")
    return read


def _write(row: SavedReply, wanted: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    current = {text.language: text for text in SavedReplyText.objects.filter(reply=row, retired_at=None)}
    for language in sorted({*current, *wanted}):
        old, body = current.get(language), wanted.get(language, "")
        if old is not None and old.body == body:
            continue
        if old is not None:
            SavedReplyText.objects.filter(pk=old.pk).update(retired_at=at)
        new = SavedReplyText.objects.create(reply=row, language=language, body=body, written_at=at) if body else None
        record(
            SavedReplyRewritten(
                saved_reply_id=row.pk,
                text_language=language,
                old_text_id=old.pk if old else None,
                new_text_id=new.pk if new else None,
            ),
            by=by,
            at=at,
        )
