import asyncio

from django.db import connection
from procrastinate.contrib.django import app

from steward.core import upkeep

STALLED = """
WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id)
INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, worker_id)
SELECT 'default', 'core.forget_finished', 'doing', %s, id FROM dead RETURNING id
"""


def put(*, silent_for: int, lock: str | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [silent_for, lock])
        return int(cursor.fetchone()[0])


def states() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def sweep(task: object) -> None:
    async def run() -> None:
        async with app.open_async():
            context = type("Context", (), {"app": app})()
            await task(context, 0)  # type: ignore[operator]

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(run())


def test_a_job_whose_worker_died_is_queued_again_and_a_running_one_is_left_alone(fresh_database: str) -> None:
    dead, alive = put(silent_for=60), put(silent_for=2)
    sweep(upkeep.retry_stalled.func)
    assert states() == {dead: "todo", alive: "doing"}


def test_a_dead_workers_job_that_already_waits_again_is_closed_and_blocks_nobody(fresh_database: str) -> None:
    blocked, other = put(silent_for=60, lock="one"), put(silent_for=60)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock)"
            " VALUES ('default', 'core.forget_finished', 'todo', 'one')"
        )
    sweep(upkeep.retry_stalled.func)
    found = states()
    assert (found[blocked], found[other]) == ("failed", "todo")


def test_finished_jobs_are_forgotten_after_their_time(fresh_database: str) -> None:
    with connection.cursor() as cursor:
        for status, hours in (("succeeded", 1), ("succeeded", 30), ("failed", 30), ("failed", 24 * 31)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'x', 'todo') RETURNING id"
            )
            job = cursor.fetchone()[0]
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job])
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(hours => %s) WHERE job_id = %s", [hours, job]
            )
    sweep(upkeep.forget_finished.func)
    assert sorted(states().values()) == ["failed", "succeeded"]
