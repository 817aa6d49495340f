"""The desk's periodic jobs; each is one call."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from steward.core import clock
from steward.desk.actions.assignment import route_waiting
from steward.desk.actions.automations.sweeping import sweep_automations
from steward.desk.actions.bulk_running import take_up_lost_runs, work_off
from steward.desk.actions.erasing import erase_bytes
from steward.desk.actions.handling import close_left_handling
from steward.desk.actions.releasing import release_due, release_reply
from steward.desk.actions.telling import tell_of_due_follow_ups
from steward.desk.actions.timing import fold_counts, sweep_timers
from steward.desk.actions.viewing import end_left_views
from steward.people.actor import system


@app.periodic(cron="* * * * * */20")
@app.task(name="desk.sweep_timers", queueing_lock="desk.sweep_timers", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Let due timers go off, hand out what waits, remind of promised follow-ups, take up lost runs, close what was left open."""
    release_due(at=clock.now())
    sweep_timers(at=clock.now())
    route_waiting(at=clock.now())
    tell_of_due_follow_ups(at=clock.now())
    take_up_lost_runs(at=clock.now())
    close_left_handling(at=clock.now())


@app.task(name="desk.release_reply", pass_context=False)
def release(held_id: int) -> None:
    """Say a held reply when its time has come; the sweep does it should this job be lost."""
    release_reply(held_id=held_id, at=clock.now())


@app.task(name="desk.run_bulk", pass_context=False)
def run_bulk(bulk_id: int) -> None:
    """Go on with a bulk run; the sweep takes it up should this job be lost."""
    work_off(bulk_id=bulk_id, now=clock.now, in_background=True)


@app.task(name="desk.erase_bytes", retry=RetryStrategy(max_attempts=12, wait=300), pass_context=False)
def erase_file(sha256: str) -> None:
    """Remove the bytes of an erased file; later, where they were stored a moment ago."""
    if not erase_bytes(sha256=sha256, at=clock.now()):
        raise RuntimeError("these bytes were stored minutes ago and may be about to be sent")


@app.periodic(cron="* * * * *")
@app.task(name="desk.end_left_views", queueing_lock="desk.end_left_views", pass_context=False)
def end_views(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """End the views of covered files whose page is gone."""
    end_left_views(by=system("desk.views"), at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="desk.fold_counts", queueing_lock="desk.fold_counts", pass_context=False)
def fold(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Fold the counting table."""
    fold_counts()


@app.periodic(cron="* * * * *")
@app.task(name="desk.sweep_automations", queueing_lock="desk.sweep_automations", pass_context=False)
def sweep_rules(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Let automations act on what has been so for long enough."""
    sweep_automations(at=clock.now())
