"""Who is on duty or on call at an instant, and who is next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from steward.core.rows import first_row, rows
from steward.roster.models import Break, Shift, ShiftKind


def on_duty(at: datetime, *, team_id: int | None = None) -> set[int]:
    """Give the ids of the users on duty at an instant, for a team or for any; deactivated users never are."""
    return _present(at, ShiftKind.DUTY, team_id)


def on_call(at: datetime, *, team_id: int | None = None) -> set[int]:
    """Give the ids of the users on call at an instant, for a team or for any; deactivated users never are."""
    return _present(at, ShiftKind.ON_CALL, team_id)


def is_on_duty(user_id: int, at: datetime) -> bool:
    """Tell whether a user is on duty at an instant, for whatever team; deactivated users never are."""
    running = Shift.objects.running(at).filter(kind=ShiftKind.DUTY, user_id=user_id, user__is_active=True)
    return bool(running.exists())


# Whoever has no shift this near is not on the roster at all, and is never off it.
ON_THE_ROSTER = timedelta(days=14)


def off_shift(user_ids: Collection[int], at: datetime) -> set[int]:
    """Give those of the users who work shifts and are on none at an instant; leads and admins without shifts are not among them."""
    if not user_ids:
        return set()
    duty = Shift.objects.live().filter(kind=ShiftKind.DUTY, user_id__in=user_ids)
    near = duty.overlapping(at - ON_THE_ROSTER, at + ON_THE_ROSTER).values_list("user_id", "starts_at", "ends_at")
    planned, present = set(), set()
    for user_id, starts_at, ends_at in near:
        planned.add(user_id)
        if starts_at <= at < ends_at:
            present.add(user_id)
    return planned - present


def next_duty(at: datetime, *, team_id: int | None = None) -> datetime | None:
    """Say when somebody is on duty next: `at` itself while somebody is, None when nobody is planned."""
    duty = Shift.objects.live().filter(kind=ShiftKind.DUTY, ends_at__gt=at, user__is_active=True).for_team(team_id)
    starts: datetime | None = duty.aggregate(first=Min("starts_at"))["first"]
    return max(starts, at) if starts is not None else None


def shift_of(user_id: int, at: datetime, *, kind: ShiftKind = ShiftKind.DUTY) -> Shift | None:
    """Give the shift a user is on at an instant, or None."""
    shift: Shift | None = Shift.objects.running(at).filter(user_id=user_id, kind=kind).first()
    return shift


_NOW_OR_NEXT = """
SELECT starts_at, ends_at FROM roster_shift
 WHERE user_id = %s AND kind = %s AND cancelled_at IS NULL AND ends_at > %s AND starts_at < %s ORDER BY starts_at, id LIMIT 1
"""


def duty_now_or_next(user_id: int, at: datetime, *, until: datetime) -> tuple[datetime, datetime] | None:
    """Give from when to when a user's present duty runs, or else the next one that starts before an instant."""
    found = first_row(_NOW_OR_NEXT, [user_id, ShiftKind.DUTY.value, at, until])
    return (found[0], found[1]) if found else None


def next_shift_start(user_id: int, at: datetime, *, kind: ShiftKind = ShiftKind.DUTY) -> datetime | None:
    """Say when a user's next shift begins, after the one they may be on; None when none is planned."""
    ahead = Shift.objects.live().filter(user_id=user_id, kind=kind, starts_at__gt=at)
    starts: datetime | None = ahead.aggregate(first=Min("starts_at"))["first"]
    return starts


def on_break(user_ids: Iterable[int]) -> set[int]:
    """Keep those of the users who are away on a break."""
    return set(Break.objects.filter(user_id__in=list(user_ids), ended_at=None).values_list("user_id", flat=True))


_PRESENCE = """
SELECT s.id, s.starts_at, s.ends_at, s.team_id, b.id, b.started_at
  FROM (SELECT id, starts_at, ends_at, team_id FROM roster_shift
         WHERE user_id = %(user)s AND kind = %(duty)s AND cancelled_at IS NULL AND ends_at > %(at)s
         ORDER BY starts_at, id LIMIT 2) s
  LEFT JOIN roster_break b ON b.user_id = %(user)s AND b.ended_at IS NULL AND s.starts_at <= %(at)s
 ORDER BY s.starts_at, s.id
"""


@dataclass(frozen=True)
class Presence:
    """How somebody stands to their shifts: the one they are on, the one after it, and since when they are on a break."""

    shift_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    team_id: int | None = None
    next_at: datetime | None = None
    away_since: datetime | None = None

    @property
    def is_on_duty(self) -> bool:
        """Tell whether they are on shift now, at work or on a break."""
        return self.shift_id is not None


def presence_of(user_id: int, at: datetime) -> Presence:
    """Say how somebody stands to their shifts, in one query."""
    found = rows(_PRESENCE, {"user": user_id, "duty": ShiftKind.DUTY.value, "at": at})
    if not found or found[0][1] > at:
        return Presence(next_at=found[0][1] if found else None)
    shift_id, since, until, team_id, _break, away_since = found[0]
    return Presence(shift_id, since, until, team_id, next_at=found[1][1] if len(found) > 1 else None, away_since=away_since)


def last_shift_of(user_id: int, at: datetime, *, within: timedelta) -> Shift | None:
    """Give the duty a user is on, or else the last one that ended within a time before; None without."""
    shifts = Shift.objects.live().filter(user_id=user_id, kind=ShiftKind.DUTY, starts_at__lte=at, ends_at__gt=at - within)
    shift: Shift | None = shifts.order_by("-starts_at").first()
    return shift


def shifts_between(
    start: datetime,
    end: datetime,
    *,
    team_id: int | None = None,
    user_id: int | None = None,
    cancelled: bool = False,
) -> list[Shift]:
    """Give the shifts that share a moment with `[start, end)`, with their users and teams, for the roster's screen."""
    shifts = Shift.objects.overlapping(start, end).for_team(team_id).select_related("user", "team")
    if user_id is not None:
        shifts = shifts.filter(user_id=user_id)
    if not cancelled:
        shifts = shifts.live()
    return list(shifts.order_by("starts_at", "ends_at", "id"))


def overlapping_shift(shift: Shift) -> Shift | None:
    """Give the live shift of the same user and kind that this one would overlap, the earliest, or None."""
    others = Shift.objects.live().filter(user_id=shift.user_id, kind=shift.kind).exclude(pk=shift.pk)
    found: Shift | None = others.overlapping(shift.starts_at, shift.ends_at).order_by("starts_at", "id").first()
    return found


_PRESENT = """
SELECT DISTINCT u.id FROM roster_shift s JOIN people_user u ON u.id = s.user_id
 WHERE s.cancelled_at IS NULL AND s.kind = %s AND s.starts_at <= %s AND s.ends_at > %s AND u.is_active
"""
_OF_TEAM = """
   AND (s.team_id = %s
        OR s.team_id IS NULL AND EXISTS (SELECT 1 FROM people_membership m WHERE m.team_id = %s AND m.user_id = u.id))
"""


def _present(at: datetime, kind: ShiftKind, team_id: int | None) -> set[int]:
    if team_id is None:
        return {row[0] for row in rows(_PRESENT, [kind.value, at, at])}
    return {row[0] for row in rows(_PRESENT + _OF_TEAM, [kind.value, at, at, team_id, team_id])}
