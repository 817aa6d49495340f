"""How long tickets were open and active in somebody's hands, as stretches of time."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Value

from steward.desk.models.ticket import Ticket


class Handling(models.Model):
    """A stretch in which somebody had a ticket in hand, from the first beat of its page to the last.

    Somebody handles one ticket at a time, whatever number of tabs and devices: the database refuses an overlap.
    `touched_at` is their last key, pointer or scroll; `seconds` is what counts, the stretch unless it was corrected.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ended_at__gte=F("started_at")), name="desk_handling_ends_after_start"),
            models.UniqueConstraint(fields=["user"], condition=models.Q(closed_at=None), name="desk_handling_one_open_a_user"),
            ExclusionConstraint(
                name="desk_handling_no_overlap",
                index_type="gist",
                expressions=[
                    # A range of one number stands for equality, which GiST does not know for numbers without an extension.
                    (Func(F("user_id"), F("user_id"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("started_at"), F("ended_at"), function="tstzrange"), "&&"),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index("ticket", name="desk_handling_ticket"),
            models.Index(fields=["user", "-started_at"], name="desk_handling_of_user"),
            models.Index("started_at", name="desk_handling_started"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.ticket_id} from {self.started_at}"


class HandlingCorrection(models.Model):
    """A stretch that counts otherwise than it was measured, with the reason; the measured one stays beside it."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="corrections")
    old_seconds = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField()
    reason = models.TextField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="desk_handlingcorrection_has_a_reason"),
        ]
        indexes: ClassVar = [models.Index("handling", name="desk_correction_handling")]

    def __str__(self) -> str:
        return f"{self.handling_id}: {self.seconds} s"
