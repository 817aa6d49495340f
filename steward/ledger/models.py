"""The tables of the ledger."""

from typing import Any, ClassVar

from django.db import models

from steward.core.facts import Fact, fact_class


class Stream(models.Model):
    """One subject's sequence of events; its row is the lock that keeps them in order."""

    name = models.TextField(primary_key=True)
    last_seq = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """A fact as it was recorded. Append-only: the database refuses UPDATE, DELETE and TRUNCATE.

    `occurred_at` is when it happened (in the past for imports), `recorded_at` when it was written;
    `id` gives the one order that subscribers follow, `seq` the order within the stream.
    """

    id = models.BigIntegerField(primary_key=True)
    stream = models.TextField()
    seq = models.BigIntegerField()
    kind = models.TextField()
    payload = models.JSONField()
    actor_kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    cause = models.TextField(default="")
    request_id = models.TextField(default="")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "seq"], name="ledger_event_stream_order"),
            models.CheckConstraint(condition=~models.Q(actor_kind=""), name="ledger_event_has_an_actor"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "occurred_at"], name="ledger_event_kind_time")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"

    @property
    def fact(self) -> Fact | None:
        """Give the event as its fact, or None for a kind this version does not know."""
        known = fact_class(self.kind)
        return known.load(self.payload) if known else None

    @property
    def subject_id(self) -> int:
        """Give the id in the stream's name, such as 7 for `ticket:7`."""
        return int(self.stream.rpartition(":")[2])


class Subscription(models.Model):
    """How far a subscriber has followed the ledger; it moves in the transaction of its effect."""

    name = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class ParkedStream(models.Model):
    """A stream one subscriber could not go on with: its events wait from `event_id` on, all others flow."""

    subscriber = models.TextField()
    stream = models.TextField()
    event_id = models.BigIntegerField()
    error = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    parked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber", "stream"], name="ledger_parkedstream_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} cannot pass {self.stream} at {self.event_id}"

    def as_dict(self) -> dict[str, Any]:
        """Give the row as JSON-ready values, for the operator."""
        return {
            "subscriber": self.subscriber,
            "stream": self.stream,
            "event_id": self.event_id,
            "error": self.error,
            "tries": self.tries,
        }
