"""What the worker does for people: mails about accounts, and the sum of what happened off shift."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from steward.core import clock
from steward.people.actions import erasing, mailing, notices, tokens

_RETRY = RetryStrategy(max_attempts=6, exponential_wait=5)


@app.task(name="people.mail_invitation", retry=_RETRY)
def mail_invitation(invitation_id: int) -> None:
    """Send an invitation's link."""
    mailing.mail_invitation(invitation_id=invitation_id, at=clock.now())


@app.task(name="people.mail_password_link", retry=_RETRY)
def mail_password_link(password_link_id: int) -> None:
    """Send a password link."""
    mailing.mail_password_link(password_link_id=password_link_id, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="people.sum_up", queueing_lock="people.sum_up", pass_context=False)
def sum_up(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Tell those whose shift has begun what happened while they were off."""
    notices.sum_up(at=clock.now())


@app.task(name="people.carry_on_erasures", queueing_lock="people.carry_on_erasures")
def carry_on_erasures() -> None:
    """Go on erasing where somebody is to be erased."""
    erasing.carry_on_all(at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="people.sweep_erasures", queueing_lock="people.sweep_erasures", pass_context=False)
def sweep_erasures(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Take up erasures that a crash cut short."""
    erasing.carry_on_all(at=clock.now())


@app.periodic(cron="23 * * * *")
@app.task(name="people.forget_answers", queueing_lock="people.forget_answers", pass_context=False)
def forget_answers(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Forget the answers of the API that were kept for a day."""
    tokens.forget_answers(at=clock.now())
