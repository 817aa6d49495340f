"""The jobs of channels; each is one call."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from steward.channels.actions import aside_mail, delivering, mailing, taking_in
from steward.core import clock

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(name="channels.deliver", retry=_RETRY)
def deliver(delivery_id: int) -> None:
    """Carry one message to its requester."""
    delivering.deliver(delivery_id=delivery_id, at=clock.now())


@app.task(name="channels.mail_notice", retry=_RETRY)
def mail_notice(delivery_id: int) -> None:
    """Mail a requester that an answer waits."""
    mailing.mail_notice(delivery_id=delivery_id)


@app.task(name="channels.mail_aside", retry=_RETRY)
def mail_aside(message_id: int) -> None:
    """Mail a third party what they are asked."""
    aside_mail.mail_aside(message_id=message_id)


@app.periodic(cron="* * * * *")
@app.task(name="channels.sweep", queueing_lock="channels.sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Take in what a crash left behind, and tell those who are not looking."""
    taking_in.take_in_left_behind(at=clock.now())
    mailing.plan_mails(at=clock.now())
