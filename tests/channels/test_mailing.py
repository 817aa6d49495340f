import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.channels.actions.delivering import deliver, mark_seen, send_off
from steward.channels.actions.mailing import mail_notice, plan_mails
from steward.channels.models import Delivery
from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import reply
from steward.ledger.models import Event
from tests.channels.people import asker


@pytest.fixture(autouse=True)
def portal(settings):
    settings.ROOT_URLCONF = "tests.web.portal.urls"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.BASE_URL = "https://desk.example"


def said(cast, ticket, body: str = "Which browser?") -> Delivery:
    message = reply(ticket_id=ticket.pk, body=body, by=cast.actor(cast.ada), at=cast.later(seconds=1))
    delivery = send_off(message_id=message.pk, at=cast.at)
    deliver(delivery_id=delivery.pk, at=cast.at)
    return Delivery.objects.get(pk=delivery.pk)


def planned() -> list[int]:
    jobs = ProcrastinateJob.objects.filter(task_name="channels.mail_notice").order_by("id")
    return [job.args["delivery_id"] for job in jobs]


def test_somebody_who_does_not_look_is_mailed_once_for_a_burst(cast):
    ticket = cast.ticket()
    said(cast, ticket)
    assert plan_mails(at=cast.later(minutes=2)) == 0
    second = said(cast, ticket, "And which version?")
    assert plan_mails(at=cast.later(minutes=4)) == 1
    assert planned() == [second.pk]
    said(cast, ticket, "One more thing")
    assert plan_mails(at=cast.later(minutes=30)) == 0
    assert Event.objects.filter(kind="channels.requester_mailed").count() == 1


def test_after_they_were_here_a_new_burst_is_mailed(cast):
    ticket = cast.ticket()
    said(cast, ticket)
    plan_mails(at=cast.later(minutes=6))
    receive_message(ticket_id=ticket.pk, body="Firefox", by=asker(cast.ravi), at=cast.later(minutes=1))
    said(cast, ticket, "Thank you, looking")
    assert plan_mails(at=cast.later(minutes=6)) == 1


def test_what_was_seen_is_not_mailed(cast, mailoutbox):
    ticket = cast.ticket()
    delivery = said(cast, ticket)
    mark_seen(ticket_id=ticket.pk, message_id=delivery.message_id, by=asker(cast.ravi), at=cast.at)
    assert plan_mails(at=cast.later(minutes=6)) == 0
    assert mail_notice(delivery_id=delivery.pk) is False
    assert mailoutbox == []


def test_the_mail_has_the_words_and_a_link(cast, mailoutbox):
    ticket = cast.ticket("Labels do not save")
    delivery = said(cast, ticket)
    assert mail_notice(delivery_id=delivery.pk) is True
    mail_notice(delivery_id=delivery.pk)
    first, again = mailoutbox
    assert first.to == [cast.ravi.email]
    assert "Which browser?" in first.body
    assert f"https://desk.example/portal/requests/{ticket.pk}/" in first.body
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]


def test_of_a_restricted_queue_the_mail_says_nothing_but_the_link(cast, mailoutbox):
    ticket = cast.ticket("Something grave", queue=cast.restricted)
    message = reply(ticket_id=ticket.pk, body="We take care", by=cast.actor(cast.lin), at=cast.at)
    delivery = send_off(message_id=message.pk, at=cast.at)
    mail_notice(delivery_id=delivery.pk)
    text = mailoutbox[0].subject + mailoutbox[0].body
    assert "grave" not in text
    assert "take care" not in text
    assert f"/portal/requests/{ticket.pk}/" in text


def test_nobody_without_an_address_is_mailed(cast):
    cast.ravi.email = None
    cast.ravi.save(update_fields=["email"])
    said(cast, cast.ticket())
    assert plan_mails(at=cast.later(minutes=6)) == 0
    assert plan_mails(at=cast.later(minutes=6)) == 0


def test_a_desk_without_mail_plans_none(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    said(cast, cast.ticket())
    assert plan_mails(at=cast.later(minutes=6)) == 0
    assert Delivery.objects.get().mailed_at is None


def test_old_answers_are_not_mailed_when_mail_is_set_up_later(cast):
    said(cast, cast.ticket())
    assert plan_mails(at=cast.later(days=3)) == 0
