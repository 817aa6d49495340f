"""Telling open screens of the desk that something changed there which is none of the ledger's business."""

import json

from django.db import connection

CHANNEL = "steward_stir"
LONGEST_NAME, WRITES_FOR = 60, 30.0


def tell_writing(*, ticket_id: int, queue_id: int, name: str, writes: bool, where: str) -> None:
    """Tell those who are at a ticket that its requester has begun to write somewhere else, or stopped; `where` names that place.

    It is said as a page of the requester's would say it, and forgotten as soon.
    """
    seen = [ticket_id, queue_id, 0, name[:LONGEST_NAME], "reply" if writes else "left", where, WRITES_FOR]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"here": [seen]}, ensure_ascii=False)])


def stir(*topics: str, queue_id: int, user_id: int | None = None) -> None:
    """Wake the screens that show these topics once the running transaction commits; nothing is kept.

    Only people who see the queue hear of it, or of them only the one named. Requesters never do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"stir": topics, "queue": queue_id, "user": user_id})])
