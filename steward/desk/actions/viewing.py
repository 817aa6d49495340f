"""Looking at covered files: asked for, counted while in sight, and covered again; each look leaves its trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import NotAllowed, NotFound
from steward.desk.facts.care import MediaViewed, MediaViewEnded
from steward.desk.models import Attachment, Exposure, MediaView
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.care import care_limits, counts_since
from steward.desk.rules.care import VIEW_ENDS_AFTER, Limits, Looked, Verdict, after_beat, looked_for, verdict_on
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require


class ExposureLimit(NotAllowed):
    """Somebody has looked at covered media for as long as is good in one shift."""

    code = "exposure_limit"


@dataclass(frozen=True)
class Counted:
    """Where somebody stands after a beat: what they are told, and the seconds behind it."""

    verdict: Verdict
    seconds: int
    limit: int


def view_files(*, attachment_ids: Sequence[int], how: str = MediaView.How.SHOWN, by: Actor, at: datetime) -> list[MediaView]:
    """Show covered files to somebody who asks for them, and keep who, which, when; give one view a file, in their order.

    Raises `NotFound` for a file out of sight and `ExposureLimit` once the limit of this shift or day is reached.
    """
    require(by.user_id is not None)
    with transaction.atomic():
        files = _in_sight(attachment_ids, by)
        exposure, limits = _locked_exposure(by, at), care_limits()
        looked = _counted(exposure, limits, at) if how == MediaView.How.SHOWN else _looked(exposure)
        if verdict_on(looked, limits) == Verdict.STOP:
            raise _limit(limits, looked)
        if how == MediaView.How.SHOWN:
            _keep(exposure, looked, at)
        over = None if how == MediaView.How.SHOWN else at
        views = MediaView.objects.bulk_create(
            MediaView(
                user_id=by.user_id or 0,
                attachment=file,
                ticket_id=file.message.ticket_id,
                how=how,
                opened_at=at,
                last_beat_at=at,
                ended_at=over,
            )
            for file in files
        )
        record(*(_viewed(view) for view in sorted(views, key=lambda view: view.attachment_id)), by=by, at=at)
        return views


def beat(*, view_ids: Sequence[int], by: Actor, at: datetime) -> Counted:
    """Count that somebody still has files in sight; views that are over or another's are passed over."""
    with transaction.atomic():
        exposure, limits = _locked_exposure(by, at), care_limits()
        views = _open(view_ids, by)
        if not views:
            return _told(_looked(exposure), limits)
        looked = _counted(exposure, limits, at)
        _keep(exposure, looked, at)
        _lengthen(views, at)
        return _told(looked, limits)


def cover_again(*, view_ids: Sequence[int], by: Actor, at: datetime) -> Counted:
    """Cover files that somebody has looked at, and keep how long they were in sight; what is covered already stays so."""
    with transaction.atomic():
        exposure, limits = _locked_exposure(by, at), care_limits()
        views = _open(view_ids, by)
        looked = _counted(exposure, limits, at) if views else _looked(exposure)
        if views:
            _keep(exposure, looked, at)
            _lengthen(views, at)
            _end(views, by=by, at=at)
        return _told(looked, limits)


def end_left_views(*, by: Actor, at: datetime, most: int = 500) -> int:
    """End the views whose page went away without a word; they lasted as long as the page last told."""
    with transaction.atomic():
        left = MediaView.objects.filter(ended_at=None, last_beat_at__lt=at - VIEW_ENDS_AFTER)
        views = list(left.select_for_update(skip_locked=True).order_by("attachment_id", "id")[:most])
        for view in views:
            _end([view], by=by, at=at, ended_at=view.last_beat_at)
        return len(views)


def _in_sight(attachment_ids: Sequence[int], by: Actor) -> list[Attachment]:
    wanted = list(dict.fromkeys(attachment_ids))
    seen = Attachment.objects.filter(
        pk__in=wanted, erased_at=None, message__ticket__queue_id__in=visible_queue_ids(by)
    ).select_related("message")
    found = {file.pk: file for file in seen}
    if not wanted or len(found) != len(wanted):
        raise NotFound(_("There is no such file, or you may not see it."), hint=_("Ask whoever sent you here."))
    return [found[pk] for pk in wanted]


def _locked_exposure(by: Actor, at: datetime) -> Exposure:
    exposure, _is_new = Exposure.objects.select_for_update().get_or_create(user_id=by.user_id or 0, since=counts_since(by, at))
    return exposure


def _looked(exposure: Exposure) -> Looked:
    return Looked(exposure.seconds, exposure.stretch, exposure.allowed)


def _counted(exposure: Exposure, limits: Limits, at: datetime) -> Looked:
    return after_beat(_looked(exposure), last_beat_at=exposure.last_beat_at, at=at, limits=limits)


def _keep(exposure: Exposure, looked: Looked, at: datetime) -> None:
    exposure.seconds, exposure.stretch, exposure.last_beat_at = looked.seconds, looked.stretch, at
    exposure.save(update_fields=["seconds", "stretch", "last_beat_at"])


def _open(view_ids: Sequence[int], by: Actor) -> list[MediaView]:
    own = MediaView.objects.filter(pk__in=list(view_ids), user_id=by.user_id or 0, ended_at=None)
    # By file, as their streams are locked one after the other.
    return list(own.select_for_update().order_by("attachment_id", "id"))


def _lengthen(views: list[MediaView], at: datetime) -> None:
    for view in views:
        view.seconds += looked_for(view.last_beat_at, at)
        view.last_beat_at = max(at, view.last_beat_at)
    MediaView.objects.bulk_update(views, ["seconds", "last_beat_at"])


def _end(views: list[MediaView], *, by: Actor, at: datetime, ended_at: datetime | None = None) -> None:
    for view in views:
        view.ended_at = max(ended_at or at, view.opened_at)
    MediaView.objects.bulk_update(views, ["ended_at"])
    record(
        *(MediaViewEnded(attachment_id=view.attachment_id, view_id=view.pk, seconds=view.seconds) for view in views), by=by, at=at
    )


def _viewed(view: MediaView) -> MediaViewed:
    return MediaViewed(attachment_id=view.attachment_id, ticket_id=view.ticket_id, view_id=view.pk, how=view.how)


def _told(looked: Looked, limits: Limits) -> Counted:
    return Counted(verdict_on(looked, limits), looked.seconds, int(limits.limit.total_seconds()) + looked.allowed)


def _limit(limits: Limits, looked: Looked) -> ExposureLimit:
    minutes = round((limits.limit.total_seconds() + looked.allowed) / 60)
    return ExposureLimit(
        _("You have looked at harmful content for %(minutes)s minutes in this shift. That is enough.") % {"minutes": minutes},
        hint=_("Take a break. If it must go on, a lead can let you, with a reason."),
    )
