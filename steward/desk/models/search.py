"""What lists and searches read: one search row a ticket, and the counts beside the views."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from steward.desk.models.ticket import Ticket


class TicketSearch(models.Model):
    """What a ticket says and is, as words of one index: `q/7` is its queue, `s/open` its state, `t/3` a label.

    So permission, operators and search are one lookup. The marks are kept by triggers, whoever changes the ticket.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, primary_key=True, related_name="+")
    document = SearchVectorField()
    marks = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["document"], name="desk_search_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"words of {self.ticket_id}"


class TicketCount(models.Model):
    """A change to the number of tickets per queue, state, owner and whether snoozed, written by a trigger; the sum is the count.

    Rows are added, never updated, so that two agents working one queue do not wait for each other;
    a job folds them together.
    """

    queue_id = models.BigIntegerField()
    state = models.TextField()
    assignee_id = models.BigIntegerField(null=True)
    asleep = models.BooleanField(default=False, db_default=False)
    n = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["queue_id", "state", "assignee_id"], name="desk_ticketcount_key")]

    def __str__(self) -> str:
        return f"{self.n:+d} {self.state} in {self.queue_id}"
