"""The jobs of channels; each is one call."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from steward.channels.actions import (
    aside_mail,
    catching_up,
    delivering,
    hearing,
    mailing,
    outbox,
    taking_in,
    webhook_sending,
    widget_opening,
    writing,
)
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


@app.task(name="channels.mail_participant", retry=_RETRY)
def mail_participant(conversation_id: int, message_id: int) -> None:
    """Mail somebody who takes part in a ticket that there is an answer."""
    mailing.mail_participant(conversation_id=conversation_id, message_id=message_id)


@app.task(name="channels.mail_aside", retry=_RETRY)
def mail_aside(message_id: int) -> None:
    """Mail a third party what they are asked."""
    aside_mail.mail_aside(message_id=message_id)


@app.task(name="channels.hear", retry=_RETRY)
def hear(channel_id: int) -> None:
    """Take in what waits on a channel."""
    hearing.hear(channel_id=channel_id, now=clock.now)


@app.task(name="channels.send", retry=_RETRY)
def send(channel_id: int) -> None:
    """Carry what is in line for a channel."""
    outbox.send(channel_id=channel_id, now=clock.now)


@app.task(name="channels.wake", retry=_RETRY)
def wake(channel_id: int, *, sends: bool) -> None:
    """Have a channel that waited for its time go on."""
    catching_up.wake(channel_id=channel_id, sends=sends)


@app.task(name="channels.type")
def type_along(thread_id: int) -> None:
    """Show in a chat that the desk writes; tried once, since a moment later it is no longer so."""
    writing.type_along(thread_id=thread_id)


@app.task(name="channels.catch_up", queueing_lock="channels.catch_up", retry=_RETRY)
def catch_up(channel_id: int) -> None:
    """Take from a vendor what it holds and did not bring."""
    catching_up.catch_up(channel_id=channel_id, at=clock.now())


@app.task(name="channels.send_webhooks")
def send_webhooks(webhook_id: int) -> None:
    """Tell a webhook what is due; what it does not take waits for the sweep."""
    webhook_sending.send_due(webhook_id=webhook_id, now=clock.now)


@app.periodic(cron="* * * * *")
@app.task(name="channels.sweep", queueing_lock="channels.sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Take in what a crash left behind, and tell those who are not looking."""
    taking_in.take_in_left_behind(at=clock.now())
    catching_up.stir(at=clock.now())
    mailing.plan_mails(at=clock.now())
    widget_opening.forget_spent_tokens(at=clock.now())
    webhook_sending.sweep_webhooks(at=clock.now())
