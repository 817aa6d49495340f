"""Telling users what happened, and keeping what they have seen."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.facts import NoticeGiven, NoticePreferenceChanged, NoticesRead
from steward.people.models import Notice, NoticePreference, User
from steward.people.permissions import require
from steward.people.queries.notices import wants_notice

_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}")


def notify(
    *,
    user_ids: Iterable[int],
    kind: str,
    ticket_id: int | None = None,
    queue_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> list[Notice]:
    """Tell users something, each once; those who are inactive or turned this kind off are left out.

    The caller has chosen the users, and only such as may see the queue. A notice about a ticket names
    its queue, by which reading it is filtered. `data` holds ids and small values, never personal text.
    """
    if ticket_id is not None and queue_id is None:
        raise ValueError("a notice about a ticket names the queue it stands in")
    _require_kind(kind)
    with transaction.atomic():
        active = set(User.objects.active().filter(id__in=(wanted := wants_notice(user_ids, kind))).values_list("id", flat=True))
        notices = Notice.objects.bulk_create(
            Notice(
                user_id=user_id,
                kind=kind,
                ticket_id=ticket_id,
                queue_id=queue_id,
                data=dict(data or {}),
                created_at=at,
            )
            # In id order, as their streams are locked one after the other.
            for user_id in sorted(wanted)
            if user_id in active
        )
        record(*(_given(notice) for notice in notices), by=by, at=at)
    return notices


def move_notices(*, ticket_id: int, queue_id: int) -> int:
    """Let the notices about a ticket follow it into another queue, so that only those who may see that one read them.

    To be called in the transaction that moves the ticket, whose fact tells of it.
    """
    return Notice.objects.filter(ticket_id=ticket_id).exclude(queue_id=queue_id).update(queue_id=queue_id)


def mark_notices_read(*, up_to_id: int, by: Actor, at: datetime) -> int:
    """Keep that the actor has seen their notices up to this one; gives how many were new to them."""
    user_id = _user_id(by)
    with transaction.atomic():
        unread = Notice.objects.filter(user_id=user_id, id__lte=up_to_id, read_at=None)
        ids = list(unread.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
        if ids:
            Notice.objects.filter(id__in=ids).update(read_at=at)
            record(
                NoticesRead(user_id=user_id, count=len(ids), last_notice_id=ids[-1]),
                by=by,
                at=at,
            )
    return len(ids)


def set_notice_preference(*, kind: str, on_screen: bool, by: Actor, at: datetime) -> NoticePreference:
    """Turn notices of a kind on or off for the actor."""
    user_id = _user_id(by)
    _require_kind(kind)
    with transaction.atomic():
        preference, is_new = NoticePreference.objects.select_for_update(no_key=True).get_or_create(
            user_id=user_id, kind=kind, defaults={"on_screen": on_screen}
        )
        old = True if is_new else preference.on_screen
        if preference.on_screen != on_screen:
            preference.on_screen = on_screen
            preference.save(update_fields=["on_screen"])
        if old != on_screen:
            record(
                NoticePreferenceChanged(user_id=user_id, notice_kind=kind, changes={"on_screen": (old, on_screen)}),
                by=by,
                at=at,
            )
    return preference


def _user_id(by: Actor) -> int:
    require(by.user_id is not None)
    return by.user_id or 0


def _require_kind(kind: str) -> None:
    if not _KIND.fullmatch(kind):
        raise Invalid(_("There is no such kind of notice."), field="kind")


def _given(notice: Notice) -> NoticeGiven:
    return NoticeGiven(
        user_id=notice.user_id,
        notice_id=notice.pk,
        notice_kind=notice.kind,
        ticket_id=notice.ticket_id,
        queue_id=notice.queue_id,
    )
