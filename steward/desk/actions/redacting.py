"""Making parts of a picture unreadable after it came in: a copy beside it, so that the original may be erased."""

from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.desk.actions.filing import store_file
from steward.desk.actions.locking import lock_for_work, touch
from steward.desk.facts.care import FileRedacted
from steward.desk.models import Attachment
from steward.desk.rules.files import SHOWN_INLINE
from steward.ledger.actions.recording import record
from steward.people.actor import Actor


def keep_redacted(*, attachment_id: int, upload: "File[bytes]", by: Actor, at: datetime) -> Attachment:
    """Put a redacted copy of an attached picture beside it; the same copy again is the one that is there.

    Raises `NotFound` for a file out of sight or erased, `Invalid` for what is no picture.
    """
    original = Attachment.objects.filter(pk=attachment_id, erased_at=None).select_related("message").first()
    if original is None:
        raise NotFound(_("There is no such file, or you may not see it."))
    stored = store_file(upload)
    if stored.media_type not in SHOWN_INLINE:
        raise Invalid(_("A redacted copy is a picture."), field="file", hint=_("Open the picture again and redact it there."))
    with transaction.atomic():
        ticket = lock_for_work(original.message.ticket_id, by)
        known = Attachment.objects.filter(redacts=original, sha256=stored.sha256, erased_at=None).first()
        if known is not None:
            return known
        if not Attachment.objects.select_for_update().filter(pk=original.pk, erased_at=None).values_list("pk"):
            raise NotFound(_("The picture was erased meanwhile."))
        copy = Attachment.objects.create(
            message=original.message,
            name=stored.name,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            redacts=original,
            created_at=at,
        )
        touch(ticket, at)
        record(FileRedacted(ticket_id=ticket.pk, attachment_id=original.pk, copy_id=copy.pk), by=by, at=at)
        return copy
