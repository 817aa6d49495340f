"""What a monitor asks: is the process alive, and can it serve."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from steward.core import clock
from steward.ledger.queries import lags

# Behind by more than this, clocks and deliveries are noticeably late.
LATE_SECONDS = 120


def alive(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and is migrated; say how far the ledger's subscribers are behind."""
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        behind = max((lag.seconds for lag in lags(clock.now())), default=0.0)
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if pending:
        return JsonResponse({"status": "migrations pending", "pending": pending}, status=503)
    status = "ok" if behind < LATE_SECONDS else "subscribers late"
    return JsonResponse({"status": status, "subscriber_lag_seconds": round(behind, 1)})
