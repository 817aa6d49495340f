"""White space 14: of a flagged ticket nothing written stands where nobody asked for it."""

import pytest

from steward.channels.actions.delivering import send_off
from steward.channels.actions.mailing import mail_notice
from steward.desk.actions.caring import flag_ticket
from steward.desk.actions.replies import reply
from steward.desk.actions.settings import change_queue
from steward.desk.queries.passing import last_answers, refs
from tests.cast import SETUP

WORD = "zyxwvunique"


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.BASE_URL = "https://desk.example"


def answered(cast, how):
    """Answer a ticket of words that must not show, and make it one that asks for care."""
    ticket = cast.ticket(f"I saw {WORD}", queue=cast.restricted if how == "restricted" else cast.support)
    message = reply(ticket_id=ticket.pk, body=f"About {WORD}", by=cast.actor(cast.lin), at=cast.at)
    if how == "careful":
        change_queue(queue_id=cast.support.pk, values={"care": "requesters"}, by=SETUP, at=cast.at)
    if how == "flagged":
        flag_ticket(ticket_id=ticket.pk, harm="violence", by=cast.actor(cast.lin), at=cast.at)
    return ticket, message


@pytest.mark.parametrize("how", ["plain", "restricted", "careful", "flagged"])
def test_mails_references_and_answers_in_passing_keep_its_words_back(cast, mailoutbox, how):
    ticket, message = answered(cast, how)
    mail_notice(delivery_id=send_off(message_id=message.pk, at=cast.at).pk)
    queue_ids = [cast.support.pk, cast.restricted.pk]
    shown = (
        mailoutbox[0].body,
        refs([ticket.pk], queue_ids=queue_ids)[0].subject,
        " ".join(one.body for one in last_answers(cast.ravi.pk, queue_ids=queue_ids)),
    )
    assert [WORD in text for text in shown] == [how == "plain"] * 3
    assert f"#{ticket.pk}" in mailoutbox[0].body
