"""Telling open screens of the desk that something changed there which is none of the ledger's business."""

import json

from django.db import connection

CHANNEL = "steward_stir"


def stir(*topics: str, queue_id: int, user_id: int | None = None) -> None:
    """Wake the screens that show these topics once the running transaction commits; nothing is kept.

    Only people who see the queue hear of it, or of them only the one named. Requesters never do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"stir": topics, "queue": queue_id, "user": user_id})])
