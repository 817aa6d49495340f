"""Telling users what happened, and keeping what they have seen."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.ledger.actions.recording import record
from steward.people.absence import off_shift
from steward.people.actor import Actor, system
from steward.people.facts import Changes, NoticeGiven, NoticePreferenceChanged, NoticesRead
from steward.people.models import Notice, NoticePreference, User
from steward.people.notice_kinds import notice_kind
from steward.people.permissions import require
from steward.people.queries.notices import open_batches, rules_for
from steward.people.rules import NoticeRule, Telling, Told, telling

_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}")
SUMMARY = "while_off"


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
    """Tell users something, each once and as their rules want it; those who are inactive or want none are left out.

    The caller has chosen the users, and only such as may see the queue. A notice about a ticket names its queue, by
    which reading it is filtered. `data` holds ids and small values, never personal text. What follows within minutes of
    an unread one of the same kind joins its batch; what comes off shift is kept quietly for the next shift.
    """
    if ticket_id is not None and queue_id is None:
        raise ValueError("a notice about a ticket names the queue it stands in")
    _require_kind(kind)
    with transaction.atomic():
        tellings = _tellings(user_ids, kind, queue_id=queue_id, at=at)
        kept = [user_id for user_id, how in tellings.items() if how == Telling.KEPT]
        heads = open_batches([user_id for user_id in tellings if user_id not in kept], kind, quiet=False, at=at)
        if kept:
            heads |= open_batches(kept, kind, quiet=True, at=at)
        notices = Notice.objects.bulk_create(
            Notice(
                user_id=user_id,
                kind=kind,
                ticket_id=ticket_id,
                queue_id=queue_id,
                data=dict(data or {}),
                first_id=heads.get(user_id),
                # A batch is heard once, when it begins.
                loud=how == Telling.LOUD and user_id not in heads,
                quiet=how == Telling.KEPT,
                created_at=at,
            )
            for user_id, how in tellings.items()
        )
        record(*(_given(notice, tellings[notice.user_id]) for notice in notices), by=by, at=at)
    return notices


def _tellings(user_ids: Iterable[int], kind: str, *, queue_id: int | None, at: datetime) -> dict[int, Telling]:
    # In id order, as their streams are locked one after the other.
    rules = rules_for(sorted(set(user_ids)), kind)
    if not rules:
        return {}
    active = set(User.objects.active().filter(id__in=list(rules)).values_list("id", flat=True))
    away, always = off_shift(list(active), at), notice_kind(kind).always
    told = {
        user_id: telling(rule, queue_id=queue_id, is_off_shift=user_id in away, always=always)
        for user_id, rule in rules.items()
        if user_id in active
    }
    return {user_id: how for user_id, how in told.items() if how != Telling.NOT}


def sum_up(*, at: datetime) -> int:
    """Tell everybody whose shift has begun, in one notice, of what was kept for them while they were off; give how many."""
    waiting = Notice.objects.filter(quiet=True, read_at=None, summed_at=None)
    user_ids = sorted(set(waiting.values_list("user_id", flat=True)))
    back = [user_id for user_id in user_ids if user_id not in off_shift(user_ids, at)] if user_ids else []
    return sum(_sum_up(user_id, at=at) for user_id in back)


def _sum_up(user_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        kept = list(
            Notice.objects.filter(user_id=user_id, quiet=True, read_at=None, summed_at=None)
            .select_for_update(skip_locked=True)
            .order_by("id")
            .values_list("id", "kind")
        )
        if not kept:
            return False
        Notice.objects.filter(id__in=[notice_id for notice_id, _kind in kept]).update(summed_at=at)
        # Numbers by kind alone: tickets may move out of sight before it is read.
        counts = Counter(kind for _id, kind in kept)
        notify(user_ids=[user_id], kind=SUMMARY, data={"counts": dict(counts)}, by=system("people.sum_up"), at=at)
    return True


def move_notices(*, ticket_id: int, queue_id: int) -> int:
    """Let the notices about a ticket follow it into another queue, so that only those who may see that one read them."""
    return Notice.objects.filter(ticket_id=ticket_id).exclude(queue_id=queue_id).update(queue_id=queue_id)


def mark_notices_read(*, up_to_id: int, by: Actor, at: datetime) -> int:
    """Keep that the actor has seen their notices up to this one; gives how many were new to them."""
    return _read(Notice.objects.filter(id__lte=up_to_id), by=by, at=at)


def mark_batch_read(*, batch_id: int, by: Actor, at: datetime) -> int:
    """Keep that the actor has seen one batch of theirs; gives how many of it were new to them."""
    batch = Notice.objects.filter(id=batch_id) | Notice.objects.filter(first_id=batch_id)
    return _read(batch, by=by, at=at)


def _read(notices: Any, *, by: Actor, at: datetime) -> int:
    user_id = _user_id(by)
    with transaction.atomic():
        unread = notices.filter(user_id=user_id, read_at=None)
        ids = list(unread.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
        if ids:
            Notice.objects.filter(id__in=ids).update(read_at=at)
            record(
                NoticesRead(user_id=user_id, count=len(ids), last_notice_id=ids[-1]),
                by=by,
                at=at,
            )
    return len(ids)


def set_notice_rule(
    *,
    kind: str,
    how: str,
    queue_ids: Collection[int] | None = None,
    only_on_shift: bool = True,
    by: Actor,
    at: datetime,
) -> NoticePreference:
    """Say how the actor wants notices of a kind; a kind that must reach somebody cannot be switched off."""
    user_id = _user_id(by)
    _require_kind(kind)
    if how not in set(Told):
        raise Invalid(_("That is not one of the choices."), field=kind)
    if how == Told.OFF and notice_kind(kind).always:
        raise Invalid(_("This kind of notice cannot be switched off: it would reach nobody."), field=kind)
    wanted = NoticeRule(Told(how), None if queue_ids is None else frozenset(queue_ids), only_on_shift)
    with transaction.atomic():
        usual = notice_kind(kind).rule
        row, is_new = NoticePreference.objects.select_for_update(no_key=True).get_or_create(
            user_id=user_id, kind=kind, defaults=_columns(usual)
        )
        old = usual if is_new else row.rule
        if old != wanted:
            for name, value in _columns(wanted).items():
                setattr(row, name, value)
            row.save(update_fields=list(_columns(wanted)))
            before, after = _columns(old), _columns(wanted)
            changes: Changes = {name: (_told(before[name]), _told(after[name])) for name in before if before[name] != after[name]}
            record(NoticePreferenceChanged(user_id=user_id, notice_kind=kind, changes=changes), by=by, at=at)
    return row


def _columns(rule: NoticeRule) -> dict[str, Any]:
    queues = None if rule.queue_ids is None else sorted(rule.queue_ids)
    return {"how": rule.how.value, "queue_ids": queues, "only_on_shift": rule.only_on_shift}


def _told(value: Any) -> str | bool | None:
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _user_id(by: Actor) -> int:
    require(by.user_id is not None)
    return by.user_id or 0


def _require_kind(kind: str) -> None:
    if not _KIND.fullmatch(kind):
        raise Invalid(_("There is no such kind of notice."), field="kind")


def _given(notice: Notice, how: Telling) -> NoticeGiven:
    return NoticeGiven(
        user_id=notice.user_id,
        notice_id=notice.pk,
        notice_kind=notice.kind,
        ticket_id=notice.ticket_id,
        queue_id=notice.queue_id,
        telling=how.value,
        first_id=notice.first_id,
    )
