"""Keeping the job table in order: jobs of killed workers run again, finished ones are forgotten in time."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status

STALLED_AFTER = 20.0
# A failed job stays long enough to be looked at after a holiday.
KEEP_DONE_HOURS, KEEP_FAILED_HOURS = 24, 24 * 30


@app.periodic(cron="* * * * * */15")
@app.task(name="core.retry_stalled", queueing_lock="core.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- the instant it was planned for
    """Queue again what a worker was doing when it died; each job must bear to run twice."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        try:
            await jobs.retry_job(job)
        except ConnectorException:
            # One like it waits already, and only one may: that one does the work.
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)


@app.periodic(cron="17 * * * *")
@app.task(name="core.forget_finished", queueing_lock="core.forget_finished", pass_context=True)
async def forget_finished(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- the instant it was planned for
    """Delete jobs that succeeded a day ago, and those that failed a month ago."""
    jobs = context.app.job_manager
    await jobs.delete_old_jobs(nb_hours=KEEP_DONE_HOURS)
    await jobs.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)
