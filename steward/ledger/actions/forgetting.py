"""Letting go of what an error said about values that are erased."""

from collections.abc import Collection

from steward.ledger.models import ParkedStream

FORGOTTEN = "∅"


def forget_errors(streams: Collection[str]) -> None:
    """Empty the errors of parked streams: a database names the values it refuses. The streams stay parked."""
    ParkedStream.objects.filter(stream__in=list(streams)).update(error=FORGOTTEN)
